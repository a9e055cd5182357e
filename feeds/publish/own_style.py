"""The style sheet with the newsroom's colour. Pages, frames, and feeds in browsers load it after the product's.

It is a file of its own, at an address that changes with its bytes: so the content security policy, which allows this
site's style sheets, is the same for every newsroom.
"""

from __future__ import annotations

import hashlib

from feeds.assets import Asset
from feeds.model.colour import DARK_BACKGROUNDS, LIGHT_BACKGROUNDS, darker, lighter
from feeds.model.newsroom import Newsroom

# The variables are those of style.css and feed.css; embed.css has none.
_COLOUR = """\
:root {{ --link: {link}; --mark: {mark}; }}
.frame a {{ color: {link}; }}
"""


def own_style(newsroom: Newsroom) -> Asset | None:
    """The style sheet of a newsroom that has a colour of its own."""
    if newsroom.colour is None:
        return None
    dark = lighter(newsroom.colour, DARK_BACKGROUNDS)
    link = f"light-dark({darker(newsroom.colour, LIGHT_BACKGROUNDS)}, {dark})"
    body = _COLOUR.format(link=link, mark=f"light-dark({newsroom.colour}, {dark})").encode()
    mark = hashlib.sha256(body).hexdigest()[:12]
    return Asset("newsroom.css", f"/static/newsroom-{mark}.css", body, "text/css; charset=utf-8")


def own_style_at(path: str, newsroom: Newsroom) -> Asset | None:
    """The newsroom's style sheet, if it stands at this path."""
    own = own_style(newsroom)
    return own if own and own.path == path else None
