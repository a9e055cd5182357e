"""`feeds new` makes a file that an editor only has to fill in; `feeds withdraw` and `feeds correct` add to one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from feeds.cli.commands import group
from feeds.errors import FeedsError
from feeds.settings import Settings
from feeds.web import create_app
from tests.cli.test_init import CITY, feeds, read, uncommented

PARIS = ZoneInfo("Europe/Paris")


def run(folder: Path, *arguments: str) -> str:
    """What a command prints. Raises its error."""
    done = CliRunner().invoke(group, [arguments[0], "--data", str(folder / "data"), *arguments[1:]])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A new newsroom of a city, with terms to choose from."""
    done = CliRunner().invoke(group, ["init", str(tmp_path), *CITY, "--yes"])
    assert done.exit_code == 0, done.output
    (tmp_path / "data/departments.yaml").write_text(
        "roads:\n  labels: {fr: Voirie, en: Roads}\nparks:\n  labels: {fr: Parcs}\nold:\n  labels: {fr: Ancien}\n"
        "  retired: {date: 2020-01-01}\n"
    )
    return tmp_path


def made(folder: Path, *arguments: str) -> tuple[Path, str]:
    """The path that `feeds new` prints, and the text there."""
    printed = run(folder, "new", *arguments)
    path = Path(printed.strip())
    return path, path.read_text("utf-8")


def today() -> str:
    return f"{datetime.now(PARIS):%Y-%m-%d}"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Le pont de l’Île ouvre : 3 jours de fête", "le-pont-de-lile-ouvre-3-jours-de-fete"),
        ("北京：新闻室开幕", "bei-jing-xin-wen-shi-kai-mu"),
        ("Шинэ гүүр", "shine-guur"),
        ("افتتاح الجسر", "ftth-ljsr"),
        ("UPPER & lower -- “quotes” #1", "upper-lower-quotes-1"),
        ("word " * 30, "word-word-word-word-word-word-word-word-word-word-word-word"),
    ],
)
def test_the_title_makes_name_and_place(city: Path, title: str, slug: str) -> None:
    path, text = made(city, title)
    assert path.relative_to(city / "data/releases").parts == (today()[:4], f"{today()}-{slug}.yaml")
    assert read(text)["title"] == title.strip()


def test_it_is_published_when_its_texts_are_written_and_every_example_is_right(city: Path, tmp_path: Path) -> None:
    path, text = made(city, "Pont")
    assert "summary: has no value" in run(city, "check")
    assert "# What it is about: parks (Parcs), roads (Voirie).\n# departments: [parks]\n" in text
    assert "# What it is about: FR (France).\n# countries: [FR]\n" in text
    written = uncommented(text).replace("\nsummary:\n", "\nsummary: Le pont ouvre.\n") + "  Le texte.\n"
    path.write_text(written, "utf-8")
    assert {*read(written)} >= {"departments", "countries", "image", "attachments", "draft", "aliases", "contacts"}
    assert "no problems" in run(city, "check")


def test_the_first_of_a_day_has_a_date_and_any_other_a_time(city: Path) -> None:
    (first,) = city.glob("data/releases/*/*.yaml")
    _, text = made(city, "Pont")
    moment = datetime.fromisoformat(read(text)["published"])
    assert abs(datetime.now(UTC) - moment) < timedelta(hours=1)
    assert moment.utcoffset() == datetime.now(PARIS).utcoffset()
    first.unlink()
    next(city.glob("data/releases/*/*pont.yaml")).unlink()
    _, text = made(city, "Pont")
    assert read(text)["published"] == today()


@pytest.mark.parametrize(
    ("at", "published"),
    [
        ("2026-12-01 09:30", "2026-12-01T09:30:00+01:00"),
        ("2027-07-01T09:30", "2027-07-01T09:30:00+02:00"),
        ("2026-12-01T09:30:00+08:00", "2026-12-01T09:30:00+08:00"),
        ("2026-12-01", "2026-12-01T00:00:00+01:00"),
    ],
)
def test_an_embargo_is_written_with_the_offset_of_the_newsroom(city: Path, at: str, published: str) -> None:
    path, text = made(city, "Pont", "--at", at)
    assert path.name == f"{at[:10]}-pont.yaml"
    assert read(text)["published"] == published


def test_language_slug_and_draft_are_written(city: Path) -> None:
    path, text = made(city, "New bridge", "--language", "EN", "--slug", "bridge", "--draft")
    assert path.name == f"{today()}-bridge.yaml"
    assert (read(text)["language"], read(text)["draft"]) == ("en", "true")
    assert "# departments: [parks]" in text
    assert "roads (Roads)" in text


def test_a_translation_states_what_differs_below_the_original_s_words(city: Path) -> None:
    original, text = made(city, "Pont")
    body = "  Le pont.\n\n  ## Programme\n\n  - Bal\n"
    text = text.replace(
        "summary:\n", "summary: Le pont ouvre.\ndateline: Port\nimage:\n  src: https://e.org/a.jpg\n  alt: Le pont\n"
    )
    original.write_text(text + body, "utf-8")
    path, text = made(city, "--translate", str(original), "en")
    assert path == original.with_suffix(".en.yaml")
    assert "# Pont\ntitle:\n\n# Le pont ouvre.\nsummary:\n\n# Port\n# dateline:\n" in text
    assert '# image:\n#   src: "https://e.org/a.jpg"\n#   alt: "Le pont"\n' in text
    assert text.endswith("# Le pont.\n#\n# ## Programme\n#\n# - Bal\nbody: |-\n")
    path.unlink()
    path, text = made(city, "Bridge", "--translate", f"{today()[:4]}/pont", "en", "--draft")
    path.write_text(text.replace("summary:\n", "summary: It opens.\n") + "  Text.\n")
    assert read(text)["title"] == "Bridge"
    assert "1 draft;" in run(city, "check")


def test_its_schema_is_named_where_there_is_one(city: Path) -> None:
    path, text = made(city, "Pont")
    (schema,) = re.findall(r"\$schema=(\S+)\n", text)
    assert (path.parent / schema).resolve() == city / "schemas/release.json"
    (city / "schemas/release.json").unlink()
    assert "$schema" not in made(city, "Deux")[1]


def test_it_is_opened_in_the_editor_of_the_environment(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    editor = city / "editor"
    editor.write_text('#!/bin/sh\necho "# edited" >> "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    assert made(city, "Pont", "--edit")[1].endswith("# edited\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "the title is missing"),
        (("🎉",), "no letters of which an address could be made"),
        (("\u200b",), "no letters of which"),
        (("x" * 301,), "at most 300 characters"),
        (("Pont", "--slug", "Le Pont"), "--slug: “Le Pont”: cannot be used"),
        (("Pont", "--slug", "newsroom-opens"), "has that address already"),
        (("Pont", "--language", "de"), "de is no language of this newsroom (it has fr, en"),
        (("Pont", "--at", "tomorrow"), "--at: “tomorrow” is not a date"),
        (("Pont", "--at", "2027-03-28 02:30"), "a time at which the clocks there change"),
        (("Pont", "--at", "2026-10-25 02:30"), "a time at which the clocks there change"),
        (("--translate", "nowhere.yaml", "en"), "nowhere.yaml: no release of"),
        (("--translate", "newsroom-open.yaml", "en"), "(did you mean "),
        (("--translate", "2026/newsroom-opens", "fr"), "is in fr already"),
        (("--translate", "2026/newsroom-opens", "en", "--slug", "x"), "leave --slug, --language, --at out"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_is_written(city: Path, arguments: tuple[str, ...], said: str) -> None:
    arguments = tuple(each.replace("2026/newsroom", f"{today()[:4]}/newsroom") for each in arguments)
    before = {path: path.read_bytes() for path in (city / "data").rglob("*.yaml")}
    with pytest.raises(FeedsError) as raised:
        run(city, "new", *arguments)
    assert said in str(raised.value)
    assert {path: path.read_bytes() for path in (city / "data").rglob("*.yaml")} == before


def test_no_file_is_overwritten(city: Path) -> None:
    path, _ = made(city, "Pont", "--at", "2030-01-01")
    path.write_text("mine")
    with pytest.raises(FeedsError, match="has that address already"):
        run(city, "new", "Pont", "--at", "2030-01-01")
    assert path.read_text() == "mine"


def test_without_a_newsroom_it_is_named(tmp_path: Path) -> None:
    done = feeds(tmp_path, "new", "Pont")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no newsroom here: data/newsroom.yaml is missing (`feeds init` makes one)" in done.stderr


# -- withdraw and correct -----------------------------------------------------------------------------------------


def published(city: Path, **fields: str) -> Path:
    """A release of the newsroom that readers know."""
    path = city / "data/releases/2021/2021-06-24-dam.yaml"
    path.parent.mkdir(exist_ok=True)
    stated: dict[str, Any] = {"title": "Dam", "published": "2021-06-24", "summary": "S"} | fields
    path.write_text("".join(f"{name}: {value}\n" for name, value in stated.items()) + "# end\n", "utf-8")
    return path


def page(city: Path, state: Path, path: str) -> str:
    client = create_app(Settings(data=city / "data", state=state, watch="off")).test_client()
    return client.get(path).get_data(as_text=True)


def test_a_withdrawn_release_says_so_to_readers_and_keeps_its_file(city: Path, tmp_path: Path) -> None:
    path = published(city)
    before = path.read_text()
    path.chmod(0o640)
    assert run(city, "withdraw", "2021/dam", "--reason", "The date was wrong.") == f"{path}\n"
    text = path.read_text()
    assert re.sub(r"withdrawn:\n  date: .*\n  reason: .*\n", "", text) == before
    moment = datetime.fromisoformat(read(text)["withdrawn"]["date"])
    assert abs(datetime.now(UTC) - moment) < timedelta(hours=1)
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(path.parent.glob(".*")) == []
    assert "The date was wrong." in page(city, tmp_path / "state", "/releases/2021/dam")
    assert "no problems" in run(city, "check")


def test_a_correction_is_shown_and_another_follows_it(city: Path, tmp_path: Path) -> None:
    path = published(city)
    run(city, "correct", str(path), "--note", "Nine workers, not ten.", "--at", "2021-06-25 09:00")
    run(city, "correct", str(path), "--note", "A typo.", "--minor", "--at", "2021-06-26T09:00:00Z")
    assert read(path.read_text())["corrections"] == [
        {"date": "2021-06-25T09:00:00+02:00", "note": "Nine workers, not ten."},
        {"date": "2021-06-26T09:00:00+00:00", "note": "A typo.", "major": "false"},
    ]
    shown = page(city, tmp_path / "state", "/releases/2021/dam")
    assert shown.index("Nine workers, not ten.") < shown.index("A typo.")


def test_a_translation_is_withdrawn_alone(city: Path, tmp_path: Path) -> None:
    published(city)
    translation = city / "data/releases/2021/2021-06-24-dam.en.yaml"
    translation.write_text("title: The dam\nsummary: S\n")
    run(city, "withdraw", str(translation), "--reason", "Wrong.", "--replacement", "2021/dam")
    assert "Wrong." in page(city, tmp_path / "state", "/en/releases/2021/dam")
    assert "Wrong." not in page(city, tmp_path / "state", "/releases/2021/dam")


@pytest.mark.parametrize(
    ("fields", "arguments", "said"),
    [
        ({}, ("withdraw", "2021/dam", "--reason", "\u200b"), "withdrawn.reason: has only characters"),
        ({}, ("withdraw", "2021/dam", "--reason", "x", "--replacement", "dam"), "withdrawn.replacement"),
        ({}, ("withdraw", "2021/dam", "--reason", "x", "--at", "2020-01-01"), "before the publication date"),
        ({"published": "2199-01-01"}, ("withdraw", "2021/dam", "--reason", "x"), "is not published yet"),
        ({"draft": "true"}, ("correct", "2021/dam", "--note", "x"), "is not published yet"),
        ({"withdrawn": "{date: 2021-06-25, reason: R}"}, ("withdraw", "2021/dam", "--reason", "x"), "is withdrawn"),
        ({"withdrawn": "{date: 2021-06-25, reason: R}"}, ("correct", "2021/dam", "--note", "x"), "is withdrawn"),
        ({"titel": "x"}, ("correct", "2021/dam", "--note", "x"), "put this right first"),
        ({}, ("correct", "2021/damm", "--note", "x"), "(did you mean 2021/dam?)"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_is_said_and_the_file_stays(
    city: Path, fields: dict[str, str], arguments: tuple[str, ...], said: str
) -> None:
    path = published(city, **fields)
    before = path.read_bytes()
    with pytest.raises(FeedsError) as raised:
        run(city, *arguments)
    assert said in str(raised.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("editor", ["false", "no-such-editor", "'unclosed"])
def test_an_editor_that_fails_is_told_with_the_file_that_is_there(
    city: Path, monkeypatch: pytest.MonkeyPatch, editor: str
) -> None:
    monkeypatch.setenv("VISUAL", editor)
    with pytest.raises(FeedsError, match=r"pont\.yaml is made, but could not be edited: .* \(open it yourself\)"):
        run(city, "new", "Pont", "--edit")
    assert next(city.glob("data/releases/*/*pont.yaml")).read_text("utf-8")


@pytest.mark.parametrize("arguments", [("Pont", "--at", ""), ("  ",)])
def test_an_empty_answer_is_no_answer(city: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises(FeedsError):
        run(city, "new", *arguments)


@pytest.mark.parametrize("sign", ["\x07", "\x1b", "\ufffe"])
def test_a_title_that_no_file_may_have_is_refused(city: Path, sign: str) -> None:
    with pytest.raises(FeedsError, match="has a character that no file may have"):
        run(city, "new", f"Pont{sign}")
    assert not list(city.glob("data/releases/*/*pont.yaml"))
