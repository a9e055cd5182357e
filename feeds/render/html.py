"""The pages people read. The only room that knows Jinja; templates are beside it and hold no logic of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("feeds.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_page(template: str, values: Mapping[str, object]) -> bytes:
    """A page from the template of that name; every text among the values is escaped."""
    return _templates().get_template(f"{template}.html").render(values).encode()


def data(value: Mapping[str, object]) -> Markup:
    """JSON that can stand in a script element: whatever its texts say, none of them ends the element.

    >>> print(data({"headline": "</script>"}))
    {"headline":"\\u003c/script\\u003e"}
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - nothing is left in it that HTML would read as markup


def safe(html: str) -> Markup:
    """HTML that the sanitizer has passed, to be put in as it is."""
    return Markup(html)  # noqa: S704 - sanitized when the release was compiled
