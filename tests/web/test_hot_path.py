"""What is kept, for how long, and what comes out when the newsroom cannot be read."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.publish.document import Answer
from tests.application import Clock

from .desk import (
    DECODERS,
    FEED,
    NOON,
    PAGE,
    Application,
    Asking,
    Desk,
    Response,
    a_document,
    a_page,
    ask,
)

FRAME = "/embed/frame/5/all.html"

FAR = datetime(2200, 1, 1, tzinfo=UTC)


# -- time -----------------------------------------------------------------------------------------------------------


def lifetimes(response: Response) -> dict[str, int]:
    """The seconds in a Cache-Control field."""
    parts = response.headers["Cache-Control"].removeprefix("public, ").split(", ")
    return {name: int(seconds) for name, _, seconds in (part.partition("=") for part in parts)}


@given(st.floats(0, 100_000), st.floats(0, 59.9))
def test_no_cache_lifetime_outlives_the_next_change(before: float, second: float) -> None:
    change = NOON + timedelta(seconds=second)
    desk, clock = Desk({FEED: a_document(until=change)}), Clock(change - timedelta(seconds=before))
    app = Application(desk, clock)
    for later in (0.0, 0.4, 0.99, 30.3):
        clock.now = min(change, clock.now + timedelta(seconds=later))
        spoken = lifetimes(ask(app))
        assert spoken.keys() == {"max-age"}
        assert spoken["max-age"] <= (change - clock.now).total_seconds()


@given(st.floats(0, 100_000), st.integers(0, 2_000))
def test_no_header_tells_of_a_change_to_come_on_a_full_minute(before: float, minutes: int) -> None:
    change = NOON + timedelta(minutes=minutes)
    sooner, never = a_document(until=change), a_document(until=FAR)
    clock = Clock(NOON - timedelta(seconds=before))
    apps = [Application(Desk({FEED: document}), clock) for document in (sooner, never)]
    while clock.now < NOON:
        one, other = (ask(app) for app in apps)
        assert one == other
        clock.wait(before / 7 + 0.1)


def test_lifetimes_run_to_the_next_full_minute(desk: Desk, clock: Clock, get: Asking) -> None:
    desk.answers[FEED] = a_document(until=FAR)
    assert lifetimes(get()) == {"max-age": 59}
    clock.wait(20.7)
    assert lifetimes(get()) == {"max-age": 39}
    tag = get().headers["ETag"]
    clock.wait(39)
    assert get(if_none_match=tag).headers["Cache-Control"] == "public, max-age=0"
    clock.wait(0.3)
    assert lifetimes(get()) == {"max-age": 59}


def test_a_change_in_the_middle_of_a_minute_shortens_them_further(desk: Desk, clock: Clock, get: Asking) -> None:
    desk.answers[FEED] = a_document(until=NOON + timedelta(seconds=30))
    assert lifetimes(get()) == {"max-age": 29}
    clock.wait(29.5)
    assert lifetimes(get()) == {"max-age": 0}


def test_what_never_changes_at_its_address_keeps_its_full_lifetimes(desk: Desk, get: Asking) -> None:
    desk.answers[FEED] = a_document()
    assert lifetimes(get()) == {"max-age": 300, "stale-while-revalidate": 60, "stale-if-error": 86_400}


def test_a_document_is_asked_for_again_at_exactly_its_second(hot: Application, desk: Desk, clock: Clock) -> None:
    desk.answers[FEED] = a_document(until=NOON + timedelta(seconds=400))
    ask(hot)
    desk.answers[FEED] = a_document(b"the embargo is over")
    clock.wait(399.999_999)
    assert ask(hot).body == a_document().body
    clock.wait(0.000_001)
    assert ask(hot).body == b"the embargo is over"


@pytest.mark.parametrize("until", [None, FAR])
def test_an_answer_made_for_a_later_moment_is_never_used_for_an_earlier_one(
    hot: Application, desk: Desk, clock: Clock, until: datetime | None
) -> None:
    clock.wait(120 * 86_400)
    desk.answers[FEED] = a_document(b"not public yet", until=until)
    ask(hot)
    clock.wait(1.5)
    assert ask(hot).body == b"not public yet"
    clock.wait(-120 * 86_400)
    desk.answers[FEED] = a_document(b"public")
    assert ask(hot).body == b"public"


def test_it_is_no_last_resort_either(hot: Application, desk: Desk, clock: Clock) -> None:
    clock.wait(120 * 86_400)
    ask(hot)
    desk.edition += 1
    clock.wait(1)
    ask(hot)
    clock.wait(-120 * 86_400)
    desk.broken = True
    assert ask(hot).status == 503


class LeapingDesk(Desk):
    """While it answers for the first time, the clock leaps ahead, another reader is served, and the clock is back."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.hot = Application(self, clock)

    def answer(self, path: str, query: str, now: datetime) -> Answer:
        """What is public, and after NOON what is not public yet."""
        first = not self.asked
        self.asked.append((path, query))
        if first:
            self.clock.wait(120 * 86_400)
            assert ask(self.hot).body == b"not public yet"
            self.clock.wait(-120 * 86_400)
        return a_document(b"not public yet" if now > NOON else b"public", until=FAR)


def test_a_reader_is_not_given_what_a_faster_thread_made_for_a_later_moment(clock: Clock) -> None:
    desk = LeapingDesk(clock)
    for _ in range(2):
        assert ask(desk.hot).body == b"public"


def test_an_answer_is_good_for_every_moment_from_its_own_to_its_end(hot: Application, desk: Desk, clock: Clock) -> None:
    desk.answers[FEED] = a_document(until=FAR)
    for seconds in (0, 90, -89, 0.5, 30):
        clock.wait(seconds)
        assert lifetimes(ask(hot)) == {"max-age": 59 - clock.now.second}
    assert len(desk.asked) == 1


# -- what is kept ---------------------------------------------------------------------------------------------------


def test_a_document_is_asked_for_once_whatever_the_reader_accepts(hot: Application, desk: Desk) -> None:
    for coding in ("br", "gzip", "identity", "zstd, br;q=0.1"):
        ask(hot, accept_encoding=coding, sec_fetch_dest="document")
        ask(hot, accept_encoding=coding, method="HEAD")
    assert desk.asked == [(FEED, "")]


def test_a_change_is_seen_within_a_quarter_of_a_second(hot: Application, desk: Desk, clock: Clock) -> None:
    ask(hot)
    desk.change(FEED, a_document(b"new"))
    clock.wait(0.2)
    assert ask(hot).body == a_document().body
    clock.wait(0.05)
    assert ask(hot).body == b"new"


def test_a_change_drops_all_that_is_kept_at_once(hot: Application, desk: Desk, clock: Clock) -> None:
    ask(hot, FEED)
    ask(hot, PAGE)
    desk.change(FEED, a_document(b"new"))
    desk.answers[PAGE] = a_page(body=b"new too")
    clock.wait(1)
    assert (ask(hot, PAGE).body, ask(hot, FEED).body) == (b"new too", b"new")


def test_a_change_is_seen_though_the_clock_steps_back(hot: Application, desk: Desk, clock: Clock) -> None:
    ask(hot)
    desk.change(FEED, a_document(b"new"))
    clock.wait(-3_600)
    assert ask(hot).body == b"new"


def test_an_address_with_a_query_is_asked_for_every_time(hot: Application, desk: Desk) -> None:
    for _ in range(2):
        assert ask(hot, query="q=dam").status == 200
    assert desk.asked == [(FEED, "q=dam"), (FEED, "q=dam")]


@pytest.mark.parametrize("count", ["1", "30", "99", "100"])
def test_a_feed_of_so_many_releases_is_kept_beside_the_feed_itself(
    hot: Application, desk: Desk, clock: Clock, count: str
) -> None:
    query = f"count={count}"
    for _ in range(2):
        assert ask(hot, query=query).status == ask(hot).status == 200
    assert desk.asked == [(FEED, query), (FEED, "")]
    desk.change(FEED, a_document(b"new"))
    clock.wait(1)
    assert ask(hot, query=query).body == ask(hot).body == b"new"


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_a_frame_that_is_told_what_is_around_it_is_kept_beside_the_frame_itself(
    hot: Application, desk: Desk, theme: str
) -> None:
    desk.answers[FRAME] = a_page()
    for _ in range(2):
        assert ask(hot, FRAME, query=f"theme={theme}").status == ask(hot, FRAME).status == 200
    assert desk.asked == [(FRAME, f"theme={theme}"), (FRAME, "")]


@pytest.mark.parametrize(
    ("path", "query"),
    [
        *((FRAME, query) for query in ("theme=blue", "theme=dark&theme=dark", "theme=dark&x=1", "count=5")),
        *((path, "theme=dark") for path in (FEED, "/feeds/")),
        *(
            (FEED, query)
            for query in ("count=0", "count=101", "count=05", "count=5&q=dam", "count=5&count=5", "Count=5")
        ),
        *((PAGE, "count=5"), ("/feeds/all.html", "count=5"), ("/feeds/", "count=5")),
    ],
)
def test_no_other_query_is_kept(hot: Application, desk: Desk, path: str, query: str) -> None:
    desk.answers |= {"/feeds/all.html": a_page(), "/feeds/": a_page(), FRAME: a_page()}
    for _ in range(2):
        assert ask(hot, path, query=query).status == 200
    assert desk.asked == [(path, query), (path, query)]


def test_what_is_kept_with_a_count_stands_at_no_path_that_looks_like_it(hot: Application) -> None:
    assert ask(hot, query="count=5").status == 200
    for path in (f"{FEED}?count=5", f"{FEED}%3Fcount=5", f"{FEED}\xffcount=5"):
        assert ask(hot, path).status == 404


def test_unknown_addresses_leave_nothing_behind(hot: Application, desk: Desk) -> None:
    for number in range(1_000):
        ask(hot, f"/feeds/country/{number}.atom")
        ask(hot, "/feeds/old.atom")
    assert hot.size == 0


def test_what_is_kept_stays_within_its_bound_and_what_is_asked_for_stays_kept(clock: Clock) -> None:
    pages = {f"/{number}": a_page(body=os.urandom(20_000)) for number in range(300)}
    desk = Desk({FEED: a_document(), **pages})
    hot = Application(desk, clock, room=1_000_000)
    for number, path in enumerate(pages):
        ask(hot, FEED, accept_encoding="br")
        ask(hot, path, accept_encoding=("br", "gzip")[number % 2])
        assert hot.size <= 1_000_000
        if number % 50 == 49:
            desk.edition += 1
            clock.wait(1)
    assert desk.asked.count((FEED, "")) == 6


def test_a_document_too_large_to_keep_is_still_served(desk: Desk, clock: Clock) -> None:
    hot = Application(desk, clock, room=1_000)
    assert ask(hot, accept_encoding="gzip").status == ask(hot).status == 200
    assert hot.size == 0


def test_threads_that_share_the_hot_path_see_whole_answers(desk: Desk, clock: Clock) -> None:
    hot = Application(desk, clock, room=400_000)
    editions = {f"/{number}": [a_page(body=b"%d " % side * 5_000) for side in (1, 2)] for number in range(20)}
    desk.answers |= {path: sides[0] for path, sides in editions.items()}

    def reader(turn: int) -> bool:
        path = f"/{turn % 20}"
        coding = ("br", "gzip", "zstd", "identity")[turn % 4]
        if turn % 97 == 0:
            desk.change(path, editions[path][turn % 2])
            clock.wait(0.3)
        response = ask(hot, path, accept_encoding=coding)
        whole = DECODERS[response.headers.get("Content-Encoding", "identity")](response.body)
        return whole in {side.body for side in editions[path]}

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(reader, range(2_000)))


class SlowDesk(Desk):
    """Takes long for its first answer: until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.go_on = Event(), Event()

    def answer(self, path: str, query: str, now: datetime) -> Answer:
        """What stands at a path at the beginning."""
        answer = super().answer(path, query, now)
        if not self.began.is_set():
            self.began.set()
            assert self.go_on.wait(30)
        return answer


@pytest.mark.parametrize("seconds", [0, 1])
def test_an_answer_that_took_long_takes_no_newer_ones_place(clock: Clock, seconds: int) -> None:
    desk = SlowDesk()
    hot = Application(desk, clock)
    with ThreadPoolExecutor(1) as other:
        slow = other.submit(ask, hot)
        assert desk.began.wait(30)
        desk.change(FEED, a_document(b"new"))
        clock.wait(seconds)  # whether or not the change has been noticed
        assert ask(hot).body == b"new"
        desk.go_on.set()
        assert slow.result(30).body == b"new"
    assert ask(hot).body == b"new"


# -- when the newsroom cannot be read -------------------------------------------------------------------------------


def test_a_newsroom_that_cannot_be_read_says_when_to_come_again(desk: Desk, get: Asking) -> None:
    desk.broken = True
    response = get()
    assert (response.status, response.headers["Retry-After"]) == (503, "5")
    assert b"catalogue" not in response.body


def test_what_is_kept_is_served_while_the_newsroom_cannot_be_read(hot: Application, desk: Desk, clock: Clock) -> None:
    before = ask(hot)
    desk.broken = True
    clock.wait(3_600)
    assert ask(hot) == before


def test_the_last_good_answer_outlives_a_change_and_its_own_time(hot: Application, desk: Desk, clock: Clock) -> None:
    desk.answers[FEED] = a_document(until=NOON + timedelta(seconds=400))
    good = ask(hot)
    desk.edition += 1
    clock.wait(1)
    ask(hot, PAGE)
    desk.broken = True
    clock.wait(999)
    late = ask(hot, if_none_match='"other"')
    assert (late.status, late.body, late.headers["ETag"]) == (200, good.body, good.headers["ETag"])
    assert late.headers["Cache-Control"] == "public, max-age=0"


def test_a_broken_newsroom_is_asked_once_a_second_and_believed_when_it_is_back(
    hot: Application, desk: Desk, clock: Clock
) -> None:
    desk.answers[FEED] = a_document(until=NOON + timedelta(seconds=1))
    ask(hot)
    desk.broken = True
    clock.wait(2)
    for _ in range(10):
        ask(hot)
    assert len(desk.asked) == 2
    desk.broken = False
    desk.change(FEED, a_document(b"back"))
    clock.wait(1)
    assert ask(hot).body == b"back"


def test_what_is_gone_does_not_come_back_when_the_newsroom_breaks(hot: Application, desk: Desk, clock: Clock) -> None:
    ask(hot)
    desk.change(FEED, None)
    clock.wait(1)
    assert ask(hot).status == 404
    desk.broken = True
    assert ask(hot).status == 503


def test_a_fork_asks_for_itself(hot: Application, desk: Desk) -> None:
    assert desk.asked == []
    ask(hot)
    child = os.fork()
    if child == 0:
        os._exit(0 if ask(hot).status == 200 else 1)
    assert os.waitpid(child, 0)[1] == 0
