"""Tokens written together again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koprep.tokenizers import get_tokenizer

syllables = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)


def around(tokenizer, text):
    return tokenizer.join(tokenizer.render(tokenizer.tokenize(text)))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_characters_give_the_text_back(text):
    assert around(get_tokenizer("character"), text) == text


@given(st.text(syllables | st.sampled_from("aZ3.,!")))
def test_syllables_and_jamo_give_a_word_back(word):
    assert around(get_tokenizer("syllable"), word) == word
    assert around(get_tokenizer("jamo"), word) == word


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        pytest.param("나는 간다. 난 예쁜 꽃을 봤음", None, id="codas of endings and particles"),
        pytest.param("그걸 할게요 갑니다", None, id="ㄹ and ㅂ"),
        pytest.param("길을 물었다", None, id="an irregular verb"),
        pytest.param("좋아요ㅋㅋ", "좋아요 ㅋㅋ", id="laughter is no ending"),
    ],
)
def test_kiwi_writes_morphemes_together(text, joined):
    assert around(get_tokenizer("kiwi", output="form/tag"), text) == (joined or text)


def test_without_tags_morphemes_stay_apart():
    assert around(get_tokenizer("kiwi"), "꽃이 폈다") == "꽃 이 피 었 다"
    assert get_tokenizer("okt", output="form/tag").join(["꽃/Noun", "이/Josa"]) == "꽃 이"
    assert get_tokenizer("kiwi", output="form/tag").join([]) == ""
