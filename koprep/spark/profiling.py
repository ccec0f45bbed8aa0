"""`profile`: texts are cut in the workers, what comes of them is counted in the driver."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from koprep.cleaning import Cleaner
from koprep.profile import Profile, Row, Unreadable
from koprep.profile.measuring import CorpusPass
from koprep.profile.rows import TRAIN, label_name
from koprep.records.base import problem_with
from koprep.records.parquet import array_values
from koprep.spark.columns import check_columns, check_texts, named, order_column
from koprep.spark.shipping import Shipped
from koprep.stopwords import Stopwords
from koprep.token_chain import TokenChain
from koprep.tokenizers import Token, Tokenizer

if TYPE_CHECKING:
    import pyarrow as pa


def profile(
    df: DataFrame,
    column: str,
    *,
    label: str | None = None,
    split: str | None = None,
    order_by: str | None = None,
    name: str = "corpus",
    cleaner: Cleaner | None = None,
    tokenizer: str | Tokenizer = "kiwi",
    stopwords: str | Stopwords | None = None,
) -> Profile:
    """Profile a corpus as `koprep.profile.profile_rows` does, with its rows cut on the cluster.

    The driver counts what the workers cut, row after row, and keeps some hundred bytes of each:
    of more rows than it has memory for, profile a sample (`df.sample(0.1, seed=0)`).

    Args:
        df: rows that hold no text count as unreadable.
        column: of strings.
        label: a column of labels.
        split: a column that names each row's part, such as train and test; None makes all rows
            training texts.
        order_by: a column of whole numbers, another one in each row; None goes by the partitions.
        name: what the page calls the corpus.
        cleaner: how texts are cleaned, as in `Preprocessor`; so are the next two.
        tokenizer: a name or a `Tokenizer`.
        stopwords: a name, a `Stopwords`, or None.

    Returns:
        The profile that one machine makes of the same rows in this order, numbered from 0.

    Raises:
        ValueError: a column is not there or of another kind, no row holds a text, or no split of
            them is the training part.
    """
    check_texts(df, column)
    check_columns(df, *(given for given in (label, split) if given is not None))
    chain = TokenChain.open(cleaner, tokenizer, stopwords)
    shipped = Shipped(chain, chain.tokenizer)
    chosen = df.select(
        order_column(df, order_by).alias("place"),
        named(column).alias("text"),
        (F.lit("") if label is None else named(label)).alias("label"),
        (F.lit(TRAIN) if split is None else named(split)).alias("split"),
    )
    names = (label, split)

    def cut(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield _cut(shipped.open(), batch, *names)

    rows = chosen.mapInArrow(cut, "place long, row binary").persist()
    try:
        counted = CorpusPass(chain)
        for number, row in enumerate(rows.orderBy("place").select("row").toLocalIterator()):
            read, cleaned, tokens = pickle.loads(row["row"])
            if isinstance(read, Row):
                counted.add(read._replace(number=number), cleaned, list(map(Token._make, tokens)))
            else:
                counted.checks.add_unreadable(read._replace(number=number))
    finally:
        rows.unpersist()
    return counted.profile(name, "row")


def _cut(
    chain: TokenChain, batch: pa.RecordBatch, label: str | None, split: str | None
) -> pa.RecordBatch:
    """Return each row's place, and the row with its cleaned text and its tokens, pickled."""
    import pyarrow as pa

    places, labels, splits = (batch.column(index).to_pylist() for index in (0, 2, 3))
    texts = array_values(batch.column(1))
    read = [
        _row(text, None if label is None else label_name(value), label_name(part), split)
        for text, value, part in zip(texts, labels, splits, strict=True)
    ]
    cleaned = [chain.cleaner.clean(row.text) for row in read if isinstance(row, Row)]
    cut = iter(zip(cleaned, chain.tokenizer.tokenize_many(cleaned), strict=True))
    pickled = []
    for row in read:
        text, tokens = next(cut) if isinstance(row, Row) else ("", [])
        pickled.append(pickle.dumps((row, text, list(map(tuple, tokens)))))
    return pa.record_batch(
        {"place": pa.array(places, pa.int64()), "row": pa.array(pickled, pa.binary())}
    )


def _row(
    text: str | bytes | None, label: str | None, split: str, column: str | None
) -> Row | Unreadable:
    """Return what `read_rows` makes of a row whose split stands in a column, if any."""
    problem = problem_with(text)
    if problem is not None:
        return Unreadable(0, problem, repr(text), split if column is None else "")
    if not split:
        return Unreadable(0, f"column {column!r} names no split", str(text), "")
    return Row(0, str(text), label, split)
