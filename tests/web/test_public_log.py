"""What everybody may read in the log of the server: nothing of what is scheduled, not even that there is anything."""

from __future__ import annotations

import logging
import re
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from feeds.catalogue import Catalogue, CatalogueFile, compile_folder, problem_rows
from feeds.catalogue.catalogue_file import open_to_write
from feeds.cli.commands import group
from feeds.cli.serve import greeting
from feeds.model.problems import Problem
from feeds.settings import Settings
from feeds.web.app import create_app
from tests.makers import BASE, DAY, NOW, TOMORROW, YESTERDAY, a_compiled, a_newsroom, write, yaml
from tests.servers import Servers

PUBLIC = {
    "2021/2021-06-01-dam.yaml": yaml(title="The dam", published="2021-06-01", countries=["CN"]),
    "2021/2021-06-01-dam.mn.yaml": yaml(title="Далан", published="2021-06-01"),
    "2021/2021-06-02-road.yaml": yaml(title="The road", published="2021-06-02"),
}
MERGER = "2021/2021-07-01-merger.yaml"
UNSAID = re.compile("merger|2021-07|2021-06-2[5-9]|2062|withdraw|correction|secret|scheduled|Atlantis", re.IGNORECASE)
"""What must not stand in any log."""

FAULTY = {
    "an unknown country": {MERGER: yaml(title="The merger", published=TOMORROW, countries=["Atlantis"])},
    "broken YAML": {MERGER: "title: The merger\npublished: 2021-07-01\nsummary: [\n"},
    "no date": {MERGER: "title: The merger\nsummary: It is secret.\n"},
    "a date that is none": {MERGER: yaml(title="The merger", published="2021-07-32")},
    "a field that is none": {MERGER: yaml(title="The merger", published=TOMORROW, colour="red")},
    "nothing in it": {MERGER: ""},
    "a draft": {MERGER: yaml(title="The merger", published=YESTERDAY, draft=True, countries=["Atlantis"])},
    "another suffix": {MERGER.replace(".yaml", ".yml"): yaml(title="The merger", published=TOMORROW)},
    "a name that is none": {"2021/The Merger.yaml": yaml(published=TOMORROW)},
    "a file too large": {MERGER: yaml(published=TOMORROW, body="secret " * 50_000)},
    "a character that no feed carries": {MERGER: yaml(published=TOMORROW, body="a&#x0b;merger")},
    "a translation of something public": {
        "2021/2021-06-02-road.mn.yaml": yaml(title="Зам", published=TOMORROW, countries=["Atlantis"])
    },
    "a translation without its original": {MERGER.replace(".yaml", ".mn.yaml"): yaml(published=TOMORROW)},
    "a translation that waits": {
        MERGER: yaml(title="The merger", published=TOMORROW, topics=["nothing"]),
        MERGER.replace(".yaml", ".mn.yaml"): yaml(title="Нэгдэл", published=TOMORROW),
    },
    "the address of something public": {"2021/2021-07-01-dam.yaml": yaml(title="The merger", published=TOMORROW)},
    "the moment of another one": {
        MERGER: yaml(title="The merger", published=TOMORROW),
        "2021/2021-07-02-secret.yaml": yaml(title="Another merger", published=TOMORROW),
    },
    "a withdrawal that leads nowhere": {
        MERGER: yaml(published=TOMORROW, withdrawn={"date": TOMORROW + DAY, "reason": "x", "replacement": "2021/no"})
    },
    "a correction that is not told": {
        MERGER: yaml(published=TOMORROW, corrections=[{"date": TOMORROW, "note": "It is secret."}])
    },
    "a correction of something public that will not be told": {
        "2021/2021-06-02-road.yaml": PUBLIC["2021/2021-06-02-road.yaml"]
        + 'corrections: [{"date": "2021-06-26", "note": "one"}, {"date": "2021-06-26", "note": "two"}]\n'
    },
}  # fmt: skip


class Said:
    """What a server says of a folder: its log at the start, its greeting, and /healthz."""

    def __init__(self, path: Path, files: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
        path.mkdir()
        self.settings = Settings(data=a_newsroom(path, files), state=path, base_url=BASE, watch="off")
        with caplog.at_level(logging.DEBUG, "feeds"):
            caplog.clear()
            self._client = create_app(self.settings, clock=lambda: NOW).test_client()
            self.log = [record.getMessage() for record in caplog.records]
        location = CatalogueFile(path / "greeted.sqlite")
        compile_folder(self.settings.data, location, BASE)
        with Catalogue(location.path).reading() as snapshot:
            self.greeting = [line.replace(str(path), "") for line in greeting(snapshot, self.settings, NOW)]
        self.health = self._client.get("/healthz").data


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_in_what_is_scheduled_is_told_to_editors_alone(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    plain = Said(tmp_path / "plain", PUBLIC, caplog)
    faulty = Said(tmp_path / "faulty", PUBLIC | FAULTY[name], caplog)
    assert faulty.log == plain.log
    assert faulty.greeting == plain.greeting
    assert faulty.health == plain.health
    checked = CliRunner().invoke(group, ["check", "--strict", "--data", str(faulty.settings.data)])
    assert checked.exit_code == 1
    assert any(f"data/releases/{file}" in checked.output for file in FAULTY[name])


def test_a_public_file_that_became_bad_is_named_without_what_stands_in_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    said = Said(tmp_path / "served", PUBLIC, caplog)
    withdrawn = {"dat": "2021-07-01", "reason": "It is secret."}
    write(said.settings.data, "2021/2021-06-02-road.yaml", yaml(title="The merger", withdrawn=withdrawn))
    write(said.settings.data, "2021/2021-06-01-dam.mn.yaml", yaml(title="Далан", countries=["Atlantis"]))
    caplog.clear()
    state = create_app(said.settings, clock=lambda: NOW).test_client().get("/healthz").get_json()
    names = ["data/releases/2021/2021-06-01-dam.mn.yaml", "data/releases/2021/2021-06-02-road.yaml"]
    advice = "is not taken up as it is, and stays as it last was (`feeds check` says what to put right)"
    assert [record.getMessage() for record in caplog.records] == [f"{name}: {advice}" for name in names]
    assert (state["problems"], state["files"]) == (2, names)


def test_where_only_editors_read_the_log_it_says_everything(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    data = a_newsroom(tmp_path, PUBLIC | FAULTY["an unknown country"])
    create_app(Settings(data=data, state=tmp_path, base_url=BASE, watch="off", log="full"), clock=lambda: NOW)
    assert "merger.yaml:4:13: countries[0]: no such country “Atlantis”" in caplog.text


def test_what_was_published_and_is_gone_is_told_in_full(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    said = Said(tmp_path / "served", PUBLIC, caplog)
    (said.settings.data / "releases/2021/2021-06-02-road.yaml").unlink()
    caplog.clear()
    create_app(said.settings, clock=lambda: NOW)
    assert "2021/road was published, and is gone (subscribers keep it" in caplog.text


def test_the_newsroom_s_own_files_are_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    said = Said(tmp_path / "served", PUBLIC, caplog)
    retired = "  retired: {date: 2021-07-01, successor: merger}\n"
    (said.settings.data / "topics.yaml").write_text(f"wages:\n  labels: {{en: Wages}}\n{retired}", encoding="utf-8")
    (said.settings.data / "genre.yaml").unlink()
    caplog.clear()
    create_app(said.settings, clock=lambda: NOW)
    log = "\n".join(record.getMessage() for record in caplog.records)
    assert "data/genre.yaml: there is no such file: its terms are used as they last were" in log
    assert not UNSAID.search(log)


def test_a_folder_that_cannot_be_opened_is_named_if_readers_know_of_what_is_in_it(tmp_path: Path) -> None:
    scheduled = {"2022/2022-01-01-merger.yaml": yaml(published=NOW + 300 * DAY)}
    bench = a_compiled(tmp_path, PUBLIC | scheduled)
    names = [f"data/releases/{name}" for name in ("202", "2021", "20210", "2022")]
    closed = [Problem(name, 0, 0, "", "cannot be opened: Permission denied", "look at it") for name in names]
    with closing(open_to_write(bench.location.path)) as database:
        problem_rows.replace(database, problem_rows.FOLDER, closed)
    with bench.catalogue.reading() as snapshot:
        assert [problem.file for problem in snapshot.problems.public(NOW)] == ["data/releases/2021"]


def test_while_it_serves_the_log_of_two_folders_that_differ_in_what_is_scheduled_is_the_same(
    tmp_path: Path, servers: Servers
) -> None:
    logs = []
    for name in ("plain", "wrong"):
        (tmp_path / name).mkdir()
        data = a_newsroom(tmp_path / name, PUBLIC)
        with servers.newsroom(data, workers=1, watch="poll") as server:
            if name == "wrong":
                for number, files in enumerate(FAULTY.values()):
                    for file, text in files.items():
                        later = text.replace(TOMORROW.isoformat(), "2126-07-01T09:30:00+08:00").replace(
                            "2021-06-26", "2126-06-26"
                        )
                        write(data, file.replace("merger", f"merger-{number}"), later)
            server.stderr.line("^http")
            write(data, "2021/2021-06-01-dam.yaml", yaml(title="The dam", countries=["Atlantis"]))
            server.stderr.line("WARNING feeds: data/releases/2021/2021-06-01-dam.yaml: ")
            log = str(server.stderr)
        assert not UNSAID.search(log)
        logs.append(re.sub(r"(?m)^\S+T\S+|:\d{5}\b|/(plain|wrong)\b|memory-\w+", "", log))
    assert logs[0] == logs[1]
