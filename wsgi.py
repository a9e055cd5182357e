"""The newsroom for any WSGI server: ``gunicorn wsgi:app``. Settings come from ``FEEDS_*`` in the environment."""

from feeds.web import create_app

app = create_app()
