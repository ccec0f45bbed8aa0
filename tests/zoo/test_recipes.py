"""One way from a dataset to the estimator of its task."""

import numpy as np
import pytest

from koprep import Preprocessor
from koprep.datasets import TextDataset, load
from koprep.zoo import SequenceTagger, TextClassifier, TextGenerator, TrainingConfig
from koprep.zoo.recipes import check_task, default_settings, fit_for_task, task_of

REVIEWS = load("mini_reviews", limit=40)
SENTENCES = load("lecture_sentences")
WEATHER = load("weather_menu", count=20)


@pytest.mark.parametrize(
    ("examples", "task", "estimator", "figure"),
    [
        (REVIEWS, "classification", TextClassifier, "training accuracy 0."),
        (WEATHER, "tagging", SequenceTagger, "training tag accuracy 0."),
        (SENTENCES, "language_model", TextGenerator, "training perplexity "),
        (REVIEWS, "next_token", TextGenerator, "training perplexity "),
    ],
)
def test_every_task_has_its_estimator(examples, task, estimator, figure):
    fitted = fit_for_task(
        task,
        examples,
        "simple_rnn",
        preprocessor=Preprocessor(tokenizer="whitespace"),
        model_options={"embedding_size": 2, "units": 2},
        training=TrainingConfig(epochs=1, validation_split=0),
    )
    assert isinstance(fitted, estimator)
    assert fitted.training_summary().startswith(figure)
    assert fitted.training_summary().endswith("(epoch 1)")
    if estimator is TextGenerator:
        assert fitted.task == task
        assert fitted.training_summary().split()[2] == f"{np.exp(fitted.history_[0]['loss']):.2f}"


def test_a_dataset_tells_its_task():
    assert [task_of(examples) for examples in (REVIEWS, WEATHER, SENTENCES)] == [
        "classification",
        "tagging",
        "language_model",
    ]


@pytest.mark.parametrize(
    ("task", "examples", "message"),
    [
        pytest.param("sorting", REVIEWS, "task must be one of classification", id="task"),
        pytest.param("classification", WEATHER, "no labels; it can teach tagging", id="labels"),
        pytest.param("tagging", SENTENCES, "no tags; it can teach language_model", id="tags"),
        pytest.param("tagging", REVIEWS, "no tags; it can teach classification", id="no tags"),
    ],
)
def test_what_a_dataset_cannot_teach_is_refused(task, examples, message):
    with pytest.raises(ValueError, match=message):
        check_task(task, examples)


def test_any_texts_teach_to_write():
    for examples in (REVIEWS, WEATHER, TextDataset(texts=("가 나",))):
        assert check_task("language_model", examples) == "language_model"


def test_tags_are_looked_for_where_they_are():
    settings = default_settings("tagging", "gru", examples=WEATHER)
    assert settings["tokenizer"].name == "whitespace"


def test_the_named_tokenizer_is_taken():
    assert default_settings("language_model", "gru", "character")["tokenizer"].name == "character"
    assert default_settings("classification", "gru")["tokenizer"].settings() == {}
