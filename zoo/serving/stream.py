"""Text that is being written, as a stream of server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from pydantic_core import to_json
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ..generator import Generated
from .admission import Admission
from .batching import Batcher
from .problems import Problem


class EventStream(Response):
    """An answer that comes in pieces."""

    media_type = "text/event-stream"


class GenerationStream(EventStream):
    """Sends each token as it is chosen; stops when nobody listens any more.

    Args:
        begin: reads the prompt, and returns the tokens; it raises `ValueError` where the prompt
            has nothing to begin with.
        prompt: what the text begins with.
        weight: of the work in the queue.
        batcher: computes the tokens, one at a time.
        admission: takes the work on.
    """

    def __init__(
        self,
        begin: Callable[[], Iterator[Generated]],
        prompt: str,
        *,
        weight: int,
        batcher: Batcher,
        admission: Admission,
    ) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._begin = begin
        self._text = prompt
        self._weight = weight
        self._batcher = batcher
        self._admission = admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write the text."""
        with self._admission(self._weight):
            try:
                steps = await self._batcher.call(self._begin)
            except ValueError as error:
                raise Problem(
                    422,
                    "unknown-prompt",
                    str(error),
                    "시작하는 글에 모델이 아는 말이 없습니다. 모델이 배운 말로 시작해 주세요.",
                    where="/prompt",
                ) from error
            step = await self._next(steps)
            await send(
                {"type": "http.response.start", "status": 200, "headers": list(self.raw_headers)}
            )
            gone = asyncio.create_task(_disconnected(receive))
            try:
                while step is not None and not gone.done():
                    self._text = step.text
                    await _send_event(send, "token", {"token": step.token, "text": step.text})
                    step = await self._next(steps)
                await _send_event(send, "done", {"text": self._text})
            except Exception:
                problem = Problem.internal().response()
                await _send_event(send, "error", bytes(problem.body))
                raise
            finally:
                gone.cancel()
                await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self, steps: Iterator[Generated]) -> Generated | None:
        return await self._batcher.call(lambda: next(steps, None))


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_event(send: Send, event: str, data: dict[str, Any] | bytes) -> None:
    content = data if isinstance(data, bytes) else to_json(data)
    body = b"event: " + event.encode() + b"\ndata: " + content + b"\n\n"
    await send({"type": "http.response.body", "body": body, "more_body": True})
