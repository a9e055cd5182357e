"""What a template of a theme cannot do: read files, run Python, end never, or differ from one server to another."""

from __future__ import annotations

import pytest

from feeds.i18n import Words
from feeds.model.newsroom import Person
from feeds.render.theme_pages import render_page, static_faults
from tests.makers import a_release
from tests.theme_values import VALUES

DOUBLED = {
    "joined": "{% set x = x ~ x %}",
    "added": "{% set x = x + x %}",
    "listed": "{% set x = [x, x]|join %}",
    "written": "{% set x %}{{ x }}{{ x }}{% endset %}",
    "replaced": "{% set x = x|replace('a', 'aaaa') %}",
    "replaced by a method": "{% set x = x.replace('a', 'aaaa') %}",
    "constant": "{{ 'aaaa'" + "|replace('a', 'aaaaaaaaa')" * 30 + " }}",
}
ENDLESS = [
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% for a in range(99999) %}{% for b in range(99999) if b %}{% endfor %}{% endfor %}",
    "{% for a in range(99999) %}{% if range(99999)|list %}{% endif %}{% endfor %}",
    "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    "{% for x in ['x']|batch(1000000000, 'y') %}{{ x|length }}{% endfor %}",
    *(f"{{% set x = 'aaaaaaaa' %}}{step * 40}" for step in DOUBLED.values()),
    "{% set x = [1] %}" + "{% set x = x + x %}" * 60,
]
REFUSED = [
    ("{{ 'a' * 1000000000 }}", "* is for numbers"),
    ("{{ 9 ** 9 ** 9 }}", "** is not allowed"),
    ("{% set x = 7 %}" + "{% set x = x * x %}" * 40, "this number is too large"),
    ("{{ '%1000000000d' % 1 }}", "% is for numbers"),
    ("{{ '{:>1000000000}'.format('x') }}", "attribute 'format'"),
    ("{{ 'x'.ljust(1000000000) }}", "attribute 'ljust'"),
    ("{{ 'x'|center(1000000000) }}", "No filter named 'center'"),
    ("{{ ''.__class__.__mro__ }}", "attribute '__class__'"),
    ("{{ words.__init__.__globals__ }}", "attribute '__init__'"),
    ("{{ words.say('{x.__class__}', x='y') }}", "a message has {fields} with a plain name"),
    ("{{ words.say('{x:>1000000000}', x='y') }}", "a message has {fields} with a plain name"),
    ("{{ '{x.__class__}'|filled(x='y') }}", "a message has {fields} with a plain name"),
    ("{{ words.of('fr') }}", "attribute 'of'"),
    ("{{ release.title }}", "attribute 'title' of 'Release'"),
    ("{{ person.name }}{{ person.model_dump }}", "attribute 'model_dump' of 'Person'"),
    ("{{ names|map(attribute='__class__')|join }}", "attribute '__class__'"),
    ("{{ names.append('x') }}", "attribute 'append'"),
    ("{{ names|random }}", "No filter named 'random'"),
    ("{{ lipsum() }}", "'lipsum' is undefined"),
    ("{{ words }}", "Words is not a text"),
    ("{{ nothing }}", "'nothing' is undefined"),
    ("{{ names[0]|safe }}", "No filter named 'safe'"),
    ("{% autoescape false %}{{ names[0] }}{% endautoescape %}", "texts are always escaped"),
    ("{% include '/etc/passwd' %}", "there is no template “/etc/passwd”"),
    ("{% include 'product/../html.py' %}", "there is no template “product/../html.py”"),
    ("{% import 'front.html' as front %}{{ front }}", "it leads to itself, or is nested too deeply"),
    ("{% include 'front.html' %}{% include 'front.html' %}", "it leads to itself, or is nested too deeply"),
    ("{% for i in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}", "it leads to itself, or is nested too deeply"),
    ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "it leads to itself, or is nested too deeply"),
    ("{{ 1" + "0" * 5000 + " }}", "Exceeds the limit"),
]


def fault(text: str) -> str:
    """Why a template cannot be used: `missing` is the smallest page that the product has."""
    names = (*VALUES["base"], *VALUES["missing"])
    given: dict[str, object] = dict.fromkeys(names, "")  # which can be gone through as a list, too
    values = given | {"words": Words.of("en"), "names": ["<b>", "x"]}
    values |= {"release": a_release(), "person": Person(name="Ada")}
    page, faults = render_page(
        "missing", values, (("front.html", text), ("missing.html", "{% include 'front.html' %}"))
    )
    assert b"There is nothing at this address" in page, "the product's page takes its place"
    return faults[0].message


@pytest.mark.parametrize("text", ENDLESS, ids=range(len(ENDLESS)))
def test_a_template_that_does_too_much_is_stopped(text: str) -> None:
    assert "the page does too much" in fault(text)


@pytest.mark.parametrize(("text", "said"), REFUSED, ids=range(len(REFUSED)))
def test_a_template_reaches_nothing_but_its_values(text: str, said: str) -> None:
    assert said in fault(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{{ names[0] }} & {{ '<i>' }}", "&lt;b&gt; & &lt;i&gt;"),
        ("{{ names|join(', ') }}", "&lt;b&gt;, x"),
        ("{{ names[0].upper() }}{{ 2 + 3 * 4 }}{{ 'a' ~ 1 }}", "&lt;B&gt;14a1"),
        ("{% for n in names %}{{ loop.index }}/{{ loop.length }} {% endfor %}", "1/2 2/2 "),
        ("{{ words.say('Older releases') }} {{ words.number(1300) }}", "Older releases 1,300"),
        ("{% set ns = namespace(n=0) %}{% for n in names %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}", "2"),
        ("{{ {'en': 'Hello'}[language] }}", "Hello"),
    ],
)
def test_a_template_can_do_what_a_page_needs(text: str, written: str) -> None:
    values = {"names": ["<b>", "x"], "words": Words.of("en"), "language": "en"}
    assert render_page("front", values, (("front.html", text),)) == (written.encode(), [])


SLOGAN = "{% block slogan %}{% endblock %}"


def test_what_no_page_shows_is_told_with_its_line() -> None:
    own = (
        ("_layout.html", f'{{% extends "product/base.html" %}}{{% block name %}}{SLOGAN}{{% endblock %}}'),
        ("about.html", '{% extends "_layout.html" %}\n' + SLOGAN),
        ("front.html", '{% extends "product/front.html" %}\n\n{% block hedlines %}x{% endblock %}\n<p>lost</p>\n'),
        ("help.html", '{% extends "help.html" %}'),
        ("missing.html", '\n{% if %}'),
    )  # fmt: skip
    told = [(each.name, each.line, each.message, each.advice) for each in static_faults(own)]
    assert told[0] == (
        "front.html", 3, "product/front.html has no block “hedlines”, so nobody sees this one",
        "did you mean “headlines”?",
    )  # fmt: skip
    assert told[1][:2] == ("front.html", 4)
    assert "text outside of a block is not shown" in told[1][2]
    assert told[2] == ("help.html", 1, "it extends itself", 'write {% extends "product/help.html" %}')
    assert told[3][:2] == ("missing.html", 2)
    assert len(told) == 4
    again = tuple((name, text) for name, text in own)
    assert static_faults(again) is static_faults(own), "a compile looks through no template that has not changed"
