import pickle
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koprep import OOV_ID, PAD_ID, Vocabulary

tokens = st.text(st.sampled_from("가나\n\r\\ nr[]"), min_size=1, max_size=4)
token_lists = st.lists(st.lists(tokens, max_size=8), max_size=8)


def test_ids_fall_with_frequency_and_ties_follow_first_appearance():
    vocabulary = Vocabulary.build([["나", "가", "다"], ["가", "라"]])
    assert vocabulary.tokens == ("[PAD]", "[OOV]", "가", "나", "다", "라")


@given(token_lists)
def test_every_known_token_comes_back(lists):
    vocabulary = Vocabulary.build(lists)
    for one in lists:
        assert vocabulary.decode(vocabulary.encode(one)) == one


@given(token_lists)
def test_frequent_tokens_have_small_ids(lists):
    counts = Counter(token for one in lists for token in one)
    vocabulary = Vocabulary.build(lists)
    falling = [counts[word] for word in vocabulary.words]
    assert falling == sorted(falling, reverse=True)


@given(token_lists, st.sampled_from(["[OOV]", None, "O\\V"]))
def test_text_format_and_pickle_round_trip(lists, oov_token):
    vocabulary = Vocabulary.build(lists, oov_token=oov_token)
    text = vocabulary.to_text()
    assert Vocabulary.from_text(text, oov_token=oov_token) == vocabulary
    assert text.count("\n") == len(vocabulary)
    assert pickle.loads(pickle.dumps(vocabulary)) == vocabulary


def test_line_number_is_the_id(tmp_path):
    vocabulary = Vocabulary.build([["말이", "법이다"]])
    vocabulary.save(tmp_path / "vocabulary.txt")
    lines = (tmp_path / "vocabulary.txt").read_text(encoding="utf-8").split("\n")
    assert lines[vocabulary.token_to_id["법이다"]] == "법이다"
    assert Vocabulary.load(tmp_path / "vocabulary.txt") == vocabulary


@pytest.mark.parametrize(
    ("oov_token", "encoded"),
    [
        pytest.param("[OOV]", [2, OOV_ID], id="one id for the unknown"),
        pytest.param(None, [1], id="the unknown dropped, ids from 1"),
    ],
)
def test_unknown_tokens(oov_token, encoded):
    assert Vocabulary.build([["말"]], oov_token=oov_token).encode(["말", "처음"]) == encoded


def test_a_text_that_spells_a_special_token_is_never_padding():
    vocabulary = Vocabulary.build([["[PAD]", "[OOV]", "말"]])
    assert vocabulary.tokens == ("[PAD]", "[OOV]", "말")
    assert vocabulary.encode(["[PAD]", "[OOV]", "말"]) == [OOV_ID, OOV_ID, 2]
    assert PAD_ID not in Vocabulary.build([["[PAD]"]], oov_token=None).encode(["[PAD]"])


def test_size_counts_pad_and_oov():
    vocabulary = Vocabulary.build([["가", "가", "나", "다"]], vocabulary_size=3)
    assert (len(vocabulary), vocabulary.words) == (3, ("가",))


def test_rare_tokens_stay_unknown():
    assert Vocabulary.build([["가", "가", "나"]], min_count=2).words == ("가",)


@pytest.mark.parametrize(
    ("build", "error", "message"),
    [
        pytest.param(
            lambda: Vocabulary.build([], vocabulary_size=1), ValueError, "at least 2", id="size"
        ),
        pytest.param(
            lambda: Vocabulary.build([], min_count=0), ValueError, "at least 1", id="count"
        ),
        pytest.param(lambda: Vocabulary(("가", "나", "가")), ValueError, "'가'.*twice", id="twice"),
        pytest.param(lambda: Vocabulary(("[PAD]",)), ValueError, "twice", id="special as word"),
        pytest.param(lambda: Vocabulary.build(["말이"]), TypeError, "one string", id="a string"),
        pytest.param(lambda: Vocabulary(()).encode("말"), TypeError, "one string", id="encode"),
        pytest.param(lambda: Vocabulary(()).decode([2]), ValueError, "id 2 is outside", id="id"),
        pytest.param(lambda: Vocabulary(()).decode([-1]), ValueError, "id -1", id="negative"),
        pytest.param(
            lambda: Vocabulary.from_text("[PAD]\n말\n"), ValueError, "must begin", id="no OOV"
        ),
        pytest.param(
            lambda: Vocabulary.from_text("[PAD]\n[OOV]\n말"), ValueError, "middle", id="cut"
        ),
        pytest.param(
            lambda: Vocabulary.from_text("[PAD]\n[OOV]\n\\x\n"), ValueError, "line 3", id="escape"
        ),
        pytest.param(lambda: Vocabulary.from_text(""), ValueError, "with nothing", id="empty"),
    ],
)
def test_bad_input_is_named(build, error, message):
    with pytest.raises(error, match=message):
        build()
