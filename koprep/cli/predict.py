"""`koprep predict`."""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import Annotated

import typer

from koprep.cli.inputs import text_chunks
from koprep.cli.options import (
    Column,
    Encoding,
    Format,
    Json,
    ModelOption,
    RowsPerShard,
    Strict,
    WorkerCount,
)
from koprep.cli.rows import run_shards


def predict(
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="TEXT…", help="Texts; without any, lines of standard input."),
    ] = None,
    model: ModelOption = "review-sentiment",
    json: Json = False,
    encoding: Encoding = None,
    file: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Predict the rows of a file of any size, or of a folder of files, on all cores; "
            "may be given several times. - is standard input.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Of --file: where to write; begun work there goes on."),
    ] = None,
    column: Column = None,
    rows_per_shard: RowsPerShard = None,
    workers: WorkerCount = None,
    format: Format = None,
    strict: Strict = False,
) -> None:
    """Predict the label of texts; by default, whether a review is negative or positive.

    With --file, the rows of files become Parquet files part-00000.parquet … in the order of the
    input, with the columns `predicted_label` and `probabilities`; manifest.json comes last.
    Stopped at any moment, the same command goes on where it stopped. Exit code 0: all rows were
    predicted, now or before; 1: some were bad, now or before, and went to files
    part-….bad.jsonl; 2: the work stopped, for the reason told, and what is done stays.
    """
    of_files = {
        "--out": out,
        "--column": column,
        "--rows-per-shard": rows_per_shard,
        "--workers": workers,
        "--format": format,
        "--strict": strict or None,
    }
    if not file:
        for option, given in of_files.items():
            if given is not None:
                raise ValueError(f"{option} is for files: give them with --file, or leave it out")
    elif texts or json:
        raise ValueError(f"--file goes without {'texts' if texts else '--json'}: leave one out")
    elif out is None:
        raise ValueError("--file needs --out, the folder to write to")
    else:
        from koprep.sharding import Inputs
        from koprep.zoo.predict_work import PredictWork

        run_shards(
            Inputs.find(file, column=column, format=format, encoding=encoding),
            PredictWork.of(model, strict=strict),
            out,
            rows_per_shard=rows_per_shard,
            workers=workers,
            verb="predicting",
        )
        return
    from koprep.zoo.loading import open_classifier
    from koprep.zoo.wording import prediction_sentence

    chunks = text_chunks(texts, encoding)
    classifier = open_classifier(model)
    alone = texts is not None and len(texts) == 1
    for chunk in chunks:
        for text, probabilities in zip(chunk, classifier.predict_proba(chunk), strict=True):
            best = int(probabilities.argmax())
            label, probability = classifier.label_names_[best], float(probabilities[best])
            if json:
                by_label = dict(zip(classifier.label_names_, probabilities.tolist(), strict=True))
                row = {
                    "text": text,
                    "label": label,
                    "probability": probability,
                    "probabilities": by_label,
                }
                print(json_format.dumps(row, ensure_ascii=False))
            else:
                sentence = prediction_sentence(label, probability)
                print(sentence if alone else f"{sentence}\t{text}")
