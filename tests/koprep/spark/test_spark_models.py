"""`predict`, `tag` and `profile` say what one machine says; stages save and load."""

from __future__ import annotations

import numpy as np
import pytest

from koprep import Preprocessor
from koprep.datasets import load
from koprep.profile import Row, Unreadable, profile_rows
from koprep.spark import (
    BundleTransformer,
    PreprocessorEstimator,
    PreprocessorModel,
    fit,
    predict,
    profile,
    tag,
    transform,
)
from koprep.zoo import pretrained

WORDS = Preprocessor(tokenizer="whitespace", min_count=2)


@pytest.fixture(scope="module")
def reviews():
    return load("mini_reviews")


@pytest.fixture(scope="module")
def table(spark, reviews):
    rows = zip(range(len(reviews)), reviews.texts, reviews.labels.tolist(), strict=True)
    return spark.createDataFrame([*rows], "id long, text string, label long").repartition(3)


@pytest.mark.parametrize("model", ["review-sentiment", "movie-sentiment"])
def test_predictions_are_those_of_one_machine(table, reviews, model):
    found = predict(table, "text", model).orderBy("id").collect()
    classifier = pretrained(model)
    due = classifier.predict_proba(reviews.texts)
    got = np.array([row["prediction"]["probabilities"] for row in found], np.float32)
    assert np.allclose(got, due, atol=1e-6)
    names = [classifier.label_names_[label] for label in due.argmax(axis=1)]
    assert [row["prediction"]["label"] for row in found] == names
    assert [row["prediction"]["probability"] for row in found] == got.max(axis=1).tolist()
    assert {row["problem"] for row in found} == {None}


def test_a_model_that_was_opened_is_shipped_as_it_is(table):
    opened = predict(table, "text", pretrained("trace-gru")).orderBy("id").collect()
    assert opened == predict(table, "text", "trace-gru").orderBy("id").collect()


def test_spans_are_those_of_one_machine(spark):
    texts = ["내일 서울역에서 김 대리를 만나요", "", "부산 날씨는 맑아요"]
    df = spark.createDataFrame([(text,) for text in texts], "text string").coalesce(1)
    found = [row["spans"] for row in tag(df, "text").collect()]
    due = pretrained("entity-tagger").predict(texts)
    assert [[(s["label"], s["start"], s["end"]) for s in row] for row in found] == due
    assert [s["text"] for s in found[0]] == [texts[0][s.start : s.end] for s in due[0]]
    assert found[0]


def test_a_profile_is_that_of_one_machine(spark, table, reviews):
    rows = [
        Row(number, text, str(label), "train" if number % 5 else "test")
        for number, (text, label) in enumerate(
            zip(reviews.texts, reviews.labels.tolist(), strict=True)
        )
    ]
    textless = Unreadable(len(rows), "the text is missing (None)", "None", "")
    partless = Unreadable(len(rows) + 1, "column 'part' names no split", "좋아요", "")
    df = spark.createDataFrame(
        [
            *((*row[:3], row.split) for row in rows),
            (len(rows), None, "1", "train"),
            (len(rows) + 1, "좋아요", "1", None),
        ],
        "id long, text string, label string, part string",
    )
    found = profile(df.repartition(4), "text", label="label", split="part", order_by="id")
    assert found == profile_rows([*rows, textless, partless], name="corpus", rows_are="row")


def test_an_estimator_and_its_model_survive_a_pipeline(table, tmp_path):
    from pyspark.ml import Pipeline, PipelineModel
    from pyspark.ml.classification import LogisticRegression

    stages = [
        PreprocessorEstimator(WORDS, inputCol="text", outputCol="ids", orderCol="id", vectors=True),
        LogisticRegression(featuresCol="ids", labelCol="label", maxIter=2),
    ]
    Pipeline(stages=stages).write().overwrite().save(str(tmp_path / "pipeline"))
    pipeline = Pipeline.load(str(tmp_path / "pipeline"))
    assert pipeline.getStages()[0].preprocessor.min_count == WORDS.min_count
    fitted = pipeline.fit(table)
    fitted.write().overwrite().save(str(tmp_path / "fitted"))
    loaded = PipelineModel.load(str(tmp_path / "fitted"))
    columns = ("id", "ids", "prediction")
    first, second = (
        model.transform(table).orderBy("id").select(*columns).collect()
        for model in (fitted, loaded)
    )
    assert first == second
    one = fit(table, "text", WORDS, order_by="id")
    due = transform(table, "text", one).orderBy("id").select("token_ids").collect()
    assert [row["ids"].toArray().tolist() for row in first] == [row["token_ids"] for row in due]


def test_a_stage_keeps_its_parameters(table, tmp_path):
    model = PreprocessorModel(WORDS.fit(["가는 말이", "오는 말이"]), inputCol="text")
    model.set(model.problemCol, "why")
    model.save(str(tmp_path / "stage"))
    loaded = PreprocessorModel.load(str(tmp_path / "stage"))
    assert loaded.uid == model.uid
    assert (loaded.getInputCol(), loaded.getOutputCol()) == ("text", "token_ids")
    assert loaded.transform(table).columns[-2:] == ["token_ids", "why"]
    assert loaded.preprocessor.vocabulary_ == model.preprocessor.vocabulary_


@pytest.mark.parametrize(("name", "field"), [("trace-gru", "label"), ("entity-tagger", "text")])
def test_a_bundle_is_saved_with_its_stage(table, tmp_path, name, field):
    stage = BundleTransformer(name, inputCol="text", outputCol="said")
    stage.write().overwrite().save(str(tmp_path / "stage"))
    loaded = BundleTransformer.load(str(tmp_path / "stage"))
    first, second = (one.transform(table).orderBy("id").collect() for one in (stage, loaded))
    assert first == second
    assert field in str(loaded.transform(table).schema["said"].dataType)


def test_a_saved_stage_that_was_changed_is_refused(spark, tmp_path):
    from pyspark.sql import functions as F

    model = PreprocessorModel(WORDS.fit(["가는 말이", "오는 말이"]), inputCol="text")
    model.save(str(tmp_path / "stage"))
    files = spark.read.parquet(str(tmp_path / "stage" / "bundle"))
    changed = files.withColumn(
        "content",
        F.when(F.col("name") == "vocabulary.txt", F.lit(b"[PAD]\n[OOV]\n")).otherwise(
            F.col("content")
        ),
    )
    rows = changed.collect()
    table = spark.createDataFrame(rows, files.schema)
    table.write.mode("overwrite").parquet(str(tmp_path / "stage" / "bundle"))
    with pytest.raises(ValueError, match=r"vocabulary\.txt was changed after saving"):
        PreprocessorModel.load(str(tmp_path / "stage"))
