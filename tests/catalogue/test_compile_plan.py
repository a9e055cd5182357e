"""What a compile plans to do, whatever the catalogue has and whatever lies in the folder."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.catalogue.compile_plan import LARGE_LOSS, FolderState, LastCompile, Plan, plan
from feeds.content import Signature, Signatures
from feeds.model.problems import Problem

FOLDER = Path("data")
DAM, DAM_MN, ROAD = "releases/2021/dam.yaml", "releases/2021/dam.mn.yaml", "releases/2022/road.yaml"
WRONG = Problem("data/topics.yaml", 1, 1, "", "wrong", "mend it")

_names = [
    f"releases/{year}/story-{n}{ending}.yaml" for year in (2021, 2022) for n in range(4) for ending in ("", ".mn")
]
_signatures = st.dictionaries(st.sampled_from(_names), st.integers(1, 3).map(lambda size: (size, 0, 0, 0)))


def signature(size: int = 1) -> Signature:
    return size, 0, 0, 0


def files(*paths: str) -> Signatures:
    return dict.fromkeys(paths, signature())


def many(count: int) -> Signatures:
    return files(*(f"releases/2021/story-{n}.yaml" for n in range(count)))


def originals(signatures: Signatures) -> set[str]:
    """The stories of these files: each original that is there."""
    return {path for path in signatures if ".mn." not in path}


def carried_out(known: LastCompile, todo: Plan) -> LastCompile:
    """What the catalogue has after the plan was carried out."""
    left = {path: mark for path, mark in known.files.items() if _story(path) not in todo.stories}
    for each in todo.read:
        left |= dict(each.files)
    return LastCompile(left, todo.problems)


def _story(path: str) -> str:
    return path.replace(".mn.", ".")


def test_a_new_story_is_read_with_its_translation() -> None:
    todo = plan(LastCompile({}), FolderState(FOLDER, files(DAM_MN, DAM, ROAD)))
    assert [each.story for each in todo.read] == [DAM, ROAD]
    assert [path for path, _ in todo.read[0].files] == [DAM, DAM_MN]
    assert all(each.new and not each.lost for each in todo.read)
    assert not todo.remove


def test_a_story_whose_original_is_gone_is_removed_and_its_translation_named() -> None:
    todo = plan(LastCompile(files(DAM, DAM_MN)), FolderState(FOLDER, files(DAM_MN)))
    assert (todo.read, todo.remove) == ((), (DAM,))
    assert "without its original" in todo.problems[0].message


def test_a_translation_that_comes_has_its_story_read_again_but_not_as_new() -> None:
    (story,) = plan(LastCompile(files(DAM)), FolderState(FOLDER, files(DAM, DAM_MN))).read
    assert (story.story, story.new) == (DAM, False)


def test_a_new_problem_of_the_folder_is_a_change_and_reads_nothing() -> None:
    todo = plan(LastCompile(files(DAM)), FolderState(FOLDER, files(DAM), problems=(WRONG,)))
    assert (todo.changed, todo.stories, todo.problems) == (True, (), (WRONG,))
    assert not plan(LastCompile(files(DAM), (WRONG,)), FolderState(FOLDER, files(DAM), problems=(WRONG,))).changed


def test_a_file_that_is_being_replaced_counts_as_it_last_was() -> None:
    known = LastCompile(files(DAM, ROAD))
    assert not plan(known, FolderState(FOLDER, files(ROAD), settled=files(DAM, ROAD))).changed


def test_more_than_half_of_many_releases_at_once_are_not_taken_to_be_gone() -> None:
    known = LastCompile(many(LARGE_LOSS))
    half = LARGE_LOSS // 2
    assert len(plan(known, FolderState(FOLDER, many(half))).remove) == half
    todo = plan(known, FolderState(FOLDER, many(half - 1)))
    assert (todo.read, todo.remove) == ((), ())
    assert "are gone at once" in todo.problems[0].message
    assert carried_out(known, todo).files == known.files


def test_lost_stories_are_rendered_again_from_what_they_last_were() -> None:
    known = LastCompile(many(LARGE_LOSS))
    todo = plan(known, FolderState(FOLDER, {}, restyled=True))
    assert len(todo.read) == LARGE_LOSS
    assert all(each.lost for each in todo.read)


def test_releases_that_were_moved_are_no_large_loss() -> None:
    known = LastCompile(many(LARGE_LOSS))
    moved = {path.replace("2021", "2022"): mark for path, mark in known.files.items()}
    todo = plan(known, FolderState(FOLDER, moved))
    assert len(todo.remove) == len(todo.read) == LARGE_LOSS
    assert all(each.new for each in todo.read)


@given(known=_signatures)
@settings(deadline=None)
def test_an_unchanged_folder_plans_nothing(known: Signatures) -> None:
    before = carried_out(LastCompile({}), plan(LastCompile({}), FolderState(FOLDER, known)))
    todo = plan(before, FolderState(FOLDER, known))
    assert (todo.read, todo.remove, todo.changed) == ((), (), False)


@given(known=_signatures, found=_signatures, restyled=st.booleans())
@settings(deadline=None)
def test_a_plan_that_was_carried_out_leaves_nothing_to_do(known: Signatures, found: Signatures, restyled: bool) -> None:
    before = carried_out(LastCompile({}), plan(LastCompile({}), FolderState(FOLDER, known)))
    after = carried_out(before, plan(before, FolderState(FOLDER, found, restyled=restyled)))
    assert not plan(after, FolderState(FOLDER, found)).changed
    assert originals(after.files) == originals(found)
    assert all(after.files[path] == found[path] for path in after.files)


@given(known=_signatures, found=_signatures, data=st.data())
@settings(deadline=None)
def test_the_order_of_files_changes_nothing(known: Signatures, found: Signatures, data: st.DataObject) -> None:
    last, now = (dict(data.draw(st.permutations(list(each.items())))) for each in (known, found))
    assert plan(LastCompile(last), FolderState(FOLDER, now)) == plan(LastCompile(known), FolderState(FOLDER, found))


@given(known=_signatures, found=_signatures)
@settings(deadline=None)
def test_a_story_is_planned_exactly_if_one_of_its_files_differs(known: Signatures, found: Signatures) -> None:
    before = carried_out(LastCompile({}), plan(LastCompile({}), FolderState(FOLDER, known)))
    todo = plan(before, FolderState(FOLDER, found))
    differ = {_story(path) for path in {*before.files, *found} if before.files.get(path) != found.get(path)}
    assert set(todo.stories) == differ & (originals(before.files) | originals(found))


@given(known=_signatures, found=_signatures)
@settings(deadline=None)
def test_a_new_style_reads_every_story(known: Signatures, found: Signatures) -> None:
    todo = plan(LastCompile(known), FolderState(FOLDER, found, restyled=True))
    assert {each.story for each in todo.read} == originals(found)
    assert todo.changed


@given(known=_signatures, found=_signatures, restyled=st.booleans(), data=st.data())
@settings(deadline=None)
def test_a_file_that_is_being_saved_is_left_for_later(
    known: Signatures, found: Signatures, restyled: bool, data: st.DataObject
) -> None:
    moving = data.draw(st.sets(st.sampled_from(sorted(found)))) if found else set()
    settled = {path: mark for path, mark in found.items() if path not in moving}
    before = carried_out(LastCompile({}), plan(LastCompile({}), FolderState(FOLDER, known)))
    todo = plan(before, FolderState(FOLDER, found, settled=settled, restyled=restyled))
    saving = {path for path in moving & before.files.keys() if found[path] != before.files[path]}
    assert saving.isdisjoint(path for each in todo.read for path, _ in each.files)
    assert saving.isdisjoint(todo.remove)
    new = moving - before.files.keys()
    assert new.isdisjoint(path for each in todo.read for path, _ in each.files)
    # When it lies still, all of it is there as if it had never moved.
    after = carried_out(before, todo)
    assert carried_out(after, plan(after, FolderState(FOLDER, found))).files == (
        carried_out(before, plan(before, FolderState(FOLDER, found))).files
    )


@given(known=_signatures, found=_signatures)
@settings(deadline=None)
def test_nothing_of_a_folder_that_cannot_be_opened_is_touched(known: Signatures, found: Signatures) -> None:
    closed = "releases/2022"
    before = carried_out(LastCompile({}), plan(LastCompile({}), FolderState(FOLDER, known)))
    seen = {path: mark for path, mark in found.items() if not path.startswith(closed)}
    todo = plan(before, FolderState(FOLDER, seen, closed=(closed,)))
    assert not [story for story in todo.stories if story.startswith(closed)]
    open_ = plan(before, FolderState(FOLDER, seen))
    assert set(todo.stories) == {story for story in open_.stories if not story.startswith(closed)}


@given(lost=st.integers(LARGE_LOSS // 2 + 1, LARGE_LOSS), came=st.integers(0, 3), restyled=st.booleans())
@settings(deadline=None)
def test_a_large_loss_removes_nothing(lost: int, came: int, restyled: bool) -> None:
    known = LastCompile(many(LARGE_LOSS))
    left = dict(list(known.files.items())[lost:])
    new = files(*(f"releases/2022/new-{n}.yaml" for n in range(came)))
    todo = plan(known, FolderState(FOLDER, {**left, **new}, restyled=restyled))
    if lost - came > LARGE_LOSS // 2:
        assert not todo.remove
        assert {each.story for each in todo.read if each.lost} == (known.files.keys() - left if restyled else set())
        assert carried_out(known, todo).files.keys() == known.files.keys() | new.keys()
    else:
        assert len(todo.remove) == lost
