"""Two executors in processes of their own, one of them killed in a job: nothing is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from koprep import Preprocessor
from koprep.datasets import load
from koprep.vocabulary import Vocabulary
from koprep.zoo import pretrained

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds executors in /proc")


def test_an_executor_that_is_killed_loses_nothing(java_home, real_data, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = load("nsmc", split="train", data_dir=real_data / "nsmc").texts[:4000]
    table = pa.table({"id": pa.array(range(len(texts)), pa.int64()), "text": pa.array(texts)})
    pq.write_table(table, tmp_path / "reviews.parquet")
    script = Path(__file__).with_name("on_a_cluster.py")
    done = subprocess.run(
        [sys.executable, "-P", str(script), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=400,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result = np.load(tmp_path / "result.npz")
    assert len(result["executors"]) == 2
    assert set(result["killed"]) < set(result["executors"])
    assert len(result["killed"]) == 1

    one = Preprocessor(min_count=2)
    token_ids = one.fit_transform(texts)
    assert Vocabulary.load(tmp_path / "vocabulary.txt") == one.vocabulary_
    assert result["id"].tolist() == list(range(len(texts)))
    assert np.array_equal(result["token_ids"].reshape(len(texts), -1), token_ids)
    due = pretrained("trace-gru").predict_proba(texts)[:, 1]
    assert np.allclose(result["positive"], due, atol=1e-6)
