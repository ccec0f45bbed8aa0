"""Fresh processes: an import, and a first answer, beside what would be opened anyway.

All are compiled already, as an installer leaves them: the first turn, which does not count, writes
bytecode.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.record import Comparison, Finding, Measure
from benchmarks.rounds import Peer, Question, Run

MOST_FOR_IMPORT = 0.2
MOST_FOR_ANSWER = 1.0
"""Seconds more than what has to be opened anyway."""

REVIEW = "배송도 빠르고 정말 좋아요"

KIWI = f"from kiwipiepy import Kiwi; Kiwi().tokenize({REVIEW!r})"
COURSE = (
    f"from benchmarks.lecture import sentiment_predict; sentiment_predict([{REVIEW!r}])({REVIEW!r})"
)


def ask(run: Run) -> Iterator[Finding]:
    importing = run.compare(
        Question(
            title="starting Python with an import",
            koprep=_process("-c", "import koprep"),
            koprep_name="import koprep",
            peers=(
                Peer(name="import numpy", work=_process("-c", "import numpy")),
                Peer(name="import tensorflow", work=_process("-c", "import tensorflow")),
            ),
        )
    )
    yield importing
    yield _extra("import koprep, beyond import numpy", importing, MOST_FOR_IMPORT)
    answering = run.compare(
        Question(
            title="a first answer",
            koprep=_process("-m", "koprep", "predict", REVIEW),
            koprep_name="koprep predict",
            peers=(
                Peer(name="opening Kiwi alone", work=_process("-c", KIWI)),
                Peer(name="the course's script (Okt, Keras)", work=_process("-c", COURSE)),
            ),
        )
    )
    yield answering
    yield _extra("koprep predict, beyond opening Kiwi", answering, MOST_FOR_ANSWER)


def _process(*arguments: str) -> Callable[[], None]:
    environment = {**os.environ}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def start() -> None:
        subprocess.run(
            [sys.executable, *arguments],
            cwd=Path(__file__).parents[2],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    return start


def _extra(what: str, comparison: Comparison, most: float) -> Measure:
    more = comparison.koprep.median - comparison.others[0].median
    return Measure(what=what, found=more, unit="s", most=most)
