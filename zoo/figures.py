"""Test figures with their confidence intervals, as the card of a pretrained model states them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from koprep.datasets import TaggedDataset, TextDataset
from koprep.datasets.bio import is_bio

from .classifier import TextClassifier
from .generator import TextGenerator
from .intervals import Interval, bootstrap_interval, share_interval
from .spans import evaluate_spans
from .tagged import true_spans
from .tagger import SequenceTagger


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What was measured on test examples, which no choice was made by."""

    name: str
    """How `metrics.json` calls it."""
    what: str
    value: float
    interval: Interval
    """95 %."""

    def to_metrics(self) -> dict[str, float]:
        """Return the value and the ends of its interval by name."""
        return {
            self.name: self.value,
            f"{self.name}_low": self.interval.low,
            f"{self.name}_high": self.interval.high,
        }


def accuracy_figure(name: str, model: TextClassifier, test: TextDataset) -> Figure:
    """Return the accuracy of a classifier on labelled texts."""
    result = model.evaluate(test)
    right = sum(row[label] for label, row in enumerate(result.confusion))
    return Figure(
        name=name,
        what=f"accuracy on {result.examples:,} texts of {test.name}",
        value=result.accuracy,
        interval=share_interval(right, result.examples),
    )


def span_figure(name: str, model: SequenceTagger, test: TaggedDataset) -> Figure:
    """Return the strict micro F1 of a tagger's spans; whole texts are drawn anew."""
    bio = is_bio(model.tag_names_)
    true = [set(true_spans(test, row, bio=bio)) for row in range(len(test))]
    found = [set(spans) for spans in model.predict(test.raw_texts)]
    sums = np.array(
        [(2 * len(a & b), len(a) + len(b)) for a, b in zip(true, found, strict=True)], float
    )
    return Figure(
        name=name,
        what=f"strict span F1 on {len(test):,} sentences of {test.name}",
        value=evaluate_spans(true, found).micro.f1,
        interval=bootstrap_interval(sums, lambda drawn: drawn[:, 0] / drawn[:, 1]),
    )


def perplexity_figure(name: str, model: TextGenerator, test: TextDataset) -> Figure:
    """Return the perplexity of a generator; whole texts are drawn anew."""
    tokens = np.maximum(model.encoder_.encode(test.texts).lengths - 1, 0)
    logs = model.token_log_probabilities(test.texts)
    by_text = np.split(logs, np.cumsum(tokens)[:-1])
    sums = np.array([(part.sum(), len(part)) for part in by_text])
    return Figure(
        name=name,
        what=f"perplexity of a token on {len(test):,} sentences of {test.name}",
        value=float(np.exp(-logs.mean())),
        interval=bootstrap_interval(sums, lambda drawn: np.exp(-drawn[:, 0] / drawn[:, 1])),
    )
