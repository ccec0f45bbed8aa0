"""Reviews on Spark: two cores against one, and against the library; what a cluster's plan needs.

Each round starts Spark anew with one core and with two, opens Kiwi in every Python worker, and
then times `koprep.spark.transform` of all reviews. After the rounds `fit`, `transform` and
`predict` run once on two cores, with the memory of their Python workers.
"""

from __future__ import annotations

import os
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from rich.console import Console
from rich.table import Table

from benchmarks.data import DATA
from koprep import Preprocessor
from koprep.datasets import load
from koprep.spark import fit, predict, prepare, transform

REVIEWS = 200_000
ROUNDS = 3
FILES = 8
"""Parquet files the reviews lie in, which Spark reads as so many partitions."""

DUE_OF_CORES = 1.6
DUE_OF_LIBRARY = 0.7


def report(minutes: float) -> None:
    """Measure and print."""
    texts = [
        text
        for split in ("train", "test")
        for text in load("nsmc", split=split, data_dir=DATA / "nsmc").texts
    ][:REVIEWS]
    preprocessor = Preprocessor().fit(texts[:20_000])
    seconds: dict[str, list[float]] = {"local[1]": [], "local[2]": [], "library": []}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "reviews")
        _write(texts, folder)
        for number in range(ROUNDS):
            for side in list(seconds)[:: 1 if number % 2 == 0 else -1]:
                if side == "library":
                    start = time.perf_counter()
                    preprocessor.transform(texts)
                    seconds[side].append(time.perf_counter() - start)
                else:
                    with _spark(side) as spark:
                        df = _warmed(spark, folder, preprocessor)
                        seconds[side].append(_timed(transform(df, "text", preprocessor)))
        planned = _plan(folder, preprocessor, len(texts))
    medians = {side: statistics.median(rounds) for side, rounds in seconds.items()}
    table = Table("side", "seconds (least to most)", "reviews/s")
    for side, rounds in seconds.items():
        table.add_row(
            side,
            f"{medians[side]:.1f} ({min(rounds):.1f} to {max(rounds):.1f})",
            f"{len(texts) / medians[side]:,.0f}",
        )
    console = Console(width=100)
    console.print(f"{len(texts):,} reviews to padded ids, {ROUNDS} rounds, {os.cpu_count()} cores")
    console.print(table)
    cores = medians["local[1]"] / medians["local[2]"]
    library = medians["library"] / medians["local[2]"]
    console.print(f"two cores over one: {cores:.2f} (due {DUE_OF_CORES})")
    console.print(f"Spark over the library: {library:.2f} (due {DUE_OF_LIBRARY})")
    console.print(planned)


def _write(texts: list[str], folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir()
    each = -(-len(texts) // FILES)
    for number in range(FILES):
        part = texts[number * each : (number + 1) * each]
        pq.write_table(pa.table({"text": pa.array(part)}), folder / f"{number}.parquet")


@contextmanager
def _spark(master: str) -> Iterator[SparkSession]:
    prepare()
    spark = (
        SparkSession.builder.master(master)
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", 8)
        .config("spark.sql.files.openCostInBytes", str(128 << 20))  # a file, a partition
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()


def _warmed(spark: SparkSession, folder: Path, preprocessor: Preprocessor) -> DataFrame:
    """Return the reviews, after every Python worker has opened Kiwi."""
    df = spark.read.parquet(str(folder))
    _timed(transform(df.limit(200).repartition(FILES), "text", preprocessor))
    return df


def _timed(df: DataFrame) -> float:
    start = time.perf_counter()
    df.write.format("noop").mode("overwrite").save()
    return time.perf_counter() - start


def _plan(folder: Path, preprocessor: Preprocessor, count: int) -> Table:
    """Return what one core does in a second, and the most memory a Python worker took."""
    table = Table("work", "reviews/s a core", "MB a Python worker, at most")
    for name in ("fit", "transform", "predict"):
        with _spark("local[2]") as spark:
            df = _warmed(spark, folder, preprocessor)
            if name == "fit":
                start = time.perf_counter()
                fit(df, "text", Preprocessor())
                seconds = time.perf_counter() - start
            elif name == "transform":
                seconds = _timed(transform(df, "text", preprocessor))
            else:
                seconds = _timed(predict(df, "text", "review-sentiment"))
            most = max(spark.sparkContext.range(8, numSlices=8).map(_peak_memory).collect())
        table.add_row(name, f"{count / seconds / 2:,.0f}", f"{most:,.0f}")
    return table


def _peak_memory(_: int) -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
