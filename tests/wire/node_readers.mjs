// Reads feeds with the parsers of the JavaScript world: one JSON line in, one JSON line out, for as long as asked.
// In: {body, kind: "atom" | "rss" | "json", url}. Out: {parser name: [{id, title, link, published, updated}] or {error}}.
import { createInterface } from 'node:readline'

import { extractFromJson, extractFromXml } from '@extractus/feed-extractor'
import FeedParser from 'feedparser'
import { parseFeed } from 'feedsmith'
import RssParser from 'rss-parser'

const alternate = (links = []) =>
  (links.find((link) => link.rel === undefined || link.rel === 'alternate') ?? links[0] ?? {}).href
const text = (value) => {
  if (value instanceof Date) return value.toISOString()
  return value !== null && typeof value === 'object' ? (value['#text'] ?? value._ ?? value.value) : value
}

const SMITH = {
  atom: (feed) =>
    feed.entries?.map((entry) => ({ ...entry, title: text(entry.title), link: alternate(entry.links) })),
  rss: (feed) =>
    feed.items?.map((item) => ({
      id: item.guid?.value, title: text(item.title), link: item.link, published: item.pubDate, updated: item.atom?.updated,
    })),
  json: (feed) =>
    feed.items?.map((item) => ({
      id: item.id, title: item.title, link: item.url, published: item.date_published, updated: item.date_modified,
    })),
}

// The raw dates: for Atom its own `published` is the date of the last update.
const DATES = {
  atom: (item) => ({ published: text(item.published), updated: text(item.updated) }),
  rss: (item) => ({ published: text(item.pubDate), updated: text(item['atom:updated']) }),
  json: (item) => ({ published: item.date_published, updated: item.date_modified }),
}

const rss = new RssParser({ customFields: { item: ['updated', 'atom:updated'] } })

function nodeFeedparser({ body, url }) {
  return new Promise((resolve, reject) => {
    const parser = new FeedParser({ feedurl: url, addmeta: false })
    const items = []
    parser.on('error', reject)
    parser.on('data', (item) =>
      items.push({ id: item.guid, title: item.title, link: item.link, published: item.pubdate, updated: item.date }))
    parser.on('end', () => resolve(items))
    parser.end(body)
  })
}

const PARSERS = {
  feedsmith: ({ body, kind }) => SMITH[kind](parseFeed(body).feed) ?? [],
  'feed-extractor': ({ body, kind, url }) =>
    (kind === 'json' ? extractFromJson : extractFromXml)(body, { baseUrl: url, getExtraEntryFields: DATES[kind] }).entries,
  'rss-parser': async ({ body }) =>
    (await rss.parseString(body)).items.map((item) => ({
      id: item.id ?? item.guid, title: item.title, link: item.link, published: item.isoDate,
      updated: item.updated ?? item['atom:updated'],
    })),
  'node-feedparser': nodeFeedparser,
}
const JSON_TOO = new Set(['feedsmith', 'feed-extractor'])
const FIELDS = ['id', 'title', 'link', 'published', 'updated']

async function read(document) {
  const answer = {}
  for (const [name, parse] of Object.entries(PARSERS)) {
    if (document.kind === 'json' && !JSON_TOO.has(name)) continue
    try {
      const items = await parse(document)
      answer[name] = items.map((item) => Object.fromEntries(FIELDS.map((field) => [field, text(item[field]) ?? null])))
    } catch (error) {
      answer[name] = { error: String(error) }
    }
  }
  return answer
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(await read(JSON.parse(line))) + '\n')
}
