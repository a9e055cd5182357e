"""A newsroom's feed desk: a folder of press releases in, every feed its readers could want out."""

NAME = "newsroom-feeds"
__version__ = "1.0.0"
