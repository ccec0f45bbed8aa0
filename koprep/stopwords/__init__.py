"""Stopwords: named lists and tag rules, lists of one's own, and proposals from labelled data."""

from koprep.stopwords.lists import Stopwords, list_stopwords
from koprep.stopwords.negation import NEGATION, is_negation
from koprep.stopwords.suggest import StopwordSuggestion, suggest_stopwords

__all__ = [
    "NEGATION",
    "StopwordSuggestion",
    "Stopwords",
    "is_negation",
    "list_stopwords",
    "suggest_stopwords",
]
