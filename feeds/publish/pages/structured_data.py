"""A release as search engines read it: NewsArticle in the terms of schema.org."""

from __future__ import annotations

from typing import Any

from feeds.addresses import Front
from feeds.model.newsroom import Person
from feeds.model.release import Attachment, Release
from feeds.publish import titles
from feeds.publish.context import Context
from feeds.render.types import Entry


def news_article(
    context: Context, release: Release, entry: Entry, canonical: str, translations: dict[str, str]
) -> dict[str, Any]:
    """The JSON-LD of a release that is not withdrawn, with its entry as it stands now."""
    publisher = _newsroom(context, release.language)
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
        **_terms(context, release),
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


def _newsroom(context: Context, language: str) -> dict[str, Any]:
    newsroom = context.vocabulary.newsroom
    return _known(
        {
            "@type": "NewsMediaOrganization",
            "name": titles.newsroom_title(context, language),
            "url": context.addresses.absolute(Front(language)),
            "logo": {"@type": "ImageObject", "url": context.asset_url("logo.png")},
            "sameAs": newsroom.url,
        }
    )


def _person(person: Person) -> dict[str, Any]:
    return _known({"@type": "Person", "name": person.name, "jobTitle": person.role, "url": person.url})


_OF_TEXT = ("articleSection", "genre", "keywords")
"""Properties whose values are words; those of the others are things with a type and a name."""


def _terms(context: Context, release: Release) -> dict[str, Any]:
    """The release's terms under the property of schema.org that each facet names; properties of words come first."""
    found: dict[str, list[Any]] = {}
    for facet in sorted(context.vocabulary.facets, key=lambda each: each.property not in _OF_TEXT):
        names = [titles.term_label(context, facet.name, slug, release.language) for slug in release.slugs(facet.name)]
        of_text = facet.property in _OF_TEXT
        values = names if of_text else [{"@type": facet.schema_type, "name": name} for name in names]
        found.setdefault(facet.property, []).extend(values)
    return {name: values[0] if name in _OF_TEXT and len(values) == 1 else values for name, values in found.items()}


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
