"""Makes the code that other sites paste to show headlines."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from feeds.addresses import FeedAddress, Headlines, ReleaseCard
from feeds.model.formats import HTML, JSON_FEED
from feeds.model.selection import Selection
from feeds.publish import titles
from feeds.publish.assets.embed_scripts import Script, scripts
from feeds.publish.context import Context

# The heights in CSS pixels of the heading and of a headline in the frame, as set in assets/embed.css.
_FRAME_HEAD = 72
_FRAME_ROW = 84
CARD_HEIGHT = 204
"""The height in CSS pixels of the card of a release."""
COLOR_SCHEMES = {"": "light", "light": "light", "dark": "dark", "auto": "light dark"}
"""The color schemes of a frame and of its iframe, by theme (CSS Color Adjustment 1, section 2)."""


def label(context: Context, selection: Selection) -> str:
    """The name of a frame, and the text of the link inside the element, in the language of the headlines."""
    return context.words(selection.language).say(
        "{title}: latest headlines", title=titles.feed_title(context, selection)
    )


def script(context: Context) -> str:
    """The script tag that loads the element, once in a page. The browser checks the script against its hash."""
    newest = scripts()[-1]
    return (
        f'<script type="module" src="{escape(script_address(context, newest))}"\n'
        f'  integrity="{newest.integrity}" crossorigin="anonymous" referrerpolicy="no-referrer"></script>'
    )


def script_address(context: Context, version: Script) -> str:
    """The absolute address of a version of the script."""
    return context.addresses.base + version.path


def element(context: Context, selection: Selection, count: int) -> str:
    """The element, with a link for readers without scripts."""
    source = context.addresses.absolute(FeedAddress(selection, JSON_FEED))
    page = context.addresses.absolute(FeedAddress(selection, HTML))
    return (
        f'<feed-headlines src="{escape(source)}" count="{count}">\n'
        f'  <a href="{escape(page)}" lang="{selection.language}">{escape(label(context, selection), quote=False)}</a>\n'
        "</feed-headlines>"
    )


def height_rule(count: int) -> str:
    """The CSS rule that sets the height of the element, so that nothing on the page moves when headlines load.

    Each headline has the height of three lines: two of title, one of date. The height is fixed, because titles may be
    of any length; what does not fit scrolls.
    """
    return f"feed-headlines {{ display: block; block-size: calc({count} * (3lh + .75em));\n  overflow: auto }}"


def frame(context: Context, headlines: Headlines, size: tuple[str, int] | None = None) -> str:
    """An iframe of the headlines without script. ``size`` is a given width and height in CSS pixels."""
    source = context.addresses.absolute(headlines)
    size = size or ("100%", frame_height(headlines.count))
    return _iframe(source, label(context, headlines.selection), size, headlines.theme)


def card(context: Context, address: ReleaseCard, title: str, size: tuple[str, int]) -> str:
    """An iframe of the card of a release. ``size`` is a width and a height in CSS pixels."""
    return _iframe(context.addresses.absolute(address), title, size, address.theme)


def _iframe(source: str, title: str, size: tuple[str, int], theme: str) -> str:
    width, height = size
    return (
        f'<iframe src="{escape(source)}" title="{escape(title)}"\n'
        f'  width="{width}" height="{height}" style="{frame_style(theme)}" loading="lazy"\n'
        '  referrerpolicy="no-referrer"\n'
        '  sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"></iframe>'
    )


def frame_style(theme: str) -> str:
    """The CSS of an iframe for a theme.

    A browser lets the page around show through where both have one color scheme (CSS Color Adjustment 1, section 2.2).
    """
    return f"border: 0; color-scheme: {COLOR_SCHEMES[theme]}"


def frame_rule(context: Context, theme: str) -> str:
    """The same as a rule for the partner's style sheet, where a policy forbids style attributes."""
    return f'iframe[src^="{context.addresses.base}/"] {{ {frame_style(theme)} }}'


def frame_height(count: int) -> int:
    """The height in CSS pixels of a frame with ``count`` headlines."""
    return _FRAME_HEAD + count * _FRAME_ROW


def frame_count(height: int, most: int) -> int:
    """The number of headlines for a frame of a height in CSS pixels, from 1 to ``most``."""
    return max(1, min(most, (height - _FRAME_HEAD) // _FRAME_ROW))


def include(context: Context, selection: Selection, count: int) -> str:
    """The tags that include the headlines on the server: ESI for caches, SSI for web servers that proxy our paths."""
    fragment = Headlines(selection, count, "fragment")
    address = escape(context.addresses.absolute(fragment))
    path = escape(context.path(fragment))
    return f'<esi:include src="{address}" onerror="continue"/>\n<!--#include virtual="{path}" -->'


def policy(context: Context) -> str:
    """The content security policy that the element and the frame need. Styles and Trusted Types need no rule."""
    parts = urlsplit(context.addresses.base)
    origin = f"{parts.scheme}://{parts.netloc}"
    return f"script-src {origin}; connect-src {origin}; frame-src {origin}"
