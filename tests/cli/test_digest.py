"""`feeds digest`: one message of what is new, for the program of a mailing list; what was in one is in no other."""

from __future__ import annotations

import email
import re
import unicodedata
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from feeds.catalogue import catalogue_file, compile_folder
from feeds.cli.commands import group
from feeds.cli.digest import NOTHING_NEW
from feeds.memory import open_memory, save_copy
from feeds.publish.mailing import MOST, REMEMBERED
from tests.makers import BASE, a_newsroom, write, yaml

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)
UNSUBSCRIBE = "https://lists.example.org/leave?who={{ID}}&" + "x" * 300


class Desk:
    """A newsroom that is served, and the mailing list of one of its feeds."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = a_newsroom(path, {"2021/2021-06-01-dam.yaml": yaml(title="The dam", countries=["CN"])})
        self.state = path / "state"
        monkeypatch.setenv("FEEDS_STATE", str(self.state))
        monkeypatch.setenv("FEEDS_BASE_URL", BASE)
        self.location = catalogue_file(self.folder, BASE, self.state)

    def serve(self) -> None:
        """Has readers shown what there is."""
        compile_folder(self.folder, self.location, BASE, processes=1, now=datetime.now(UTC))

    def write(self, name: str, **fields: Any) -> None:
        write(self.folder, f"2021/{name}.yaml", yaml(**fields))

    def run(self, *arguments: str) -> Result:
        """The command, with its exit code."""
        given = ("--data", str(self.folder), "--from", "press@example.org", *arguments)
        return CliRunner().invoke(group, ["digest", *given])

    def mail(self, *arguments: str) -> EmailMessage:
        """The message."""
        done = self.run(*arguments)
        assert done.exit_code == 0, done.output
        return parsed(done.stdout_bytes)

    def nothing(self, *arguments: str) -> str:
        """What is said where there is none."""
        done = self.run(*arguments)
        assert (done.exit_code, done.stdout) == (NOTHING_NEW, "")
        return done.stderr


def parsed(raw: bytes) -> EmailMessage:
    """The message as an independent reader has it: nothing is wrong with it, and no line is longer than may be."""
    found = email.message_from_bytes(raw, policy=policy.default)
    assert isinstance(found, EmailMessage)
    assert not [defect for part in found.walk() for defect in part.defects]
    assert all(len(line) <= 998 for line in raw.split(b"\n"))
    assert raw.isascii()
    assert b"\r" not in raw
    return found


def text(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


def test_a_message_has_what_came_since_the_last_one_and_nothing_twice(desk: Desk) -> None:
    desk.serve()
    assert "The list begins now" in desk.nothing("--selection", "country/cn")
    desk.write("2021-06-02-road", title="The road", published=NOW - HOUR, countries=["CN"])
    desk.write("2021-06-02-elsewhere", title="Elsewhere", published=NOW - 2 * HOUR, countries=["MN"])
    for keep in (["--keep"], []):  # who only looks takes nothing away
        message = desk.mail("--selection", "/feeds/country/china.atom", *keep)
        assert message["Subject"] == "The road"
        assert "Elsewhere" not in text(message)
    assert "There is nothing new" in desk.nothing("--selection", "country/cn")
    desk.write("2021-06-01-dam", title="The dam", countries=["CN"], corrections=[{"date": NOW, "note": "Higher."}])
    message = desk.mail("--selection", "country/cn")
    assert message["Subject"] == "The dam"
    assert re.search(r"Correction, .*: Higher\.", text(message))
    desk.nothing("--selection", "country/cn")


def test_each_feed_has_its_own_last_message(desk: Desk) -> None:
    desk.serve()
    for feed in ("all", "country/cn"):
        desk.nothing("--selection", feed)
    desk.write("2021-06-02-road", title="The road", published=NOW - HOUR, countries=["CN"])
    assert [desk.mail("--selection", feed)["Subject"] for feed in ("all", "country/cn")] == ["The road"] * 2
    desk.nothing()


def test_what_is_scheduled_is_in_no_message_before_its_moment(desk: Desk) -> None:
    desk.serve()
    desk.nothing()
    desk.write("2021-06-02-road", title="The road", published=NOW - HOUR)
    plain = desk.run("--keep").stdout_bytes
    desk.write("2021-06-03-secret", title="Secret", published=NOW + HOUR)
    desk.write("2021-06-03-draft", title="Secret", published=NOW - HOUR, draft=True)
    desk.write(
        "2021-06-02-road", title="The road", published=NOW - HOUR, withdrawn={"date": NOW + HOUR, "reason": "It"}
    )
    full = desk.run("--keep").stdout_bytes
    assert without_moment(full) == without_moment(plain)


def without_moment(raw: bytes) -> bytes:
    """A message without what says when it was made."""
    boundary = parsed(raw).get_boundary() or ""
    return re.sub(rb"(?m)^(?:Date|Message-ID): .*\n", b"", raw.replace(boundary.encode(), b""))


def test_what_comes_late_and_what_is_withdrawn_are_told(desk: Desk) -> None:
    desk.write("2021-06-05-newer", title="Newer", published="2021-06-05")
    desk.serve()
    desk.nothing()
    desk.write("2021-06-03-late", title="Late", published="2021-06-03")
    desk.serve()
    assert desk.mail()["Subject"] == "Late"
    desk.write("2021-06-05-newer", title="Newer", published="2021-06-05", withdrawn={"date": NOW, "reason": "Wrong."})
    message = desk.mail()
    assert message["Subject"] == "Withdrawn: Newer"
    assert "Wrong." in text(message)
    desk.nothing()


def test_nothing_old_comes_up_when_something_newer_is_gone(desk: Desk) -> None:
    for number in range(REMEMBERED + 5):
        day = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=number)
        desk.write(f"2020-01-01-old-{number}", title=f"Old {number}", published=day)
    desk.serve()
    desk.nothing()
    for number in (REMEMBERED + 3, REMEMBERED + 4):
        (desk.folder / f"releases/2021/2020-01-01-old-{number}.yaml").unlink()
    desk.serve()
    desk.nothing()


def test_it_has_what_programs_of_mailing_lists_need(desk: Desk) -> None:
    message = desk.mail("--since", "2021-01-01", "--to", "cn@lists.example.org", "--unsubscribe", UNSUBSCRIBE)
    assert {name: str(message[name]) for name in message if name not in ("Date", "Message-ID", "Content-Type")} == {
        "From": "Test office <press@example.org>",
        "To": "cn@lists.example.org",
        "Subject": "The dam",
        "List-Id": "Test office <feeds-all.news.example.org>",
        "List-Archive": f"<{BASE}/feeds/all.html>",
        "List-Unsubscribe": f"<{UNSUBSCRIBE}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Content-Language": "en",
        "MIME-Version": "1.0",
    }
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert re.fullmatch(r"<feeds-all\.\d{8}T\d{6}\.\d{6}Z@news\.example\.org>", message["Message-ID"])
    assert abs(message["Date"].datetime - datetime.now(UTC)) < HOUR
    assert UNSUBSCRIBE in text(message)
    by_mail = desk.mail("--since", "2021-01-01", "--unsubscribe", "mailto:leave@lists.example.org")
    assert by_mail["List-Unsubscribe"] == "<mailto:leave@lists.example.org>"
    assert by_mail["List-Unsubscribe-Post"] is None


class Seen(HTMLParser):
    """What a mail program shows of HTML, and which addresses it names."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.addresses: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "title")
        self.addresses += [str(value) for name, value in attrs if name in ("href", "src")]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        self.text += data.split() if not self._hidden else []


def test_text_and_html_say_the_same_in_any_language(desk: Desk) -> None:
    desk.write("2021-06-01-dam.zh-Hans", title="新的大坝 <b> & 开放", summary="大坝已经向公众开放。")
    desk.write("2021-06-07-port", language="zh-Hans", title="港口", summary="港口的消息。", published="2021-06-07")
    message = desk.mail("--selection", "zh-Hans/all", "--since", "2021-01-01")
    assert message["Subject"].startswith("2篇新闻稿更新")
    assert str(message["List-Id"]).endswith("<zh-hans-feeds-all.news.example.org>")
    seen = Seen()
    seen.feed(text(message, "html"))
    for said in ("港口的消息。", "大坝已经向公众开放。", "测试局"):
        assert said in text(message)
        assert said in "".join(seen.text)
    assert "新的大坝<b>&开放" in "".join(seen.text)
    assert all(each.startswith("https://") for each in seen.addresses)
    assert f"{BASE}/zh-Hans/releases/2021/dam" in seen.addresses
    widest = max(text(message).split("\n"), key=len)
    assert sum(1 + (unicodedata.east_asian_width(each) in "WF") for each in widest) < 998


def test_a_message_has_room_for_so_many_and_names_the_page_with_the_others(desk: Desk) -> None:
    for number in range(MOST + 3):
        desk.write(
            f"2021-01-01-r-{number}",
            title=f"Nr {number}",
            published=datetime(2021, 1, 1, number % 24, number, tzinfo=UTC),
        )
    message = desk.mail("--since", "2020-12-01")
    assert message["Subject"] == f"{MOST + 4} new releases: The dam"
    assert text(message).count("/releases/2021/") == MOST
    assert f"4 more releases\n{BASE}/feeds/all.html" in text(message)


def test_a_message_goes_into_a_file_and_is_remembered_only_once_it_is_there(desk: Desk, tmp_path: Path) -> None:
    desk.serve()
    desk.nothing()
    desk.write("2021-06-02-road", title="The road", published=NOW - HOUR)
    failed = desk.run("--output", str(tmp_path / "none" / "a.eml"))
    assert failed.exit_code == 1
    assert desk.run("--output", str(tmp_path / "a.eml")).stdout == ""
    assert parsed((tmp_path / "a.eml").read_bytes())["Subject"] == "The road"
    desk.nothing()


def test_the_last_message_outlives_a_catalogue_and_goes_with_a_backup(desk: Desk, tmp_path: Path) -> None:
    desk.serve()
    desk.nothing()
    save_copy(desk.location.memory, tmp_path / "copy")
    desk.location.path.unlink()
    desk.serve()
    desk.nothing()
    with closing(open_memory(tmp_path / "copy")) as copied, closing(open_memory(desk.location.memory)) as own:
        query = "SELECT value FROM facts WHERE name = 'mailed /feeds/all.atom'"
        assert copied.execute(query).fetchone()
        assert own.execute(query).fetchone()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--selection", "country/none", "--since", "2021-01-01"), 1, "there is no feed"),
        (("--selection", "all?q=x", "--since", "2021-01-01"), 1, "there is no feed"),
        (("--since", "soon"), 1, "soon"),
        (("--since", "last"), 1, "readers have been shown nothing from here"),
        (("--to", "nobody"), 2, "no e-mail address"),
        (("--unsubscribe", "http://lists.example.org/"), 2, "write https"),
        (("--unsubscribe", "https://a b/"), 2, "write https"),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_reason(
    desk: Desk, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = desk.run(*arguments)
    assert done.exit_code == code
    assert said in f"{done.output}{done.exception}"


def test_somebody_has_to_write_it(desk: Desk) -> None:
    done = CliRunner().invoke(group, ["digest", "--data", str(desk.folder), "--since", "2021-01-01"])
    assert "--from" in str(done.exception)
