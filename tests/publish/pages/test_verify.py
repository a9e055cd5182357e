"""The page that verifies quotes in a real browser: what a reader pastes or chooses, and how the answer looks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.publish.pages.audit import WIDER, jump, violations
from tests.publish.pages.conftest import Open
from tests.publish.pages.newsroom import LANGUAGES
from tests.publish.pages.test_in_a_browser import DESK, PHONE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_the_answer_can_be_used_by_everybody(
    urls: dict[tuple[str, str], str], opened: Open, width: int, scheme: str, language: str
) -> None:
    page = opened(urls["release", language], width=width, scheme=scheme)
    text = re.sub(r"\s+", " ", page.inner_text(".text"))[:400]
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    for passage in (text, f"{text[:150]} xyz abc {text[150:]}", "xyz abc zyx cba", f"{'x' * 300} {text}"):
        page.goto(urls["verify", language])
        page.fill("textarea", passage)
        page.click("form.verify button")
        expect(page.locator("#answer")).to_be_visible()
        assert page.input_value("textarea") == passage
        assert page.evaluate(WIDER) == 0
        assert jump(page) == 0
        assert violations(page) == []
    assert told == []


def test_a_file_is_taken_without_script(urls: dict[tuple[str, str], str], opened: Open, tmp_path: Path) -> None:
    page = opened(urls["release", "en"], java_script_enabled=False)
    twin = page.request.get(page.get_attribute('link[type="text/markdown"]', "href") or "")
    (tmp_path / "copy.md").write_bytes(twin.body())
    page.goto(urls["verify", "en"])
    page.set_input_files('input[type="file"]', tmp_path / "copy.md")
    page.click("form.verify button")
    assert page.inner_text("#answer") == "1 release says this, word for word."
    page.click("main .note a")
    assert page.url == urls["release", "en"]
