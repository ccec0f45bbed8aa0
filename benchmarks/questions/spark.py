"""Reviews on Spark: two cores against one, and against the library; what a cluster's plan needs.

A round starts Spark anew, with one core or with two, opens Kiwi in every Python worker, and then
times `koprep.spark.transform` of all reviews. After the rounds `fit`, `transform` and `predict` run
once on two cores, with the memory of their Python workers.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession

from benchmarks.data import all_reviews
from benchmarks.memory import command_line, descendants, peak_mib
from benchmarks.record import Finding, Measure
from benchmarks.rounds import Peer, Question, Run
from koprep import Preprocessor
from koprep.spark import fit, predict, prepare, transform

REVIEWS = 100_000
FILES = 8
"""Parquet files the reviews lie in, which Spark reads as so many partitions."""

DUE_OF_CORES = 1.6
DUE_OF_LIBRARY = 0.7


def ask(run: Run) -> Iterator[Finding]:
    texts = list(islice(all_reviews(), REVIEWS))
    preprocessor = Preprocessor().fit(texts[:20_000])
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "reviews")
        _write(texts, folder)

        def spark(master: str) -> float:
            with _spark(master) as session:
                df = _warmed(session, folder, preprocessor)
                return _timed(transform(df, "text", preprocessor))

        def library() -> float:
            start = time.perf_counter()
            preprocessor.transform(texts)
            return time.perf_counter() - start

        yield run.compare(
            Question(
                title=f"{REVIEWS:,} reviews to rows of ids",
                koprep=lambda: spark("local[2]"),
                koprep_name="koprep.spark on two cores",
                peers=(
                    Peer(name="on one core", work=lambda: spark("local[1]"), due=DUE_OF_CORES),
                    Peer(name="the library on two cores", work=library, due=DUE_OF_LIBRARY),
                ),
                timed=False,
            ),
            rounds=run.long_rounds,
        )
        yield from _plan(folder, preprocessor)


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


def _plan(folder: Path, preprocessor: Preprocessor) -> Iterator[Finding]:
    """Yield what one core does in a second, and the most memory a Python worker took."""
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
            most = max(
                peak_mib(process)
                for process in descendants(os.getpid())
                if "pyspark" in command_line(process)
            )
        rate = REVIEWS / seconds / 2
        yield Measure(what=f"`{name}`, on each of two cores", found=rate, unit="reviews/s")
        yield Measure(
            what=f"a billion such reviews through `{name}`",
            found=1e9 / rate / 3600,
            unit="core hours",
        )
        yield Measure(what="the most memory of its Python worker", found=most, unit="MiB")
