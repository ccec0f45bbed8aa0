"""The table of words is whole, and the page's files keep to what its policy allows."""

import re
from pathlib import Path

import pytest

from koprep.zoo import serving

FOLDER = Path(serving.__file__).parent / "page"
SOURCES = {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()}
FAMILIES = ("label_", "entity_", "gate_", "kind_", "error_")
"""Words whose key is put together from what the server says."""


@pytest.fixture(scope="module")
def table(browser, server):
    page = browser.new_page()
    page.goto(server)
    yield page.evaluate("import('/static/strings.js').then((module) => module.STRINGS)")
    page.close()


def test_every_word_is_there_in_both_languages_with_the_same_blanks(table):
    for key, words in table.items():
        assert set(words) == {"ko", "en"}, key
        assert all(words.values()), key
        korean, english = (set(re.findall(r"\{(\w+)\}", said)) for said in words.values())
        assert korean == english, key


def test_every_word_is_used_and_every_word_used_is_there(table):
    code = "".join(text for name, text in SOURCES.items() if name != "strings.js")
    quoted = set(re.findall(r'"(\w+)"', code))
    for key in table:
        used = key in quoted or key.startswith(FAMILIES) or key.removesuffix("_note") in quoted
        assert used, f"{key} is said nowhere"
    said = set(re.findall(r'\bsay\(\s*"(\w+)"', code))
    said |= set(re.findall(r'data-say(?:-label)?="(\w+)"', code))
    assert said <= set(table)


WORDS = {"strings.js", "samples.js", "tags.js", "index.html"}


@pytest.mark.parametrize("name", sorted(set(SOURCES) - WORDS))
def test_no_korean_hides_outside_the_table(name):
    code = re.sub(r"//.*|/\*.*?\*/", "", SOURCES[name], flags=re.DOTALL if "css" in name else 0)
    assert not re.search(r"[가-힣]", code)


def test_nothing_is_inline_and_nothing_comes_from_elsewhere():
    html = SOURCES["index.html"]
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\bstyle=|\bon\w+=", html)
    for name, text in SOURCES.items():
        text = text.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|innerHTML|outerHTML|insertAdjacentHTML|eval\(", text), name


def test_the_html_says_in_korean_what_the_table_says(table):
    for key, words in re.findall(r'data-say="(\w+)">([^<]+)<', SOURCES["index.html"]):
        assert words == table[key]["ko"]
