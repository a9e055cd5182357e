"""Draws the picture that other sites show beside a link to a release that has none (Open Graph, `og:image`).

if is_drawable(picture := LinkPicture(title, date, newsroom, colour, language)):
    png = draw(picture)
"""

from feeds.media.drawing.fonts import can_draw, equipment
from feeds.media.drawing.link_picture import HEIGHT, WIDTH, LinkPicture, draw, is_drawable, version

__all__ = ["HEIGHT", "WIDTH", "LinkPicture", "can_draw", "draw", "equipment", "is_drawable", "version"]
