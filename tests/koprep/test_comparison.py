import pytest
from hypothesis import given
from hypothesis import strategies as st

from koprep import Token, get_tokenizer
from koprep.comparison import boundary_agreement, compare_tokenizers

TEXTS = ["배송이 빨라요", "배송이 늦어요", "색이 예뻐요", "또 살게요", "우주선 엔진"]


def tokens(*starts):
    return [Token("가", "", start, start + 1) for start in starts]


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        pytest.param([tokens(0, 2)], [tokens(0, 2)], 1, id="the same cuts"),
        pytest.param([tokens(0, 2)], [tokens(1, 3)], 0, id="no cut in common"),
        pytest.param([tokens(0, 2, 3)], [tokens(0)], 0.5, id="one of three and one"),
        pytest.param([[], []], [[], []], 1, id="no tokens"),
        pytest.param([tokens(0), tokens(0)], [tokens(0), tokens(1)], 0.5, id="over all texts"),
    ],
)
def test_agreement_is_the_f1_of_token_starts(one, other, agreement):
    assert boundary_agreement(one, other) == agreement


cuts = st.lists(st.sets(st.integers(0, 9)), min_size=3, max_size=3)


@given(cuts, cuts)
def test_agreement_is_symmetric_and_1_with_itself(one, other):
    one, other = [tokens(*c) for c in one], [tokens(*c) for c in other]
    assert boundary_agreement(one, other) == boundary_agreement(other, one)
    assert boundary_agreement(one, one) == 1


def test_figures_count_what_the_tokenizers_cut():
    result = compare_tokenizers(
        [get_tokenizer("whitespace"), get_tokenizer("syllable"), get_tokenizer("kiwi")], TEXTS
    )
    words, syllables, morphemes = result.figures
    assert words.tokens_per_text == 2
    assert words.distinct_tokens == 9
    assert words.oov_rate == 1  # 우주선 and 엔진 stand in the last text only
    assert syllables.tokens_per_text == 5.2
    assert morphemes.seconds > 0
    assert len(result.agreement) == 3
    assert [len(result.token_lists[name]) for name in ("whitespace", "kiwi")] == [5, 5]


def test_oov_is_counted_at_the_vocabulary_size():
    texts = ["가 가 나"] * 4 + ["가 나"]
    rates = [
        compare_tokenizers([get_tokenizer("whitespace")], texts, vocabulary_size=size)
        .figures[0]
        .oov_rate
        for size in (2, 3, 4)
    ]
    assert rates == [1, 0.5, 0]


@pytest.mark.parametrize(
    ("names", "texts", "message"),
    [
        pytest.param(["kiwi"], ["가"], "at least two texts, got 1", id="one text"),
        pytest.param(["kiwi", "kiwi"], TEXTS, "compared once, got kiwi, kiwi", id="twice"),
    ],
)
def test_nothing_to_compare_is_refused(names, texts, message):
    with pytest.raises(ValueError, match=message):
        compare_tokenizers([get_tokenizer(name) for name in names], texts)


@pytest.mark.parametrize(
    ("texts", "message"),
    [("말이 법이다", "put it in a list"), (["가", None], "row 1 holds no text")],
)
def test_what_is_no_list_of_texts_is_refused(texts, message):
    with pytest.raises(TypeError, match=message):
        compare_tokenizers([get_tokenizer("whitespace")], texts)


def test_a_vocabulary_too_small_is_told_before_a_text_is_cut(monkeypatch):
    words = get_tokenizer("whitespace")
    monkeypatch.setattr(type(words), "tokenize", lambda *_: pytest.fail("a text was cut"))
    with pytest.raises(ValueError, match="vocabulary_size must be at least 2"):
        compare_tokenizers([words], ["말이 법", "말이 말"], vocabulary_size=1)
