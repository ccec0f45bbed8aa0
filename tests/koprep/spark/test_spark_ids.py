"""`fit` and `transform` give the ids of one machine, whatever the partitions and their order."""

from __future__ import annotations

import os

import numpy as np
import pytest
from sklearn.base import clone

from koprep import Preprocessor, get_tokenizer
from koprep.datasets import load
from koprep.spark import fit, transform

TOKENIZER = os.environ.get("KOPREP_SPARK_TOKENIZER", "whitespace")
"""Cuts all reviews; with kiwi these are all 150,000, and take minutes."""

COUNT = 30_000 if TOKENIZER == "whitespace" else 150_000

KIWI_REVIEWS = 1500

FORM_TAG = get_tokenizer("kiwi", output="form/tag")


@pytest.fixture(scope="module")
def reviews(real_data) -> list[str]:
    return list(load("nsmc", split="train", data_dir=real_data / "nsmc").texts[:COUNT])


@pytest.fixture(scope="module")
def table(spark, reviews):
    import pyarrow as pa

    numbers = pa.array(range(len(reviews)), pa.int64())
    return spark.createDataFrame(pa.table({"id": numbers, "text": pa.array(reviews)})).cache()


def ids_in_order(df) -> np.ndarray:
    """Return token_ids by id."""
    found = df.orderBy("id").select("token_ids").toArrow()["token_ids"].combine_chunks()
    return found.flatten().to_numpy().reshape(len(found), -1)


@pytest.fixture(scope="module")
def one_machine(reviews):
    preprocessor = Preprocessor(tokenizer=TOKENIZER, min_count=2, vocabulary_size=None)
    return preprocessor, preprocessor.fit_transform(reviews)


def assert_same(fitted, one):
    assert fitted.vocabulary_ == one.vocabulary_
    assert (fitted.maxlen_, fitted.whole_share_) == (one.maxlen_, one.whole_share_)


@pytest.mark.parametrize("partitions", [1, 2, 7])
def test_all_reviews_in_any_order_get_the_same_ids(table, one_machine, partitions):
    one, token_ids = one_machine
    assert len(token_ids) == COUNT
    df = table.orderBy("text").repartition(partitions)
    fitted = fit(df, "text", one, order_by="id")
    assert_same(fitted, one)
    assert np.array_equal(ids_in_order(transform(df, "text", fitted)), token_ids)


@pytest.mark.parametrize(
    "preprocessor",
    [
        pytest.param(Preprocessor(min_count=2), id="default"),
        pytest.param(Preprocessor(vocabulary_size=300), id="few ids, many ties"),
        pytest.param(Preprocessor(coverage=0.9), id="coverage counts what stays unknown"),
        pytest.param(Preprocessor(min_count=3, oov_token=None), id="a token may be no id"),
        pytest.param(Preprocessor(vocabulary_size=500, oov_buckets=8), id="buckets"),
        pytest.param(
            Preprocessor(tokenizer=FORM_TAG, vocabulary_size=800, spell_unknown=True),
            id="a token may be several ids",
        ),
        pytest.param(Preprocessor(maxlen=5, padding="post", truncating="post"), id="sides"),
        pytest.param(
            Preprocessor(tokenizer=get_tokenizer("kiwi", user_words=["꿀잼각"])), id="user words"
        ),
    ],
)
def test_every_kind_of_vocabulary(spark, table, reviews, preprocessor):
    texts = [f"{text} 꿀잼각" for text in reviews[:KIWI_REVIEWS]]
    df = spark.createDataFrame([*enumerate(texts)], "id long, text string")
    df = df.orderBy("text").repartition(3)
    fitted = fit(df, "text", preprocessor, order_by="id")
    one = clone(preprocessor).fit(texts)
    assert_same(fitted, one)
    assert np.array_equal(ids_in_order(transform(df, "text", fitted)), one.transform(texts))


def test_partitions_in_their_order_need_no_column(table, one_machine):
    one, _ = one_machine
    assert_same(fit(table.coalesce(3), "text", one), one)


def test_a_stream_of_files_gets_the_ids_of_one_call(spark, reviews, tmp_path):
    texts = reviews[:3000]
    preprocessor = Preprocessor(tokenizer="whitespace", min_count=2).fit(texts)
    df = spark.createDataFrame([*enumerate(texts)], "id long, text string")
    df.repartition(4).write.parquet(str(tmp_path / "in"))
    stream = spark.readStream.schema(df.schema).option("maxFilesPerTrigger", 1)
    encoded = transform(stream.parquet(str(tmp_path / "in")), "text", preprocessor)
    query = (
        encoded.writeStream.format("parquet")
        .option("checkpointLocation", str(tmp_path / "checkpoint"))
        .trigger(availableNow=True)
        .start(str(tmp_path / "out"))
    )
    assert query.awaitTermination(120)
    found = ids_in_order(spark.read.parquet(str(tmp_path / "out")))
    assert np.array_equal(found, preprocessor.transform(texts))
    batches = preprocessor.iter_transform(iter(texts), batch_size=700)
    assert np.array_equal(found, np.concatenate(list(batches)))
