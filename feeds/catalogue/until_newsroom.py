"""Waits for a newsroom that asks for some work in the background."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Event

from feeds.catalogue.place import CataloguePlace, open_catalogue
from feeds.errors import FeedsError
from feeds.model.newsroom import Newsroom


def until_newsroom(place: CataloguePlace, asks: Callable[[Newsroom], bool], stopping: Event, seconds: float) -> bool:
    """Waits until the newsroom asks for it, looking every so many seconds; False if ``stopping`` is set before.

    Until then nothing that fails is anybody's trouble.
    """
    catalogue = open_catalogue(place)
    seen = None
    while not stopping.is_set():
        with suppress(FeedsError):
            version = catalogue.version()
            if version != seen:
                with catalogue.reading() as snapshot:
                    if asks(snapshot.vocabulary.newsroom):
                        return True
                seen = version
        stopping.wait(seconds)
    return False
