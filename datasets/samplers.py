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


def shifted(rows: Ragged, vocabulary_size: int, *, maxlen: int | None = None) -> EncodedDataset:
    """Make teacher-forcing examples: each row without its last token, and at each the next one.

    Args:
        rows: encoded sentences; those with fewer than two tokens teach nothing and are left out.
        vocabulary_size: ids, PAD included.
        maxlen: tokens an input; a longer row is cut into pieces that go on where the last one
            ended, so that every next token is learned once. None takes the longest row.

    Returns:
        A `language_model` dataset: token_ids and labels int32, sample_weight float32 with 0 at
        PAD, all of shape (pieces, maxlen).

    The lecture's `hell` -> `ello`:

    >>> pairs = shifted(Ragged.from_rows([[3, 4, 2, 2, 5]]), vocabulary_size=6)
    >>> pairs.token_ids.tolist(), pairs.labels.tolist()
    ([[3, 4, 2, 2]], [[4, 2, 2, 5]])

    Raises:
        ValueError: no row has two tokens, or `maxlen` below 1.
    """
    if maxlen is not None and maxlen < 1:
        raise ValueError(f"maxlen must be at least 1 token, got {maxlen}")
    width = maxlen if maxlen is not None else max(1, int(rows.lengths.max(initial=0)) - 1)
    pieces = [
        row[start : start + width + 1] for row in rows for start in range(0, len(row) - 1, width)
    ]
    if not pieces:
        raise ValueError("no row has two tokens, so there is no next token to learn")
    token_ids = pad_sequences(Ragged.from_rows([piece[:-1] for piece in pieces]), width)
    lengths = np.array([len(piece) - 1 for piece in pieces])
    return EncodedDataset(
        spec=TaskSpec(
            task="language_model",
            vocabulary_size=vocabulary_size,
            maxlen=width,
            num_labels=vocabulary_size,
        ),
        token_ids=token_ids,
        labels=pad_sequences(Ragged.from_rows([piece[1:] for piece in pieces]), width),
        sample_weight=(np.arange(width) >= width - lengths[:, None]).astype(np.float32),
    )
