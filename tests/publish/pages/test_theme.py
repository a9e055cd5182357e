"""A newsroom with a theme, in a browser and as `feeds check` sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner
from jinja2 import Environment, meta
from playwright.sync_api import BrowserContext

from feeds.cli.commands import group
from feeds.content.theme_folder import FILES
from feeds.model.newsroom import Person
from feeds.publish import Router
from feeds.publish.pages import front, headlines, layout, release, search, verify
from feeds.render.shared_parts import OpenParts
from feeds.render.theme_pages import PAGES, product_template, starter
from tests import theme_values
from tests.makers import NEWSROOM, NOW, Bench, a_newsroom, known_paths, yaml
from tests.media.files import picture
from tests.publish.pages.audit import violations
from tests.publish.pages.conftest import Open
from tests.publish.pages.newsroom import PAGES as ADDRESSES
from tests.publish.pages.newsroom import STATUS, served
from tests.tools import ROOT

DOCUMENT = ROOT / "docs" / "theme.md"
FILES_OF_RELEASES = {
    "2021/2021-06-01-dam.yaml": yaml(countries=["MN"], related=["2021/road"], body="## More\n\nIt is high."),
    "2021/2021-06-02-road.yaml": yaml(published="2021-06-02", withdrawn={"date": "2021-06-03", "reason": "No."}),
    "2021/2021-06-04-port.yaml": yaml(
        published="2021-06-04",
        summary="It is to be closed.",
        corrections=[{"date": "2099-01-01", "note": "A secret note."}],
        withdrawn={"date": "2099-01-02", "reason": "A secret reason."},
    ),
}
BLOCKS = """\
{% extends "product/base.html" %}
{% block head %}<meta name="generator" content="a theme">{% endblock %}
{% block name %}<p class="name city"><a href="{{ home }}">{{ newsroom }}</a></p>
{% endblock %}
{% block footer %}<footer class="bottom"><p class="wide">{{ rights }}</p></footer>
{% endblock %}
"""
STYLE = """\
@font-face { font-family: Harbour; src: url(harbour.woff2) format("woff2"); }
.city { font-family: Harbour, sans-serif; letter-spacing: 2px; }
"""
WATCH = """addEventListener('securitypolicyviolation',
  event => console.error(`${event.effectiveDirective} forbids ${event.blockedURI}`))"""


def a_bench(path: Path, files: dict[str, str], **top: str) -> Bench:
    """A compiled newsroom with these files in its theme."""
    bench = Bench(a_newsroom(path, FILES_OF_RELEASES, **top))
    (bench.folder / "theme").mkdir()
    for name, text in files.items():
        (bench.folder / "theme" / name).write_text(text, encoding="utf-8")
    bench.compile(now=NOW)
    return bench


def checked(bench: Bench) -> list[str]:
    """What `feeds check` says of the theme."""
    lines = CliRunner().invoke(group, ["check", "--data", str(bench.folder)]).output.splitlines()
    return [line.removeprefix("data/theme/").replace("warning: ", "") for line in lines if "theme" in line]


# -- in a browser ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def themed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base address of the bundled newsroom with a theme."""
    folder = tmp_path_factory.mktemp("themed")
    files = {"base.html": BLOCKS, "style.css": STYLE, "harbour.woff2": "wOF2"}
    with served(folder, theme=files) as base:
        yield base


@pytest.mark.parametrize("kind", ADDRESSES)
def test_a_page_with_a_theme_works_under_its_policy_and_for_everybody(themed: str, opened: Open, kind: str) -> None:
    page = opened(scheme="dark" if kind in ("front", "selection") else "light", width=320)
    context: BrowserContext = page.context
    context.add_init_script(WATCH)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    with page.expect_request(lambda request: request.url.endswith("harbour.woff2")):  # so its policy lets it
        page.goto(themed + ADDRESSES[kind])
    assert page.locator(".city").evaluate("each => getComputedStyle(each).letterSpacing") == "2px"
    assert page.locator('meta[name="generator"]').count() == 1
    assert violations(page) == []
    # The font of this test is none, which the browser says; of an answer that is no success it says so too.
    expected = ("decode downloaded font", "OTS parsing error", str(STATUS.get(kind, "-")))
    assert [line for line in told if not any(each in line for each in expected)] == []


def test_only_pages_of_a_theme_with_fonts_may_load_fonts(tmp_path: Path) -> None:
    assert a_bench(tmp_path / "a", {"harbour.woff2": "wOF2"}).document("/").fonts
    assert not a_bench(tmp_path / "b", {"style.css": "a { color: red }"}).document("/").fonts


def test_a_template_shows_of_a_result_what_other_lists_have_of_a_release(tmp_path: Path) -> None:
    results = """{% extends "product/search.html" %}
        {% import "product/headlines.html" as lists %}
        {% block results %}{% for each in results %}{{ lists.terms(each.headline.terms) }}{% endfor %}{% endblock %}"""
    found = a_bench(tmp_path, {"search.html": results}).document("/search", query="q=high").body.decode()
    assert '<ul class="terms">\n<li><a href="/feeds/country/mn.html">Mongolia</a></li>' in found


# -- what templates get ---------------------------------------------------------------------------------------------


def test_every_value_in_the_document_is_there_and_every_value_in_use_is_in_the_document(tmp_path: Path) -> None:
    texts = {}
    for name, values in theme_values.VALUES.items():
        undefined = "".join(f"{{% if {each} is not defined %}}{each} {{% endif %}}" for each in values)
        block = "rights" if name == "base" else "content"
        texts[f"{name}.html"] = (
            f'{{% extends "product/{name}.html" %}}{{% block {block} %}}|{undefined}|{{% endblock %}}'
        )
    bench = a_bench(tmp_path, texts)
    for path in (
        "/",
        "/about",
        "/help",
        "/developers",
        "/releases/2021/dam",
        "/releases/2021/road",
        "/feeds/all.html",
        "/search",
        "/verify",
        "/2021/",
    ):
        assert bench.body(path).count("||") == 2, path
    with bench.catalogue.reading() as snapshot:
        assert b"||" in Router(bench.settings).missing(snapshot, "/no", "/feeds/", NOW).body
    environment = Environment(autoescape=True, extensions=[OpenParts])
    environment.filters |= {"filled": str, "unbroken": str}
    base = theme_values.VALUES["base"].keys()
    for name, values in theme_values.VALUES.items():
        used = meta.find_undeclared_variables(environment.parse(product_template(name)))
        macros = {"charts", "cited", "forms", "headlines", "lists", "parts", "successor"}
        assert used - macros <= values.keys() | base, name


@pytest.mark.parametrize(
    ("group_", "value"),
    [
        ("a link", layout.PageLink),
        ("a headline", headlines.Headline),
        ("a section", front._ShownSection),
        ("a result", search.SearchResult),
        ("a filter", search.Filter),
        ("a match", verify.ShownMatch),
        ("a file", release.ListedFile),
        ("a release", release._ShownRelease),
    ],
)
def test_the_document_names_the_parts_of_each_value(group_: str, value: type) -> None:
    assert list(theme_values.GROUPS[group_]) == [each.name for each in fields(value)]


def test_the_document_names_the_parts_of_a_person_and_the_kinds_of_files() -> None:
    assert set(theme_values.GROUPS["a person"]) == set(Person.model_fields)
    text = DOCUMENT.read_text(encoding="utf-8")
    assert all(suffix.strip(".").replace("jpeg", "jpg") in text.lower().replace("jpeg", "jpg") for suffix in FILES)


def test_a_template_learns_nothing_of_what_is_still_to_come(tmp_path: Path) -> None:
    text = """{% extends "product/release.html" %}{% block heading %}<h1>{{ headline }}</h1>
    {{ release.withdrawn.reason if release.withdrawn is defined }}{{ release.corrections is defined }}{% endblock %}"""
    page = a_bench(tmp_path, {"release.html": text}).body("/releases/2021/port")
    assert "<h1>About it</h1>\n    False" in page
    assert "secret" not in page


ONE_FACET = {"facets": "[{name: topic, field: topics, labels: {en: Topics}}]"}
SHAPES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "one facet": ({}, ONE_FACET),
    "one facet and language": ({"languages: [en, zh-Hans, mn]": "languages: [en]"}, ONE_FACET),
    "a tall logo": ({}, {"logo": "tall.png", "icon": "tall.png"}),
    "a wide logo": ({}, {"logo": "wide.png", "colour": '"#7a1f5c"'}),
    "much to say": ({}, {"headline": "{en: Now}", "url": "https://example.org", "hub": "https://hub.example.net/",
                         "links": "[{title: {en: More}, url: 'https://more.example.org'}]",
                         "sections": "[{title: {en: Who}, text: {en: We}}]", "readers": "[]"}),
}  # fmt: skip
"""Newsrooms of all shapes: what is replaced in newsroom.yaml, and what is added."""


@pytest.mark.parametrize("files", [FILES_OF_RELEASES, {}], ids=["", "without releases"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_template_that_changes_nothing_has_no_fault_in_a_newsroom_of_any_shape(
    tmp_path: Path, shape: str, files: dict[str, str]
) -> None:
    replaced, added = SHAPES[shape]
    newsroom = NEWSROOM
    for old, new in replaced.items():
        newsroom = newsroom.replace(old, new)
    newsroom += "".join(f"{name}: {text}\n" for name, text in added.items())
    facets = {"countries": "", "projects": "", "genre": ""} if "facets" in added else {}
    texts = {name: text.replace("countries: [", "topics: [").replace('"MN"', '"wages"') for name, text in files.items()}
    folder = a_newsroom(tmp_path, texts if facets else files, newsroom=newsroom, **facets)
    for name, width in (("tall.png", 200), ("wide.png", 900)):
        (folder / name).write_bytes(picture("PNG", width=width, height=200))
    (folder / "theme").mkdir()
    for page in PAGES:
        (folder / "theme" / f"{page}.html").write_text(starter(page), encoding="utf-8")
    done = CliRunner().invoke(group, ["check", "--data", str(folder)])
    assert done.exit_code == 0
    assert "theme/" not in done.output


def test_a_template_to_begin_with_changes_nothing(tmp_path: Path) -> None:
    def squeezed(bench: Bench) -> dict[str, str]:
        with bench.catalogue.reading() as snapshot:
            paths = known_paths(snapshot, bench.settings, NOW)
        pages = (
            "/",
            "/about",
            "/help",
            "/developers",
            "/feeds/",
            "/embed/",
            *(path for path in paths if path.endswith(".html")),
        )
        return {path: re.sub(r"\s+", " ", re.sub(r">\s+<", "><", bench.body(path))) for path in pages}

    plain = a_bench(tmp_path / "plain", {})
    begun = a_bench(tmp_path / "begun", {f"{page}.html": starter(page) for page in PAGES})
    assert begun.problems() == []
    assert squeezed(begun) == squeezed(plain)


# -- what `feeds check` says ----------------------------------------------------------------------------------------


def test_the_example_of_the_document_has_no_problem_and_shows(tmp_path: Path) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    examples = dict(re.findall(r"(?m)^`data/theme/([\w.]+)`\n\n```\w+\n((?s:.*?))^```$", text))
    assert set(examples) == {"style.css", "base.html"}
    newsroom = NEWSROOM.replace("[en, zh-Hans, mn]", "[en, fr]").replace("zh-Hans: 测试局, mn:", "fr:")
    bench = a_bench(tmp_path, examples, newsroom=newsroom)
    assert checked(bench) == []
    assert '<p class="quiet">La ville au bord de la mer</p>' in bench.body("/fr/")


def test_what_fails_on_some_pages_only_is_found(tmp_path: Path) -> None:
    texts = {
        "front.html": '{% extends "product/front.html" %}\n{% block heading %}'
        "<h1>{{ years[0].label }}</h1>{% endblock %}",
        "release.html": '{% extends "product/release.html" %}\n\n{% block files %}{{ files[0].href }}{% endblock %}',
        "base.html": '{% extends "product/base.html" %}\n{% block menu %}{{ {"en": "Hi"}[language] }}{% endblock %}',
    }
    bench = a_bench(tmp_path, texts)
    assert bench.problems() == []
    assert [line.partition(" (")[0] for line in checked(bench)] == [
        "base.html:2:1: it cannot be rendered: 'dict object' has no attribute 'mn', on /mn/",
        "base.html:2:1: it cannot be rendered: 'dict object' has no attribute 'zh-Hans', on /zh-Hans/",
        "front.html:2:1: it cannot be rendered: list object has no element 0, on /zh-Hans/",
        "release.html:3:1: it cannot be rendered: list object has no element 0, on /releases/2021/port",
    ]
    file = str(bench.folder / "theme" / "front.html")
    one = CliRunner().invoke(group, ["check", "--data", str(bench.folder), file]).output.splitlines()
    assert one[0].startswith("data/theme/front.html:2:1: warning: it cannot be rendered")
    assert one[1] == "1 file checked"


OWN_PAGE = """\
<html>
<head><title></title></head>
<body onload="x()">
<p style="color: red" id="a">{% block content %}{% endblock %}
<p id="a"><img src="{{ logo }}"><img src="http://x.example/a.png" alt="">
<style>p { color: red }</style>
<script>alert(1)</script>
<script src="https://x.example/a.js"></script>
<link rel="stylesheet" href="//x.example/a.css">
<iframe src="https://x.example/"></iframe>
<form action="https://x.example/"></form>
<a href="javascript:x()">x</a>
<video src="a.mp4"></video>
"""
FOUND = {
    "the page does not begin with <!doctype html>": 1,
    "the element html does not name the page's language": 1,
    "the page does not name its feeds to feed readers": 2,
    "the page has no meta charset": 2,
    "the page has no meta viewport": 2,
    "the page has no title": 2,
    "the content security policy blocks the attribute onload": 3,
    "the content security policy blocks the attribute style": 4,
    "two elements have the id “a”": 4,
    "a picture has no alt": 5,
    "the content security policy blocks a picture without https in the element img": 5,
    "the content security policy blocks this element style": 6,
    "the content security policy blocks this script": 7,
    "the content security policy blocks a script of another site in the element script": 7,
    "the content security policy blocks a style sheet of another site in the element link": 9,
    "the content security policy blocks a page of another site in the element iframe": 10,
    "the content security policy blocks an address of another site in the element form": 11,
    "the content security policy blocks links to javascript:": 12,
    "the content security policy blocks the element video": 13,
    "the page has 0 elements main": 0,
}
"""What is wrong with it, and in which line."""


def test_what_a_page_must_have_and_what_its_policy_blocks_is_told(tmp_path: Path) -> None:
    found = {}
    for line in checked(a_bench(tmp_path, {"base.html": OWN_PAGE})):
        place, _, said = line.partition(": ")
        found[said.partition(", on ")[0]] = int([*place.split(":"), "0"][1])
    assert found == FOUND


def test_the_policy_blocks_what_is_told_to_be_blocked(tmp_path: Path, opened: Open) -> None:
    with served(tmp_path, theme={"base.html": OWN_PAGE}) as base:
        page = opened()
        page.context.add_init_script(WATCH)
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.goto(f"{base}/about", wait_until="networkidle")
    blocked = {line.partition(" forbids ")[0] for line in told if " forbids " in line}
    assert blocked == {
        "script-src-attr", "script-src-elem", "style-src-attr", "style-src-elem", "img-src", "frame-src", "media-src",
    }  # fmt: skip


def test_the_product_s_own_pages_have_nothing_of_it(tmp_path: Path) -> None:
    assert checked(a_bench(tmp_path, {"_unused.html": "x"})) == []


def test_a_block_that_no_page_has_is_told(tmp_path: Path) -> None:
    text = '{% extends "product/front.html" %}\n{% block headline %}x{% endblock %}'
    (problem,) = checked(a_bench(tmp_path, {"front.html": text}))
    assert problem.startswith(
        "front.html:2:1: product/front.html has no block “headline”, so nobody sees this one (did"
    )
