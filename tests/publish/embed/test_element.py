"""The element on a partner's page, in a real browser, under a policy as strict as they come."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext

from feeds.publish.assets.embed_scripts import scripts

from .sites import Newsroom, Page, Site
from .visits import Visit, a_feed, a_page, an_element, an_item, painted, strict, visit


@pytest.fixture
def elsewhere(partner: Site) -> Site:
    """The partner's site as a newsroom of its own making: it serves our script, and whatever feed a test gives it."""
    partner.put_script()
    return partner


def a_visit_to(context: BrowserContext, site: Site, feed: object, status: int = 200, **more: str) -> Visit:
    src = site.put_feed("/feed.json", feed, status)
    return visit(context, a_page(site, an_element(src), site.origin, **more))


def test_the_newest_headlines_replace_the_link(context: BrowserContext, partner: Site, newsroom: Newsroom) -> None:
    src = f"{newsroom.origin}/feeds/all.json"
    seen = visit(context, a_page(partner, an_element(src, 3), newsroom.origin))
    seen.wait()
    assert seen.titles()[0] == "SCORE Pilot Experience Sharing Conference"
    assert len(seen.titles()) == 3
    assert seen.dates()[0] == "24 June 2021"
    assert not seen.shows_the_link()
    assert seen.heard() == ["headlines-ready"]
    assert seen.said == []


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["", "/zh-Hans", "/mn"])
def test_nothing_on_the_page_moves_under_the_reserve_rule(
    context: BrowserContext, partner: Site, newsroom: Newsroom, width: int, language: str
) -> None:
    src = f"{newsroom.origin}{language}/feeds/all.json"
    seen = visit(context, a_page(partner, an_element(src), newsroom.origin), width=width)
    seen.wait()
    painted(seen.page)
    assert seen.moved() == 0


@pytest.mark.parametrize("width", [320, 700, 1280])
def test_headlines_fill_what_the_rule_reserves_and_nothing_scrolls(
    context: BrowserContext, partner: Site, newsroom: Newsroom, width: int
) -> None:
    src = f"{newsroom.origin}/feeds/all.json"
    seen = visit(context, a_page(partner, an_element(src), newsroom.origin), width=width)
    seen.wait()
    painted(seen.page)
    element = seen.page.locator("feed-headlines")
    assert element.evaluate("(each) => each.scrollHeight <= each.clientHeight")
    last = "root.querySelector('li:last-child').getBoundingClientRect().bottom"
    below = element.evaluate("(each) => each.getBoundingClientRect().bottom") - seen.inside(0, last)
    assert 0 <= below <= 16


def test_fewer_headlines_than_reserved_stay_together_at_the_top(context: BrowserContext, elsewhere: Site) -> None:
    seen = a_visit_to(context, elsewhere, a_feed(an_item("First"), an_item("Second")))
    seen.wait()
    tops = seen.inside(0, "[...root.querySelectorAll('li')].map((each) => each.getBoundingClientRect().top)")
    assert 0 < tops[1] - tops[0] < 120


@pytest.mark.parametrize(("lines", "shown"), [("1", 1), ("2", 2), ("none", 9)])
def test_a_long_title_is_cut_where_the_partner_says(
    context: BrowserContext, elsewhere: Site, lines: str, shown: int
) -> None:
    style = f"feed-headlines {{ --headlines-lines: {lines}; font: 16px/20px serif; width: 300px }}"
    feed = a_feed(an_item("A title of many words " * 20))
    seen = a_visit_to(context, elsewhere, feed, style=style)
    seen.wait()
    height = seen.inside(0, "root.querySelector('a').getBoundingClientRect().height")
    assert height == shown * 20 if lines != "none" else height > shown * 20
    assert seen.titles() == ["A title of many words " * 20]


def test_without_the_rule_the_page_would_move(context: BrowserContext, partner: Site, newsroom: Newsroom) -> None:
    src = f"{newsroom.origin}/feeds/all.json"
    seen = visit(context, a_page(partner, an_element(""), newsroom.origin, style="body { color: black }"))
    seen.wait("error")
    painted(seen.page)
    seen.page.locator("feed-headlines").evaluate("(element, src) => element.setAttribute('src', src)", src)
    seen.wait()
    painted(seen.page)
    assert seen.moved() > 0


def test_ten_elements_cost_one_script_and_one_request(
    context: BrowserContext, partner: Site, newsroom: Newsroom
) -> None:
    src = f"{newsroom.origin}/feeds/country/mn.json"
    seen = visit(context, a_page(partner, [an_element(src, number + 1) for number in range(10)], newsroom.origin))
    seen.wait(count=10)
    assert sorted(newsroom.paths()) == [scripts()[-1].path, "/feeds/country/mn.json"]
    assert [len(seen.titles(number)) for number in (0, 2)] == [1, 3]


def test_nothing_is_sent_but_the_request(context: BrowserContext, partner: Site, newsroom: Newsroom) -> None:
    context.add_cookies([{"name": "session", "value": "secret", "url": newsroom.origin}])
    seen = visit(context, a_page(partner, an_element(f"{newsroom.origin}/feeds/all.json"), newsroom.origin))
    seen.wait()
    (asked,) = [environ for environ in newsroom.asked if environ["PATH_INFO"].endswith(".json")]
    assert "HTTP_COOKIE" not in asked
    assert "HTTP_REFERER" not in asked
    assert asked["QUERY_STRING"] == ""


def test_nothing_is_kept_in_the_browser(context: BrowserContext, partner: Site, newsroom: Newsroom) -> None:
    seen = visit(context, a_page(partner, an_element(f"{newsroom.origin}/feeds/all.json"), newsroom.origin))
    seen.wait()
    state = context.storage_state(indexed_db=True)
    assert state == {"cookies": [], "origins": []}
    assert seen.page.evaluate("sessionStorage.length") == 0


def test_a_server_that_is_gone_leaves_the_link(context: BrowserContext, elsewhere: Site) -> None:
    policy = strict(elsewhere.origin).replace("connect-src", "connect-src http://127.0.0.3:9")
    seen = visit(context, a_page(elsewhere, an_element("http://127.0.0.3:9/a.json"), elsewhere.origin, policy=policy))
    seen.wait("error")
    assert seen.shows_the_link()
    assert seen.heard() == ["headlines-error"]
    assert seen.said == []


def test_while_an_answer_is_awaited_the_link_stands(context: BrowserContext, elsewhere: Site) -> None:
    context.route("**/feed.json", lambda route: None)
    with context.expect_event("request", lambda request: request.url.endswith("/feed.json")):
        seen = a_visit_to(context, elsewhere, a_feed(an_item("A release")))
    assert seen.shows_the_link()
    assert seen.heard() == []


@pytest.mark.parametrize("status", [404, 410, 503])
def test_a_server_in_trouble_leaves_the_link(context: BrowserContext, elsewhere: Site, status: int) -> None:
    seen = a_visit_to(context, elsewhere, a_feed(an_item("A release")), status)
    seen.wait("error")
    assert seen.shows_the_link()
    assert (seen.heard(), seen.said) == (["headlines-error"], [])


@pytest.mark.parametrize("feed", ["no feed", [], None, 7, {}, {"items": "many"}, {"items": 3}, {"items": {"0": 1}}])
def test_what_is_no_feed_leaves_the_link(context: BrowserContext, elsewhere: Site, feed: object) -> None:
    seen = a_visit_to(context, elsewhere, feed)
    seen.wait("error")
    assert seen.shows_the_link()
    assert (seen.heard(), seen.said) == (["headlines-error"], [])


def test_what_is_not_even_json_leaves_the_link(context: BrowserContext, elsewhere: Site) -> None:
    src = elsewhere.put("/feed.json", "<html>An error page")
    seen = visit(context, a_page(elsewhere, an_element(src), elsewhere.origin))
    seen.wait("error")
    assert seen.shows_the_link()


@pytest.mark.parametrize(
    "src", ["", "javascript:alert(1)", "data:application/json,{}", "http://", "file:///etc/passwd"]
)
def test_an_address_of_nothing_leaves_the_link(context: BrowserContext, elsewhere: Site, src: str) -> None:
    seen = visit(context, a_page(elsewhere, an_element(src), elsewhere.origin))
    seen.wait("error")
    assert seen.shows_the_link()
    assert (seen.heard(), seen.said) == (["headlines-error"], [])


def test_a_policy_that_forbids_the_feed_leaves_the_link(context: BrowserContext, elsewhere: Site) -> None:
    policy = strict(elsewhere.origin).replace(f"connect-src {elsewhere.origin}; ", "")
    seen = a_visit_to(context, elsewhere, a_feed(an_item("A release")), policy=policy)
    seen.wait("error")
    assert seen.shows_the_link()
    assert (seen.heard(), seen.said) == (["headlines-error"], [])


@pytest.mark.parametrize("more", [{"integrity": "sha384-" + "A" * 64}, {"policy": "script-src 'none'"}])
def test_a_script_that_is_refused_leaves_the_link(
    context: BrowserContext, elsewhere: Site, more: dict[str, str]
) -> None:
    src = elsewhere.put_feed("/feed.json", a_feed(an_item("A release")))
    seen = visit(context, a_page(elsewhere, an_element(src), elsewhere.origin, **more))
    assert seen.shows_the_link()
    assert not seen.page.evaluate("!!customElements.get('feed-headlines')")
    assert (seen.heard(), seen.said) == ([], [])


def test_an_empty_feed_keeps_the_link(context: BrowserContext, elsewhere: Site) -> None:
    seen = a_visit_to(context, elsewhere, a_feed())
    seen.wait()
    assert seen.shows_the_link()


def test_the_link_comes_back_when_a_later_address_fails(context: BrowserContext, elsewhere: Site) -> None:
    seen = a_visit_to(context, elsewhere, a_feed(an_item("A release")))
    seen.wait()
    seen.page.locator("feed-headlines").evaluate("(element) => element.setAttribute('src', '/nothing.json')")
    seen.wait("error")
    assert seen.shows_the_link()
    seen.page.locator("feed-headlines").evaluate("(element) => element.setAttribute('src', '/feed.json')")
    seen.wait()
    assert seen.titles() == ["A release"]


def test_a_changed_count_is_shown_without_asking_again(context: BrowserContext, elsewhere: Site) -> None:
    seen = a_visit_to(context, elsewhere, a_feed(*(an_item(f"Release {number}") for number in range(30))))
    seen.wait()
    for count, shown in (("2", 2), ("99", 20), ("-1", 1), ("many", 5), ("0", 5)):
        seen.page.locator("feed-headlines").evaluate(
            "(element, count) => new Promise((done) => { element.addEventListener('headlines-ready', done, "
            "{ once: true }); element.setAttribute('count', count) })",
            count,
        )
        assert len(seen.titles()) == shown
    assert elsewhere.paths().count("/feed.json") == 1


HOSTILE = [
    "<img src=x onerror=heard.push('broken')>",
    "<script>heard.push('broken')</script>",
    "&lt;b&gt; & &amp;",
    "{{ 7 * 7 }} ${heard.push('broken')}",
    "\u202egnp.exe \u2066nested",
    "Ж" * 500,
]


def test_hostile_titles_stay_text(context: BrowserContext, elsewhere: Site) -> None:
    items = (
        an_item(title, id=f"{99 - number}", _newsroom={"date": "<b>today</b>"}) for number, title in enumerate(HOSTILE)
    )
    src = elsewhere.put_feed("/feed.json", a_feed(*items))
    seen = visit(context, a_page(elsewhere, an_element(src, 20), elsewhere.origin))
    seen.wait()
    assert seen.titles() == HOSTILE
    assert seen.dates() == ["<b>today</b>"] * len(HOSTILE)
    names = seen.inside(0, "[...new Set([...root.querySelectorAll('*')].map((each) => each.localName))].sort()")
    assert names == ["a", "li", "time", "ul"]
    assert (seen.heard(), seen.said) == (["headlines-ready"], [])


@pytest.mark.parametrize(
    "url",
    ["javascript:heard.push('broken')", " JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "http://[", None],
)
def test_a_link_that_leads_nowhere_on_the_web_is_dropped(
    context: BrowserContext, elsewhere: Site, url: str | None
) -> None:
    seen = a_visit_to(context, elsewhere, a_feed(an_item("A release", url=url)))
    seen.wait()
    assert seen.titles() == ["A release"]
    assert seen.inside(0, "root.querySelector('a').getAttribute('href')") is None


def test_items_that_are_none_are_passed_over(context: BrowserContext, elsewhere: Site) -> None:
    junk: list[object] = [
        None,
        7,
        "text",
        [],
        {},
        an_item({"not": "text"}),
        an_item("Gone", _newsroom={"withdrawn": "2021-07-01"}),
    ]
    seen = a_visit_to(context, elsewhere, a_feed(*junk, an_item("A release", _newsroom=None, language=7)))
    seen.wait()
    assert seen.titles() == ["A release"]


def test_headlines_come_newest_first(context: BrowserContext, elsewhere: Site) -> None:
    days = {"Second": "2021-06-24T01:00:00+08:00", "Third": "2021-06-23T09:00:00Z", "First": "2021-06-24T00:00:00Z"}
    seen = a_visit_to(context, elsewhere, a_feed(*(an_item(title, date_published=day) for title, day in days.items())))
    seen.wait()
    assert seen.titles() == ["First", "Second", "Third"]


def test_dates_are_those_the_server_wrote(context: BrowserContext, partner: Site, newsroom: Newsroom) -> None:
    src = f"{newsroom.origin}/mn/feeds/all.json"
    seen = visit(context, a_page(partner, an_element(src), newsroom.origin))
    seen.wait()
    assert seen.dates()[0] == "2021\u202fоны зургаадугаар сарын 7"
    assert seen.inside(0, "root.querySelector('ul').lang") == "mn"


def test_right_to_left_text_runs_right_to_left(context: BrowserContext, elsewhere: Site) -> None:
    seen = a_visit_to(
        context, elsewhere, a_feed(an_item("منظمة العمل الدولية"), an_item("ILO", language="en"), language="ar")
    )
    seen.wait()
    shown = "getComputedStyle(root.querySelector('ul')).direction"
    assert seen.inside(0, shown) == "rtl"
    assert sorted(seen.inside(0, "[...root.querySelectorAll('li')].map((each) => each.dir)")) == ["", "ltr"]


def test_the_partner_decides_type_and_colour(context: BrowserContext, elsewhere: Site) -> None:
    style = (
        "body { background: #111; color: #eee; font: 20px serif } "
        "feed-headlines { --headlines-date: rgb(1, 2, 3) } feed-headlines::part(item) { border-top: 5px solid }"
    )
    seen = a_visit_to(context, elsewhere, a_feed(an_item("A release")), style=style)
    seen.wait()
    assert seen.inside(0, "getComputedStyle(root.querySelector('a')).color") == "rgb(238, 238, 238)"
    assert seen.inside(0, "getComputedStyle(root.querySelector('a')).fontSize") == "20px"
    assert seen.inside(0, "getComputedStyle(root.querySelector('time')).color") == "rgb(1, 2, 3)"
    assert seen.inside(0, "getComputedStyle(root.querySelector('li')).borderTopWidth") == "5px"


def test_two_versions_on_one_page_do_not_quarrel(context: BrowserContext, elsewhere: Site) -> None:
    elsewhere.pages["/older.js"] = Page(scripts()[0].body, "text/javascript")
    src = elsewhere.put_feed("/feed.json", a_feed(an_item("A release")))
    more = '<script type="module" src="/older.js"></script>'
    seen = visit(context, a_page(elsewhere, an_element(src) + more, elsewhere.origin))
    seen.wait()
    assert (seen.heard(), seen.said) == (["headlines-ready"], [])


def test_an_element_taken_away_in_time_says_nothing(context: BrowserContext, elsewhere: Site) -> None:
    seen = a_visit_to(context, elsewhere, a_feed(an_item("A release")))
    seen.wait()
    seen.page.evaluate(
        "() => { const one = document.createElement('feed-headlines'); one.setAttribute('src', '/feed.json');"
        " document.body.append(one); one.remove(); const two = one.cloneNode(); document.body.append(two) }"
    )
    seen.wait(count=2)
    assert seen.heard() == ["headlines-ready"] * 2
