"""`predict` and `tag`: what a saved model says of each text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame
from pyspark.sql.types import (
    ArrayType,
    FloatType,
    IntegerType,
    StringType,
    StructField,
    StructType,
)

from koprep.spark.columns import add_column
from koprep.spark.shipping import Shipped

if TYPE_CHECKING:
    import pyarrow as pa

    from koprep.zoo.loading import Classifier
    from koprep.zoo.tagged import Tagger

PREDICTION = StructType(
    [
        StructField("label", StringType()),
        StructField("probability", FloatType()),
        StructField("probabilities", ArrayType(FloatType())),
    ]
)
SPANS = ArrayType(
    StructType(
        [
            StructField("text", StringType()),
            StructField("label", StringType()),
            StructField("start", IntegerType()),
            StructField("end", IntegerType()),
        ]
    )
)


def predict(
    df: DataFrame,
    column: str,
    model: str | Path | Classifier,
    *,
    output: str = "prediction",
    problem: str = "problem",
    strict: bool = False,
) -> DataFrame:
    """Add the label of each text, as `koprep predict` tells it.

    The driver opens the model and ships it; the workers need no file of it.

    Args:
        df: any rows, of a stream, too.
        column: of strings.
        model: a classifier's folder, a name of `list_pretrained()`, or an opened one.
        output: the new column: a struct of `label`, its `probability`, and the `probabilities`
            of all labels in the order of the model's `label_names_`; null where a row has a
            problem.
        problem: another new column: why a row has no label, null where it has.
        strict: make analyzer drift on the driver an error; the workers must have its versions.

    Raises:
        FileNotFoundError: there is no such model.
        ValueError: the model is no classifier, there is no such column, it holds no texts, or a
            new one is there already.
    """
    from koprep.zoo.loading import open_classifier

    classifier = open_classifier(model, strict=strict) if isinstance(model, str | Path) else model
    shipped = Shipped(classifier, _tokenizer(classifier))
    field = StructField(output, PREDICTION)
    return add_column(df, column, field, lambda texts: _labels(shipped, texts), problem=problem)


def tag(
    df: DataFrame,
    column: str,
    model: str | Path | Tagger = "entity-tagger",
    *,
    output: str = "spans",
    problem: str = "problem",
    strict: bool = False,
) -> DataFrame:
    """Add the spans a tagger finds in each text, with their places in the raw text.

    Args:
        df: any rows, of a stream, too.
        column: of strings.
        model: a tagger's folder, a name of `list_pretrained()`, or an opened one.
        output: the new column: an array of structs of `text`, `label`, `start` and `end` (in
            characters); null where a row has a problem.
        problem: another new column: why a row has no spans, null where it has.
        strict: make analyzer drift on the driver an error; the workers must have its versions.

    Raises:
        FileNotFoundError: there is no such model.
        ValueError: the model is no tagger, there is no such column, it holds no texts, or a new
            one is there already.
    """
    from koprep.zoo.loading import load

    tagger = load(model, kind="tagger", strict=strict) if isinstance(model, str | Path) else model
    shipped = Shipped(tagger, tagger.preprocessor_.tokenizer_)
    field = StructField(output, SPANS)
    return add_column(df, column, field, lambda texts: _spans(shipped, texts), problem=problem)


def _tokenizer(classifier: Any) -> Any:
    encoder = getattr(classifier, "encoder", None) or classifier.preprocessor_.encoder()
    return encoder.chain.tokenizer


def _labels(shipped: Shipped[Any], texts: list[str]) -> pa.Array:
    import pyarrow as pa

    classifier = shipped.open()
    names = classifier.label_names_
    found = classifier.predict_proba(texts)
    best = found.argmax(axis=1)
    rows = range(len(texts))
    return pa.StructArray.from_arrays(
        [
            pa.array([names[label] for label in best.tolist()], pa.string()),
            pa.array(found[rows, best], pa.float32()),
            pa.array(found.tolist(), pa.list_(pa.float32())),
        ],
        names=["label", "probability", "probabilities"],
    )


def _spans(shipped: Shipped[Any], texts: list[str]) -> pa.Array:
    import pyarrow as pa

    kind = pa.struct(
        [("text", pa.string()), ("label", pa.string()), ("start", pa.int32()), ("end", pa.int32())]
    )
    found = [
        [{"text": text[span.start : span.end], **span._asdict()} for span in spans]
        for text, spans in zip(texts, shipped.open().predict(texts), strict=True)
    ]
    return pa.array(found, pa.list_(kind))
