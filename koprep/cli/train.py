"""`koprep train`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from koprep.cli.examples import load_examples
from koprep.cli.options import DataDir, Limit, Sample, Seed


def train(
    dataset: Annotated[str, typer.Argument(help="A name of `koprep datasets list`.")],
    out: Annotated[Path, typer.Option(help="Folder to save the trained model to.")],
    model: Annotated[str, typer.Option(help="A name of `koprep zoo list`.")] = "gru",
    data_dir: DataDir = None,
    limit: Limit = None,
    sample: Sample = None,
    tokenizer: Annotated[str, typer.Option(help="How texts are cut.")] = "kiwi",
    stopwords: Annotated[str | None, typer.Option(help="A named list of stopwords.")] = None,
    vocabulary_size: Annotated[int, typer.Option(help="Ids at most.")] = 20_000,
    min_count: Annotated[int, typer.Option(help="Rarer tokens stay unknown.")] = 2,
    maxlen: Annotated[
        int | None, typer.Option(help="Tokens a row; by default 99 % of the texts stay whole.")
    ] = None,
    embedding_size: Annotated[int | None, typer.Option(help="Numbers a token.")] = None,
    units: Annotated[int | None, typer.Option(help="Numbers in the hidden state.")] = None,
    dropout: Annotated[float | None, typer.Option(help="Share dropped while training.")] = None,
    epochs: Annotated[int, typer.Option(help="Passes over the data, at most.")] = 10,
    batch_size: Annotated[int, typer.Option(help="Examples a step.")] = 64,
    learning_rate: Annotated[float, typer.Option(help="Step size of the optimizer.")] = 1e-3,
    seed: Seed = 0,
) -> None:
    """Train a classifier on a dataset and save it."""
    from koprep.bundle import check_target
    from koprep.datasets import TextDataset
    from koprep.preprocessor import Preprocessor
    from koprep.zoo import TextClassifier, TrainingConfig
    from koprep.zoo.training import best_epoch

    check_target(out)  # before the long work
    given = {"embedding_size": embedding_size, "units": units, "dropout": dropout}
    classifier = TextClassifier(
        model,
        preprocessor=Preprocessor(
            tokenizer=tokenizer,
            stopwords=stopwords,
            vocabulary_size=vocabulary_size,
            min_count=min_count,
            maxlen=maxlen,
        ),
        model_options={name: value for name, value in given.items() if value is not None},
        training=TrainingConfig(
            epochs=epochs, batch_size=batch_size, learning_rate=learning_rate, seed=seed
        ),
        progress=True,
    )
    examples = load_examples(dataset, "train", data_dir, limit, sample, seed)
    if not isinstance(examples, TextDataset) or examples.labels is None:
        raise ValueError(f"dataset {dataset!r} has no labels to train a classifier on")
    console = Console(stderr=True)
    counts = ", ".join(f"{name} {count}" for name, count in examples.label_counts().items())
    console.print(f"{dataset}: {len(examples)} examples ({counts})", highlight=False)
    least = min(examples.label_counts().values()) / len(examples)
    if limit is not None and least < 0.5 / len(examples.label_names):
        console.print(
            "[yellow]warning:[/] these labels are unequal: the file may be sorted, and a model "
            f"of its first rows expects them everywhere; --sample {limit} chooses at random",
            highlight=False,
        )
    classifier.set_params(label_names=examples.label_names)
    classifier.fit(examples.texts, examples.labels)
    classifier.save(out)
    kept = best_epoch(classifier.history_)
    print(
        f"validation accuracy {classifier.history_[kept]['val_accuracy']:.4f} "
        f"(epoch {kept + 1}), saved to {out}"
    )
