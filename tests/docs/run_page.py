"""Run a page's ```python and ```bash blocks, in order, in the working folder.

Usage: python run_page.py PAGE. Names and files made by one block are there for the next. A block
under the comment `<!-- not run: REASON -->` is left out. A ```text block that follows at once shows
what the block printed.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sybil import Example, Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser

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
    print(answer.stdout, end="")
    if answer.returncode:
        return f"exit code {answer.returncode} of:\n{example.parsed}\n{answer.stderr}"
    return None


class Page:
    """What the blocks of a page print, and where each ended."""

    def __init__(self) -> None:
        self.printed = ""
        self.end = -1

    def running(self, evaluate: Callable[[Example], str | None]) -> Callable[[Example], str | None]:
        """Return how a block is run: its output is kept, and shown."""

        def run(example: Example) -> str | None:
            if is_left_out(example.document.text, example.start):
                return None
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                found = evaluate(example)
            self.printed, self.end = output.getvalue(), example.end
            print(f"-- line {example.line}", self.printed, sep="\n", flush=True)
            return found

        return run

    def compare(self, example: Example) -> str | None:
        """Return how a block of text differs from what the block right above it printed."""
        if self.end < 0 or example.document.text[self.end : example.start].strip():
            return None
        shown, printed = lines(str(example.parsed)), lines(self.printed)
        if shown == printed:
            return None
        return "\n".join(difflib.unified_diff(shown, printed, "shown", "printed", lineterm=""))


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


if __name__ == "__main__":
    page = Page()
    evaluators = {
        "python": page.running(PythonEvaluator()),
        "bash": page.running(bash),
        "text": page.compare,
    }
    parsers = [
        CodeBlockParser(language=language, evaluator=evaluator)
        for language, evaluator in evaluators.items()
    ]
    for example in Sybil(parsers=parsers).parse(Path(sys.argv[1])).examples():
        example.evaluate()
