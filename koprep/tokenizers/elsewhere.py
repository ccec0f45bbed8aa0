"""Tokenizing in a fresh process, for one that was forked while its parent ran a JVM."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from koprep.tokenizers.base import Token
    from koprep.tokenizers.konlpy import KonlpyTokenizer


class FreshProcess:
    """A Python process that cuts texts, as long as the process that started it lives."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "koprep.tokenizers.elsewhere"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return self._process.poll() is None

    def cut(self, tokenizer: KonlpyTokenizer, texts: list[str]) -> list[list[Token]]:
        """Return the tokens of each text; what is raised there is raised here.

        Raises:
            ChildProcessError: the process died.
        """
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        with self._lock:
            try:
                pickle.dump((tokenizer, texts), requests)
                requests.flush()
                answer: list[list[Token]] | Exception = pickle.load(answers)
            except (EOFError, OSError, pickle.UnpicklingError) as error:
                raise ChildProcessError(
                    f"the process that cuts texts with {tokenizer.name} ended "
                    f"(exit status {self._end()}); its messages stand above"
                ) from error
            except BaseException:  # an answer nobody read would be taken for the next one
                self._end()
                raise
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _end(self) -> int:
        self._process.kill()
        return self._process.wait()


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more."""
    while True:
        try:
            tokenizer, texts = pickle.load(requests)  # from the parent process
        except EOFError:
            return
        answer: list[list[Token]] | Exception
        try:
            answer = tokenizer._analyze_chunk(texts)
        except Exception as error:  # noqa: BLE001  # it is raised where the request came from
            answer = error
        try:
            pickle.dump(answer, answers)
            answers.flush()
        except BrokenPipeError:  # nobody waits for it any more
            return


if __name__ == "__main__":
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what an engine prints must not end up among the answers
    serve(sys.stdin.buffer, pipe)
