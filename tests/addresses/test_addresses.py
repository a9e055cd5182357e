"""Every address there and back, and what becomes of the many ways to spell one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.addresses import (
    INFO_PAGES,
    MOST_COUNTED,
    MOST_HEADLINES,
    NEWS,
    PAGES,
    SHAPES,
    THEMES,
    Address,
    Addresses,
    Directory,
    Embedding,
    FeedAddress,
    Front,
    Headlines,
    InfoPage,
    KeyFile,
    OEmbed,
    Outline,
    ReleaseCard,
    ReleaseImage,
    ReleaseMarkdown,
    ReleasePage,
    Robots,
    Sitemap,
    Verification,
)
from feeds.errors import FeedsError
from feeds.model import search_words
from feeds.model.formats import FORMATS, SYNDICATED
from feeds.model.selection import Selection
from feeds.publish.document import Document, Missing, Moved
from tests.makers import BASE, FACETS, LANGUAGES, TERMS, Bench, a_newsroom, yaml
from tests.tools import examples

ADDRESSES = Addresses(BASE, LANGUAGES, FACETS)

languages = st.sampled_from(LANGUAGES)
slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,5}){0,2}", fullmatch=True) | st.sampled_from(
    ["all", "all-languages", "archive", "corrections", "feeds", "country", "topic", "not", "3", "html", "opml"]
)
terms = st.dictionaries(st.sampled_from(FACETS), st.lists(slugs, min_size=1, max_size=3), max_size=4)
words = st.text(max_size=40).map(search_words.words)


def selections(sought: st.SearchStrategy[tuple[str, ...]]) -> st.SearchStrategy[Selection]:
    return st.builds(
        Selection.of,
        languages,
        terms,
        corrections=st.booleans(),
        words=sought,
        in_all_languages=st.booleans(),
        without=terms,
    )


plain_selections = selections(st.just(()))
addresses: st.SearchStrategy[Address] = st.one_of(
    st.builds(Front, languages),
    st.builds(Directory, languages),
    st.builds(InfoPage, languages, st.sampled_from(INFO_PAGES)),
    st.builds(KeyFile, st.just(LANGUAGES[0]), st.from_regex(r"[a-z0-9-]{8,40}", fullmatch=True)),
    st.builds(Outline, languages, st.none() | st.sampled_from(FACETS)),
    selections(words).map(lambda chosen: Outline(chosen.language, selection=chosen)),
    st.builds(ReleasePage, languages, st.builds("{}/{}".format, st.integers(1900, 2199), slugs)),
    st.builds(ReleaseImage, languages, st.builds("{}/{}".format, st.integers(1900, 2199), slugs)),
    st.builds(ReleaseMarkdown, languages, st.builds("{}/{}".format, st.integers(1900, 2199), slugs)),
    st.builds(FeedAddress, selections(words), st.sampled_from(FORMATS)),
    st.builds(FeedAddress, plain_selections, st.sampled_from(FORMATS), st.integers(0, 9_999_999)),
    st.builds(FeedAddress, selections(words), st.sampled_from(SYNDICATED), st.just(0), st.integers(1, MOST_COUNTED)),
    st.builds(Headlines, plain_selections, st.integers(1, MOST_HEADLINES), st.sampled_from(SHAPES)),
    st.builds(Headlines, plain_selections, st.integers(1, MOST_HEADLINES), st.just("frame"), st.sampled_from(THEMES)),
    st.builds(
        ReleaseCard,
        languages,
        st.builds("{}/{}".format, st.integers(1900, 2199), slugs),
        st.sampled_from(["", *THEMES]),
    ),
    st.builds(Embedding, languages),
    st.builds(OEmbed, languages),
    st.builds(Verification, languages),
    st.builds(Sitemap, st.just("en"), st.sampled_from([PAGES, "1900", "2021"]), st.integers(1, 9_999_999)),
    st.builds(Sitemap, st.just("en"), st.sampled_from(["", NEWS])),
    st.just(Robots("en")),
)


@given(address=addresses)
@examples(400)
def test_an_address_parses_back_to_what_it_was_made_of(address: Address) -> None:
    path, _, query = ADDRESSES.make(address).partition("?")
    assert ADDRESSES.parse(path, query) == address
    assert ADDRESSES.is_canonical(address, path, query)
    assert ADDRESSES.absolute(address).startswith(f"{BASE}/")


@given(one=addresses, other=addresses)
@examples(200)
def test_two_things_never_share_an_address(one: Address, other: Address) -> None:
    assert (ADDRESSES.make(one) == ADDRESSES.make(other)) == (one == other)


@given(address=addresses)
@examples(200)
def test_an_address_is_a_file_name_on_any_disk(address: Address) -> None:
    path = ADDRESSES.make(address).partition("?")[0]
    assert path.isascii()
    assert "//" not in path
    assert not set(path) & set('\\:*?"<>| %')


@given(path=st.text(max_size=60) | st.text(alphabet="/+.-aefdslch0129", max_size=40).map("/feeds/{}".format))
@examples(500)
def test_whatever_is_asked_parsing_raises_nothing_and_leads_to_one_canonical_address(path: str) -> None:
    found = ADDRESSES.parse(path)
    if found is not None:
        assert ADDRESSES.parse(*ADDRESSES.make(found).split("?")) == found


@given(query=st.text(max_size=60) | st.text(max_size=30).map("count={}".format))
def test_whatever_count_is_asked_for_it_leads_to_one_spelling(query: str) -> None:
    found = ADDRESSES.parse("/feeds/all.atom", query)
    assert isinstance(found, FeedAddress)
    assert 0 <= found.count <= MOST_COUNTED
    path, _, own = ADDRESSES.make(found).partition("?")
    assert ADDRESSES.parse(path, own) == found
    assert ADDRESSES.is_canonical(found, path, query) or found.selection.words


@given(query=st.text(max_size=60) | st.text(max_size=30).map("theme={}".format))
def test_whatever_theme_is_asked_for_it_leads_to_one_spelling(query: str) -> None:
    found = ADDRESSES.parse("/embed/frame/5/all.html", query)
    assert isinstance(found, Headlines)
    path, _, own = ADDRESSES.make(found).partition("?")
    assert ADDRESSES.parse(path, own) == found
    assert ADDRESSES.is_canonical(found, path, query)
    assert ADDRESSES.parse("/embed/fragment/5/all.html", query) == replace(found, shape="fragment", theme="")


@given(query=st.text(max_size=60) | st.text(max_size=30).map("q={}".format))
def test_whatever_words_are_asked_for_they_lead_to_one_spelling(query: str) -> None:
    found = ADDRESSES.parse("/feeds/all.atom", query)
    assert isinstance(found, FeedAddress)
    path, _, own = ADDRESSES.make(found).partition("?")
    assert ADDRESSES.parse(path, own) == found
    assert unquote_plus(own).removeprefix("q=").split() == list(found.selection.words)


def test_a_path_beyond_all_measure_is_no_address() -> None:
    assert ADDRESSES.parse("/feeds/country/" + "+".join(["cn"] * 1_000) + ".atom") is None


@pytest.mark.parametrize(
    "path",
    [
        *("", "feeds/all.atom", "/feeds/.atom", "/feeds//", "/feeds/all.exe", "/feeds/country.atom"),
        *("/feeds/country/.atom", "/feeds/country/cn+.atom", "/feeds/country/cn/country/mn.atom"),
        *("/feeds/continent/asia.atom", "/feeds/all/archive/0.atom", "/feeds/all/archive/03.atom"),
        *("/feeds/corrections/corrections.atom", "/feeds/all-languages/country/cn.atom", "/feeds/all-languages/x.atom"),
        *("/feeds/all/archive/x.atom", "/feeds/corrections/country/cn.atom", "/releases/21/dam", "/releases/2021"),
        *("/feeds/country/cn/not.atom", "/feeds/not.atom", "/feeds/all/not/country.atom", "/feeds/not/asia/x.atom"),
        *("/feeds/not/country/cn/not/topic/wages.atom", "/feeds/corrections/not/country/cn.atom"),
        *("/feeds/not/country/cn/country/mn.atom", f"/feeds/not/topic/{'+'.join(map(str, range(21)))}.atom"),
        *("/feeds/country/cn/../mn.atom", "/%2e%2e/etc/passwd", "/en/zh-hans/feeds/", "/releases/2021/a/b", "/..;/"),
    ],
)
def test_there_is_nothing_at_what_only_looks_like_an_address(path: str) -> None:
    assert ADDRESSES.parse(path) is None


@pytest.mark.parametrize("base", ["", "news.example.org", "ftp://news.example.org", "https://", "https://a.example/?b"])
def test_a_base_that_is_no_web_address_is_refused(base: str) -> None:
    with pytest.raises(FeedsError, match="FEEDS_BASE_URL"):
        Addresses(base, LANGUAGES, FACETS)


def test_a_base_with_a_path_is_before_every_address() -> None:
    mounted = Addresses("https://example.org/news/", LANGUAGES, FACETS)
    assert mounted.prefix == "/news"
    assert mounted.absolute(Front("mn")) == "https://example.org/news/mn/"


# -- what the newsroom answers ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    files = {"2021/2021-06-01-dam.yaml": yaml(countries=["CN"], topics=["wages"], aliases=["2020/old-dam"])}
    bench = Bench(a_newsroom(tmp_path_factory.mktemp("newsroom"), files))
    bench.compile()
    return bench


known_terms = st.fixed_dictionaries(
    {},
    optional={
        facet: st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True) for facet, known in TERMS.items()
    },
)
ALIASES = {"cn": "china", "mn": "mongolia", "wages": "pay"}


@given(language=languages, chosen=known_terms, corrections=st.booleans(), form=st.sampled_from(FORMATS), data=st.data())
@examples(150)
def test_every_spelling_of_a_selection_leads_to_its_one_address_and_that_answers(
    bench: Bench, language: str, chosen: dict[str, list[str]], corrections: bool, form: object, data: st.DataObject
) -> None:
    address = FeedAddress(Selection.of(language, chosen, corrections=corrections), form)  # type: ignore[arg-type]
    canonical = ADDRESSES.make(address)
    assert isinstance(bench.answer(canonical), Document)
    spelled = "".join(spelling(data, canonical))
    answer = bench.answer(spelled)
    assert isinstance(answer, Document) if spelled == canonical else answer == Moved(canonical)


def spelling(data: st.DataObject, canonical: str) -> Iterator[str]:
    """The same selection as careless people write it."""
    stem, _, suffix = canonical.rpartition(".")
    lead, _, rest = stem.partition("/feeds/")
    parts = rest.split("/")
    tail = [parts.pop()] if len(parts) % 2 else []
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    yield data.draw(st.sampled_from([lead, lead.upper(), lead or "/en"])) + "/feeds"
    for facet, names in data.draw(st.permutations(pairs)):
        spelled = data.draw(st.permutations(names.split("+")))
        spelled = [data.draw(st.sampled_from([name, name.upper(), ALIASES.get(name, name)])) for name in spelled]
        again = data.draw(st.lists(st.sampled_from(spelled), max_size=2))
        yield f"/{data.draw(st.sampled_from([facet, facet.title()]))}/{'+'.join(spelled + again)}"
    yield "".join(f"/{each}" for each in tail)
    yield f".{data.draw(st.sampled_from([suffix, suffix.upper()]))}"


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/feeds", "/feeds/"),
        ("/en", "/"),
        ("/MN", "/mn/"),
        ("/feeds/country/cn", "/feeds/country/cn.html"),
        ("/feeds/country/cn/", "/feeds/country/cn.html"),
        ("/feeds/all/country/cn.atom", "/feeds/country/cn.atom"),
        ("/Releases/2021/DAM", "/releases/2021/dam"),
        ("/releases/2020/old-dam", "/releases/2021/dam"),
        ("/FEEDS.OPML", "/feeds.opml"),
        ("/feeds/not/country/cn.atom", "/feeds/all/not/country/cn.atom"),
        ("/feeds/all/country/mn/not/country/cn", "/feeds/country/mn/not/country/cn.html"),
        ("/feeds/all/NOT/topic/wages+pay/country/CHINA.rss", "/feeds/all/not/country/cn/topic/wages.rss"),
        ("/feeds/country/cn+mn/not/country/china.json", "/feeds/country/mn/not/country/cn.json"),
        (
            "/feeds/not/topic/wages/all-languages/corrections.atom",
            "/feeds/all/not/topic/wages/corrections/all-languages.atom",
        ),
    ],
)
def test_a_near_miss_is_led_to_the_address(bench: Bench, path: str, canonical: str) -> None:
    assert bench.answer(path) == Moved(canonical)
    assert isinstance(bench.answer(canonical), Document)


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/country/fr.atom",
        "/feeds/country/cn+fr.atom",
        "/feeds/all/not/country/fr.atom",
        "/feeds/topic/cn.rss",
        "/releases/2021/no-dam",
        "/nothing",
    ],
)
def test_an_unknown_term_or_release_is_missing(bench: Bench, path: str) -> None:
    assert isinstance(bench.answer(path), Missing)


@given(
    path=st.text(max_size=40).map("/{}".format) | st.text(alphabet="feds/alcountry.mh+", max_size=30).map("/f{}".format)
)
@examples(200)
def test_whatever_path_is_asked_there_is_an_answer(bench: Bench, path: str) -> None:
    answer = bench.answer(path)
    if isinstance(answer, Moved):
        assert isinstance(bench.answer(answer.path), Document)
