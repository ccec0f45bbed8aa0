"""`koprep leaderboard`."""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from koprep.cli.examples import load_examples
from koprep.cli.inputs import unlabelled_texts
from koprep.cli.options import DataDir, EmbeddingsFile, Json, Limit, Sample, Seed
from koprep.cli.output import Output

if TYPE_CHECKING:
    from koprep.zoo.leaderboard import Leaderboard


def leaderboard(
    dataset: Annotated[str, typer.Argument(help="A name of `koprep datasets list`.")],
    models: Annotated[
        str, typer.Option(metavar="A,B,…", help="Names of `koprep zoo list`; all by default.")
    ] = "",
    data_dir: DataDir = None,
    limit: Limit = None,
    sample: Sample = None,
    tokenizer: Annotated[str, typer.Option(help="How texts are cut.")] = "kiwi",
    output: Annotated[
        str | None,
        typer.Option(help="How tokens are written: form, form/tag or lemma; Kiwi's with tags."),
    ] = None,
    vocabulary_size: Annotated[int, typer.Option(help="Ids of the networks, at most.")] = 20_000,
    min_count: Annotated[int, typer.Option(help="Rarer tokens stay unknown.")] = 2,
    embedding_size: Annotated[int | None, typer.Option(help="Numbers a token.")] = None,
    units: Annotated[int | None, typer.Option(help="Numbers in the hidden state.")] = None,
    dropout: Annotated[float | None, typer.Option(help="Share dropped while training.")] = None,
    word_dropout: Annotated[
        float | None, typer.Option(help="Share of the tokens dropped while training.")
    ] = None,
    embeddings: EmbeddingsFile = None,
    epochs: Annotated[int, typer.Option(help="Passes over the data, at most.")] = 10,
    batch_size: Annotated[int, typer.Option(help="Examples a step.")] = 64,
    learning_rate: Annotated[float, typer.Option(help="Step size of the optimizer.")] = 1e-3,
    seed: Seed = 0,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the table to a .json or .md file.")
    ] = None,
    json: Json = False,
) -> None:
    """Train models on one dataset and compare them, the linear baseline always among them."""
    from koprep.preprocessor import Preprocessor
    from koprep.zoo import TrainingConfig, list_models
    from koprep.zoo.baselines import BASELINE
    from koprep.zoo.leaderboard import make_leaderboard
    from koprep.zoo.recipes import default_settings, embeddings_for

    if out is not None and out.suffix not in (".json", ".md"):
        raise ValueError(f"--out must end in .json or .md, got {out}")
    if out is not None and not out.parent.is_dir():
        raise FileNotFoundError(f"--out: there is no folder {out.parent}; make it first")
    names = [name.strip() for name in models.split(",")] if models else None
    training = load_examples(dataset, "train", data_dir, limit, sample, seed)
    test = load_examples(dataset, "test", data_dir, None, None, seed)
    options = {
        "embedding_size": embedding_size,
        "units": units,
        "dropout": dropout,
        "word_dropout": word_dropout,
    }
    model_options = {name: value for name, value in options.items() if value is not None}
    pretrained = None
    if embeddings is not None:
        texts = unlabelled_texts(embeddings)
        pretrained = embeddings_for("gru", model_options, texts, seed)
    console = Console(stderr=True, emoji=False)
    result = make_leaderboard(
        list_models(task="classification") if names is None else names,
        training,
        test,
        preprocessor=Preprocessor(
            tokenizer=default_settings("classification", BASELINE, tokenizer, output)["tokenizer"],
            vocabulary_size=vocabulary_size,
            min_count=min_count,
        ),
        model_options=model_options,
        embeddings=pretrained,
        config=TrainingConfig(
            epochs=epochs, batch_size=batch_size, learning_rate=learning_rate, seed=seed
        ),
        progress=lambda name: console.print(f"training {name}", highlight=False),
    )
    as_json = json_format.dumps(result.to_dict(), ensure_ascii=False, indent=2)
    if json:
        print(as_json)
    else:
        _print(result)
    if out is not None:
        content = f"{as_json}\n" if out.suffix == ".json" else result.to_markdown()
        out.write_text(content, encoding="utf-8")


def _print(result: Leaderboard) -> None:
    from koprep.zoo.leaderboard import cells

    table = Table(
        Column("model", no_wrap=True),
        title=f"{result.dataset}: {result.training_examples:,} texts to train, "
        f"{result.test_examples:,} to test",
    )
    for column in ("accuracy", "parameters", "size", "train, s", "latency"):
        table.add_column(column, justify="right")
    for row in result.rows:
        table.add_row(*cells(row))
    Output().print(table)
