"""What `tf.keras.preprocessing.sequence` held: padding, and pairs of words for skip-grams."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

_EULER_GAMMA = 0.577  # three digits, as word2vec's approximation was written
_LAST_SEED = 10_000_000


def pad_sequences(
    sequences: Any,
    maxlen: int | None = None,
    dtype: Any = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> npt.NDArray[Any]:
    """Bring sequences to one length: short ones are filled with `value`, long ones are cut.

    Args:
        sequences: sequences of numbers, of texts (with `dtype=object`), or of arrays of one shape.
        maxlen: steps a row; None takes the longest sequence.
        dtype: of the result.
        padding: the side that is filled, `"pre"` (left) or `"post"`.
        truncating: the side that long sequences lose, `"pre"` or `"post"`.
        value: what fills.

    Returns:
        `dtype`, shape (len(sequences), maxlen), then the shape of one step.

    `koprep.pad_sequences` is the stricter and faster one for ids.

    >>> pad_sequences([[1, 2, 3], [4]], maxlen=2)
    array([[2, 3],
           [0, 4]], dtype=int32)
    >>> pad_sequences([[0.5], [1, 2]], dtype="float32", padding="post", value=-1)
    array([[ 0.5, -1. ],
           [ 1. ,  2. ]], dtype=float32)

    Raises:
        ValueError: `sequences` has no length or holds what has none; steps of different shapes;
            a text as `value` that `dtype` cannot hold; an unknown side, once a sequence needs it;
            no `maxlen` and no sequences; a value that is no number.
    """
    if not hasattr(sequences, "__len__"):
        raise ValueError(f"sequences must have a length, got {type(sequences).__name__}")
    lengths = [_length(sequence) for sequence in sequences]
    width = max(lengths) if maxlen is None else maxlen
    first = next((s for s, length in zip(sequences, lengths, strict=True) if length), ())
    step_shape = np.asarray(first).shape[1:]
    if isinstance(value, str) and dtype is not object and not _holds_text(dtype):
        raise ValueError(f"value {value!r} is a text and does not fit {dtype}: give dtype=object")

    padded = np.full((len(sequences), width, *step_shape), value, dtype=dtype)
    for number, (row, sequence) in enumerate(zip(padded, sequences, strict=True)):
        if not len(sequence):
            continue
        if truncating not in ("pre", "post"):
            raise ValueError(f"truncating must be 'pre' or 'post', got {truncating!r}")
        kept = sequence[-width:] if truncating == "pre" else sequence[:width]
        kept = np.asarray(kept, dtype=dtype)
        if kept.shape[1:] != step_shape:
            raise ValueError(
                f"sequence {number} has steps of shape {kept.shape[1:]}, "
                f"the first sequence has {step_shape}"
            )
        if padding == "pre":
            row[-len(kept) :] = kept
        elif padding == "post":
            row[: len(kept)] = kept
        else:
            raise ValueError(f"padding must be 'pre' or 'post', got {padding!r}")
    return padded


def skipgrams(
    sequence: Sequence[int],
    vocabulary_size: int,
    window_size: int = 4,
    negative_samples: float = 1.0,
    shuffle: bool = True,
    categorical: bool = False,
    sampling_table: Any = None,
    seed: int | None = None,
) -> tuple[list[list[int]], list[Any]]:
    """Pair words with their neighbours, and with words drawn at random.

    It draws from the global `random`, and where it shuffles, it leaves it seeded.

    Args:
        sequence: word indices; 0 is no word and gives no pair.
        vocabulary_size: random words are drawn from 1 to `vocabulary_size - 1`.
        window_size: neighbours on each side, in words.
        negative_samples: random pairs for each true pair.
        shuffle: mix the pairs; otherwise true pairs come first, in the order of the sequence.
        categorical: labels are `[0, 1]` (true) and `[1, 0]` (random), not 1 and 0.
        sampling_table: index -> chance that the word is kept as the first of pairs.
        seed: of the mixing alone; None draws one.

    Returns:
        The pairs `[word, other]`, and their labels in the same order.

    >>> skipgrams([5, 0, 7], 10, window_size=2, negative_samples=0, shuffle=False)
    ([[5, 7], [7, 5]], [1, 1])

    Raises:
        ValueError: random pairs are wanted and `vocabulary_size` is below 2.
    """
    true_label, random_label = ([0, 1], [1, 0]) if categorical else (1, 0)
    pairs: list[list[int]] = []
    for place, word in enumerate(sequence):
        if not word:
            continue
        if sampling_table is not None and sampling_table[word] < random.random():
            continue
        end = min(len(sequence), place + window_size + 1)
        for other in range(max(0, place - window_size), end):
            if other != place and sequence[other]:
                pairs.append([word, sequence[other]])
    labels: list[Any] = [_copied(true_label) for _ in pairs]
    if negative_samples > 0:
        words = [word for word, _ in pairs]
        random.shuffle(words)
        for number in range(int(len(pairs) * negative_samples)):
            word = words[number % len(words)]
            pairs.append([word, random.randint(1, vocabulary_size - 1)])
            labels.append(_copied(random_label))
    if shuffle:
        random.seed(random.randint(0, _LAST_SEED) if seed is None else seed)
        together = list(zip(pairs, labels, strict=True))
        random.shuffle(together)
        pairs, labels = [pair for pair, _ in together], [label for _, label in together]
    return pairs, labels


def make_sampling_table(size: int, sampling_factor: float = 1e-5) -> npt.NDArray[np.float64]:
    """Return the chance to keep each word in word2vec's subsampling, by its rank.

    The word of rank r (0 counts as 1) is taken to have the frequency f that Zipf's law gives it,
    1 / f = r · (ln r + 0.577) + 1/2 - 1/(12 r), and is kept with min(1, sqrt(factor / f)).

    Returns:
        float64, shape (size,).

    >>> make_sampling_table(3).round(4)
    array([0.0032, 0.0032, 0.0055])

    Raises:
        IndexError: `size` is 0.
    """
    rank = np.arange(size)
    rank[0] = 1
    inverse_frequency = rank * (np.log(rank) + _EULER_GAMMA) + 0.5 - 1.0 / (12.0 * rank)
    ratio = sampling_factor * inverse_frequency
    return np.minimum(1.0, ratio / np.sqrt(ratio))  # rounds otherwise than sqrt(ratio)


def _length(sequence: Any) -> int:
    try:
        return len(sequence)
    except TypeError as error:
        raise ValueError(f"each of sequences must have a length, got {sequence!r}") from error


def _holds_text(dtype: Any) -> bool:
    return np.issubdtype(dtype, np.str_) or np.issubdtype(dtype, np.bytes_)


def _copied(label: Any) -> Any:
    return label.copy() if isinstance(label, list) else label
