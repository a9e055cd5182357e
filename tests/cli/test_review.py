"""What subscribers will see of a change, told before anybody sees it."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from feeds.cli.check import untranslated
from feeds.cli.commands import group
from feeds.errors import FeedsError
from feeds.model.review import ChangeKind, Finding, ReleaseState, review
from feeds.model.selection import Selection
from tests.conftest import Program
from tests.makers import DAY, NOW, TOMORROW, YESTERDAY, a_newsroom, a_release, write, yaml

ALL = Selection("en")
CHINA, WAGES = Selection.of("en", {"country": ["cn"]}), Selection.of("en", {"topic": ["wages"]})


def known(id_: str = "dam", **changes: Any) -> ReleaseState:
    """A release as a newsroom has it."""
    given: dict[str, Any] = {
        "id": id_,
        "file": f"releases/{id_}.yaml",
        "language": "en",
        "path": f"2021/{id_}",
        "title": id_,
        "published": YESTERDAY,
        "updated": YESTERDAY,
        "withdrawn": False,
        "corrected": False,
        "terms": (),
        "entry": b"as it was",
        "text": "as it was",
    }
    given |= changes
    return ReleaseState(**({"appears": given["published"]} | given))


CHANGED: dict[str, Any] = {"entry": b"other", "text": "other"}


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, known(), ChangeKind.NEW),
        (known(), known(), ChangeKind.UNCHANGED),
        (known(), known(**CHANGED), ChangeKind.SILENT),
        (known(), known(**CHANGED, updated=NOW), ChangeKind.UPDATED),
        (known(), known(entry=b"other date", updated=NOW), ChangeKind.REANNOUNCED),
        (known(), known(**CHANGED, updated=NOW, withdrawn=True), ChangeKind.WITHDRAWN),
        (known(), None, ChangeKind.VANISHED),
        (known(), known(published=TOMORROW), ChangeKind.VANISHED),
        (None, known(published=TOMORROW), ChangeKind.SCHEDULED),
        (known(published=TOMORROW), known(published=TOMORROW), ChangeKind.UNCHANGED),
        (known(published=TOMORROW), known(published=TOMORROW + DAY, entry=b"later"), ChangeKind.SCHEDULED),
        (known(published=TOMORROW), None, ChangeKind.UNSCHEDULED),
        (known(published=TOMORROW), known(), ChangeKind.NEW),
        (known(), known(coming=TOMORROW), ChangeKind.SCHEDULED),
        (known(coming=TOMORROW), known(coming=TOMORROW), ChangeKind.UNCHANGED),
        (known(coming=TOMORROW), known(), ChangeKind.UNSCHEDULED),
        (known(updated=NOW), known(**CHANGED), ChangeKind.SILENT),
    ],
)
def test_what_becomes_of_a_release(before: ReleaseState | None, after: ReleaseState | None, kind: ChangeKind) -> None:
    (finding,) = review([before] if before else [], [after] if after else [], NOW)
    assert (finding.feed, finding.kind) == (ALL, kind)
    assert (finding.when is not None) == (kind is ChangeKind.SCHEDULED)


def test_each_feed_is_told_for_itself() -> None:
    before = known(terms=(("country", "cn"),))
    after = known(terms=(("topic", "wages"),), **CHANGED)
    found = {finding.feed: finding.kind for finding in review([before], [after], NOW)}
    assert found == {ALL: ChangeKind.SILENT, CHINA: ChangeKind.LEAVES, WAGES: ChangeKind.NEW}


def test_the_findings_are_in_one_order() -> None:
    releases = [known(id_) for id_ in ("c", "a", "b")]
    found = review([], releases, NOW)
    assert found == review([], releases[::-1], NOW)
    assert all(isinstance(finding, Finding) for finding in found)


# -- with git -------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, program: Program) -> Path:
    program("git")
    files = {
        "2021/2021-06-01-dam.yaml": yaml(published="2021-06-01", title="The dam", countries=["CN"]),
        "2021/2021-06-02-road.yaml": yaml(published="2021-06-02", title="The road"),
    }
    made = a_newsroom(tmp_path, files)
    git(made.parent, "init", "--quiet")
    commit(made, "Begin")
    return made


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all", ".")
    git(folder, "-c", "user.name=An Editor", "-c", "user.email=e@example.org", "commit", "--quiet", "-m", message)


def reviewed(folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(group, ["review", "--data", str(folder), "--json", *options])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, json.loads(result.stdout)


def kinds(said: dict[str, Any]) -> dict[str, list[str]]:
    return {feed["feed"]: [release["kind"] for release in feed["releases"]] for feed in said["feeds"]}


def test_no_change_is_nothing_to_see(folder: Path) -> None:
    lists = ("held_back", "announced_now", "warnings", "facets_gone", "former_feeds", "releases", "feeds")
    nothing = {"faulty": False, **{name: [] for name in lists}}
    assert reviewed(folder) == (0, nothing)
    result = CliRunner().invoke(group, ["review", "--data", str(folder)])
    assert "no change" in result.stdout


def test_a_new_a_scheduled_and_a_corrected_release(folder: Path) -> None:
    later = (datetime.now(UTC) + timedelta(days=9)).replace(microsecond=0)
    write(folder, "2021/2021-06-03-well.yaml", yaml(published="2021-06-03", topics=["wages"]))
    write(folder, "2021/2021-06-04-bridge.yaml", yaml(published=later))
    correction = {"date": "2021-06-05", "note": "Higher."}
    write(
        folder,
        "2021/2021-06-01-dam.yaml",
        yaml(published="2021-06-01", title="The dam", countries=["CN"], corrections=[correction]),
    )
    status, said = reviewed(folder)
    assert status == 0
    assert kinds(said) == {
        "/feeds/all.atom": ["updated", "new", "scheduled"],
        "/feeds/corrections.atom": ["new"],
        "/feeds/country/cn.atom": ["updated"],
        "/feeds/topic/wages.atom": ["new"],
    }


def test_a_release_with_an_old_date_is_announced_now_and_the_line_is_named(folder: Path) -> None:
    late = yaml(published="2020-10-12", title="Late")
    write(folder, "2020/2020-10-12-late.yaml", late)
    status, said = reviewed(folder)
    assert (status, kinds(said)) == (0, {"/feeds/all.atom": ["new"]})
    (problem,) = said["announced_now"]
    assert "2020-10-12-late.yaml: warning: announced: dated 2020-10-12, announced " in problem
    printed = CliRunner().invoke(group, ["review", "--data", str(folder)]).stdout
    assert "Late (releases/2020/2020-10-12-late.yaml)\n  new, dated 2020-10-12, announced now: /feeds/all" in printed
    line = problem.partition("“")[2].partition("”")[0]
    write(folder, "2020/2020-10-12-late.yaml", f"{late}{line}\n")
    status, said = reviewed(folder)
    assert (status, kinds(said), said["announced_now"]) == (0, {"/feeds/all.atom": ["new"]}, [])


def test_a_withdrawal_to_come_is_told_with_its_moment(folder: Path) -> None:
    later = (datetime.now(UTC) + timedelta(days=9)).replace(microsecond=0)
    gone = {"date": later, "reason": "Wrong."}
    write(folder, "2021/2021-06-02-road.yaml", yaml(published="2021-06-02", title="The road", withdrawn=gone))
    status, said = reviewed(folder)
    (found,) = (release for feed in said["feeds"] for release in feed["releases"])
    assert (status, found["kind"], datetime.fromisoformat(found["when"])) == (0, "scheduled", later)


def test_what_is_published_otherwise_than_written_is_told_once(folder: Path) -> None:
    write(
        folder, "2021/2021-06-02-road.yaml", yaml(published="2021-06-02", title="The road", body="See [x](#nowhere).")
    )
    status, said = reviewed(folder)
    (warning,) = said["warnings"]
    assert warning.startswith("data/releases/2021/2021-06-02-road.yaml:4:12: warning: body: “#nowhere” leads to no")
    assert (status, said["held_back"]) == (0, [])
    assert warning in CliRunner().invoke(group, ["review", "--data", str(folder)]).stdout
    commit(folder, "As it is")
    text = yaml(published="2021-06-02", title="The road", body="On.\\n\\nSee [x](#nowhere).")
    write(folder, "2021/2021-06-02-road.yaml", f"# moved\n{text}")
    assert reviewed(folder)[1]["warnings"] == []


def test_a_vanished_release_is_a_fault(folder: Path) -> None:
    (folder / "releases/2021/2021-06-02-road.yaml").unlink()
    status, said = reviewed(folder)
    assert (status, kinds(said)) == (1, {"/feeds/all.atom": ["vanished"]})


def test_a_renamed_release_is_a_fault_and_says_the_way_out(folder: Path) -> None:
    releases = folder / "releases/2021"
    (releases / "2021-06-02-road.yaml").rename(releases / "2021-06-02-way.yaml")
    status, said = reviewed(folder)
    assert (status, kinds(said)) == (1, {})
    (problem,) = said["held_back"]
    assert "“id: tag:example.org,2021-06-02:road”" in problem
    result = CliRunner().invoke(group, ["review", "--data", str(folder)])
    assert (result.exit_code, "held back" in result.stdout) == (1, True)


def test_a_date_moved_for_nothing_is_a_fault(folder: Path) -> None:
    write(folder, "2021/2021-06-02-road.yaml", yaml(published="2021-06-02", title="The road", updated="2021-06-09"))
    status, said = reviewed(folder)
    assert (status, kinds(said)) == (1, {"/feeds/all.atom": ["re-announced"]})


def test_any_revision_can_be_compared_with(folder: Path) -> None:
    write(folder, "2021/2021-06-03-well.yaml", yaml(published="2021-06-03"))
    commit(folder, "Add a release")
    assert reviewed(folder)[1]["feeds"] == []
    assert kinds(reviewed(folder, "--since", "HEAD~1")[1]) == {"/feeds/all.atom": ["new"]}


@pytest.mark.parametrize("revision", ["nothing-like-this", "--output=x", ""])
def test_a_revision_that_is_not_there_is_named(folder: Path, revision: str) -> None:
    result = CliRunner().invoke(group, ["review", "--data", str(folder), f"--since={revision}"])
    assert isinstance(result.exception, FeedsError)
    assert "no such revision" in str(result.exception)


def test_before_the_first_commit_all_is_new(tmp_path: Path) -> None:
    made = a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml()})
    git(made.parent, "init", "--quiet")
    status, said = reviewed(made)
    assert (status, kinds(said)["/feeds/all.atom"]) == (0, ["new"])


def test_in_a_newsroom_that_a_branch_adds_all_is_new(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "other.txt").write_text("other")
    commit(tmp_path, "Begin")
    made = a_newsroom(tmp_path, {"2021/2021-06-01-dam.yaml": yaml()})
    status, said = reviewed(made)
    assert (status, kinds(said)["/feeds/all.atom"]) == (0, ["new"])


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(group, ["review", "--data", str(tmp_path / "data")])
    assert isinstance(result.exception, FeedsError)
    assert "there is no such folder" in str(result.exception)


def test_a_folder_outside_git_is_named(tmp_path: Path) -> None:
    made = a_newsroom(tmp_path)
    result = CliRunner().invoke(group, ["review", "--data", str(made)])
    assert isinstance(result.exception, FeedsError)
    why = "so there is nothing to compare with (`git init` makes one)"
    assert str(result.exception) == f"{made} is in no git repository, {why}"


def test_changes_are_told_by_release_the_faulty_one_first(folder: Path) -> None:
    write(folder, "2021/2021-06-01-dam.yaml", yaml(published="2021-06-01", title="The tall dam", topics=["wages"]))
    write(
        folder,
        "2021/2021-06-03-well.yaml",
        yaml(published="2021-06-03", title="A well", countries=["CN", "MN"], topics=["wages"], genre="news"),
    )
    (folder / "releases/2021/2021-06-02-road.yaml").unlink()
    printed = CliRunner().invoke(group, ["review", "--data", str(folder)]).stdout
    assert printed.splitlines()[1:] == [  # the first line is the problem with the file that is gone
        "The road (releases/2021/2021-06-02-road.yaml)",
        "  vanished: /feeds/all.atom",
        "The tall dam (releases/2021/2021-06-01-dam.yaml)",
        "  changed in silence: /feeds/all.atom",
        "  leaves: /feeds/country/cn.atom",
        "  new: /feeds/topic/wages.atom",
        "A well (releases/2021/2021-06-03-well.yaml)",
        "  new: /feeds/all.atom, /feeds/country/cn.atom, /feeds/country/mn.atom and 2 more feeds",
    ]
    releases = reviewed(folder)[1]["releases"]
    assert [(each["title"], each["fault"]) for each in releases] == [
        ("The road", True),
        ("The tall dam", False),
        ("A well", False),
    ]
    assert releases[2]["changes"] == [
        {
            "kind": "new",
            "fault": False,
            "when": None,
            "announced_now": False,
            "feeds": [
                *("/feeds/all.atom", "/feeds/country/cn.atom", "/feeds/country/mn.atom"),
                *("/feeds/genre/news.atom", "/feeds/topic/wages.atom"),
            ],
        }
    ]


# -- what editors ask for besides -----------------------------------------------------------------------------------


def test_what_lacks_a_translation_is_listed_by_language(folder: Path) -> None:
    write(folder, "2021/2021-06-01-dam.mn.yaml", "title: Далан\nsummary: Далан.\n")
    output = CliRunner().invoke(group, ["check", "--data", str(folder), "--translations"]).output
    assert output.splitlines() == [
        "en: 0 of 2 to be translated",
        "zh-Hans: 2 of 2 to be translated",
        "  releases/2021/2021-06-02-road.yaml: The road",
        "  releases/2021/2021-06-01-dam.yaml: The dam",
        "mn: 1 of 2 to be translated",
        "  releases/2021/2021-06-02-road.yaml: The road",
    ]


def test_what_was_withdrawn_needs_no_translation() -> None:
    gone = a_release(withdrawn={"date": NOW, "reason": "Wrong."})
    assert untranslated({"a": (a_release(),), "b": (gone,)}, "mn") == {"a": a_release()}


def test_an_embargo_in_the_middle_of_a_minute_is_pointed_out(folder: Path) -> None:
    write(folder, "2021/2098-01-01-far.yaml", yaml(published="2098-01-01T09:30:00+08:00"))
    assert "minute" not in CliRunner().invoke(group, ["check", "--data", str(folder)]).output
    write(folder, "2021/2099-01-01-far.yaml", yaml(published="2099-01-01T09:30:01+08:00"))
    output = CliRunner().invoke(group, ["check", "--data", str(folder)]).output
    assert "data/releases/2021/2099-01-01-far.yaml: warning: published: comes in the middle of a minute" in output
    assert "2099-01-01T01:31:00Z" in output


def test_an_old_address_of_a_feed_that_leads_nowhere_any_longer_is_a_fault(folder: Path) -> None:
    newsroom = folder / "newsroom.yaml"
    before = newsroom.read_text(encoding="utf-8")
    newsroom.write_text(f"{before}feeds: {{/feed: all.rss, /rss: all.rss, /atom: all.atom}}\n", encoding="utf-8")
    commit(folder, "Lead old addresses on")
    newsroom.write_text(f"{before}feeds: {{/feed: all.rss, /rss: country/cn.rss, /new: all.atom}}\n", encoding="utf-8")
    code, said = reviewed(folder)
    assert (code, said["faulty"]) == (1, True)
    assert said["former_feeds"] == [
        {"path": "/atom", "before": "/feeds/all.atom", "after": None},
        {"path": "/rss", "before": "/feeds/all.rss", "after": "/feeds/country/cn.rss"},
    ]
    told = CliRunner().invoke(group, ["review", "--data", str(folder)]).stdout
    assert "gone /atom: this old address of a feed answers 404 (bring it back under “feeds:” in newsroom.yaml" in told
    assert "leads elsewhere /rss: to /feeds/country/cn.rss, before to /feeds/all.rss" in told


def test_an_old_address_of_a_feed_that_leads_elsewhere_is_no_fault(folder: Path) -> None:
    newsroom = folder / "newsroom.yaml"
    before = newsroom.read_text(encoding="utf-8")
    newsroom.write_text(f"{before}feeds: {{/rss: all.rss}}\n", encoding="utf-8")
    commit(folder, "Lead old addresses on")
    newsroom.write_text(f"{before}feeds: {{/rss: country/cn.rss}}\n", encoding="utf-8")
    assert reviewed(folder)[0] == 0
