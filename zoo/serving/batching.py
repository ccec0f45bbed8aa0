"""`Batcher`: texts of many requests answered together, by one thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar, cast

Result = TypeVar("Result")

Answer = Callable[[list[str]], Sequence[Any]]
"""Texts in, a result for each out; it may not depend on the texts' neighbours."""

BATCH = 256
"""What the texts answered together weigh, at most; one may always weigh more alone."""

SHARE = 64
"""What the texts of one request weigh in a batch, while others wait."""

WEIGHED_CHARACTERS = 200


def weigh(text: str) -> int:
    """Return for how many texts a text counts: 1, and 1 more for every 200 characters.

    >>> weigh(""), weigh("가" * 199), weigh("가" * 200)
    (1, 1, 2)
    """
    return 1 + len(text) // WEIGHED_CHARACTERS


@dataclass(eq=False)
class _Request:
    """Texts of one caller."""

    texts: Sequence[str]
    future: asyncio.Future[list[Any]]
    results: list[Any] = field(default_factory=list)
    taken: int = 0
    """Texts that were answered or are being answered."""

    @property
    def left(self) -> int:
        return len(self.texts) - self.taken

    def take(self, room: int) -> tuple[list[str], int]:
        """Return the next texts that fit into a batch, and what they weigh."""
        start, weight = self.taken, 0
        while self.left and (more := weight + weigh(self.texts[self.taken])) <= room:
            weight = more
            self.taken += 1
        return list(self.texts[start : self.taken]), weight


@dataclass(frozen=True)
class _Part:
    """Texts of a request that are in the batch under way."""

    request: _Request
    texts: list[str]


class Batcher:
    """Gathers what is asked while the thread is busy, and answers it together.

    An idle thread begins at once. Every batch holds a share of the request that waits longest;
    the rest of it goes to the requests with the fewest texts left, so that a single text passes
    a thousand, and a thousand still come to their end.

    It belongs to the event loop it is first used in.

    Args:
        observe: called with the number of texts of each batch.
    """

    def __init__(self, observe: Callable[[int], object] = lambda texts: None) -> None:
        self._observe = observe
        self._thread = ThreadPoolExecutor(1, "koprep-batch")
        self._waiting: dict[Answer, list[_Request]] = {}
        self._busy = False

    async def answer(
        self, function: Callable[[list[str]], Sequence[Result]], texts: Sequence[str]
    ) -> list[Result]:
        """Return `function`'s results for the texts, maybe computed beside other callers' texts.

        Args:
            function: the same object for all whose texts may be answered together.
            texts: one at least.

        Raises:
            Exception: what `function` raises for these texts; other callers do not see it.
        """
        loop = asyncio.get_running_loop()
        request = _Request(texts, loop.create_future())
        self._waiting.setdefault(function, []).append(request)
        if not self._busy:
            self._busy = True
            loop.call_soon(self._begin, loop)  # what arrived with it may join
        return cast("list[Result]", await request.future)

    async def call(self, function: Callable[[], Result]) -> Result:
        """Run something else in the thread, in its turn."""
        (result,) = await self.answer(lambda _: [function()], [""])
        return result

    def close(self) -> None:
        """End the thread once it has nothing to do."""
        self._thread.shutdown()

    def _begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the next batch, of the function whose turn it is."""
        while self._waiting:
            function, requests = next(iter(self._waiting.items()))
            del self._waiting[function]
            requests = [one for one in requests if not one.future.done()]  # some callers left
            parts = _gather(requests)
            if rest := [one for one in requests if one.left]:
                self._waiting[function] = rest  # behind the other functions
            if parts:
                self._observe(sum(len(part.texts) for part in parts))
                work = loop.run_in_executor(self._thread, _work, function, parts)
                work.add_done_callback(partial(self._end, loop, parts))
                return
        self._busy = False

    def _end(
        self,
        loop: asyncio.AbstractEventLoop,
        parts: list[_Part],
        work: asyncio.Future[list[Sequence[Any] | Exception]],
    ) -> None:
        self._begin(loop)  # the thread first, it is what others wait for
        for part, found in zip(parts, work.result(), strict=True):
            request = part.request
            if request.future.done():
                continue
            if isinstance(found, Exception):
                request.future.set_exception(found)
                continue
            request.results += found
            if len(request.results) == len(request.texts):
                request.future.set_result(request.results)


def _gather(requests: list[_Request]) -> list[_Part]:
    """Take the texts of the next batch: of the oldest request first, then of the smallest."""
    parts: list[_Part] = []
    room = BATCH
    share = BATCH if len(requests) == 1 else SHARE
    for request in [*requests[:1], *sorted(requests[1:], key=lambda one: one.left)]:
        texts, weight = request.take(min(room, share))
        if not texts and not parts:  # the oldest request's next text is heavier than a share
            texts = [request.texts[request.taken]]
            request.taken += 1
            weight = room
        if texts:
            parts.append(_Part(request, texts))
            room -= weight
    return parts


def _work(function: Answer, parts: list[_Part]) -> list[Sequence[Any] | Exception]:
    """Return each part's results; where they fail together, each answers for itself."""
    try:
        found = function([text for part in parts for text in part.texts])
    except Exception as error:  # noqa: BLE001  # whatever it is, the caller gets it
        if len(parts) == 1:
            return [error]
        return [result for part in parts for result in _work(function, [part])]
    divided: list[Sequence[Any] | Exception] = []
    start = 0
    for part in parts:
        divided.append(found[start : start + len(part.texts)])
        start += len(part.texts)
    return divided
