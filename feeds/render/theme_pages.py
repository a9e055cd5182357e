"""Renders pages with the templates of a newsroom's theme, and says what is wrong with them.

A template of the theme takes the place of the product's of the same name, which it can extend as `product/NAME.html`.
What cannot be rendered costs only itself: the page is rendered without that template.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeAlias

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    FunctionLoader,
    PackageLoader,
    PrefixLoader,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)

from feeds.errors import Failure, Success, attempt
from feeds.model.vocabulary import nearest_word
from feeds.render import html
from feeds.render.sandbox import Sandbox, TooMuchError, counted

Templates: TypeAlias = tuple[tuple[str, str], ...]
"""Names of files and their text, sorted."""

PAGES = (
    "about",
    "base",
    "developers",
    "directory",
    "embed",
    "front",
    "help",
    "missing",
    "release",
    "search",
    "selection",
    "verify",
    "year",
)
"""The templates that a theme may replace, without suffix. `base` is the frame of all others."""

PRODUCT = "product"
"""The folder in which templates of a theme find the product's own."""

_FOLDER = "theme/"
"""Before the names of the theme's files in tracebacks."""

_REPORT_BOUND = 200

_STARTER = """\
{{# What stands here takes the place of the product's; delete the blocks that you do not change.
   docs/theme.md lists the values. `feeds theme {page} --print` prints the product's template. #}}
{{% extends "{product}/{page}.html" %}}

{blocks}
"""


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """What is wrong in a template of a theme. ``line`` is 0 for the whole file."""

    name: str
    """The file: front.html. Empty if it is not known which one is at fault."""
    line: int
    message: str
    advice: str
    kind: str = ""
    """The kind of error, without any text of the template: for the log."""


def render_page(template: str, values: Mapping[str, object], templates: Templates) -> tuple[bytes, list[TemplateFault]]:
    """Renders a page, given by its name without suffix, and says which templates of the theme had to be left out."""
    faults = list(_unsound(templates))
    left = _without(templates, {fault.name for fault in faults})
    while left:
        page = attempt(partial(_rendered, template, values, left))
        if isinstance(page, Success):
            return page.value, faults
        fault = _fault(page, left)
        faults.append(fault)
        left = _without(left, {fault.name}) if fault.name else ()
    return html.render_page(template, values), faults


@lru_cache(maxsize=16)  # every compile asks, and hardly any changes a template
def static_faults(templates: Templates) -> tuple[TemplateFault, ...]:
    """What is wrong with templates whatever is on the page: syntax, and blocks that no page shows."""
    unsound = _unsound(templates)
    sound = _without(templates, {fault.name for fault in unsound})
    return tuple(sorted([*unsound, *_unseen(sound)], key=lambda fault: (fault.name, fault.line)))


@lru_cache(maxsize=32)
def blocks_of(page: str) -> tuple[str, ...]:
    """The blocks in the text of one of the product's templates, in their order: not those that only `base` has."""
    tree = _environment(()).parse(_source(page))
    return tuple(block.name for block in tree.find_all(nodes.Block))


def product_template(page: str) -> str:
    """The text of one of the product's templates."""
    return _source(page)


def starter(page: str) -> str:
    """The text of a template to begin with: it has the product's blocks, and changes none of them.

    A block that holds others is left out, and so is the place in `base` where pages put their content.
    """
    blocks = _environment(()).parse(_source(page)).find_all(nodes.Block)
    names = [each.name for each in blocks if (page, each.name) != ("base", "content") and not each.find(nodes.Block)]
    lines = (f"{{% block {name} %}}{{{{ super() }}}}{{% endblock %}}" for name in names)
    return _STARTER.format(page=page, product=PRODUCT, blocks="\n".join(lines))


def _source(page: str) -> str:
    return PackageLoader("feeds.render").get_source(_environment(()), f"{page}.html")[0]


def _rendered(template: str, values: Mapping[str, object], templates: Templates) -> bytes:
    with counted():
        return _environment(templates).get_template(f"{template}.html").render(values).encode()


@lru_cache(maxsize=8)
def _environment(templates: Templates) -> Sandbox:
    """Jinja with some templates of a theme above the product's own."""
    own = dict(templates)
    product = PackageLoader("feeds.render")

    def found(name: str) -> tuple[str, str, None] | None:
        return (own[name], f"{_FOLDER}{name}", None) if name in own else None

    loader: BaseLoader = ChoiceLoader([FunctionLoader(found), PrefixLoader({PRODUCT: product}), product])
    return Sandbox(loader, html.FILTERS)


def _without(templates: Templates, names: set[str]) -> Templates:
    return tuple((name, text) for name, text in templates if name not in names)


@lru_cache(maxsize=16)
def _unsound(templates: Templates) -> tuple[TemplateFault, ...]:
    """The templates that cannot be compiled, each with what is wrong."""
    environment = _environment(templates)
    found = []
    for name, text in templates:
        compiled = attempt(partial(_compiled, environment, name))
        if isinstance(compiled, Failure):
            found.append(_fault(compiled, templates, name))
        elif name in _extended(environment.parse(text)):
            advice = f'write {{% extends "{PRODUCT}/{name}" %}}'
            found.append(TemplateFault(name, 1, "it extends itself", advice, "RecursionError"))
    return tuple(found)


def _compiled(environment: Sandbox, name: str) -> object:
    with counted():  # what is constant is computed now
        return environment.get_template(name)


def _extended(tree: nodes.Template) -> list[str]:
    """The templates that a template extends, as far as they are named by a text."""
    named = (node.template for node in tree.find_all(nodes.Extends))
    return [each.value for each in named if isinstance(each, nodes.Const)]


def _unseen(templates: Templates) -> Iterator[TemplateFault]:
    """What no page shows: blocks that no template has to put them into, and text outside of blocks."""
    for name, text in templates:
        tree = _environment(templates).parse(text)
        extended = _extended(tree)
        if not extended:
            continue
        known = {block for each in extended for block in _blocks(each, templates, (name,))}
        for node in tree.body:
            if isinstance(node, nodes.Block) and node.name not in known:
                near = nearest_word(node.name, frozenset(known))
                advice = f"did you mean “{near}”?" if near else f"{extended[0]} has: {', '.join(sorted(known))}"
                message = f"{extended[0]} has no block “{node.name}”, so nobody sees this one"
                yield TemplateFault(name, node.lineno, message, advice)
            elif isinstance(node, nodes.Output) and (line := _first_text(node)):
                message = "text outside of a block is not shown, since this template extends another one"
                yield TemplateFault(name, line, message, "put it into a block")


def _blocks(name: str, templates: Templates, seen: tuple[str, ...]) -> Iterator[str]:
    """The blocks of the template that is found under a name, and of those that it extends."""
    environment = _environment(templates)
    source = attempt(lambda: environment.loader and environment.loader.get_source(environment, name)[0])
    if name in seen or not isinstance(source, Success) or not source.value:
        return
    blocks, extended = _declared(source.value)
    yield from blocks
    for each in extended:
        yield from _blocks(each, templates, (*seen, name))


@lru_cache(maxsize=64)
def _declared(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The blocks of a template, and the templates that it extends. Kept, since most templates lead to `base`."""
    tree = _environment(()).parse(text)
    return tuple(block.name for block in tree.find_all(nodes.Block)), tuple(_extended(tree))


def _first_text(node: nodes.Output) -> int:
    """The line of the first text or value in a node; 0 if it has nothing but spaces."""
    for each in node.nodes:
        if not isinstance(each, nodes.TemplateData):
            return each.lineno
        if each.data.strip():
            return each.lineno + each.data[: len(each.data) - len(each.data.lstrip())].count("\n")
    return 0


def _fault(failure: Failure, templates: Templates, name: str = "") -> TemplateFault:
    """The fault of the template that has raised an error; ``name`` is the one being compiled."""
    error = failure.error
    line = 0
    names = {each for each, _ in templates}
    if isinstance(error, TemplateSyntaxError):
        name, line = error.name or name, error.lineno
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename.startswith(_FOLDER) and frame.filename.removeprefix(_FOLDER) in names:
                name, line = frame.filename.removeprefix(_FOLDER), frame.lineno or 0
    kind = type(error).__name__
    return TemplateFault(name if name in names else "", line, *_said(error), kind)


def _said(error: BaseException) -> tuple[str, str]:
    """What is wrong and what to do, for the editor."""
    if isinstance(error, TemplateNotFound):
        return f"there is no template “{error.name}”", f"the product's are {PRODUCT}/front.html and so on"
    if isinstance(error, RecursionError):
        advice = f"extend the product's template as {PRODUCT}/NAME.html, and nest less"
        return "it leads to itself, or is nested too deeply", advice
    if isinstance(error, TooMuchError):
        return str(error), "put fewer loops inside one another"
    text = " ".join((getattr(error, "message", None) or str(error)).split())[:_REPORT_BOUND].rstrip(".")
    if isinstance(error, TemplateSyntaxError):
        return f"it cannot be read: {text}", "docs/theme.md says what a template may have"
    return f"it cannot be rendered: {text or type(error).__name__}", "docs/theme.md lists the values of each template"
