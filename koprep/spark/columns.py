"""A column of texts, read and checked, and the columns that work adds beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StringType, StructField, StructType

from koprep.records.base import problem_with
from koprep.records.parquet import array_values

if TYPE_CHECKING:
    import pyarrow as pa

WHOLE_NUMBERS = ("tinyint", "smallint", "int", "bigint")

Work = Callable[[list[str]], "pa.Array"]
"""Texts to one value each."""


def named(column: str) -> Column:
    """Return a column by its name, which may hold dots."""
    return F.col("`" + column.replace("`", "``") + "`")


def check_columns(df: DataFrame, *columns: str, new: Sequence[str] = ()) -> None:
    """Refuse columns that are not there, and new ones that are.

    Raises:
        ValueError: the message lists the columns.
    """
    for column in columns:
        if column not in df.columns:
            raise ValueError(f"there is no column {column!r}; there are {', '.join(df.columns)}")
    exact = df.sparkSession.conf.get("spark.sql.caseSensitive") == "true"
    there = {name if exact else name.casefold(): name for name in df.columns}
    for name in new:
        if (found := there.get(name if exact else name.casefold())) is not None:
            raise ValueError(f"there is a column {found!r} already: choose another name")


def check_texts(df: DataFrame, column: str) -> None:
    """Refuse a column that is not there or holds no texts.

    Raises:
        ValueError: the message says what there is.
    """
    check_columns(df, column)
    kind = df.schema[column].dataType.simpleString()
    if not kind.startswith("string"):  # which may name a collation
        raise ValueError(f"column {column!r} holds {kind}, not texts (string)")


def order_column(df: DataFrame, order_by: str | None) -> Column:
    """Return the place of each row in the corpus, long; without a column, by the partitions.

    Raises:
        ValueError: there is no such column, or it holds no whole numbers.
    """
    if order_by is None:
        return F.monotonically_increasing_id()
    check_columns(df, order_by)
    kind = df.schema[order_by].dataType.simpleString()
    if kind not in WHOLE_NUMBERS:
        raise ValueError(f"column {order_by!r} holds {kind}: order by a column of whole numbers")
    missing = F.raise_error(F.lit(f"a row has no {order_by!r} to order by"))
    return F.coalesce(named(order_by).cast("long"), missing.cast("long"))


def add_column(
    df: DataFrame, column: str, field: StructField, work: Work, *, problem: str
) -> DataFrame:
    """Add what `work` makes of each text, and a column that says why a row has none.

    Args:
        df: any rows.
        column: of strings.
        field: the new column; null where a row has a problem.
        work: runs in the workers, on the texts of an Arrow batch.
        problem: the name of the other new column; null where all is well.
    """
    check_texts(df, column)
    check_columns(df, new=(field.name, problem))
    place = df.columns.index(column)
    schema = StructType([*df.schema.fields, field, StructField(problem, StringType())])
    names = schema.names

    def run(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for batch in batches:
            values, problems = _worked(batch.column(place), work)
            reasons = pa.array(problems, pa.string())
            yield pa.record_batch([*batch.columns, values, reasons], names=names)

    plain = df.toDF(*map(str, range(len(df.columns))))  # PySpark asks for names without dots
    return plain.mapInArrow(run, schema)


REFUSALS = (RuntimeError, ValueError, ChildProcessError)
"""What analyzers raise for a text."""


def _worked(column: pa.Array, work: Work) -> tuple[pa.Array, list[str | None]]:
    """Return a value for each text, null where there is a problem, and the problems."""
    import pyarrow as pa

    texts = array_values(column)
    problems = [problem_with(text) for text in texts]
    rows = [row for row, problem in enumerate(problems) if problem is None]
    try:
        values = work([texts[row] for row in rows])
    except REFUSALS:  # of one text, which the others should not suffer for
        parts = []
        for row in list(rows):
            try:
                parts.append(work([texts[row]]))
            except REFUSALS as error:
                problems[row] = str(error) or type(error).__name__
                rows.remove(row)
        values = pa.concat_arrays(parts) if parts else work([])
    places: list[int | None] = [None] * len(texts)
    for place, row in enumerate(rows):
        places[row] = place
    return values.take(pa.array(places, pa.int64())), problems
