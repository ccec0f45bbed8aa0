import numpy as np
import pytest
from sklearn.metrics import accuracy_score, classification_report

from koprep.zoo import evaluate


def test_figures_agree_with_scikit_learn():
    rng = np.random.default_rng(0)
    true, predicted = rng.integers(0, 3, 200), rng.integers(0, 3, 200)
    result = evaluate(true, predicted, ("a", "b", "c"))
    report = classification_report(true, predicted, output_dict=True)
    assert result.accuracy == accuracy_score(true, predicted)
    for number, row in enumerate(result.labels):
        oracle = report[str(number)]
        assert (row.precision, row.recall, row.f1, row.support) == tuple(oracle.values())


def test_a_label_that_never_occurs_scores_zero():
    result = evaluate(np.array([0, 0]), np.array([0, 0]), ("a", "b"))
    assert result.labels[1].recall == result.labels[1].precision == 0
    assert result.confusion == ((2, 0), (0, 0))


@pytest.mark.parametrize(("true", "predicted"), [([], []), ([0, 1], [0])])
def test_nothing_to_compare_is_refused(true, predicted):
    with pytest.raises(ValueError, match="as many predictions as labels"):
        evaluate(np.array(true), np.array(predicted), ("a", "b"))
