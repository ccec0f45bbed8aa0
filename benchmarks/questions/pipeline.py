"""Raw reviews to padded rows of ids: koprep beside what people string together."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.data import reviews
from benchmarks.lecture import konlpy_and_scikit_learn, lecture_rows
from benchmarks.record import Finding
from benchmarks.rounds import Peer, Question, Run
from koprep import Preprocessor
from koprep.cores import available_cores

REVIEWS = 3_000
"""As many as Okt cuts in some seconds."""

MANY = 10_000

SETTINGS = {"vocabulary_size": 8_000, "maxlen": 60}

DUE = {"kiwi": 5.0, "mecab": 12.0}
DUE_OF_KIWI = 0.93
TURNS = 3
"""In which both sides are that near, for each round: short ones, so that both see the same of a
machine that is quick one minute and slow the next."""


def ask(run: Run) -> Iterator[Finding]:
    raw, many = reviews(REVIEWS), reviews(MANY)
    for engine, due in DUE.items():
        yield run.compare(
            Question(
                title=f"{REVIEWS:,} raw reviews to rows of ids",
                koprep=lambda engine=engine: _rows(engine, raw),
                koprep_name=f"Preprocessor, {engine}",
                peers=(
                    Peer(
                        name="the course's script (pandas, Okt, Keras)",
                        work=lambda: lecture_rows(raw),
                        due=due,
                    ),
                    Peer(
                        name="KoNLPy's Okt in CountVectorizer (counts, no rows)",
                        work=lambda: konlpy_and_scikit_learn(raw),
                    ),
                ),
            )
        )

    from kiwipiepy import Kiwi

    kiwi = Kiwi(num_workers=available_cores())
    cleaner = Preprocessor().fit(raw).cleaner_
    cleaned = list(map(cleaner.clean, many))
    yield run.compare(
        Question(
            title=f"{MANY:,} raw reviews to rows of ids, and clean ones to tokens alone",
            koprep=lambda: _rows("kiwi", many),
            koprep_name="Preprocessor, kiwi",
            peers=(
                Peer(
                    name="Kiwi alone, in one batch",
                    work=lambda: sum(1 for _ in kiwi.tokenize(cleaned)),
                    due=DUE_OF_KIWI,
                ),
            ),
        ),
        rounds=TURNS * run.rounds,
    )


def _rows(engine: str, raw: list[str]) -> object:
    return Preprocessor(tokenizer=engine, **SETTINGS).fit_transform(raw)
