"""What partners paste into their pages to show headlines: every line of it is made here."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from feeds.addresses import FeedAddress, Headlines
from feeds.assets.embed_scripts import Script, scripts
from feeds.formats import HTML, JSON_FEED
from feeds.i18n import Words
from feeds.model.selection import Selection
from feeds.publish import titles
from feeds.publish.context import Context

# The frame page's own measures in CSS pixels: assets/embed.css gives every headline this much room.
_FRAME_HEAD = 72
_FRAME_ROW = 84


def label(context: Context, selection: Selection) -> str:
    """What the headlines are, in their language: the name of a frame, the words of the link that stays."""
    return Words.of(selection.language).say("{title}: latest headlines", title=titles.feed_title(context, selection))


def script(context: Context) -> str:
    """The line that loads the element, once a page. The hash lets a browser refuse any byte but these."""
    newest = scripts()[-1]
    return (
        f'<script type="module" src="{escape(script_address(context, newest))}"\n'
        f'  integrity="{newest.integrity}" crossorigin="anonymous" referrerpolicy="no-referrer"></script>'
    )


def script_address(context: Context, which: Script) -> str:
    """The whole address of a version of the script."""
    return context.addresses.base + which.path


def element(context: Context, selection: Selection, count: int) -> str:
    """The element, with the link in it that stands wherever no script runs."""
    source = context.addresses.absolute(FeedAddress(selection, JSON_FEED))
    page = context.addresses.absolute(FeedAddress(selection, HTML))
    return (
        f'<feed-headlines src="{escape(source)}" count="{count}">\n'
        f'  <a href="{escape(page)}" lang="{selection.language}">{escape(label(context, selection), quote=False)}</a>\n'
        "</feed-headlines>"
    )


def height_rule(count: int) -> str:
    """The rule that keeps the headlines' place free from the start: nothing on the page moves when they come.

    Each has room for two lines of title and one of date, in the partner's own type; what is longer scrolls. The
    height is fixed, not a minimum: titles to come may be of any length, in a column of any width.
    """
    return f"feed-headlines {{ display: block; block-size: calc({count} * (3lh + .75em));\n  overflow: auto }}"


def frame(context: Context, selection: Selection, count: int, size: tuple[str, int] | None = None) -> str:
    """A frame of fixed height around a page without script; ``size`` is width and height where they are prescribed."""
    source = context.addresses.absolute(Headlines(selection, count))
    width, height = size or ("100%", frame_height(count))
    return (
        f'<iframe src="{escape(source)}" title="{escape(label(context, selection))}"\n'
        f'  width="{width}" height="{height}" style="border: 0" loading="lazy" referrerpolicy="no-referrer"\n'
        '  sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"></iframe>'
    )


def frame_height(count: int) -> int:
    """CSS pixels of a frame with so many headlines."""
    return _FRAME_HEAD + count * _FRAME_ROW


def frame_count(height: int, most: int) -> int:
    """How many headlines a frame of a height has room for: at least one, at most ``most``."""
    return max(1, min(most, (height - _FRAME_HEAD) // _FRAME_ROW))


def include(context: Context, selection: Selection, count: int) -> str:
    """Server-side include: for caches that speak ESI, and for web servers that pass our path on to us."""
    fragment = Headlines(selection, count, "fragment")
    whole = escape(context.addresses.absolute(fragment))
    return (
        f'<esi:include src="{whole}" onerror="continue"/>\n<!--#include virtual="{escape(context.path(fragment))}" -->'
    )


def policy(context: Context) -> str:
    """What a content security policy must allow for the element and the frame; nothing for styles or Trusted Types."""
    parts = urlsplit(context.addresses.base)
    origin = f"{parts.scheme}://{parts.netloc}"
    return f"script-src {origin}; connect-src {origin}; frame-src {origin}"
