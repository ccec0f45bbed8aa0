"""Work on many texts in threads, in order, a bounded stretch of the stream at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from koprep.cores import available_cores

Result = TypeVar("Result")

CHUNK = 32
"""Texts a thread takes at once."""


def map_threads(
    function: Callable[[str], Result], texts: Iterable[str], *, prepare: Callable[[], object]
) -> Iterator[Result]:
    """Yield `function` of each text, in order, worked on by a thread a core.

    Each thread calls `prepare` first.

    >>> list(map_threads(len, ["가", "나다"], prepare=list))
    [1, 2]
    """
    workers = available_cores()
    stream = iter(texts)

    def work(chunk: list[str]) -> list[Result]:
        return [function(text) for text in chunk]

    with ThreadPoolExecutor(workers, initializer=prepare) as executor:
        waiting: deque[Future[list[Result]]] = deque()
        while True:
            while len(waiting) <= workers and (chunk := list(islice(stream, CHUNK))):
                waiting.append(executor.submit(work, chunk))
            if not waiting:
                return
            yield from waiting.popleft().result()
