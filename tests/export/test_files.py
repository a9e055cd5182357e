"""Files are the same by name, whether they are a base with changes, columns, or all in one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from feeds.export.documents import MadeFile
from feeds.export.files import Columns, ExportedFile, Files
from feeds.export.kept_documents import KeptDocuments

NAMES = st.sampled_from("abcdef")
FILE = st.builds(
    ExportedFile,
    st.sampled_from(["00", "ff"]),
    st.integers(0, 2),
    st.integers(0, 2),
    st.just(()),
    st.sampled_from([200, 410]),
)
BY_NAME = st.dictionaries(NAMES, FILE)
CHANGES = st.lists(st.dictionaries(NAMES, FILE | st.none()), max_size=3)


def columns(files: dict[str, ExportedFile]) -> Columns:
    """Files as columns."""
    return Columns([*files], [*zip(*files.values(), strict=True)] or [()] * len(ExportedFile._fields))


def applied(files: dict[str, ExportedFile], changes: list[dict[str, ExportedFile | None]]) -> dict[str, ExportedFile]:
    for each in changes:
        files = {name: file for name, file in {**files, **each}.items() if file is not None}
    return files


@given(BY_NAME, CHANGES, CHANGES)
def test_changed_files_are_as_if_they_had_been_so_from_the_start(
    files: dict[str, ExportedFile],
    one: list[dict[str, ExportedFile | None]],
    other: list[dict[str, ExportedFile | None]],
) -> None:
    base = columns(files)
    found, beside = Files(base), Files(base)
    for each in one:
        found = found.changed(each)
    for each in other:
        beside = beside.changed(each)
    wanted, wanted_beside = applied(files, one), applied(files, other)
    assert dict(found) == wanted
    assert len(found) == len(wanted)
    assert {name for name in "abcdef" if name in found} == wanted.keys()
    assert dict(found.lengths()) == {name: file.length for name, file in wanted.items()}
    differing = {name for name in "abcdef" if wanted.get(name) != wanted_beside.get(name)}
    assert differing <= set(found.differing(beside))
    assert differing <= set(found.differing(Files(wanted_beside)))
    assert (found == beside) == (wanted == wanted_beside) == (found == Files(wanted_beside))
    again = Files(wanted_beside).as_changes_of(found)
    assert again == Files(wanted_beside)
    assert differing <= set(again.differing(found)) <= {name for each in (*one, *other) for name in each}


MADE = st.lists(
    st.builds(
        MadeFile,
        st.sampled_from(["/a", "/b", "/c"]),
        st.sampled_from("xyz"),
        FILE | st.none(),
        st.none() | st.just(("/there", 308)),
        st.just(frozenset()),
    ).map(lambda each: each if each.file else each._replace(name="")),
    unique_by=lambda each: each.path,
)


@given(st.lists(st.tuples(MADE, st.frozensets(st.sampled_from(["/a", "/b", "/c"]))), max_size=4))
def test_documents_are_what_was_made_last(history: list[tuple[list[MadeFile], frozenset[str]]]) -> None:
    documents, wanted = KeptDocuments(), dict[str, MadeFile]()
    for made, gone in history:
        new = {each.path: each for each in made}
        documents = documents.replaced(made, gone - new.keys())
        wanted = {path: each for path, each in wanted.items() if path not in gone} | new
    kept = KeptDocuments.from_data(documents.to_data())
    for each in (documents, kept):
        assert dict(each) == wanted
        assert each.paths == wanted.keys()
        assert len(each) == len(wanted)
        files = {path: made for path, made in wanted.items() if made.file and not made.moved}
        assert each.gone == {path: made.name for path, made in files.items() if made.file and made.file.status == 410}
        assert {*each.files} == {made.name for made in files.values()}
        assert {*each.with_files({"x"})} == {(path, "x") for path, made in files.items() if made.name == "x"}
        for name, file in each.files.items():
            assert file in [made.file for made in files.values() if made.name == name]
