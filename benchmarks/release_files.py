"""How long it takes to read a release, beside what PyYAML alone needs to load its text.

Method: a corpus of the releases in ``data/releases`` (originals) and 60 generated ones of about 3 kB is read whole,
in turn, by (a) reading and validating: bytes to a frozen ``Release`` whose every problem would have line and column;
(b) ``yaml.load`` with ``CSafeLoader``, which validates nothing; (c) the same with the pure ``SafeLoader``; and, for
information, (d) ``read_story``, which looks up terms, mints ids and joins translations as well. The turns are
interleaved so that a busy machine slows all alike; each ratio is the median of the rounds' own ratios.
Exits with 1 if (a)/(b) is above 0.75 or (a)/(c) above 1/12.

More than half of our own time is libyaml's event stream, most of the rest the model's checks. What was seen stands in
docs/benchmarks.md.
"""

from __future__ import annotations

import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from feeds.content import SourceFile, read_bytes, read_newsroom, read_story, release_files, stories
from feeds.content.yaml_reader import read_yaml
from feeds.model.release import Release
from feeds.model.vocabulary import Vocabulary

DATA = Path(__file__).parents[1] / "data"
GENERATED = 60
ROUNDS = 41
MOST_OF_C = 0.75
MOST_OF_PURE = 1 / 12

SENTENCES = (
    "The conference brought together partners from government, workers’ and employers’ organizations of 12 provinces.",
    "Participants discussed — at length – what *works* in small and medium enterprises, and what does not yet.",
    "“Safety is not a cost”, said the director; see the [toolkit](https://www.ilo.org/toolkit?lang=en) for details.",
    "A second phase will extend the pilot to enterprises in the chemical, mining, and construction industries.",
)


def generated(number: int) -> str:
    """A release of about 3 kB with the fields that most releases have."""
    paragraphs = ["\n    ".join(SENTENCES[(number + row + line) % 4] for line in range(3)) for row in range(7)]
    body = "\n\n    ".join(paragraphs)
    return f"""\
title: "Conference number {number}: sharing experience of the pilot"
summary: >-
  On 24 June 2021 the Sustaining Competitive and Responsible Enterprises (SCORE) Experience Sharing
  Conference was held by the ILO and Ministry of Emergency Management (MEM) in Huzhou, China.
published: 2021-06-24T09:{number % 60:02}:00+08:00
dateline: Huzhou, China
countries: [CN]
projects:
  - score
topics:
  - occupational-safety-and-health
  - sustainable-enterprises
genre: event
image:
  src: https://www.ilo.org/images/score-{number}.jpg
  alt: Participants of the conference
  credit: © ILO 2021
  width: 1200
  height: 800
contacts:
  - name: Communication Unit
    email: press@ilo.org
body: |
    {body}
"""


def corpus(vocabulary: Vocabulary) -> list[SourceFile]:
    """The releases, each of which must be sound: time spent on problems is not what is measured."""
    files, *_ = release_files(DATA)
    originals, _ = stories(DATA, files)
    raws = {path: read_bytes(DATA, path) for path in originals}
    sources = [SourceFile(f"data/{path}", raw) for path, raw in raws.items() if isinstance(raw, bytes)]
    sources += [SourceFile(f"data/releases/{n}.yaml", generated(n).encode()) for n in range(GENERATED)]
    for source in sources:
        releases, problems = read_story(source, (), vocabulary)
        assert len(releases) == 1, problems
    return sources


def filled_in(source: SourceFile, vocabulary: Vocabulary) -> dict[str, object]:
    """What the file need not say, and its terms as slugs: found once, before the clock starts."""
    ((release,), _) = read_story(source, (), vocabulary)
    return {field: getattr(release, field) for field in ("id", "slug", "year", "language", "terms")}


def seconds(job: Callable[[], object]) -> float:
    """How long one run takes."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def main() -> int:
    """Measures, prints, and says by its return value whether the targets are met."""
    vocabulary, problems = read_newsroom(DATA)
    assert vocabulary, problems
    sources = corpus(vocabulary)
    texts = [source.raw.decode() for source in sources]

    prepared = [filled_in(source, vocabulary) for source in sources]
    context = {"zone": vocabulary.newsroom.time_zone}
    facet_fields = frozenset(facet.field for facet in vocabulary.facets)

    def ours() -> None:
        for source, fields in zip(sources, prepared, strict=True):
            (document,), _ = read_yaml(source.raw)
            assert isinstance(document.data, dict)
            # `fields` holds the terms of all facets.
            data = {name: value for name, value in document.data.items() if name not in facet_fields}
            Release.model_validate(data | fields, context=context)

    def whole_story() -> None:
        for source in sources:
            read_story(source, (), vocabulary)

    def c_loader() -> None:
        for text in texts:
            yaml.load(text, yaml.CSafeLoader)  # the yardstick

    def pure_loader() -> None:
        for text in texts:
            yaml.load(text, yaml.SafeLoader)

    rounds = [(seconds(ours), seconds(c_loader), seconds(pure_loader), seconds(whole_story)) for _ in range(ROUNDS)]
    of_c = statistics.median(a / b for a, b, _, _ in rounds)
    of_pure = statistics.median(a / c for a, _, c, _ in rounds)
    mean = sum(len(source.raw) for source in sources) / len(sources)
    print(f"{platform.machine()}, CPython {platform.python_version()}, PyYAML {yaml.__version__}, {ROUNDS} rounds")
    print(f"{len(sources)} releases of {mean:,.0f} bytes on average")
    for name, column in (("ours", 0), ("CSafeLoader", 1), ("SafeLoader", 2), ("read_story", 3)):
        each = statistics.median(times[column] for times in rounds) / len(sources) * 1e6
        print(f"{name:12} {each:8,.0f} µs a release")
    print(f"of CSafeLoader: {of_c:.3f} (at most {MOST_OF_C})")
    print(f"of SafeLoader:  1/{1 / of_pure:.1f} (at most 1/{1 / MOST_OF_PURE:.0f})")
    return 0 if of_c <= MOST_OF_C and of_pure <= MOST_OF_PURE else 1


if __name__ == "__main__":
    sys.exit(main())
