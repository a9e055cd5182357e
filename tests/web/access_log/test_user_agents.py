"""Programs by their user agents: those of the known ones, and of others that nobody has listed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.web.access_log.user_agents import LONGEST_NAME, UNNAMED, program, subscribers
from tests.tools import examples

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"

KNOWN = [
    ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers; like FeedFetcher-Google)", "Feedly", 16),
    ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)", "Feedly", None),
    ("FeedlyBot/1.0 (http://feedly.com)", "Feedly", None),
    ("Mozilla/5.0 (compatible; inoreader.com; 5 subscribers)", "Inoreader", 5),
    ("Mozilla/5.0 (compatible; inoreader.com-like FeedFetcher-Google)", "Inoreader", None),
    ("Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 32 subscribers; )", "Inoreader", 32),
    ("NewsBlur Feed Fetcher - 12 subscribers - http://www.newsblur.com/site/1/the-news (Mac OS X)", "NewsBlur", 12),
    ("NewsBlur Feed Fetcher - 1 subscriber - http://www.newsblur.com/site/1/x", "NewsBlur", 1),
    ("NewsBlur Page Fetcher - 12 subscribers - http://www.newsblur.com", "NewsBlur", 12),
    ("Feedbin feed-id:1373711 - 10 subscribers", "Feedbin", 10),
    ("Mozilla/5.0 (compatible; theoldreader.com; 4 subscribers; feed-id=5d0)", "The Old Reader", 4),
    ("Mozilla/5.0 (compatible; Miniflux/2.0.50; +https://miniflux.app)", "Miniflux", None),
    ("FreshRSS/1.20.0 (Linux; https://freshrss.org)", "FreshRSS", None),
    ("NetNewsWire (RSS Reader; https://netnewswire.com/)", "NetNewsWire", None),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:102.0) Gecko/20100101 Thunderbird/102.15.1", "Thunderbird", None),
    ("Tiny Tiny RSS/23.03-a1b2c3 (https://tt-rss.org/)", "Tiny Tiny RSS", None),
    ("Slackbot 1.0 (+https://api.slack.com/robots)", "Slackbot", None),
    ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Slackbot", None),
    ("curl/8.5.0", "curl", None),
    ("Wget/1.21.3", "Wget", None),
    ("python-requests/2.31.0", "python-requests", None),
    ("Python-urllib/3.11", "Python-urllib", None),
    ("Python/3.11 aiohttp/3.9.1", "aiohttp", None),
    ("python-httpx/0.27.0", "python-httpx", None),
    ("feedparser/6.0.11 +https://github.com/kurtmckie/feedparser/", "feedparser", None),
    ("UniversalFeedParser/5.2.1 +https://code.google.com/p/feedparser/", "feedparser", None),
    ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", None),
    (f"{CHROME} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", None),
    ("FeedFetcher-Google; (+http://www.google.com/feedfetcher.html)", "Google Feedfetcher", None),
    ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "bingbot", None),
    (f"{CHROME} Edg/120.0", "Edge", None),
    ("Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)", "YandexBot", None),
    (f"{MAC} Version/17.4 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)", "Applebot", None),
    ("DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)", "DuckDuckBot", None),
    ("Mozilla/5.0 (compatible; BazQux/2.4; +https://bazqux.com/fetcher; 1 subscribers)", "BazQux", 1),
    ("Feed Wrangler/1.0 (1 subscriber; feed-id=12; http://feedwrangler.net; Allow like Gecko)", "Feed Wrangler", 1),
    ("Netvibes (http://www.netvibes.com/; 2 subscribers; feedId: 123)", "Netvibes", 2),
    ("livedoor FeedFetcher/0.01 (http://reader.livedoor.com/; 3 subscribers)", "livedoor FeedFetcher", 3),
    ("Bloglovin/1.0 (http://www.bloglovin.com; 5 subscribers)", "Bloglovin", 5),
    ("FeedHQ/1.0.0 (https://github.com/feedhq/feedhq; 2 subscribers; feed-id)", "FeedHQ", 2),
    ("newsboat/2.30.1 (Linux x86_64)", "newsboat", None),
    ("Liferea/1.14.1 (Linux; https://lzone.de/liferea/) AppleWebKit (KHTML, like Gecko)", "Liferea", None),
    ("Akregator/5.22.3; librss/remnants", "Akregator", None),
    ("Reeder/5050001 CFNetwork/1410.0.3 Darwin/22.6.0", "Reeder", None),
    ("Mozilla/5.0 (X11; Linux) AppleWebKit/538.1 (KHTML, like Gecko) QuiteRSS/0.19.4 Safari/538.1", "QuiteRSS", None),
    ("Superfeedr bot/2.0 http://superfeedr.com - Make your feeds realtime - feed-id:1", "Superfeedr bot", None),
    ("WordPress/6.4; https://blog.of.somebody.example", "WordPress", None),
    ("SimplePie/1.5.8 (Feed Parser; http://simplepie.org; Allow like Gecko) Build/2021", "SimplePie", None),
    ("NextCloud-News/1.0", "NextCloud-News", None),
    ("Go-http-client/1.1", "Go-http-client", None),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0", "Firefox", None),
    (CHROME, "Chrome", None),
    (f"{MAC} Version/17.1 Safari/605.1.15", "Safari", None),
    ("", UNNAMED, None),
    ("-", UNNAMED, None),
]

UNLISTED = [
    ("Quillfetch/3.2 (+https://quill.example/bot; 1,204 subscribers)", "Quillfetch", 1_204),
    ("Mozilla/5.0 (compatible; Murmur Reader/4; +https://murmur.example; subscribers=77)", "Murmur Reader", 77),
    ("Owl News 2.1 (owl.example; users: 12)", "Owl News", 12),
    ("Mozilla/5.0 (compatible; Larkbot/1.0; 3 readers; +https://lark.example)", "Larkbot", 3),
    (f"{CHROME} Heronews/2.0", "Heronews", None),
    ("https://tern.example/bot 1.0", "tern.example", None),
    ("Tern/1 (subscriber count: 2.500)", "Tern", 2_500),
]


@pytest.mark.parametrize(("agent", "name", "stated"), KNOWN + UNLISTED)
def test_a_program_is_known_by_its_name_and_says_for_how_many_it_asks(
    agent: str, name: str, stated: int | None
) -> None:
    assert (program(agent), subscribers(agent)) == (name, stated)


@pytest.mark.parametrize("agent", ["x/5.0 subscribers-only/1", "iOS 16 userspace/1", "Reader/7", "a1.5 users"])
def test_other_numbers_are_no_subscribers(agent: str) -> None:
    assert subscribers(agent) is None


@examples(500)
@given(st.text(max_size=200))
def test_whatever_is_sent_has_a_short_name_that_can_be_printed(agent: str) -> None:
    assert 0 < len(program(agent)) <= LONGEST_NAME
    assert program(agent).isprintable()
    assert (subscribers(agent) or 0) >= 0
