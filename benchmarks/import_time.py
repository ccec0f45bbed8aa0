"""`import koprep` against `import numpy`, each in a fresh process."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.rounds import Question

MOST_EXTRA_SECONDS = 0.2


def question() -> Question:
    def run(statement: str) -> None:
        subprocess.run([sys.executable, "-c", statement], check=True)

    return Question(
        title=f"starting Python with the import (due: at most {MOST_EXTRA_SECONDS} s more)",
        koprep=lambda: run("import koprep"),
        other=lambda: run("import numpy"),
        koprep_name="import koprep",
        other_name="import numpy",
        least_ratio=0,
    )
