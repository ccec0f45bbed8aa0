"""Rows that cannot be used are named, none is lost; wrong columns are refused before the work."""

from __future__ import annotations

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import functions as F

from koprep import Preprocessor
from koprep.spark import fit, predict, profile, tag, transform
from koprep.spark.shipping import OtherVersions, Shipped

WORDS = Preprocessor(tokenizer="whitespace").fit(["가는 말이 고와야", "오는 말이 곱다"])


@pytest.fixture
def rows(spark):
    """Two texts, and between them a null and bytes that are no UTF-8."""
    df = spark.createDataFrame(
        [(1, "가는 말이"), (2, None), (3, "bytes"), (4, "")], "id int, text string"
    )
    broken = F.expr("cast(X'EAB0' as string)")
    return df.withColumn("text", F.when(F.col("id") == 3, broken).otherwise(F.col("text")))


def test_a_row_without_a_text_keeps_its_place_and_says_why(rows):
    found = transform(rows, "text", WORDS).orderBy("id").drop("text").collect()
    assert [row["token_ids"] for row in found] == [[0, 3, 2], None, None, [0, 0, 0]]
    assert [row["problem"] for row in found] == [
        None,
        "the text is missing (None)",
        r"expected a text, got bytes b'\xea\xb0'",
        None,
    ]


def test_fit_passes_over_rows_without_a_text(rows):
    fitted = fit(rows, "text", Preprocessor(tokenizer="whitespace"))
    assert fitted.vocabulary_.words == ("가는", "말이")
    assert fitted.maxlen_ == 2


FUSSY = '''
"""A tokenizer that refuses one text."""
from dataclasses import dataclass
from typing import ClassVar
from koprep.tokenizers import Token, Tokenizer


@dataclass(frozen=True, kw_only=True)
class Fussy(Tokenizer):
    name: ClassVar[str] = "fussy"

    def _analyze(self, text):
        if "독" in text:
            raise RuntimeError("the engine refuses this text")
        return [Token(word, "", 0, 0) for word in text.split()]
'''


def test_one_text_that_the_engine_refuses_does_not_stop_the_others(spark, tmp_path, monkeypatch):
    (tmp_path / "fussy.py").write_text(FUSSY, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    spark.sparkContext.addPyFile(str(tmp_path / "fussy.py"))
    from fussy import Fussy

    preprocessor = Preprocessor(tokenizer=Fussy()).fit(["좋은 말", "나쁜 말"])
    df = spark.createDataFrame([("좋은 말",), ("독",), ("나쁜",)], "text string").coalesce(1)
    found = transform(df, "text", preprocessor).collect()
    assert [row["problem"] for row in found] == [None, "the engine refuses this text", None]
    assert [row["token_ids"] for row in found] == [[3, 2], None, [0, 4]]


@pytest.mark.parametrize(
    ("work", "message"),
    [
        (lambda df: transform(df, "texts", WORDS), "no column 'texts'; there are id, text"),
        (lambda df: transform(df, "id", WORDS), "'id' holds int, not texts"),
        (lambda df: transform(df, "text", WORDS, output="id"), "a column 'id' already"),
        (lambda df: transform(df, "text", WORDS, problem="text"), "a column 'text' already"),
        (lambda df: fit(df, "text", Preprocessor(), order_by="no"), "no column 'no'"),
        (lambda df: fit(df, "text", Preprocessor(), order_by="text"), "holds string: order by"),
        (lambda df: fit(df, "text", Preprocessor(min_count=0)), "min_count must be at least 1"),
        (lambda df: fit(df.where("id > 9"), "text", WORDS), "'text' holds no text to fit on"),
        (lambda df: predict(df, "text", "entity-tagger"), "holds a tagger"),
        (lambda df: tag(df, "text", "review-sentiment"), "holds a classifier"),
        (lambda df: profile(df, "text", label="y"), "no column 'y'"),
        (lambda df: profile(df.where("id = 2"), "text", tokenizer="whitespace"), "no texts"),
    ],
)
def test_what_is_wrong_is_named_before_the_work(rows, work, message):
    with pytest.raises(ValueError, match=message):
        work(rows)


def test_a_row_without_its_number_in_the_order_is_an_error(spark):
    df = spark.createDataFrame([(1, "가"), (None, "나")], "place int, text string")
    with pytest.raises(PySparkException, match="a row has no 'place' to order by"):
        fit(df, "text", Preprocessor(tokenizer="whitespace"), order_by="place")


def test_an_unfitted_preprocessor_is_refused(rows):
    from sklearn.exceptions import NotFittedError

    with pytest.raises(NotFittedError):
        transform(rows, "text", Preprocessor())


OPENED = '''
"""What tells a file that it was opened."""
import os
from dataclasses import dataclass
from koprep import get_tokenizer


@dataclass
class Telling:
    log: str

    def __setstate__(self, state):
        self.__dict__ = state
        with open(self.log, "a") as file:
            file.write(f"{os.getpid()}\\n")
'''


def test_what_is_shipped_is_opened_once_a_worker(spark, tmp_path, monkeypatch):
    (tmp_path / "telling.py").write_text(OPENED, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    spark.sparkContext.addPyFile(str(tmp_path / "telling.py"))
    from telling import Telling

    shipped = Shipped(Telling(str(tmp_path / "log")), WORDS.tokenizer_)
    spark.sparkContext.range(40, numSlices=20).map(lambda _: bool(shipped.open())).collect()
    opened = (tmp_path / "log").read_text().split()
    assert 1 <= len(opened) == len(set(opened)) <= 4  # 20 tasks


def test_a_worker_of_other_versions_is_refused(monkeypatch):
    shipped = Shipped(WORDS.encoder(), WORDS.tokenizer_)
    monkeypatch.setattr("koprep.cleaning.versions.__version__", "0.0.1")
    with pytest.raises(
        OtherVersions, match=r"a worker has koprep 0\.0\.1, .* and the driver koprep "
    ):
        shipped.open()


def test_names_may_hold_dots(spark):
    texts = ["가는 말이 고와야", "오는 말이 곱다"]
    df = spark.createDataFrame(
        [(n, text, "a") for n, text in enumerate(texts)],
        "`row.id` int, `review.text` string, `the.label` string",
    )
    words = Preprocessor(tokenizer="whitespace")
    fitted = fit(df, "review.text", words, order_by="row.id")
    assert fitted.vocabulary_ == WORDS.vocabulary_
    encoded = transform(df, "review.text", fitted, output="the.ids", vectors=True).collect()
    assert [row["the.ids"].size for row in encoded] == [3, 3]
    found = profile(df, "review.text", label="the.label", order_by="row.id", tokenizer="whitespace")
    assert found.parts[0].texts == 2


def test_new_names_are_compared_as_spark_compares_them(spark):
    df = spark.createDataFrame([("가는 말이", 1)], "text string, Problem int")
    with pytest.raises(ValueError, match="there is a column 'Problem' already"):
        transform(df, "text", WORDS)
