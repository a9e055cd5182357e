"""Faulty and hostile release files, and what must be said of each: the line, the column, and the words."""

from __future__ import annotations

from typing import NamedTuple

GOOD = "title: Conference\nsummary: What was said.\npublished: 2021-06-24\n"
"""Three sound lines; most cases add a fourth."""


class Case(NamedTuple):
    """``place`` is line and column of the problem, (0, 0) for the file as a whole, None for a sound file."""

    name: str
    raw: bytes
    place: tuple[int, int] | None
    words: str


def added(name: str, text: str, place: tuple[int, int] | None, words: str = "") -> Case:
    """GOOD and something below it, from line 4 on."""
    return Case(name, (GOOD + text).encode(), place, words)


def alone(name: str, text: str | bytes, place: tuple[int, int] | None, words: str = "") -> Case:
    """A whole file."""
    return Case(name, text if isinstance(text, bytes) else text.encode(), place, words)


SOUND = (
    alone("the three fields that matter", GOOD, None),
    alone("no newline at the end", GOOD.rstrip(), None),
    alone("a byte order mark", b"\xef\xbb\xbf" + GOOD.encode(), None),
    alone("line ends of Windows", GOOD.replace("\n", "\r\n"), None),
    alone("line ends of the old Mac", GOOD.replace("\n", "\r"), None),
    alone("document marks around it", f"---\n{GOOD}...\n", None),
    alone("a document mark too many", f"{GOOD}---\n", None),
    alone("comments only above", f"# draft by J.\n\n{GOOD}", None),
    alone("a list of one", "- slug: a\n  title: x\n  summary: y\n  published: 2021-06-24\n", None),
    alone("two documents", f"---\nslug: a\n{GOOD}---\nslug: b\n{GOOD}", None),
    alone("JSON", '{"title": "x", "summary": "y", "published": "2021-06-24"}', None),
    added("Norway", "topics: [NO]\n", None),
    added("an octal number", "dateline: 0123\n", None),
    added("a base-60 number", "dateline: 12:30:45\n", None),
    added("the word null in quotes", 'dateline: "null"\n', None),
    added("a guessed date", "dateline: 2021-06-24\n", None),
    added("infinity", "dateline: .inf\n", None),
    added("an ampersand inside a text", "dateline: Q&A and B&B & more\n", None),
    added("an exclamation inside a text", "dateline: Well done!\n", None),
    added("stars inside a text", "body: |\n  * one\n  *two*\n  &c\n  !important\n", None),
    added("tabs inside a block of text", "body: |\n  one\ttwo\n", None),
    added("a very long body", f"body: {'x' * 190_000}\n", None),
    added("emoji and combining letters", "dateline: \U0001f600 e\u0301 монгол 中国\n", None),
    added("right-to-left marks", "dateline: a\u200fb\n", None),
    added("a tab after the colon", "dateline:\tHuzhou\n", None),
    added("countries by alias", "countries: [mongolia, CN]\n", None),
    added("yes for true", "draft: yes\n", None),
    added("an escape that stands for a letter", 'dateline: "caf\\u00e9"\n', None),
)

ENCODING = (
    alone("UTF-16 with its mark", GOOD.encode("utf-16"), (1, 1), "UTF-16"),
    alone("UTF-16 big end first", b"\xfe\xff" + GOOD.encode("utf-16-be"), (1, 1), "UTF-16"),
    alone("UTF-16 without a mark", GOOD.encode("utf-16-le"), (1, 2), "U+0000"),
    alone("UTF-32", GOOD.encode("utf-32"), (1, 1), "UTF-16"),
    alone("Latin-1", GOOD.encode() + "dateline: Genève\n".encode("latin-1"), (4, 14), "not UTF-8"),
    alone("GB 18030", GOOD.encode() + "dateline: 湖州\n".encode("gb18030"), (4, 11), "not UTF-8"),
    alone("a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), (1, 1), "a picture"),
    alone("a ZIP archive", b"PK\x03\x04\x14\x00", (1, 1), "a ZIP archive"),
    alone("a NUL", GOOD.encode() + b"dateline: a\x00b\n", (4, 12), "U+0000"),
    alone("NULs where a crash left them", GOOD.encode() + b"\x00" * 64, (4, 1), "U+0000"),
    alone("a bell", GOOD.encode() + b"dateline: a\x07b\n", (4, 12), "U+0007"),
    alone("an escape character", GOOD.encode() + b"dateline: \x1b[31mred\n", (4, 11), "U+001B"),
    alone("DEL", GOOD.encode() + b"dateline: a\x7fb\n", (4, 12), "U+007F"),
    added("U+FFFE", "dateline: a\ufffeb\n", (4, 12), "U+FFFE"),
    alone("a surrogate in UTF-8", GOOD.encode() + b"dateline: \xed\xa0\x80\n", (4, 11), "not UTF-8"),
    alone("an overlong slash", GOOD.encode() + b"dateline: \xc0\xaf\n", (4, 11), "not UTF-8"),
    alone("half a letter at the end", GOOD.encode() + b"dateline: \xe4\xb8", (4, 11), "not UTF-8"),
    added("a line separator", "dateline: a\u2028b\n", (4, 12), "U+2028"),
    added("a paragraph separator", "dateline: a\u2029b\n", (4, 12), "U+2029"),
    added("NEL", "dateline: a\x85b\n", (4, 12), "U+0085"),
    added("a bell as escape", 'dateline: "a\\x07b"\n', (4, 11), "U+0007"),
    added("U+FFFE as escape", 'dateline: "a\\uFFFEb"\n', (4, 11), "U+FFFE"),
    added("NUL as escape", 'dateline: "a\\0b"\n', (4, 11), "U+0000"),
    added("an escaped surrogate", 'dateline: "a\\ud800b"\n', (4, 15), "stands for no character"),
    added("an escape beyond Unicode", 'dateline: "\\U00110000"\n', (4, 14), "stands for no character"),
    added("DEL as escape", 'dateline: "a\\x7fb"\n', (4, 11), "U+007F"),
    added("NEL as escape", 'dateline: "a\\Nb"\n', (4, 11), "U+0085"),
    added("a C1 control as escape", 'body: "a\\x92b"\n', (4, 7), "U+0092"),
    added("a control character in a name", '"a\\x07": b\n', (4, 1), "U+0007"),
)

GRAMMAR = (
    alone("an empty file", b"", (0, 0), "empty"),
    alone("only a byte order mark", b"\xef\xbb\xbf", (0, 0), "empty"),
    alone("only comments", "# nothing yet\n", (0, 0), "empty"),
    alone("only spaces", "  \n\n ", (0, 0), "empty"),
    alone("only document marks", "---\n---\n", (0, 0), "empty"),
    alone("a bare text", "Conference\n", (1, 1), "must be fields"),
    alone("a number", "42", (1, 1), "must be fields"),
    alone("a list of texts", "- Conference\n", (1, 3), "must be fields"),
    alone("an empty group", "{}", (0, 0), "empty"),
    alone("Markdown instead of YAML", "# Title\n\nText of the *release*.\n", (3, 1), "must be fields"),
    alone("HTML instead of YAML", "<html><body>x</body></html>", (1, 1), "HTML"),
    alone("a second colon", "title: SCORE: the conference\n", (1, 13), "second “: ”"),
    alone("a tab for indenting", "title: x\nimage:\n\tsrc: y\n", (3, 1), "a tab"),
    alone("double quotes never closed", 'title: "Conference\nsummary: x\n', (1, 8), "never closed"),
    alone("single quotes never closed", "title: 'Conference\nsummary: x\n", (1, 8), "never closed"),
    alone("quotes across documents", 'title: "a\n---\nb"\n', (1, 8), "never closed"),
    added("an apostrophe in single quotes", "dateline: 'Workers' day'\n", (4, 21), "after a closing quote"),
    added("text after quotes", 'dateline: "Huzhou" China\n', (4, 20), "after a closing quote"),
    added("a list never closed", "countries: [CN, MN\ntopics: [a]\n", (4, 12), "not closed"),
    added("a group never closed", "image: {src: x\ntopics: [a]\n", (4, 8), "not closed"),
    added("a bracket too many", "countries: [CN]]\n", (4, 16), "indented differently"),
    added("a bracket alone", "dateline: ]\n", (4, 11), "wrong place"),
    added("a comma alone", "dateline: , x\n", (4, 11), "wrong place"),
    added("a list on the line of its field", "countries: - CN\n", (4, 12), "a list that begins on the line"),
    added("a field further right", " dateline: Huzhou\n", (4, 2), "indented too far"),
    added("fields in two columns", "image:\n    src: x\n  alt: y\n", (6, 3), "indented differently"),
    added("a line that is no field", "Huzhou\n", (4, 1), "neither “name: value”"),
    added("a forgotten colon", "dateline Huzhou\ntopics: [a]\n", (4, 9), "a colon is missing"),
    added("a forgotten space after a colon", "dateline:Huzhou\n", (4, 10), "a space is missing"),
    added("an at sign", "dateline: @ilo\n", (4, 11), "cannot begin"),
    added("a backtick", "dateline: `x`\n", (4, 11), "cannot begin"),
    added("a per cent sign", "dateline: %5\n", (4, 11), "cannot begin"),
    added("a backslash in double quotes", 'dateline: "C:\\photos"\n', (4, 14), "backslash"),
    added("text beside the bar", "body: |Text\n  more\n", (4, 8), "text on the line of |"),
    added("a question mark", "dateline: ? x\n", (4, 11), "question mark"),
    added("a merge conflict", "<<<<<<< HEAD\ndateline: a\n=======\n", (4, 1), "merge conflict"),
    alone("a YAML directive", f"%YAML 1.1\n---\n{GOOD}", (1, 1), "begins with %"),
    alone("a TAG directive", f"%TAG ! tag:x.org,2021:\n---\n{GOOD}", (1, 1), "begins with %"),
    alone("an unknown version", f"%YAML 9.9\n---\n{GOOD}", (1, 1), "begins with %"),
    alone("a directive without a document", "%YAML 1.1\n", (2, 1), "outside of the fields"),
    alone("fields after the end", f"{GOOD}...\ndateline: x\n", (4, 1), "three dots"),
)

FORBIDDEN = (
    added("an anchor", "dateline: &a Huzhou\n", (4, 11), "begins with &"),
    added("an anchor on a list", "countries: &a [CN]\n", (4, 12), "begins with &"),
    added("an anchor on a name", "&a dateline: Huzhou\n", (4, 1), "begins with &"),
    added("an alias", "dateline: &a x\ncredit: *a\n", (4, 11), "begins with &"),
    added("an alias to nothing", "dateline: *score\n", (4, 11), "begins with *"),
    added("an alias for a name", "*score : x\n", (4, 1), "begins with *"),
    added("a star before a word", "dateline: *Huzhou* is a city\n", (4, 11), "begins with *"),
    added("a star alone", "dateline: * x\n", (4, 11), "begins with *"),
    added("an object of Python", "dateline: !!python/object/apply:os.system [id]\n", (4, 11), "begins with !"),
    added("a tag of YAML", "dateline: !!str Huzhou\n", (4, 11), "begins with !"),
    added("a tag of one's own", "dateline: !env HOME\n", (4, 11), "begins with !"),
    added("a tag with an unknown handle", "dateline: !x!y z\n", (4, 11), "begins with !"),
    added("a tag on a list", "countries: !!set [CN]\n", (4, 12), "begins with !"),
    added("a tag with nothing after", "dateline: !!null\n", (4, 11), "begins with !"),
    alone("a tag on the document", f"--- !!map\n{GOOD}", (1, 5), "begins with !"),
    added("a merge key", "<<: {dateline: x}\n", (4, 1), "merged"),
    alone("the billion laughs", "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", (1, 4), "begins with &"),
    alone("a list inside itself", "&a [*a]\n", (1, 1), "begins with &"),
    added("a name given twice", "title: Another\n", (4, 1), "given twice, first in line 1"),
    added("a name given twice inside", "image: {src: x, alt: y, src: z}\n", (4, 25), "first in line 4"),
    added("a doubled name below dots", f"{'.[' * 20}: {{a: b, a: c}}\n", (4, 50), "given twice, first in line 4"),
    added("a list for a name", "? [a, b]\n: c\n", (4, 3), "where a field's name belongs"),
    added("a group for a name", "{a: b}: c\n", (4, 1), "where a field's name belongs"),
    added("no name", ": c\n", (4, 1), "neither “name: value”"),
    added("null for a name", "null: c\n", (4, 1), "without a field's name"),
    added("a name of 10,000 letters", f"? {'k' * 10_000}\n: x\n", (4, 3), "no such field"),
    added("no value", "dateline:\n", (4, 1), "has no value"),
    added("null", "dateline: null\n", (4, 1), "has no value"),
    added("a tilde", "dateline: ~\n", (4, 1), "has no value"),
    added("empty quotes", 'dateline: ""\n', (4, 1), "has no value"),
    added("an empty block", "body: |\ntopics: [NO]\n", (4, 1), "has no value"),
    added("an empty item", "countries:\n  - CN\n  -\n", (6, 4), "has no value"),
    added("spaces in quotes", 'dateline: "  "\n', (4, 11), "is empty"),
)

BOMBS = (
    alone("25,000 brackets", "[" * 25_000, (1, 9), "more than 8 levels"),
    alone("256 kB of brackets", "[" * 256_000, (1, 9), "more than 8 levels"),
    alone("256 kB of braces", "{" * 256_000, (1, 10), "more than 8 levels"),
    alone("lists in lists", "- " * 100_000, (1, 17), "more than 8 levels"),
    alone("names of names", "? " * 100_000, (1, 19), "more than 8 levels"),
    alone("brackets closed again", "[" * 9 + "]" * 9, (1, 9), "more than 8 levels"),
    added("depth in a doubled field", f"title: {'[' * 25_000}\n", (4, 16), "more than 8 levels"),
    alone("groups by indenting", "".join(f"{' ' * n}a:\n" for n in range(700)), (9, 9), "more than 8 levels"),
    alone("too many values", "countries: [" + "CN," * 6_000 + "]\n", (0, 0), "more than 5,000 values"),
    alone("too many documents", "---\na\n" * 20_000, (0, 0), "more than 5,000 values"),
    alone("too many fields", "".join(f"a{n}: b\n" for n in range(6_000)), (0, 0), "more than 5,000 values"),
    alone("one name 40,000 times", "a: b\n" * 40_000, (2, 1), "given twice, first in line 1"),
    alone("4,000 unknown fields", "".join(f"summar{n}: b\n" for n in range(4_000)), (0, 0), "more problems"),
    added("4,000 unknown countries", f"countries: [{'Mongola,' * 4_000}]\n", (0, 0), "more problems"),
    added(
        "4,000 bell characters",
        f"topics: [{(chr(34) + chr(92) + 'a' + chr(34) + ',') * 4_000}]",
        (0, 0),
        "more problems",
    ),
    alone("4,900 fields without a value", "".join(f"a{n}:\n" for n in range(4_900)), (1, 1), "has no value"),
    added("60,000 items without a space", "countries:\n" + "  -x\n" * 50_000, (5, 3), "must be a list"),
    added("40,000 lines of text below a value", "topics:\n" + "x\n" * 40_000, (5, 1), "not indented"),
    added(
        "20,000 quotes that are not closed",
        "".join(f"a{n}: 'x\n" for n in range(20_000)),
        (5, 6),
        "after a closing quote",
    ),
    added("60,000 marks of direction", f"body: {chr(0x202E) * 60_000}\n", (4, 7), "cannot be seen"),
    added("15,000 fields in a text", "body: |\n" + "  draft: true\n" * 15_000, (5, 3), "too far"),
    added("4,000 comments beside texts", "partners:\n" + "- x #y\n" * 4_000, (4, 1), "no such field"),
    added("80,000 numbers in a line", "dateline: x" + " #1" * 80_000 + "\ncredit: [\n", (6, 1), "wrong place"),
    added("20,000 lines of hyphens", "---\n- - -\n" * 20_000, (0, 0), "more than 5,000 values"),
    added("a line of 1 MB", f"body: {'x' * 1_000_000}\n", (0, 0), "bytes"),
    added("a body that is too long", f"body: {'x' * 200_001}\n", (4, 7), "too long"),
    added(
        "a number of 5,000 digits",
        f"image: {{src: 'https://a.b/', alt: x, width: {'9' * 5_000}}}\n",
        (4, 45),
        "whole number",
    ),
    added("a year of 4,000 digits", f"year: {'9' * 4_000}\n", (4, 7), "below 2200"),
)

FIELDS = (
    alone("no summary", "title: x\npublished: 2021-06-24\n", (1, 1), "is missing"),
    alone("a misspelt summary", "title: x\npublished: 2021-06-24\nsumary: y\n", (3, 1), "did you mean summary?"),
    added("an unknown field", "wibble: y\n", (4, 1), "no such field"),
    alone("a date in words", "title: x\nsummary: y\npublished: 24 June 2021\n", (3, 12), "not a date"),
    alone("30 February", "title: x\nsummary: y\npublished: 2021-02-30\n", (3, 12), "no such date"),
    alone(
        "a time without its zone", "title: x\nsummary: y\npublished: 2021-06-24T09:00\n", (3, 12), "without its zone"
    ),
    alone("the year 9999", "title: x\nsummary: y\npublished: 9999-01-01\n", (3, 12), "implausible"),
    alone("a list for a title", "title: [x]\nsummary: y\npublished: 2021-06-24\n", (1, 8), "must be a text"),
    added("a text for a list", "countries: CN\n", (4, 12), "must be a list"),
    added("a text for a group", "image: photo.jpg\n", (4, 8), "must be a group of fields"),
    added("an unknown country", "countries: [CN, Mongola]\n", (4, 17), "did you mean MN?"),
    added("a country in Chinese", "countries: [蒙古国]\n", (4, 13), "did you mean MN?"),
    added("a country we do not serve", "countries:\n  - JP\n", (5, 5), "add it to countries.yaml"),
    added("an unknown genre", "genre: nws\n", (4, 8), "did you mean news?"),
    added("a group among countries", "countries: [{CN: MN}]\n", (4, 13), "must be a text"),
    added("an unknown language", "language: fr\n", (4, 11), "“fr” is not a language"),
    added("a picture without a description", "image: {src: 'https://a.b/c.jpg'}\n", (4, 8), "is missing"),
    added("a script for an address", "url: javascript:alert(1)\n", (4, 6), "not an absolute web address"),
    added(
        "a relative address",
        "image: {src: /a.jpg, alt: x}\n",
        (4, 14),
        "neither a file beside the release nor a web address",
    ),
    added("a size in words", "image: {src: 'https://a.b/', alt: x, width: wide}\n", (4, 45), "not a whole number"),
    added("a negative size", "image: {src: 'https://a.b/', alt: x, width: -1}\n", (4, 45), "must be above 0"),
    added("a draft, perhaps", "draft: perhaps\n", (4, 8), "neither true nor false"),
    added("a slug with capitals", "slug: SCORE\n", (4, 7), "small letters"),
    added("a slug that climbs", "slug: ../../etc/passwd\n", (4, 7), "small letters"),
    added("an id that another program gave", "id: https://a.b/?p=7\n", None),
    added("a tag address without a date", "id: tag:a.b:report\n", (4, 5), "tag address"),
    added("an id with a space before it", 'id: " report"\n', (4, 5), "spaces around it"),
    added("an id with a sign that nobody sees", 'id: "report\\u200b"\n', (4, 5), "nobody sees"),
    added("a former address of the newsroom itself", "aliases: [/feeds/all.atom]\n", (4, 11), "the newsroom itself"),
    added("a former address that climbs", "aliases: [/a/%2e%2e/b]\n", (4, 11), "a browser asks for"),
    added("a former address with a query", "aliases: ['/?p=7']\n", (4, 11), "former address of a release"),
    added("related to nothing", "related: [somewhere]\n", (4, 11), "neither a release"),
    added("updated too early", "updated: 2020-01-01\n", (4, 10), "before the publication date"),
    added(
        "corrected too early", "corrections:\n  - {date: 2020-01-01, note: x}\n", (5, 12), "before the publication date"
    ),
    added("an alias that is no address", "aliases: [old slug]\n", (4, 11), "address of a release"),
    added(
        "a media type in words", "attachments:\n  - {url: 'https://a.b/', title: x, type: pdf}\n", (5, 43), "media type"
    ),
    added("51 contacts", f"contacts: [{'{name: x},' * 51}]\n", (4, 11), "too long"),
)

HALF_SAVED = tuple(
    alone(f"half saved after {cut} bytes", GOOD.encode()[:cut], place, words)
    for cut, place, words in (
        (3, (1, 1), "must be fields"),
        (6, (1, 1), "has no value"),
        (12, (1, 1), "is missing"),
        (20, (2, 1), "neither “name: value”"),
        (50, (3, 1), "neither “name: value”"),
    )
)

CASES = SOUND + ENCODING + GRAMMAR + FORBIDDEN + BOMBS + FIELDS + HALF_SAVED
