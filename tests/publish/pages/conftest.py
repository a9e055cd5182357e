"""One newsroom, one browser, and pages opened in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.publish.pages import harbour
from tests.publish.pages.newsroom import ARCHIVE, LANGUAGES, PAGES, served

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the newsroom."""
    with served(tmp_path_factory.mktemp("pages")) as address:
        yield address


@pytest.fixture(scope="session")
def urls(base: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, str], str]]:
    """By kind and language: the address of a page of every kind."""
    found = {(kind, tag): f"{base}{lead}{path}" for kind, path in PAGES.items() for tag, lead in LANGUAGES.items()}
    with served(tmp_path_factory.mktemp("archive"), entries=2) as short:
        yield found | {("archive", tag): f"{short}{lead}{ARCHIVE}" for tag, lead in LANGUAGES.items()}


@pytest.fixture(scope="session")
def french(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """By kind: the address of a page of every kind of a newsroom in French alone."""
    with harbour.served(tmp_path_factory.mktemp("french"), ["fr"]) as base:
        yield {kind: harbour.address(base, kind, "fr", "fr") for kind in harbour.PAGES}


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens a page in a context of its own: ``opened(url, width=320, scheme="dark")``."""
    with ExitStack() as stack:

        def open_page(url: str = "", *, width: int = 1280, scheme: Any = "light", **options: Any) -> Page:
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **options)
            stack.callback(context.close)
            page = context.new_page()
            if url:
                page.goto(url)
            return page

        yield open_page
