"""A city begins its own newsroom with the installed commands alone: what it writes is there, in its language."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from feeds.i18n.message_catalogues import known_messages, product_forms
from tests.cli.test_init import OTHERS
from tests.installed import run
from tests.media.files import PDF, picture
from tests.publish.pages.audit import violations
from tests.servers import Server, Servers
from tests.tools import ROOT, free_port

pytestmark = pytest.mark.slow

README = ROOT / "README.md"
TITLE = "Le pont rouvre"
PAGES = ("/", "{release}", "/feeds/", "/feeds/all.html", "/about", "/help", "/developers",
         "/feeds/department/example.html", "/embed/", "/search", "/search?q=pont", "/search?q=nulle+part",
         "/no-such-page")  # fmt: skip
_SAID = """
() => [document.body.innerText, ...[...document.querySelectorAll('[aria-label], [title], [alt], [placeholder]')]
  .filter(each => !each.closest('[lang]:not(html):not([lang=fr])'))
  .flatMap(each => ['aria-label', 'title', 'alt', 'placeholder'].map(name => each.getAttribute(name) || ''))]
  .join('\\n')
"""


def commands() -> list[list[str]]:
    """The commands of the README's section, as a shell would split them."""
    section = README.read_text("utf-8").partition("## Your own newsroom\n")[2].partition("\n## ")[0]
    return [shlex.split(line) for line in re.findall(r"(?m)^    ((?:feeds|cd) .*)$", section)]


def example() -> str:
    """What the README writes into the release."""
    section = README.read_text("utf-8").partition("## Your own newsroom\n")[2]
    return section.partition("```yaml\n")[2].partition("```")[0]


@pytest.fixture(scope="module")
def city(installed: Path, tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[tuple[Server, str]]:
    """The newsroom that follows the README word by word, served, and the path of its release's page."""
    init, enter, new, serve, *_ = commands()
    assert [" ".join(each[:2]) for each in (init, enter, new, serve)] == [
        "feeds init", "cd port", "feeds new", "feeds serve"
    ]  # fmt: skip
    folder = tmp_path_factory.mktemp("city")
    feeds = [str(installed), "-Im", "feeds"]
    run(*feeds, *init[1:], cwd=folder)
    release = folder / enter[1] / run(*feeds, *new[1:], cwd=folder / enter[1]).strip()
    beside = release.with_suffix("")
    beside.mkdir()
    (beside / "pont.jpg").write_bytes(picture(width=2400, height=1600))
    (beside / "programme.pdf").write_bytes(PDF)
    empty = release.read_text("utf-8")
    release.write_text(re.sub(r"(?m)^(summary:|body: \|-)$", "", empty) + example(), "utf-8")
    port = free_port()
    inside = ["sh", "-c", f'cd "{folder / enter[1]}" && exec "$0" "$@"', *feeds, *serve[1:], "--port", str(port)]
    with servers.program(inside, port=port, FEEDS_STATE=str(folder / "state")) as server:
        yield server, f"/releases/{release.name[:4]}/{release.stem[11:]}"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark") as context:
        yield context.new_page()


def english() -> list[re.Pattern[str]]:
    """The product's messages in English, as they stand in a text; those that French has too are left out."""
    french = " ".join(text for forms in product_forms("fr").values() for text in forms)
    parts = {part.strip() for message in known_messages() for part in re.split(r"\{\w*\}", message)}
    return [re.compile(rf"\b{re.escape(part)}(?!\w)") for part in parts
            if len(part) > 3 and re.match(r"\w", part) and part not in french]  # fmt: skip


def test_its_release_its_picture_and_its_feeds_are_there(city: tuple[Server, str], page: Page) -> None:
    server, release = city
    page.goto(server.base_url + release)
    assert page.locator("h1").inner_text() == TITLE
    shown = "[...document.images].map(each => [each.complete && each.naturalWidth > 0, each.currentSrc])"
    page.wait_for_function(f"{shown}.every(each => each[0])")
    sources = page.evaluate(shown)
    assert len(sources) == 1
    assert all(src.endswith("/pont-480.webp") for _, src in sources)
    file = page.locator("article a[href$='/programme.pdf']").last
    answer = page.request.get(file.get_attribute("href") or "")
    assert (answer.status, answer.body()) == (200, PDF)
    for form in ("atom", "rss", "json"):
        feed = page.request.get(f"{server.base_url}/feeds/department/example.{form}").text()
        assert TITLE in feed
        assert "/pont.jpg" in feed
        assert "/programme.pdf" in feed
    items = json.loads(page.request.get(f"{server.base_url}/feeds/all.json").text())["items"]
    assert items[0]["title"] == TITLE


@pytest.mark.parametrize("path", PAGES)
def test_every_word_of_its_french_pages_is_french_and_axe_finds_nothing(
    city: tuple[Server, str], page: Page, path: str
) -> None:
    server, release = city
    page.goto(server.base_url + path.format(release=release))
    said = page.evaluate(_SAID)
    assert len(said) > 100
    assert not OTHERS.search(page.content())
    assert [each.pattern for each in english() if each.search(said)] == []
    assert violations(page) == []
