"""A city begins its own newsroom with commands alone: what it writes is there, in its language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

from feeds.cli.commands import group
from feeds.i18n.catalogues import known_messages, product_forms
from tests.cli.test_init import CITY, OTHERS
from tests.media.files import PDF, picture
from tests.publish.pages.test_in_a_browser import _VIOLATIONS, AXE, RULES
from tests.servers import Server, Servers

pytestmark = pytest.mark.slow

TITLE = "Le pont de l’Île rouvre aux piétons"
PAGES = ("/", "/releases/{year}/le-pont-de-lile-rouvre-aux-pietons", "/feeds/", "/feeds/all.html", "/about", "/help",
         "/feeds/department/example.html", "/embed/", "/no-such-page")  # fmt: skip
_SAID = """
() => [document.body.innerText, ...[...document.querySelectorAll('[aria-label], [title], [alt], [placeholder]')]
  .filter(each => !each.closest('[lang]:not(html):not([lang=fr])'))
  .flatMap(each => ['aria-label', 'title', 'alt', 'placeholder'].map(name => each.getAttribute(name) || ''))]
  .join('\\n')
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Iterator[tuple[Server, str]]:
    """The city's newsroom, served, and the year of its release."""
    folder = tmp_path_factory.mktemp("city")
    for arguments in (
        ["init", str(folder), *CITY, "--yes"],
        ["new", TITLE, "--data", str(folder / "data")],
    ):
        done = CliRunner().invoke(group, arguments)
        assert done.exit_code == 0, done.output
    release = Path(done.output.strip())
    beside = release.with_suffix("")
    beside.mkdir()
    (beside / "pont.jpg").write_bytes(picture(width=2400, height=1600))
    (beside / "programme.pdf").write_bytes(PDF)
    release.write_text(
        f'title: "{TITLE}"\npublished: {release.name[:10]}T00:00:01+01:00\nsummary: Il est plus large.\n'
        "departments: [example]\nimage: {src: pont.jpg, alt: Le pont, caption: Vu du port}\n"
        "attachments: [{file: programme.pdf, title: Le programme}]\nbody: |-\n  Voir ![la rive](pont.jpg).\n",
        "utf-8",
    )
    with servers.newsroom(folder / "data", workers=1) as server:
        yield server, release.name[:4]


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
    server, year = city
    page.goto(f"{server.base_url}/releases/{year}/le-pont-de-lile-rouvre-aux-pietons")
    assert page.locator("h1").inner_text() == TITLE
    shown = "[...document.images].map(each => [each.complete && each.naturalWidth > 0, each.currentSrc])"
    page.wait_for_function(f"{shown}.every(each => each[0])")
    sources = page.evaluate(shown)
    assert len(sources) == 2
    assert all(src.endswith("/pont-480.webp") for _, src in sources)
    (file,) = page.locator("article a[href$='/programme.pdf']").all()
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
    server, year = city
    page.goto(server.base_url + path.format(year=year))
    said = page.evaluate(_SAID)
    assert len(said) > 100
    assert not OTHERS.search(page.content())
    assert [each.pattern for each in english() if each.search(said)] == []
    page.evaluate(AXE)
    assert page.evaluate(_VIOLATIONS, RULES) == []
