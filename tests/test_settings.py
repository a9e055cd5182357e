"""What an operator may choose: read, refused in plain words, and written down for people."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from feeds.errors import FeedsError
from feeds.settings import Settings
from tests.tools import ROOT

DOCUMENT = ROOT / "docs/operating.md"
NAMES = [f"FEEDS_{each.name.upper()}" for each in fields(Settings)]


def test_an_environment_without_settings_gives_the_defaults() -> None:
    assert Settings.from_environment({"PATH": "/bin", "FEED": "x"}) == Settings()


def test_every_setting_is_read() -> None:
    settings = Settings.from_environment(
        {
            "FEEDS_DATA": "/srv/news",
            "FEEDS_STATE": "/var/lib/news",
            "FEEDS_BASE_URL": "https://news.example.org/",
            "FEEDS_ENTRIES": "10",
            "FEEDS_MEDIA_MEGABYTES": "200",
            "FEEDS_WATCH": "poll",
            "FEEDS_LOG_FORMAT": "json",
            "FEEDS_LOG_LEVEL": "debug",
            "FEEDS_METRICS": "[::1]:9464",
            "FEEDS_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8 2001:db8::/32",
        }
    )
    kept = Settings(Path("/srv/news"), Path("/var/lib/news"), "https://news.example.org", 10, 200, "poll")
    proxies = ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")
    own = replace(kept, log_format="json", log_level="debug", trusted_proxies=proxies, metrics=("::1", 9464))
    assert settings == own


def test_a_server_without_a_folder_reads_from_a_database() -> None:
    url = "postgresql://feeds:a%20secret%2F@db.example.org:5433/news?sslmode=require"
    settings = Settings.from_environment({"FEEDS_DATA": "none", "FEEDS_DATABASE": url})
    assert settings.is_replica
    assert settings.database == url
    assert "secret" not in repr(settings)
    with pytest.raises(FeedsError, match="FEEDS_DATA: a server without a folder reads from a database"):
        Settings.from_environment({"FEEDS_DATA": "none"})


@pytest.mark.parametrize(
    "rest", ["feeds:se@cret@db/news", "feeds:se/cret@db/news", "feeds:se#cret@db/news", "a:se?cret@b"]
)
def test_a_password_that_would_be_taken_for_something_else_is_refused_and_not_shown(rest: str) -> None:
    with pytest.raises(FeedsError, match=r"^FEEDS_DATABASE: has a sign") as found:
        Settings.from_environment({"FEEDS_DATABASE": f"postgresql://{rest}"})
    assert "cret" not in str(found.value)
    with pytest.raises(FeedsError, match=r"^FEEDS_DATABASE: is no address of a PostgreSQL server"):
        Settings.from_environment({"FEEDS_DATABASE": f"mysql://{rest}"})


def test_a_setting_of_an_earlier_version_keeps_its_meaning() -> None:
    former = {"FEEDS_CATALOGUE": "/srv/old", "FEEDS_KILOBYTES": "100", "FEEDS_MAX_AGE": "1"}
    assert Settings.from_environment(former) == Settings(state=Path("/srv/old"))
    assert Settings.from_environment(former | {"FEEDS_STATE": "/srv/new"}) == Settings(state=Path("/srv/new"))


def test_an_unknown_setting_is_refused_with_what_was_probably_meant() -> None:
    with pytest.raises(FeedsError, match=r"FEEDS_BASEURL: no such setting \(did you mean FEEDS_BASE_URL\?\)"):
        Settings.from_environment({"FEEDS_BASEURL": "https://news.example.org"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("FEEDS_ENTRIES", text) for text in ("", "0", "-1", "many", "1.5", "١٢", "1000001", "9" * 5_000, "12 ")),
        ("FEEDS_WATCH", "sometimes"),
        ("FEEDS_BASE_URL", "news.example.org"),
        ("FEEDS_DATA", ""),
        ("FEEDS_LOG_LEVEL", "loud"),
        *(("FEEDS_METRICS", text) for text in ("yes", "0", "localhost:99999", "localhost:")),
        ("FEEDS_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example.org"),
        ("FEEDS_TRUSTED_PROXIES", "10.0.0.1/8"),
    ],
)
def test_what_cannot_be_read_is_named(name: str, text: str) -> None:
    with pytest.raises(FeedsError, match=f"^{name}: “"):
        Settings.from_environment({name: text})


def test_a_variable_of_an_earlier_version_stops_no_upgrade() -> None:
    assert Settings.from_environment({"FEEDS_MAX_AGE": "60", "FEEDS_ENTRIES": "10"}) == Settings(entries=10)


CACHES = {"FEEDS_CACHE_KEYS": "xkey", "FEEDS_PURGE_URL": "http://10.0.0.1:6081/ http://10.0.0.2:6081/"}


def test_caches_are_told_of_changes_at_each_of_their_addresses() -> None:
    word = "s3cret"
    settings = Settings.from_environment(CACHES | {"FEEDS_PURGE_TOKEN": word})
    assert settings.purge_url == ("http://10.0.0.1:6081/", "http://10.0.0.2:6081/")
    assert settings.purge_token == word
    assert word not in repr(settings)
    assert settings.cache_kind == "varnish"
    assert Settings.from_environment(CACHES | {"FEEDS_PURGER": "http"}).cache_kind == "http"


def test_search_engines_are_told_at_another_address() -> None:
    settings = Settings.from_environment({"FEEDS_INDEXNOW_URL": "http://127.0.0.1:9000/indexnow"})
    assert settings.indexnow_url == "http://127.0.0.1:9000/indexnow"
    with pytest.raises(FeedsError, match=r"FEEDS_INDEXNOW_URL: “indexnow\.org” is no web address"):
        Settings.from_environment({"FEEDS_INDEXNOW_URL": "indexnow.org"})


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "schlüssel"])
def test_a_token_that_cannot_be_sent_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(FeedsError, match=r"^FEEDS_PURGE_TOKEN: is no token") as caught:
        Settings.from_environment(CACHES | {"FEEDS_PURGE_TOKEN": token})
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"FEEDS_CACHE_KEYS": "xkey"}, "FEEDS_CACHE_KEYS: caches would keep answers for a day"),
        ({"FEEDS_PURGE_URL": "http://10.0.0.1/"}, "FEEDS_PURGE_URL: has no effect without FEEDS_CACHE_KEYS"),
        ({"FEEDS_PURGE_TOKEN": "s3cret"}, "FEEDS_PURGE_TOKEN: has no effect without FEEDS_CACHE_KEYS"),
        (CACHES | {"FEEDS_CACHE_KEYS": "Cache-Tag"}, "FEEDS_PURGE_TOKEN: is missing: cloudflare takes no request"),
        (CACHES | {"FEEDS_CACHE_KEYS": "X-Keys"}, "FEEDS_CACHE_KEYS: “X-Keys” is none of xkey, Surrogate-Key, Cache-T"),
        (CACHES | {"FEEDS_PURGER": "squid"}, "FEEDS_PURGER: “squid” is none of varnish, fastly, cloudflare, http"),
        (CACHES | {"FEEDS_PURGE_URL": "10.0.0.1"}, "FEEDS_PURGE_URL: “10.0.0.1” is no web address"),
        (CACHES | {"FEEDS_PURGE_URL": " "}, "FEEDS_PURGE_URL: “ ” is empty"),
        (CACHES | {"FEEDS_PURGE_URL": "http://ü/"}, "FEEDS_PURGE_URL: “http://ü/” has letters that no address has"),
    ],
)
def test_settings_that_would_leave_caches_with_old_answers_are_refused(environ: dict[str, str], said: str) -> None:
    with pytest.raises(FeedsError, match=re.escape(said)):
        Settings.from_environment(environ)


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(FeedsError) as caught:
        Settings.from_environment({"FEEDS_WATCH": "no", "FEEDS_ENTRIES": "x", "FEEDS_COLOUR": "red"})
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "FEEDS_COLOUR",
        "FEEDS_ENTRIES",
        "FEEDS_WATCH",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_in_the_operators_document(name: str) -> None:
    assert f"`{name}`" in DOCUMENT.read_text(encoding="utf-8")
