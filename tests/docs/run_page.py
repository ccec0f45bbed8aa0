"""Run a page's ```python and ```bash blocks, in order, in the working folder.

Usage: python run_page.py PAGE. Names and files made by one block are there for the next. A block
under the comment `<!-- not run: REASON -->` is left out.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sybil import Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

LANGUAGES = ("python", "bash")
COMMENTS_ABOVE = re.compile(r"(?:<!--.*?-->\s*\n)+\Z", re.DOTALL)
NOT_RUN = re.compile(r"<!-- not run\b")


def is_left_out(page: str, start: int) -> bool:
    """Return whether one of the comments right above a block says that it is not run."""
    comments = COMMENTS_ABOVE.search(page, 0, start)
    return comments is not None and NOT_RUN.search(comments[0]) is not None


def bash(example: Example) -> str | None:
    answer = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", str(example.parsed)],
        capture_output=True,
        text=True,
        check=False,
    )
    print(answer.stdout)
    if answer.returncode:
        return f"exit code {answer.returncode} of:\n{example.parsed}\n{answer.stderr}"
    return None


def unless_left_out(evaluate: Callable[[Example], str | None]) -> Callable[[Example], str | None]:
    def run(example: Example) -> str | None:
        if is_left_out(example.document.text, example.start):
            return None
        print(f"-- line {example.line}", flush=True)
        return evaluate(example)

    return run


EVALUATORS = {"python": PythonEvaluator(), "bash": bash}

if __name__ == "__main__":
    page = sys.argv[1]
    parsers = [
        CodeBlockParser(language=language, evaluator=unless_left_out(EVALUATORS[language]))
        for language in LANGUAGES
    ]
    for example in Sybil(parsers=parsers).parse(Path(page)).examples():
        example.evaluate()
