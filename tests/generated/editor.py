"""Release files as editors type them: in every kind of YAML scalar, with all kinds of dates, files, links and quirks.

Each draw knows by rules of its own what must be published, so that nothing of the program is asked what is right.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from random import Random

from tests.generated import alphabet

SHANGHAI = timezone(timedelta(hours=8))
"""The newsroom's zone, which had summers until 1991."""

OFFSETS = ("Z", "z", "+08:00", "-12:00", "+14:00", "+05:45", "-03:30", "+00:00")
PARAGRAPH = ("\n\n  ", "\n\n\n  ", "\n  \n  ")


MARK = "Zqx7"
"""A word that readers must see somewhere, or editors be told why not."""
RISKY = tuple(
    text.replace("MARK", MARK)
    for text in (
        *(
            "| a |\n|---|\n| x | MARK |",
            "| a | MARK |\n|---|\n| x | y |",
            "a | b\n--|--\nx | `y|MARK`",
            "| MARK |\n|---|",
        ),
        *("[MARK]: One", "[One]: MARK", "> [One]: /MARK", "See [One].\n\n[One]: MARK", "[One]: /a\n[One]: /MARK"),
        *("~~~ MARK here\nx\n~~~", "~~~\nx\n~~~ MARK", "    MARK\n\tMARK", "`` `MARK` ``"),
        *(
            "[^1]: MARK",
            "x[^1]\n\n[^1]: MARK",
            "[^1]\n\n[^1]: a\n\n[^1]: MARK",
            "x[^MARK]",
            "![x[^1]](a.png)\n\n[^1]: MARK",
        ),
        *(
            "<script>MARK</script>",
            "<style>MARK</style>",
            "<svg><text>MARK</text></svg>",
            "<MARK>",
            "<MARK x>",
            "</MARK>",
        ),
        *(
            "<math><mi>MARK</mi></math>",
            "<title>MARK</title>",
            "<select><option>MARK</select>",
            "<button>MARK</button>",
        ),
        *("![MARK](data:x)", "![MARK](a.png)", "[MARK](javascript:x)", "[MARK](ftp://e.org)", "[MARK]()", "[](MARK)"),
        *(
            "[MARK][none]",
            "[none][MARK]",
            "[MARK](a b)",
            "[MARK](<a",
            "[x](https://e.org MARK)",
            "<https://e.org MARK>",
        ),
        *("<table><tr><td>MARK</table>", "<p>MARK", "</div>MARK", "<![CDATA[MARK]]>", "<?MARK?>", "<!MARK>", "<p MARK"),
        *(
            "# MARK\n====",
            "MARK\n---",
            "# a\nMARK",
            "- MARK\n- x",
            "1. x\n2. MARK",
            "> MARK\nx",
            "* * *\nMARK",
            "#MARK",
        ),
        *(
            "&MARK;",
            "&#146;MARK",
            "*MARK_",
            "~MARK~",
            "~~MARK~~",
            "\\MARK",
            "MARK\\\nx",
            "a<br/>MARK",
            "<b>MARK",
            "www.MARK.org",
        ),
        *(
            "credit: MARK",
            "note: MARK",
            "rights： MARK",
            "x # MARK",
            "MARK: x",
            '"MARK" x',
            "<noscript>MARK</noscript>",
        ),
        *("<details><summary>MARK</summary>x</details>", "<ruby>a<rp>(</rp><rt>MARK</rt></ruby>", "<plaintext>MARK"),
    )
)
"""Blocks of Markdown as people type them who know it half."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A file as it was typed."""

    name: str
    raw: bytes
    texts: dict[str, str]
    """By field: plain text that must be published as it is."""
    moments: dict[str, datetime]
    """By field: ``published``, and ``updated`` if it was given."""
    body: str
    """What the text of the content must end with, without white space."""
    mentions: tuple[str, ...]
    """What the content must hold besides, without white space."""
    files: tuple[str, ...]
    """Titles of the files to download."""
    withdrawn: str
    """Why it was withdrawn; empty if it was not."""
    doubtful: dict[str, str]
    """By field: text typed carelessly or full of traps, of which anything may be published if a problem says so."""
    risky_body: str
    """Markdown in which something may be lost, if a problem says so; empty if the body is none of that kind."""


def canonical(text: str) -> str:
    """A text in NFC, without white space and byte order marks at its ends."""
    while (bare := text.strip().strip("\ufeff")) != text:
        text = bare
    return unicodedata.normalize("NFC", text)


def squeezed(text: str) -> str:
    """A text in NFC without white space."""
    return "".join(unicodedata.normalize("NFC", text).split())


class Editor:
    """Types releases, drawing from a random generator."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.fields: list[str] = []
        self.texts: dict[str, str] = {}
        self.doubtful: dict[str, str] = {}
        self.mentions: list[str] = []
        self.withdrawn = self.risky = ""

    def types(self, number: int) -> Typed:
        """One file: three of four are sound, the others typed carelessly."""
        self.fields, self.texts, self.doubtful, self.mentions = [], {}, {}, []
        self.withdrawn = self.risky = ""
        careless = self.chance(4)
        day = date(1992, 1, 1) + timedelta(self.random.randrange(12_000))
        moments = self.moments(day)
        for name, most in (("title", 5), ("summary", 9), ("dateline", 3), ("rights", 4), ("credit", 3)):
            if name in ("title", "summary") or self.chance(4):
                self.plain_text(name, most, careless=careless and self.chance(2))
        files = self.groups(moments["published"])
        if careless and self.chance(3):
            self.fields.append(f"body: |\n  {self.text(30, alphabet.HOSTILE)}\n")
            self.doubtful["body"] = body = ""
        elif careless:
            self.risky_body()
            self.doubtful["body"] = body = ""
        else:
            body = self.body() if self.chance(2) else squeezed(self.texts.get("summary", ""))
        if self.chance(20):
            body = self.withdrawal(moments["published"])
        self.random.shuffle(self.fields)
        return Typed(
            f"data/releases/{day.year}/{day}-number-{number}.yaml",
            self.file(), self.texts, moments, body, tuple(self.mentions), files, self.withdrawn,
            self.doubtful, "" if self.withdrawn else self.risky,
        )  # fmt: skip

    def chance(self, of: int) -> bool:
        """True once in ``of`` times."""
        return self.random.randrange(of) == 0

    # -- the file ---------------------------------------------------------------------------------------------------

    def file(self) -> bytes:
        """The fields, with comments, marks and line ends of all systems."""
        comment = self.random.choice(["", "", "# draft by J. # 2\n", "# 草稿\n", "\n"])
        mark = self.random.choice(["", "", "---\n", "\ufeff", "\ufeff---\n"])
        end = self.random.choice(["\n", "\n", "\r\n", "\r"])
        text = mark + comment + comment.join(self.fields)
        return text.replace("\n", end).encode()

    def moments(self, day: date) -> dict[str, datetime]:
        """When it was published, and perhaps updated."""
        found = {"published": self.moment("published", day)}
        if self.chance(4):
            found["updated"] = self.moment("updated", day + timedelta(self.random.randrange(2, 90)))
        return found

    def moment(self, name: str, day: date) -> datetime:
        """Types a field with a date, or with a date and a time."""
        comment = self.random.choice(["", "", "  # a working day", " # see the plan"])
        if self.chance(2):
            self.fields.append(f"{name}: {day}{comment}\n")
            return datetime.combine(day, time(), SHANGHAI)
        offset = self.random.choice(OFFSETS)
        clock = f"{self.random.randrange(24):02}:{self.random.randrange(60):02}"
        seconds = f":{self.random.randrange(60):02}" if self.chance(2) else ""
        self.fields.append(f"{name}: {day}{self.random.choice('Tt ')}{clock}{seconds}{offset}{comment}\n")
        return datetime.fromisoformat(f"{day}T{clock}{seconds or ':00'}{offset.upper()}")

    def groups(self, published: datetime) -> tuple[str, ...]:
        """Types fields that hold others, and returns the titles of the files among them."""
        later = published + timedelta(days=1)
        if self.chance(4):
            alt, caption = self.text(4), self.text(5)
            src = self.random.choice(
                ["https://e.org/a.jpg", "https://e.org/照片 1.jpg", "https://münchen.example/x?y=z&w"]
            )
            self.fields.append(
                f"image:\n  src: {src}\n  alt: {self.scalar(alt, 4)}  caption: {self.scalar(caption, 4)}  width: 1200\n"
            )
            self.mentions.append(squeezed(caption))
        if self.chance(6):
            note = self.text(6)
            self.fields.append(f"corrections:\n  - date: {later.isoformat()}\n    note: {self.scalar(note, 6)}")
            self.mentions.append(squeezed(note))
        if self.chance(6):
            self.fields.append(f"url: https://e.org/{self.random.choice(['a', '新闻', 'ö?q=a b&c#d', 'x%20y%zz'])}\n")
        if self.chance(6):
            person = self.quoted(self.text(3), 0)
            self.fields.append(f"contacts: [{{name: {person}, email: press@e.org}}, {{name: x}}]\n")
        if self.chance(6):
            self.fields.append("related: [https://e.org/a?b=c&d=e#f, 2021/another]\n")
        if self.chance(4):
            self.fields.append(self.random.choice(["countries: [CN, mongolia]\n", "countries:\n- MN  # here\n- cn\n"]))
        titles = [self.text(3) for _ in range(self.random.randrange(3))] if self.chance(3) else []
        if titles:
            items = (
                f"  - url: https://e.org/{number}.pdf\n    title: {self.scalar(title, 6)}    type: application/pdf\n"
                for number, title in enumerate(titles)
            )
            self.fields.append(f"attachments:\n{''.join(items)}")
        return tuple(map(canonical, titles))

    def withdrawal(self, published: datetime) -> str:
        """Types that the release is withdrawn, and why: that is the summary and the content from then on."""
        reason = self.text(6)
        date = (published + timedelta(days=400)).isoformat()
        self.fields.append(f"withdrawn:\n  date: {date}\n  reason: {self.scalar(reason, 4)}")
        self.withdrawn = canonical(reason)
        return squeezed(reason)

    # -- plain text -------------------------------------------------------------------------------------------------

    def plain_text(self, name: str, most: int, *, careless: bool) -> None:
        """Types a field of plain text: carelessly without quotes, or with what is hard to carry, or well."""
        if careless:
            text = self.text(most, self.random.choice([alphabet.YAML, alphabet.YAML, alphabet.SIGNS, alphabet.HOSTILE]))
            self.doubtful[name] = text
            written = f"{text}\n" if self.chance(2) else self.scalar(text, 2)
        elif name == "summary" and self.chance(5):
            first, second = self.text(most), self.text(most)
            self.texts[name] = f"{canonical(first)}\n\n{canonical(second)}"
            written = f"|-\n  {self.broken(first, 2)}{self.random.choice(PARAGRAPH)}{self.broken(second, 2)}\n"
        else:
            text = self.text(most)
            self.texts[name] = canonical(text)
            written = self.scalar(text, 2)
        self.fields.append(f"{name}: {written}")

    def text(self, most: int, rare: Sequence[str] = alphabet.SIGNS) -> str:
        """Words of all scripts, and some others, on one line."""
        words = [self.random.choice(rare if self.chance(3) else alphabet.WORDS) for _ in range(most)]
        text = words[0]
        for before, word in pairwise(words):
            near = is_wide(before[-1]) and is_wide(word[0])
            text += self.random.choice(["", "", "", "\u3000", " "] if near else [" ", " ", " ", " ", "  "]) + word
        text = text.strip()
        return text if len(squeezed(text)) > 1 else self.text(most, rare)

    def scalar(self, text: str, indent: int) -> str:
        """Writes a text as one of YAML's scalars, with the end of its last line."""
        style = self.random.randrange(5)
        if style == 0 and is_plain(text):
            return f"{text}\n"
        if style <= 2:
            return f"{self.quoted(text, indent)}\n"
        sign = self.random.choice(["|", "|-", "|+"] if style == 3 else [">", ">-", ">- # folded"])
        return f"{sign}\n{' ' * indent}{self.broken(text, indent)}\n"

    def quoted(self, text: str, indent: int) -> str:
        """Writes a text in quotes; without line breaks if ``indent`` is 0."""
        padded = self.random.choice(["", "", " "]) + text + self.random.choice(["", "", "  "])
        broken = self.broken(padded, indent) if indent else padded
        if self.chance(2):
            return "'" + broken.replace("'", "''") + "'"
        escaped = broken.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        letter = self.random.choice(text)
        if letter.isalpha() and "\n" not in broken:
            escaped = escaped.replace(letter, f"\\U{ord(letter):08x}", 1) if letter not in "tnU" else escaped
        return f'"{escaped}"'

    def broken(self, text: str, indent: int) -> str:
        """Breaks some lines where readers must not see it."""
        made = text[:1]
        for before, letter, after in zip(text, text[1:], f"{text[2:]} ", strict=False):
            if letter == " " and is_letter(before) and is_letter(after) and self.chance(6):
                made += "\n" + " " * indent
            elif is_wide_letter(before) and is_wide_letter(letter) and self.chance(9):
                made += "\n" + " " * indent + letter
            else:
                made += letter
        return made

    # -- the body -----------------------------------------------------------------------------------------------------

    def body(self) -> str:
        """Types a body in Markdown, and returns its text without white space."""
        blocks = [self.block() for _ in range(self.random.randrange(1, 5))]
        indent = self.random.choice(["  ", "    "])
        text = "\n\n".join(markdown for markdown, _ in blocks).replace("\n", f"\n{indent}")
        self.fields.append(f"body: {self.random.choice(['|', '|-', '| # Markdown'])}\n{indent}{text}\n")
        return "".join(squeezed(text) for _, text in blocks)

    def block(self) -> tuple[str, str]:
        """A block of Markdown, and its text."""
        one, two, three = (self.words(self.random.randrange(1, 6)) for _ in range(3))
        lines = self.random.choice([f"{one}\n{two}", f"{one} {two}", f"{one}  \n{two}", f"{one}\\\n{two}"])
        return self.random.choice([
            (lines, one + two),
            (f"{one} **work** {two}", f"{one}work{two}"),
            (f"{one} *work*, `a <b> *c*` {two}", f"{one}work,a <b> *c*{two}"),
            (f"See [{one}](https://e.org/a?b=c&d=e), {two}", f"See{one},{two}"),
            (f"- {one}\n- {two}\n  1. {three}", one + two + three),
            (f"1. {one}\n2. {two}", one + two),
            (f"> {one}\n> {two}", one + two),
            (f"## {one}\n\n{two}", one + two),
            (f"| {one} | {two} |\n|---|:-:|\n| x | {three} |", f"{one}{two}x{three}"),
            (f"```\n{one} <b>\n```", f"{one}<b>"),
            (f"{one} &eacute;&amp;&#65; H<sub>2</sub>O {two}", f"{one}é&AH2O{two}"),
            (f"{one} \\*not\\* \\_this\\_ 2 < 3 & 4 > 1", f"{one}*not*_this_2<3&4>1"),
        ])  # fmt: skip

    def risky_body(self) -> None:
        """Types a body with a block from which MARK may be lost, below a bar or in another way."""
        self.risky = "\n\n".join(self.random.sample([self.random.choice(RISKY), self.block()[0], self.block()[0]], 3))
        sign = self.random.choice(["|", "|-", ">", ">-", ""])
        indent = self.random.choice(["  ", "    "])
        if sign:
            written = f"{sign}\n{indent}" + self.risky.replace("\n", f"\n{indent}")
        elif self.chance(2):
            written = "'" + self.risky.replace("'", "''").replace("\n", f"\n{indent}") + "'"
        else:
            written = self.risky.replace("\n", f"\n{indent}")
        self.fields.append(f"body: {written}\n")

    def words(self, most: int) -> str:
        """Words that are nothing else in Markdown."""
        return " ".join(self.random.choice(alphabet.WORDS) for _ in range(most))


def is_plain(text: str) -> bool:
    """Whether a text may certainly stand without quotes: one that no rule of YAML could touch."""
    safe = all(letter.isalnum() or letter in " .,’“”()/%&–—…" for letter in text)
    return safe and text[0].isalpha() and text.lower() not in ("null", "n", "y") and "  " not in text


def is_letter(letter: str) -> bool:
    """Whether a break beside it is a space."""
    return letter.isalnum() and not is_wide(letter)


def is_wide_letter(letter: str) -> bool:
    """Whether a break between two of them is nothing."""
    return unicodedata.name(letter, "").startswith(("CJK UNIFIED", "HIRAGANA LETTER", "KATAKANA LETTER"))


def is_wide(letter: str) -> bool:
    """Whether it is Chinese or Japanese, or a sign that may be."""
    return unicodedata.east_asian_width(letter) in "WFHA" and not unicodedata.name(letter, "").startswith("HANGUL")
