"""A release is passed on and quoted: by e-mail, by its address, by what a citation needs; with a script or without."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

from lxml import html

from tests.makers import BASE, Bench, a_compiled, yaml
from tests.publish.pages.conftest import Open

DAM = "2021/2021-06-01-dam.yaml"


def compiled(path: Path, **fields: object) -> Bench:
    return a_compiled(path, {DAM: yaml(title="Dams & wells: 100 % more?", published="2021-06-01", **fields)})


def test_a_message_begins_with_the_title_and_the_address_of_the_page(tmp_path: Path) -> None:
    page = html.fromstring(compiled(tmp_path).body("/releases/2021/dam"))
    (mail,) = page.xpath('//a[starts-with(@href, "mailto:?")]/@href')
    # RFC 6068: spaces are %20, lines end in %0D%0A.
    assert "+" not in mail
    told = parse_qs(mail.removeprefix("mailto:?"), strict_parsing=True)
    assert told == {
        "subject": ["Dams & wells: 100 % more?"],
        "body": [f"Dams & wells: 100 % more?\r\n\r\n{BASE}/releases/2021/dam\r\n"],
    }


def test_a_citation_names_author_title_newsroom_day_and_address(tmp_path: Path) -> None:
    authors = [{"name": "Ada Lovelace"}, {"name": "Grace Hopper"}]
    (cited,) = html.fromstring(compiled(tmp_path, authors=authors).body("/releases/2021/dam")).xpath(
        '//*[@id="citation"]'
    )
    assert cited.text_content() == (
        "Ada Lovelace and Grace Hopper: “Dams & wells: 100 % more?”. Test office, 1 June 2021. "
        f"{BASE}/releases/2021/dam"
    )


def test_of_a_release_from_elsewhere_the_address_there_is_passed_on(tmp_path: Path) -> None:
    there = "https://www.example.org/dam"
    page = html.fromstring(compiled(tmp_path, url=there).body("/releases/2021/dam"))
    assert page.xpath('//*[@id="citation"]/bdi/text()') == [there]
    assert page.xpath("//button/@data-copy") == [there]


def test_a_withdrawn_release_is_not_passed_on(tmp_path: Path) -> None:
    withdrawn = {"date": "2021-06-02", "reason": "Wrong."}
    page = html.fromstring(compiled(tmp_path, withdrawn=withdrawn).body("/releases/2021/dam"))
    assert page.xpath('//main//button | //script | //*[@id="citation"] | //a[starts-with(@href, "mailto:?")]') == []


def test_one_click_copies_the_address(urls: dict[tuple[str, str], str], opened: Open) -> None:
    url = urls["release", "en"]
    page = opened(url, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the link").click()
    page.get_by_role("status").get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == url


def test_without_script_no_button_is_offered_that_does_nothing(urls: dict[tuple[str, str], str], opened: Open) -> None:
    page = opened(urls["release", "en"], java_script_enabled=False)
    assert page.locator("button:visible").get_by_text("Copy the link").count() == 0
    assert page.locator("#citation").is_visible()


def test_a_line_of_text_has_about_as_many_letters_as_a_book(urls: dict[tuple[str, str], str], opened: Open) -> None:
    page = opened(urls["release", "en"])
    letters = page.evaluate(
        """() => {
          const text = document.querySelector('.text p'), span = document.createElement('span');
          span.textContent = 'The quick brown fox jumps over the lazy dog, and nobody minds. '.repeat(4);
          span.style.whiteSpace = 'nowrap';
          text.append(span);
          return Math.round(text.clientWidth / span.getBoundingClientRect().width * span.textContent.length);
        }"""
    )
    assert 55 <= letters <= 75
