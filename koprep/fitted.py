"""Whether an estimator was fitted."""

from __future__ import annotations


def check_fitted(estimator: object, attribute: str) -> None:
    """Refuse an estimator that lacks what `fit` sets, in scikit-learn's words.

    scikit-learn's own check reads the estimator's tags first, which takes as long as to clean and
    encode a text; here that is done for those that are refused alone.

    Raises:
        sklearn.exceptions.NotFittedError: there is no such attribute.
    """
    if not hasattr(estimator, attribute):
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(estimator, attribute)
