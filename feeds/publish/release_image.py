"""The picture that other sites show beside a link to a release (Open Graph): its own, else one with its title.

So a link in a messenger or a social network has a picture and names the newsroom, even without a photograph.
"""

from __future__ import annotations

from feeds.addresses import Front, ReleaseImage
from feeds.catalogue import VisibleRelease
from feeds.media.drawing import HEIGHT, WIDTH, LinkPicture, draw, is_drawable, version
from feeds.model.colour import darker
from feeds.publish import titles
from feeds.publish.context import Context
from feeds.publish.document import Answer, Document, Missing
from feeds.publish.pages.headlines import title_of
from feeds.render.feed_values import Picture

_PNG = "image/png"
_COLOUR = "#0b4f9e"
"""The colour for a newsroom without one: that of links in assets/style.css."""


def og_image(context: Context, visible: VisibleRelease) -> Picture | None:
    """The picture for links to a release; None if it has none and this machine has no fonts to draw one."""
    if visible.entry.image:
        return visible.entry.image
    drawn = _drawn(context, visible)
    if drawn is None:
        return None
    address = context.addresses.absolute(ReleaseImage(visible.release.language, visible.release.path))
    # Whoever has fetched a picture once keeps it by its address, and must fetch another one after a correction.
    return Picture(f"{address}?v={version(drawn)}", drawn.title, width=WIDTH, height=HEIGHT, type=_PNG)


def release_image(context: Context, address: ReleaseImage) -> Answer:
    """The picture with the title of a release that has no other, as PNG. After its withdrawal it is gone: 410."""
    found = context.release(address)
    if not isinstance(found, VisibleRelease):
        return found
    drawn = None if found.entry.image else _drawn(context, found)
    if drawn is None:
        return Missing(context.addresses.make(Front(address.language)), gone=found.withdrawn)
    return Document(draw(drawn), _PNG, found.entry.updated, language=address.language, shared=True)


def _drawn(context: Context, visible: VisibleRelease) -> LinkPicture | None:
    """What is drawn for a release; None if nothing can be, or if it is withdrawn."""
    if visible.withdrawn:
        return None
    language = visible.release.language
    picture = LinkPicture(
        title_of(context, visible),
        visible.entry.date,
        titles.newsroom_title(context, language),
        darker(context.vocabulary.newsroom.colour or _COLOUR, ("#ffffff",)),
        language,
        context.words(language).direction,
    )
    return picture if is_drawable(picture) else None
