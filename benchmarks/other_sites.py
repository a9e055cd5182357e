"""Sites of the releases and terms of a content folder for Pelican (PyPI) and Eleventy (npm).

Both have a page for each release, lists of thirty, and the newest thirty of each term as Atom. A change of one release
takes them a whole build.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.hugo_sites import FACETS, program
from benchmarks.newsrooms import fields_of

_PELICAN = """\
SITEURL = "https://news.example.org"
SITENAME = "Generated newsroom"
AUTHOR = "Generated newsroom"
TIMEZONE = "UTC"
PATH = "content"
THEME = "simple"
DEFAULT_PAGINATION = 30
DIRECT_TEMPLATES = ["index"]
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = ""
ARTICLE_URL = ARTICLE_SAVE_AS = "releases/{date:%Y}/{slug}.html"
TAG_URL = TAG_SAVE_AS = "terms/{slug}/index.html"
FEED_MAX_ITEMS = 30
FEED_ALL_ATOM = "feeds/all.atom.xml"
TAG_FEED_ATOM = "feeds/{slug}.atom.xml"
CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
"""

_ELEVENTY = """\
import { feedPlugin } from "@11ty/eleventy-plugin-rss";

const metadata = { title: "Generated newsroom", base: "https://news.example.org/", author: { name: "Newsroom" } };
const feed = (name, tag) => ({
  type: "atom", inputPath: `feed-${name}.njk`, outputPath: `/feeds/${name}.xml`, collection: { name: tag, limit: 30 },
  metadata,
});

export default async function (eleventy) {
  const terms = __TERMS__;
  for (const term of terms)
    eleventy.addPlugin(feedPlugin, feed(term, term));
  eleventy.addPlugin(feedPlugin, feed("all", "releases"));
  eleventy.addGlobalData("layout", "release.liquid");
  eleventy.addGlobalData("terms", terms);
  eleventy.addCollection("lists", (api) => [null, ...terms].flatMap((term) => {
    const found = (term ? api.getFilteredByTag(term) : api.getFilteredByTag("releases")).toReversed();
    const pages = [];
    for (let start = 0; start < found.length; start += 30)
      pages.push({ term: term ?? "all", number: start / 30 + 1, releases: found.slice(start, start + 30) });
    return pages;
  }));
  return { dir: { input: "content", layouts: "../layouts" } };
}
"""
_RELEASE = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ title | escape }}</title></head><body><main>
<h1>{{ title | escape }}</h1><time>{{ date }}</time><p>{{ summary | escape }}</p>{{ content }}
<ul>{% for tag in tags %}<li><a href="/lists/{{ tag }}/1/">{{ tag }}</a></li>{% endfor %}</ul></main></body></html>
"""
_LISTS = """\
---
pagination: {data: collections.lists, size: 1, alias: list}
permalink: "lists/{{ list.term }}/{{ list.number }}/"
layout: false
---
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ list.term }}</title></head><body><main>
{% for each in list.releases %}<article><h2><a href="{{ each.url }}">{{ each.data.title | escape }}</a></h2>
<time>{{ each.date }}</time><p>{{ each.data.summary | escape }}</p></article>{% endfor %}</main></body></html>
"""


class Generator(NamedTuple):
    """Another program, and the command with which it builds a site."""

    name: str
    command: Sequence[str]


def generators(content: Path, folder: Path) -> list[Generator]:
    """The sites of those programs that are there, written into a folder.

    PELICAN names the program; ELEVENTY the folder in which `npm install @11ty/eleventy @11ty/eleventy-plugin-rss` ran.
    """
    found = []
    pelican, eleventy = program("pelican"), os.environ.get("ELEVENTY")
    if pelican:
        site = _pelican_site(content, folder / "pelican")
        command = [pelican, str(site / "content"), "-o", str(site / "out"), "-s", str(site / "pelicanconf.py"), "-q"]
        found.append(Generator("pelican", command))
    if eleventy:
        site = _eleventy_site(content, folder / "eleventy")
        (site / "node_modules").symlink_to(Path(eleventy) / "node_modules")
        run = f"cd {site} && exec node node_modules/@11ty/eleventy/cmd.cjs --quiet --output=out"
        found.append(Generator("eleventy", ["sh", "-c", run]))
    return found


def _pelican_site(content: Path, site: Path) -> Path:
    (site / "content").mkdir(parents=True)
    (site / "pelicanconf.py").write_text(_PELICAN, encoding="utf-8")
    for file in sorted((content / "releases").rglob("*.yaml")):
        fields = fields_of(file)
        head = {"Title": fields["title"], "Date": fields["published"].isoformat(), "Summary": fields["summary"]}
        head |= {"Tags": ", ".join(_terms(fields)), "Slug": file.stem[11:]}
        text = "".join(f"{name}: {value}\n" for name, value in head.items())
        (site / "content" / f"{file.stem}.md").write_text(f"{text}\n{fields['body']}", encoding="utf-8")
    return site


def _eleventy_site(content: Path, site: Path) -> Path:
    (site / "content/releases").mkdir(parents=True)
    (site / "layouts").mkdir()
    terms: set[str] = set()
    for file in sorted((content / "releases").rglob("*.yaml")):
        fields = fields_of(file)
        terms.update(_terms(fields))
        head = {"title": fields["title"], "date": fields["published"].isoformat(), "summary": fields["summary"]}
        head |= {"tags": ["releases", *_terms(fields)], "permalink": f"releases/{file.stem[:4]}/{file.stem[11:]}/"}
        page = site / "content/releases" / f"{file.stem}.md"
        page.write_text(f"---\n{json.dumps(head)}\n---\n{fields['body']}", encoding="utf-8")
    (site / "eleventy.config.js").write_text(_ELEVENTY.replace("__TERMS__", json.dumps(sorted(terms))), "utf-8")
    (site / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (site / "layouts/release.liquid").write_text(_RELEASE, encoding="utf-8")
    (site / "content/lists.liquid").write_text(_LISTS, encoding="utf-8")
    return site


def _terms(fields: dict[str, Any]) -> list[str]:
    found = [fields[facet] for facet in FACETS]
    return [term.lower() for each in found for term in (each if isinstance(each, list) else [each])]
