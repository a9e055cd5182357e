# Varnish in front of two replicas: asks them in turn, and the other one if one does not answer.
vcl 4.1;

import directors;

backend replica_1 {
    .host = "replica-1";
    .port = "8000";
    .connect_timeout = 2s;
    .first_byte_timeout = 5s;
    .between_bytes_timeout = 2s;
}

backend replica_2 {
    .host = "replica-2";
    .port = "8000";
    .connect_timeout = 2s;
    .first_byte_timeout = 5s;
    .between_bytes_timeout = 2s;
}

sub vcl_init {
    new replicas = directors.round_robin();
    replicas.add_backend(replica_1);
    replicas.add_backend(replica_2);
}

# All else is as with one server.
include "/etc/varnish/newsroom.vcl";

sub vcl_backend_fetch {
    set bereq.backend = replicas.backend();
}

sub vcl_backend_error {
    if (bereq.retries < 2) {
        return (retry);
    }
}
