"""Makes docs/newsroom.md from the models, and the tables of docs/theme.md from the templates of pages.

    python -m tests.documents

writes them again after a change of a field or a template; a test says when that is due.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from yaml import BaseLoader, load

from feeds import content
from feeds.model.facets import DEFAULT_FACETS, Facet
from feeds.model.moments import PATTERN
from feeds.model.newsroom import Newsroom, Person, Reader, Retirement, Section, SiteLink, Term
from feeds.model.release import Attachment, Correction, Image, Release, Withdrawal
from feeds.render.sandbox import FILTERS
from feeds.render.theme_pages import PAGES, blocks_of
from tests.makers import a_vocabulary
from tests.theme_values import GROUPS, VALUES
from tests.tools import ROOT

DOCUMENT = ROOT / "docs/newsroom.md"
THEME = ROOT / "docs/theme.md"
MADE = "<!-- What follows is made by `python -m tests.documents`. Do not edit it here. -->\n"

NEWSROOM = """\
title: {en: Harbour City, fr: Ville du Port}
subtitle: {en: News of the city, fr: Les nouvelles de la ville}
about: {en: The press office answers journalists every day., fr: Le service de presse répond chaque jour.}
languages: [en, fr]
time_zone: Europe/Paris
authority: harbour.example,2020
author: {name: Harbour City}
rights: {en: © Harbour City}
license: https://creativecommons.org/licenses/by/4.0/
headline: {en: News from the harbour, fr: Les nouvelles du port}
colour: "#0b5fff"
logo: logo.svg
icon: icon.svg
contacts:
  - name: Ada Lovelace
    email: press@harbour.example
    url: https://www.harbour.example/press
    phone: +33 4 72 10 30 30
    role: Press officer
url: https://www.harbour.example/
hub: https://hub.example.org/
indexnow: 3f9c2b7e41d84a06
facets:
  - name: country
    field: countries
    codes: iso-3166-1
  - name: department
    field: departments
    one: true
    labels: {en: Departments, fr: Services}
    property: articleSection
    type: Organization
sections:
  - title: {en: Our partners, fr: Nos partenaires}
    items:
      - {en: The chamber of commerce, fr: La chambre de commerce}
  - title: {en: Visit us, fr: Nous rendre visite}
    text: {en: The town hall is open on weekdays., fr: La mairie est ouverte en semaine.}
links:
  - title: {en: Mastodon}
    url: https://social.example/@harbour
subscribe: {en: news-join@lists.harbour.example, fr: "https://lists.harbour.example/infos"}
readers:
  - name: Inoreader
    address: https://www.inoreader.com/?add_feed={feed}
feeds: {/rss.xml: all.rss, /press/feed: department/works.atom}
gone_after: 365
"""

TERMS = """\
works:
  labels: {en: Public works, fr: Travaux publics}
  aliases: [roads]
  summary: {en: Streets and bridges., fr: Les rues et les ponts.}
  countries: [FR]
  partners: [The chamber of commerce]
  url: https://www.harbour.example/works
  retired:
    date: 2024-12-31
    successor: planning
planning:
  labels: {en: City planning, fr: Urbanisme}
"""

RELEASE = """\
title: The new bridge is open
summary: From today on, the bridge carries trams and bicycles.
published: 2021-06-24T09:30:00+02:00
announced: 2021-06-24T10:00:00+02:00
updated: 2021-06-25T09:30:00+02:00
id: tag:harbour.example,2021-06-24:new-bridge
slug: new-bridge
language: en
year: 2021
dateline: Harbour City
pinned: 2021-07-01
body: |
  The bridge was built in **three years**.
countries: [FR]
departments: works
url: https://www.harbour.example/news/new-bridge
credit: © Ada Lovelace
image:
  src: https://www.harbour.example/images/bridge.jpg
  alt: A tram on the new bridge
  credit: © Ada Lovelace
  caption: The first tram.
  width: 1200
  height: 800
  type: image/jpeg
attachments:
  - title: The plan
    url: https://www.harbour.example/files/plan.pdf
    type: application/pdf
    length: 482133
    language: en
authors:
  - name: Ada Lovelace
contacts:
  - name: Press office
    email: press@harbour.example
related: [2021/tram-lines, https://www.example.org/bridges]
aliases: [2021/bridge, /news/bridge.html]
rights: © Harbour City
license: https://creativecommons.org/licenses/by-nc/4.0/
corrections:
  - date: 2021-06-25T09:30:00+02:00
    note: The bridge was built in three years, not in two.
    major: true
withdrawn:
  date: 2021-06-26T09:30:00+02:00
  reason: The bridge is closed again.
  replacement: 2021/bridge-closed
draft: false
"""

PARTS: Mapping[str, tuple[type[BaseModel], str]] = {
    "Person": (Person, "A person or team"),
    "Facet": (Facet, "A facet"),
    "Section": (Section, "A section"),
    "Reader": (Reader, "A feed reader"),
    "SiteLink": (SiteLink, "A link of the footer"),
    "Retirement": (Retirement, "The end of a term"),
    "Image": (Image, "The image of a release"),
    "Attachment": (Attachment, "An attachment"),
    "Correction": (Correction, "A correction"),
    "Withdrawal": (Withdrawal, "A withdrawal"),
}
"""By the name in the JSON Schemas: the groups of fields, and the headings of their tables."""

OTHER_EXAMPLES = {("Attachment", "file"): "timetable.pdf"}
"""Of fields that exclude others of the whole example."""

KINDS = (
    (PATTERN, "date, or date and time"),
    ("://", "web address"),
    ("(-[a-z0-9]+)*", "small letters, digits and hyphens"),
    ("@", "e-mail address"),
    ("[A-Za-z]{2,3}(-", "language tag"),
    ("/[a-z0-9][a-z0-9.+-]*", "media type"),
    ("^image/", "media type of a picture"),
    (r"[^/:]+$", "name of a file"),
)
"""What a pattern stands for, by a part of it."""


def newsroom_document() -> str:
    """The text of docs/newsroom.md."""
    newsroom, release = content.newsroom_schema(), content.release_schema()
    vocabulary = a_vocabulary()
    facet = next(each for each in vocabulary.facets if each.name == "topic")
    terms = content.terms_schema(facet, vocabulary)
    topic, main = terms["additionalProperties"], release["$defs"]["Release"]
    own = [each.field for each in vocabulary.facets]
    for fields in (topic["properties"], main["properties"]):
        for field in own:
            fields.pop(field, None)
    releases = load(RELEASE, BaseLoader)  # noqa: S506 - it makes nothing but text
    parts = [
        _HEAD,
        "## newsroom.yaml\n\nThe newsroom itself. `feeds init` writes it with a comment above each field.\n",
        *_tables(newsroom, newsroom, Newsroom, "newsroom.yaml", load(NEWSROOM, BaseLoader)),  # noqa: S506
        f"### Example of newsroom.yaml\n\n```yaml\n{NEWSROOM}```\n",
        _TERMS_HEAD,
        *_tables(topic, terms, Term, "a term", load(TERMS, BaseLoader)["works"]),  # noqa: S506
        f"### Example of a file of terms\n\n```yaml\n{TERMS}```\n",
        _RELEASE_HEAD,
        *_tables(main, release, Release, "a release", releases),
        f"### Example of a release\n\nNo release has all of them; this one shows each once.\n\n```yaml\n{RELEASE}```\n",
    ]
    return "\n".join(parts)


_HEAD = """\
<!-- Made by `python -m tests.documents` from the models in feeds/model. Do not edit it here. -->

# Every field of every file

A newsroom is a folder: `newsroom.yaml`, a file of terms for each facet, and the releases. An unknown field in one of
them is a problem that `feeds check` tells. [editing.md](editing.md) explains how to write a release.

- “by language” is a group with a text for each language tag: `{en: Harbour City, fr: Ville du Port}`.
- A date without a time means midnight in the newsroom's time zone; a time needs its offset, as in
  `2021-06-24T09:30:00+02:00`.
- Text editors complete and check all of this with the schemas that `feeds init` and `feeds schema` write.
"""

_TERMS_HEAD = """\
## The files of terms

Each facet has one, named after its field: `topics.yaml`. Under each name stand the fields of a term. The name is part
of addresses: small letters, digits and hyphens, or a code such as `CN` where the facet says `codes: iso-3166-1`; such a
term needs no fields.

Besides these a term may have the field of each facet that stands before its own in `newsroom.yaml`: `countries: [FR]`.
"""

_RELEASE_HEAD = """\
## Releases

A file in `releases/YEAR/`, named as in `2021-06-24-new-bridge.yaml`. It holds one release, or a list of them. Beside it
a translation, `2021-06-24-new-bridge.fr.yaml`, states what differs; it needs no `published`.

Besides these a release has the field of each facet, with the names of terms: a list, or one name where the
facet says `one: true`.
"""


def _tables(
    schema: Mapping[str, Any], whole: Mapping[str, Any], model: type[BaseModel], name: str, example: Mapping[str, Any]
) -> Iterator[str]:
    """The table of a group of fields, then those of the groups in it."""
    yield f"### The fields of {name}\n\n{_table(schema, model, [example])}"
    for part in dict.fromkeys(_parts(schema)):
        cls, heading = PARTS[part]
        if model is Release and cls is Person:  # stands below newsroom.yaml
            continue
        examples = [each for field in _fields_with(schema, part) for each in _as_list(example.get(field))]
        yield f"### {heading}\n\n{_table(whole['$defs'][part], cls, examples)}"


def _parts(schema: Mapping[str, Any]) -> Iterator[str]:
    for field in schema["properties"].values():
        reference = field.get("$ref") or field.get("items", {}).get("$ref")
        if reference:
            yield reference.rpartition("/")[2]


def _fields_with(schema: Mapping[str, Any], part: str) -> list[str]:
    return [name for name, field in schema["properties"].items() if part in _parts({"properties": {name: field}})]


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _table(schema: Mapping[str, Any], model: type[BaseModel], examples: Sequence[Mapping[str, Any]]) -> str:
    rows = ["| field | what it is | type | needed | by default | example |", "|---|---|---|---|---|---|"]
    required = schema.get("required", [])
    for name, field in schema["properties"].items():
        value = next((each[name] for each in examples if name in each), None)
        example = _example(OTHER_EXAMPLES.get((model.__name__, name), value))
        said = " ".join(field["description"].split()).replace("``", "`")
        needed = "yes" if name in required else "no"
        rows.append(f"| `{name}` | {said} | {_type(field)} | {needed} | {_default(model, name)} | {example} |")
    return "\n".join(rows) + "\n"


def _example(value: Any) -> str:
    if value is None:
        raise ValueError("a field has no example: add it to NEWSROOM, TERMS or RELEASE in tests/documents.py")
    flow = _flow(value)
    return f"`{flow}`" if len(flow) <= 90 else "see below"


def _flow(value: Any) -> str:
    """A value of YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value).strip()


def _default(model: type[BaseModel], name: str) -> str:
    default = model.model_fields[name].get_default(call_default_factory=True, validated_data={})
    if default == DEFAULT_FACETS:
        return ", ".join(facet.name for facet in DEFAULT_FACETS)
    if isinstance(default, bool):
        return str(default).lower()
    return str(default) if isinstance(default, int | str) else ""


def _type(field: Mapping[str, Any]) -> str:
    """The type of a field in plain words, with its limits."""
    if "propertyNames" in field:
        return f"old address and feed, at most {field['maxProperties']}"
    if "$ref" in field:
        return f"group: {_named_part(field['$ref'])}"
    if "oneOf" in field:
        return " or ".join(dict.fromkeys(map(_type, field["oneOf"])))
    if "enum" in field:
        return " or ".join(f"`{each}`" for each in field["enum"])
    if "const" in field:
        return f"`{field['const']}`"
    return {"array": _list, "object": _by_language, "integer": _number, "string": _text, "boolean": _truth}[
        field["type"]
    ](field)


def _named_part(reference: str) -> str:
    """A link to the table of a group of fields."""
    heading = PARTS[reference.rpartition("/")[2]][1].lower()
    return f"[{heading}](#{heading.replace(' ', '-')})"


def _list(field: Mapping[str, Any]) -> str:
    most = f", at most {field['maxItems']}" if "maxItems" in field else ""
    return f"list of: {_type(field['items']).removeprefix('group: ')}{most}"


def _by_language(field: Mapping[str, Any]) -> str:
    (text,) = field["patternProperties"].values()
    return f"by language: {_type(text)}"


def _number(field: Mapping[str, Any]) -> str:
    least = field.get("minimum", field.get("exclusiveMinimum", -1) + 1)
    most = field.get("maximum", field.get("exclusiveMaximum", 0) - 1)
    return f"number from {least} to {most}" if most < 2**53 else f"number from {least} up"


def _truth(_: Mapping[str, Any]) -> str:
    return "`true` or `false`"


def _text(field: Mapping[str, Any]) -> str:
    pattern = field.get("pattern")
    if pattern is None:
        return f"text, at most {field['maxLength']:,} characters" if "maxLength" in field else "text"
    if re.match(r"\^\(?\\d\{4\}/", pattern):
        return "path as in the example" if "|" in pattern else "year/slug of a release"
    return next((kind for part, kind in KINDS if part in pattern), "text as in the example")


def theme_document() -> str:
    """The text of docs/theme.md: as it is, with the tables of templates, blocks and values made again."""
    written = THEME.read_text(encoding="utf-8").partition(MADE)[0]
    blocks = [f"| `{page}` | {', '.join(f'`{name}`' for name in blocks_of(page))} |" for page in PAGES]
    parts = [
        "## Templates and their blocks\n",
        "Every page also has the blocks of `base`; where both have one of a name, the page's own counts.\n",
        "\n".join(["| template | blocks |", "|---|---|", *blocks, ""]),
        "## The values of templates\n",
    ]
    for page, values in VALUES.items():
        heading = "On every page" if page == "base" else f"In `{page}`, besides"
        parts.append(f"### {heading}\n\n{_two_columns('value', values)}")
    filters = ", ".join(f"`{each}`" for each in FILTERS)
    own = (
        "`filled`, which puts HTML into the fields of a message, and `unbroken`, which keeps the names of a title whole"
    )
    parts.append(f"### Filters\n\n{filters}, {own}.\n")
    shared = "what many pages of an export have in common is rendered once there. Beside a theme it does nothing."
    parts.append(f"The tag `shared` of the product's templates says that {shared}\n")
    parts.append("### What values consist of\n")
    for name, fields in GROUPS.items():
        listed = (f"`{field}` ({said})" if said else f"`{field}`" for field, said in fields.items())
        parts.append(f"- {name[0].upper()}{name[1:]}: {', '.join(listed)}.")
    return f"{written}{MADE}\n" + "\n".join(parts) + "\n"


def _two_columns(name: str, rows: Mapping[str, str]) -> str:
    lines = [f"| `{key}` | {said} |" for key, said in rows.items()]
    return "\n".join([f"| {name} | what it is |", "|---|---|", *lines, ""])


if __name__ == "__main__":
    THEME.write_text(theme_document(), encoding="utf-8")
    DOCUMENT.write_text(newsroom_document(), encoding="utf-8")
