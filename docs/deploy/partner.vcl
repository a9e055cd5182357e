# A partner's Varnish that puts the newsroom's headlines into its own pages, by edge side includes.
# In a page: <esi:include src="https://news.example.org/embed/fragment/5/all.html" onerror="continue"/>
# varnishd … -p feature=+esi_ignore_https, since Varnish itself speaks no TLS.
vcl 4.1;

backend partner {
    .host = "127.0.0.1";
    .port = "8080";
}

# A program that speaks TLS to news.example.org, such as a local nginx.
backend newsroom {
    .host = "127.0.0.1";
    .port = "8081";
    .connect_timeout = 1s;
    .first_byte_timeout = 2s;
}

sub vcl_recv {
    # Only the fragments, and only for an include.
    if (req.esi_level > 0 && req.url ~ "^/([a-zA-Z-]+/)?embed/fragment/") {
        set req.backend_hint = newsroom;
        unset req.http.Cookie;
    } else {
        set req.backend_hint = partner;
    }
}

sub vcl_backend_response {
    if (beresp.http.Content-Type ~ "^text/html" && bereq.backend != newsroom) {
        set beresp.do_esi = true;
    }
}

# If the newsroom is down, the page comes without its headlines.
sub vcl_synth {
    if (req.esi_level > 0) {
        synthetic("");
        return (deliver);
    }
}

sub vcl_backend_error {
    if (bereq.backend == newsroom) {
        synthetic("");
        set beresp.ttl = 5s;
        return (deliver);
    }
}
