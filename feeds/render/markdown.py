"""Turns Markdown into safe HTML, without scripts and styles and with absolute addresses.

Only this module knows the Markdown engine and the sanitizer. `body_html` decides what becomes of each element between
the two.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from html.entities import html5
from urllib.parse import quote, urlsplit

import comrak
import nh3

from feeds.render import lost_markdown, raw_html, running_text
from feeds.render.body import Body, FileLink, MarkdownSource, MarkupError
from feeds.render.body_html import publishable
from feeds.render.references import LINK_SCHEMES

LONGEST = 2_000_000
"""Characters of HTML that a body can become."""
MOST_COLUMNS = 100
"""Columns of a table; the time that the engine takes grows with their square."""

_EXTENSIONS = comrak.ExtensionOptions()
_EXTENSIONS.cjk_friendly_emphasis = True
_EXTENSIONS.footnotes = True
_EXTENSIONS.strikethrough = True
_EXTENSIONS.table = True
_PARSING = comrak.ParseOptions()
_RENDERING = comrak.RenderOptions()
_RENDERING.unsafe_ = True
_RENDERING_POSITIONS = comrak.RenderOptions()
_RENDERING_POSITIONS.unsafe_ = True
_RENDERING_POSITIONS.sourcepos = True

_SANITIZER = nh3.Cleaner(
    tags=set(raw_html.KEPT),
    attributes=raw_html.ATTRIBUTES,
    url_schemes=set(LINK_SCHEMES),
    url_relative="deny",
    link_rel=None,
)

# HTML section 13.5: some names of characters need no semicolon.
_NO_SEMICOLON = "|".join(sorted((name for name in html5 if not name.endswith(";")), key=len, reverse=True))
_MARKUP_LIKE = re.compile(rf"<(?=[A-Za-z/!?])|&(?=#[0-9]|#[xX][0-9A-Fa-f]|[A-Za-z][A-Za-z0-9]*;|(?:{_NO_SEMICOLON}))")

_WIDE_TABLE = re.compile(rf"^[ \t>]*+\|?+(?:[ \t]*+:?+-++:?+[ \t]*+\|){{{MOST_COLUMNS}}}", re.MULTILINE)
# What the engine makes of &#146; and its like. HTML reads them as characters of windows-1252 (section 13.2.5.80).
_CONTROLS = re.compile("[\x80-\x9f]")
_TILDES = re.compile(r"\\[\\~]|~+")
_STAND_INS = (*range(0x1D000, 0x1D0F6), *range(0x2800, 0x2900), *range(0xF0000, 0xFFFFE), *range(0x100000, 0x10FFFE))
"""Numbers of characters that can stand for a tilde: signs of Byzantine music and Braille, which to Markdown are
punctuation like a tilde, then private ones, of which no file has as many."""
# The way back from a footnote: with a variation selector, since some readers show a coloured picture for the arrow.
_ARROW = re.compile('<a [^>]* class="footnote-backref" [^>]*>↩')


def html_of(markdown: str, page: str) -> str:
    """Turns the Markdown of a release on a page into an HTML fragment. Raises MarkupError.

    >>> html_of("# More\\n\\n[dam](/releases/2021/dam) <script>x</script>", "https://n.example/releases/2021/a")
    '<h2 id="2021-a--more">More</h2>\\n<p><a href="https://n.example/releases/2021/dam">dam</a> </p>\\n'
    """
    home = urlsplit(page)
    return body_of(markdown, page, f"{home.scheme}://{home.netloc}").html


@lru_cache(maxsize=64)
def body_of(markdown: str, page: str, home: str, files: tuple[tuple[str, FileLink], ...] = ()) -> Body:
    """The body of a release on a page, with remarks on what readers will not see as it is written. Raises MarkupError.

    ``home`` is the absolute address under which the newsroom's own pages are, ``files`` are those beside the release,
    by name. Some results are kept: the editions of a release share them, and other releases are made between its steps.
    """
    if markdown.count("|") > MOST_COLUMNS and _WIDE_TABLE.search(markdown):
        raise MarkupError(f"a table of more than {MOST_COLUMNS} columns")
    stand_in = _stand_in(markdown)
    parsed = _TILDES.sub(lambda found: stand_in if found[0] == "~" else found[0], markdown) if stand_in else markdown
    source = MarkdownSource(markdown, parsed, page, home, dict(files))
    raw = _rendered(parsed, stand_in, _RENDERING)
    if len(raw) > LONGEST:
        raise MarkupError(f"tables, footnotes or quotes that become more than {LONGEST:,} characters of HTML")
    made = said = publishable(raw, source)
    lost = list(lost_markdown.left_out(markdown, raw))
    if made.remarks or made.own_links or lost_markdown.has_tables_or_numbers(raw):
        # Positions cost time, so they are asked for only if there may be something to say.
        placed = _rendered(parsed, stand_in, _RENDERING_POSITIONS)
        said = publishable(placed, source, placed=True) if made.remarks or made.own_links else made
        lost += lost_markdown.changed(markdown, parsed, placed)
    clean = _SANITIZER.clean(running_text.joined(made.html))
    return Body(clean, (*said.remarks, *lost), said.own_links, made.files)


def paragraph(text: str) -> str:
    """Plain text as one HTML paragraph."""
    return f"<p>{running_text.escaped(text)}</p>\n"


def plain(text: str) -> str:
    """Makes sure that no feed reader takes plain text for markup, even if it decodes twice.

    An invisible word joiner (U+2060) is put after what would begin a tag or an entity. Without it some feed readers
    drop words or show another character.

    >>> [ascii(plain(text)) for text in ("R&D: a < b", "AT&amp;T", "<b>")]
    ["'R&D: a < b'", "'AT&\\\\u2060amp;T'", "'<\\\\u2060b>'"]
    """
    return _MARKUP_LIKE.sub("\\g<0>\u2060", text)


def _rendered(parsed: str, stand_in: str, options: comrak.RenderOptions) -> str:
    raw = comrak.render_markdown(parsed, _EXTENSIONS, _PARSING, options)
    if "&#" in parsed:
        raw = _CONTROLS.sub(_as_html_reads, raw)
    if stand_in:
        raw = raw.replace(stand_in, "~").replace(quote(stand_in), "~")
    return _ARROW.sub("\\g<0>\ufe0e", raw) if "data-footnotes" in raw else raw


def _as_html_reads(control: re.Match[str]) -> str:
    return html.unescape(f"&#{ord(control[0])};")


def _stand_in(markdown: str) -> str:
    """A character that is put in place of each tilde that stands alone: the engine would let it strike text.

    Empty if there is no tilde. It is in the text neither as it is nor as a reference or percent-encoded.
    """
    if "~" not in markdown:
        return ""
    taken = markdown + html.unescape(markdown)
    return next(sign for sign in map(chr, _STAND_INS) if sign not in taken and quote(sign) not in taken)
