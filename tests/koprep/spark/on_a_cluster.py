"""Run fit, transform and predict on two workers, killing an executor meanwhile; print the result.

    python on_a_cluster.py FOLDER

Reads FOLDER/reviews.parquet (id, text) and writes FOLDER/result.npz and FOLDER/vocabulary.txt.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import numpy as np
from pyspark.sql import SparkSession

from koprep import Preprocessor
from koprep.spark import fit, predict, prepare, transform


def executors() -> list[int]:
    """Return the process ids of the executors that this process' JVM has started."""
    return [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if b"CoarseGrainedExecutorBackend" in _read(path) and _descends(int(path.parent.name))
    ]


def _descends(pid: int) -> bool:
    while pid > 1:
        if pid == os.getpid():
            return True
        status = _read(Path(f"/proc/{pid}/stat")).decode(errors="replace")
        pid = int(status.rpartition(")")[2].split()[1]) if status else 0
    return False


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # the process has ended
        return b""


def kill_one(killed: list[int], seen: Path) -> None:
    """Kill an executor once a task has begun on one."""
    while not list(seen.glob("*")):
        time.sleep(0.01)
    pid = executors()[0]
    os.kill(pid, signal.SIGKILL)
    killed.append(pid)


def main(folder: Path) -> None:
    """Do everything on the cluster."""
    prepare()
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    spark = (
        SparkSession.builder.master("local-cluster[2,1,2048]")
        .config("spark.executor.memory", "1g")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.sql.files.maxPartitionBytes", "100000")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    df = spark.read.parquet(str(folder / "reviews.parquet")).repartition(8)
    fitted = fit(df, "text", Preprocessor(min_count=2), order_by="id")

    seen = folder / "seen"
    seen.mkdir()

    def mark(batches):  # tells that a task is under way
        for number, batch in enumerate(batches):
            (seen / f"{os.getpid()}-{number}").touch()
            yield batch

    before, killed = executors(), []
    threading.Thread(target=kill_one, args=(killed, seen), daemon=True).start()
    marked = df.mapInArrow(mark, df.schema)
    encoded = transform(marked, "text", fitted).select("id", "token_ids", "problem")
    encoded.write.parquet(str(folder / "encoded"))
    ids = spark.read.parquet(str(folder / "encoded")).orderBy("id").toArrow()
    predicted = predict(df, "text", "trace-gru").orderBy("id").select("id", "prediction")
    np.savez(
        folder / "result.npz",
        executors=before,
        killed=killed,
        id=ids["id"].to_numpy(),
        token_ids=ids["token_ids"].combine_chunks().flatten().to_numpy(),
        positive=[row["prediction"]["probabilities"][1] for row in predicted.collect()],
    )
    fitted.vocabulary_.save(folder / "vocabulary.txt")
    spark.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
