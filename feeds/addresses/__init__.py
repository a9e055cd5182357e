"""Public addresses: the kinds there are, and their paths, made and parsed."""

from feeds.addresses.kinds import (
    HEADLINES,
    INFO_PAGES,
    MOST_HEADLINES,
    SHAPES,
    Address,
    Directory,
    Embedding,
    FeedAddress,
    Front,
    Headlines,
    InfoPage,
    OEmbed,
    Outline,
    ReleasePage,
    Robots,
    Sitemap,
)
from feeds.addresses.paths import LONGEST_PATH, Addresses

__all__ = [
    "HEADLINES",
    "INFO_PAGES",
    "LONGEST_PATH",
    "MOST_HEADLINES",
    "SHAPES",
    "Address",
    "Addresses",
    "Directory",
    "Embedding",
    "FeedAddress",
    "Front",
    "Headlines",
    "InfoPage",
    "OEmbed",
    "Outline",
    "ReleasePage",
    "Robots",
    "Sitemap",
]
