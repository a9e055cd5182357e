<?php
// Reads feeds with SimplePie, the parser of WordPress and FreshRSS: one JSON line in, one JSON line out, as long as asked.
// In: {body, kind: "atom" | "rss", url}. Out: {title, home, items: [{id, title, link, published, updated, enclosure}]}
// or {error}.
error_reporting(0); // Debian's version is older than its PHP
require 'simplepie/autoloader.php';

// SimplePie gives titles as HTML.
function plain($title)
{
    return $title === null ? null : html_entity_decode($title, ENT_QUOTES | ENT_HTML5, 'UTF-8');
}

// The element as it stands: the parser of dates in Debian's version does not run under its PHP.
function moment($item, $namespace, $name)
{
    $found = $item->get_item_tags($namespace, $name);
    return $found ? gmdate('Y-m-d\TH:i:s\Z', strtotime($found[0]['data'])) : null;
}

function item($item)
{
    $atom = SIMPLEPIE_NAMESPACE_ATOM_10;
    $enclosures = $item->get_item_tags('', 'enclosure');
    return [
        'id' => $item->get_id(), 'title' => plain($item->get_title()), 'link' => $item->get_permalink(),
        'published' => moment($item, '', 'pubDate') ?? moment($item, $atom, 'published'),
        'updated' => moment($item, $atom, 'updated'), 'enclosure' => $enclosures ? $enclosures[0]['attribs']['']['url'] : $item->get_link(0, 'enclosure'),
    ];
}

while (($line = fgets(STDIN)) !== false) {
    $asked = json_decode($line, true);
    $feed = new SimplePie();
    $feed->enable_cache(false);
    $feed->enable_order_by_date(false);
    $feed->set_raw_data($asked['body']);
    if ($feed->init()) {
        $answer = ['title' => plain($feed->get_title()), 'home' => $feed->get_permalink(),
            'items' => array_map('item', $feed->get_items())];
    } else {
        $answer = ['error' => $feed->error()];
    }
    echo json_encode($answer), "\n";
}
