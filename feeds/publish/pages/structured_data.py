"""Describes a release for search engines, as a schema.org NewsArticle."""

from __future__ import annotations

from typing import Any

from feeds.addresses import Front
from feeds.model.license import license_of
from feeds.model.newsroom import Person
from feeds.model.release import Release
from feeds.publish import own_pictures, titles
from feeds.publish.context import Context
from feeds.render.feed_values import Entry, File, Picture


def news_article(
    context: Context, release: Release, entry: Entry, canonical: str, translations: dict[str, str]
) -> dict[str, Any]:
    """The JSON-LD of a release that is not withdrawn. ``translations`` are absolute addresses by language."""
    publisher = _newsroom(context, release.language)
    article = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": canonical,
        "mainEntityOfPage": canonical,
        "url": canonical,
        "identifier": _identifiers(entry),
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
        "image": _image(entry.image),
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
        "license": license_of(release, context.vocabulary.newsroom),
    }
    return _without_empty(article)


def _newsroom(context: Context, language: str) -> dict[str, Any]:
    newsroom = context.vocabulary.newsroom
    return _without_empty(
        {
            "@type": "NewsMediaOrganization",
            "name": titles.newsroom_title(context, language),
            "url": context.addresses.absolute(Front(language)),
            "logo": {"@type": "ImageObject", "url": own_pictures.publisher_logo(context)},
            "sameAs": newsroom.url,
        }
    )


def _identifiers(entry: Entry) -> str | list[object]:
    """The id of an entry, and the digest of its text."""
    digest = {"@type": "PropertyValue", "propertyID": "sha-256", "value": entry.digest}
    return [entry.id, digest] if entry.digest else entry.id


def _person(person: Person) -> dict[str, Any]:
    return _without_empty({"@type": "Person", "name": person.name, "jobTitle": person.role, "url": person.url})


_TEXT_PROPERTIES = ("articleSection", "genre", "keywords")
"""Properties whose values are texts. Values of other properties are objects with type and name."""


def _terms(context: Context, release: Release) -> dict[str, Any]:
    """The terms of a release by the schema.org property of their facet; text properties come first."""
    found: dict[str, list[Any]] = {}
    for facet in sorted(context.vocabulary.facets, key=lambda each: each.property not in _TEXT_PROPERTIES):
        names = [titles.term_label(context, facet.name, slug, release.language) for slug in release.slugs(facet.name)]
        of_text = facet.property in _TEXT_PROPERTIES
        values = names if of_text else [{"@type": facet.schema_type, "name": name} for name in names]
        found.setdefault(facet.property, []).extend(values)
    return {
        name: values[0] if name in _TEXT_PROPERTIES and len(values) == 1 else values for name, values in found.items()
    }


def _image(image: Picture | None) -> dict[str, Any] | None:
    if image is None:
        return None
    return _without_empty(
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


def _file(file: File) -> dict[str, Any]:
    return _without_empty(
        {
            "@type": "MediaObject",
            "contentUrl": file.url,
            "name": file.title,
            "encodingFormat": file.type,
            "contentSize": str(file.length) if file.length else None,
        }
    )


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    """The properties that have a value."""
    return {name: value for name, value in fields.items() if value not in (None, "", [])}
