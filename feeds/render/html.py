"""Renders HTML pages from the product's Jinja templates in `templates/`. `theme` renders those of a newsroom."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from zlib import crc32

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from feeds.render import shared_parts


class _CompiledTemplates(FileSystemBytecodeCache):
    """Keeps compiled templates in a folder `__pycache__` beside them: the next start takes 0.1 s less.

    They are written as Python writes its own: not with PYTHONDONTWRITEBYTECODE, nor into a folder that is read only.
    """

    def __init__(self) -> None:
        folder = Path(__file__).with_name("templates") / "__pycache__"
        # What Jinja makes of a template depends on its version too, and on how this module asks for it.
        made_by = crc32(Path(__file__).read_bytes() + Path(shared_parts.__file__).read_bytes())
        super().__init__(str(folder), f"%s.jinja-{version('jinja2')}-{made_by:08x}.cache")

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps a template for the next start, if that is possible."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("feeds.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # templates change with the program alone
        bytecode_cache=_CompiledTemplates(),
        extensions=[shared_parts.SharedParts],
    )
    environment.filters |= FILTERS
    return environment


def filled(message: str, **fields: str) -> Markup:
    """A message with markup in its fields; what is no markup is escaped.

    >>> print(filled("News & {feed}", feed=Markup("<b>all</b>")))
    News &amp; <b>all</b>
    """
    return escape(message).format(**fields)


_LETTER = r"[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
"""A letter or digit of a script that is written with spaces."""
_HYPHENATED = re.compile(rf"{_LETTER}+(?:[-\u2010]{_LETTER}+)+")
_LONGEST_NAME = 20
"""Letters of a name that is kept in one line: a longer one would not fit on a telephone."""


def unbroken(title: str) -> Markup:
    """A title with a span around each name with a hyphen: CSS keeps it on one line, and the text stays as it is.

    A name is a word whose parts all begin with a capital or a digit. What is markup already stays as it is.

    >>> print(unbroken("COVID-19: what Bat-Erdene says of well-paid work"))
    <span class="whole">COVID-19</span>: what <span class="whole">Bat-Erdene</span> says of well-paid work
    """
    return escape(title) if hasattr(title, "__html__") else _unbroken(title)


@lru_cache(maxsize=2_000)
def _unbroken(title: str) -> Markup:
    """The same for a text. Kept, since a title stands on its own page, on those of its neighbours and in lists."""

    def kept(found: re.Match[str]) -> str:
        parts = re.split("[-\u2010]", found[0])
        is_name = len(found[0]) <= _LONGEST_NAME and all(part[0].isupper() or part[0].isdigit() for part in parts)
        return f'<span class="whole">{found[0]}</span>' if is_name else found[0]

    return Markup(_HYPHENATED.sub(kept, str(escape(title))))  # noqa: S704 - escaped; what is put in has letters only


FILTERS: Mapping[str, Callable[..., Markup]] = {"filled": filled, "unbroken": unbroken}
"""The filters of templates besides those of Jinja."""


def render_page(template: str, values: Mapping[str, object], once: shared_parts.Once | None = None) -> bytes:
    """Renders a template, given by its name without suffix. Texts in ``values`` are escaped.

    ``once`` keeps the parts that pages share, for whoever makes many of one state of the newsroom.
    """
    with shared_parts.sharing(once):
        return _templates().get_template(f"{template}.html").render(values).encode()


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def data(value: Mapping[str, object]) -> Markup:
    """JSON for a script element: no text in it can end the element.

    >>> print(data({"headline": "</script>"}))
    {"headline":"\\u003c/script\\u003e"}
    """
    text = _JSON.encode(value)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - no character of HTML markup is left in it


def safe(html: str) -> Markup:
    """Marks sanitized HTML, so that templates do not escape it."""
    return Markup(html)  # noqa: S704 - sanitized when the release was compiled
