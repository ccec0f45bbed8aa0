"""Sides measured in turn."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.record import Comparison, Other, Side

Work = Callable[[], Any]

MOST_LONG_ROUNDS = 3


@dataclass(frozen=True, kw_only=True)
class Peer:
    """Another way to do the same work."""

    name: str
    work: Work
    due: float | None = None
    """Its measure over koprep's, at least: of seconds, how many times as fast koprep has to be."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is measured: several ways to do the same work."""

    title: str
    koprep: Work
    peers: tuple[Peer, ...]
    koprep_name: str = "koprep"
    timed: bool = True
    """Whether a round's seconds are the measure; else a side returns what it measured."""
    unit: str = "s"
    """Of the measure."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """How a question is asked."""

    rounds: int = 5
    minutes: float = 1
    """That a server's memory is watched for."""

    @property
    def long_rounds(self) -> int:
        """Rounds of what takes minutes a round."""
        return min(self.rounds, MOST_LONG_ROUNDS)

    def compare(self, question: Question, *, rounds: int | None = None) -> Comparison:
        """Run all sides in turn, another one first in each round; what is timed warms up before."""
        works = [question.koprep, *(peer.work for peer in question.peers)]
        timed = question.timed
        if timed:
            for work in works:
                work()
        measured: list[list[float]] = [[] for _ in works]
        for number in range(rounds or self.rounds):
            for place in range(len(works)):
                i = (place + number) % len(works)
                gc.collect()
                start = time.perf_counter()
                returned = works[i]()
                seconds = time.perf_counter() - start
                measured[i].append(seconds if timed else float(returned))
                del returned
        middle = statistics.median(measured[0])
        return Comparison(
            title=question.title,
            unit=question.unit,
            koprep=Side(name=question.koprep_name, rounds=measured[0]),
            others=tuple(
                Other(
                    name=peer.name,
                    rounds=rounds,
                    ratio=statistics.median(rounds) / middle,
                    due=peer.due,
                )
                for peer, rounds in zip(question.peers, measured[1:], strict=True)
            ),
        )
