"""Which pictures a training and an evaluation leave."""

import numpy as np
import pytest

from koprep import Preprocessor
from koprep.datasets import Entity, TaggedDataset, load
from koprep.zoo import LinearBaseline, TrainingConfig, evaluate, evaluate_spans
from koprep.zoo.pictures import draw_evaluation, draw_training, label_counts
from koprep.zoo.recipes import fit_for_task

REVIEWS = load("mini_reviews", limit=60)
WEATHER = load("weather_menu", count=20)
CURVES, LABELS, LENGTHS = "curves.png", "labels.png", "lengths.png"


def trained(task, examples, model="mlp", **options):
    return fit_for_task(
        task,
        examples,
        model,
        preprocessor=Preprocessor(tokenizer="whitespace"),
        model_options=options,
        training=TrainingConfig(epochs=1, validation_split=0),
    )


@pytest.mark.parametrize(
    ("task", "examples", "names"),
    [
        pytest.param("classification", REVIEWS, [CURVES, LABELS, LENGTHS], id="classifier"),
        pytest.param("tagging", WEATHER, [CURVES, LABELS, LENGTHS], id="tagger"),
        pytest.param("language_model", REVIEWS, [CURVES, LENGTHS], id="labels were not learned"),
    ],
)
def test_training_leaves_the_pictures_its_task_has(task, examples, names, tmp_path):
    estimator = trained(task, examples, embedding_size=2, units=2)
    drawn = draw_training(tmp_path / "pictures", estimator, examples)
    assert drawn == [tmp_path / "pictures" / name for name in names]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)


def test_the_linear_baseline_has_no_epochs(tmp_path):
    estimator = trained("classification", REVIEWS, "tfidf_logreg")
    assert isinstance(estimator, LinearBaseline)
    assert [path.name for path in draw_training(tmp_path, estimator, REVIEWS)] == [LABELS, LENGTHS]


def test_an_evaluation_leaves_the_picture_of_its_kind(tmp_path):
    labels = evaluate(np.array([0, 1]), np.array([0, 1]), ("부정", "긍정"))
    spans = evaluate_spans([[Entity("PS", 0, 1)]], [[]])
    assert draw_evaluation(tmp_path / "a", labels) == [tmp_path / "a" / "confusion.png"]
    assert draw_evaluation(tmp_path / "b", spans) == [tmp_path / "b" / "spans.png"]


def test_an_entity_counts_once_however_long():
    names = ("O", "B-PS", "I-PS", "B-LC", "I-LC")
    tagged = TaggedDataset(
        texts=(tuple("김하나가 서울"), tuple("이둘")),
        tags=((1, 2, 2, 0, 0, 3, 4), (1, 2)),
        tag_names=names,
    )
    assert label_counts(tagged) == {"LC": 1, "PS": 2}
    assert sum(label_counts(WEATHER).values()) == 20 * 10
    assert label_counts(REVIEWS) == REVIEWS.label_counts()
