"""The page: whole, escaped, drawn from the same figures, legible."""

import html as html_module
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koprep import Cleaner, Preprocessor, Stopwords, get_tokenizer
from koprep.profile import Lengths, Row, Unreadable, profile_rows, profile_texts
from koprep.profile.charts import length_histogram
from koprep.profile.page import _template

NASTY = '<script>alert("1")</script>&<b>'
VOID = {"meta", "br"}


class Page(HTMLParser):
    """Checks that tags are closed in order, and collects them and the text."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.text, self.attributes = [], [], "", []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def html():
    texts = ["재미 있다", "재미 있다", "별로다", NASTY, "\ud800 \x00 반쪽", ""]
    rows = [
        *(Row(i, text, NASTY if i % 2 else "1") for i, text in enumerate(texts)),
        Row(9, f"{NASTY} 재미", NASTY, f"test{NASTY}"),
        Row(10, "재미 있다", "", f"test{NASTY}"),
        Row(12, "처음", "1", f"test{NASTY}"),
        Unreadable(11, NASTY, NASTY),
    ]
    return profile_rows(rows, name=NASTY, tokenizer="whitespace").to_html()


def test_what_comes_from_the_corpus_is_escaped(html):
    page = Page(html)
    assert "script" not in page.tags
    assert "b" not in page.tags[page.tags.index("main") :] or html.count("<b>") == html.count(
        "<b><i class="
    )
    assert page.text.count(NASTY) > 10
    assert NASTY not in html
    assert html.encode()  # no half of a character is left


def test_it_needs_nothing_from_elsewhere(html):
    page = Page(html)
    assert not {"link", "img", "iframe", "object"} & set(page.tags)
    assert not {"src", "href", "onclick", "onload"} & {name for name, _ in page.attributes}
    assert not re.search(r"url\(|@import|https?:", html)
    assert '<html lang="ko">' in html
    assert 'name="viewport" content="width=device-width' in html


def test_pictures_tell_what_they_show_in_words(html):
    pictures = [ElementTree.fromstring(svg) for svg in re.findall("<svg.*?</svg>", html, re.S)]
    assert len(pictures) == 5
    names = set()
    for picture in pictures:
        title, description = picture.find("title"), picture.find("desc")
        assert picture.get("role") == "img"
        assert picture.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        assert re.search("[가-힣]", title.text)
        assert len(description.text) > 20
        assert any(re.search("[가-힣]", text.text or "") for text in picture.iter("text"))
        names.add(title.get("id"))
    assert len(names) == 5


def test_pictures_stay_inside_their_frame(html):
    for svg in re.findall("<svg.*?</svg>", html, re.S):
        picture = ElementTree.fromstring(svg)
        _, _, width, height = map(float, picture.get("viewBox").split())
        for rect in picture.iter("rect"):
            x, y, w, h = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
            assert x >= 0
            assert y >= 0
            assert x + w <= width
            assert y + h <= height


def test_an_unlabelled_corpus_of_one_empty_text_has_a_page():
    page = Page(profile_texts([""], tokenizer="whitespace").to_html())
    assert "라벨의 분포" not in page.text
    assert "텍스트가 너무 적습니다" in page.text


@pytest.mark.parametrize(
    "parts",
    [
        {"tokenizer": "whitespace"},
        {"tokenizer": get_tokenizer("keras_words", lower=False), "stopwords": "particles"},
        {"tokenizer": "syllable", "cleaner": Cleaner.lecture()},
    ],
)
def test_the_suggestion_is_code_that_builds_the_same_preprocessor(parts):
    result = profile_texts(["재미 있다", "별로"], **parts)
    code = re.search("<pre><code>(.*?)</code>", result.to_html())[1]
    names = {"Preprocessor": Preprocessor, "Cleaner": Cleaner, "get_tokenizer": get_tokenizer}
    built = eval(html_module.unescape(code), names)
    wanted = Preprocessor(
        **parts, vocabulary_size=result.words.vocabulary_size, maxlen=result.lengths.maxlen
    )
    assert built.get_params() == wanted.get_params()


def test_stopwords_of_ones_own_are_named_as_such():
    stopwords = replace(Stopwords.named("lecture"), keep_negation=False)
    page = profile_texts(["가"], tokenizer="whitespace", stopwords=stopwords).to_html()
    assert 'tokenizer="whitespace", stopwords=stopwords, vocabulary_size=' in page


def test_many_labels_fit():
    result = profile_texts([f"글 {i}" for i in range(60)], range(60), tokenizer="whitespace")
    page = Page(result.to_html())
    assert "그 밖의 40개는 표에" in page.text


@settings(deadline=None)
@given(
    st.dictionaries(st.integers(0, 3000), st.integers(1, 50), min_size=1, max_size=30),
    st.integers(1, 3000),
)
def test_the_histogram_holds_every_text_and_ends_a_bar_at_maxlen(histogram, maxlen):
    values = [tokens for tokens, texts in histogram.items() for _ in range(texts)]
    longest = max(values)
    maxlen = max(1, min(maxlen, longest))
    lengths = Lengths(
        histogram=histogram, mean=0.0, median=0, longest=longest, maxlen=maxlen, kept_whole=1.0
    )
    rows = length_histogram(lengths).rows
    assert sum(int(texts.replace(",", "")) for _, texts in rows) == len(values)
    edges = [int(re.match(r"\d+", label)[0]) for label, _ in rows]
    assert all(before < after for before, after in pairwise(edges))
    assert len(rows) <= 53
    kept = sum(
        int(texts.replace(",", ""))
        for (_, texts), edge in zip(rows, edges, strict=True)
        if edge <= maxlen
    )
    assert kept == sum(tokens <= maxlen for tokens in values)


# --- colours --------------------------------------------------------------------------------


def palettes():
    css = _template().template
    found = []
    for block in re.findall(r":root \{(.*?)\}", css, re.S):
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
        found.append({**(found[0] if found else {}), **colours})
    return found


def luminance(colour):
    """WCAG 2.2's relative luminance of an sRGB colour."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first, second):
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark"])
def test_colours_have_contrast(palette):
    for background in ("page", "card", "track"):
        for ink in ("ink", "soft", "error", "warning", "info", "ok"):
            assert contrast(palette[ink], palette[background]) >= 4.5, (ink, background)
    for graphic in ("first", "second"):
        for background in ("card", "track"):
            assert contrast(palette[graphic], palette[background]) >= 3, (graphic, background)
