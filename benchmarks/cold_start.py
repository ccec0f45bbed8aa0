"""`koprep predict` from a cold start against starting Kiwi alone, each in a fresh process."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.rounds import Question

MOST_EXTRA_SECONDS = 1.0

REVIEW = "배송도 빠르고 정말 좋아요"


def question() -> Question:
    def run(*arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)

    kiwi = f"from kiwipiepy import Kiwi; Kiwi().tokenize({REVIEW!r})"
    return Question(
        title=f"a first answer (due: at most {MOST_EXTRA_SECONDS} s more)",
        koprep=lambda: run("-m", "koprep", "predict", REVIEW),
        other=lambda: run("-c", kiwi),
        koprep_name="koprep predict",
        other_name="Kiwi alone",
        least_ratio=0,
    )
