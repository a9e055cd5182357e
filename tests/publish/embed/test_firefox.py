"""The element on a partner's page in Firefox: the promises that matter most, once more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Program

from .firefox import Firefox, a_firefox
from .sites import Newsroom, Page, Site
from .visits import a_feed, a_host, a_page, an_element, an_item, corner, strict

_LISTENING = """
window.heard = [];
addEventListener("error", (event) => heard.push(`error: ${event.message}`));
addEventListener("unhandledrejection", (event) => heard.push(`rejection: ${event.reason}`));
for (const name of ["headlines-ready", "headlines-error"]) addEventListener(name, () => heard.push(name));
"""

_SETTLED = """
const element = document.querySelector("feed-headlines");
return new Promise((done) => {
  const look = () => {
    const state = ["ready", "error"].find((each) => element.matches(`:state(${each})`));
    if (!state) return requestAnimationFrame(look);
    const inside = element.shadowRoot, all = (part) => [...inside.querySelectorAll(`[part=${part}]`)];
    done({ state, heard: [...heard], link: element.firstElementChild.getClientRects().length > 0,
      titles: all("link").map((each) => each.textContent), dates: all("date").map((each) => each.textContent),
      below: document.querySelector("p").getBoundingClientRect().top });
  };
  look();
});
"""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory, program: Program) -> Iterator[Firefox]:
    with a_firefox(program("firefox-esr"), tmp_path_factory.mktemp("profile")) as browser:
        yield browser


def _seen(firefox: Firefox, site: Site, src: str, origin: str, **more: str) -> dict[str, Any]:
    """What the page shows once the element has settled; ``below`` is where the rest of the page begins."""
    site.pages["/listen.js"] = Page(_LISTENING.encode(), "text/javascript")
    policy = strict(origin).replace("script-src", f"script-src {site.origin}")
    elements = '<script src="/listen.js"></script>' + an_element(src)
    firefox.go(a_page(site, elements, origin, **{"policy": policy, **more}))
    found = firefox.run(_SETTLED)
    assert isinstance(found, dict)
    return found


def test_the_newest_headlines_replace_the_link(firefox: Firefox, partner: Site, newsroom: Newsroom) -> None:
    seen = _seen(firefox, partner, f"{newsroom.origin}/mn/feeds/all.json", newsroom.origin)
    assert (seen["state"], seen["heard"], seen["link"]) == ("ready", ["headlines-ready"], False)
    assert seen["dates"][0] == "2021\u202fоны зургаадугаар сарын 7"


def test_nothing_on_the_page_moves_under_the_reserve_rule(firefox: Firefox, partner: Site, newsroom: Newsroom) -> None:
    failed = _seen(firefox, partner, "", newsroom.origin)
    shown = _seen(firefox, partner, f"{newsroom.origin}/feeds/all.json", newsroom.origin)
    assert (failed["state"], shown["state"]) == ("error", "ready")
    assert failed["below"] == shown["below"]


def test_hostile_titles_stay_text(firefox: Firefox, partner: Site) -> None:
    partner.put_script()
    title = "<img src=x onerror=heard.push('broken')>"
    src = partner.put_feed("/feed.json", a_feed(an_item(title, url="javascript:heard.push('broken')")))
    seen = _seen(firefox, partner, src, partner.origin)
    assert (seen["titles"], seen["heard"]) == ([title], ["headlines-ready"])


@pytest.mark.parametrize("status", [404, 503])
def test_a_server_in_trouble_leaves_the_link(firefox: Firefox, partner: Site, status: int) -> None:
    partner.put_script()
    src = partner.put_feed("/feed.json", a_feed(an_item("A release")), status)
    seen = _seen(firefox, partner, src, partner.origin)
    assert (seen["state"], seen["heard"], seen["link"]) == ("error", ["headlines-error"], True)


def test_a_policy_that_forbids_the_feed_leaves_the_link(firefox: Firefox, partner: Site) -> None:
    partner.put_script()
    src = partner.put_feed("/feed.json", a_feed(an_item("A release")))
    policy = f"default-src 'none'; script-src {partner.origin}"
    seen = _seen(firefox, partner, src, partner.origin, policy=policy)
    assert (seen["state"], seen["heard"], seen["link"]) == ("error", ["headlines-error"], True)


def test_a_script_of_other_bytes_is_refused_and_leaves_the_link(firefox: Firefox, partner: Site) -> None:
    partner.put_script()
    src = partner.put_feed("/feed.json", a_feed(an_item("A release")))
    partner.pages["/listen.js"] = Page(_LISTENING.encode(), "text/javascript")
    elements = '<script src="/listen.js"></script>' + an_element(src)
    firefox.go(a_page(partner, elements, partner.origin, integrity="sha384-" + "A" * 64))
    assert firefox.run("return [...heard]") == []
    assert firefox.run("return !!document.querySelector('feed-headlines a').getClientRects().length") is True
    assert firefox.run("return document.querySelector('feed-headlines').matches(':defined')") is False


@pytest.mark.parametrize(
    ("query", "shown"),
    [("?theme=light", (240, 240, 230)), ("?theme=dark", (30, 20, 40)), ("", (255, 255, 255))],
    ids=["light", "dark", "untold"],
)
def test_a_frame_that_was_told_its_host_is_no_box_on_it(
    firefox: Firefox, partner: Site, newsroom: Newsroom, query: str, shown: tuple[int, ...]
) -> None:
    firefox.go(a_host(newsroom, partner, query, shown if query else (30, 20, 40)))
    assert corner(firefox.picture()) == shown
