"""The newsroom and its terms: what is taken, what is left out, and what is said about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel import Locale

from feeds.content import read_newsroom
from feeds.content.iso_3166 import CODES
from tests.content.newsrooms import a_folder, a_vocabulary
from tests.makers import FACETS, GENRE, NEWSROOM


def test_terms_are_found_by_slug_or_alias_in_any_case(tmp_path: Path) -> None:
    vocabulary = a_vocabulary(tmp_path)
    assert [vocabulary.slug("country", name) for name in ("mn", "MN", "Mongolia", "China")] == ["mn"] * 3 + [None]
    term = vocabulary.term("country", "MONGOLIA")
    assert term is not None
    assert term.slug == "mn"
    assert vocabulary.term("topic", "mn") is None


def test_terms_are_sorted_by_slug(tmp_path: Path) -> None:
    terms = a_vocabulary(tmp_path).terms
    assert {facet: [term.slug for term in terms[facet]] for facet in FACETS} == {
        "country": ["cn", "mn"],
        "project": ["score"],
        "topic": ["no", "social-protection"],
        "genre": ["news", "report"],
    }


def test_a_projects_countries_become_slugs(tmp_path: Path) -> None:
    assert a_vocabulary(tmp_path).terms["project"][0].terms == (("country", ("cn",)),)


def test_the_nearest_term_is_found_by_label_in_any_language(tmp_path: Path) -> None:
    vocabulary = a_vocabulary(tmp_path)
    assert [vocabulary.nearest("country", name) for name in ("China", "蒙古国", "Mongola", "Peru")] == [
        "cn",
        "mn",
        "mn",
        None,
    ]


def test_without_newsroom_yaml_there_is_one_clear_problem(tmp_path: Path) -> None:
    vocabulary, (problem,) = read_newsroom(a_folder(tmp_path, newsroom=""))
    assert vocabulary is None
    assert str(problem) == "data/newsroom.yaml: there is no such file (look at its name)"


def test_a_mark_of_direction_in_a_label_is_told_and_costs_nothing(tmp_path: Path) -> None:
    countries = "CN:\n  labels: {en: Chi\u202ena}\nMN:\n  labels: {en: Mongolia}\n"
    newsroom = NEWSROOM.replace("{en: News}", "{en: \u2067News}")
    vocabulary, problems = read_newsroom(a_folder(tmp_path, newsroom=newsroom, countries=countries, projects=""))
    assert vocabulary
    assert [term.slug for term in vocabulary.terms["country"]] == ["cn", "mn"]
    assert [(problem.path, problem.line, problem.column, problem.fatal) for problem in problems] == [
        ("CN.labels.en", 2, 19, False),
        ("subtitle.en", 2, 16, False),
    ]


def test_a_faulty_newsroom_is_none_and_every_fault_is_told(tmp_path: Path) -> None:
    text = NEWSROOM.replace("Asia/Shanghai", "Asia/Peking").replace("authority", "authorty")
    vocabulary, problems = read_newsroom(a_folder(tmp_path, newsroom=text))
    assert vocabulary is None
    assert [(problem.line, problem.path) for problem in problems] == [(5, "time_zone"), (6, "authorty")]


def test_missing_term_files_mean_no_facets(tmp_path: Path) -> None:
    vocabulary, problems = read_newsroom(a_folder(tmp_path, projects="", topics=""))
    assert vocabulary
    assert not problems
    assert not {"project", "topic"} & set(vocabulary.facet_names)


@pytest.mark.parametrize(
    ("name", "text", "place", "said", "left"),
    [
        ("countries", "CN:\n  labels: {en: China}\nXX:\n  labels: {en: Nowhere}\n", (3, 1), "no such country code", 1),
        ("countries", "CN:\n  labels: {en: China}\nMN: Mongolia\n", (3, 5), "must be fields", 1),
        ("countries", "CN:\n  labels: {en: China}\ncn:\n  labels: {en: China}\n", (3, 1), "this name already", 1),
        (
            "topics",
            "a:\n  labels: {en: A}\nb:\n  labels: {en: B}\n  aliases: [a]\n",
            (5, 13),
            "the name “a” already",
            1,
        ),
        ("topics", "a:\n  labels: {en: A}\n  aliases: [a]\n", (3, 13), "the name “a” already", 0),
        ("topics", "a:\n  labels: {en: A}\na:\n  labels: {en: A}\n", (3, 1), "given twice, first in line 1", 0),
        ("topics", "a:\n  labels: {en: A}\nB b:\n  labels: {en: B}\n", (3, 1), "small letters", 1),
        ("topics", "a:\n  labels: {en: A}\n  sumary: {en: x}\n", (3, 3), "did you mean summary?", 0),
        ("topics", "a:\n  labels: A\n", (2, 11), "must be a group of fields", 0),
        ("topics", "a:\n  labels: {x_y: A}\n", (2, 12), "not a language tag", 0),
        ("topics", "a:\n  summary: {en: x}\n", (2, 3), "is missing", 0),
        ("projects", "a:\n  labels: {en: A}\n  countries: [CN, Chile]\n", (3, 19), "no such country", 0),
        ("projects", "- a\n", (1, 1), "must be fields", 0),
        ("projects", "a: [\n", (2, 1), "brackets", 0),
    ],
)
def test_a_bad_term_is_left_out_and_the_others_stand(
    tmp_path: Path, name: str, text: str, place: tuple[int, int], said: str, left: int
) -> None:
    vocabulary, problems = read_newsroom(a_folder(tmp_path, **{name: text}))
    assert vocabulary
    about = [problem for problem in problems if problem.file == f"data/{name}.yaml"]
    assert [(problem.line, problem.column) for problem in about] == [place], "\n".join(map(str, about))
    assert said in str(about[0])
    facet = {"countries": "country", "topics": "topic", "projects": "project"}[name]
    assert len(vocabulary.terms[facet]) == left


def test_a_bad_genre_is_left_out_and_the_newsroom_stands(tmp_path: Path) -> None:
    text = GENRE.replace("labels: {en: Report}", "label: {en: Report}")
    vocabulary, problems = read_newsroom(a_folder(tmp_path, genre=text))
    assert vocabulary
    assert [term.slug for term in vocabulary.terms["genre"]] == ["news"]
    assert [(problem.path, problem.advice) for problem in problems] == [("report.label", "did you mean labels?")]


def test_a_label_in_a_language_of_no_feed_is_told_but_harmless(tmp_path: Path) -> None:
    vocabulary, (problem,) = read_newsroom(a_folder(tmp_path, topics="a:\n  labels: {en: A, zh-Hant: 甲}\n"))
    assert vocabulary
    assert vocabulary.slug("topic", "a") == "a"
    assert (problem.fatal, problem.line, problem.path) == (False, 2, "a.labels.zh-Hant")


def test_the_country_codes_are_those_that_babel_knows_without_regions_and_reserves() -> None:
    known = {str(code) for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", str(code))}
    assert known - CODES == set("AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ".split())  # noqa: SIM905  # a table
    assert known > CODES


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "headline: News",
            'headline: must be a group of fields, one for each language (write {en: "News"}',
        ),
        (
            "links: [{title: M, url: https://e.org/}]",
            'links[0].title: must be a group of fields, one for each language (write {en: "M"}',
        ),
        (
            "sections: [{title: {en: A}, text: B}]",
            'sections[0].text: must be a group of fields, one for each language (write {en: "B"}',
        ),
        (
            "headline: {de: Neues}",
            "warning: headline.de: “de” is not a language of this newsroom (add it to “languages:”",
        ),
        ("links: [{title: {de: N}, url: https://e.org/}]", "warning: links[0].title.de: “de” is not a language"),
        ("sections: [{title: {en: A}, items: [{de: B}]}]", "warning: sections[0].items[0].de: “de” is not a language"),
    ],
)
def test_a_text_says_its_language_and_that_is_one_of_the_newsroom(tmp_path: Path, line: str, said: str) -> None:
    _, problems = read_newsroom(a_folder(tmp_path, newsroom=f"{NEWSROOM}{line}\n"))
    assert any(said in str(problem) for problem in problems), problems


def test_a_text_may_be_there_in_more_languages_than_the_newsroom_has(tmp_path: Path) -> None:
    _, problems = read_newsroom(a_folder(tmp_path, newsroom=f"{NEWSROOM}headline: {{en: News, de: Neues}}\n"))
    assert not problems
