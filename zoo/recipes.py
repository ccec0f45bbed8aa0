"""From a dataset to the estimator of its task: what `koprep train` does for every task."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, get_args

from koprep.datasets import TaggedDataset, TextDataset
from koprep.datasets.encoded import WORD_TASKS, Task
from koprep.preprocessor import Preprocessor
from koprep.tokenizers import Tokenizer, get_tokenizer

from .classifier import TextClassifier
from .generator import GeneratorTask, TextGenerator
from .tagger import SequenceTagger
from .training import TrainingConfig, best_epoch

Examples = TextDataset | TaggedDataset
Estimator = TextClassifier | TextGenerator | SequenceTagger


def task_of(examples: Examples) -> Task:
    """Return the task a dataset is made for.

    >>> task_of(TextDataset(texts=("가는 말이 고와야",)))
    'language_model'
    """
    if isinstance(examples, TaggedDataset):
        return "tagging"
    return "language_model" if examples.labels is None else "classification"


def check_task(task: str, examples: Examples) -> Task:
    """Return `task` if the examples can teach it; any texts can teach to write.

    Raises:
        ValueError: an unknown task, or examples without what it learns.
    """
    tasks: dict[str, Task] = {name: name for name in get_args(Task)}
    if task not in tasks:
        raise ValueError(f"task must be one of {', '.join(tasks)}, got {task!r}")
    lacking = {
        "classification": not isinstance(examples, TextDataset) or examples.labels is None,
        "tagging": not isinstance(examples, TaggedDataset),
    }
    if lacking.get(task):
        what = "labels" if task == "classification" else "tags"
        raise ValueError(
            f"dataset {examples.name!r} has no {what}; it can teach {task_of(examples)}"
        )
    return tasks[task]


def tokenizer_for(task: Task, name: str | None = None) -> Tokenizer:
    """Return the tokenizer of a task: the named one, set as the task needs it, or the default.

    Tags are found on characters. What is written with Kiwi keeps the morphemes' tags, without
    which they could not be joined.

    >>> tokenizer_for("tagging").name, tokenizer_for("language_model").output
    ('character', 'form/tag')
    """
    chosen = name or ("character" if task == "tagging" else "kiwi")
    if task in WORD_TASKS and chosen == "kiwi":
        return get_tokenizer(chosen, output="form/tag")
    return get_tokenizer(chosen)


def fit_for_task(
    task: Task,
    examples: Examples,
    model: str,
    *,
    preprocessor: Preprocessor,
    model_options: Mapping[str, Any],
    training: TrainingConfig,
    progress: bool = False,
) -> Estimator:
    """Train a model of the zoo for a task.

    Raises:
        ValueError: what `check_task` refuses, or `fit`.
    """
    shared: dict[str, Any] = {
        "preprocessor": preprocessor,
        "model_options": model_options,
        "training": training,
        "progress": progress,
    }
    check_task(task, examples)
    if isinstance(examples, TaggedDataset):
        texts = examples.raw_texts
        if task == "tagging":
            return SequenceTagger(model, **shared).fit(examples)
    else:
        texts = examples.texts
        if task == "classification" and examples.labels is not None:
            classifier = TextClassifier(model, label_names=examples.label_names, **shared)
            return classifier.fit(texts, examples.labels)
    generator_task: GeneratorTask = "next_token" if task == "next_token" else "language_model"
    return TextGenerator(model, task=generator_task, **shared).fit(texts)


def headline(estimator: Estimator) -> str:
    """Return the figure that tells best how training went, of the epoch that was kept."""
    history = estimator.history_
    kept = best_epoch(history)
    part = "val_" if "val_loss" in history[kept] else ""
    where = "validation" if part else "training"
    if isinstance(estimator, TextGenerator):
        figure = f"perplexity {math.exp(history[kept][f'{part}loss']):.2f}"
    else:
        what = "tag accuracy" if isinstance(estimator, SequenceTagger) else "accuracy"
        figure = f"{what} {history[kept][f'{part}accuracy']:.4f}"
    return f"{where} {figure} (epoch {kept + 1})"
