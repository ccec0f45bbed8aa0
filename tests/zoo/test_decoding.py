"""Choosing tokens: laws of the distributions, and a beam against all sequences there are."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from koprep.zoo.decoding import DecodingConfig, decode, limit_choice

END = 0


class Chain:
    """A Markov chain: its state is the last token."""

    def __init__(self, table):
        self.table = np.array(table)

    def start(self, rows):
        return np.zeros(rows, int)

    def read(self, token_ids, state):
        return self.table[token_ids[:, -1]], token_ids[:, -1]

    def select(self, state, rows):
        return state[list(rows)]


class Sums(Chain):
    """What comes next depends on the sum of all tokens: its state is that sum."""

    def read(self, token_ids, state):
        sums = (state + token_ids.sum(axis=1)) % len(self.table)
        return self.table[sums], sums


def ids(model, prompt, end_id=None, banned_ids=(), **settings):
    config = DecodingConfig(**settings)
    steps = decode(model, prompt, config, end_id=end_id, banned_ids=banned_ids)
    return [step.token_id for step in steps]


distributions = arrays(np.float64, st.integers(2, 8), elements=st.floats(0.01, 1)).map(
    lambda weights: weights / weights.sum()
)
tables = arrays(np.float64, (3, 3), elements=st.floats(0.05, 1)).map(
    lambda weights: weights / weights.sum(axis=1, keepdims=True)
)
HOT = Chain([[0.5, 0.3, 0.2], [0.1, 0.6, 0.3], [0.2, 0.1, 0.7]])


@given(distributions)
def test_temperature_1_without_limits_changes_nothing(probabilities):
    limited = limit_choice(probabilities, DecodingConfig(temperature=1))
    assert np.allclose(limited, probabilities)


@given(distributions, st.integers(1, 8))
def test_top_k_keeps_the_k_likeliest_in_their_proportions(probabilities, k):
    limited = limit_choice(probabilities, DecodingConfig(temperature=1, top_k=k))
    kept = limited > 0
    assert kept.sum() == min(k, len(probabilities))
    assert probabilities[kept].min() >= probabilities[~kept].max(initial=0)
    assert np.allclose(limited[kept], probabilities[kept] / probabilities[kept].sum())


@given(distributions, st.floats(0.05, 1))
def test_top_p_keeps_the_fewest_that_reach_the_share(probabilities, p):
    kept = limit_choice(probabilities, DecodingConfig(temperature=1, top_p=p)) > 0
    assert probabilities[kept].sum() >= p - 1e-9
    assert probabilities[kept].sum() - probabilities[kept].min() < p + 1e-9
    assert probabilities[kept].min() >= probabilities[~kept].max(initial=0)


@given(distributions, st.floats(0.05, 0.9), st.floats(1.1, 5))
def test_temperature_sharpens_below_1_and_flattens_above(probabilities, low, high):
    cold, hot = (limit_choice(probabilities, DecodingConfig(temperature=t)) for t in (low, high))
    assert cold.max() >= probabilities.max() - 1e-12 >= hot.max() - 2e-12
    assert cold.sum() == pytest.approx(1)
    assert hot.sum() == pytest.approx(1)


def test_a_temperature_near_0_is_greedy():
    limited = limit_choice(np.array([0.3, 0.4, 0.3]), DecodingConfig(temperature=1e-310))
    assert limited.tolist() == [0, 1, 0]


def test_draws_follow_the_distribution_and_the_seed():
    uniform = Chain(np.full((4, 4), [0.1, 0.2, 0.3, 0.4]))
    drawn = ids(uniform, [0], max_tokens=4000, temperature=1, seed=5)
    shares = np.bincount(drawn, minlength=4) / 4000
    assert np.abs(shares - [0.1, 0.2, 0.3, 0.4]).max() < 0.03
    assert drawn == ids(uniform, [0], max_tokens=4000, temperature=1, seed=5)
    assert drawn != ids(uniform, [0], max_tokens=4000, temperature=1, seed=6)
    assert set(ids(uniform, [0], max_tokens=500, temperature=1, top_k=2)) == {2, 3}


def test_greedy_follows_the_likeliest_until_the_end():
    model = Chain([[0, 1, 0], [0.1, 0.2, 0.7], [0.9, 0.05, 0.05]])
    assert ids(model, [1], max_tokens=9) == [2, 0, 1, 2, 0, 1, 2, 0, 1]
    assert ids(model, [1], end_id=END, max_tokens=9) == [2]
    assert ids(model, [1], end_id=END, max_tokens=9, banned_ids=[END]) == [2, 1] * 4 + [2]


@given(tables, st.integers(1, 4))
def test_a_wide_beam_finds_the_best_of_all_sequences(table, length):
    model = Sums(table)

    def mean(sequence):
        sums = np.cumsum([1, *sequence]) % len(table)
        return np.log(table[sums, [*sequence, END]]).mean()

    ended = [
        sequence for size in range(length) for sequence in itertools.product([1, 2], repeat=size)
    ]
    best = max(mean(sequence) for sequence in ended)
    found = ids(model, [1], end_id=END, max_tokens=length, beam=3**length)
    assert len(found) < length
    assert mean(found) == pytest.approx(best)


def test_a_beam_can_beat_greedy():
    #      0 ends; 1 tempts into a dead end, 2 costs first and pays later
    table = [[1, 0, 0, 0], [0.26, 0.25, 0.25, 0.24], [0.97, 0.01, 0.01, 0.01], [0.1, 0.5, 0.4, 0]]
    assert ids(Chain(table), [3], end_id=END, max_tokens=5)[0] == 1
    assert ids(Chain(table), [3], end_id=END, max_tokens=5, beam=3) == [2]


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("settings", [{}, {"beam": 3}, {"temperature": 1.0}])
def test_no_run_comes_twice(size, settings):
    written = [1, *ids(HOT, [1], max_tokens=20, no_repeat_ngram=size, **settings)]
    runs = list(zip(*(written[i:] for i in range(size)), strict=False))
    assert len(runs) == len(set(runs)) <= 3**size


def test_the_end_may_come_although_the_prompt_began_with_its_id():
    model = Chain([[0, 1, 0, 0], [0, 0, 1, 0], [0.6, 0, 0, 0.4], [0, 0, 1, 0]])
    assert ids(model, [END], end_id=END, no_repeat_ngram=1) == [1, 2]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"max_tokens": 0}, "max_tokens must be at least 1, got 0"),
        ({"beam": 0}, "beam must be at least 1"),
        ({"temperature": -1}, "temperature must be at least 0, got -1"),
        ({"temperature": float("nan")}, "temperature must be"),
        ({"temperature": 1, "top_k": 0}, "top_k must be at least 1 or None"),
        ({"temperature": 1, "top_p": 0}, "top_p must be above 0"),
        ({"no_repeat_ngram": 0}, "no_repeat_ngram must be"),
        ({"seed": -1}, "seed must be"),
        pytest.param({"top_k": 5}, "give a temperature above 0", id="greedy top-k"),
        pytest.param({"beam": 2, "temperature": 1}, "a beam draws nothing", id="drawn beam"),
    ],
)
def test_bad_settings_are_named(settings, message):
    with pytest.raises(ValueError, match=message):
        DecodingConfig(**settings)


def test_an_empty_prompt_is_refused():
    with pytest.raises(ValueError, match="prompt of at least one known token"):
        ids(HOT, [])
