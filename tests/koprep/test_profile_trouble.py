"""Which characters count as trouble, and which only look like it."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koprep.profile import profile_texts
from koprep.profile.trouble import EXCERPT, excerpt, find_trouble, visible

NFD = unicodedata.normalize("NFD", "한글")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(f"맥 {NFD}", {"decomposed_hangul": 2}, id="NFD"),
        pytest.param("하\u11ab글", {"decomposed_hangul": 0}, id="a coda apart"),
        pytest.param("글\ufffd자", {"replacement_characters": 1}, id="U+FFFD"),
        pytest.param("글\ud83d자", {"unpaired_surrogates": 1}, id="half an emoji"),
        pytest.param("안녕하세요".encode().decode("cp1252", "ignore"), {"mojibake": 0},
                     id="UTF-8 read as cp1252"),
        pytest.param("안녕하세요".encode("cp949").decode("latin-1"), {"mojibake": 0},
                     id="CP949 read as latin-1"),
        pytest.param("글 占쏙옙占쏙옙", {"mojibake": 2}, id="U+FFFD misread"),
        pytest.param("가\x00나", {"control_characters": 1}, id="NUL"),
        pytest.param("가\u200b나\ufeff", {"zero_width_characters": 1}, id="zero width"),
        pytest.param("\u3164", {"zero_width_characters": 0}, id="Hangul filler"),
    ],
)  # fmt: skip
def test_trouble_and_where_it_begins(text, found):
    assert find_trouble(text) == found


def test_utf8_read_as_cp949():
    assert "mojibake" in find_trouble("안녕하세요".encode().decode("cp949", "replace"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("재밌다ㅋㅋ ㅠㅠ 10점!\t\n", id="a review"),
        pytest.param("👩\u200d💻 ❤️ 🇰🇷", id="emoji with joiners and selectors"),
        pytest.param("\ud83d\ude00", id="surrogates in a pair"),
        pytest.param("····¨¨ 느와르······", id="rows of middle dots"),
        pytest.param("café Ärger São Paulo", id="Latin letters with marks"),
        pytest.param("漢字와 かな, 뷁 똠방각하 펲시", id="Hanja, kana, rare syllables"),
        pytest.param("뭐?똠!", id="one rare syllable after a question mark"),
    ],
)
def test_what_only_looks_like_trouble(text):
    assert find_trouble(text) == {}


def test_trouble_becomes_findings_with_the_piece_of_text_around_it():
    texts = ["가" * 200 + "\u200b" + "나" * 200, "정상", f"{NFD}\ufffd"]
    result = profile_texts(texts, tokenizer="whitespace")
    found = {finding.code: finding for finding in result.findings if finding.count}
    assert set(found) == {"zero_width_characters", "decomposed_hangul", "replacement_characters"}
    (example,) = found["zero_width_characters"].examples
    assert "가⟨U+200B⟩나" in example.text
    assert example.text.startswith("…가")
    assert found["replacement_characters"].examples[0].places[0].row == 2


@settings(deadline=None)
@given(st.text(st.characters(codec=None)), st.integers(0, 300))
def test_any_text_can_be_shown(text, at):
    shown = excerpt(text, at)
    assert shown.encode().decode() == shown
    assert "\n" not in shown
    assert visible(visible(text)) == visible(text)
    find_trouble(text)


def test_a_short_text_is_shown_whole():
    assert excerpt("가" * EXCERPT, at=70) == "가" * EXCERPT
