# Reads feeds with XML::Feed: one JSON line in, one JSON line out, as long as asked.
# In: {body, kind: "atom" | "rss", url}. Out: {title, home, items: [{id, title, link, published, updated, enclosure}]}
# or {error}.
use strict;
use warnings;
use Encode;
use JSON::PP;
use XML::Feed;

$XML::Atom::ForceUnicode = 1;
$XML::Feed::MULTIPLE_ENCLOSURES = 1;

sub moment {
    my ($value) = @_;
    return $value && $value->clone->set_time_zone('UTC')->iso8601 . 'Z';
}

sub item {
    my ($entry) = @_;
    my ($enclosure) = $entry->enclosure;
    return {
        id => $entry->id, title => $entry->title, link => $entry->link,
        published => moment($entry->issued), updated => moment($entry->modified),
        enclosure => $enclosure && $enclosure->url,
    };
}

$| = 1;
my $json = JSON::PP->new->utf8->allow_blessed->convert_blessed;
while (my $line = <STDIN>) {
    my $body = encode_utf8($json->decode($line)->{body});
    my $feed = XML::Feed->parse(\$body);
    my $answer = $feed
        ? { title => $feed->title, home => $feed->link, items => [map { item($_) } $feed->entries] }
        : { error => XML::Feed->errstr };
    print $json->encode($answer), "\n";
}
