"""Which pictures tell of a training, and which of an evaluation."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from koprep.datasets import TaggedDataset
from koprep.datasets.bio import is_bio

from . import plots
from .baselines import LinearBaseline
from .evaluation import Evaluation
from .generator import TextGenerator
from .recipes import Estimator, Examples
from .spans import SpanEvaluation

CURVES_FILE = "curves.png"
LABELS_FILE = "labels.png"
LENGTHS_FILE = "lengths.png"
CONFUSION_FILE = "confusion.png"
SPANS_FILE = "spans.png"


def draw_training(folder: str | Path, estimator: Estimator, examples: Examples) -> list[Path]:
    """Draw loss and accuracy by epoch, the labels and the lengths of what was learned from.

    The texts are cut once more to be counted. The linear baseline has no epochs and no row length;
    texts that were learned without labels have none.

    Args:
        folder: where to; pictures of the same names are written over.
        estimator: fitted.
        examples: what it was fitted on, the held-out part included.

    Returns:
        The PNGs.
    """
    target, drawn = Path(folder), []
    if not isinstance(estimator, LinearBaseline):
        drawn.append(
            plots.history_curves(target / CURVES_FILE, estimator.history_, estimator.monitor)
        )
    if not isinstance(estimator, TextGenerator) and (counts := label_counts(examples)):
        drawn.append(plots.label_bars(target / LABELS_FILE, counts, _counted(examples)))
    preprocessor = estimator.preprocessor_
    texts = examples.raw_texts if isinstance(examples, TaggedDataset) else examples.texts
    lengths = preprocessor.transform_ragged(texts).lengths
    maxlen = None if isinstance(estimator, LinearBaseline) else preprocessor.maxlen_
    drawn.append(plots.length_histogram(target / LENGTHS_FILE, lengths, maxlen))
    return drawn


def draw_evaluation(folder: str | Path, result: Evaluation | SpanEvaluation) -> list[Path]:
    """Draw the confusion matrix of a classifier, or the F1 of each label of a tagger.

    Args:
        folder: where to; a picture of the same name is written over.
        result: the figures.

    Returns:
        The PNGs.
    """
    target = Path(folder)
    if isinstance(result, SpanEvaluation):
        return [plots.span_bars(target / SPANS_FILE, result)]
    names = [row.label for row in result.labels]
    return [plots.confusion_matrix(target / CONFUSION_FILE, result.confusion, names)]


def _counted(examples: Examples) -> str:
    if not isinstance(examples, TaggedDataset):
        return "examples"
    return "entities" if is_bio(examples.tag_names) else "units"


def label_counts(examples: Examples) -> dict[str, int]:
    """Return how often each label occurs: texts, entities, or units of tags that are no BIO.

    >>> label_counts(TaggedDataset(
    ...     texts=(("비", "맑음", "비"),), tags=((1, 1, 0),), tag_names=("국수", "밥")
    ... ))
    {'국수': 1, '밥': 2}
    """
    if not isinstance(examples, TaggedDataset):
        return examples.label_counts()
    if not is_bio(examples.tag_names):
        return examples.tag_counts()
    rows = range(len(examples))
    found = Counter(entity.label for row in rows for entity in examples.entities(row))
    return {label: found[label] for label in sorted(found)}
