"""`transform`: padded rows of ids beside the texts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from pyspark.ml.functions import array_to_vector
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, IntegerType, StructField

from koprep.preprocessor import Preprocessor
from koprep.spark.columns import add_column, named
from koprep.spark.shipping import Shipped
from koprep.text_encoder import TextEncoder

if TYPE_CHECKING:
    import pyarrow as pa


def transform(
    df: DataFrame,
    column: str,
    preprocessor: Preprocessor,
    *,
    output: str = "token_ids",
    vectors: bool = False,
    problem: str = "problem",
) -> DataFrame:
    """Add the padded rows of ids, as `Preprocessor.transform` gives them.

    Args:
        df: any rows, of a stream, too.
        column: of strings.
        preprocessor: fitted. Its `cache_dir` is not used: it lies on one machine.
        output: the new column, array<int> of `maxlen_` ids; null where a row has a problem.
        vectors: make it a vector of pyspark.ml, double, for stages of MLlib.
        problem: another new column: why a row has no ids, null where it has.

    Raises:
        ValueError: there is no such column, it holds no texts, or a new one is there already.
        NotFittedError: `preprocessor` is not fitted.
    """
    encoder = replace(preprocessor.encoder(), cache_dir=None)
    shipped = Shipped(encoder, encoder.chain.tokenizer)
    field = StructField(output, ArrayType(IntegerType()))
    encoded = add_column(df, column, field, lambda texts: _encode(shipped, texts), problem=problem)
    if not vectors:
        return encoded
    vector = F.when(named(output).isNotNull(), array_to_vector(named(output)))
    return encoded.withColumn(output, vector)


def _encode(shipped: Shipped[TextEncoder], texts: list[str]) -> pa.Array:
    import pyarrow as pa

    encoder = shipped.open()
    token_ids = encoder.pad(encoder.encode(texts))
    offsets = np.arange(len(texts) + 1, dtype=np.int32) * np.int32(encoder.maxlen)
    return pa.ListArray.from_arrays(offsets, token_ids.ravel())
