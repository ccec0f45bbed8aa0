"""`profile_texts`: every figure against the parts it speaks for, or against brute force."""

import json
import os
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import replace
from itertools import chain, islice, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koprep import Cleaner, Preprocessor, Stopwords, Vocabulary
from koprep.datasets.labels import label_value
from koprep.profile import Row, Unreadable, profile_rows, profile_texts, read_rows
from koprep.profile.rows import is_training, label_name
from koprep.profile.words import HELD_OUT
from koprep.vocabulary import OOV_ID

WORD = st.sampled_from("가나다라마바사아자차카타파하")
TEXT = st.lists(WORD, max_size=8).map(" ".join)
CORPUS = st.lists(TEXT, min_size=1, max_size=60)


def profile(texts, labels=None, **parts):
    return profile_texts(texts, labels, tokenizer="whitespace", **parts)


def finding(result, code):
    (found,) = (found for found in result.findings if found.code == code)
    return found


def counts(result):
    return {found.code: found.count for found in result.findings if found.count}


# --- lengths and vocabulary -----------------------------------------------------------------


@settings(deadline=None)
@given(CORPUS)
def test_maxlen_is_that_of_the_preprocessor(texts):
    lengths = profile(texts).lengths
    assert lengths.maxlen == Preprocessor(tokenizer="whitespace").fit(texts).maxlen_
    tokens = [len(text.split()) for text in texts]
    assert lengths.kept_whole == np.mean([n <= lengths.maxlen for n in tokens])
    assert lengths.histogram == dict(sorted(Counter(tokens).items()))
    assert (lengths.longest, lengths.mean) == (max(tokens), np.mean(tokens))


SKEWED = st.lists(st.integers(1, 300), min_size=1, max_size=8).map(
    lambda numbers: [f"낱말{i} " * n for i, n in enumerate(numbers)]
)


@settings(deadline=None)
@given(SKEWED | CORPUS)
def test_the_suggested_vocabulary_is_the_smallest_that_covers_99_percent(texts):
    words = profile(texts).words
    tokens = [text.split() for text in texts]
    total = sum(map(len, tokens))

    def covers(size):
        vocabulary = Vocabulary.build(tokens, vocabulary_size=size)
        return sum(word in vocabulary for word in chain(*tokens)) >= 0.99 * total

    assert covers(words.vocabulary_size)
    assert words.vocabulary_size == 2 or not covers(words.vocabulary_size - 1)
    counted = Counter(chain(*tokens))
    assert (words.tokens, words.types) == (total, len(counted))
    assert words.seen_once == list(counted.values()).count(1)


@settings(deadline=None)
@given(CORPUS)
def test_curves_hold_true_points(texts):
    words = profile(texts).words
    tokens = [token for text in texts for token in text.split()]
    assert words.growth[-1] == (len(tokens), len(set(tokens)))
    for read, seen in words.growth:
        assert len(set(tokens[:read])) == seen
    frequent = [count for _, count in Counter(tokens).most_common()]
    for point in words.coverage:
        assert point.share == pytest.approx(sum(frequent[: point.words]) / len(tokens))


def test_a_long_growth_curve_is_thinned_evenly():
    texts = [f"낱말{i} 또" for i in range(40_000)]
    growth = profile(texts).words.growth
    assert growth[0] == (0, 0)
    assert growth[-1] == (80_000, 40_001)
    assert 30 <= len(growth) <= 62
    assert all(seen == read // 2 + (read > 0) for read, seen in growth)
    steps = [after - before for (before, _), (after, _) in pairwise(growth)]
    assert max(steps) < 3 * min(steps[:-1])


# --- unknown tokens -------------------------------------------------------------------------


@settings(deadline=None)
@given(CORPUS, CORPUS)
def test_unknown_tokens_are_those_the_preprocessor_gives_the_oov_id(train, test):
    result = profile(train, test_texts=test)
    fitted = Preprocessor(tokenizer="whitespace", vocabulary_size=result.words.vocabulary_size).fit(
        train
    )
    (whole,) = result.unknown
    ids = fitted.transform_ragged(test).token_ids
    assert (whole.split, whole.label, whole.tokens) == ("test", None, len(ids))
    assert whole.outside == (ids == OOV_ID).sum()
    known = set(" ".join(train).split())
    unknown = Counter(word for text in test for word in text.split() if word not in known)
    assert whole.unknown == unknown.total()
    assert dict(whole.top_unknown) == dict(
        sorted(unknown.items(), key=lambda pair: (-pair[1], pair[0]))[:10]
    )
    assert not result.held_out


def test_a_smaller_vocabulary_leaves_more_outside():
    result = profile(["가"] * 500 + ["나"] * 3 + ["다"], test_texts=["나 다 라", "가"])
    assert result.words.vocabulary_size == 3  # 가, PAD and OOV: 99.2 % of the tokens
    (whole,) = result.unknown
    assert (whole.tokens, whole.unknown, whole.outside) == (4, 1, 3)


def test_unknown_tokens_by_class():
    result = profile(
        ["가 나"], ["1"], test_texts=["가 다", "라 라 나", "가"], test_labels=["1", "0", None]
    )
    shares = {share.label: (share.unknown, share.tokens) for share in result.unknown}
    assert shares == {None: (3, 6), "0": (2, 3), "1": (1, 2)}
    assert result.unknown[0].top_unknown == (("라", 2), ("다", 1))


def test_without_a_test_part_a_tenth_is_held_out_the_same_each_time():
    texts = [f"하나뿐{i}" for i in range(1_000)]
    result = profile(texts, [i % 2 for i in range(1_000)])
    whole, *by_label = result.unknown
    assert result.held_out
    assert whole.split == HELD_OUT
    assert 70 <= whole.tokens <= 130
    assert whole.unknown == whole.tokens  # no word is in two texts
    assert sum(share.tokens for share in by_label) == whole.tokens
    assert profile(texts, [i % 2 for i in range(1_000)]) == result
    assert profile(["또", *["또 왔다"] * 500]).unknown[0].unknown == 0  # in the other nine tenths


# --- texts that come again ------------------------------------------------------------------

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["가", "나 ", "나", "다  라", "다 라", ""]),
        st.sampled_from(["0", "1", "", None]),
        st.sampled_from(["train", "valid", "test"]),
    ),
    max_size=25,
)


@settings(deadline=None)
@given(ROWS)
def test_repeats_are_those_that_brute_force_finds(rows):
    rows = [Row(0, "훈련", None, "train"), *(Row(i, *row) for i, row in enumerate(rows, 1))]
    found = counts(profile_rows(rows, name="x", tokenizer="whitespace"))
    cleaned = [(Cleaner().clean(row.text), row.label, row.split == "train") for row in rows]
    cleaned = [row for row in cleaned if row[0]]
    by_part = Counter((text, training) for text, _, training in cleaned)
    labels = {
        text: {label for t, label, _ in cleaned if t == text and label} for text, *_ in cleaned
    }
    trained = {text for text, _, training in cleaned if training}
    assert found.get("duplicates", 0) == sum(count - 1 for count in by_part.values())
    assert found.get("label_conflicts", 0) == sum(len(labels[text]) > 1 for text, *_ in cleaned)
    assert found.get("leakage", 0) == sum(
        text in trained for text, _, training in cleaned if not training
    )
    assert found.get("missing_labels", 0) == sum(row.label == "" for row in rows)


def test_examples_say_where_and_the_most_frequent_come_first():
    texts = ["굿", "별로", "굿", "별로 ", "굿ㅋㅋ", "별로"]
    result = profile(texts, [1, 0, 1, 0, 1, 1], test_texts=["굿"], test_labels=[1])
    first, second = finding(result, "duplicates").examples
    assert (first.text, first.note) == ("별로 ", "2번 더 나옴")
    assert [(place.split, place.row, place.label) for place in first.places] == [
        ("train", 1, "0"), ("train", 3, "0")
    ]  # fmt: skip
    assert second.text == "굿"
    (conflict,) = finding(result, "label_conflicts").examples
    assert [(place.row, place.label) for place in conflict.places] == [(1, "0"), (5, "1")]
    (leak,) = finding(result, "leakage").examples
    assert [(place.split, place.row) for place in leak.places] == [("train", 0), ("test", 0)]


@pytest.mark.parametrize(
    ("clean_tests", "severity"),
    [(0, "error"), (99, "error"), (100, "warning")],
)
def test_a_leak_of_one_percent_is_an_error(clean_tests, severity):
    test = ["새다", *(f"새로{i}" for i in range(clean_tests))]
    leak = finding(profile(["새다"], test_texts=test), "leakage")
    assert (leak.count, leak.checked, leak.severity) == (1, clean_tests + 1, severity)


# --- labels, stopwords, empty texts ---------------------------------------------------------


def test_labels_are_counted_by_part_missing_ones_too():
    result = profile(
        list("가나다라"), [1, 10, float("nan"), 2], test_texts=["마"], test_labels=["2"]
    )
    assert [(count.split, count.label, count.texts) for count in result.labels] == [
        ("train", "1", 1), ("train", "2", 1), ("train", "10", 1), ("train", "", 1),
        ("test", "2", 1),
    ]  # fmt: skip
    assert finding(result, "missing_labels").examples[0].places[0].row == 2


@pytest.mark.parametrize(("large", "count"), [(19, 0), (20, 2)])
def test_ten_times_the_smallest_class_is_an_imbalance(large, count):
    result = profile([f"글{i}" for i in range(large + 2)], [1] * large + [0] * 2)
    assert finding(result, "label_imbalance").count == count


@pytest.mark.parametrize(
    ("stopwords", "severity", "count"),
    [
        pytest.param(Stopwords(words={"안", "은"}, keep_negation=False), "error", 1, id="dropped"),
        pytest.param(Stopwords(words={"안", "은"}), "info", 1, id="listed, but kept"),
        pytest.param(Stopwords(words={"은"}, keep_negation=False), "ok", 0, id="not listed"),
        pytest.param(None, "ok", 0, id="no stopwords"),
    ],
)
def test_stopwords_that_remove_negation(stopwords, severity, count):
    found = finding(profile(["안 갈래", "은 좋다"], stopwords=stopwords), "dropped_negation")
    assert (found.severity, found.count) == (severity, count)
    if count:
        assert found.examples[0].note == "'안'"


def test_texts_that_leave_nothing():
    result = profile(
        ["", " \n", "!!", "은", "좋다"], cleaner=Cleaner(keep="hangul"),
        stopwords=Stopwords(words={"은"}),
    )  # fmt: skip
    assert counts(result) == {"empty_texts": 2, "cleaned_to_nothing": 1, "without_tokens": 1}
    assert finding(result, "cleaned_to_nothing").command == 'Cleaner(keep="all")'
    assert result.lengths.histogram == {0: 4, 1: 1}


# --- the whole ------------------------------------------------------------------------------


def test_rows_that_cannot_be_read_are_counted_apart():
    rows = [Row(1, "가"), *(Unreadable(i, "no text", "\x00") for i in range(2, 7)), Row(7, "나")]
    result = profile_rows(rows, name="x", tokenizer="whitespace")
    found = finding(result, "unreadable_rows")
    assert (result.unreadable, found.count, found.checked) == (5, 5, 7)
    assert [example.places[0].row for example in found.examples] == [2, 3, 4]
    assert found.examples[0].text == "⟨U+0000⟩"
    assert result.parts[0].texts == 2


@pytest.mark.parametrize(
    ("arguments", "parts", "error", "message"),
    [
        (("한 글",), {}, TypeError, "put it in a list"),
        ((["가", None],), {}, TypeError, "row 1 holds no text"),
        (([],), {}, ValueError, "no texts"),
        ((["가"], [1, 0]), {}, ValueError, "train: there are only 1 texts"),
        ((["가", "나"], [1]), {}, ValueError, "train: there are only 1 labels"),
        ((["가"], "1"), {}, TypeError, "one label for each text"),
        ((["가"],), {"test_labels": [1]}, ValueError, "without test_texts"),
        ((["가"],), {"cleaner": "hangul"}, TypeError, "cleaner must be a Cleaner"),
        ((["가"],), {"stopwords": "없는"}, ValueError, "unknown stopwords"),
    ],
)
def test_bad_input_is_named(arguments, parts, error, message):
    with pytest.raises(error, match=message):
        profile(*arguments, **parts)


def test_some_split_must_be_the_training_part():
    with pytest.raises(ValueError, match="there are dev, test; call one 'train'"):
        profile_rows(
            [Row(1, "가", None, "dev"), Row(2, "나", None, "test")],
            name="x",
            tokenizer="whitespace",
        )
    rows = [Row(1, "가", None, "test"), Row(2, "나", None, "Train")]
    parts = profile_rows(rows, name="x", tokenizer="whitespace").parts
    assert [(part.split, part.training) for part in parts] == [("Train", True), ("test", False)]


def test_the_order_of_the_parts_makes_no_difference():
    train = [Row(i, text, None) for i, text in enumerate(["가 나", "가", "다"])]
    test = [Row(i, text, None, "test") for i, text in enumerate(["라", "가", "나 라"])]
    results = [
        profile_rows(rows, name="x", tokenizer="whitespace")
        for rows in (train + test, test + train)
    ]
    assert counts(results[0]) == counts(results[1])
    for part in ("parts", "lengths", "words", "unknown"):
        assert getattr(results[0], part) == getattr(results[1], part)


MADE = """
import json
from koprep.profile import profile_texts
texts = ["재미 있다", "안 <본다>", "재미 있다", "", "ㅋㅋ 굿", "별로", "새말 또"] * 30
result = profile_texts(texts, [1, 0, 0, 1, 1, 0, 1] * 30, tokenizer="whitespace")
written = (result.to_html() + json.dumps(result.to_dict())).encode()
"""


def test_the_same_corpus_gives_the_same_bytes_in_any_process():
    here = {}
    exec(MADE, here)
    elsewhere = subprocess.run(
        [sys.executable, "-c", f"{MADE}import sys; sys.stdout.buffer.write(written)"],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        check=True,
    )
    assert elsewhere.stdout == here["written"]
    assert here["written"].startswith(b"<!DOCTYPE html>")


def test_values_are_frozen_and_become_json(tmp_path):
    result = profile(["가 나", "가"], [1, 0])
    with pytest.raises(AttributeError):
        result.name = "y"
    page, values = replace(result, name="b").save(tmp_path / "new" / "folder")
    assert (page.name, values.name) == ("profile.html", "profile.json")
    saved = json.loads(values.read_text("utf-8"))
    assert saved == replace(result, name="b").to_dict()
    assert saved["format"] == 1
    assert saved["lengths"]["histogram"] == {"1": 1, "2": 1}
    assert result.save(tmp_path / "a.html") == (tmp_path / "a.html", tmp_path / "a.json")


def test_real_reviews_and_the_lines_they_stand_on(real_data):
    path = real_data / "nsmc" / "ratings_train.txt"
    rows = read_rows(path, column="document", label="label", format="tsv")
    result = profile_rows(islice(rows, 30_000), name=path.name, tokenizer="whitespace")
    lines = path.read_text("utf-8").split("\n")
    assert result.parts[0].texts == 30_000
    assert [count.label for count in result.labels] == ["0", "1"]
    shown = [example for found in result.findings for example in found.examples]
    assert len(shown) >= 6
    for example in shown:
        for place in example.places:
            _, _, label = lines[place.row - 1].split("\t")
            assert label == place.label
    conflict = finding(result, "label_conflicts").examples[0]
    texts = {Cleaner().clean(lines[place.row - 1].split("\t")[1]) for place in conflict.places}
    assert len(texts) == 1


def test_a_label_may_be_called_none():
    profile = profile_texts(["가", "나", "다"], ["None", "nan", None], tokenizer="whitespace")
    assert {row.label: row.texts for row in profile.labels} == {"None": 1, "nan": 1, "": 1}


def test_a_file_of_bad_rows_is_not_blamed_on_a_column_that_it_has(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text,label\n별로\n", "utf-8")
    (row,) = read_rows(path, column="text", label="label")
    assert row.reason == "columns due: 2 (text, label), columns found: 1"
    with pytest.raises(ValueError, match="score"):
        next(read_rows(path, column="text", label="score"))


def test_decomposed_labels_and_splits_are_those_that_are_composed():
    decomposed = {name: unicodedata.normalize("NFD", name) for name in ("훈련", "긍정")}
    assert is_training(decomposed["훈련"])
    assert label_name(decomposed["긍정"]) == label_value(decomposed["긍정"]) == "긍정"
