"""Makes the settings of hosts: redirects, what is gone, and header fields, each in the host's own syntax.

Each host gets what it can express. Its settings take their places after the files they name, and before files are
deleted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from feeds.addresses import INFO_PAGES
from feeds.export.files import ExportedFile
from feeds.export.layout import INDEX, MISSING, SUFFIX
from feeds.export.manifest import Manifest
from feeds.export.target import OWN
from feeds.model.formats import MARKDOWN

_ERRORS = "/_feeds-page"
"""The internal path under which nginx finds the pages for 404 and 410."""
_CORS = (("Access-Control-Allow-Origin", "*"), ("Cross-Origin-Resource-Policy", "cross-origin"))
"""For redirects: a widget that was given a former address could not follow them otherwise."""
_REDIRECT = (("Cache-Control", "no-cache"), *_CORS)


@dataclass(frozen=True, slots=True)
class Setting:
    """A file for the host."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class HeaderTable:
    """The values of one header field: what most files of a kind have, and those that have another."""

    field: str
    kinds: tuple[tuple[str, str], ...]
    """Regular expressions of the paths of files, the first that fits counts, with the value."""
    exceptions: tuple[tuple[str, str], ...]
    """Paths of files with another value; it is empty for none."""


def header_tables(files: Mapping[str, ExportedFile], languages: tuple[str, ...]) -> list[HeaderTable]:
    """The header fields of all files, in few lines: most files of a kind have the same."""
    by_kind: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    for name, file in sorted(files.items()):
        if not name.startswith(f"{OWN}/"):
            by_kind.setdefault(_kind(name, languages), []).append((name, dict(file.fields)))
    tables = []
    for field in sorted({field for file in files.values() for field, _ in file.fields}):
        kinds, exceptions = [], []
        for kind, members in sorted(by_kind.items(), key=lambda each: (-len(each[0]), each[0])):
            usual = Counter(fields.get(field, "") for _, fields in members).most_common(1)[0][0]
            kinds.append((kind, usual))
            exceptions += [
                (f"/{name}", fields.get(field, "")) for name, fields in members if fields.get(field, "") != usual
            ]
        tables.append(HeaderTable(field, tuple(kinds), tuple(exceptions)))
    return tables


def _kind(name: str, languages: tuple[str, ...]) -> str:
    """A regular expression for the files like this one: of the same language, part of the site, and suffix."""
    first, _, rest = name.partition("/")
    lead, rest = (f"/{first}", rest) if rest and first in languages[1:] else ("", name)
    parts = rest.split("/")
    area = "/".join(parts[:2]) if parts[0] == "embed" and len(parts) > 2 else parts[0] if len(parts) > 1 else ""
    suffix = re.search(r"\.[a-z0-9]+$", parts[-1])
    return f"^{re.escape(lead)}/{re.escape(area) + '/' if area else ''}.*{re.escape(suffix[0]) if suffix else ''}$"


def nginx(manifest: Manifest, languages: tuple[str, ...]) -> list[Setting]:
    """Two files to include: the maps in the `http` block, the rest in the `server` block, below its `root`."""
    prefix = urlsplit(manifest.base_url).path
    moved = _by_status(manifest)
    address = "$feeds_address" if prefix else "$uri"
    file = "$feeds_file" if prefix else "$uri"
    lines = ["map_hash_max_size 262144;", "map_hash_bucket_size 1024;"]
    if prefix:
        for name in ("address", "file"):
            rule = f'"~^{re.escape(prefix)}(?<feeds_rest_of_{name}>/.*)$" $feeds_rest_of_{name}'
            lines.append(f"map $uri $feeds_{name} {{ default $uri; {rule}; }}")
    lines += _map("feeds_moved", address, moved[308])
    lines += _map("feeds_moved_for_now", address, moved[307])
    lines += _map("feeds_gone", address, {path: f"/{name}" for path, name in manifest.gone.items()})
    lines += _map("feeds_hidden", address, {}, dict.fromkeys(_hidden(languages), "1"))
    lines += _map("feeds_missing", address, {}, _missing(languages), f"/{MISSING}")
    variables = []
    for number, table in enumerate(header_tables(manifest.files, languages)):
        fixed = dict(_REDIRECT).get(table.field, "")
        # A redirect has no file: its status decides.
        kinds = {"^30[78]:": fixed, **{f"^[0-9]+:{kind[1:]}": value for kind, value in table.kinds}}
        exact = {f"{status}:{path}": value for path, value in table.exceptions for status in _statuses(path, manifest)}
        lines += _map(f"feeds_field_{number}", f"$status:{file}", exact, kinds)
        variables.append((table.field, f"$feeds_field_{number}"))
    server = _nginx_server(prefix, variables, manifest.options.get("codings", ()))
    return [_setting(f"{OWN}/nginx-maps.conf", lines), _setting(f"{OWN}/nginx.conf", server)]


def _nginx_server(prefix: str, variables: list[tuple[str, str]], codings: tuple[str, ...]) -> list[str]:
    """What stands in nginx's `server` block; ``variables`` has header fields and what their values are called."""
    return [
        f"location ^~ {_ERRORS}/ {{",
        "    internal;",
        f"    rewrite ^{_ERRORS}(/.*)$ $1 break;",
        *_served(variables, codings),
        "}",
        *([f"location = {prefix} {{ return 308 {prefix}/; }}"] if prefix else []),
        f"location {prefix}/ {{",
        "    absolute_redirect off;",
        f"    error_page 404 {_ERRORS}$feeds_missing;",
        f"    error_page 410 {_ERRORS}$feeds_gone;",
        "    if ($feeds_moved) { return 308 $feeds_moved; }",
        "    if ($feeds_moved_for_now) { return 307 $feeds_moved_for_now; }",
        "    if ($feeds_gone) { return 410; }",
        "    if ($feeds_hidden) { return 404; }",
        *([f"    rewrite ^{re.escape(prefix)}(/.*)$ $1 break;"] if prefix else []),
        *_served(variables, codings),
        f"    try_files $uri $uri{SUFFIX} ${{uri}}{INDEX} =404;",
        "}",
    ]


def _by_status(manifest: Manifest) -> dict[int, dict[str, str]]:
    """Where redirects lead, by their status."""
    found: dict[int, dict[str, str]] = {308: {}, 307: {}}
    for path, (target, status) in manifest.moved.items():
        found[status][path] = target
    return found


def _served(variables: list[tuple[str, str]], codings: tuple[str, ...]) -> Iterator[str]:
    """What nginx sends with a file: the type comes with the other header fields."""
    yield "    types { }"
    yield '    default_type "";'
    if "gzip" in codings:
        yield "    gzip_static on;"
        yield "    gzip_vary on;"
    for field, variable in variables:
        yield f"    add_header {field} {variable} always;"


def _statuses(path: str, manifest: Manifest) -> tuple[int, ...]:
    """The statuses with which a file is sent."""
    file = manifest.files[path[1:]]
    return (200, 206, 304) if file.status == 200 else (file.status,)


def _map(
    name: str, of: str, exact: Mapping[str, str], patterns: Mapping[str, str] | None = None, default: str = ""
) -> Iterator[str]:
    yield f'map "{of}" ${name} {{'
    yield f"    default {_quoted(default)};"
    for key, value in sorted(exact.items()):
        yield f"    {_quoted(key)} {_quoted(value)};"
    for pattern, value in (patterns or {}).items():
        yield f"    {_quoted(f'~{pattern}')} {_quoted(value)};"
    yield "}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _hidden(languages: tuple[str, ...]) -> tuple[str, ...]:
    """The paths of files that are no addresses: the server has nothing there either."""
    return (
        rf"^/{re.escape(OWN)}/",
        r"^/_gone/",
        rf"/{re.escape(INDEX)}$",
        rf"^{_lead(languages)}/(?:404|{'|'.join(INFO_PAGES)}|releases/.*){re.escape(SUFFIX)}$",
        r"\.(?:gz|br|zst)$",
    )


def _lead(languages: tuple[str, ...]) -> str:
    return f"(?:/(?:{'|'.join(map(re.escape, languages[1:]))}))?" if languages[1:] else ""


def _missing(languages: tuple[str, ...]) -> dict[str, str]:
    return {f"^/{re.escape(each)}/": f"/{each}/{MISSING}" for each in languages[1:]}


def caddy(manifest: Manifest, languages: tuple[str, ...]) -> list[Setting]:
    """A file to import into the site, below its `root`."""
    prefix = urlsplit(manifest.base_url).path
    moved = _by_status(manifest)
    lines = [*([f"redir {prefix} {prefix}/ 308"] if prefix else []), f"route {prefix}/* {{"]
    lines += [f"\turi strip_prefix {prefix}"] if prefix else []
    lines += _caddy_map("{path}", "{feeds_moved}", moved[308])
    lines += _caddy_map("{path}", "{feeds_moved_for_now}", moved[307])
    gone = {path: f"/{name}" for path, name in manifest.gone.items()}
    lines += _caddy_map("{path}", "{feeds_gone}", gone)
    lines += _caddy_map("{path}", "{feeds_hidden}", {}, dict.fromkeys(_hidden(languages), "1"))
    lines += _caddy_map("{path}", "{feeds_missing}", {}, _missing(languages), f"/{MISSING}")
    for status, name in ((308, "feeds_moved"), (307, "feeds_moved_for_now")):
        lines += [f'\t@{name} expression `{{{name}}} != ""`', f"\thandle @{name} {{"]
        lines += [f'\t\theader {field} "{value}"' for field, value in _REDIRECT]
        lines += [f"\t\theader Location {{{name}}}", f"\t\trespond {status}", "\t}"]
    tables = header_tables(manifest.files, languages)
    fields: list[str] = []
    for number, table in enumerate(tables):
        fields += _caddy_map("{path}", f"{{feeds_field_{number}}}", dict(table.exceptions), dict(table.kinds))
    for number, table in enumerate(tables):
        fields += [f'\t@feeds_field_{number} expression `{{feeds_field_{number}}} != ""`']
        fields += [f"\theader @feeds_field_{number} {table.field} {{feeds_field_{number}}}"]
    twins = [each for each in ("br", "zstd", "gzip") if each in manifest.options.get("codings", ())]
    options = ["disable_canonical_uris", *([f"precompressed {' '.join(twins)}"] if twins else [])]

    def sent(*, status: int, indent: str) -> list[str]:
        inner = [*options, *([f"status {status}"] if status != 200 else [])]
        return [f"{indent}file_server {{", *(f"{indent}\t{each}" for each in inner), f"{indent}}}"]

    lines += ['\t@feeds_gone expression `{feeds_gone} != ""`', "\troute @feeds_gone {", "\t\trewrite * {feeds_gone}"]
    lines += [f"\t{each}" for each in fields] + sent(status=410, indent="\t\t") + ["\t}"]
    lines += ["\t@feeds_there {", '\t\texpression `{feeds_hidden} == ""`']
    lines += [f"\t\tfile {{path}} {{path}}{SUFFIX} {{path}}{INDEX}", "\t}", "\troute @feeds_there {"]
    lines += ["\t\trewrite * {file_match.relative}"]
    lines += [f"\t{each}" for each in fields] + sent(status=200, indent="\t\t") + ["\t}"]
    lines += ["\troute {", "\t\trewrite * {feeds_missing}"]
    lines += [f"\t{each}" for each in fields] + sent(status=404, indent="\t\t") + ["\t}", "}"]
    return [_setting(f"{OWN}/Caddyfile", lines)]


def _caddy_map(
    of: str, name: str, exact: Mapping[str, str], patterns: Mapping[str, str] | None = None, default: str = ""
) -> Iterator[str]:
    yield f"\tmap {of} {name} {{"
    for key, value in sorted(exact.items()):
        yield f"\t\t{_quoted(key)} {_quoted(value)}"
    for pattern, value in (patterns or {}).items():
        # In Caddyfile only the quotation mark is escaped.
        escaped = pattern.replace('"', '\\"')
        yield f'\t\t"~{escaped}" {_quoted(value)}'
    yield f"\t\tdefault {_quoted(default)}"
    yield "\t}"


def netlify(manifest: Manifest, languages: tuple[str, ...]) -> list[Setting]:
    """`_redirects` and `_headers`. Netlify knows no 410: what is gone is sent with its page and a 404."""
    redirects = [*_redirect_lines(manifest, {308: 301, 307: 302})]
    redirects += [f"{quote(path)} /{quote(name)} 404!" for path, name in sorted(manifest.gone.items())]
    redirects += [f"/{each}/* /{each}/{MISSING} 404" for each in languages[1:]]
    return [_setting("_redirects", redirects), _setting("_headers", _header_lines(manifest, by_file=True))]


def cloudflare(manifest: Manifest, languages: tuple[str, ...]) -> list[Setting]:
    """`_redirects` and `_headers` within the limits of Cloudflare: 2,000 redirects and 100 rules. It knows no 410."""
    del languages  # it looks for 404.html in the folders by itself
    redirects = list(_redirect_lines(manifest, {308: 308, 307: 307}))[:2_000]
    return [_setting("_redirects", redirects), _setting("_headers", _header_lines(manifest, by_file=False))]


def github(manifest: Manifest, languages: tuple[str, ...]) -> list[Setting]:
    """A file that turns off Jekyll. GitHub Pages knows no redirects and no header fields."""
    del manifest, languages
    return [Setting(".nojekyll", b"")]


def object_store(manifest: Manifest, languages: tuple[str, ...]) -> list[Setting]:
    """Nothing: the manifest has what each object must be stored with."""
    del manifest, languages
    return []


def _redirect_lines(manifest: Manifest, statuses: Mapping[int, int]) -> Iterator[str]:
    prefix = urlsplit(manifest.base_url).path
    for path, (target, status) in sorted(manifest.moved.items()):
        if path.rstrip("/") + "/" != target.removeprefix(prefix):  # hosts add the slash of a folder by themselves
            yield f"{quote(path)} {target} {statuses[status]}"


_COMMON = ("X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy")
_SUFFIXES = ("atom", "rss", "json", "opml")


def _header_lines(manifest: Manifest, *, by_file: bool) -> Iterator[str]:
    """Rules that do not overlap in a field: where several fit, these hosts send all their values."""
    files = manifest.files
    sample = next((dict(file.fields) for name, file in sorted(files.items()) if name == INDEX), {})
    yield "/*"
    yield from (f"  {field}: {sample[field]}" for field in _COMMON if field in sample)
    for folder in ("static", "media"):
        yield f"/{folder}/*"
        yield "  Cache-Control: public, max-age=31536000, immutable"
        yield from (f"  {field}: {value}" for field, value in _CORS)
    kept = ("Content-Type", "Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy", "Content-Security-Policy")
    if by_file:
        for name, file in sorted(files.items()):
            fields = [(field, value) for field, value in file.fields if field in (*kept, "Link", "Content-Language")]
            if file.status == 200 and not name.startswith(("static/", "media/", f"{OWN}/")) and fields:
                path = f"/{name.removesuffix(INDEX)}" if name.endswith(INDEX) else f"/{name}"
                yield quote(path)
                yield from (f"  {field}: {value}" for field, value in fields)
        return
    for suffix in _SUFFIXES:
        found = next((file for name, file in sorted(files.items()) if name.endswith(f".{suffix}")), None)
        if found:
            yield f"/*.{suffix}"
            yield from (f"  {field}: {value}" for field, value in found.fields if field in kept)
    if any(name.endswith(f".{MARKDOWN.suffix}") for name in files):
        # Its other header fields are those of the pages beside it.
        yield f"/*.{MARKDOWN.suffix}"
        yield f"  Content-Type: {MARKDOWN.content_type}"
    for rule, name in (("/releases/*", "releases/"), ("/embed/frame/*", "embed/frame/")):
        found = next((file for each, file in sorted(files.items()) if each.startswith(name)), None)
        if found:
            yield rule
            yield from (
                f"  {field}: {value}" for field, value in found.fields if field in kept and field != "Content-Type"
            )


def _setting(name: str, lines: Iterator[str] | list[str]) -> Setting:
    return Setting(name, "".join(f"{line}\n" for line in lines).encode())


@dataclass(frozen=True, slots=True)
class Host:
    """A kind of host, and what it needs beside the files."""

    settings: Callable[[Manifest, tuple[str, ...]], list[Setting]]
    suffixed: bool = True
    """Whether pages without a suffix are files with one."""
    stand_ins: bool = False
    """Whether files stand in for redirects, since the host has none."""
    lacks: str = ""
    """What it cannot do, in a sentence printed at the end of an export."""


HOSTS: Mapping[str, Host] = {
    "nginx": Host(nginx),
    "caddy": Host(caddy),
    "netlify": Host(netlify, lacks="Netlify answers 404 with the notice, and not 410, for what is gone"),
    "cloudflare": Host(
        cloudflare,
        lacks="Cloudflare answers 200 with the notice for withdrawn releases, 404 for feeds that have ended, redirects"
        " /feeds/all.html to /feeds/all, and takes 2,000 redirects",
    ),
    "github": Host(
        github,
        stand_ins=True,
        lacks="GitHub Pages has no 410, no header fields of ours, and no redirects: former addresses of feeds have the"
        " same feed, those of pages lead on by a page",
    ),
    "s3": Host(
        object_store,
        suffixed=False,
        stand_ins=True,
        lacks="object stores have no 410 and no redirects: former addresses of feeds have the same feed, those of"
        " pages lead on by a page",
    ),
}
"""The hosts by name."""
