"""Headings break where a reader of their language would break them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from lxml import html

from feeds.render.html import unbroken
from tests.conftest import Program
from tests.makers import a_compiled, yaml
from tests.publish.pages.conftest import Open


@pytest.mark.parametrize(
    ("title", "whole"),
    [
        ("After COVID-19, Bat-Erdene speaks in Saint-Denis", ["COVID-19", "Bat-Erdene", "Saint-Denis"]),
        ("A well-paid, long-term job", []),
        ("新冠COVID-19疫情期间的工作", ["COVID-19"]),
        ("Встреча в Санкт-Петербурге", ["Санкт-Петербурге"]),
        ("The Extraordinarily-Long-Name", []),
        ("A - B, 2020-2021 and -5", ["2020-2021"]),
    ],
)
def test_a_name_with_a_hyphen_stays_whole_and_its_text_the_same(title: str, whole: list[str]) -> None:
    found = html.fragment_fromstring(f"<h1>{unbroken(title)}</h1>")
    assert [each.text for each in found.xpath("span")] == whole
    assert found.text_content() == title


def test_a_title_with_signs_of_markup_is_text(tmp_path: Path) -> None:
    title = "1 < 2 & <b>Bat-Erdene</b>"
    bench = a_compiled(tmp_path, {"2021/2021-06-01-dam.yaml": yaml(title=title, published="2021-06-01")})
    for path, place in (("/releases/2021/dam", "//h1"), ("/", "//h2[a]")):
        (heading,) = html.fromstring(bench.body(path)).xpath(place)
        assert heading.text_content() == title
        assert [each.text for each in heading.iter("span")] == ["Bat-Erdene"]
        assert list(heading.iter("b")) == []


def test_no_line_ends_within_a_name(opened: Open, base: str) -> None:
    page = opened(f"{base}/", width=320)
    broken = page.evaluate(
        "[...document.querySelectorAll('.whole')].filter(each => each.getClientRects().length > 1).length"
    )
    assert broken == 0


def test_quotation_marks_in_chinese_are_as_wide_as_its_other_signs_and_those_in_english_are_not(
    opened: Open, base: str, program: Program
) -> None:
    _require_chinese_font(program("fc-list"))
    page = opened(f"{base}/zh-Hans/about")
    widths = page.evaluate(
        """() => ['zh', 'en'].map(language => {
          const span = document.createElement('span');
          span.lang = language;
          span.textContent = '\u201c';
          document.querySelector('main p').append(span);
          return span.getBoundingClientRect().width / parseFloat(getComputedStyle(span).fontSize);
        })"""
    )
    assert widths[0] == pytest.approx(1, abs=0.02)
    assert widths[1] < 0.6


def _require_chinese_font(listing: str) -> None:
    listed = subprocess.run([listing, ":lang=zh-cn", "postscriptname"], capture_output=True, text=True, check=True)
    if "NotoSansCJKsc-Regular" not in listed.stdout:
        if os.environ.get("CI") == "true":
            pytest.fail("fonts-noto-cjk is not installed: .ci/run installs it")
        pytest.skip("fonts-noto-cjk is not installed")
