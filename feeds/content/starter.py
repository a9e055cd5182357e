"""The files with which a newsroom begins: newsroom.yaml, its terms, one release, schemas, and settings for teams.

Pure: answers go in, texts come out. The comment above each field is its description in the model.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from feeds.content.commented_yaml import comment, described, fields, group, modeline, scalar
from feeds.content.faults import quoted
from feeds.content.json_schema import newsroom_schema, release_schema, terms_schema
from feeds.content.new_release import FacetTerms, NewRelease, release_text
from feeds.errors import FeedsError
from feeds.i18n import Words, territory_of
from feeds.model.facets import Facet
from feeds.model.fields import Language, Line, Slug, Url, Zone
from feeds.model.invisible_characters import UNWRITABLE
from feeds.model.newsroom import Newsroom, Term
from feeds.model.vocabulary import Vocabulary

DATA, SCHEMAS = "data", "schemas"
"""The folders for the newsroom's content, and for what text editors know of it."""

EXAMPLE = "Example"
"""The label of the first term of each facet, in English."""

_NEWSROOM_EXAMPLES = {
    "headline": "\n  en: News from City Hall",
    "contacts": "\n  - name: Press team\n    email: press@example.org",
    "license": " https://creativecommons.org/licenses/by/4.0/",
    "url": " https://www.example.org/",
    "hub": " https://hub.example.org/",
    "sections": "\n  - title: {en: Our partners}\n    items:\n      - {en: The chamber of commerce}"
    "\n  - title: {en: Opening hours}\n    text: {en: We answer from Monday to Friday.}",
    "links": "\n  - title: {en: Mastodon}\n    url: https://social.example.org/@newsroom",
    "logo": " logo.svg",
    "icon": " icon.png",
    "colour": ' "#0b5fff"',
    "subscribe": " https://lists.example.org/news",
    "readers": "\n  - name: Inoreader\n    address: https://www.inoreader.com/?add_feed={feed}",
    "gone_after": " 365",
}


@dataclass(frozen=True, slots=True)
class Start:
    """The answers with which a newsroom begins."""

    title: str
    """Its name, in its first language."""
    languages: tuple[str, ...]
    time_zone: str
    base_url: str
    """Where readers will reach it; its domain becomes part of all ids."""
    facets: tuple[Facet, ...]

    @property
    def language(self) -> str:
        """Its own language."""
        return self.languages[0]


_ANSWERS: dict[str, tuple[Any, str]] = {
    "title": (Line, "write at most 300 characters"),
    "language": (Language, "write a language tag, as in en, fr or zh-Hans"),
    "slug": (Slug, "write small letters a to z, digits and hyphens, as in new-bridge"),
    "time zone": (Zone, "write a name of the IANA time zone database, as in Europe/Paris"),
    "web address": (Url, "write it whole, as in https://news.example.org"),
}


def answer(question: str, text: str) -> str:
    """An answer in its canonical form. Raises FeedsError that says what to write.

    ``question`` is title, language, slug, time zone or web address.

    >>> answer("language", " zh-hans")
    'zh-Hans'
    """
    kind, advice = _ANSWERS[question]
    if UNWRITABLE.search(text):
        raise FeedsError(f"{quoted(text)}: has a character that no file may have (type it again)")
    try:
        return str(TypeAdapter(kind).validate_python(text.strip()))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        own = first.get("ctx", {}).get("advice")
        why = f"{first['msg']} ({own})" if own else f"cannot be used ({advice})"
        raise FeedsError(f"{quoted(text)}: {why}") from error


def content_files(start: Start, today: date) -> dict[str, str]:
    """The texts of newsroom.yaml, of a file of terms for each facet, and of one release, by their paths."""
    found = {f"{DATA}/newsroom.yaml": _newsroom(start, today)}
    for facet in start.facets:
        found[f"{DATA}/{facet.file}"] = _terms(start, facet)
    found[f"{DATA}/releases/{today.year}/{today}-newsroom-opens.yaml"] = _release(start, today)
    return found


def team_files(vocabulary: Vocabulary) -> dict[str, str]:
    """The schemas of the content files, and the settings of the programs that use them, by their paths."""
    schemas = {
        "newsroom": (newsroom_schema(), f"{DATA}/newsroom.yaml"),
        "release": (release_schema(vocabulary), f"{DATA}/releases/**/*.yaml"),
        **{each.field: (terms_schema(each, vocabulary), f"{DATA}/{each.file}") for each in vocabulary.facets},
    }
    found = {f"{SCHEMAS}/{name}.json": _json(schema) for name, (schema, _) in schemas.items()}
    editor = {f"./{SCHEMAS}/{name}.json": files for name, (_, files) in schemas.items()}
    return {
        **found,
        ".vscode/settings.json": _json({"yaml.schemas": editor}),
        ".vscode/extensions.json": _json({"recommendations": ["redhat.vscode-yaml"]}),
        ".gitignore": ".venv/\n__pycache__/\n",
        ".githooks/pre-commit": _HOOK,
        ".github/workflows/newsroom.yaml": _WORKFLOW,
    }


_HOOK = """\
#!/bin/sh
# To turn it on: git config core.hooksPath .githooks
feeds check --strict && feeds review
"""
_WORKFLOW = """\
# Checks every change before subscribers see it.
name: newsroom
on: [push, pull_request]
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: {fetch-depth: 0}
      - uses: actions/setup-python@v5
        with: {python-version: "3.11"}
      - run: pip install newsroom-feeds
      - run: feeds check
      - if: github.base_ref
        run: feeds review --since "origin/${{ github.base_ref }}"
"""


# -- the three kinds of YAML --------------------------------------------------------------------------------------


def _newsroom(start: Start, today: date) -> str:
    own = {start.language: start.title}
    values = {
        "title": group(own),
        "subtitle": group(own),
        "about": group(own),
        "languages": f" [{', '.join(start.languages)}]",
        "time_zone": f" {start.time_zone}",
        "authority": f" {urlsplit(start.base_url).hostname},{today.year}",
        "author": group({"name": start.title}),
        "rights": group({start.language: f"© {start.title}"}),
        "facets": "".join(_facet(facet, start) for facet in start.facets),
    }
    return "\n\n".join((modeline(f"../{SCHEMAS}/newsroom.json"), *fields(Newsroom, values, _NEWSROOM_EXAMPLES))) + "\n"


def _facet(facet: Facet, start: Start) -> str:
    lines = [f"\n  - name: {facet.name}", f"    field: {facet.field}"]
    if facet.one:
        lines.append("    one: true")
    if facet.codes:
        lines.append(f"    codes: {facet.codes}")
    labels = _in_languages(facet.english_label, start)
    lines += ["    # The heading above its terms, by language.", f"    labels: {labels}"]
    return "\n".join(lines)


def _terms(start: Start, facet: Facet) -> str:
    what = f"The terms of the facet {facet.name}: each name is part of addresses, /feeds/{facet.name}/NAME.atom."
    if facet.codes:
        term = f"{_country(start)}: {{}}"
        what += " Codes of countries (ISO 3166-1) need no labels."
    else:
        term = f"example:\n  labels: {_in_languages(EXAMPLE, start)}"
    fields = (f"{name}: {described(Term, name)}" for name in ("summary", "aliases", "partners", "url", "retired"))
    known = (line for field in fields for line in comment(f"  {field}"))
    schema = modeline(f"../{SCHEMAS}/{facet.field}.json")
    return "\n".join((schema, *comment(what), term, "", *comment("Each may have:"), *known)) + "\n"


def _in_languages(label: str, start: Start) -> str:
    """An English label in each language of the newsroom for which the product has it, the newsroom's own at least."""
    labels = {language: Words.of(language).translated(label) for language in start.languages}
    known = {each: text for each, text in labels.items() if text != label or each in (start.language, "en")}
    return f"{{{', '.join(f'{language}: {scalar(text)}' for language, text in known.items())}}}"


def _release(start: Start, today: date) -> str:
    words = Words.of(start.language)
    written = NewRelease(
        title=words.say("Our newsroom is open"),
        published=str(today),
        summary=words.say("From today on, our press releases are here, and in feeds for every reader."),
        body=words.say("Subscribe to all releases, or to those about one subject."),
    )
    terms = [
        FacetTerms(each, {_country(start): ""} if each.codes else {"example": words.translated(EXAMPLE)})
        for each in start.facets
    ]
    return release_text(written, terms, f"../../../{SCHEMAS}/release.json")


def _country(start: Start) -> str:
    """The code of a country for examples: the newsroom's own, if its time zone tells."""
    return territory_of(start.time_zone) or "FR"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
