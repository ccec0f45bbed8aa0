"""`koprep encode`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from koprep.cli.options import (
    Column,
    Encoding,
    Format,
    InputFiles,
    RowsPerShard,
    ShardFolder,
    Strict,
    WorkerCount,
)
from koprep.cli.rows import run_shards


def encode(
    preprocessor: Annotated[
        str,
        typer.Option(
            metavar="BUNDLE",
            help="A saved preprocessor's or trained model's folder, or a name of `koprep zoo list "
            "--pretrained`.",
        ),
    ],
    out: ShardFolder,
    files: InputFiles = None,
    column: Column = None,
    label: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The column of labels, whole numbers from 0, written as a column `label` of "
            "int32.",
        ),
    ] = None,
    shard_format: Annotated[
        str,
        typer.Option(
            "--files",
            metavar="parquet|npz|tfrecord",
            help="What is written: Parquet keeps the input's columns; the others hold token_ids "
            "and label alone.",
        ),
    ] = "parquet",
    rows_per_shard: RowsPerShard = None,
    workers: WorkerCount = None,
    format: Format = None,
    encoding: Encoding = None,
    strict: Strict = False,
) -> None:
    """Encode the texts of files of any size to rows of ids, on all cores.

    Standard input and files are read in a stream and become files part-00000.parquet … in the
    order of the input, with a column `token_ids`; manifest.json comes last. Stopped at any
    moment, the same command goes on where it stopped.

    Exit code 0: all rows were encoded, now or before; 1: some were bad, now or before, and went
    to files part-….bad.jsonl; 2: the work stopped, for the reason told, and what is done stays.
    """
    from koprep.sharding import EncodeWork, Inputs
    from koprep.zoo.loading import model_folder

    run_shards(
        Inputs.find(
            files or [Path("-")], column=column, label=label, format=format, encoding=encoding
        ),
        EncodeWork.of(model_folder(preprocessor), strict=strict),
        out,
        files=shard_format,
        rows_per_shard=rows_per_shard,
        workers=workers,
        verb="encoding",
    )
