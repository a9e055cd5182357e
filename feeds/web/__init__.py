"""Serves the documents over HTTP."""

from feeds.web.app import create_app

__all__ = ["create_app"]
