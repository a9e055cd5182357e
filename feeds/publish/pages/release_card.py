"""The card of a release: a small page for other sites to show in a frame."""

from __future__ import annotations

from feeds.addresses import Front, ReleaseCard, ReleasePage
from feeds.catalogue import VisibleRelease
from feeds.model.formats import HTML
from feeds.publish import embed_snippets, titles
from feeds.publish.context import Context
from feeds.publish.document import Answer, Document
from feeds.publish.pages.headlines import summary_of, title_of
from feeds.publish.pages.pictures import thumbnail
from feeds.render import html


def release_card(context: Context, address: ReleaseCard) -> Answer:
    """The card of a release: title, date, summary, and its picture if that lies beside it.

    After its withdrawal the reason, with status 410: the sites that show it must not go on with what was wrong.
    """
    found = context.release(address)
    if not isinstance(found, VisibleRelease):
        return found
    language = address.language
    page = context.addresses.absolute(ReleasePage(language, address.path))
    body = html.render_page(
        "release_card",
        {
            "language": language,
            "direction": context.words(language).direction,
            "theme": address.theme,
            "schemes": embed_snippets.COLOR_SCHEMES[address.theme],
            "newsroom": titles.newsroom_title(context, language),
            "home": context.addresses.absolute(Front(language)),
            "page": page,
            "title": title_of(context, found),
            "href": page if found.withdrawn else found.entry.link,
            "date": found.entry.date,
            "machine_date": found.release.published.isoformat(),
            "summary": summary_of(found),
            "picture": None if found.withdrawn else thumbnail(context, found.release),
            "alt": found.release.image.alt if found.release.image else "",
            "style": context.asset_path("embed.css"),
            "own_style": context.colour_path,
        },
    )
    return Document(
        body,
        HTML.content_type,
        found.entry.updated,
        language=language,
        shared=True,
        framed=True,
        status=410 if found.withdrawn else 200,
    )
