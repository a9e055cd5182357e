"""A part of a template that many pages share is rendered once, if somebody keeps it."""

from __future__ import annotations

from jinja2 import Environment

from feeds.publish.value_cache import ValueCache
from feeds.render.shared_parts import OpenParts, SharedParts, sharing

SOURCE = '{% shared "footer", language %}<p>{{ word }}</p>{% endshared %}{{ word }}'


def pages(extension: type[SharedParts], kept: ValueCache | None) -> list[str]:
    """Three pages, the last in another language; each has a word of its own, also in its footer."""
    template = Environment(autoescape=True, extensions=[extension]).from_string(SOURCE)
    found = []
    for language, word in (("en", "<1>"), ("en", "<2>"), ("mn", "<3>")):
        with sharing(kept.once if kept else None):
            found.append(template.render(language=language, word=word))
    return found


def test_a_part_is_rendered_once_for_each_of_its_keys() -> None:
    first = "<p>&lt;1&gt;</p>"
    assert pages(SharedParts, ValueCache()) == [f"{first}&lt;1&gt;", f"{first}&lt;2&gt;", "<p>&lt;3&gt;</p>&lt;3&gt;"]


def test_nothing_is_kept_for_a_single_page_or_beside_a_theme() -> None:
    each = [f"<p>&lt;{number}&gt;</p>&lt;{number}&gt;" for number in (1, 2, 3)]
    assert pages(SharedParts, None) == each
    assert pages(OpenParts, ValueCache()) == each
