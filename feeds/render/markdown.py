"""Turns Markdown into safe HTML, without scripts and styles and with absolute addresses.

Only this module knows Markdown and the sanitizer. Deeply nested text is refused before it is sanitized, because the
sanitizer's time grows with the square of the depth.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

import cmarkgfm
import nh3
from cmarkgfm.cmark import Options

from feeds.errors import FeedsError
from feeds.model.web_address import resolved

DEEPEST = 60
"""How many elements can be inside each other."""

_TAGS = {
    *("a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "cite", "code", "dd", "del", "dfn", "dl", "dt", "em"),
    *("figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol"),
    *("p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "table", "tbody"),
    *("td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var"),
}
_DROPPED_WITH_CONTENT = {
    *(
        "script",
        "style",
        "iframe",
        "noembed",
        "noframes",
        "noscript",
        "plaintext",
        "template",
        "textarea",
        "title",
        "xmp",
    ),
}
"""Elements that are removed with their content, because it is no text of the release."""

_ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "hreflang"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed"},
    "q": {"cite"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_ADDRESSES = {"href", "src", "cite"}
_SCHEMES = {"a": {"http", "https", "mailto", "tel"}}
_PICTURE_SCHEMES = {"http", "https"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")
# HTML section 13.5: some names of characters need no semicolon.
_NO_SEMICOLON = "|".join(sorted((name for name in html5 if not name.endswith(";")), key=len, reverse=True))
_MARKUP_LIKE = re.compile(rf"<(?=[A-Za-z/!?])|&(?=#[0-9]|#[xX][0-9A-Fa-f]|[A-Za-z][A-Za-z0-9]*;|(?:{_NO_SEMICOLON}))")
_HEADING = re.compile(r"<(/?)h([1-5])(?=[ >])")


class MarkupError(FeedsError):
    """A text that cannot be turned into HTML. The message says what to change."""


def html_of(markdown: str, base: str) -> str:
    """Turns Markdown into an HTML fragment. Relative addresses are resolved against ``base``.

    Headings become one level lower, because the title of the release is the first. Raises MarkupError.

    >>> html_of("# More\\n\\n[dam](/releases/2021/dam) <script>x</script>", "https://n.example/releases/2021/a")
    '<h2>More</h2>\\n<p><a href="https://n.example/releases/2021/dam">dam</a> </p>\\n'
    """
    options = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_VALIDATE_UTF8
    raw = cmarkgfm.markdown_to_html_with_extensions(markdown, options=options, extensions=["table", "strikethrough"])
    _refuse_depth(raw)
    clean = nh3.clean(
        raw,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=lambda tag, name, value: _attribute(tag, name, value, base),
        url_schemes={"http", "https", "mailto", "tel"},
        clean_content_tags=_DROPPED_WITH_CONTENT,
        link_rel=None,
        strip_comments=True,
    )
    return _HEADING.sub(lambda match: f"<{match[1]}h{int(match[2]) + 1}", clean)


def paragraph(text: str) -> str:
    """Plain text as one HTML paragraph."""
    return f"<p>{html.escape(text, quote=False)}</p>\n"


def plain(text: str) -> str:
    """Makes sure that no feed reader takes plain text for markup, even if it decodes twice.

    An invisible word joiner (U+2060) is put after what would begin a tag or an entity. Without it some feed readers
    drop words or show another character.

    >>> [ascii(plain(text)) for text in ("R&D: a < b", "AT&amp;T", "<b>")]
    ["'R&D: a < b'", "'AT&\\\\u2060amp;T'", "'<\\\\u2060b>'"]
    """
    return _MARKUP_LIKE.sub("\\g<0>\u2060", text)


def _refuse_depth(raw: str) -> None:
    stack: list[str] = []
    for closing, name in _TAG.findall(raw):
        tag = name.lower()
        if tag in _VOID:
            continue
        if not closing:
            stack.append(tag)
            if len(stack) > DEEPEST:
                raise MarkupError(f"lists, quotes or tags nested more than {DEEPEST} deep")
        elif tag in stack:
            while stack.pop() != tag:
                pass


def _attribute(tag: str, name: str, value: str, base: str) -> str | None:
    """The value to keep, or None to drop the attribute."""
    if name == "dir":
        return value.lower() if value.lower() in ("ltr", "rtl", "auto") else None
    if name not in _ADDRESSES:
        return value
    return _safe_address(value, base, _SCHEMES.get(tag, _PICTURE_SCHEMES))


def _safe_address(value: str, base: str, schemes: set[str]) -> str | None:
    """Makes an address absolute, as browsers do. None if it is no sound one, or its scheme is not one of ``schemes``.

    Like browsers, it first removes tabs and newlines and reads a backslash as a slash (WHATWG URL, section 4.4).
    """
    address = re.sub(r"[\x00-\x20\x7f]+", "", value) if not value.isprintable() else value.strip()
    address = address.replace("\\", "/")
    if address.startswith("//"):
        address = f"https:{address}"
    try:
        absolute = resolved(address, base)
    except ValueError:
        return None
    return absolute if absolute.partition(":")[0] in schemes else None
