"""A visit to a partner's page: what the page shows, and everything it would notice of us."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

from feeds.publish.assets.embed_scripts import scripts
from feeds.publish.embed_snippets import frame_height

from .sites import Newsroom, Site

RESERVE = "feed-headlines { display: block; block-size: calc(5 * (3lh + .75em)); overflow: auto }"
FALLBACK = "Latest releases"

# What a page can hear of: errors, rejections, breaches of its policy, and what moves. Runs before any other script.
_LISTENING = """
window.heard = []; window.moved = 0;
addEventListener("error", (event) => heard.push(`error: ${event.message}`));
addEventListener("unhandledrejection", (event) => heard.push(`rejection: ${event.reason}`));
for (const name of ["headlines-ready", "headlines-error"]) addEventListener(name, () => heard.push(name));
new PerformanceObserver((list) => list.getEntries().forEach((entry) => { moved += entry.value; }))
  .observe({ type: "layout-shift", buffered: true });
"""


@dataclass
class Visit:
    """An open page, and what its console was told by scripts: lines of the browser's own have no arguments."""

    page: Page
    said: list[str] = field(default_factory=list)

    def heard(self) -> list[str]:
        return list(self.page.evaluate("heard"))

    def moved(self) -> float:
        """The page's cumulative layout shift."""
        return float(self.page.evaluate("moved"))

    def titles(self, number: int = 0) -> list[str]:
        return list(self.inside(number, "[...root.querySelectorAll('[part=link]')].map((each) => each.textContent)"))

    def dates(self) -> list[str]:
        return list(self.inside(0, "[...root.querySelectorAll('[part=date]')].map((each) => each.textContent)"))

    def inside(self, number: int, expression: str) -> Any:
        """What an expression over ``root``, an element's shadow root, comes to."""
        given = "const root = document.querySelectorAll('feed-headlines')[number].shadowRoot"
        return self.page.evaluate(f"(number) => {{ {given}; return {expression} }}", number)

    def wait(self, state: str = "ready", count: int = 1) -> None:
        """Until ``count`` elements are in a state."""
        self.page.locator(f"feed-headlines:state({state})").nth(count - 1).wait_for(state="attached")

    def shows_the_link(self) -> bool:
        return self.page.get_by_role("link", name=FALLBACK).is_visible()


def visit(context: BrowserContext, address: str, width: int = 1280) -> Visit:
    """Open a page in a window of a width and listen to all it hears."""
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    seen = Visit(page)

    def said(message: ConsoleMessage) -> None:
        if message.args:
            seen.said.append(message.text)

    page.on("console", said)
    page.add_init_script(_LISTENING)
    page.goto(address)
    return seen


def painted(page: Page) -> None:
    """Wait until what the page has become is on the screen."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def an_element(src: str, count: int = 5) -> str:
    return f'<feed-headlines src="{src}" count="{count}"><a href="https://example.org/">{FALLBACK}</a></feed-headlines>'


def a_page(site: Site, elements: str | Iterable[str], origin: str, **more: str) -> str:
    """A partner's page under a strict policy that lets in nothing but ``origin``; its address.

    ``more`` may replace the integrity, the style, the policy, the attributes of the page's root.
    """
    newest = scripts()[-1]
    integrity = more.get("integrity", newest.integrity)
    site.put_style("/site.css", more.get("style", RESERVE))
    body = "\n".join([elements] if isinstance(elements, str) else elements)
    return site.put(
        "/",
        f'<!doctype html><html {more.get("root", "lang=en")}><head><meta charset="utf-8"><title>A partner</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/site.css">'
        f'<script type="module" src="{origin}{newest.path}" integrity="{integrity}" crossorigin="anonymous"></script>'
        f"</head><body><main><h1>News of our partners</h1>{body}<p>What comes below.</p></main></body></html>",
        **{"Content-Security-Policy": more.get("policy", strict(origin))},
    )


def a_host(newsroom: Newsroom, site: Site, query: str, ground: tuple[int, ...], more: str = "", path: str = "") -> str:
    """A partner's page of a colour with a frame as `/embed/` gives it; its address. ``more`` is style of its root."""
    scheme = query.removeprefix("?theme=").replace("auto", "light dark") or "light"
    site.put_style(
        "/site.css",
        f":root {{ {more} }} body {{ margin: 0; background: rgb{ground} }} h1, p {{ color: gray }}"
        f"iframe {{ display: block; border: 0; color-scheme: {scheme} }}",
    )
    src = f"{newsroom.origin}{path}/embed/frame/5/all.html{query}"
    return site.put(
        "/",
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A partner</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/site.css"></head>'
        f'<body><iframe src="{src}" title="News" width="100%" height="{frame_height(5)}"></iframe></body></html>',
        **{"Content-Security-Policy": strict(newsroom.origin)},
    )


def corner(screenshot: bytes) -> tuple[int, ...]:
    """The colour near the first corner of a picture."""
    with Image.open(BytesIO(screenshot)) as picture:
        found = picture.convert("RGB").getpixel((3, 3))
    assert isinstance(found, tuple)
    return tuple(int(each) for each in found)


def strict(origin: str) -> str:
    """A policy as strict as they come: nothing but our script, our feed and frame, and the partner's own style."""
    return (
        f"default-src 'none'; style-src 'self'; script-src {origin}; connect-src {origin}; frame-src {origin}; "
        "require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'; form-action 'none'"
    )


def an_item(title: object, **more: object) -> dict[str, object]:
    """An item of a feed that need not be ours."""
    return {
        "id": f"tag:example.org,2021:{title}",
        "url": "https://example.org/release",
        "title": title,
        "date_published": "2021-06-24T00:00:00+08:00",
        "_newsroom": {"date": "24 June 2021"},
        **more,
    }


def a_feed(*items: object, language: str = "en") -> dict[str, object]:
    return {"version": "https://jsonfeed.org/version/1.1", "title": "A feed", "language": language, "items": [*items]}
