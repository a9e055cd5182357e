"""Every example in a docstring says what the code does."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import pkgutil
from pathlib import Path

import pytest

import feeds

MODULES = [each.name for each in pkgutil.walk_packages(feeds.__path__, "feeds.") if not each.name.endswith("__main__")]


def has_examples(name: str) -> bool:
    spec = importlib.util.find_spec(name)
    assert spec
    assert spec.origin
    return "    >>> " in Path(spec.origin).read_text(encoding="utf-8")


WITH_EXAMPLES = [name for name in MODULES if has_examples(name)]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_are_true(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried
    assert not failed


def test_there_are_examples() -> None:
    assert len(WITH_EXAMPLES) > 40
