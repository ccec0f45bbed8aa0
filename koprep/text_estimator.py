"""What estimators that read texts have in common."""

from __future__ import annotations

from typing import Any

from sklearn.base import BaseEstimator


class TextEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """An estimator whose examples are texts, not rows of numbers: scikit-learn is told so."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags
