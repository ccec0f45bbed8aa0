"""`Preprocessor` as a scikit-learn transformer."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import estimator_checks, get_tags
from sklearn.utils.estimator_checks import check_estimator

from koprep import Cleaner, Preprocessor, get_tokenizer

TEXTS = ["정말 재미있다", "다시 보고 싶다", "돈이 아깝다", "지루하고 길다"] * 6
LABELS = [1, 1, 0, 0] * 6


@pytest.mark.filterwarnings("ignore:Can't test estimator")
def test_scikit_learns_own_checks_pass():
    """All that it has for estimators of texts: what CountVectorizer passes, too."""
    ours = check_estimator(Preprocessor(), on_fail=None)
    theirs = check_estimator(CountVectorizer(), on_fail=None)
    assert [r["check_name"] for r in ours if r["status"] == "failed"] == []
    assert {(r["check_name"], r["status"]) for r in ours} == {
        (r["check_name"], r["status"]) for r in theirs
    }


@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_estimator_cloneable,
        estimator_checks.check_estimator_repr,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_set_params,
        estimator_checks.check_valid_tag_types,
    ],
)
def test_checks_that_need_no_numbers_pass_one_by_one(check):
    check("Preprocessor", Preprocessor())


def test_its_tags_are_those_of_countvectorizer():
    assert get_tags(Preprocessor()).input_tags == get_tags(CountVectorizer()).input_tags


def test_a_pipeline_and_a_grid_search_find_its_settings():
    pipeline = make_pipeline(Preprocessor(maxlen=4), DecisionTreeClassifier(random_state=0))
    grid = {
        "preprocessor__tokenizer": ["kiwi", "syllable", get_tokenizer("kiwi", output="form/tag")],
        "preprocessor__min_count": [1, 2],
    }
    search = GridSearchCV(pipeline, grid, cv=2).fit(TEXTS, LABELS)
    assert len(search.cv_results_["params"]) == 6
    assert search.best_score_ == 1.0
    assert not np.isnan(search.cv_results_["mean_test_score"]).any()


def test_a_clone_has_the_settings_and_nothing_learned():
    fitted = Preprocessor(cleaner=Cleaner.lecture(), coverage=0.9, oov_buckets=3).fit(TEXTS)
    copy = clone(fitted)
    assert not hasattr(copy, "vocabulary_")
    ours, theirs = fitted.get_params(), copy.get_params()
    assert ours == theirs


@pytest.mark.parametrize("container", ["pandas", "polars"])
def test_set_output_gives_named_columns(container):
    table = Preprocessor(maxlen=3).set_output(transform=container).fit_transform(TEXTS)
    assert list(table.columns) == ["token0", "token1", "token2"]
    assert len(table) == len(TEXTS)
    assert (table.to_numpy() == Preprocessor(maxlen=3).fit_transform(TEXTS)).all()
