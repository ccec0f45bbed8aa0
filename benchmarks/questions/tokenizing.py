"""Raw texts to morphemes, engine by engine: koprep's threads against a loop over the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.data import reviews
from benchmarks.record import Finding
from benchmarks.rounds import Peer, Question, Run
from koprep import get_tokenizer

REVIEWS = {
    "kiwi": 10_000,
    "mecab": 30_000,
    "okt": 3_000,
    "komoran": 5_000,
    "hannanum": 1_000,
    "kkma": 300,
}
"""As many as take some seconds."""

DUE = {"okt": 1.5, "mecab": 1.6}


def ask(run: Run) -> Iterator[Finding]:
    for engine, count in REVIEWS.items():
        yield run.compare(_question(engine, reviews(count)))


def _question(engine: str, raw: list[str]) -> Question:
    tokenizer = get_tokenizer(engine)
    tokenizer.tokenize("먼저 여는 문장")  # starts the JVM with koprep's settings
    name, analyze = _loop(engine)
    return Question(
        title=f"{len(raw):,} reviews to morphemes with {engine}",
        koprep=lambda: sum(1 for _ in tokenizer.tokenize_many(raw)),
        peers=(
            Peer(
                name=f"{name} in a loop",
                work=lambda: sum(1 for text in raw if analyze(text) is not None),
                due=DUE.get(engine),
            ),
        ),
    )


def _loop(engine: str) -> tuple[str, Callable[[str], Any]]:
    """Return an engine as its users call it."""
    if engine == "kiwi":
        from kiwipiepy import Kiwi

        return "kiwipiepy", Kiwi().tokenize
    if engine == "mecab":
        from mecab import MeCab

        return "python-mecab-ko", MeCab().pos
    import konlpy.tag

    return "KoNLPy", getattr(konlpy.tag, engine.capitalize())().pos
