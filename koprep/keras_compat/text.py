"""What `tf.keras.preprocessing.text` held: words, hashed words, and `Tokenizer`."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from koprep.tokenizers.keras_words import KERAS_FILTERS

Analyzer = Callable[[Any], Iterable[str]]
"""Cuts one text into words."""

_SETTINGS = (
    "num_words",
    "filters",
    "lower",
    "split",
    "char_level",
    "oov_token",
    "document_count",
)
_TABLES = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")
_KEYED_BY_INDEX = ("index_docs", "index_word")


def text_to_word_sequence(
    input_text: str,
    filters: Iterable[str] = KERAS_FILTERS,
    lower: bool = True,
    split: str | None = " ",
) -> list[str]:
    """Cut a text into words: lower case, `split` in the place of every filtered character, cut.

    With `split=None` filtered characters are deleted and words end at any whitespace.

    >>> text_to_word_sequence("너무...좋아요! TV로 봄")
    ['너무', '좋아요', 'tv로', '봄']

    Raises:
        ValueError: `split` is empty, or a filter is longer than one character.
    """
    if lower:
        input_text = input_text.lower()
    separators = _separators(filters, split)
    return [piece for piece in input_text.translate(separators).split(split) if piece]


def one_hot(
    input_text: str,
    n: int,
    filters: Iterable[str] = KERAS_FILTERS,
    lower: bool = True,
    split: str | None = " ",
    analyzer: Analyzer | None = None,
) -> list[int]:
    """Give every word a number from 1 to n - 1 by Python's `hash`, another one each process.

    >>> all(1 <= number < 50 for number in one_hot("그의 말이 법이다", 50))
    True
    """
    return hashing_trick(input_text, n, hash, filters, lower, split, analyzer)


def hashing_trick(
    text: str,
    n: int,
    hash_function: Callable[[str], int] | str | None = None,
    filters: Iterable[str] = KERAS_FILTERS,
    lower: bool = True,
    split: str | None = " ",
    analyzer: Analyzer | None = None,
) -> list[int]:
    """Give every word a number from 1 to n - 1 by its hash; different words may share one.

    Args:
        text: what is cut into words.
        n: numbers, 0 included.
        hash_function: `"md5"`, the same in every process; or a function; None is `hash`.
        filters: as in `text_to_word_sequence`.
        lower: as there.
        split: as there.
        analyzer: cuts the text into words in its place.

    >>> hashing_trick("그의 말이 법이다", 50, "md5")
    [10, 11, 20]

    Raises:
        ZeroDivisionError: `n` is 1.
        TypeError: `hash_function` is another text.
    """
    words = (
        text_to_word_sequence(text, filters, lower, split) if analyzer is None else analyzer(text)
    )
    return [_hash(word, hash_function) % (n - 1) + 1 for word in words]


class Tokenizer:
    """Numbers words by falling frequency from 1 on; 0 is no word's.

    A text is a string, which is cut into words, or a list of words, of which none is cut.

    Args:
        num_words: with a number above 0, only indices below it are written: the
            `num_words - 1` most frequent words, of which `oov_token` is one. The tables still
            hold all.
        filters, lower, split: how a string is cut, see `text_to_word_sequence`; `lower` alone
            works on lists and characters too.
        char_level: every character of a string is a word.
        oov_token: takes index 1 and stands for unknown words; with None they are left out.
        analyzer: cuts strings in place of `filters`, `lower` and `split`. JSON does not keep it.
        **kwargs: `document_count` to start from; `nb_words`, the old name of `num_words`.

    Attributes:
        word_counts: word -> occurrences, by first appearance.
        word_docs: word -> texts that hold it.
        word_index, index_word: word -> index and back.
        index_docs: index -> texts that hold the word.
        document_count: texts seen.

    An `oov_token` that is also a word of the texts keeps that word's index and leaves 1 to none.

    >>> tokenizer = Tokenizer(oov_token="OOV")
    >>> tokenizer.fit_on_texts(["그의 말이 법이다", "말이 있다"])
    >>> tokenizer.word_index
    {'OOV': 1, '말이': 2, '그의': 3, '법이다': 4, '있다': 5}
    >>> tokenizer.texts_to_sequences(["말이 많다"])
    [[2, 1]]

    Raises:
        TypeError: an unknown keyword.
    """

    def __init__(
        self,
        num_words: int | None = None,
        filters: Iterable[str] = KERAS_FILTERS,
        lower: bool = True,
        split: str | None = " ",
        char_level: bool = False,
        oov_token: str | None = None,
        analyzer: Analyzer | None = None,
        **kwargs: Any,
    ) -> None:
        if "nb_words" in kwargs:
            warnings.warn("Tokenizer: nb_words is called num_words now", stacklevel=2)
            num_words = kwargs.pop("nb_words")
        self.document_count: int = kwargs.pop("document_count", 0)
        if kwargs:
            raise TypeError(f"Tokenizer has no argument {', '.join(map(repr, kwargs))}")
        self.num_words = num_words
        self.filters = filters
        self.lower = lower
        self.split = split
        self.char_level = char_level
        self.oov_token = oov_token
        self.analyzer = analyzer
        self.word_counts: dict[str, int] = OrderedDict()
        self.word_docs: dict[str, int] = defaultdict(int)
        self.word_index: dict[str, int] = {}
        self.index_word: dict[int, str] = {}
        self.index_docs: dict[int, int] = defaultdict(int)

    def fit_on_texts(self, texts: Iterable[str | list[str]]) -> None:
        """Count the words of `texts`, on top of those counted before, and number all anew."""
        counts = self.word_counts
        for text in texts:
            self.document_count += 1
            words = self._words(text)
            for word in words:
                counts[word] = counts.get(word, 0) + 1
            for word in set(words):  # the old order; an analyzer's generator is used up by now
                self.word_docs[word] += 1
        ranked: list[str] = sorted(counts, key=counts.__getitem__, reverse=True)
        if self.oov_token is not None:
            ranked.insert(0, self.oov_token)
        self.word_index = {word: index for index, word in enumerate(ranked, 1)}
        self.index_word = {index: word for word, index in self.word_index.items()}
        for word, documents in self.word_docs.items():
            self.index_docs[self.word_index[word]] = documents

    def fit_on_sequences(self, sequences: Sequence[Iterable[int]]) -> None:
        """Count in how many sequences each index stands, for `"tfidf"`; words stay unknown."""
        self.document_count += len(sequences)
        for sequence in sequences:
            for index in set(sequence):
                self.index_docs[index] += 1

    def texts_to_sequences(self, texts: Iterable[str | list[str]]) -> list[list[int]]:
        """Return the indices of the words of each text, unknown and cut words as `oov_token`."""
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts: Iterable[str | list[str]]) -> Iterator[list[int]]:
        """Yield what `texts_to_sequences` returns, text by text."""
        limit = self.num_words
        oov: Any = self._oov_index()  # None, which the list then holds, before anything is fitted
        for text in texts:
            sequence = []
            for word in self._words(text):
                index = self.word_index.get(word)
                if index is None:
                    if self.oov_token is not None:
                        sequence.append(oov)
                elif not limit or index < limit:
                    sequence.append(index)
                elif oov is not None:
                    sequence.append(oov)
            yield sequence

    def sequences_to_texts(self, sequences: Iterable[Iterable[int]]) -> list[str]:
        """Return the words of each sequence, joined with spaces.

        Indices that are unknown or not below `num_words` become `oov_token`, or nothing.
        """
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences: Iterable[Iterable[int]]) -> Iterator[str]:
        """Yield what `sequences_to_texts` returns, sequence by sequence."""
        limit = self.num_words
        oov: Any = self._oov_index()
        for sequence in sequences:
            words = []
            for index in sequence:
                word = self.index_word.get(index)
                if word is None:
                    if self.oov_token is not None:
                        words.append(self.index_word[oov])
                elif not limit or index < limit:
                    words.append(word)
                elif oov is not None:
                    words.append(self.index_word[oov])
            yield " ".join(words)

    def texts_to_matrix(
        self, texts: Iterable[str | list[str]], mode: str = "binary"
    ) -> npt.NDArray[np.float64]:
        """Return one row of word weights a text; see `sequences_to_matrix`."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode=mode)

    def sequences_to_matrix(
        self, sequences: Sequence[Sequence[int]], mode: str = "binary"
    ) -> npt.NDArray[np.float64]:
        """Return one row of word weights a sequence.

        With c occurrences in a sequence, the weight of an index is by `mode`: `"binary"` 1;
        `"count"` c; `"freq"` c / length of the sequence; `"tfidf"`
        (1 + ln c) · ln(1 + `document_count` / (1 + texts that hold the word)).

        Returns:
            float64, shape (len(sequences), num_words), or as many columns as indices and one for
            0 where `num_words` is not set.

        >>> tokenizer = Tokenizer()
        >>> tokenizer.fit_on_texts(["말이 말이 법"])
        >>> tokenizer.texts_to_matrix(["법 말이 법"], mode="count")
        array([[0., 1., 2.]])

        Raises:
            ValueError: nothing is fitted and `num_words` not set; `"tfidf"` before any text was
                seen; an unknown mode.
        """
        if not self.num_words and not self.word_index:
            raise ValueError("the matrix has no width yet: set num_words, or fit on texts first")
        width = self.num_words or len(self.word_index) + 1
        if mode == "tfidf" and not self.document_count:
            raise ValueError("mode 'tfidf' counts documents: fit on texts or sequences first")
        matrix = np.zeros((len(sequences), width))
        for row, sequence in zip(matrix, sequences, strict=True):
            if not sequence:
                continue
            for index, count in Counter(i for i in sequence if i < width).items():
                row[index] = self._weight(index, count, sequence, mode)
        return matrix

    def get_config(self) -> dict[str, Any]:
        """Return settings and tables, each table as a JSON text of its own."""
        settings = {name: getattr(self, name) for name in _SETTINGS}
        return settings | {name: json.dumps(getattr(self, name)) for name in _TABLES}

    def to_json(self, **kwargs: Any) -> str:
        """Return the tokenizer as JSON, `analyzer` left out; `kwargs` go to `json.dumps`."""
        saved = {"class_name": type(self).__name__, "config": self.get_config()}
        return json.dumps(saved, **kwargs)

    def _words(self, text: Any) -> Iterable[str]:
        if isinstance(text, list):
            return [word.lower() for word in text] if self.lower else text
        if self.char_level:
            characters: Iterable[str] = text.lower() if self.lower else text
            return characters
        if self.analyzer is not None:
            return self.analyzer(text)
        return text_to_word_sequence(text, self.filters, self.lower, self.split)

    def _oov_index(self) -> int | None:
        return self.word_index.get(self.oov_token)  # type: ignore[arg-type]  # None is no word

    def _weight(self, index: int, count: int, sequence: Sequence[int], mode: str) -> float:
        if mode == "binary":
            return 1
        if mode == "count":
            return count
        if mode == "freq":
            return count / len(sequence)
        if mode == "tfidf":
            rarity = self.document_count / (1 + self.index_docs.get(index, 0))
            return float((1 + np.log(count)) * np.log(1 + rarity))
        raise ValueError(f"mode must be 'binary', 'count', 'freq' or 'tfidf', got {mode!r}")


def tokenizer_from_json(json_string: str | bytes) -> Tokenizer:
    """Build the tokenizer that `to_json` wrote, here or in Keras.

    >>> tokenizer = Tokenizer(num_words=3)
    >>> tokenizer.fit_on_texts(["그의 말이 법이다"])
    >>> tokenizer_from_json(tokenizer.to_json()).texts_to_sequences(["법이다 그의"])
    [[1]]

    Raises:
        ValueError: this is no JSON or endless brackets, or an index is no number.
        AttributeError, KeyError, TypeError: the JSON is of something else: it holds no "config",
            lacks a table, or has a setting that is none.
    """
    config = _from_json(json_string).get("config")
    if config is None:
        raise AttributeError("this JSON is no Keras tokenizer: it holds no 'config'")
    tables = {name: _from_json(config.pop(name)) for name in _TABLES}
    for name in _KEYED_BY_INDEX:
        tables[name] = {int(index): value for index, value in tables[name].items()}
    tokenizer = Tokenizer(**config)
    vars(tokenizer).update(tables)
    return tokenizer


def _separators(filters: Iterable[str], split: str | None) -> dict[int, Any]:
    if isinstance(filters, str) and isinstance(split, str | None):
        return _cached_separators(filters, split)
    return str.maketrans(dict.fromkeys(filters, split))


@lru_cache(maxsize=64)
def _cached_separators(filters: str, split: str | None) -> dict[int, Any]:
    return str.maketrans(dict.fromkeys(filters, split))


def _hash(word: str, function: Callable[[str], int] | str | None) -> int:
    if function is None:
        return hash(word)
    if function == "md5":
        return int.from_bytes(hashlib.md5(word.encode(), usedforsecurity=False).digest(), "big")
    if isinstance(function, str):
        raise TypeError(f"hash_function must be 'md5', a function or None, got {function!r}")
    return function(word)


def _from_json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError(f"this JSON is nested too deeply: {error}") from None
