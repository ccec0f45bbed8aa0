"""`koprep train`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from koprep.cli.examples import load_examples
from koprep.cli.inputs import unlabelled_texts
from koprep.cli.options import (
    DataDir,
    EmbeddingsFile,
    Limit,
    Sample,
    Seed,
    StopwordList,
    open_stopwords,
)
from koprep.cli.pictures import tell_pictures

if TYPE_CHECKING:
    from koprep.zoo.recipes import Examples


def train(
    dataset: Annotated[str, typer.Argument(help="A name of `koprep datasets list`.")],
    out: Annotated[Path, typer.Option(help="Folder to save the trained model to.")],
    model: Annotated[
        str, typer.Option(help="A name of `koprep zoo list`, or tfidf_logreg.")
    ] = "gru",
    data_dir: DataDir = None,
    limit: Limit = None,
    sample: Sample = None,
    task: Annotated[
        str | None,
        typer.Option(
            help="classification, tagging, language_model or next_token; by default what the "
            "dataset is made for."
        ),
    ] = None,
    tokenizer: Annotated[
        str | None, typer.Option(help="How texts are cut; by default as the task needs it.")
    ] = None,
    output: Annotated[
        str | None, typer.Option(help="How tokens are written: form, form/tag or lemma.")
    ] = None,
    stopwords: StopwordList = None,
    vocabulary_size: Annotated[int | None, typer.Option(help="Ids at most.")] = None,
    min_count: Annotated[int | None, typer.Option(help="Rarer tokens stay unknown.")] = None,
    maxlen: Annotated[
        int | None, typer.Option(help="Tokens a row; by default 99 % of the texts stay whole.")
    ] = None,
    embedding_size: Annotated[int | None, typer.Option(help="Numbers a token.")] = None,
    units: Annotated[int | None, typer.Option(help="Numbers in the hidden state.")] = None,
    layers: Annotated[int | None, typer.Option(help="Recurrent layers.")] = None,
    dropout: Annotated[float | None, typer.Option(help="Share dropped while training.")] = None,
    recurrent_dropout: Annotated[
        float | None, typer.Option(help="Share of the state dropped between steps.")
    ] = None,
    word_dropout: Annotated[
        float | None, typer.Option(help="Share of the tokens dropped while training.")
    ] = None,
    embeddings: EmbeddingsFile = None,
    freeze_embedding: Annotated[
        bool,
        typer.Option("--freeze-embedding", help="Leave the --embeddings as they were learned."),
    ] = False,
    epochs: Annotated[int, typer.Option(help="Passes over the data, at most.")] = 10,
    batch_size: Annotated[int, typer.Option(help="Examples a step.")] = 64,
    validation_split: Annotated[
        float, typer.Option(help="Share of the examples held out to choose the best epoch.")
    ] = 0.1,
    learning_rate: Annotated[float, typer.Option(help="Step size of the optimizer.")] = 1e-3,
    schedule: Annotated[
        str, typer.Option(help="How the learning rate falls: constant, linear or cosine.")
    ] = "constant",
    warmup: Annotated[
        float, typer.Option(help="Share of all steps in which the learning rate rises.")
    ] = 0.0,
    clip_norm: Annotated[
        float | None, typer.Option(help="Longer gradients are shortened to this.")
    ] = None,
    balanced: Annotated[
        bool, typer.Option("--balanced", help="Every label weighs the same, however rare.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a training that was stopped.")
    ] = False,
    checkpoint_seconds: Annotated[
        float, typer.Option(help="Seconds between checkpoints; after each epoch there is one too.")
    ] = 300.0,
    pictures: Annotated[
        bool,
        typer.Option(
            "--pictures", help="Draw curves, labels and lengths as PNGs into OUT.pictures."
        ),
    ] = False,
    seed: Seed = 0,
) -> None:
    """Train a model on a dataset and save it.

    While it trains, OUT.checkpoint holds what --resume needs to go on after a stop.
    """
    from koprep.bundle import check_target
    from koprep.preprocessor import Preprocessor
    from koprep.zoo import CheckpointConfig, TrainingConfig
    from koprep.zoo.recipes import (
        check_task,
        default_settings,
        embeddings_for,
        fit_for_task,
        task_of,
    )

    check_target(out)  # before the long work
    if pictures:
        from koprep.zoo.plots import import_matplotlib

        import_matplotlib()
    checkpoints = CheckpointConfig(
        folder=out.with_name(f"{out.name}.checkpoint"),
        every_seconds=checkpoint_seconds,
        resume=resume,
        keep=True,
    )
    checkpoints.check()
    options = {
        "embedding_size": embedding_size,
        "units": units,
        "layers": layers,
        "dropout": dropout,
        "recurrent_dropout": recurrent_dropout,
        "word_dropout": word_dropout,
    }
    model_options: dict[str, int | float] = {
        name: value for name, value in options.items() if value is not None
    }
    if freeze_embedding:
        model_options["freeze_embedding"] = True
    pretrained = None
    if embeddings is not None:
        pretrained = embeddings_for(model, model_options, unlabelled_texts(embeddings), seed)
    training = TrainingConfig(
        epochs=epochs,
        batch_size=batch_size,
        validation_split=validation_split,
        learning_rate=learning_rate,
        schedule=schedule,
        warmup=warmup,
        clip_norm=clip_norm,
        class_weight="balanced" if balanced else None,
        seed=seed,
    )
    left_out = open_stopwords(stopwords)
    examples = load_examples(dataset, "train", data_dir, limit, sample, seed)
    chosen = check_task(task, examples) if task else task_of(examples)
    settings = default_settings(chosen, model, tokenizer, output, examples=examples)
    given = {"vocabulary_size": vocabulary_size, "min_count": min_count, "maxlen": maxlen}
    settings |= {name: value for name, value in given.items() if value is not None}
    _describe(dataset, examples, limit)
    estimator = fit_for_task(
        chosen,
        examples,
        model,
        preprocessor=Preprocessor(stopwords=left_out, **settings),
        model_options=model_options,
        embeddings=pretrained,
        training=training,
        checkpoints=checkpoints,
        progress=True,
    )
    estimator.save(out)
    checkpoints.remove()
    print(f"{estimator.training_summary()}, saved to {out}")
    if pictures:
        from koprep.zoo.pictures import draw_training

        tell_pictures(draw_training(out.with_name(f"{out.name}.pictures"), estimator, examples))


def _describe(dataset: str, examples: Examples, limit: int | None) -> None:
    console = Console(stderr=True, emoji=False)
    counts: dict[str, int] = getattr(examples, "label_counts", dict)()
    listed = ", ".join(f"{name} {count}" for name, count in counts.items())
    told = f"{dataset}: {len(examples)} examples"
    console.print(f"{told} ({listed})" if listed else told, highlight=False, markup=False)
    if limit is not None and counts and min(counts.values()) < 0.5 * len(examples) / len(counts):
        console.print(
            "[yellow]warning:[/] these labels are unequal: the file may be sorted, and a model "
            f"of its first rows expects them everywhere; --sample {limit} chooses at random",
            highlight=False,
        )
