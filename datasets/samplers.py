"""From rows of ids to training examples."""

from __future__ import annotations

import numpy as np

from koprep.padding import Ragged, pad_sequences

from .encoded import EncodedDataset, TaskSpec


def next_token_samples(
    rows: Ragged, vocabulary_size: int, *, maxlen: int | None = None
) -> EncodedDataset:
    """Make an example of every prefix of every row: the tokens so far, and the one that follows.

    Args:
        rows: encoded sentences.
        vocabulary_size: ids, PAD included.
        maxlen: tokens an input, the latest ones kept; None takes the longest prefix.

    Returns:
        A `next_token` dataset: token_ids int32 (samples, maxlen), labels int32 (samples,).

    >>> samples = next_token_samples(Ragged.from_rows([[2, 3, 1]]), vocabulary_size=4)
    >>> samples.token_ids.tolist(), samples.labels.tolist()
    ([[0, 2], [2, 3]], [3, 1])

    Raises:
        ValueError: no row has two tokens.
    """
    prefixes = [row[:end] for row in rows for end in range(1, len(row))]
    if not prefixes:
        raise ValueError("no row has two tokens, so there is no next token to learn")
    token_ids = pad_sequences(Ragged.from_rows(prefixes), maxlen)
    return EncodedDataset(
        spec=TaskSpec(
            task="next_token",
            vocabulary_size=vocabulary_size,
            maxlen=token_ids.shape[1],
            num_labels=vocabulary_size,
        ),
        token_ids=token_ids,
        labels=np.concatenate([row[1:] for row in rows]),
    )
