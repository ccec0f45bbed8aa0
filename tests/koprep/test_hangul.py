import unicodedata

import hangulpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from koprep.hangul import (
    attach_josa,
    choose_josa,
    compose,
    compose_syllable,
    decompose,
    decompose_syllable,
    has_coda,
    is_compatibility_jamo,
    is_conjoining_jamo,
    is_syllable,
    onsets,
    to_compatibility_jamo,
)

SYLLABLES = [chr(code) for code in range(0xAC00, 0xD7A4)]
syllables = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
no_bare_jamo = st.text(syllables | st.sampled_from("aZ3 .,!漢😂\n"))


def test_every_syllable_comes_apart_as_hangulpy_says_and_back_together():
    for syllable in SYLLABLES:
        letters = decompose_syllable(syllable)
        assert letters == hangulpy.get_hangul_components(syllable)
        assert compose_syllable(*letters) == syllable
        assert has_coda(syllable) == hangulpy.has_batchim(syllable)


def test_every_syllable_is_read_as_unicode_composes_it():
    for syllable in SYLLABLES:
        conjoining = unicodedata.normalize("NFD", syllable)
        assert "".join(map(to_compatibility_jamo, conjoining)) == decompose(syllable)


@given(st.text())
def test_predicates_follow_the_code_charts(text):
    for ch in text:
        assert is_syllable(ch) == ("가" <= ch <= "힣")
        assert is_compatibility_jamo(ch) == (0x3131 <= ord(ch) <= 0x318E)
        assert is_conjoining_jamo(ch) == (0x1100 <= ord(ch) <= 0x11FF)


@pytest.mark.parametrize(
    ("boundary", "kind"),
    [
        ("가힣", is_syllable),
        ("ㄱ\u318e", is_compatibility_jamo),
        ("\u1100\u11ff", is_conjoining_jamo),
    ],
)
def test_a_block_ends_where_it_ends(boundary, kind):
    first, last = boundary
    assert kind(first)
    assert kind(last)
    assert not kind(chr(ord(first) - 1))
    assert not kind(chr(ord(last) + 1))


@given(no_bare_jamo)
def test_text_without_bare_jamo_survives_spelling_and_reading(text):
    assert compose(decompose(text)) == text


@given(st.text(st.sampled_from("ㄱㄳㄴㅂㅄㅋㅏㅘㅢ a가"), max_size=12))
def test_composing_drops_no_letter(text):
    assert decompose(compose(text)) == decompose(text)


@pytest.mark.parametrize(
    ("letters", "text"),
    [
        pytest.param("ㄱㅏㄱㅏ", "가가", id="a consonant before a vowel opens a syllable"),
        pytest.param("ㄱㅏㄱㄱㅏ", "각가", id="one of two consonants closes"),
        pytest.param("ㄱㅏㄲㄱㅏ", "갂가", id="a doubled letter is one letter"),
        pytest.param("ㄱㅏㄸㅏ", "가따", id="ㄸ never closes"),
        pytest.param("ㄱㅏㄸ", "가ㄸ", id="ㄸ never closes, not even at the end"),
        pytest.param("ㄱㅏㄳㅏ", "갃ㅏ", id="a cluster never opens"),
        pytest.param("ㄱㅗㅏ", "고ㅏ", id="two vowels are not merged into ㅘ"),
        pytest.param("ㄱㅏㄱㅅ", "각ㅅ", id="two consonants are not merged into ㄳ"),
        pytest.param("ㅋㅋㅋ ㅠㅠ", "ㅋㅋㅋ ㅠㅠ", id="laughing and crying stay"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_composing_reads_as_a_keyboard_does(letters, text):
    assert compose(letters) == text


def test_bare_jamo_beside_a_syllable_may_join_it():
    assert compose(decompose("가ㄴ")) == "간"


@given(no_bare_jamo)
def test_onsets_agree_with_hangulpy(text):
    hangul = "".join(filter(is_syllable, text))
    assert onsets(hangul) == hangulpy.get_chosung_string(hangul)
    assert len(onsets(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "converted"),
    [
        pytest.param("\u11ab다", "ㄴ다", id="Kiwi's ending"),
        pytest.param("먹\u1173\u11ab", "먹ㅡㄴ", id="vowel and coda without onset"),
        pytest.param("\u1112\u1161\u11ab글", "한글", id="a whole syllable is composed"),
        pytest.param("\u110f\u110f\u110f", "ㅋㅋㅋ", id="laughter that went through NFKC"),
        pytest.param("\u1160\u11a8", "ㄱ", id="fillers go"),
        pytest.param("\u1140\u119e", "ㅿㆍ", id="old letters with a compatibility form"),
        pytest.param("\u113c", "\u113c", id="old letter without one stays"),
        pytest.param("ㅋ가a", "ㅋ가a", id="nothing to do"),
    ],
)
def test_conjoining_jamo_become_compatibility_jamo(text, converted):
    assert to_compatibility_jamo(text) == converted


@given(st.text(st.characters(min_codepoint=0x1100, max_codepoint=0x11FF) | syllables))
def test_no_modern_conjoining_jamo_is_left_over(text):
    modern = {*range(0x1100, 0x1113), *range(0x115F, 0x1176), *range(0x11A8, 0x11C3)}
    assert not modern & set(map(ord, to_compatibility_jamo(text)))


PAIRS = [
    "은/는",
    "이/가",
    "을/를",
    "와/과",
    "아/야",
    "으로/로",
    "이나/나",
    "이랑/랑",
    "이라고/라고",
]


@given(syllables, st.sampled_from(PAIRS))
def test_particles_after_syllables_agree_with_hangulpy(ch, pair):
    assert choose_josa(f"말{ch}", pair) == hangulpy.josa_pick(f"말{ch}", pair)


@given(st.integers(0, 10**11), st.sampled_from(PAIRS))
def test_particles_after_numbers_agree_with_hangulpy(number, pair):
    assert choose_josa(str(number), pair) == hangulpy.josa_pick(str(number), pair)


@pytest.mark.parametrize(
    ("word", "pair", "form"),
    [
        pytest.param("칼", "으로/로", "로", id="ㄹ takes 로"),
        pytest.param("칼", "로써/으로써", "로써", id="and its longer forms, in either order"),
        pytest.param("칼", "이/가", "이", id="elsewhere ㄹ is a consonant like any other"),
        pytest.param("값", "이다/다", "이다", id="cluster"),
        pytest.param("영화(2019)", "은/는", "는", id="9 is 구"),
        pytest.param("1,000", "을/를", "을", id="천"),
        pytest.param("'기생충'", "은/는", "은", id="quotes are passed over"),
        pytest.param("기생충 ", "은/는", "은", id="spaces are passed over"),
        pytest.param("기생충♥", "은/는", "은", id="symbols are passed over"),
        pytest.param("ㄱ", "은/는", "은", id="기역"),
        pytest.param("ㄹ", "으로/로", "로", id="리을"),
        pytest.param("ㅏ", "은/는", "는", id="a vowel's name is the vowel"),
        pytest.param("PR", "은/는", "은", id="피알"),
        pytest.param("URL", "으로/로", "로", id="유아르엘"),
        pytest.param("KBS", "은/는", "는", id="케이비에스"),
        pytest.param("star", "은/는", "는", id="r in a word is silent"),
        pytest.param("Seoul", "으로/로", "로", id="l in a word is ㄹ"),
        pytest.param("Samsung", "이/가", "이", id="ng is ㅇ"),
        pytest.param("漢字", "은/는", "는", id="another script counts as a vowel"),
        pytest.param("", "은/는", "는", id="no word counts as a vowel"),
        pytest.param("!?", "은/는", "는", id="only punctuation counts as a vowel"),
        pytest.param(unicodedata.normalize("NFD", "밥"), "은/는", "은", id="decomposed"),
    ],
)
def test_the_end_of_a_word_decides(word, pair, form):
    assert choose_josa(word, pair) == form
    assert attach_josa(word, pair) == word + form


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: is_syllable(""), "''"),
        (lambda: is_conjoining_jamo("가나"), "'가나'"),
        (lambda: decompose_syllable("ㅎ"), "'ㅎ'"),
        (lambda: has_coda("A"), "'A'"),
        (lambda: compose_syllable("ㄳ", "ㅏ"), "'ㄳ' cannot be an onset"),
        (lambda: compose_syllable("", "ㅏ"), "'' cannot be an onset"),
        (lambda: compose_syllable("ㄱ", "ㄱ"), "'ㄱ' cannot be a nucleus"),
        (lambda: compose_syllable("ㄱ", "ㅏ", "ㄸ"), "'ㄸ' cannot be a coda"),
        (lambda: choose_josa("밥", "은"), "'은'"),
        (lambda: choose_josa("밥", "은/가"), "'은/가'"),
        (lambda: choose_josa("밥", "/"), "'/'"),
    ],
)
def test_bad_input_is_named(call, named):
    with pytest.raises(ValueError, match=named):
        call()
