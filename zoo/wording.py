"""Predictions in the words a person would use."""

from __future__ import annotations

REVIEW_LABELS = frozenset({"긍정", "부정"})


def prediction_sentence(label: str, probability: float) -> str:
    """Return the Korean sentence for a prediction.

    >>> prediction_sentence("긍정", 0.99951)
    '99.95% 확률로 긍정 리뷰입니다.'
    >>> prediction_sentence("스포츠", 0.5)
    '50.00% 확률로 ‘스포츠’ 라벨입니다.'
    """
    what = f"{label} 리뷰" if label in REVIEW_LABELS else f"‘{label}’ 라벨"
    return f"{probability:.2%} 확률로 {what}입니다."
