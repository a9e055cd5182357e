"""The pages people read. The only room that knows Jinja; templates are beside it and hold no logic of their own."""

from __future__ import annotations

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


def page(template: str, values: Mapping[str, object]) -> bytes:
    """A page from the template of that name; every text among the values is escaped."""
    return _templates().get_template(f"{template}.html").render(values).encode()


def safe(html: str) -> Markup:
    """HTML that the sanitizer has passed, to be put in as it is."""
    return Markup(html)  # noqa: S704 - sanitized when the release was compiled
