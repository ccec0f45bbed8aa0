"""Span F1 against nervaluate, and BIO paths against all paths there are."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from koprep.datasets import Entity, find_entities
from koprep.datasets.bio import first_stray
from koprep.zoo import evaluate_spans
from koprep.zoo.spans import likeliest_bio

NAMES = ("O", "B-LC", "I-LC", "B-PS", "I-PS")

tags = st.lists(st.sampled_from(NAMES), max_size=8)
pairs = st.integers(0, 8).flatmap(
    lambda n: st.tuples(*[st.lists(st.sampled_from(NAMES), min_size=n, max_size=n)] * 2)
)


def entities(row):
    return find_entities(row)


@given(st.lists(pairs, min_size=1, max_size=5))
def test_strict_scores_agree_with_nervaluate(rows):
    nervaluate = pytest.importorskip("nervaluate", reason="pip install nervaluate")

    def as_dicts(row):
        return [{"label": e.label, "start": e.start, "end": e.end - 1} for e in entities(row)]

    true, predicted = ([as_dicts(row[side]) for row in rows] for side in (0, 1))
    oracle = nervaluate.Evaluator(true, predicted, tags=["LC", "PS"], loader="dict").evaluate()
    mine = evaluate_spans([entities(row[0]) for row in rows], [entities(row[1]) for row in rows])
    assert_same(mine.micro, oracle["overall"]["strict"])
    for row in mine.labels:
        assert_same(row, oracle["entities"][row.label]["strict"])


def assert_same(row, strict):
    found = row.precision, row.recall, row.f1
    assert found == pytest.approx((strict.precision, strict.recall, strict.f1))


def test_a_span_counts_only_if_label_start_and_end_are_right():
    due = [Entity("PS", 0, 3)]
    for wrong in (Entity("LC", 0, 3), Entity("PS", 1, 3), Entity("PS", 0, 2)):
        assert evaluate_spans([due], [[wrong]]).micro.f1 == 0
    assert evaluate_spans([due], [due]).micro.f1 == 1
    assert evaluate_spans([due, []], [[], due]).micro.f1 == 0  # the right span of the wrong text


def test_micro_counts_spans_and_macro_counts_labels():
    due = [Entity("PS", i, i + 1) for i in range(9)] + [Entity("LC", 9, 10)]
    result = evaluate_spans([due], [due[:9]])
    assert result.micro.recall == 0.9
    assert result.macro.recall == 0.5
    assert [(row.label, row.f1, row.support) for row in result.labels] == [
        ("LC", 0, 1),
        ("PS", 1, 9),
    ]


def test_nothing_there_and_nothing_found_scores_zero():
    result = evaluate_spans([[]], [[]])
    assert (result.micro.f1, result.macro.f1, result.labels) == (0, 0, ())


@pytest.mark.parametrize(("true", "predicted"), [([], []), ([[], []], [[]])])
def test_nothing_to_compare_is_refused(true, predicted):
    with pytest.raises(ValueError, match="as many predictions as texts"):
        evaluate_spans(true, predicted)


probabilities = st.integers(1, 4).flatmap(
    lambda n: arrays(np.float64, (n, len(NAMES)), elements=st.floats(0.01, 1))
)


@given(probabilities)
def test_the_path_is_the_likeliest_of_all_valid_ones(values):
    rows = range(len(values))
    valid = [
        path
        for path in itertools.product(range(len(NAMES)), repeat=len(values))
        if first_stray([NAMES[tag] for tag in path]) is None
    ]
    best = max(np.prod([values[row, path[row]] for row in rows]) for path in valid)
    found = likeliest_bio(values, NAMES)
    assert tuple(found) in valid
    assert np.prod([values[row, found[row]] for row in rows]) == pytest.approx(best)


def test_a_row_of_zeros_and_no_rows_have_a_path_too():
    assert len(likeliest_bio(np.zeros((3, 5)), NAMES)) == 3
    assert likeliest_bio(np.zeros((0, 5)), NAMES) == []
