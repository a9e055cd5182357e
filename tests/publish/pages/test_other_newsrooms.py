"""Pages of newsrooms that are not as the bundled one: in French only, and in two languages of certain countries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.publish.pages.audit import audited
from tests.publish.pages.conftest import Open
from tests.publish.pages.harbour import PAGES, address, served
from tests.publish.pages.newsroom import STATUS

pytestmark = pytest.mark.slow

LAID_OUT = ("front", "selection", "directory", "release")
"""Kinds of pages with a layout of their own on a wide screen."""


@pytest.fixture(scope="session")
def regional(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a newsroom in British English and Canadian French."""
    with served(tmp_path_factory.mktemp("regional"), ["en-GB", "fr-CA"]) as base:
        yield base


@pytest.mark.parametrize("width", [320, 1280], ids=["phone", "desk"])
def test_a_newsroom_in_french_alone_can_be_used_by_everybody(french: dict[str, str], opened: Open, width: int) -> None:
    page = opened(width=width)
    assert audited(page, {kind: (french[kind], STATUS.get(kind, 200)) for kind in PAGES}) == []
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.locator(".languages").count() == 0


@pytest.mark.parametrize(("language", "width"), [("en-GB", 1280), ("fr-CA", 320)])
def test_a_newsroom_in_languages_of_countries_can_be_used_by_everybody(
    regional: str, opened: Open, language: str, width: int
) -> None:
    page = opened(width=width)
    assert audited(page, {kind: (address(regional, kind, language, "en-GB"), 200) for kind in LAID_OUT}) == []
    assert page.evaluate("document.documentElement.lang") == language
    assert page.locator(".languages summary").is_visible(), "names of languages with their countries are long"
