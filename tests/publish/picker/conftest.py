"""The newsroom served, and a browser to walk through it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.publish.pages.newsroom import served
from tests.tools import DEAD

Opened = Callable[..., Page]


@pytest.fixture(scope="package")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the newsroom."""
    with served(tmp_path_factory.mktemp("picker")) as address:
        yield address


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opened]:
    """Opens a page in a context of its own, and fails if its console was told anything."""
    told: list[str] = []
    with ExitStack() as stack:

        def open_page(url: str, *, width: int = 1280, scheme: Any = "light", **options: Any) -> Page:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
            stack.callback(context.close)
            context.set_default_timeout(DEAD * 1_000)
            page = context.new_page()
            page.on("console", lambda message: told.append(message.text))
            page.on("pageerror", lambda error: told.append(str(error)))
            page.goto(url)
            return page

        yield open_page
    assert told == []
