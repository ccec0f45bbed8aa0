import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koprep import Vocabulary
from koprep.counting import TokenCounts, coverage_curve, tokens_to_cover

token_lists = st.lists(st.lists(st.sampled_from("가나다라마바사"), max_size=6), max_size=12)


@given(token_lists)
def test_one_part_counts_as_a_counter_does(lists):
    counts = TokenCounts.count(lists, part=0)
    expected = Counter(token for tokens in lists for token in tokens)
    assert dict(counts) == dict(expected)
    assert list(counts) == list(expected)


@given(token_lists, st.lists(st.integers(0, 12)), st.randoms())
def test_any_partition_merged_in_any_order_is_the_whole(lists, cuts, random):
    edges = [0, *sorted(min(cut, len(lists)) for cut in cuts), len(lists)]
    parts = [
        TokenCounts.count(lists[start:end], part=number)
        for number, (start, end) in enumerate(itertools.pairwise(edges))
    ]
    while len(parts) > 1:
        one = parts.pop(random.randrange(len(parts)))
        parts.append(one.merge(parts.pop(random.randrange(len(parts)))))
    assert list(parts[0].items()) == list(TokenCounts.count(lists, part=0).items())
    assert Vocabulary.from_counts(parts[0]) == Vocabulary.build(lists)


def test_merging_leaves_the_parts_as_they_were():
    one, other = TokenCounts.count([["가"]], part=0), TokenCounts.count([["가", "나"]], part=1)
    one.merge(other)
    assert (dict(one), dict(other)) == ({"가": 1}, {"가": 1, "나": 1})


def test_a_bare_string_is_refused():
    with pytest.raises(TypeError, match="one string '재미 있다'"):
        TokenCounts.count(["재미 있다"], part=0)


@pytest.mark.parametrize(
    ("counts", "share", "tokens"),
    [
        pytest.param([1, 3], 0.75, 1, id="reached exactly"),
        pytest.param([1, 3], 0.76, 2, id="a little more takes the next"),
        pytest.param([1] * 10, 0.7, 7, id="sums of tenths"),
        pytest.param([5, 1], 1.0, 2, id="all of it"),
        pytest.param([], 0.5, 0, id="nothing to cover"),
    ],
)
def test_tokens_to_cover(counts, share, tokens):
    assert tokens_to_cover(coverage_curve(counts), share) == tokens


@pytest.mark.parametrize("share", [0, -0.1, 1.1, float("nan")])
def test_a_share_is_a_share(share):
    with pytest.raises(ValueError, match="coverage must be above 0"):
        tokens_to_cover(coverage_curve([1]), share)


def test_parts_of_one_number_are_not_merged():
    one, other = (TokenCounts.count([["가"]], part=3) for _ in range(2))
    with pytest.raises(ValueError, match="part 3 is on both sides"):
        one.merge(other)
