"""Jinja for templates that are not the product's own: they cannot read files, run Python or run for ever.

What a template does is counted: turns of loops, calls, and letters written or put together. Beyond the bound it fails.
So does whatever could make a page differ from one server to another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, cast

from jinja2 import BaseLoader, StrictUndefined, TemplateAssertionError, TemplateRuntimeError, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as ALL_FILTERS
from jinja2.runtime import Context, Undefined, markup_join
from jinja2.sandbox import ImmutableSandboxedEnvironment

from feeds.i18n import Words
from feeds.model.fields import Value
from feeds.model.newsroom import Person
from feeds.render.shared_parts import OpenParts

BOUND = 10_000_000
"""Turns of loops, calls and letters for one page. A page with the product's templates takes twice its length."""

_TURN, _CALL = 20, 100
"""What a turn of a loop and a call count for: they take as long as to write so many letters."""

FILTERS = (
    "abs", "batch", "capitalize", "count", "default", "d", "dictsort", "e", "escape", "first", "float", "groupby",
    "int", "items", "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace",
    "reverse", "round", "select", "selectattr", "sort", "string", "striptags", "title", "trim", "truncate", "unique",
    "upper", "urlencode", "wordcount",
)  # fmt: skip
"""Those of Jinja that a template may use. `safe` is none of them: texts are always escaped."""

GLOBALS = ("cycler", "dict", "joiner", "namespace", "range")

_METHODS: tuple[tuple[type, frozenset[str]], ...] = (
    (str, frozenset({"capitalize", "count", "endswith", "find", "isdigit", "join", "lower", "lstrip", "partition",
                     "removeprefix", "removesuffix", "replace", "rpartition", "rstrip", "split", "splitlines",
                     "startswith", "strip", "title", "upper"})),
    (dict, frozenset({"get", "items", "keys", "values"})),
    (list, frozenset({"count", "index"})),
    (tuple, frozenset({"count", "index"})),
    (Words, frozenset({"all_of", "any_of", "count", "listed", "month", "number", "say", "sentences", "size"})),
)  # fmt: skip
"""The methods that a template may call, besides Jinja's own."""

_FIELD = re.compile(r"\{\w+\}")
_LARGEST = 2**63
_SIZED = (str, list, tuple, dict, range)


class TooMuchError(TemplateRuntimeError):
    """The template has reached the bound."""


class _Counter:
    """How much a page may still do."""

    def __init__(self) -> None:
        self.left = BOUND


_counter: ContextVar[_Counter | None] = ContextVar("counter", default=None)


@contextmanager
def counted() -> Iterator[None]:
    """Counts what templates do within the block, from nothing."""
    token = _counter.set(_Counter())
    try:
        yield
    finally:
        _counter.reset(token)


def _spend(number: int) -> None:
    counter = _counter.get()
    if counter:
        counter.left -= number
        if counter.left < 0:
            raise TooMuchError("the page does too much: its loops turn too often, or its text is too long")


def _size(values: Iterable[object]) -> int:
    """The length of all values together, and of the texts in them."""
    sized = [each for each in values if isinstance(each, _SIZED)]
    texts = (text for each in sized if isinstance(each, list | tuple) for text in each if isinstance(text, str))
    return sum(map(len, sized)) + sum(map(len, texts))


class _Generator(CodeGenerator):
    """Generates the Python code of a template, with calls that count what it does."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802 - as Jinja calls it
        node.iter = _call("turns", node.iter)
        super().visit_For(node, frame)

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802
        node.template = _call("named", node.template)
        super().visit_Include(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        self.visit(_call("joined", nodes.List(node.nodes, lineno=node.lineno)), frame)

    def visit_ScopedEvalContextModifier(self, node: nodes.ScopedEvalContextModifier, frame: Frame) -> None:  # noqa: N802
        raise TemplateAssertionError("texts are always escaped", node.lineno, self.name, self.filename)


def _call(name: str, argument: nodes.Node) -> nodes.Call:
    """A call of a function of the environment."""
    function = nodes.EnvironmentAttribute(name, lineno=argument.lineno)
    return nodes.Call(function, [cast("nodes.Expr", argument)], [], None, None, lineno=argument.lineno)


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for templates that are not the product's own."""

    code_generator_class = _Generator
    intercepted_binops = frozenset({"+", "-", "*", "%", "**"})

    def __init__(self, loader: BaseLoader, filters: Mapping[str, Callable[..., Any]]) -> None:
        super().__init__(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            finalize=_written,
            extensions=[OpenParts],
        )
        self.globals = {name: self.globals[name] for name in GLOBALS}
        known = {name: ALL_FILTERS[name] for name in FILTERS} | dict(filters)
        self.filters = {name: _bounded(name, filter_) for name, filter_ in known.items()}

    def turns(self, values: Iterable[object]) -> Iterator[object]:
        """The values of a loop, each turn counted."""
        for each in values:
            _spend(_TURN)
            yield each

    def named(self, name: object) -> object:
        """The name of a template to include, counted as a call."""
        _spend(_CALL)
        return name

    def joined(self, values: list[object]) -> str:
        """The values put together, their letters counted."""
        found = markup_join(values)
        _spend(len(found))
        return found

    def call(self, context: Context, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Calls a function for a template, and counts it."""
        owner = getattr(function, "__self__", None)
        _spend(_CALL + _size((owner, *args, *kwargs.values())))
        if isinstance(owner, Words):
            args, kwargs = _plain(args), {name: _plain_text(value) for name, value in kwargs.items()}
            _require_fields_alone(args)
        elif isinstance(owner, str) and function.__name__ in ("join", "replace"):
            _spend(_product(owner, args))
        return super().call(context, function, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Computes with numbers; joins texts and lists."""
        if isinstance(left, int | float) and isinstance(right, int | float) and operator != "**":
            found = super().call_binop(context, operator, left, right)
            if abs(found) < _LARGEST:
                return found
            raise SecurityError("this number is too large")
        if operator != "+":
            raise SecurityError(f"{operator} is for numbers" if operator != "**" else "** is not allowed")
        _spend(_size((left, right)))
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may have an attribute: data, Jinja's own methods, and a few others."""
        if isinstance(obj, Value):  # a person; other models know what is still to come
            return isinstance(obj, Person) and attr in Person.model_fields
        if not super().is_safe_attribute(obj, attr, value):
            return False
        if not callable(value) or type(obj).__module__.startswith("jinja2."):
            return True
        return any(isinstance(obj, kind) and attr in names for kind, names in _METHODS)

    def wrap_str_format(self, value: Any) -> None:
        """`str.format` is no method for templates: `words.say` and `filled` fill fields in."""


def _written(value: object) -> object:
    """A value that is about to be written on the page."""
    if isinstance(value, str):
        _spend(len(value))
    elif not isinstance(value, int | float | Undefined):
        raise TemplateRuntimeError(f"{type(value).__name__} is not a text that a page can show")
    return value


def _bounded(name: str, filter_: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(filter_)
    def counting(*args: Any, **kwargs: Any) -> Any:
        _spend(_CALL + _size((*args, *kwargs.values())))
        if name == "filled":
            _require_fields_alone(args)
        elif name in ("join", "replace", "batch"):
            _spend(_product("", (*args, *kwargs.values())))
        return filter_(*args, **kwargs)

    return counting


def _product(owner: str, args: Iterable[object]) -> int:
    """The most letters or values that `join`, `replace` or `batch` can make of these arguments."""
    product = 1
    for each in (owner, *args):
        if isinstance(each, int) and not isinstance(each, bool):
            product *= max(each, 1)
        elif isinstance(each, _SIZED):
            product *= len(each) + 1
    return product


def _plain(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(_plain_text(each) for each in args)


def _plain_text(value: Any) -> Any:
    """A value without methods of its own: `str.format` reaches the attributes of whatever it is given."""
    return value if isinstance(value, int | list | tuple) else str(value)


def _require_fields_alone(args: Iterable[object]) -> None:
    """Raises SecurityError for a message with anything but simple fields: `str.format` knows much more."""
    for each in args:
        if isinstance(each, str) and set("{}") & set(_FIELD.sub("", each)):
            raise SecurityError("a message has {fields} with a plain name, and no other braces")
