"""A release as search engines read it: NewsArticle in the terms of schema.org."""

from __future__ import annotations

from typing import Any

from feeds.addresses import Front
from feeds.model.release import Attachment, Facet, Person, Release
from feeds.publish.context import Newsdesk
from feeds.render.types import Entry


def news_article(
    desk: Newsdesk, release: Release, entry: Entry, canonical: str, translations: dict[str, str]
) -> dict[str, Any]:
    """The JSON-LD of a release that is not withdrawn, with its entry as it stands now."""
    publisher = _newsroom(desk, release.language)
    article = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": canonical,
        "mainEntityOfPage": canonical,
        "url": canonical,
        "identifier": entry.id,
        "headline": release.title,
        "description": release.summary,
        "dateline": release.dateline,
        "datePublished": entry.published.isoformat(),
        "dateModified": entry.updated.isoformat(),
        "inLanguage": release.language,
        "isAccessibleForFree": True,
        "author": [_person(author) for author in release.authors] or publisher,
        "publisher": publisher,
        "articleSection": desk.label(Facet.GENRE, release.genre, release.language) if release.genre else None,
        "about": _about(desk, release),
        "image": _image(release),
        "associatedMedia": [_file(each) for each in entry.attachments],
        "correction": [
            {"@type": "CorrectionComment", "text": each.text, "datePublished": each.date.isoformat()}
            for each in entry.corrections
        ],
        "workTranslation": [
            {"@type": "NewsArticle", "@id": href, "url": href, "inLanguage": language}
            for language, href in translations.items()
        ],
        "copyrightNotice": entry.rights,
    }
    return _known(article)


def _newsroom(desk: Newsdesk, language: str) -> dict[str, Any]:
    newsroom = desk.vocabulary.newsroom
    return _known(
        {
            "@type": "NewsMediaOrganization",
            "name": desk.newsroom_title(language),
            "url": desk.addresses.absolute(Front(language)),
            "logo": {"@type": "ImageObject", "url": desk.asset("logo.png")},
            "sameAs": newsroom.url,
        }
    )


def _person(person: Person) -> dict[str, Any]:
    return _known({"@type": "Person", "name": person.name, "jobTitle": person.role, "url": person.url})


def _about(desk: Newsdesk, release: Release) -> list[dict[str, Any]]:
    """Countries, projects and topics: what the release is about; its genre is none of these."""
    kinds = {Facet.COUNTRY: "Country", Facet.PROJECT: "Project", Facet.TOPIC: "Thing"}
    return [
        {"@type": kind, "name": desk.label(facet, slug, release.language)}
        for facet, kind in kinds.items()
        for slug in release.terms(facet)
    ]


def _image(release: Release) -> dict[str, Any] | None:
    image = release.image
    if image is None:
        return None
    return _known(
        {
            "@type": "ImageObject",
            "url": image.src,
            "description": image.alt,
            "caption": image.caption,
            "creditText": image.credit,
            "width": image.width,
            "height": image.height,
            "encodingFormat": image.type,
        }
    )


def _file(file: Attachment) -> dict[str, Any]:
    return _known(
        {
            "@type": "MediaObject",
            "contentUrl": file.url,
            "name": file.title,
            "encodingFormat": file.type,
            "contentSize": str(file.length) if file.length else None,
        }
    )


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    """Without what is absent: an empty property says nothing."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
