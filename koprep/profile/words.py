"""What tokens say of the vocabulary: growth, coverage, and what training did not show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from random import Random

import numpy as np

from koprep.counting import coverage_curve, tokens_to_cover
from koprep.profile.report import Coverage, UnknownShare, Words
from koprep.profile.rows import Row, is_training
from koprep.profile.trouble import visible
from koprep.vocabulary import Vocabulary

COVERED = 0.99
"""The share of tokens that the suggested vocabulary covers."""

TARGETS = (0.9, 0.95, 0.98, COVERED, 0.999)
HELD_OUT, HELD_OUT_SHARE, SEED = "held-out", 0.1, 0
"""Without a part to test on: the share of training texts held out, and the seed of the choice."""

SHOWN_WORDS = 10
CURVE_POINTS = 60
_GROWTH_POINTS = 256  # kept while reading; above, every other one goes


class WordCounts:
    """Counts tokens by part and label."""

    def __init__(self) -> None:
        self.training: Counter[str] = Counter()  # in order of first appearance
        self._held: dict[str | None, Counter[str]] = {}
        self._others: dict[tuple[str, str | None], Counter[str]] = {}
        self._growth: list[tuple[int, int]] = [(0, 0)]
        self._tokens, self._step = 0, 64
        self._random = Random(SEED)

    def add(self, row: Row, tokens: list[str]) -> None:
        """Count a row's tokens."""
        if not is_training(row.split):
            self._others.setdefault((row.split, row.label), Counter()).update(tokens)
            return
        self.training.update(tokens)
        if self._random.random() < HELD_OUT_SHARE:
            self._held.setdefault(row.label, Counter()).update(tokens)
        self._tokens += len(tokens)
        if self._tokens >= self._growth[-1][0] + self._step:
            self._growth.append((self._tokens, len(self.training)))
            if len(self._growth) > _GROWTH_POINTS:
                del self._growth[1::2]
                self._step *= 2

    @property
    def held_out(self) -> bool:
        """Whether no part but the training part was added."""
        return not self._others

    def words(self) -> Words:
        """Return what the training part's tokens say."""
        counts = np.array(list(self.training.values()), np.int64)
        covered = coverage_curve(counts)
        targets = tuple(_fewest(covered, target) for target in TARGETS)
        suggested = next(
            found for target, found in zip(TARGETS, targets, strict=True) if target == COVERED
        )
        ranks = np.geomspace(1, len(counts), CURVE_POINTS) if len(counts) else np.empty(0)
        points = sorted({*ranks.round().astype(int).tolist(), *(t.words for t in targets)} - {0})
        last = (self._tokens, len(self.training))
        growth = [point for point in _thinned(self._growth) if point != last]
        return Words(
            tokens=self._tokens,
            types=len(counts),
            seen_once=int((counts == 1).sum()),
            growth=(*growth, last),
            coverage=tuple(Coverage(words=k, share=float(covered[k - 1])) for k in points),
            targets=targets,
            vocabulary_size=suggested.words + len(Vocabulary(())),  # PAD and OOV
        )

    def unknown(self, vocabulary_size: int) -> tuple[UnknownShare, ...]:
        """Return what training did not show, by split and by label."""
        known = self.training
        others = self._others
        if self.held_out:
            held = _joined(self._held.values())
            known = Counter({word: count - held[word] for word, count in known.items()})
            known = +known
            others = {(HELD_OUT, label): counts for label, counts in self._held.items()}
        vocabulary = Vocabulary.from_counts(known, vocabulary_size=vocabulary_size)
        shares = []
        for split in dict.fromkeys(split for split, _ in others):
            parts = {label: counts for (name, label), counts in others.items() if name == split}
            whole = _joined(parts.values())
            shares.append(_share(split, None, whole, known, vocabulary))
            for label in sorted_labels(label for label in parts if label):
                shares.append(_share(split, label, parts[label], known, vocabulary))
        return tuple(shares)


def _joined(counters: Iterable[Counter[str]]) -> Counter[str]:
    joined: Counter[str] = Counter()
    for counts in counters:
        joined.update(counts)
    return joined


def sorted_labels(labels: Iterable[str]) -> list[str]:
    """Sort labels, those that are whole numbers by their value and first.

    >>> sorted_labels(["부정", "10", "9"])
    ['9', '10', '부정']
    """

    def key(label: str) -> tuple[bool, int, str]:
        number = label.isascii() and label.isdecimal()
        return (not number, int(label) if number else 0, label)

    return sorted(set(labels), key=key)


def _share(
    split: str,
    label: str | None,
    counts: Mapping[str, int],
    known: Mapping[str, int],
    vocabulary: Vocabulary,
) -> UnknownShare:
    unknown = {word: count for word, count in counts.items() if word not in known}
    most = sorted(unknown, key=lambda word: (-unknown[word], word))[:SHOWN_WORDS]
    return UnknownShare(
        split=visible(split),
        label=None if label is None else visible(label),
        tokens=sum(counts.values()),
        unknown=sum(unknown.values()),
        outside=sum(count for word, count in counts.items() if word not in vocabulary),
        top_unknown=tuple((visible(word), unknown[word]) for word in most),
    )


def _fewest(covered: np.ndarray[tuple[int], np.dtype[np.float64]], target: float) -> Coverage:
    if not len(covered):
        return Coverage(words=0, share=0.0)
    words = tokens_to_cover(covered, target)
    return Coverage(words=words, share=float(covered[words - 1]))


def _thinned(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    step = -(-len(points) // CURVE_POINTS)
    return points[::step]
