"""The commands with their options and help texts. Each imports the module that does its work when it is run.

So `feeds --help` and the completion of a shell need not wait for the libraries of the newsroom.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

import feeds
from feeds.model.formats import FORMATS

LOG_FORMATS = ("common", "json", "off")
"""As `feeds.web.access_log.middleware` writes them."""

EXPORT_HOSTS = ("nginx", "caddy", "netlify", "cloudflare", "github", "s3")
"""As `feeds.export.HOSTS` has them."""

SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}

_FOLDER = click.Path(path_type=Path, file_okay=False)

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
_data = click.option("--data", type=_FOLDER, help="The content folder; by default FEEDS_DATA or ./data.")
_at = click.option(
    "--at",
    metavar="TIME",
    help="For editors: as it will be at this time of the newsroom's zone: 2021-06-24 or 2021-06-24T09:30.",
)
_moment = click.option("--at", metavar="TIME", help="When, in the newsroom's zone: 2026-12-01T09:30. By default now.")
_slug = click.option("--slug", help="Which release of the file, if there are several.")

EXIT_CODES = (
    "Exit codes: 0 done; 1 not done, or something found (see check, review and verify); 2 a wrong command line; "
    "3 nothing new (digest)."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, epilog=EXIT_CODES)
@click.version_option(feeds.__version__, prog_name=feeds.NAME)
def group() -> None:
    """Publish every feed of a newsroom from a folder of YAML press releases."""


@group.command(short_help="Make a newsroom in FOLDER.")
@click.argument("folder", type=_FOLDER, default=".")
@click.option("--title", help="The newsroom's name, in its first language.")
@click.option("--language", "languages", multiple=True, help="A language tag, such as en or zh-Hans. The first one is "
              "the newsroom's own. Repeat it for others.")  # fmt: skip
@click.option("--timezone", help="The IANA name of the time zone in which dates are meant, such as Europe/Paris.")
@click.option("--base-url", help="The web address where readers will find the newsroom.")
@click.option("--facet", "facets", multiple=True, metavar="NAME[:FIELD]", help="What readers ask for releases by, such "
              "as department:departments or country. Repeat it for others.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Ask nothing: take what is usual for whatever is not given.")
def init(**options: Any) -> None:
    """Make a newsroom in FOLDER: its files, with a comment above each field, a first release, and schemas for editors.

    On a terminal it asks for what is not given. It never overwrites a file.
    """
    from feeds.cli.init import init

    init(**options)


@group.command(short_help="Make the file of a release.")
@_data
@click.argument("title", required=False)
@click.option("--slug", help="The last part of its address; by default made from the title.")
@click.option("--language", help="A language of the newsroom; by default its own.")
@click.option("--translate", nargs=2, metavar="FILE LANGUAGE", help="Make a translation of this release instead.")
@click.option(
    "--at", metavar="TIME", help="An embargo: when it appears, in the newsroom's zone, such as 2026-12-01T09:30."
)
@click.option("--draft", is_flag=True, help="Keep it unpublished until “draft: true” is deleted.")
@click.option("--edit", is_flag=True, help="Open it in $EDITOR.")
def new(**options: Any) -> None:
    """Make the file of a release with this TITLE, and print its path.

    All other fields stand there as comments. It is published once its summary and its text are written.
    """
    from feeds.cli.new import new

    new(**options)


@group.command()
@_data
@click.argument("file", type=click.Path())
@click.option("--note", required=True, help="What was wrong, and what is right. Readers will see it.")
@click.option("--minor", is_flag=True, help="Do not bring the release to subscribers again.")
@_moment
@_slug
def correct(**options: Any) -> None:
    """Add a note of correction to the release in FILE. The text is yours to correct.

    Nothing else in the file changes.
    """
    from feeds.cli.changes import correct

    correct(**options)


@group.command(short_help="Withdraw a release: a notice takes its place.")
@_data
@click.argument("file", type=click.Path())
@click.option("--reason", required=True, help="Why, in a sentence that readers will see.")
@click.option("--replacement", metavar="RELEASE", help="What to read instead: 2021/its-name, or a web address.")
@_moment
@_slug
def withdraw(**options: Any) -> None:
    """Withdraw the release in FILE: a notice takes its place, and subscribers are told.

    Its translations are withdrawn with it; a translation can be withdrawn alone. Nothing else in the file changes.
    """
    from feeds.cli.changes import withdraw

    withdraw(**options)


@group.command()
@_data
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535), help="The port to listen on.")
@_at
@click.option(
    "--preview",
    is_flag=True,
    help="For editors, on this machine only: with drafts and scheduled releases, marked, and with all problems. Pages "
    "reload when a file is saved.",
)
@click.option(
    "--workers", type=click.IntRange(1, 256), help="The number of worker processes; by default one for each core."
)
@click.option("--log", type=click.Choice(LOG_FORMATS), default="off", show_default=True,
              help="The access log: a line for each request on standard output, as web servers write it or as JSON. "
              "With json all other log lines are JSON too.")  # fmt: skip
@click.option("--log-file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write the access log into FILE instead. It is opened anew after a rotation.")  # fmt: skip
def serve(**options: Any) -> None:
    """Serve the newsroom, and follow changes in the content folder.

    With --at, serve it as it will be at that time: for editors, on this machine only, with marked titles.
    """
    from feeds.cli.serve import serve

    serve(**options)


@group.command(short_help="Make an e-mail message of what is new in a feed.")
@_data
@click.option("--selection", default="all", show_default=True, metavar="FEED", help="The feed, as its address says it: "
              "country/cn, zh-Hans/all.")  # fmt: skip
@click.option("--since", default="last", show_default=True, metavar="TIME", help="last: what no message before had. "
              "Or a time of the newsroom's zone: 2021-06-24; then nothing is remembered.")  # fmt: skip
@click.option("--from", "sender", metavar="ADDRESS", help="Who writes; by default the e-mail address of the author or "
              "of a contact in newsroom.yaml.")  # fmt: skip
@click.option("--to", "recipient", default="", metavar="ADDRESS", help="The address of the list, if the program that "
              "sends it does not write it.")  # fmt: skip
@click.option("--unsubscribe", default="", metavar="ADDRESS", help="Where readers leave the list: https://… (one "
              "click, RFC 8058) or mailto:…. It may hold a mark that the program of the list fills.")  # fmt: skip
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write it into FILE "
              "instead of standard output.")  # fmt: skip
@click.option("--keep", is_flag=True, help="Only look: what is new stays new.")
def digest(**options: Any) -> None:
    """Make one e-mail message of what is new in a feed, for the program of a mailing list. Nothing is sent.

    Exit code 3, and no message, if there is nothing new. The settings must be those of the server: FEEDS_DATA,
    FEEDS_BASE_URL and FEEDS_STATE.
    """
    from feeds.cli.digest import digest

    digest(**options)


@group.command(short_help="Say which release says what a file or a text says.")
@_data
@click.argument("passage", metavar="FILE|TEXT")
@_at
@_json
def verify(**options: Any) -> None:
    """Say which release says what FILE or TEXT says: word for word, nearly, or none.

    FILE is plain text, Markdown or HTML; - is standard input. Exit code 1 unless a release says it word for word.
    """
    from feeds.cli.verify import verify

    verify(**options)


@group.command()
@_data
@click.argument("files", nargs=-1, metavar="[FILE]…", type=click.Path())
@click.option(
    "--strict", is_flag=True, help="Exit code 1 for warnings too: for what is published otherwise than written."
)
@click.option("--translations", is_flag=True, help="List the releases without a translation, by language, instead.")
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved, until Ctrl+C.")
@_json
def check(**options: Any) -> None:
    """Read all files, and print all problems and a summary. Exit code 1 if a problem holds something back.

    With FILE (a path, or year and name as in 2021/annual-report) only these files are read, which takes a moment;
    problems between releases are not looked for then.
    """
    from feeds.cli.check import check

    check(**options)


@group.command("list", short_help="Print the address of every feed, and its number of releases.")
@_data
@_at
@click.option("--combinations", is_flag=True, help="Also list every combination of terms with releases.")
@click.option("--format", "suffixes", multiple=True, type=click.Choice([form.suffix for form in FORMATS]),
              help="List only this format; may be repeated.")  # fmt: skip
@click.option("--scheduled", is_flag=True, help="List what is to come instead, for editors: when, what, and its file.")
@_json
def list_(**options: Any) -> None:
    """Print the address of every feed, and the number of its releases."""
    from feeds.cli.list import list_

    list_(**options)


@group.command(short_help="Show what subscribers will see of a change.")
@_data
@click.option(
    "--since", default="HEAD", show_default=True, metavar="REVISION", help="The git revision to compare with."
)
@_json
def review(**options: Any) -> None:
    """Show what subscribers will see of changes since a git revision.

    Exit code 1 if there is a fault: a release vanishes, is announced again without news, or is held back.
    """
    from feeds.cli.review import review

    review(**options)


@group.command()
@_data
@click.option("--translation", is_flag=True, help="Of a translation, which needs no `published`.")
@click.option("--newsroom", is_flag=True, help="Of newsroom.yaml instead.")
@click.option(
    "--terms", metavar="FACET", help="Of the file with the terms of this facet instead (country or countries)."
)
def schema(**options: Any) -> None:
    """Print the JSON Schema of a release file of this newsroom.

    It holds the facets and terms. With it, text editors complete and check release files.
    """
    from feeds.cli.schema import schema

    schema(**options)


@group.command(short_help="Write the file that translates pages and feeds.")
@click.argument("language")
@_data
def words(**options: Any) -> None:
    """Write the file that translates what pages and feeds say into LANGUAGE (fr, zh-Hant), or says it in other words.

    The file is locale/LANGUAGE.po in the content folder. It has every message with its English, and with what the
    product says in the language. Run again, it adds messages that are new; what is written there stays as it is.
    """
    from feeds.cli.words import words

    words(**options)


@group.command(short_help="Begin a template for a page, or list the pages and their blocks.")
@click.argument("page", required=False)
@click.option("--print", "print_", is_flag=True, help="Print the product's template instead, to copy from.")
@_data
def theme(**options: Any) -> None:
    """Begin a template of your own for PAGE (front, release, base), or list the pages and their blocks.

    The file is theme/PAGE.html in the content folder. At first it changes nothing: what its blocks do not say is the
    product's. It never overwrites a file.
    """
    from feeds.cli.theme import theme

    theme(**options)


@group.command(short_help="Copy what readers have been shown into FILE.")
@_data
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(**options: Any) -> None:
    """Copy what readers have been shown into FILE, also while the newsroom is served.

    The content folder and this file are all that a newsroom needs to go on elsewhere. The settings must be those of
    the server: FEEDS_DATA, FEEDS_BASE_URL and FEEDS_STATE.
    """
    from feeds.cli.backup import backup

    backup(**options)


@group.command(short_help="Show who polls the feeds, from the access log.")
@click.argument("files", nargs=-1, metavar="[FILE]…", type=click.Path(path_type=Path))
@_json
def pollers(**options: Any) -> None:
    """Show which programs poll the feeds, how often, with which share of 304s, and for how many subscribers.

    FILE is an access log of `feeds serve --log common` or json, or of a web server in front (Combined Log Format),
    also packed by gzip; by default standard input. Addresses of people are neither kept nor shown.
    """
    from feeds.cli.pollers import pollers

    pollers(**options)


@group.command(short_help="Write the newsroom as files, for a host without this program.")
@_data
@click.argument("out", type=click.Path(file_okay=False))
@click.option("--base-url", metavar="URL", help="The web address where readers will find it; by default "
              "FEEDS_BASE_URL.")  # fmt: skip
@_at
@click.option("--combinations", type=click.IntRange(1, 9), default=2, show_default=True, metavar="N",
              help="How many facets the address of a file combines at most.")  # fmt: skip
@click.option("--host", type=click.Choice(EXPORT_HOSTS), metavar="HOST", show_choices=False,
              help=f"Write what this host needs too: {', '.join(EXPORT_HOSTS)}.")  # fmt: skip
@click.option("--precompress", metavar="CODINGS", default="", help="Write compressed twins too: gzip,br,zstd. In "
              "an object store one of them, instead.")  # fmt: skip
@click.option("--watch", is_flag=True, help="Go on at every change and every scheduled moment, until Ctrl+C.")
def export(**options: Any) -> None:
    """Write the newsroom into the folder OUT: each page, feed, list and file as the server would send it.

    OUT may be a bucket of an object store: s3://BUCKET/PREFIX, gs://BUCKET/PREFIX, az://CONTAINER/PREFIX. Run again,
    it writes only what has changed, and deletes what is gone. The last line says when it has to run next.
    """
    from feeds.concurrency.helper_processes import collect_rarely

    collect_rarely()  # before the libraries, which are many values too
    from feeds.cli.export import export

    export(**options)


@group.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@click.option("--into", "data", type=_FOLDER, metavar="DATA", help="The content folder; by default FEEDS_DATA or "
              "./data.")  # fmt: skip
@click.option("--media", type=click.Path(path_type=Path, file_okay=False, exists=True), metavar="FOLDER",
              help="Where the files lie that the source names, such as WordPress's uploads.")  # fmt: skip
@click.option("--language", default="", metavar="TAG", help="The language of what does not say its own.")
@click.option("--terms", multiple=True, metavar="FIELD=FACET", help="Which facet a field of the source is for, as in "
              "category=topics. Repeat it for others.")  # fmt: skip
@click.option("--add-terms", is_flag=True, help="Add what is no term yet to the files of terms.")
@click.option("--dry-run", is_flag=True, help="Write nothing: only say what would be done.")
@_json
def import_(**options: Any) -> None:
    """Bring in releases that another program has published.

    SOURCE is an RSS, Atom or JSON feed, an export of WordPress, a folder of Markdown (Hugo, Jekyll, Eleventy,
    Pelican), a table saved as CSV, or a Word document. Ids and addresses are kept. No file is overwritten, and running
    it again brings only what is new.
    """
    from feeds.cli.import_ import import_

    import_(**options)


@group.command(short_help="Print the script that completes commands in a shell.")
@click.argument("shell", type=click.Choice(tuple(SHELLS)))
def completion(shell: str) -> None:
    """Print the script with which SHELL completes commands, options and files.

    In ~/.bashrc: eval "$(feeds completion bash)". In ~/.zshrc: eval "$(feeds completion zsh)". For fish: feeds
    completion fish > ~/.config/fish/completions/feeds.fish
    """
    click.echo(SHELLS[shell](group, {}, "feeds", "_FEEDS_COMPLETE").source())
