"""A newsroom's own words: what is sound in its files counts, and the rest is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from feeds import content
from feeds.content.own_words import read_own_words
from feeds.i18n import known_messages
from feeds.model.vocabulary import OwnWords
from tests.makers import NEWSROOM, a_newsroom

LANGUAGES = ("en", "ar", "it", "zh-Hans", "zh-Hant")


def words_of(path: Path, **files: str | bytes) -> tuple[OwnWords, list[str]]:
    """What is read of these files: ``it="…"`` is it.po."""
    folder = path / "data"
    (folder / "locale").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        raw = text.encode() if isinstance(text, str) else text
        (folder / "locale" / (name if "." in name else f"{name}.po")).write_bytes(raw)
    found, problems = read_own_words(folder, LANGUAGES)
    assert not any(problem.fatal for problem in problems), "a bad file never holds anything back"
    return found, [str(problem) for problem in problems]


def test_translations_are_read_by_language(tmp_path: Path) -> None:
    arabic, english = 'msgid "Feeds"\nmsgstr "القنوات"\n', 'msgid "Feeds"\nmsgstr "Channels"\n'
    expected = {"ar": {"Feeds": ("القنوات",)}, "en": {"Feeds": ("Channels",)}}
    assert words_of(tmp_path, ar=arabic, en=english) == (expected, [])


def test_what_is_not_translated_is_counted_where_the_product_does_not_speak_the_language(tmp_path: Path) -> None:
    _, problems = words_of(tmp_path, it='msgid "Feeds"\nmsgstr "Canali"\n')
    number = len(known_messages())
    told = (
        f"data/locale/it.po: warning: {number - 1} of {number} messages are not translated: readers get them in English"
    )
    assert problems == [f"{told} (`feeds words it` adds those that are missing)"]


SOUND = '\nmsgid "Help"\nmsgstr "Aiuto"\n'
RELEASES = 'msgid "at most {n} release a month"\nmsgid_plural "at most {n} releases a month"\n'
IMAGE = 'msgid "Image: {credit}"\nmsgstr '
FEEDS = 'msgid "Feeds"\nmsgstr '


@pytest.mark.parametrize(
    ("language", "entry", "told"),
    [
        ("it", 'msgid "Feds"\nmsgstr "Canali"', "1:1: warning: no such message “Feds” (did you mean “Feeds”?)"),
        ("it", 'msgid "Xyz 123"\nmsgstr "x"', "1:1: warning: no such message “Xyz 123” (delete it; `feeds words it`"),
        ("it", 'msgctxt "menu"\nmsgid "Feeds"\nmsgstr "x"', "1:1: warning: no such message “Feeds” (delete it"),
        ("it", 'msgid "Feeds"\nmsgstr = "x"', "2:1: warning: is no line of a .po file (write msgid and msgstr"),
        ("it", 'msgstr "x"', "1:1: warning: is no message with its translation"),
        ("it", 'msgid "Feeds"\nmsgid "Help"\nmsgstr "x"', "1:1: warning: is no message with its translation"),
        ("it", '"x"', "1:1: warning: is no line of a .po file"),
        ("it", "Feeds: Canali", "1:1: warning: is no line of a .po file"),
        ("it", f'# mine\n\n{IMAGE}"Foto: {{credito}}"', "3:1: warning: “Foto: {credito}” has the field {credito}"),
        ("it", f'{IMAGE}"Foto {{x}}"', "which nobody fills (delete it: it may have {credit})"),
        ("it", f'{IMAGE}"Foto"', "“Foto” lacks the field {credit} (write it where"),
        ("it", f'{IMAGE}"Foto: {{credit.__class__}}"', "the field {credit.__class__}, which nobody"),
        ("it", f'{IMAGE}"Foto: {{credit!r:>99}}"', "the field {credit!r:>99}, which nobody fills"),
        ("it", f'{IMAGE}"Foto: {{credit"', "“Foto: {credit” has a brace that belongs to no field"),
        ("it", f'{IMAGE}"Foto: {{{{credit}}}}"', "has a brace that belongs to no field"),
        ("it", f'{FEEDS}"{{0}}{{}}"', "has the field {0}, {}, which nobody fills (delete it: it has no fields)"),
        ("it", f'{FEEDS}"Ca\\nnali"', "has a line break or a hidden character"),
        ("it", f'{FEEDS}"Ca\u202enali"', "has a line break or a hidden character"),
        ("it", f'#, fuzzy\n{FEEDS}"Canali"', "2:1: warning: “Feeds” is marked as a guess, and not used"),
        ("it", f'{RELEASES}msgstr[0] "{{n}}"', "“at most {n} release a month” must have 2 plural forms (write msgstr"),
        ("it", f'{RELEASES}msgstr[0] "{{n}}"\nmsgstr[1] ""', "must have 2 plural forms"),
        ("it", f'{RELEASES}msgstr[0] "{{n}}"\nmsgstr[1] "{{n}}"\nmsgstr[2] "{{n}}"', "must have 2 plural forms"),
        ("ar", f'{RELEASES}msgstr[0] "{{n}}"\nmsgstr[1] "{{n}}"', "6 plural forms (write msgstr[0] to msgstr[5]"),
        ("zh-Hans", f'{RELEASES}msgstr[0] "{{n}}"\nmsgstr[1] "{{n}}"', "must have one translation (write msgstr[0],"),
        ("it", 'msgid "at most {n} release a month"\nmsgstr "{n}"', "must have 2 plural forms"),
        ("it", 'msgid "Feeds"\nmsgid_plural "Feeds"\nmsgstr[0] "a"\nmsgstr[1] "b"', "“Feeds” must have one transl"),
        ("it", f'{RELEASES}msgstr[0] "uno"\nmsgstr[1] "molti"', "“molti” lacks the field {n}"),
        ("it", 'msgid "Feeds"\nmsgstr "a"\n\nmsgid "Feeds"\nmsgstr "b"', "4:1: warning: “Feeds” is translated twice"),
    ],
)  # fmt: skip
def test_a_fault_is_told_and_costs_no_other_message(tmp_path: Path, language: str, entry: str, told: str) -> None:
    found, problems = words_of(tmp_path, **{language: f"{entry}\n{SOUND}"})
    assert found[language]["Help"] == ("Aiuto",)
    problems = [each for each in problems if "messages are not translated" not in each]
    assert len(problems) == 1
    assert told in problems[0]
    assert problems[0].startswith(f"data/locale/{language}.po:")


def test_a_form_for_a_single_number_need_not_write_it(tmp_path: Path) -> None:
    forms = ("لا شيء", "واحد", "اثنان", "{n} بيانات", "{n} بيانًا", "{n} بيان")
    entry = RELEASES + "".join(f'msgstr[{number}] "{form}"\n' for number, form in enumerate(forms))
    assert words_of(tmp_path, ar=entry) == ({"ar": {"at most {n} release a month": forms}}, [])


def test_the_header_comments_and_obsolete_entries_are_passed_over(tmp_path: Path) -> None:
    header = 'msgid ""\nmsgstr ""\n"Language: xx_nonsense\\n"\n"Plural-Forms: nplurals=99; plural=n**n;\\n"\n'
    ours = '# mine\n#: somewhere.py:3\nmsgid ""\n"Fee"\n"ds"\nmsgstr ""\n"قن"\n"وات"\n'
    text = f'{header}\n{ours}#~ msgid "Old"\n#~ msgstr "x"\n'
    assert words_of(tmp_path, ar=text) == ({"ar": {"Feeds": ("قنوات",)}}, [])
    assert words_of(tmp_path, ar="\ufeff" + text.replace("\n", "\r\n")) == ({"ar": {"Feeds": ("قنوات",)}}, [])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("zh_Hant.po", "data/locale/zh_Hant.po: warning: “zh_Hant” is no language tag (call it zh-Hant.po)"),
        ("italian-words.po", "“italian-words” is no language tag (call it as in fr.po or zh-Hans.po)"),
        ("it.pot", "data/locale/it.pot: warning: is no .po file (move it out of this folder"),
        ("README.md", "data/locale/README.md: warning: is no .po file"),
        (
            "ko.po",
            "“ko” is not a language of this newsroom (add it to “languages:” in newsroom.yaml, or",
        ),
        ("zh-hant.po", "there is another file for “zh-Hant”"),
    ],
)
def test_a_file_with_another_name_is_told(tmp_path: Path, name: str, told: str) -> None:
    found, problems = words_of(
        tmp_path, **{name: 'msgid "Feeds"\nmsgstr "x"\n', "zh-Hant": 'msgid "Help"\nmsgstr "x"\n'}
    )
    assert [each for each in problems if told in each]
    assert list(found) == ["zh-Hant"]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"\xff\xfem\x00", "the file is UTF-16 text"),
        (b'msgid "Feeds"\nmsgstr "caf\xe9"\n', "2:12: warning: the file is not UTF-8 text"),
        (b'msgid "Feeds"\nmsgstr "a\x00b"\n', "an invisible control character (U+0000)"),
        (b"PK\x03\x04", "a file of a word processor"),
        (b"#" * 300_000, "the file has 300,000 bytes and may have 262,144"),
    ],
)
def test_a_file_that_is_no_text_is_told(tmp_path: Path, raw: bytes, told: str) -> None:
    found, problems = words_of(tmp_path, it=raw)
    assert found == {}
    assert told in problems[0]


def test_links_folders_and_backups_are_not_read(tmp_path: Path) -> None:
    words_of(tmp_path, **{"it.po~": "x", ".it.po.swp": "x"})
    outside = tmp_path / "outside.po"
    outside.write_text('msgid "Feeds"\nmsgstr "x"\n')
    (tmp_path / "data/locale/it.po").symlink_to(outside)
    (tmp_path / "data/locale/ar.po").mkdir()
    os.mkfifo(tmp_path / "data/locale/zh-Hant.po")
    found, problems = words_of(tmp_path)
    assert found == {}
    assert len(problems) == 3
    assert "is a link or leads through one" in problems[1]


@pytest.mark.parametrize("kind", ["link", "file"])
def test_a_folder_that_is_none_is_told(tmp_path: Path, kind: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/locale").symlink_to("/") if kind == "link" else (tmp_path / "data/locale").write_text("")
    found, problems = read_own_words(tmp_path / "data", LANGUAGES)
    assert found == {}
    assert f"data/locale: warning: is a {kind} (put " in str(problems[0])


def test_a_language_without_words_is_told_where_it_is_declared(tmp_path: Path) -> None:
    folder = a_newsroom(tmp_path, newsroom=NEWSROOM.replace("[en, zh-Hans, mn]", "[en, mn, en-GB, zh-Hans, zh-Hant]"))
    _, problems = content.read_newsroom(folder)
    told = "data/newsroom.yaml:4:37: warning: languages[4]: there are no words for the interface in “zh-Hant”:"
    advice = "its pages and feeds speak English (`feeds words zh-Hant` writes the file to translate)"
    assert [str(each) for each in problems] == [f"{told} {advice}"]
    (folder / "locale").mkdir()
    (folder / "locale/zh-Hant.po").write_text('msgid "Feeds"\nmsgstr "訂閱源"\n', encoding="utf-8")
    vocabulary, problems = content.read_newsroom(folder)
    assert ["locale/zh-Hant.po" in str(each) for each in problems] == [True]
    assert vocabulary is not None
    assert vocabulary.words("zh-Hant").say("Feeds") == "訂閱源"
    assert vocabulary.words("zh-Hans").say("Feeds") == "订阅源"


def test_the_file_to_fill_in_has_every_message_and_keeps_every_letter_of_the_editor(tmp_path: Path) -> None:
    new = content.words_file(None, "it")
    assert new.count("\nmsgid ") == len(known_messages())
    assert content.untranslated(new) == len(known_messages())
    assert words_of(tmp_path, it=new) == ({"it": {}}, [])
    mine = f'# Mine\n{FEEDS}"Canali"\n\nmsgid "Long gone"\nmsgstr "Perso"\n\n#~ msgid "x"\n#~ msgstr "y"\nbroken\n'
    grown = content.words_file(mine.encode(), "it")
    assert grown.startswith(mine)
    assert content.words_file(grown.encode(), "it") == grown
    assert content.untranslated(grown) == len(known_messages()) - 1
    assert content.untranslated(content.words_file(None, "fr-CA")) == 0
