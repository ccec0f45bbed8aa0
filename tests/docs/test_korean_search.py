"""Which words of a sentence the search index holds."""

from __future__ import annotations

import pytest
from korean_search import SearchKorean


@pytest.fixture(scope="module")
def language() -> SearchKorean:
    return SearchKorean({})


@pytest.mark.parametrize(
    ("sentence", "held", "not_held"),
    [
        pytest.param("패딩을 앞에 채웁니다.", {"패딩", "앞"}, {"패딩을", "을"}, id="particles go"),
        pytest.param("은닉 상태가 남습니다", {"은닉", "상태"}, {"상태가"}, id="two words"),
        pytest.param(
            "형태소분석기를 엽니다",
            {"형태소분석기", "형태소"},
            set(),
            id="a compound and its parts",
        ),
        pytest.param("역전파를 거슬러", {"역전파"}, {"역전파를"}, id="a compound unknown to Kiwi"),
        pytest.param(
            "pad_sequences를 씁니다",
            {"pad_sequences"},
            {"pad_sequences를"},
            id="code before a particle",
        ),
        pytest.param("GRU는 LSTM보다", {"GRU", "LSTM"}, {"는"}, id="Latin before a particle"),
        pytest.param(
            "모델을 나눕니다",
            {"모델", "나누", "나눕니다"},
            set(),
            id="a verb, by stem and as written",
        ),
        pytest.param("Tokenizers cut", {"Tokenizers", "cut"}, set(), id="English"),
        pytest.param("", set(), set(), id="nothing"),
    ],
)
def test_words_of_a_sentence(language, sentence, held, not_held):
    words = set(language.split(sentence))
    assert held <= words
    assert not_held.isdisjoint(words)


def test_english_keeps_its_stems(language):
    assert language.stem("tokenizing") == language.stem("tokenized")
    assert language.stem("패딩") == "패딩"
