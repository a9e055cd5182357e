"""A WebSub hub and a subscriber as they can be had from PyPI (Flask-WebSub), in a process of their own.

The hub's tasks run within the requests that cause them. ``POST /subscribe`` makes the subscriber ask the hub for a
feed, with a secret; ``GET /deliveries`` waits for content that was delivered and whose signature the subscriber has
verified.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from celery import Celery
from flask import Flask, jsonify, request
from flask_websub.hub import Hub, SQLite3HubStorage
from flask_websub.subscriber import (
    SQLite3SubscriberStorage,
    SQLite3TempSubscriberStorage,
    Subscriber,
    discover,
)
from werkzeug.serving import make_server

from tests.tools import DEAD

SECRET = "known to subscriber and hub alone"  # noqa: S105  # of a test


def application(folder: Path) -> Flask:
    """The hub at /hub, the subscriber's callbacks below /callbacks."""
    app = Flask(__name__)
    app.config["PUBLISH_SUPPORTED"] = True
    celery = Celery(broker="memory://")
    celery.conf.task_always_eager = True
    hub = Hub(SQLite3HubStorage(str(folder / "hub.db")), celery, **app.config)
    app.register_blueprint(hub.build_blueprint(url_prefix="/hub"))
    pending = SQLite3TempSubscriberStorage(str(folder / "pending.db"))
    subscriber = Subscriber(SQLite3SubscriberStorage(str(folder / "subscriptions.db")), pending)
    app.register_blueprint(subscriber.build_blueprint(url_prefix="/callbacks"))
    delivered: list[tuple[str, dict[str, str]]] = []
    verified: list[str] = []
    turn = threading.Condition()

    def listen(topic: str, callback: str, body: bytes) -> None:
        with turn:
            delivered.append((topic, {"body": body.decode("utf-8"), "at": datetime.now(UTC).isoformat()}))
            turn.notify_all()

    def of(topic: str) -> list[dict[str, str]]:
        return [content for about, content in delivered if about == topic]

    subscriber.add_listener(listen)
    subscriber.add_success_handler(lambda topic, callback, mode: verified.append(topic))

    @app.post("/subscribe")
    def subscribe() -> Any:
        # The library gives secrets to hubs behind TLS only, rightly; between two ends of one process it may pass.
        found = discover(request.form["feed"])
        callback = f"{request.host_url}callbacks/{len(verified)}"
        wanted = {"mode": "subscribe", "secret": SECRET, "lease_seconds": 600, "timeout": 60}
        pending[callback.rpartition("/")[2]] = wanted | found
        form = {"mode": "subscribe", "topic": found["topic_url"], "callback": callback, "secret": SECRET}
        answer = requests.post(found["hub_url"], {f"hub.{name}": value for name, value in form.items()}, timeout=DEAD)
        return jsonify(status=answer.status_code, verified=found["topic_url"] in verified, **found)

    @app.get("/deliveries")
    def deliveries() -> Any:
        with turn:
            turn.wait_for(lambda: len(of(request.args["topic"])) >= int(request.args["count"]), DEAD)
            return jsonify(of(request.args["topic"]))

    return app


if __name__ == "__main__":  # python -m tests.delivery.websub.real_hub PORT
    with tempfile.TemporaryDirectory() as folder:
        make_server("127.0.0.1", int(sys.argv[1]), application(Path(folder)), threaded=True).serve_forever()
