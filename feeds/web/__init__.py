"""The newsroom over HTTP: the Flask application, the hot path before it, and the server."""

from feeds.web.app import create_app

__all__ = ["create_app"]
