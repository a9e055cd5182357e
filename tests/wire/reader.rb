# Reads feeds with Ruby's own parser, which also validates them: one JSON line in, one JSON line out, as long as asked.
# In: {body, kind: "atom" | "rss", url}. Out: {title, home, items: [{id, title, link, published, updated, enclosure}]}
# or {error}.
require 'json'
require 'rss'

def alternate(links) = links.find { |link| [nil, 'alternate'].include?(link.rel) }&.href

def enclosure(links) = links.find { |link| link.rel == 'enclosure' }&.href

def rss(feed)
  items = feed.items.map do |item|
    { id: item.guid&.content, title: item.title, link: item.link, published: item.pubDate&.utc&.iso8601,
      enclosure: item.enclosure&.url }
  end
  { title: feed.channel.title, home: feed.channel.link, items: items }
end

def atom(feed)
  items = feed.entries.map do |entry|
    { id: entry.id.content, title: entry.title.content, link: alternate(entry.links),
      published: entry.published&.content&.utc&.iso8601, updated: entry.updated.content.utc.iso8601,
      enclosure: enclosure(entry.links) }
  end
  { title: feed.title.content, home: alternate(feed.links), items: items }
end

$stdout.sync = true
$stdin.each_line do |line|
  asked = JSON.parse(line)
  begin
    feed = RSS::Parser.parse(asked['body'], validate: true) or raise RSS::Error, 'no feed'
    puts JSON.generate(asked['kind'] == 'rss' ? rss(feed) : atom(feed))
  rescue RSS::Error => e
    puts JSON.generate(error: e.message)
  end
end
