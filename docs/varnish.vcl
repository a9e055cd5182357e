# Varnish in front of newsroom-feeds: keeps every answer for a day, and drops what has changed.
# Needs varnish-modules (xkey). docs/caches.md says how to start it.
vcl 4.1;

import std;
import xkey;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
    # Shorter than the ten seconds between the two times that the newsroom purges a key. So whatever was fetched before
    # a change is stored before the second time.
    .connect_timeout = 2s;
    .first_byte_timeout = 5s;
    .between_bytes_timeout = 2s;
}

sub vcl_recv {
    if (req.method == "PURGE") {
        # Only at a socket of its own, which nobody but the newsroom reaches: a proxy in front of Varnish, for TLS, would
        # make all clients look alike. With FEEDS_PURGE_TOKEN, req.http.Authorization is "Bearer " and the token.
        if (local.socket != "purge") {
            return (synth(405, "Not allowed"));
        }
        return (synth(200, "Purged " + xkey.purge(req.http.xkey-purge)));
    }
    # Nothing in an answer depends on these.
    unset req.http.Cookie;
    unset req.http.Authorization;
    # A feed is held once. What it is called is decided when it is delivered.
    if (req.http.Sec-Fetch-Dest == "document") {
        set req.http.X-Navigation = "yes";
    } else {
        unset req.http.X-Navigation;
    }
    unset req.http.Sec-Fetch-Dest;
}

sub vcl_backend_response {
    if (beresp.http.CDN-Cache-Control ~ "max-age=[0-9]+") {
        set beresp.ttl = std.duration(regsub(beresp.http.CDN-Cache-Control, "^.*max-age=([0-9]+).*$", "\1s"), 0s);
    }
    # No old answer is given while a new one is fetched.
    set beresp.grace = 0s;
}

sub vcl_deliver {
    unset resp.http.xkey;
    unset resp.http.CDN-Cache-Control;
    # A browser that opens a feed shows it as a page; under its own type it would show the source, or save it.
    if (resp.http.Content-Type ~ "^application/(atom|rss)\+xml") {
        if (req.http.X-Navigation) {
            set resp.http.Content-Type = "application/xml; charset=utf-8";
        }
        set resp.http.Vary = "Accept-Encoding, Sec-Fetch-Dest";
    }
    # Age counts the time since the newsroom answered; max-age is that of the newsroom. So browsers ask here each time.
}
