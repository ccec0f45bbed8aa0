import html
import random
import re
import sys
import time
import unicodedata

import emoji
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from koprep.cleaning import (
    Cleaner,
    collapse_whitespace,
    compose_filled_syllables,
    decode_entities,
    fold_width,
    normalize_nfc,
    remove_invisible,
    remove_tags,
    replace_emoji,
    squeeze_repeats,
)

# Whatever a step looks for, whole, halved and one inside another.
FRAGMENTS = re.findall(
    r"\S+",
    """
    ㅋ ㅋㅋㅋ ㅎ ㅠㅠㅠ ㅋㅎㅋㅎ ㄳ 뎈 넼ㅋ 핳ㅎ 부엌 좋 많ㅎ 밥 좋아요 가 각 하하하하
    ! !!! . .... ~~~ ^^ _ * : ; / // - -- = " ' ( ) [ ] { } < > <3 >_< 。 、 … ‥ ·
    < <b </b> <b> <br> <br/ /> <p <a href="x" class='y' > <sp an> <Time> <기생충> <!-- --> <!doctype
    & &amp; amp; &lt; lt; gt; &gt; &#38; #38; &#60; &#x200b; &#49; &am p;
    &nothing; &#55357; &#xdc00;    &zwj; &nbsp; &#12644; &#65308; &#769; &semi; &hearts;
    http:// https://a.b/c www. www.a.b //a a.b@x.co.kr @ a@ @b.co .com 에서 로
    010 010- -1234 -5678 1234 01012345678 02) (031) 1588- +82 900101 - 1234567 1******
    [URL] [EMAIL] [PHONE] [RRN] [ URL ] 0 1 9 1000000 a A aaa Good é ß
    😂 😂😂😂 👍🏽 🏽 ❤ ♥ ♥♥♥ ★★★★★ ⭐ 🇰🇷 🇰 👨 👩 © ™ 1️⃣ ⃣
    ＃ ＜ ＞ ＆ ； ／ ＠ ０ １ Ａ ！ 〜 ￦ ￣ ﾡ ￂ ｶ ﾞ ﾟ 漢 あ か ≮ ≯
""",
)
FRAGMENTS += [
    *" \t\n\r\v\x1c\x85\xa0\u1680\u2028\u3000",
    *"\u200b\u200c\u200d\u200e\u202e\u2060\ufeff\xad\x00\x07\x7f\u034f\u061c\u180e\ufe0e\ufe0f",
    *"\u115f\u1160\u3164\uffa0\u1100\u1112\u1161\u11ab\u11a8\u11ff",
    *"\u0301\u0316\u0327\u0338\u3099\u309a\u0f71\u0f72\u0f73\u0344\u037e\u1fef\u212a\u2000\uf934",
    *"\ud800\ud83d\udbff\udc00\ude02\udfff\ufffd\ufffe\U000e0001\U000e0067\U000e007f🏴",
    "\U0001d165\U0001d16e\U00011099\U000110ba\U00016d67\U00016d67",
]

anything = st.text(st.characters(exclude_categories=()))
tricky = st.lists(st.sampled_from(FRAGMENTS) | anything, max_size=12).map("".join)
markup = st.text(st.sampled_from('<>/b"= a&mp;lt#38x!-'), max_size=40)
contact_modes = st.sampled_from(["keep", "remove", "mask"])
cleaners = st.builds(
    Cleaner,
    strip_html=st.booleans(),
    strip_invisible=st.booleans(),
    unify_width=st.booleans(),
    urls=contact_modes,
    emails=contact_modes,
    phones=contact_modes,
    resident_numbers=contact_modes,
    emoji=st.sampled_from(["keep", "remove", "alias"]),
    keep=st.sampled_from(["hangul", "hangul+digits", "hangul+alnum", "all"]),
    replacement=st.sampled_from([" ", ""]),
    split_laughter=st.booleans(),
    max_repeats=st.sampled_from([None, 1, 2, 3]),
    repeat_kinds=st.lists(
        st.sampled_from(["jamo", "punctuation", "symbols", "syllables"]), unique=True
    ).map(tuple),
    collapse_spaces=st.booleans(),
)


def hold_all_laws(cleaner, raw):
    cleaned = cleaner.clean(raw)
    assert cleaner.clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode("utf-8")
    for form in ("NFC", "NFD"):
        assert cleaner.clean(unicodedata.normalize(form, raw)) == cleaned

    located = cleaner.clean_with_offsets(raw)
    assert located.text == cleaned
    assert len(located.offsets) == len(cleaned)
    assert all(0 <= start < end <= len(raw) for start, end in located.offsets)
    for earlier, later in zip(located.offsets, located.offsets[1:], strict=False):
        assert earlier[0] <= later[0]
        assert earlier[1] <= later[1]
    for ch, (start, end) in zip(cleaned, located.offsets, strict=True):
        if end - start == 1 and is_letter_of_its_own(raw[start]):
            assert ch in (raw[start], " ")


def is_letter_of_its_own(ch):
    """Whether no step turns it into another character, though a step may drop it."""
    return ch.isascii() and ch.isalnum()


@settings(max_examples=300, deadline=None)
@given(tricky)
def test_the_default_cleaner_holds_all_laws(raw):
    hold_all_laws(Cleaner(), raw)


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(FRAGMENTS, id="anything"),
        pytest.param(["\u1112\u1161\u11ab"], id="decomposed Hangul"),
        pytest.param(["ㅋ"], id="laughter"),
        pytest.param(["<br", "&lt;", "a@", "http://"], id="markup and addresses begun"),
        pytest.param(["\ud800"], id="half pairs"),
        pytest.param(["가", " "], id="words"),
    ],
)
def test_a_megabyte_holds_all_laws(pattern):
    letters = random.Random(0)
    raw = "".join(letters.choices(pattern, k=2**20))[: 2**20]
    hold_all_laws(Cleaner(), raw)


@settings(max_examples=500, deadline=None)
@given(cleaners, tricky)
def test_every_cleaner_holds_all_laws(cleaner, raw):
    hold_all_laws(cleaner, raw)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([1, 2, None]), markup)
def test_broken_markup_holds_all_laws(max_repeats, raw):
    hold_all_laws(Cleaner(max_repeats=max_repeats, urls="mask", emails="mask"), raw)


@settings(max_examples=300, deadline=None)
@given(tricky)
def test_the_lecture_cleaner_is_the_course_expression_after_nfc(raw):
    text = unicodedata.normalize("NFC", raw)
    expected = re.sub("[^ㄱ-ㅎㅏ-ㅣ가-힣 ]", "", text)
    assert Cleaner.lecture().clean(raw) == expected
    located = Cleaner.lecture().clean_with_offsets(text)
    assert "".join(text[start:end] for start, end in located.offsets) == expected


@settings(max_examples=300, deadline=None)
@given(tricky.map(lambda text: re.sub("[<&＜＆]", "", text)))
def test_the_default_cleaner_preserves_digits(raw):
    assert digits(Cleaner().clean(raw)) == digits(fold_width(raw))


def digits(text):
    return re.findall("[0-9]", text)


@settings(max_examples=200, deadline=None)
@given(tricky)
def test_squeezing_touches_neither_words_nor_digits(raw):
    words = re.compile("[가-힣0-9A-Za-z]+")
    assert words.findall(squeeze_repeats(raw)) == words.findall(raw)


@settings(max_examples=200, deadline=None)
@given(tricky)
def test_whitespace_is_what_python_calls_whitespace(raw):
    assert collapse_whitespace(raw) == re.sub(r"\s+", " ", raw).strip()


@settings(max_examples=200, deadline=None)
@given(tricky.map(lambda text: text.replace("&", "")), st.integers(1, 3))
def test_entities_undo_escaping(raw, times):
    escaped = raw
    for _ in range(times):
        escaped = html.escape(escaped)
    assert decode_entities(escaped) == normalize_nfc(raw)


# What the patterns say about Unicode, checked against Unicode itself.

EVERY_CHARACTER = [chr(code) for code in range(sys.maxunicode + 1)]


def test_composition_never_reaches_across_a_cut():
    decomposed = unicodedata.normalize("NFD", "".join(EVERY_CHARACTER))
    cut_up = decomposed + "\u0301" * 300  # long enough a run to be composed piece by piece
    assert normalize_nfc(cut_up) == unicodedata.normalize("NFC", cut_up)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from("e가\u1100\u1161\u11a8\u0301\u0316\u0327\u0344\u0f73\u0f71")))
def test_long_runs_of_marks_compose_as_unicode_says(chars):
    text = "".join(chars) + "\u0301\u0316\u0f73" * 100 + "".join(reversed(chars))
    assert normalize_nfc(text) == unicodedata.normalize("NFC", text)


def test_no_mark_is_a_letter():  # what finds runs of marks relies on it
    assert not [ch for ch in EVERY_CHARACTER if unicodedata.combining(ch) and ch.isalnum()]


def test_what_is_removed_is_invisible_and_what_is_invisible_is_removed():
    drawn = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
    drawn |= {"\U000110bd", "\U000110cd"}  # number signs of Arabic, Syriac and Kaithi
    fillers = set("\u115f\u1160\u3164\uffa0")
    for ch in EVERY_CHARACTER:
        category = unicodedata.category(ch)
        removed = remove_invisible(ch) == ""
        if category in ("Cc", "Cf"):
            assert removed == (not ch.isspace() and ch not in drawn), hex(ord(ch))
        elif category != "Cn":
            is_selector = "VARIATION SELECTOR" in unicodedata.name(ch, "")
            assert removed == (is_selector or ch == "\u034f" or ch in fillers), hex(ord(ch))


def test_widths_are_those_unicode_calls_wide_or_narrow():
    for ch in EVERY_CHARACTER:
        tag, _, target = unicodedata.decomposition(ch).partition(" ")
        if tag in ("<wide>", "<narrow>"):
            assert fold_width(ch) == chr(int(target, 16))
        else:
            assert fold_width(ch) == normalize_nfc(ch)


def test_spelled_syllables_are_those_of_euc_kr():
    spelled = [
        (syllable, syllable.encode("euc_kr").decode("cp949"))
        for syllable in map(chr, range(0xAC00, 0xD7A4))
    ]
    assert sum(syllable != text for syllable, text in spelled) == 11_172 - 2_350
    for syllable, text in spelled:
        assert compose_filled_syllables(f"{text}의") == f"{syllable}의"


def test_every_emoji_of_the_package_is_found_and_named():
    for sequence in emoji.EMOJI_DATA:
        assert replace_emoji(f"가{sequence}나", mode="remove") == "가 나", sequence
        assert remove_invisible(sequence) == unicodedata.normalize("NFC", sequence), sequence
        name = replace_emoji(sequence)
        assert re.fullmatch(r" [가-힣a-z0-9 #*()/-]+ ", name), (sequence, name)


def test_in_the_bmp_nothing_else_is_an_emoji():
    for ch in EVERY_CHARACTER[:0x10000]:
        assert (replace_emoji(ch, mode="remove") != ch) == emoji.is_emoji(ch), hex(ord(ch))


# Time: 100,000 characters of every kind that makes a careless pattern or algorithm quadratic.

REPEATED = {
    "combining marks": "\u0301\u0316",
    "marks that decompose": "\u0f73",
    "joined emoji": "👨\u200d",
    "less-than": "<",
    "open tags": '<a href="',
    "open comments": "<!--",
    "attributes": "<a b=c ",
    "ampersands": "&amp;",
    "ends of entities": "amp;",
    "numeric ampersands": "&#38;#38;",
    "local parts": "a.",
    "addresses": "a@b.",
    "links": "http://!",
    "digits": "0",
    "numbers": "010-",
    "laughter": "ㅋ",
    "moved laughter": "넼ㅋ",
    "whitespace": " \n",
    "lone halves": "\udc00\ud83d",
    "decomposed": "\u1112\u1161\u11ab",
}
BUSY = Cleaner(
    urls="mask",
    emails="mask",
    phones="mask",
    resident_numbers="mask",
    emoji="alias",
    repeat_kinds=("jamo", "punctuation", "symbols", "syllables"),
)


@pytest.mark.parametrize("unit", REPEATED.values(), ids=REPEATED.keys())
@pytest.mark.parametrize("cleaner", [Cleaner(), BUSY], ids=["default", "busy"])
def test_long_texts_take_linear_time(cleaner, unit):
    raw = unit * (100_000 // len(unit)) + " @ < &"  # so that no step thinks it is not needed
    begin = time.perf_counter()
    cleaned = cleaner.clean(raw)
    assert time.perf_counter() - begin < 5  # seconds; quadratic ones take minutes
    assert cleaner.clean(cleaned) == cleaned


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("<sp" * 10_000 + "an>" * 10_000, id="tags in the gaps of tags"),
        pytest.param("<a " * 10_000 + "b=c>" * 10_000, id="tags in the gaps of attributes"),
        pytest.param("<a b='가" * 10_000 + "나'>" * 10_000, id="tags in the gaps of their values"),
        pytest.param("&#5&#4&#5&#5&#5" * 2_000 + "2" + ";" * 10_001, id="entities in entities"),
    ],
)
@pytest.mark.parametrize("cleaner", [Cleaner(), Cleaner(max_repeats=None)], ids=["2", "None"])
def test_texts_built_to_resist_settle_too(cleaner, raw):
    begin = time.perf_counter()
    hold_all_laws(cleaner, raw)
    assert time.perf_counter() - begin < 10


# Real reviews.


@pytest.fixture(scope="module")
def reviews(real_data):
    lines = (real_data / "nsmc" / "ratings_train.txt").read_text(encoding="utf-8").split("\n")
    return [line.split("\t")[1] for line in lines[1:15_001]]


def test_real_reviews_hold_all_laws(reviews):
    for review in reviews[:3_000]:
        hold_all_laws(Cleaner(), review)


def test_real_reviews_lose_no_word(reviews):
    letters = re.compile("[가-힣A-Za-z0-9]")
    plain = Cleaner(split_laughter=False)
    for review in reviews:
        if "<" not in review and "&" not in review and "\u3164" not in review:
            assert letters.findall(plain.clean(review)) == letters.findall(fold_width(review))


@given(st.text(st.sampled_from("하가\u11ab\u1161\u1100<b>&amp; ")))
@example("하<b>\u11ab</b>")
def test_every_step_gives_composed_text_for_composed_text(raw):
    composed = unicodedata.normalize("NFC", raw)
    for step in (decode_entities, remove_tags, remove_invisible, fold_width):
        assert unicodedata.is_normalized("NFC", step(composed)), step
