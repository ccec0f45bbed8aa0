"""Clients that keep a server busy, each on a connection of its own."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, cycle, repeat

HEADERS = "POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"


@dataclass
class Load:
    """What the clients saw."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    """Seconds, of the requests that were answered with 200."""
    refusals: list[float] = field(default_factory=list)
    """Seconds, of those that were answered with 503."""

    @property
    def answered_a_second(self) -> float:
        return self.statuses[200] / self.seconds

    @property
    def unexpected(self) -> int:
        """Answers that were neither given nor refused as they should be."""
        return self.statuses.total() - self.statuses[200] - self.statuses[503]

    def percentile_ms(self, share: float) -> float:
        return 1000 * percentile(self.latencies, share)


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def requests(path: str, bodies: Sequence[object]) -> list[bytes]:
    """Return whole requests, ready to send."""
    made = []
    for body in bodies:
        content = json.dumps(body, ensure_ascii=False).encode()
        head = HEADERS.format(path=path) + f"Content-Length: {len(content)}\r\n\r\n"
        made.append(head.encode() + content)
    return made


def press(
    port: int,
    made: Sequence[bytes],
    *,
    connections: int,
    seconds: float,
    rate: float | None = None,
) -> Load:
    """Send requests from many connections for a while.

    Args:
        port: of the server.
        made: what is sent, over and over.
        connections: each sends its next request when the last one is answered.
        seconds: until the last request is sent.
        rate: requests a second, of all connections together; None sends as fast as is answered.
    """
    return asyncio.run(_press(port, made, connections, seconds, rate))


async def _press(
    port: int, made: Sequence[bytes], connections: int, seconds: float, rate: float | None
) -> Load:
    load = Load()
    start = time.perf_counter()
    due = repeat(start) if rate is None else (start + number / rate for number in count())
    stream = zip(due, cycle(made), strict=False)
    await asyncio.gather(
        *(_client(port, stream, start + seconds, load) for _ in range(connections))
    )
    load.seconds = time.perf_counter() - start
    return load


async def _client(port: int, stream: Iterator[tuple[float, bytes]], end: float, load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for due, request in stream:
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        if (sent := time.perf_counter()) >= end:
            break
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if length := head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]:
            await reader.readexactly(int(length))
        else:  # a stream, in chunks; JSON holds no line ends
            await reader.readuntil(b"0\r\n\r\n")
        status = int(head[9:12])
        load.statuses[status] += 1
        took = time.perf_counter() - sent
        if status == 200:
            load.latencies.append(took)
        elif status == 503:
            load.refusals.append(took)
    writer.close()
    await writer.wait_closed()
