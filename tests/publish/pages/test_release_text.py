"""The text of a release on its page and in feeds: the same words, places that links lead to, aligned tables."""

from __future__ import annotations

import json
import re
from pathlib import Path

from lxml import etree, html

from tests.makers import BASE, NEWSROOM, Bench, a_compiled, yaml

DAM = "2021/2021-06-01-dam.yaml"
TEXT = """\
title: T
summary: S.
published: 2021-06-01
body: |-
  See the [annex](#annex), the [road](road#annex) and a note[^1].

  | Year | Wage |
  |:-----|-----:|
  | 2021 |  100 |

  [^1]: Estimate.

  ## Annex
"""


def compiled(path: Path) -> Bench:
    return a_compiled(path, {DAM: TEXT, "2021/2021-06-02-road.yaml": yaml(published="2021-06-02", body="# Annex")})


def test_links_within_a_text_lead_there_on_its_page_wherever_it_is_shown(tmp_path: Path) -> None:
    page = html.fromstring(compiled(tmp_path).body("/releases/2021/dam"))
    text = page.xpath('//div[@class="text"]')[0]
    within = [href for href in text.xpath(".//@href") if href.startswith("#")]
    assert within == ["#2021-dam--annex", "#2021-dam--fn-1", "#2021-dam--fnref-1"]
    for href in within:
        assert len(page.xpath(f'//*[@id="{href[1:]}"]')) == 1, href
    assert f"{BASE}/releases/2021/road#2021-road--annex" in text.xpath(".//@href")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_links_within_a_text_lead_to_its_page_in_feeds_where_all_ids_differ(tmp_path: Path) -> None:
    bench = compiled(tmp_path)
    atom = etree.fromstring(bench.body("/feeds/all.atom").encode())
    rss = etree.fromstring(bench.body("/feeds/all.rss").encode())
    contents = (
        [item["content_html"] for item in json.loads(bench.body("/feeds/all.json"))["items"]],
        [each.text for each in atom.iter("{http://www.w3.org/2005/Atom}content")],
        [each.text for each in rss.iter("{http://purl.org/rss/1.0/modules/content/}encoded")],
    )
    for texts in contents:
        everything = "".join(map(str, texts))
        ids = re.findall(' id="([^"]*)"', everything)
        assert sorted(ids) == ["2021-dam--annex", "2021-dam--fn-1", "2021-dam--fnref-1", "2021-road--annex"]
        page = f"{BASE}/releases/2021/dam"
        for fragment in ("annex", "fn-1", "fnref-1"):
            assert f'href="{page}#2021-dam--{fragment}"' in everything


def test_columns_are_aligned_in_feeds_and_on_pages(tmp_path: Path) -> None:
    bench = compiled(tmp_path)
    (item,) = [each for each in json.loads(bench.body("/feeds/all.json"))["items"] if each["id"].endswith(":dam")]
    assert '<td align="left">2021</td>\n<td align="right">100</td>' in item["content_html"]
    assert '<td class="left">2021</td>\n<td class="right">100</td>' in bench.body("/releases/2021/dam")


def test_a_newsroom_from_right_to_left_says_so_on_pages_and_in_feeds(tmp_path: Path) -> None:
    newsroom = NEWSROOM.replace("mn", "ar")
    bench = a_compiled(tmp_path, {DAM.replace(".yaml", ".ar.yaml"): "title: سد\nsummary: س.\nbody: نص.\n", DAM: TEXT},
                       newsroom=newsroom)  # fmt: skip
    assert '<html lang="ar" dir="rtl">' in bench.body("/ar/releases/2021/dam")
    (item,) = json.loads(bench.body("/ar/feeds/all.json"))["items"]
    assert item["content_html"] == '<div dir="rtl">\n<p>نص.</p>\n</div>\n'
    for form in ("atom", "rss"):
        text = bench.body(f"/ar/feeds/all.{form}")
        assert '<div xmlns="http://www.w3.org/1999/xhtml" lang="ar" dir="rtl">' in text
        assert "dir=&quot;rtl&quot;" in text or '&lt;div dir="rtl"&gt;' in text or "&#x3C;div dir=" in text
    assert 'dir="rtl"' not in bench.body("/feeds/all.atom")
