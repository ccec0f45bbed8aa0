"""koprep warns of nothing by itself: whoever turns warnings into errors can use it."""

import os
import subprocess
import sys

import pytest

LIBRARY = """
import koprep, koprep.datasets, koprep.zoo
texts = ["배송이 빨라요", "별로예요ㅠㅠ"]
preprocessor = koprep.Preprocessor().fit(texts)
preprocessor.save("saved")
koprep.Preprocessor.load("saved").transform(texts)
koprep.zoo.load("review-sentiment").predict(texts)
"""
KOPREP = ["-m", "koprep"]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["-c", LIBRARY], id="fit, transform, save, load, predict"),
        pytest.param([*KOPREP, "predict", "좋아요"], id="koprep predict"),
        pytest.param([*KOPREP, "tag", "내일 서울역에서 만나요"], id="koprep tag"),
        pytest.param([*KOPREP, "generate", "오늘"], id="koprep generate"),
        pytest.param([*KOPREP, "zoo", "list"], id="koprep zoo list"),
    ],
)
def test_it_runs_with_warnings_as_errors(arguments, tmp_path):
    command = [sys.executable, "-W", "error", *arguments]
    run = subprocess.run(
        command, cwd=tmp_path, env={**os.environ}, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
