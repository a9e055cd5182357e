"""The security headers in Chromium: whatever is opened works under its policy, and breaks it nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from playwright.sync_api import Browser, BrowserContext

from feeds.publish.assets import assets
from tests.servers import answering

from .conftest import Visit, visit

RELEASE = "/releases/2021/score-pilot-experience-sharing-conference"
# Without the news sitemap and the list of all sitemaps: Chromium shows XML that has no style sheet by styles of its
# own, which a strict policy forbids. Who looks at them is no browser.
PATHS = [
    *(
        "/",
        "/zh-Hans/",
        "/mn/",
        "/about",
        "/help",
        "/developers",
        "/feeds/",
        "/feeds/country/cn.html",
        RELEASE,
        "/mn/feeds/all.html",
    ),
    *("/search?q=china", "/search"),
    *("/embed/", "/embed/frame/5/all.html", "/embed/fragment/5/all.html", "/feeds.opml", "/feeds/all.json"),
    *("/feeds/all.atom", "/feeds/all.rss", "/sitemap-2021.xml", "/robots.txt", "/healthz"),
    *(assets()["icon.svg"].path, assets()["style.css"].path),
]
WATCH = """addEventListener('securitypolicyviolation',
  event => console.error(`${event.effectiveDirective} forbids ${event.blockedURI}`))"""


@pytest.fixture(scope="module")
def visited(browser: Browser, site: str) -> Iterator[dict[str, Visit]]:
    """Each path in a context of its own. All are open at once, to wait together until they ask for nothing any more."""
    with ExitStack() as stack:
        found = {}
        for path in PATHS:
            context = stack.enter_context(browser.new_context())
            context.add_init_script(WATCH)
            found[path] = visit(context, site + path)
        for each in found.values():
            each.page.wait_for_load_state("networkidle")
        yield found


@pytest.mark.parametrize("path", PATHS)
def test_nothing_that_is_opened_breaks_its_policy_or_asks_another_site(
    visited: dict[str, Visit], site: str, path: str
) -> None:
    seen = visited[path]
    context = seen.page.context
    assert seen.requests
    assert [each for each in seen.complaints if "favicon" not in each] == []
    assert [url for url in seen.requests if not url.startswith(site + "/")] == []
    assert context.cookies() == []
    assert context.storage_state()["origins"] == []


def test_a_page_of_another_site_can_frame_the_headlines_and_nothing_else(context: BrowserContext, site: str) -> None:
    frames = "".join(f'<iframe src="{site}{path}"></iframe>' for path in ("/embed/frame/5/all.html", "/about"))

    def partner(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/html")])
        return [f"<!doctype html><title>Partner</title>{frames}".encode()]

    with answering(lambda _: partner) as elsewhere:
        page = visit(context, elsewhere).page
        page.wait_for_load_state("networkidle")
        links = {frame.url: frame.locator("a").count() for frame in page.frames[1:]}
    assert links.pop(f"{site}/embed/frame/5/all.html") > 0
    assert set(links.values()) == {0}


def test_an_injected_script_does_not_run(context: BrowserContext, site: str) -> None:
    def injected(route: Any) -> None:
        answer = route.fetch()
        bad = "<body onload=\"document.title='x'\"><script>document.title = 'x'</script>"
        route.fulfill(response=answer, body=answer.text().replace("<body>", bad))

    context.route("**/about", injected)
    page = visit(context, site + "/about").page
    assert page.title() not in ("x", "")
