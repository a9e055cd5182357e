"""Facets are content: a newsroom declares its own, and everything that knows facets asks that table."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from feeds.cli import main
from feeds.content import newsroom_schema, read_newsroom, release_schema, terms_schema
from feeds.model.facets import RESERVED
from feeds.model.vocabulary import Vocabulary
from feeds.publish.document import Missing
from tests.makers import Bench, write, yaml

NEWSROOM = """\
title: {en: City press office, fr: Service de presse}
subtitle: {en: News of the city}
about: {en: About the office}
languages: [en, fr]
time_zone: Europe/Paris
authority: city.example,2020
author: {name: City press office}
rights: {en: © City}
"""
FACETS = """\
facets:
  - {name: department, field: departments, labels: {en: Departments, fr: Services}, type: Organization}
  - {name: partner-country, field: partner_countries, codes: iso-3166-1}
  - {name: kind, field: kind, one: true, property: genre}
"""
DEPARTMENTS = """\
roads: {labels: {en: Roads, fr: Voirie}, aliases: [streets]}
parks: {labels: {en: Parks}}
"""
KINDS = "notice: {labels: {en: Notice}, departments: [roads]}\n"
RELEASE = yaml(title="A bridge", departments=["Roads"], partner_countries=["CN"], kind="notice")


def a_city(path: Path, facets: str = FACETS, **files: str) -> Path:
    """A content folder with facets of its own; a file given as an empty text is left out."""
    texts = {
        "newsroom": NEWSROOM + facets,
        "departments": DEPARTMENTS,
        "kind": KINDS,
        "partner_countries": "- CN\n- MN\n",
    }
    folder = path / "data"
    (folder / "releases").mkdir(parents=True)
    for name, text in (texts | files).items():
        if text:
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def read(folder: Path) -> tuple[Vocabulary, list[str]]:
    vocabulary, problems = read_newsroom(folder)
    assert vocabulary, problems
    return vocabulary, [str(problem) for problem in problems]


def refused(folder: Path) -> str:
    vocabulary, (problem,) = read_newsroom(folder)
    assert vocabulary is None
    return str(problem)


def test_a_declared_facet_is_asked_for_in_addresses_and_stands_in_feeds_and_pages(tmp_path: Path) -> None:
    folder = a_city(tmp_path)
    write(folder, "2021/2021-06-01-bridge.yaml", RELEASE)
    bench = Bench(folder)
    bench.compile()
    assert not bench.problems()
    atom = bench.body("/feeds/department/roads/partner-country/cn/kind/notice.atom")
    assert '<category term="roads" scheme="tag:city.example,2020:department" label="Roads"/>' in atom
    assert '<category term="cn" scheme="tag:city.example,2020:partner-country" label="China"/>' in atom
    assert "<title>City press office – Roads, China, Notice</title>" in atom
    assert isinstance(bench.answer("/feeds/country/cn.atom"), Missing)
    for path in ("/", "/feeds/", "/feeds.opml", "/feeds/department.opml", "/sitemap-pages.xml"):
        assert "department/roads" in bench.body(path), path
    assert ">Services<" in bench.body("/fr/feeds/")
    assert '<select name="department">' in bench.body("/embed/")
    assert "/feeds/department/parks+roads/partner-country/cn.atom" in bench.body("/feeds/")
    page = bench.body("/releases/2021/bridge")
    assert '"about":[{"@type":"Organization","name":"Roads"},{"@type":"Country","name":"China"}]' in page
    assert '"genre":"Notice"' in page


def test_terms_of_countries_are_named_by_cldr_in_every_language(tmp_path: Path) -> None:
    folder = a_city(tmp_path, partner_countries="CN:\nMN: {}\nDE: {labels: {en: Federal Germany}}\n")
    vocabulary, problems = read(folder)
    assert not problems
    labels = {term.slug: dict(term.labels) for term in vocabulary.terms["partner-country"]}
    assert labels == {
        "cn": {"en": "China", "fr": "Chine"},
        "de": {"en": "Federal Germany"},
        "mn": {"en": "Mongolia", "fr": "Mongolie"},
    }


def test_a_list_of_codes_is_a_file_of_terms(tmp_path: Path) -> None:
    vocabulary, problems = read(a_city(tmp_path, partner_countries="[MN, cn, XX]\n"))
    assert [term.slug for term in vocabulary.terms["partner-country"]] == ["cn", "mn"]
    (problem,) = problems
    assert problem.startswith("data/partner_countries.yaml:1:10: [2]: no such country code “XX”")


def test_a_term_names_terms_of_the_facets_before_its_own(tmp_path: Path) -> None:
    vocabulary, _ = read(a_city(tmp_path))
    assert vocabulary.terms["kind"][0].terms == (("department", ("roads",)),)


@pytest.mark.parametrize(
    ("facets", "place", "said"),
    [
        ("facets: [{name: all, field: everything}]", "9:17: facets[0].name", "has a meaning of its own in addresses"),
        *(
            (f"facets: [{{name: {word}, field: x}}]", "9:17: facets[0].name", "has a meaning of its own")
            for word in sorted(RESERVED - {"all"})
        ),
        ("facets: [{name: a, field: x}, {name: a, field: y}]", "9:38: facets[1].name", "“a” is taken"),
        ("facets: [{name: a, field: x}, {name: b, field: x}]", "9:48: facets[1].field", "“x” is taken"),
        ("facets: [{name: a, field: title}]", "9:27: facets[0].field", "“title” is taken"),
        ("facets: [{name: a, field: labels}]", "9:27: facets[0].field", "“labels” is taken"),
        ("facets: [{name: a, field: newsroom}]", "9:27: facets[0].field", "“newsroom” is taken"),
        ("facets: [{name: A b, field: x}]", "9:17: facets[0].name", "small letters"),
        ("facets: [{name: a, field: X-y}]", "9:27: facets[0].field", "small letters"),
        ("facets: [{name: a, field: x, codes: iso-4217}]", "9:37: facets[0].codes", "write 'iso-3166-1'"),
        ("facets: [{name: a, field: x, property: colour}]", "9:40: facets[0].property", "write 'about'"),
        ("facets: [{name: a, field: x, type: organization}]", "9:36: facets[0].type", "not a type of schema.org"),
        ("facets: [{name: a, field: x, label: {en: A}}]", "9:30: facets[0].label", "did you mean labels?"),
        ("facets: [{name: a}]", "9:10: facets[0].field", "is missing"),
        ("facets: []", "9:9: facets", "is empty"),
        (f"facets: [{', '.join(f'{{name: a{n}, field: x{n}}}' for n in range(9))}]", "9:9: facets", "at most 8"),
    ],
)  # fmt: skip
def test_a_declaration_that_cannot_be_is_told_with_its_place(
    tmp_path: Path, facets: str, place: str, said: str
) -> None:
    problem = refused(a_city(tmp_path, facets + "\n", departments="", kind="", partner_countries=""))
    assert problem.startswith(f"data/newsroom.yaml:{place}: ")
    assert said in problem


def test_a_file_of_terms_that_no_facet_claims_is_told(tmp_path: Path) -> None:
    _, (problem,) = read(a_city(tmp_path, districts="north: {labels: {en: North}}\n"))
    assert problem.startswith("data/districts.yaml:1:1: warning: no facet has the field “districts”")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("countries: [CN]", "5:1: countries: no such field (use id, slug, "),
        ("department: [roads]", "5:1: department: no such field (did you mean departments?)"),
        ("terms: [roads]", "5:8: terms: no such field (use departments, partner_countries or kind)"),
        ("departments: [rods]", "5:15: departments[0]: no such department “rods” (did you mean roads?)"),
        ("departments: roads", "5:14: departments: must be a list"),
        ("departments: [[roads]]", "5:15: departments[0]: must be a text"),
        ("kind: [notice]", "5:7: kind: must be a text"),
        ("partner_countries: [XX]", "5:21: partner_countries[0]: no such partner-country “XX” (use CN or MN"),
    ],
)
def test_a_release_with_a_field_of_no_facet_or_a_term_of_none_is_held_back(
    tmp_path: Path, field: str, said: str
) -> None:
    folder = a_city(tmp_path)
    write(
        folder, "2021/2021-06-01-bridge.yaml", f"title: T\nsummary: S\npublished: 2021-06-01\nslug: bridge\n{field}\n"
    )
    bench = Bench(folder)
    bench.compile()
    (problem,) = bench.problems()
    assert problem.startswith(f"data/releases/2021/2021-06-01-bridge.yaml:{said}")


def test_the_former_genres_of_newsroom_yaml_are_still_read(tmp_path: Path) -> None:
    genres = "genres:\n  news:\n    labels: {en: News}\n"
    vocabulary, (problem,) = read(a_city(tmp_path, genres, departments="", kind="", partner_countries=""))
    assert vocabulary.facet_names == ("genre",)
    assert [term.slug for term in vocabulary.terms["genre"]] == ["news"]
    assert problem.startswith(
        "data/newsroom.yaml:9:1: warning: genres: terms have a file of their own (move these lines to"
    )


def test_the_schemas_are_those_of_this_newsroom(tmp_path: Path) -> None:
    vocabulary, _ = read(a_city(tmp_path))
    release = release_schema(vocabulary)["$defs"]["Release"]["properties"]
    assert release["departments"] == {"type": "array", "items": {"type": "string", "minLength": 1,
                                                               "enum": ["parks", "roads", "streets"]}}  # fmt: skip
    assert release["kind"]["enum"] == ["notice"]
    assert "countries" not in release
    assert "terms" not in release
    good = {"title": "T", "summary": "S", "published": "2021-06-01", "departments": ["roads"], "kind": "notice"}
    jsonschema.validate(good, release_schema(vocabulary))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(good | {"departments": ["rods"]}, release_schema(vocabulary))
    newsroom = {
        "title": {"en": "T"}, "subtitle": {"en": "S"}, "about": {"en": "A"}, "languages": ["en"], "rights": {"en": "R"},
        "time_zone": "UTC", "authority": "a.org,2020", "author": {"name": "A"},
        "facets": [{"name": "a", "field": "as"}],
    }  # fmt: skip
    jsonschema.validate(newsroom, newsroom_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(newsroom | {"facets": [{"name": "a", "field": "as", "lables": {}}]}, newsroom_schema())
    department, country, kind = (terms_schema(facet, vocabulary) for facet in vocabulary.facets)
    jsonschema.validate({"roads": {"labels": {"en": "Roads"}}}, department)
    jsonschema.validate({"CN": None, "MN": {"labels": {"en": "Mongolia"}}}, country)
    jsonschema.validate(["CN", "MN"], country)
    jsonschema.validate({"notice": {"labels": {"en": "Notice"}, "departments": ["roads"]}}, kind)
    wrongs: list[Any] = [{"roads": {}}, {"roads": {"labels": {"en": "Roads"}, "kind": "notice"}}]
    for wrong in wrongs:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, department)


def test_the_command_prints_each_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(a_city(tmp_path))
    titles = {}
    for options in ([], ["--translation"], ["--newsroom"], ["--terms", "department"], ["--terms", "kind"]):
        with pytest.raises(SystemExit):
            main(["schema", "--data", folder, *options])
        titles[" ".join(options)] = json.loads(capsys.readouterr().out)["title"]
    assert titles == {
        "": "Press release",
        "--translation": "Translation of a press release",
        "--newsroom": "Newsroom",
        "--terms department": "Terms of the facet department",
        "--terms kind": "Terms of the facet kind",
    }
    with pytest.raises(SystemExit):
        main(["schema", "--data", folder, "--terms", "topic"])
    assert "no facet topic (use department, partner-country, kind)" in capsys.readouterr().err


@pytest.mark.parametrize(
    "facets",
    [
        FACETS.replace("name: department", "name: service"),
        FACETS.replace("  - {name: department, ", "  # {name: department, "),
    ],
    ids=["renamed", "removed"],
)  # fmt: skip
def test_review_tells_of_a_facet_that_takes_its_feeds_along(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], facets: str
) -> None:
    folder = a_city(tmp_path, kind="notice: {labels: {en: Notice}}\n")
    write(folder, "2021/2021-06-01-bridge.yaml", RELEASE)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "before"]):
        subprocess.run([*git, *command], check=True)
    (folder / "newsroom.yaml").write_text(NEWSROOM + facets, encoding="utf-8")
    with pytest.raises(SystemExit) as exit_:
        main(["review", "--data", str(folder)])
    assert exit_.value.code == 1
    told = capsys.readouterr().out
    assert "gone facet department: the feeds of 1 term answer 404" in told
    with pytest.raises(SystemExit):
        main(["review", "--data", str(folder), "--json"])
    assert json.loads(capsys.readouterr().out)["facets_gone"] == [{"facet": "department", "terms": 1}]
