"""Every public address, both ways: its kinds, how each is spelled, and what a path asks for."""

from feeds.addresses.kinds import (
    HEADLINES,
    MOST_HEADLINES,
    PLAIN,
    SHAPES,
    Address,
    Directory,
    Embedding,
    FeedAddress,
    Front,
    Headlines,
    OEmbed,
    Outline,
    Plain,
    ReleasePage,
    Robots,
    Sitemap,
)
from feeds.addresses.paths import LONGEST_PATH, Addresses

__all__ = [
    "HEADLINES",
    "LONGEST_PATH",
    "MOST_HEADLINES",
    "PLAIN",
    "SHAPES",
    "Address",
    "Addresses",
    "Directory",
    "Embedding",
    "FeedAddress",
    "Front",
    "Headlines",
    "OEmbed",
    "Outline",
    "Plain",
    "ReleasePage",
    "Robots",
    "Sitemap",
]
