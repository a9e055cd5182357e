"""Says which file stands for an address.

A host must serve the file at the very address, without a redirect: feeds and pages name it. Addresses that end in a
slash are the index file of a folder, on every host. A page without a suffix (/about, /releases/2021/dam) is a file with
one, which hosts find by themselves (GitHub Pages, Netlify, Cloudflare) or by `try_files` (nginx, Caddy): a file without
a suffix would have no media type there. An object store is told the media type of each object, and has nothing that
looks for suffixes: there the key is the path.
"""

from __future__ import annotations

from feeds.addresses import MEDIA

INDEX = "index.html"
SUFFIX = ".html"
MISSING = "404.html"
"""The page for an address with nothing at it, in the folder of each language: where hosts look for it."""
GONE = "_gone/"
"""The folder of the pages that say that something is gone, each under a name that changes with its bytes."""


def file_of(path: str, *, suffixed: bool = True) -> str:
    """The name of the file for a path, relative to the folder.

    >>> [file_of(path) for path in ("/", "/mn/", "/about", "/feeds/all.atom", "/releases/2021/dam")]
    ['index.html', 'mn/index.html', 'about.html', 'feeds/all.atom', 'releases/2021/dam.html']
    >>> file_of("/about", suffixed=False)
    'about'
    """
    if path.endswith("/"):
        return path[1:] + INDEX
    return path[1:] + (SUFFIX if suffixed and is_bare(path) else "")


def is_bare(path: str) -> bool:
    """Whether a path ends in a name without a suffix, and is no file that lies beside a release."""
    return not path.startswith(MEDIA) and "." not in path.rpartition("/")[2] and not path.endswith("/")
