import pickle
import re
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


BUCKETS = Vocabulary(("말", "글"), oov_buckets=5, special_tokens=("[BEGIN]", "[END]"))


def test_reserved_ids_come_first():
    assert BUCKETS.tokens == (
        "[PAD]", "[OOV]", "[OOV]2", "[OOV]3", "[OOV]4", "[OOV]5", "[BEGIN]", "[END]", "말", "글",
    )  # fmt: skip
    assert len(BUCKETS) == 10
    assert BUCKETS.token_to_id["[END]"] == 7
    assert BUCKETS.encode(["말", "글"]) == [8, 9]


@given(st.lists(st.text(st.characters(exclude_categories=()), min_size=1, max_size=5)))
def test_a_bucket_is_chosen_by_the_token_alone(unknown):
    ids = [BUCKETS.encode([token]) for token in unknown]
    assert [i for [i] in ids] == BUCKETS.encode(unknown)
    assert all(
        i in range(1, 6) or token in BUCKETS for [i], token in zip(ids, unknown, strict=True)
    )


def test_buckets_never_move():
    # what an id stands for is saved with models: the hash may not change
    assert BUCKETS.encode(["하나", "둘", "셋", "넷", "다섯", "여섯", "일곱"]) == BUCKET_IDS


BUCKET_IDS = [5, 1, 4, 2, 4, 3, 1]


def test_buckets_are_used_evenly():
    ids = Counter(BUCKETS.encode([f"낱말{number}" for number in range(1000)]))
    assert set(ids) == set(range(1, 6))
    assert max(ids.values()) < 2 * min(ids.values())


@pytest.mark.parametrize(
    ("vocabulary", "ids"),
    [
        pytest.param(Vocabulary(("재", "재미"), spell_unknown=True), [2, 1], id="rest is OOV"),
        pytest.param(Vocabulary(("재", "재미"), None, spell_unknown=True), [1], id="rest goes"),
        pytest.param(Vocabulary(("재밌",), spell_unknown=True), [2], id="known words stay whole"),
        pytest.param(Vocabulary((), spell_unknown=True), [1, 1], id="no character is known"),
    ],
)
def test_an_unknown_word_is_spelled(vocabulary, ids):
    assert vocabulary.encode(["재밌"]) == ids


def test_spelling_gives_frequent_characters_ids():
    lists = [["재미", "재치"], ["재미", "흥미"]]
    spelled = Vocabulary.build(lists, spell_unknown=True, min_count=2)
    assert spelled.words == ("재", "미", "재미")
    assert spelled.decode(spelled.encode(["재치"])) == ["재", "[OOV]"]


def test_the_tag_of_a_token_is_not_spelled():
    lists = [["재미/NNG", "재치/NNG"], ["재미/NNG", "흥미/NNG", "//SW"]]
    spelled = Vocabulary.build(lists, spell_unknown=True, tagged=True)
    assert set(spelled.words) == {"재", "미", "치", "흥", "/", *lists[0], *lists[1]}
    asked = ["재미/NNG", "미치/VV", "/미/SW", "훝/NNG"]
    assert spelled.decode(spelled.encode(asked)) == [
        "재미/NNG", "미", "치", "/", "미", "[OOV]",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["[PAD]", "[OOV]", "[END]"])
def test_a_text_cannot_write_a_reserved_token(text):
    vocabulary = Vocabulary.build([[text, "말"]], special_tokens=("[END]",))
    assert vocabulary.words == ("말",)
    assert vocabulary.encode([text]) == [OOV_ID]


@pytest.mark.parametrize(
    ("coverage", "words"),
    [(0.5, 1), (0.51, 2), (0.9, 4), (1, 5)],
)
def test_coverage_leaves_out_the_rarest(coverage, words):
    counts = {"가": 5, "나": 2, "다": 1, "라": 1, "마": 1, "바": 0}
    assert len(Vocabulary.from_counts(counts, coverage=coverage).words) == words


@given(token_lists)
def test_oov_rate_is_the_share_of_oov_ids(lists):
    vocabulary = Vocabulary.build(lists[::2])
    ids = [i for one in lists for i in vocabulary.encode(one)]
    assert vocabulary.oov_rate(lists) == ids.count(OOV_ID) / max(1, len(ids))


@given(token_lists)
def test_many_are_encoded_as_each(lists):
    for vocabulary in (Vocabulary.build(lists[::2], oov_token=None), BUCKETS):
        rows = vocabulary.encode_many(lists)
        assert [row.tolist() for row in rows] == [vocabulary.encode(one) for one in lists]


@given(token_lists)
def test_every_setting_survives_text_and_pickle(lists):
    settings = {"oov_buckets": 3, "special_tokens": ("[END]",)}
    settings |= {"spell_unknown": True, "tagged": True}
    vocabulary = Vocabulary.build(lists, **settings)
    assert Vocabulary.from_text(vocabulary.to_text(), **settings) == vocabulary
    assert pickle.loads(pickle.dumps(vocabulary)) == vocabulary


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"oov_buckets": 0}, "oov_buckets must be at least 1"),
        ({"oov_buckets": 2, "oov_token": None}, "1 where oov_token is None"),
        ({"oov_buckets": 2**20 + 1}, "oov_buckets must be at most 1,048,576, got 1,048,577"),
        ({"oov_token": "[PAD]"}, r"oov_token must be a text other than '\[PAD\]' or None"),
        ({"oov_token": ""}, "oov_token must be a text other than"),
        ({"special_tokens": ("[OOV]",)}, r"token '\[OOV\]' stands in the vocabulary twice"),
        ({"vocabulary_size": 3, "special_tokens": ("[A]", "[B]")}, "vocabulary_size must be at"),
        ({"coverage": 0}, "coverage must be above 0"),
        ({"oov_buckets": 50_000, "vocabulary_size": 9}, r"50001 \(.{,99} and 49,991 more\), got 9"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Vocabulary.build([["말"]], **settings)


@pytest.mark.parametrize("name", ["words", "special_tokens"])
def test_one_bare_string_is_not_taken_letter_by_letter(name):
    with pytest.raises(TypeError, match=f"{name} must be many tokens, got one"):
        Vocabulary(**{"words": ()} | {name: "가나"})


def test_one_bare_special_token_is_not_taken_letter_by_letter():
    with pytest.raises(TypeError, match="special_tokens must be many tokens, got one"):
        Vocabulary.build([["가"]], special_tokens="[END]")


def test_words_may_come_as_a_list():
    assert Vocabulary(["가"], special_tokens=["[END]"]) == Vocabulary(
        ("가",), special_tokens=("[END]",)
    )


def test_a_character_that_is_a_token_counts_once():
    """By falling count: the token of two characters and its characters before the lone one."""
    vocabulary = Vocabulary.from_counts({"말": 2, "글자": 3}, spell_unknown=True)
    assert vocabulary.words == ("글자", "글", "자", "말")


@pytest.mark.parametrize(("lists", "rate"), [([["글"]], 1), ([["말"]], 0), ([], 0), ([[]], 0)])
def test_the_rate_of_unknown_tokens_of_little_text(lists, rate):
    assert Vocabulary(("말",)).oov_rate(lists) == rate


def test_a_lone_surrogate_has_a_bucket_too():
    (token_id,) = Vocabulary((), oov_buckets=3).encode(["\ud800"])
    assert token_id in (1, 2, 3)


def test_a_file_is_read_with_its_settings(tmp_path):
    without_oov = Vocabulary(("말", "글"), oov_token=None)
    without_oov.save(tmp_path / "words.txt")
    assert Vocabulary.load(tmp_path / "words.txt", oov_token=None) == without_oov


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "begins with nothing", id="empty"),
        pytest.param("말\n글\n", "begins with '말', '글'", id="other tokens"),
    ],
)
def test_a_file_without_the_reserved_tokens_is_refused(text, message):
    expected = f"the vocabulary must begin with [PAD], [OOV]; it {message}"
    with pytest.raises(ValueError, match=re.escape(expected)):
        Vocabulary.from_text(text)


def test_ids_from_pad_to_the_last_are_decoded_and_no_others():
    vocabulary = Vocabulary(("말", "글"))
    assert vocabulary.decode([0, 3, 0, 1, 2]) == ["글", "[OOV]", "말"]
    for token_id in (-1, 4):
        with pytest.raises(ValueError, match=f"id {token_id} is outside the vocabulary of 4 ids"):
            vocabulary.decode([token_id])


def test_a_vocabulary_may_hold_the_reserved_tokens_alone():
    assert Vocabulary.from_counts({"말": 2}, vocabulary_size=2).tokens == ("[PAD]", "[OOV]")


@pytest.mark.parametrize("content", [b"\xb0\xa1\n", b"[PAD]\n"])
def test_a_file_that_holds_no_vocabulary_is_named(tmp_path, content):
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"^{re.escape(str(path))}: "):
        Vocabulary.load(path)


def test_a_file_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"words\.txt"):
        Vocabulary.load(tmp_path / "words.txt")


def test_an_unknown_character_takes_the_bucket_it_has_alone():
    spelled = Vocabulary((), oov_buckets=5, spell_unknown=True).encode(["둘셋넷"])
    assert spelled == Vocabulary((), oov_buckets=5).encode(["둘", "셋", "넷"]) == BUCKET_IDS[1:4]


def test_token_to_id_can_only_be_read_and_leaves_pad_out():
    vocabulary = Vocabulary(("말",))
    assert dict(vocabulary.token_to_id) == {"[OOV]": 1, "말": 2}
    with pytest.raises(TypeError, match="item assignment"):
        vocabulary.token_to_id["말"] = 7


def test_what_is_reserved_is_no_word_of_the_vocabulary():
    assert [word in BUCKETS for word in ("말", "[PAD]", "[OOV]", "[END]")] == [True] + [False] * 3


def test_buckets_may_be_as_many_as_the_limit(monkeypatch):
    monkeypatch.setattr("koprep.vocabulary.MOST_BUCKETS", 4)
    assert list(Vocabulary((), oov_buckets=4).oov_ids) == [1, 2, 3, 4]
    assert list(Vocabulary((), oov_token=None).oov_ids) == []
    with pytest.raises(ValueError, match="oov_buckets must be at most 4, got 5"):
        Vocabulary((), oov_buckets=5)


@pytest.mark.parametrize(
    "settings", [{"oov_token": None}, {"oov_buckets": 3}, {"special_tokens": ("[END]",)}], ids=str
)
def test_the_size_counts_every_reserved_id(settings):
    assert len(Vocabulary.build([list("가나다라마바사")], vocabulary_size=6, **settings)) == 6
