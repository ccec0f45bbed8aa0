"""Counts of tokens that can be made in parts, and the share of them the frequent ones cover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from koprep.texts import short


@dataclass(eq=False)
class TokenCounts(Mapping[str, int]):
    """How often each token occurs, in order of first appearance; parts merge to the whole.

    Where a token first appeared is a pair `(part, index)`. As long as the numbers of the parts
    rise with their place in the corpus, any partition, merged in any order, gives the same counts
    in the same order as one pass over all of it.

    >>> first = TokenCounts.count([["말이", "법이다"]], part=0)
    >>> second = TokenCounts.count([["말이", "있다"]], part=1)
    >>> dict(second.merge(first))
    {'말이': 2, '법이다': 1, '있다': 1}
    """

    counts: dict[str, int] = field(default_factory=dict)
    first: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Token -> the number of the part and the index in it where the token first appeared."""

    @classmethod
    def count(cls, token_lists: Iterable[Sequence[str]], *, part: int) -> Self:
        """Count the tokens of one part.

        Args:
            token_lists: the tokens of each text.
            part: the part's number, by its place in the corpus.

        Raises:
            TypeError: a text's tokens are one bare string.
        """
        ids: dict[str, int] = {}
        counts: list[int] = []
        for tokens in token_lists:
            if isinstance(tokens, str):
                raise TypeError(f"expected lists of tokens, got one string {short(tokens)}")
            for token in tokens:
                number = ids.setdefault(token, len(ids))
                if number == len(counts):
                    counts.append(0)
                counts[number] += 1
        return cls(
            dict(zip(ids, counts, strict=True)), {token: (part, i) for token, i in ids.items()}
        )

    def merge(self, other: TokenCounts) -> TokenCounts:
        """Return the counts of both parts together.

        Raises:
            ValueError: both hold tokens of a part of the same number.
        """
        same = {part for part, _ in self.first.values()} & {p for p, _ in other.first.values()}
        if same:
            raise ValueError(f"part {min(same)} is on both sides: give each part its own number")
        counts, first = dict(self.counts), dict(self.first)
        for token, count in other.counts.items():
            counts[token] = counts.get(token, 0) + count
            place = other.first[token]
            first[token] = min(first.get(token, place), place)
        in_order = sorted(counts, key=first.__getitem__)
        return TokenCounts({token: counts[token] for token in in_order}, first)

    def __getitem__(self, token: str) -> int:
        return self.counts[token]

    def __iter__(self) -> Iterator[str]:
        return iter(self.counts)

    def __len__(self) -> int:
        return len(self.counts)


def coverage_curve(counts: Iterable[int]) -> npt.NDArray[np.float64]:
    """Return the share of all occurrences that the k+1 most frequent tokens cover.

    Returns:
        float64, shape (tokens,), rising to 1.

    >>> coverage_curve([1, 3]).tolist()
    [0.75, 1.0]
    """
    falling = np.sort(np.fromiter(counts, np.int64))[::-1]
    share: npt.NDArray[np.float64] = np.cumsum(falling) / max(1, falling.sum())
    return share


def tokens_to_cover(curve: npt.NDArray[np.float64], share: float) -> int:
    """Return how many of the most frequent tokens cover a share of all occurrences.

    >>> tokens_to_cover(coverage_curve([1, 3]), 0.75)
    1

    Raises:
        ValueError: a share outside 0 to 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"coverage must be above 0 and at most 1, got {share}")
    # sums of floats may end a hair below what they stand for
    return min(int(np.searchsorted(curve, share - 1e-12)) + 1, len(curve))
