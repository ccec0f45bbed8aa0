"""`Preprocessor.from_keras_tokenizer`: the ids of Keras, from texts on."""

import pickle
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koprep import Cleaner, Preprocessor, get_tokenizer
from koprep.keras_compat import (
    Tokenizer,
    load_keras_tokenizer_pickle,
    pad_sequences,
    text_to_word_sequence,
)
from koprep.keras_compat.takeover import UNTOUCHED
from koprep.textfile import read_text

TEXTS = ["그의 말이 법이다!", "말이 있다, TV로", "말이... 그의 집"]

ALPHABET = st.sampled_from("가나다AaBbİΣσ'!?,. \t\n\u3000<>&\u1100\u1161\ud800")
texts = st.text(ALPHABET, max_size=15)
composed = texts.map(UNTOUCHED.clean)
cutting = st.fixed_dictionaries(
    {},
    optional={
        "filters": st.sampled_from(["", "!?", "가A", "ab "]),
        "lower": st.booleans(),
        "split": st.sampled_from([" ", ",", None, "ab", "가", "a!", "aa"]),
    },
)


def fitted(**arguments):
    tokenizer = Tokenizer(**arguments)
    tokenizer.fit_on_texts(TEXTS)
    return tokenizer


@settings(max_examples=500, deadline=None)
@given(texts, cutting)
def test_keras_words_are_the_words_of_keras(text, arguments):
    text = text.replace("\ud800", "")
    words = get_tokenizer("keras_words", **arguments).tokenize(text)
    assert [word.form for word in words] == text_to_word_sequence(text, **arguments)


@settings(max_examples=300, deadline=None)
@given(texts, st.booleans(), st.sampled_from([" ", None, "--"]))
def test_a_word_stands_where_it_says(text, lower, split):
    text = text.replace("Σ", "")  # written by its neighbours
    cut = get_tokenizer("keras_words", lower=lower, filters="!?", split=split)
    ends = 0
    for form, _, start, end in cut.tokenize(text):
        assert ends <= start < end <= len(text)
        assert [word.form for word in cut.tokenize(text[start:end])] == [form]
        ends = end


def test_places_after_characters_that_grow():
    text = "İ!!가 İ"
    words = get_tokenizer("keras_words", split="--").tokenize(text)
    assert [(w.start, w.end, text[w.start : w.end]) for w in words] == [
        (0, 1, "İ"), (3, 6, "가 İ"),
    ]  # fmt: skip
    characters = get_tokenizer("keras_words", char_level=True).tokenize("İ가")
    assert [(c.form, c.start, c.end) for c in characters] == [
        ("i", 0, 1), ("\u0307", 0, 1), ("가", 1, 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [({"filters": None}, TypeError, "filters"), ({"split": ""}, ValueError, "split")],
)
def test_settings_of_keras_words_that_cannot_be(arguments, error, message):
    with pytest.raises(error, match=message):
        get_tokenizer("keras_words", **arguments)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(composed, min_size=1, max_size=5),
    st.lists(composed, max_size=5),
    cutting,
    st.fixed_dictionaries(
        {},
        optional={
            "num_words": st.sampled_from([None, 0, 1, 2, 3, 4, 50]),
            "oov_token": st.sampled_from([None, "<OOV>", "[OOV]"]),
            "char_level": st.booleans(),
        },
    ),
    st.integers(1, 6),
    st.sampled_from(["pre", "post"]),
    st.sampled_from(["pre", "post"]),
    st.booleans(),
)
def test_ids_are_those_of_keras(
    train, others, cutting, arguments, maxlen, padding, truncating, as_json
):
    keras = Tokenizer(**cutting, **arguments)
    keras.fit_on_texts(train)
    if not keras.word_counts:
        return
    source = keras.to_json() if as_json else keras
    sides = {"padding": padding, "truncating": truncating}
    preprocessor = Preprocessor.from_keras_tokenizer(source, maxlen=maxlen, **sides)
    expected = pad_sequences(keras.texts_to_sequences(train + others), maxlen, **sides)
    ids = preprocessor.transform(train + others)
    assert ids.dtype == np.int32
    assert ids.tolist() == expected.tolist()


@pytest.mark.parametrize("arguments", [{}, {"num_words": 4}, {"num_words": 4, "oov_token": "OOV"}])
def test_saved_and_fitted_again_it_keeps_its_ids(tmp_path, arguments):
    keras = fitted(**arguments)
    preprocessor = Preprocessor.from_keras_tokenizer(keras, maxlen=5)
    expected = pad_sequences(keras.texts_to_sequences([*TEXTS, "집 밖 TV로"]), maxlen=5)
    loaded = Preprocessor.load(preprocessor.save(tmp_path / "bundle"))
    again = preprocessor.fit(TEXTS)
    for one in (loaded, again):
        assert one.transform([*TEXTS, "집 밖 TV로"]).tolist() == expected.tolist()


def test_an_object_of_keras_itself_and_its_pickle(tmp_path):
    pytest.importorskip("tensorflow")
    from tensorflow.keras.preprocessing.text import Tokenizer as Old

    old = Old(num_words=5, oov_token="OOV")
    old.fit_on_texts(TEXTS)
    (tmp_path / "old.pickle").write_bytes(pickle.dumps(old))
    expected = pad_sequences(old.texts_to_sequences(TEXTS), maxlen=4).tolist()
    for source in (old, old.to_json(), load_keras_tokenizer_pickle(tmp_path / "old.pickle")):
        preprocessor = Preprocessor.from_keras_tokenizer(source, maxlen=4)
        assert preprocessor.transform(TEXTS).tolist() == expected


def test_lists_of_words_need_what_cut_them():
    cleaner, cut = Cleaner(keep="hangul"), get_tokenizer("syllable")
    lists = [[token.form for token in cut.tokenize(cleaner.clean(text))] for text in TEXTS]
    keras = Tokenizer(oov_token="OOV")
    keras.fit_on_texts([[form for form in forms if form != "이"] for forms in lists])
    preprocessor = Preprocessor.from_keras_tokenizer(
        keras, maxlen=9, cleaner=cleaner, tokenizer="syllable", stopwords=None
    )
    expected = pad_sequences(keras.texts_to_sequences(lists), maxlen=9)
    assert preprocessor.transform(TEXTS).tolist() == expected.tolist()


def test_decomposed_text_is_composed_first():
    preprocessor = Preprocessor.from_keras_tokenizer(fitted(), maxlen=3)
    decomposed = [unicodedata.normalize("NFD", text) for text in TEXTS]
    assert preprocessor.transform(decomposed).tolist() == preprocessor.transform(TEXTS).tolist()


@given(st.text() | texts)
@settings(max_examples=300)
def test_the_cleaner_does_nothing_else(text):
    if not any("\ud800" <= character <= "\udfff" for character in text):
        assert UNTOUCHED.clean(text) == unicodedata.normalize("NFC", text)


def twice():
    tokenizer = Tokenizer(oov_token="말이")
    tokenizer.fit_on_texts(TEXTS)
    return tokenizer


def holed():
    tokenizer = fitted()
    del tokenizer.word_index["그의"]
    return tokenizer


def numbers():
    tokenizer = Tokenizer(lower=False)
    tokenizer.fit_on_texts([[1, 2]])
    return tokenizer


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        pytest.param(lambda: Tokenizer(), ValueError, "knows no words", id="not fitted"),
        pytest.param(twice, ValueError, "'말이' has id 2", id="OOV among the words"),
        pytest.param(holed, ValueError, "no word has id 2", id="missing id"),
        pytest.param(numbers, TypeError, "must be a text, got 1", id="words that are numbers"),
        pytest.param(lambda: fitted(analyzer=str.split), ValueError, "give tokenizer=", id="cut"),
        pytest.param(lambda: '{"config": {}}', ValueError, "not the JSON", id="other JSON"),
        pytest.param(lambda: "tokenizer.json", ValueError, "Expecting value", id="no JSON"),
        pytest.param(lambda: Preprocessor(), TypeError, "got Preprocessor", id="other object"),
    ],
)
def test_what_cannot_be_taken_over(source, error, message):
    with pytest.raises(error, match=message):
        Preprocessor.from_keras_tokenizer(source(), maxlen=3)


def test_an_analyzer_can_be_replaced():
    keras = fitted(analyzer=str.split)
    preprocessor = Preprocessor.from_keras_tokenizer(keras, maxlen=3, tokenizer="whitespace")
    expected = pad_sequences(keras.texts_to_sequences(TEXTS), maxlen=3)
    assert preprocessor.transform(TEXTS).tolist() == expected.tolist()


def test_movie_reviews(real_data):
    lines = read_text(real_data / "nsmc" / "ratings_test.txt").split("\n")[1:]
    reviews = [UNTOUCHED.clean(line.split("\t")[1]) for line in lines if line][:20_000]
    keras = Tokenizer(num_words=5_000, oov_token="<OOV>")
    keras.fit_on_texts(reviews[:10_000])
    preprocessor = Preprocessor.from_keras_tokenizer(keras, maxlen=40)
    expected = pad_sequences(keras.texts_to_sequences(reviews), maxlen=40)
    assert (preprocessor.transform(reviews) == expected).all()


def test_the_name_of_a_file_is_not_its_text():
    with pytest.raises(ValueError, match=r"but 'tokenizer\.json'.*give the text of the file"):
        Preprocessor.from_keras_tokenizer("tokenizer.json", maxlen=60)
