"""Each pattern, character by character and name by name, against lists of its own."""

import string
from html.entities import html5

import pytest

from koprep import cleaning

SIGNS = (
    string.punctuation
    + "¡§¨«¬¯°±´¶·¸»¿×÷"
    + "\u2010\u2026\u2027\u2030\u205e\u3001\u3003\u3008\u3020\u3030\u303d"
    + "\uff01\uff0f\uff1a\uff20\uff3b\uff40\uff5b\uff65"
)
INLINE = (
    "a em strong small s cite q dfn abbr code var samp kbd sub sup i b u mark bdi bdo span wbr "
    "ins del acronym big font strike tt"
)
OTHERS = (
    "html head title base link meta style body article section nav aside h1 h2 h3 h4 h5 h6 hgroup "
    "header footer address p hr pre blockquote ol ul menu li dl dt dd figure figcaption main "
    "search div picture source img iframe object video audio track map area table caption embed "
    "colgroup col tbody thead tfoot tr td th form label input button select datalist optgroup "
    "option textarea output progress meter fieldset legend details summary dialog script noscript "
    "template slot canvas br ruby rt rp data time center dir frame frameset noframes param"
)


@pytest.mark.parametrize(
    ("keep", "more"),
    [
        ("hangul", ""),
        ("hangul+digits", string.digits),
        ("hangul+alnum", string.digits + string.ascii_letters),
    ],
)
def test_a_filter_keeps_what_it_names_and_no_more(keep, more):
    everything = "".join(map(chr, range(0x110000)))
    hangul = "".join(
        chr(code)
        for first, last in ("ㄱㅎ", "ㅏㅣ", "가힣")
        for code in range(ord(first), ord(last) + 1)
    )
    kept = cleaning.keep_characters(everything, keep=keep, replacement="")
    assert sorted(kept) == sorted(f" {hangul}{more}")


@pytest.mark.parametrize(
    "word", [*"놓넣닿낳땋찧빻", "어떻", "파랗", "허옇", "발갛", "까맣", "벌겋", "꺼멓"]
)
def test_a_word_that_ends_in_hieut_is_no_laugh(word):
    assert cleaning.split_laughter(f"{word}ㅎㅎ") == f"{word}ㅎㅎ"


def test_runs_of_every_sign_and_letter_are_shortened():
    for ch in SIGNS + "".join(map(chr, range(0x3131, 0x318F))):
        due = 3 if ch == "\u3164" else 2  # an invisible filler
        assert cleaning.squeeze_repeats(ch * 3) == ch * due, hex(ord(ch))


@pytest.mark.parametrize(("kind", "letters"), [("syllables", "가힣"), ("symbols", "\u2190★\u2bff")])
def test_some_runs_are_shortened_when_asked(kind, letters):
    for ch in letters:
        assert cleaning.squeeze_repeats(ch * 3) == ch * 3
        assert cleaning.squeeze_repeats(ch * 3, kinds=[kind]) == ch * 2


def test_every_entity_of_the_standard_is_decoded():
    for name, characters in html5.items():
        if name.endswith(";"):
            decoded = cleaning.normalize_nfc(f"가{characters}나")
            assert cleaning.decode_entities(f"가&{name}나") == decoded, name


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("&#0128514;", "😂"),
        ("&#x01F602;", "😂"),
        ("&#X1F602;", "😂"),
        ("&#x26;lt;&#X26;gt;", "<>"),
    ],
)
def test_numbers_of_any_length_and_case_are_decoded(text, decoded):
    assert cleaning.decode_entities(text) == decoded


@pytest.mark.parametrize(("names", "left"), [(INLINE, ""), (OTHERS, " ")], ids=["inline", "other"])
def test_tags_of_the_standard_go(names, left):
    for name in names.split():
        for tag in (f"<{name}>", f"</{name}>", f"<{name.upper()} class = 'a'>"):
            assert cleaning.remove_tags(f"가{tag}나") == f"가{left}나", tag


@pytest.mark.parametrize(
    "name",
    [
        "async", "checked", "controls", "defer", "disabled", "hidden", "nowrap", "open",
        "readonly", "selected",
    ],
)  # fmt: skip
def test_a_tag_may_have_an_attribute_without_a_value(name):
    assert cleaning.remove_tags(f"가<input {name}>나") == "가 나"
