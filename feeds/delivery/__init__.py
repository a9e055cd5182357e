"""Tells others what has changed: the WebSub hub which feeds, search engines which pages, caches which answers."""
