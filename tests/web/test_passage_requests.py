"""Readers ask whether a passage is from a release, over HTTP: what is answered, and what is refused."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from feeds.model.passage import LONGEST
from feeds.publish.verification import MOST_BYTES
from feeds.web import passage_requests
from tests.application import Served
from tests.makers import NOW, TOMORROW, YESTERDAY, a_newsroom, yaml
from tests.web.desk import DECODERS

BODY = (
    "The dam was opened by the *Mayor* on [Monday](/releases/2021/road). It cost 4.5 million.[^1]\n\n[^1]: As meant.\n"
)
FILES = {
    "2021/2021-06-01-dam.yaml": yaml(
        title="New dam", published="2021-06-01", body=BODY, corrections=[{"date": YESTERDAY, "note": "It is higher."}],
    ),
    "2021/2021-06-01-dam.zh-Hans.yaml": yaml(
        title="新的大坝", summary="新的大坝已经向公众开放。", body="人们都很高兴。"
    ),
    "2021/2021-06-02-road.yaml": yaml(
        title="New road", published="2021-06-02", body="A road leads to the harbour now."
    ),
    "2021/2021-06-03-wall.yaml": yaml(
        title="New wall", published="2021-06-03", body="The wall keeps all the water out.",
        withdrawn={"date": YESTERDAY, "reason": "It does not."},
    ),
    "2021/2021-06-25-bridge.yaml": yaml(
        title="Bridge", published=TOMORROW, body="The bridge shall be built in the spring."
    ),
    "2021/2021-06-04-draft.yaml": yaml(
        title="Draft", published="2021-06-04", body="The tunnel shall be closed in the autumn.", draft=True,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    return Served(a_newsroom(tmp_path_factory.mktemp("verify"), FILES), NOW)


def sent(served: Served, passage: str = "", path: str = "/verify", **fields: Any) -> TestResponse:
    return served.client.post(path, data={"passage": passage, **fields}, content_type="multipart/form-data")


def verdict(response: TestResponse) -> str:
    found = re.search(r'<h2 id="answer">(.*?)</h2>', response.get_data(as_text=True))
    return unescape(found[1]) if found else ""


def releases(response: TestResponse) -> list[str]:
    return re.findall(r'<div class="note">\s*<p><a href="([^"]*)"', response.get_data(as_text=True))


def marked(response: TestResponse) -> list[str]:
    return [unescape(each).strip() for each in re.findall(r"<mark>(.*?)</mark>", response.get_data(as_text=True))]


WORD_FOR_WORD = "1 release says this, word for word."
NONE = "No release here says this."


def test_a_release_says_so_word_for_word_and_was_corrected_since(served: Served) -> None:
    response = sent(served, "“the dam was opened by the Mayor on Monday. It cost 4.5\nmillion”")
    assert (response.status_code, verdict(response), releases(response)) == (200, WORD_FOR_WORD, ["/releases/2021/dam"])
    text = response.get_data(as_text=True)
    assert "This release has been corrected since:" in text
    assert "It is higher." in text
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_a_release_nearly_says_so_and_what_it_does_not_say_is_marked(served: Served) -> None:
    response = sent(served, "The dam was opened by the Mayor on Sunday. It cost 4.5 million.")
    assert verdict(response).startswith("No release says exactly this.")
    assert releases(response) == ["/releases/2021/dam"]
    assert marked(response) == ["Sunday"]


@pytest.mark.parametrize("passage", ["Nobody ever said any of this here.", "of of of of of of", "<b>x</b> & y z 'w'"])
def test_none_says_so(served: Served, passage: str) -> None:
    response = sent(served, passage)
    assert (response.status_code, verdict(response), releases(response)) == (200, NONE, [])
    assert "<b>x" not in response.get_data(as_text=True)


def test_what_is_scheduled_or_a_draft_says_nothing_until_its_moment(served: Served) -> None:
    for passage in ("The bridge shall be built in the spring.", "The tunnel shall be closed in the autumn."):
        for near in (passage, passage.replace("shall", "will")):
            none = sent(served, near).get_data(as_text=True).replace(near, "")
            other = "What was never written by anybody at all here"
            assert none == sent(served, other).get_data(as_text=True).replace(other, "")
    served.clock.now = TOMORROW
    assert releases(sent(served, "The bridge shall be built in the spring.")) == ["/releases/2021/bridge"]
    served.clock.now = NOW


def test_a_withdrawn_release_is_named_for_its_very_words_alone_and_its_text_stays_unsaid(served: Served) -> None:
    response = sent(served, "The wall keeps all the water out")
    assert (verdict(response), releases(response)) == (WORD_FOR_WORD, ["/releases/2021/wall"])
    text = response.get_data(as_text=True)
    assert "Withdrawn on 23 June 2021:" in text
    assert "It does not." in text
    assert text.count("keeps all the water") == 1, "in the form, as it was sent"
    assert verdict(sent(served, "The wall keeps all the rain out of here, and the water")) == NONE


def test_a_file_is_taken_and_the_markdown_of_a_release_is_genuine(served: Served) -> None:
    for name in ("/releases/2021/dam.md", "/zh-Hans/releases/2021/dam.md", "/releases/2021/road.md"):
        twin = served.client.get(name).data
        response = sent(served, file=(io.BytesIO(twin), "copy.MD"))
        assert (verdict(response), releases(response)) == (WORD_FOR_WORD, [name.removesuffix(".md")]), name
    page = b"<script>x()</script><p>A road <b>leads</b> to<br>the harbour now."
    assert releases(sent(served, file=(io.BytesIO(page), "a.html"))) == ["/releases/2021/road"]
    assert releases(sent(served, "A road leads to the", file=(io.BytesIO(b""), ""))) == ["/releases/2021/road"]


def test_the_page_speaks_its_language_and_finds_every_language(served: Served) -> None:
    response = sent(served, "新的大坝已经向公众开放", path="/zh-Hans/verify")
    assert releases(response) == ["/zh-Hans/releases/2021/dam"]
    assert '<html lang="zh-Hans"' in response.get_data(as_text=True)
    assert "zh-Hans" in sent(served, "新的大坝已经向公众开放").get_data(as_text=True)


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ({"passage": "the dam"}, 400, "Give at least 3 words."),
        ({"passage": ""}, 400, "Give at least 3 words."),
        ({"passage": "dam " * (LONGEST // 4 + 1)}, 413, "This is too long: give at most 20,000 characters."),
        ({"passage": "x" * 3 * MOST_BYTES}, 413, "This is too long: give at most 20,000 characters."),
        ({"file": (io.BytesIO(b"x " * MOST_BYTES), "a.txt")}, 413, "This is too long"),
        ({"file": (io.BytesIO(b"%PDF-1.7 \xff\xfe a b c"), "a.pdf")}, 400, "This file is no plain text."),
        ({f"field{number}": "x" for number in range(20)}, 413, "This is too long"),
    ],
)
def test_what_cannot_be_looked_for_is_refused_with_the_reason(
    served: Served, given: dict[str, Any], status: int, said: str
) -> None:
    response = served.client.post("/verify", data=given, content_type="multipart/form-data")
    assert response.status_code == status
    assert said in response.get_data(as_text=True)


def test_only_the_page_itself_takes_anything(served: Served) -> None:
    for hot in range(2):
        form = served.client.get("/verify")
        assert (form.status_code, 'method="post"' in form.get_data(as_text=True)) == (200, True), hot
        for path in ("/verify", "/mn/verify"):
            assert served.client.open(path, method="PUT").headers["Allow"] == passage_requests.METHODS
            assert served.client.open(path, method="OPTIONS").headers["Allow"] == passage_requests.METHODS
        for path in ("/nowhere/verify", "/", "/search", "/feeds/all.atom"):
            assert served.client.post(path, data={"passage": "a b c"}).status_code in (404, 405), path
    unmeasured = served.client.post("/verify", input_stream=io.BytesIO(b"passage=a+b+c"))
    assert unmeasured.status_code in (400, 411)


@pytest.mark.parametrize(
    ("length", "statuses"), [("9" * 5_000, (413,)), ("9" * 12, (413,)), ("-1", (400, 411)), ("1e3", (400, 411))]
)
def test_a_length_that_cannot_be_is_refused(served: Served, length: str, statuses: tuple[int, ...]) -> None:
    environ = {"CONTENT_LENGTH": length, "CONTENT_TYPE": "application/x-www-form-urlencoded"}
    assert served.client.post("/verify", environ_overrides=environ).status_code in statuses


def test_a_few_are_answered_at_one_time(served: Served) -> None:
    taken = [passage_requests._free.acquire(blocking=False) for _ in range(passage_requests.AT_ONCE)]
    try:
        response = sent(served, "A road leads to the harbour")
        assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
        assert served.status("/verify") == 200
    finally:
        for _ in filter(None, taken):
            passage_requests._free.release()
    assert sent(served, "A road leads to the harbour").status_code == 200


def test_a_later_correction_of_a_secret_kind_is_not_told(tmp_path: Path) -> None:
    later = [{"date": NOW + timedelta(hours=1), "note": "It is secret."}]
    served = Served(
        a_newsroom(tmp_path, {"2021/2021-06-02-road.yaml": yaml(body="A road leads on.", corrections=later)}), NOW
    )
    assert "secret" not in sent(served, "A road leads on").get_data(as_text=True)
    assert verdict(sent(served, "It is secret.")) == NONE


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip", "identity"])
def test_a_page_that_nobody_keeps_is_compressed_too(served: Served, coding: str) -> None:
    asked: dict[str, Any] = {"headers": {"Accept-Encoding": coding}}
    verified = served.client.post("/verify", data={"passage": "The dam"}, content_type="multipart/form-data", **asked)
    for answer in (verified, served.client.get("/nothing", **asked)):
        assert answer.headers.get("Content-Encoding", "identity") == coding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert len(answer.data) == int(answer.headers["Content-Length"])
        assert b"</html>" in DECODERS[coding](answer.data)
