"""The newsroom's own style sheets: that with its colour and that of its theme, loaded after the product's.

Pages, frames, and feeds in browsers have the colour; only pages have the theme.

Each is a file of its own, at an address that changes with its bytes: so the content security policy, which allows this
site's style sheets, need not name it.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from feeds.catalogue import Snapshot
from feeds.model.colour import DARK_BACKGROUNDS, LIGHT_BACKGROUNDS, darker, lighter
from feeds.model.newsroom import Newsroom
from feeds.model.theme import Theme
from feeds.publish.assets import Asset

# The variables are those of style.css and feed.css; embed.css has none.
_COLOUR = """\
:root {{ --link: {link}; --mark: {mark}; }}
.frame a {{ color: {link}; }}
"""
_THEME_PATH = re.compile(r"/static/theme-[0-9a-f]{12}\.css")


def own_style(newsroom: Newsroom) -> Asset | None:
    """The style sheet with the newsroom's colour; None if it has none."""
    if newsroom.colour is None:
        return None
    dark = lighter(newsroom.colour, DARK_BACKGROUNDS)
    link = f"light-dark({darker(newsroom.colour, LIGHT_BACKGROUNDS)}, {dark})"
    return _asset("newsroom", _COLOUR.format(link=link, mark=f"light-dark({newsroom.colour}, {dark})"))


def theme_style(theme: Theme) -> Asset | None:
    """The style sheet of a theme; None if it has none."""
    return _asset("theme", theme.style) if theme.style else None


def own_style_at(path: str, snapshot: Snapshot) -> Asset | None:
    """The newsroom's own style sheet at a path; None if there is none."""
    sheets = (own_style(snapshot.vocabulary.newsroom), theme_style(snapshot.theme))
    return next((each for each in sheets if each and each.path == path), None)


def is_former_theme(path: str) -> bool:
    """Whether a path may be the former one of a theme's style sheet."""
    return bool(_THEME_PATH.fullmatch(path))


@lru_cache(maxsize=16)
def _asset(name: str, text: str) -> Asset:
    body = text.encode()
    mark = hashlib.sha256(body).hexdigest()[:12]
    return Asset(f"{name}.css", f"/static/{name}-{mark}.css", body, "text/css; charset=utf-8")
