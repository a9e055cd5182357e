"""The requests to purge are what the kinds of caches document, and never too large for them."""

from __future__ import annotations

import pytest

from feeds.delivery.caches.purge_requests import batches, purge
from feeds.delivery.http_client import Outcome
from feeds.settings import Settings

from .stand_in import SECRET, Provider, running

FIELDS = {"varnish": "xkey", "fastly": "Surrogate-Key", "cloudflare": "Cache-Tag", "http": "Surrogate-Key"}
KINDS = sorted(FIELDS)


def settings(provider: Provider, token: str = SECRET) -> Settings:
    return Settings(
        cache_keys=FIELDS[provider.kind], purger=provider.kind, purge_url=(provider.url,), purge_token=token
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_cache_takes_all_keys_in_batches(kind: str) -> None:
    keys = [f"t:en/topic/a-rather-long-name-of-a-topic-{number}" for number in range(700)]
    with running(Provider(kind)) as provider:
        for batch in batches(settings(provider), keys):
            assert purge(settings(provider), provider.url, batch).outcome is Outcome.ACCEPTED
    assert [key for purged in provider.purged for key in purged] == keys


@pytest.mark.parametrize("kind", KINDS)
def test_short_keys_fill_a_request(kind: str) -> None:
    with running(Provider(kind)) as provider:
        sizes = [len(batch) for batch in batches(settings(provider), [f"k{number}" for number in range(300)])]
        for batch in batches(settings(provider), [f"k{number}" for number in range(300)]):
            assert purge(settings(provider), provider.url, batch).outcome is Outcome.ACCEPTED
    assert sizes == ([256, 44] if kind in ("fastly", "varnish") else [100, 100, 100])


def test_no_keys_are_no_request() -> None:
    assert list(batches(Settings(cache_keys="xkey", purge_url=("http://127.0.0.1/",)), [])) == []


@pytest.mark.parametrize("kind", ["fastly", "cloudflare"])
def test_a_wrong_token_is_refused(kind: str) -> None:
    with running(Provider(kind)) as provider:
        assert purge(settings(provider, "wrong"), provider.url, ["all"]).outcome is Outcome.REFUSED
    assert provider.purged == []


def test_cloudflare_says_in_the_body_that_it_has_not_purged() -> None:
    with running(Provider("cloudflare")) as provider:
        provider.success = False
        reply = purge(settings(provider), provider.url, ["all"])
    assert reply.outcome is Outcome.UNAVAILABLE
    assert "succeeded" in reply.reason


@pytest.mark.parametrize("kind", KINDS)
def test_a_cache_that_is_not_there_is_no_error(kind: str) -> None:
    with running(Provider(kind)) as provider:
        pass
    reply = purge(settings(provider), provider.url, ["all"])
    assert reply.outcome is Outcome.UNAVAILABLE
    assert SECRET not in reply.reason
