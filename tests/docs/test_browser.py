"""The site as a reader meets it, in a browser without a network."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

PHONE = 390  # CSS pixels
LESSON = "course/01-sequential-data.html"

pytestmark = pytest.mark.timeout(1800)  # the lessons run


def search(open_page, query: str) -> dict[str, str]:
    """Return what a search finds: page -> title."""
    page = open_page(f"search.html?q={query}")
    page.wait_for_function(
        "/\\d|did not match|one page/.test(document.querySelector('.search-summary')?.innerText)"
    )
    links = page.locator("ul.search li > a").evaluate_all(
        "links => links.map(a => [a.href, a.innerText])"
    )
    return {re.sub(r"^.*?//[^/]+/|[#?].*$", "", href): title for href, title in reversed(links)}


def pages_with(site, pattern: str) -> dict[str, str]:
    """Return the pages whose prose matches, with their titles."""
    return {
        name: page.xpath("string(//h1/text())")
        for name, page in site.pages.items()
        if name not in ("genindex.html", "search.html")
        for article in page.cssselect("article")
        if re.search(pattern, " ".join(article.itertext()))
    }


@pytest.mark.parametrize("word", ["형태소", "패딩", "어휘", "불용어", "임베딩"])
def test_search_finds_a_korean_word_before_any_particle(open_page, site, word):
    due = pages_with(
        site, rf"(?<![가-힣]){word}(?:을|를|이|가|은|는|의|로|으로|과|와|도|에서)?(?![가-힣])"
    )
    assert due
    found = search(open_page, word)
    assert due.keys() <= found.keys()
    assert all(title.strip() in found[name] for name, title in due.items())


@pytest.mark.parametrize(
    ("query", "word"),
    [("패딩을", "패딩"), ("패딩에서는", "패딩"), ("형태소의", "형태소"), ("값을", "값")],
)
def test_search_looks_past_the_particle_of_a_query(open_page, query, word):
    found = search(open_page, word)
    assert found
    assert search(open_page, query).keys() == found.keys()


@pytest.mark.parametrize("query", ["은닉 상태", "은닉상태", "은닉 상태를"])
def test_search_finds_two_words_together_or_apart(open_page, site, query):
    due = pages_with(site, "은닉 상태")
    assert due
    assert due.keys() <= search(open_page, query).keys()


@pytest.mark.parametrize("query", ["pad_sequences", "Vocabulary"])
def test_search_finds_names_of_code(open_page, site, query):
    due = pages_with(site, rf"\b{query}\b")
    assert due
    assert due.keys() <= search(open_page, query).keys()


def test_search_knows_english_words_by_their_stem(open_page, site):
    assert search(open_page, "tokenizing").keys() >= search(open_page, "tokenized").keys() != set()


def test_search_tells_when_nothing_is_found(open_page):
    assert search(open_page, "뷁뷁뷁") == {}


@pytest.mark.parametrize(
    ("width", "place"),
    [pytest.param(1280, "aside", id="desktop"), pytest.param(PHONE, "article", id="phone")],
)
def test_the_switch_leads_from_one_language_to_the_other(open_page, width, place):
    page = open_page(LESSON, width=width)
    for name, language in (("English docs", "en"), ("한국어 강좌", "ko")):
        page.locator(f"{place} .languages a", has_text=name).click()
        assert page.locator("html").get_attribute("lang") == language


def background(page) -> int:
    """Return how bright the page is, 0 to 765."""
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(map(int, re.findall(r"\d+", colour)[:3]))


def test_the_reader_chooses_light_or_dark(open_page):
    page = open_page(LESSON, color_scheme="light")
    seen = {background(page)}
    for _ in range(3):
        page.locator(".theme-toggle:visible").click()
        seen.add(background(page))
    assert min(seen) < 150 < 600 < max(seen)


def test_dark_is_what_the_system_says(open_page):
    assert background(open_page(LESSON, color_scheme="dark")) < 150


def test_no_page_is_wider_than_a_phone_or_asks_beyond_the_site(open_page, site, address):
    page = open_page("index.html", width=PHONE)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    wide = []
    for name in site.pages:
        page.goto(f"{address}/{name}")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE:
            wide.append((name, width))
    assert wide == []
    assert [url for url in requests if not url.startswith((address, "data:"))] == []


def test_formulas_are_drawn_without_a_script(open_page, site):
    name = next(name for name, page in site.pages.items() if page.cssselect("div.math math"))
    page = open_page(name, java_script_enabled=False)
    box = page.locator("div.math math").first.bounding_box()
    assert box["width"] > 50
    assert box["height"] > 10


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_bars_the_way_of_readers_with_aids(open_page, address, scheme):
    kinds = ["index.html", LESSON, "how-to/index.html", "reference/cli.html", "search.html?q=패딩"]
    page = open_page("index.html", color_scheme=scheme)
    faults = []
    for name in kinds:
        page.goto(f"{address}/{name}")
        for fault in Axe().run(page).response["violations"]:
            if fault["impact"] in ("serious", "critical"):
                faults += [(name, fault["id"], node["html"][:120]) for node in fault["nodes"]]
    assert faults == []
