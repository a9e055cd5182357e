"""Renders HTML pages from the Jinja templates in `templates/`. Only this module knows Jinja."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("feeds.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["filled"] = filled
    return environment


def filled(message: str, **fields: str) -> Markup:
    """A message with markup in its fields; what is no markup is escaped.

    >>> print(filled("News & {feed}", feed=Markup("<b>all</b>")))
    News &amp; <b>all</b>
    """
    return escape(message).format(**fields)


def render_page(template: str, values: Mapping[str, object]) -> bytes:
    """Renders a template, given by its name without suffix. Texts in ``values`` are escaped."""
    return _templates().get_template(f"{template}.html").render(values).encode()


def data(value: Mapping[str, object]) -> Markup:
    """JSON for a script element: no text in it can end the element.

    >>> print(data({"headline": "</script>"}))
    {"headline":"\\u003c/script\\u003e"}
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - no character of HTML markup is left in it


def safe(html: str) -> Markup:
    """Marks sanitized HTML, so that templates do not escape it."""
    return Markup(html)  # noqa: S704 - sanitized when the release was compiled
