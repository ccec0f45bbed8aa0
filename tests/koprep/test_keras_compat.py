"""`keras_compat` against the module it stands in for, which TensorFlow still carries."""

import itertools
import random
import string
import subprocess
import sys
import unicodedata
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koprep import keras_compat as ours
from koprep.textfile import read_text

MODES = ["binary", "count", "freq", "tfidf", "other"]
TABLES = ["word_counts", "word_docs", "word_index", "index_word", "index_docs", "document_count"]


@pytest.fixture(scope="module")
def old():
    """The old module: `Tokenizer` and all the rest by their names."""
    pytest.importorskip("tensorflow")
    from tensorflow.keras.preprocessing import sequence, text

    names = [name for name in ours.__all__ if name != "load_keras_tokenizer_pickle"]
    return SimpleNamespace(**{n: getattr(sequence, n, None) or getattr(text, n) for n in names})


def generated(*strategies, cases):
    """Run a test on so many generated inputs, given after the fixture `old`."""

    def decorate(test):
        return settings(max_examples=cases, deadline=None)(given(*strategies)(test))

    return decorate


def outcome(call, *args, **kwargs):
    """What a call gives: its result, or the type of its error."""
    try:
        return call(*args, **kwargs)
    except Exception as error:  # noqa: BLE001  # any may be the old one's
        return type(error)


def shape_of(value):
    """A value with the types and the order of all that it holds, so that == compares these too."""
    if isinstance(value, np.ndarray):
        return ("array", value.dtype, value.shape, [shape_of(item) for item in value.tolist()])
    if isinstance(value, dict):
        return (type(value), [(shape_of(key), shape_of(v)) for key, v in value.items()])
    if isinstance(value, list | tuple):
        return (type(value), [shape_of(item) for item in value])
    return (type(value), repr(value))  # repr: nan equals nan, 0.0 does not equal -0.0


def taken_until_error(generator):
    taken = []
    taken.append(outcome(lambda: taken.extend(generator)))
    return taken


def doubled_words(text):
    yield from text.split()
    yield from text.split()


ALPHABET = st.sampled_from("가나다각AaBbİΣς'!?,. \t\n\u3000oov<>\u1100\u1161\ud800")
words = st.sampled_from(["가", "나", "각", "A", "a", "oov", "OOV", "!", "", "가 나"]) | st.text(
    ALPHABET, max_size=3
)
strings = st.text(ALPHABET, max_size=12) | st.lists(words, max_size=6).map(" ".join)
odd_texts = st.sampled_from([("가", "나"), ["가", 3], [["가"]], b"ab", None, 5])
texts = st.lists(
    st.one_of(strings, strings, st.lists(words, max_size=6), st.just([]), odd_texts), max_size=5
) | st.lists(strings, max_size=6)
index = st.integers(-3, 9)
sequences = st.lists(
    st.one_of(
        st.lists(index, max_size=6),
        st.lists(st.integers(1, 5), max_size=8),
        st.tuples(index, index),
        st.lists(index, max_size=3).map(np.array),
        st.sampled_from([[None], [1.5], ["가"], [[]], 4]),
    ),
    max_size=4,
)
filters = st.sampled_from(["", "!?", "가A", ["!", "?"], "aa", None, ["ab"], b"ab", [33]])
splits = st.sampled_from([" ", "", ",", None, "ab", "가", "a", ["a"]])
cutting = {"filters": filters, "lower": st.booleans(), "split": splits}
analyzers = st.sampled_from([None, str.split, list, doubled_words])
tokenizer_settings = st.fixed_dictionaries(
    {},
    optional=cutting
    | {
        "num_words": st.sampled_from([None, 0, 1, 2, 3, 5, 50, -1, 2.5]),
        "char_level": st.booleans(),
        "oov_token": st.sampled_from([None, "oov", "가", "<OOV>", "", 7]),
        "analyzer": analyzers,
        "document_count": st.sampled_from([0, 3]),
    },
)
actions = st.one_of(
    st.tuples(st.just("fit_on_texts"), texts),
    st.tuples(st.just("fit_on_sequences"), sequences),
    st.tuples(st.just("texts_to_sequences"), texts),
    st.tuples(st.just("sequences_to_texts"), sequences),
    st.tuples(st.just("texts_to_matrix"), texts, st.sampled_from(MODES)),
    st.tuples(st.just("sequences_to_matrix"), sequences, st.sampled_from(MODES)),
    st.tuples(st.just("to_json")),
    st.tuples(st.just("get_config")),
    st.tuples(st.just("json round trip")),
    st.tuples(st.just("set num_words"), st.sampled_from([None, 2, 4])),
)
fit = st.tuples(st.just("fit_on_texts"), st.lists(strings | st.lists(words), max_size=6))


def act(module, tokenizer, name, arguments):
    """Do one thing with a tokenizer; return what it gives and the tokenizer to go on with."""
    if name == "json round trip":
        again = outcome(lambda: module.tokenizer_from_json(tokenizer.to_json()))
        return (again, tokenizer) if isinstance(again, type) else (None, again)
    if name == "set num_words":
        (tokenizer.num_words,) = arguments
        return None, tokenizer
    if name in ("texts_to_sequences", "sequences_to_texts"):
        listed = outcome(getattr(tokenizer, name), *arguments)
        streamed = taken_until_error(getattr(tokenizer, name + "_generator")(*arguments))
        return [listed, streamed], tokenizer
    return outcome(getattr(tokenizer, name), *arguments), tokenizer


@generated(tokenizer_settings, fit, st.lists(actions, max_size=6), cases=1500)
def test_tokenizer_does_what_the_old_one_did(old, arguments, first_fit, then):
    mine, theirs = ours.Tokenizer(**arguments), old.Tokenizer(**arguments)
    for name, *values in [first_fit, *then]:
        my_outcome, mine = act(ours, mine, name, values)
        their_outcome, theirs = act(old, theirs, name, values)
        assert shape_of(my_outcome) == shape_of(their_outcome)
        for table in TABLES:
            assert shape_of(getattr(mine, table)) == shape_of(getattr(theirs, table)), table


@generated(tokenizer_settings, st.lists(actions, max_size=3), cases=300)
def test_tokenizer_before_any_fit(old, arguments, then):
    mine, theirs = ours.Tokenizer(**arguments), old.Tokenizer(**arguments)
    for name, *values in then:
        my_outcome, mine = act(ours, mine, name, values)
        their_outcome, theirs = act(old, theirs, name, values)
        assert shape_of(my_outcome) == shape_of(their_outcome)


@generated(
    strings | st.sampled_from([b"ab", None]),
    st.fixed_dictionaries({}, optional=cutting),
    analyzers,
    st.sampled_from([2, 3, 50, 1, 0]),
    st.sampled_from([None, hash, len, "md5", "sha1"]),
    cases=600,
)
def test_words_and_their_hashes(old, text, arguments, analyzer, n, hash_function):
    def all_three(module):
        hashing = arguments | {"analyzer": analyzer}
        return [
            outcome(module.text_to_word_sequence, text, **arguments),
            outcome(module.one_hot, text, n, **hashing),
            outcome(module.hashing_trick, text, n, hash_function=hash_function, **hashing),
        ]

    assert shape_of(all_three(ours)) == shape_of(all_three(old))


row_kinds = [
    st.lists(st.integers(-5, 300), max_size=5),
    st.lists(st.floats(-9, 9, width=16), max_size=5).map(tuple),
    st.lists(st.integers(0, 9), max_size=4).map(np.array),
    st.lists(st.sampled_from(["가", "나다", "3"]), max_size=4),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=4),
    st.integers(0, 4).map(lambda steps: np.full((steps, 2), 1.5)),
    st.sampled_from(["가나", "12", 5, None, [None], [[1], [2, 3]], {1, 2}, range(3), np.array(1)]),
]
rows = st.one_of(
    *(st.lists(kind, max_size=5) for kind in row_kinds),
    st.lists(st.one_of(row_kinds), max_size=3),
    st.lists(st.lists(st.integers(0, 5), min_size=2, max_size=2), max_size=3).map(np.array),
    st.sampled_from([None, 5, {"가": 1, "나": 2}, ("ab", "c")]),
)
sides = st.sampled_from(["pre", "post", "pre", "post", "middle"])


@generated(
    rows,
    st.fixed_dictionaries(
        {},
        optional={
            "maxlen": st.sampled_from([None, 0, 1, 2, 3, 7, -1, 2.0]),
            "dtype": st.sampled_from(
                ["int32", "int64", np.uint8, "float32", float, object, "object", "U3", "S2", "없음"]
            ),
            "padding": sides,
            "truncating": sides,
            "value": st.sampled_from([0.0, -1, 1.5, "가", "", None, float("nan"), 7]),
        },
    ),
    cases=2000,
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::DeprecationWarning")
def test_pad_sequences(old, sequences, arguments):
    mine = outcome(ours.pad_sequences, sequences, **arguments)
    assert shape_of(mine) == shape_of(outcome(old.pad_sequences, sequences, **arguments))


seeds = st.integers(0, 9)
if sys.version_info < (3, 12):  # from there on the old function cannot draw a seed
    seeds |= st.none()


@generated(
    st.lists(st.integers(0, 6), max_size=8) | st.lists(st.integers(0, 6)).map(np.array),
    st.sampled_from([7, 7, 100, 1, 0]),
    st.fixed_dictionaries(
        {"seed": seeds},
        optional={
            "window_size": st.integers(-1, 5),
            "negative_samples": st.sampled_from([0, 0.0, 0.3, 1.0, 2, 1.7, -1]),
            "shuffle": st.booleans(),
            "categorical": st.booleans(),
            "sampling_table": st.sampled_from([None, [0.5] * 7, np.linspace(0, 1, 7), [0.5]]),
        },
    ),
    st.integers(0, 99),
    cases=500,
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_skipgrams_draw_the_same_numbers(old, sequence, vocabulary_size, arguments, start):
    def pairs_and_state(module):
        random.seed(start)
        drawn = outcome(module.skipgrams, sequence, vocabulary_size, **arguments)
        return shape_of(drawn), drawn if isinstance(drawn, type) else random.getstate()

    assert pairs_and_state(ours) == pairs_and_state(old)


def test_labels_are_lists_of_their_own():
    _, labels = ours.skipgrams([1, 2, 3], 9, categorical=True, shuffle=False)
    labels[-1][0] = 5
    assert [1, 0] in labels


@generated(
    st.sampled_from([0, 1, 2, 3, 50, 1000, 2.5, -1]),
    st.sampled_from([1e-5, 1e-3, 1, 0.0, -1.0]),
    cases=40,
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_sampling_table(old, size, factor):
    mine = outcome(ours.make_sampling_table, size, factor)
    assert shape_of(mine) == shape_of(outcome(old.make_sampling_table, size, factor))


@pytest.mark.parametrize(
    "json",
    [
        pytest.param("", id="empty"),
        pytest.param("[]", id="list"),
        pytest.param("{}", id="no config"),
        pytest.param('{"config": {}}', id="no tables"),
        pytest.param('{"config": []}', id="config is a list"),
        pytest.param(
            '{"config": {"word_counts": "{}", "word_docs": "{}", "index_docs": "{\\"a\\": 1}", '
            '"index_word": "{}", "word_index": "{}"}}',
            id="index that is no number",
        ),
        pytest.param(
            '{"config": {"word_counts": "{}", "word_docs": "{}", "index_docs": "{}", '
            '"index_word": "{}", "word_index": "{}", "language": "ko"}}',
            id="unknown setting",
        ),
    ],
)
def test_json_of_something_else(old, json):
    mine = outcome(ours.tokenizer_from_json, json)
    assert isinstance(mine, type)
    assert issubclass(mine, Exception)
    assert mine is outcome(old.tokenizer_from_json, json)


def test_numpy_is_all_it_loads():
    heavy = "{'tensorflow', 'keras', 'sklearn', 'kiwipiepy', 'pydantic'}"
    code = f"import sys, koprep.keras_compat; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_keywords(old):
    for module in (ours, old):
        with pytest.warns(UserWarning, match="num_words"):
            assert module.Tokenizer(nb_words=4, num_words=9).num_words == 4
        with pytest.raises(TypeError, match="language"):
            module.Tokenizer(language="ko")
    assert ours.Tokenizer().filters == old.Tokenizer().filters


def test_arguments_stand_in_the_old_order(old):
    positional = [
        ("Tokenizer", (3, "!", False, ",", False, "oov", None)),
        ("text_to_word_sequence", ("가!나,다A", "!", False, ",")),
        ("hashing_trick", ("가!나,다A", 9, "md5", "!", False, ",", None)),
        ("one_hot", ("가!나,다A", 9, "!", False, ",", None)),
        ("pad_sequences", ([[1, 2, 3], [4]], 2, "float32", "post", "post", 7)),
        ("skipgrams", ([1, 2, 3], 4, 1, 0.5, True, True, [1, 1, 1, 1], 3)),
        ("make_sampling_table", (5, 1e-3)),
    ]
    for name, arguments in positional:
        random.seed(0)
        mine = getattr(ours, name)(*arguments)
        random.seed(0)
        theirs = getattr(old, name)(*arguments)
        if name == "Tokenizer":
            mine, theirs = mine.get_config(), theirs.get_config()
        assert shape_of(mine) == shape_of(theirs), name


def test_an_oov_token_among_the_words_leaves_index_1_empty():
    tokenizer = ours.Tokenizer(oov_token="oov")
    tokenizer.fit_on_texts(["가 가 oov"])
    assert tokenizer.word_index == {"oov": 3, "가": 2}
    assert tokenizer.texts_to_sequences(["나"]) == [[3]]


@pytest.fixture(scope="module")
def reviews(real_data):
    lines = [
        line
        for part in ("train", "test")
        for line in read_text(real_data / "nsmc" / f"ratings_{part}.txt").split("\n")[1:]
    ]
    return [line.split("\t")[1] for line in lines if line]


def test_all_movie_reviews(old, reviews):
    assert len(reviews) == 200_000
    mine, theirs = ours.Tokenizer(oov_token="<OOV>"), old.Tokenizer(oov_token="<OOV>")
    mine.fit_on_texts(reviews)
    theirs.fit_on_texts(reviews)
    for table in TABLES:
        my_table, their_table = getattr(mine, table), getattr(theirs, table)
        assert type(my_table) is type(their_table)
        assert my_table == their_table, table
        if table != "document_count":
            assert list(my_table) == list(their_table), table
    for num_words in (None, 8_000):
        mine.num_words = theirs.num_words = num_words
        my_rows = mine.texts_to_sequences(reviews)
        assert my_rows == theirs.texts_to_sequences(reviews)
    my_array = ours.pad_sequences(my_rows, maxlen=60)
    assert my_array.dtype == np.int32
    assert (my_array == old.pad_sequences(my_rows, maxlen=60)).all()
    some = list(itertools.islice(my_rows, 0, None, 3000))
    for mode in MODES[:4]:
        weights = mine.sequences_to_matrix(some, mode=mode)
        assert (weights == theirs.sequences_to_matrix(some, mode=mode)).all()
    assert mine.sequences_to_texts(some) == theirs.sequences_to_texts(some)


def test_reviews_as_lists_and_as_characters(old, reviews):
    some = [unicodedata.normalize("NFD", text) for text in reviews[::50]]
    lists = [text.split(string.punctuation[0]) for text in some]
    for arguments, given_texts in [({"char_level": True}, some), ({"num_words": 100}, lists)]:
        mine, theirs = ours.Tokenizer(**arguments), old.Tokenizer(**arguments)
        mine.fit_on_texts(given_texts)
        theirs.fit_on_texts(given_texts)
        assert mine.texts_to_sequences(given_texts) == theirs.texts_to_sequences(given_texts)
        assert mine.to_json(ensure_ascii=False) == theirs.to_json(ensure_ascii=False)
