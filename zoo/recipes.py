"""From a dataset to the estimator of its task: what `koprep train` does for every task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from koprep.datasets import TaggedDataset, TextDataset
from koprep.datasets.encoded import WORD_TASKS, Task
from koprep.preprocessor import Preprocessor
from koprep.tokenizers import get_tokenizer

from .baselines import BASELINE, NO_EMBEDDINGS
from .checkpoint import CheckpointConfig
from .creating import TrainableClassifier, create_classifier
from .embeddings import Embeddings, PretrainedEmbeddings, Word2VecConfig
from .generator import GeneratorTask, TextGenerator
from .majority import unit_tokenizer
from .registry import model_config
from .tagger import SequenceTagger
from .training import TrainingConfig

Examples = TextDataset | TaggedDataset
Estimator = TrainableClassifier | TextGenerator | SequenceTagger


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


def default_settings(
    task: Task,
    model: str,
    tokenizer: str | None = None,
    output: str | None = None,
    *,
    examples: Examples | None = None,
) -> dict[str, Any]:
    """Return settings of a `Preprocessor` that suit a task and a model.

    Tags are found on characters, or on words where `examples` tag these. What is written
    with Kiwi keeps the morphemes' tags, without which they could not be joined; the linear
    baseline takes tags and rare tokens as they come.

    >>> default_settings("tagging", "gru")["tokenizer"].name
    'character'
    >>> default_settings("language_model", "gru")["tokenizer"].output
    'form/tag'
    """
    linear = model == BASELINE
    default = "character" if task == "tagging" else "kiwi"
    if task == "tagging" and isinstance(examples, TaggedDataset):
        default = unit_tokenizer(examples)
    name = tokenizer or default
    tags = name == "kiwi" and (linear or task in WORD_TASKS)
    return {
        "tokenizer": get_tokenizer(name, output=output or ("form/tag" if tags else "form")),
        "vocabulary_size": None if linear else 20_000,
        "min_count": 1 if linear else 2,
    }


def embeddings_for(
    model: str, model_options: Mapping[str, Any], texts: Sequence[str], seed: int
) -> PretrainedEmbeddings:
    """Return embeddings of the size a model has, to be learned from texts.

    Raises:
        ModuleNotFoundError: gensim is not installed.
        ValueError: an unknown model or option, the linear baseline, or no texts.
    """
    if model == BASELINE:
        raise ValueError(NO_EMBEDDINGS)
    size = getattr(model_config(model, **model_options), "embedding_size", None)
    if size is None:
        raise ValueError(f"model {model!r} has no embedding_size, and takes no embeddings")
    return PretrainedEmbeddings(texts, Word2VecConfig(size=size, seed=seed))


def fit_for_task(
    task: Task,
    examples: Examples,
    model: str,
    *,
    preprocessor: Preprocessor,
    model_options: Mapping[str, Any],
    training: TrainingConfig,
    embeddings: Embeddings | None = None,
    checkpoints: CheckpointConfig | None = None,
    progress: bool = False,
) -> Estimator:
    """Train a model of the zoo, or the linear baseline, for a task.

    Raises:
        ValueError: what `check_task` refuses, or `fit`.
    """
    shared: dict[str, Any] = {
        "preprocessor": preprocessor,
        "model_options": model_options,
        "training": training,
        "embeddings": embeddings,
        "checkpoints": checkpoints,
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
            classifier = create_classifier(model, label_names=examples.label_names, **shared)
            return classifier.fit(texts, examples.labels)
    generator_task: GeneratorTask = "next_token" if task == "next_token" else "language_model"
    return TextGenerator(model, task=generator_task, **shared).fit(texts)
