"""Stopwords from data: frequent tokens that say nothing about the label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from koprep.stopwords.negation import is_negation
from koprep.tokenizers.base import Token

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class StopwordSuggestion:
    """A token that `suggest_stopwords` proposes, and why."""

    token: str
    """The form."""

    document_share: float
    """Share of the texts that hold it, above 0 and up to 1."""

    information: float
    """Mutual information of its presence and the label, in bits."""

    p_value: float
    """How often a token unrelated to the label would show at least this much information."""


def suggest_stopwords(
    token_lists: Iterable[Sequence[str] | Sequence[Token]],
    labels: Sequence[Any] | NDArray[Any],
    *,
    min_share: float = 0.01,
    min_count: int = 20,
    min_p_value: float = 0.05,
) -> list[StopwordSuggestion]:
    """Propose frequent tokens whose presence in a text says nothing about its label.

    For each token, X is whether a text holds it and Y is the text's label. Their mutual
    information is I(X; Y) = sum over x, y of p(x, y) log2(p(x, y) / (p(x) p(y))) (Cover and
    Thomas, Elements of Information Theory, 2006, chapter 2). If X and Y are independent,
    G = 2 ln(2) n I over n texts nears a chi-square distribution with (number of labels - 1)
    degrees of freedom (the G-test: Sokal and Rohlf, Biometry, 1995, chapter 17), and the
    p-value is the chance of a G at least as large. Tokens below `min_p_value` tell labels apart
    and are not proposed; nor is negation, nor a token too rare to tell: fewer than 5 texts of
    some label expected to hold it.

    A proposal is something to look at, not a verdict: the less data, the more a weak relation
    passes for none, and two tokens can speak together where each alone is silent.

    >>> texts = [["영화", "가", "좋"], ["영화", "가", "싫"]] * 50
    >>> suggest_stopwords(texts, [1, 0] * 50)[0]
    StopwordSuggestion(token='가', document_share=1.0, information=0.0, p_value=1.0)
    >>> [suggestion.token for suggestion in suggest_stopwords(texts, [1, 0] * 50)]
    ['가', '영화']

    Args:
        token_lists: The texts, cut into forms or tokens (`Token`).
        labels: One label a text, of any type that sorts.
        min_share: Smallest share of the texts that must hold a token, from 0 to 1.
        min_count: Smallest number of texts that must hold it.
        min_p_value: Smallest p-value, from 0 to 1; higher proposes less.

    Returns:
        The proposals, the most frequent first.

    Raises:
        TypeError: a text is a bare string.
        ValueError: a setting is out of range, there is not one label for each text, or all
            labels are the same.
    """
    import numpy as np
    from scipy.special import chdtrc, rel_entr

    if not 0 <= min_share <= 1:
        raise ValueError(f"min_share must be from 0 to 1, got {min_share}")
    if min_count < 1:
        raise ValueError(f"min_count must be at least 1 text, got {min_count}")
    if not 0 <= min_p_value <= 1:
        raise ValueError(f"min_p_value must be from 0 to 1, got {min_p_value}")

    token_ids: dict[str, int] = {}
    present_ids: list[int] = []  # the distinct tokens of the first text, of the second, ...
    sizes: list[int] = []  # how many each text has
    for tokens in token_lists:
        if isinstance(tokens, str):
            raise TypeError(f"expected the tokens of a text, got the text {tokens[:30]!r}")
        forms = {token if isinstance(token, str) else token.form for token in tokens}
        present_ids += [token_ids.setdefault(form, len(token_ids)) for form in forms]
        sizes.append(len(forms))

    one_a_text = np.asarray(labels)
    if one_a_text.shape != (len(sizes),):
        raise ValueError(f"expected {len(sizes)} labels, one a text, got {one_a_text.shape}")
    names, label_ids = np.unique(one_a_text, return_inverse=True)
    if len(names) < 2:
        raise ValueError(f"labels must differ for tokens to tell them apart, got {list(names)}")

    # present[t, y]: texts of label y that hold token t; absent: those that do not
    texts, num_labels = len(sizes), len(names)
    cells = np.asarray(present_ids, dtype=np.int64) * num_labels + np.repeat(label_ids, sizes)
    present = np.bincount(cells, minlength=len(token_ids) * num_labels).reshape(-1, num_labels)
    label_counts = np.bincount(label_ids)
    counts = present.sum(axis=1)
    absent = label_counts - present

    joint = np.stack([present, absent], axis=1) / texts
    independent = joint.sum(axis=2, keepdims=True) * (label_counts / texts)
    nats = rel_entr(joint, independent).sum(axis=(1, 2)).clip(min=0)
    p_values = chdtrc(num_labels - 1, 2 * texts * nats)

    tellable = counts * label_counts.min() / texts >= 5
    frequent = counts >= max(min_count, min_share * texts)
    proposed = frequent & tellable & (p_values >= min_p_value)
    suggestions = [
        StopwordSuggestion(
            token=form,
            document_share=float(counts[i] / texts),
            information=float(nats[i] / np.log(2)),
            p_value=float(p_values[i]),
        )
        for form, i in token_ids.items()
        if proposed[i] and not is_negation(form)
    ]
    return sorted(suggestions, key=lambda row: (-row.document_share, row.token))
