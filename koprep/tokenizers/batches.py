"""Work on many texts by a pool of threads or processes, in order, a bounded stretch at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import islice
from typing import TypeVar

Result = TypeVar("Result")


def map_chunks(
    executor: Executor,
    function: Callable[[list[str]], list[Result]],
    texts: Iterable[str],
    *,
    size: int,
    ahead: int,
) -> Iterator[tuple[str, Result]]:
    """Yield each text and its result, in order.

    Args:
        executor: runs `function`.
        function: takes some texts and returns as many results.
        texts: any stream; no more of it is read than is worked on.
        size: texts handed over at a time.
        ahead: such chunks under way beside the one whose results are being read.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as threads:
    ...     list(map_chunks(threads, lambda chunk: [len(t) for t in chunk], ["가", "나다"],
    ...                     size=1, ahead=2))
    [('가', 1), ('나다', 2)]
    """
    stream = iter(texts)
    waiting: deque[tuple[list[str], Future[list[Result]]]] = deque()
    while True:
        while len(waiting) <= ahead and (chunk := list(islice(stream, size))):
            waiting.append((chunk, executor.submit(function, chunk)))
        if not waiting:
            return
        chunk, future = waiting.popleft()
        yield from zip(chunk, future.result(), strict=True)
