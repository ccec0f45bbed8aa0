"""`fit`: vocabulary and row length, learned in every partition at once."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from sklearn.base import clone

from koprep.padding import whole_length
from koprep.preprocessor import Preprocessor
from koprep.records.base import problem_with
from koprep.records.parquet import array_values
from koprep.spark.columns import check_texts, named, order_column
from koprep.spark.shipping import Shipped
from koprep.text_encoder import TextEncoder
from koprep.token_chain import TokenChain
from koprep.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pyarrow as pa

COUNTED = "token string, length int, occurrences long, text_place long, token_place long"
"""What a partition tells: of each token, how often and where first; of each length, how often."""


def fit(
    df: DataFrame, column: str, preprocessor: Preprocessor, *, order_by: str | None = None
) -> Preprocessor:
    """Learn vocabulary and row length from a column, as `Preprocessor.fit` does from its texts.

    Tokens of the same count get ids in the order they first appear. A DataFrame has an order only
    by its partitions; `order_by` names a column that has the corpus' own, and then the ids are the
    same whatever the partitions.

    Args:
        df: rows that hold no text (null, or not UTF-8) are passed over.
        column: of strings.
        preprocessor: its settings; it is cloned. Its `cache_dir` is not used.
        order_by: a column of whole numbers, another one in each row; None goes by the
            partitions.

    Returns:
        A fitted preprocessor, with the ids that `fit` gives to the same texts in this order.

    Raises:
        ValueError: a setting is wrong, there is no such column, it holds no texts, not even one,
            or `order_by` holds no whole numbers.
    """
    check_texts(df, column)
    fitted = clone(preprocessor)
    chain = fitted.adopt(fitted.vocabulary_of({}), 1).chain_  # settings show before the long work
    texts = df.select(named(column).alias("text"), order_column(df, order_by).alias("place"))
    shipped = Shipped(chain, chain.tokenizer)

    def count(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return _counted(shipped.open(), batches)

    counted = texts.mapInArrow(count, COUNTED).persist()
    try:
        vocabulary = fitted.vocabulary_of(_token_counts(counted, fitted))
        if vocabulary.spell_unknown or vocabulary.oov_token is None:  # a token is not one id
            lengths = _lengths_of_ids(texts, fitted.adopt(vocabulary, 1).encoder())
        else:
            lengths = counted.where("token is null")
        rows = lengths.groupBy("length").agg(F.sum("occurrences").alias("texts")).collect()
    finally:
        counted.unpersist()
    if not rows:
        raise ValueError(f"column {column!r} holds no text to fit on: give at least one")
    return _with_length(fitted, vocabulary, {row["length"]: row["texts"] for row in rows})


def _counted(chain: TokenChain, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield one batch of what a partition holds; see `COUNTED`."""
    import pyarrow as pa

    places: deque[int] = deque()  # of the texts that the engine has read ahead
    counts: Counter[str] = Counter()
    lengths: Counter[int] = Counter()
    first: dict[str, tuple[int, int]] = {}
    for tokens in chain.cut(_stream(batches, places)):
        text_place = places.popleft()
        counts.update(tokens)
        lengths[len(tokens)] += 1
        for index, token in enumerate(tokens):
            place = (text_place, index)
            if first.setdefault(token, place) > place:
                first[token] = place
    of_tokens, of_lengths = [None] * len(counts), [None] * len(lengths)
    yield pa.record_batch(
        {
            "token": pa.array([*counts, *of_lengths], pa.string()),
            "length": pa.array([*of_tokens, *lengths], pa.int32()),
            "occurrences": pa.array([*counts.values(), *lengths.values()], pa.int64()),
            "text_place": pa.array([*(first[t][0] for t in counts), *of_lengths], pa.int64()),
            "token_place": pa.array([*(first[t][1] for t in counts), *of_lengths], pa.int64()),
        }
    )


def _stream(batches: Iterable[pa.RecordBatch], places: deque[int]) -> Iterator[str]:
    """Yield the texts, and note the place of each before it is read."""
    for batch in batches:
        given = batch.column(1).to_pylist()
        for text, place in zip(array_values(batch.column(0)), given, strict=True):
            if problem_with(text) is None:
                places.append(place)
                yield text


def _token_counts(counted: DataFrame, fitted: Preprocessor) -> dict[str, int]:
    """Return each token's occurrences, in the order that decides between equal ones."""
    tokens = (
        counted.where("token is not null")
        .groupBy("token")
        .agg(
            F.sum("occurrences").alias("occurrences"),
            F.min(F.struct("text_place", "token_place")).alias("first"),
        )
    )
    if fitted.spell_unknown or fitted.coverage is not None:  # what is rare counts, too
        tokens = tokens.orderBy("first", "token")
    else:  # only what can get an id comes to the driver
        tokens = tokens.where(F.col("occurrences") >= fitted.min_count)
        tokens = tokens.orderBy(F.desc("occurrences"), "first", "token")
        if fitted.vocabulary_size is not None:
            tokens = tokens.limit(fitted.vocabulary_size)
    table = tokens.select("token", "occurrences").toArrow()
    return dict(zip(*(table.column(place).to_pylist() for place in (0, 1)), strict=True))


def _lengths_of_ids(texts: DataFrame, encoder: TextEncoder) -> DataFrame:
    encoder = replace(encoder, cache_dir=None)
    shipped = Shipped(encoder, encoder.chain.tokenizer)

    def measure(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        lengths: Counter[int] = Counter()
        for batch in batches:
            found = [t for t in array_values(batch.column(0)) if problem_with(t) is None]
            lengths.update(shipped.open().encode(found).lengths.tolist())
        yield pa.record_batch(
            {
                "length": pa.array([*lengths], pa.int32()),
                "occurrences": pa.array([*lengths.values()], pa.int64()),
            }
        )

    return texts.mapInArrow(measure, "length int, occurrences long")


def _with_length(
    preprocessor: Preprocessor, vocabulary: Vocabulary, of_length: dict[int, int]
) -> Preprocessor:
    lengths, texts = np.array([*of_length]), np.array([*of_length.values()])
    given = preprocessor.maxlen
    maxlen = whole_length(lengths, texts) if given is None else int(given)
    return preprocessor.adopt(
        vocabulary, maxlen, float(texts[lengths <= maxlen].sum() / texts.sum())
    )
