"""What no page in a browser may have: barriers of WCAG 2.2, jumps, a width that scrolls, or anything on the console."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from playwright.sync_api import ConsoleMessage, Page

_AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
_ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""Of all rules those that look at colours (axe's category cat.color)."""
# A frame is a page of its own: axe would wait half a second for it to answer.
_VIOLATIONS = """
async rules => {
  const found = await axe.run(document, {runOnly: rules, iframes: false, resultTypes: ['violations']});
  return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary}`));
}
"""
_PLACES = """
() => [...document.querySelectorAll('*')].map(each => {
  const {x, y, width, height} = each.getBoundingClientRect();
  return [each.localName, each.checkVisibility(), x, y, width, height].join(' ');
})
"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""By how much a page is wider than its window."""
SHIFT = """
() => new Promise(settled => {
  let sum = 0;
  new PerformanceObserver(list => { for (const each of list.getEntries()) sum += each.value; })
    .observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => settled(sum)));
})
"""
"""By how much a page has moved while it arrived (cumulative layout shift)."""

_ARRIVALS = 3


def jump(page: Page) -> float:
    """By how much a page moves while it arrives: in this arrival, or if it moved then, in the calmest of three.

    A busy machine may paint when half an item of a row has come. What a page does to move itself, it does each time.
    """
    least: float = page.evaluate(SHIFT)
    for _ in range(_ARRIVALS - 1):
        if least:
            page.reload()
            least = min(least, page.evaluate(SHIFT))
    return least


def audited(page: Page, urls: Mapping[str, tuple[str, int]]) -> list[str]:
    """What is wrong with the pages at these addresses, each with the status that it has to have, by their names.

    In the dark nothing but the colours may differ, so there only these are looked at again.
    """
    found: list[str] = []
    told: list[str] = []
    page.on("console", lambda message: told.append(_told(message)))
    page.on("pageerror", lambda error: told.append(str(error)))
    # Sent once for all pages, and run when a page has come.
    page.add_init_script(f"window.loadAxe = () => {{{_AXE}}}")
    for name, (url, wanted) in urls.items():
        told.clear()
        page.emulate_media(color_scheme="light")
        answered = page.goto(url)
        status = answered.status if answered else 0
        if status != wanted:
            found.append(f"{name}: status {status}")
        if page.evaluate(WIDER) > 0:
            found.append(f"{name}: has to be scrolled sideways")
        if shift := jump(page):
            found.append(f"{name}: jumps while it loads, by {shift}")
        page.evaluate("loadAxe()")
        found += [f"{name}: {violation}" for violation in page.evaluate(_VIOLATIONS, _ALL)]
        in_the_light = page.evaluate(_PLACES)
        page.emulate_media(color_scheme="dark")
        if page.evaluate(_PLACES) != in_the_light:
            found.append(f"{name}: more than the colours differs in the dark")
        found += [f"{name}: in the dark: {violation}" for violation in page.evaluate(_VIOLATIONS, _COLOURS)]
        # Of an answer that is no success the console says so; that is all it may say.
        found += [f"{name}: {line}" for line in told if wanted == 200 or str(wanted) not in line]
    return found


def violations(page: Page) -> list[str]:
    """What axe finds on a page as it is now."""
    page.evaluate(_AXE)
    found: list[str] = page.evaluate(_VIOLATIONS, _ALL)
    return found


def _told(message: ConsoleMessage) -> str:
    return f"{message.type}: {message.text}"
