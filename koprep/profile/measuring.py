"""The one pass over a corpus that fills all counts of its profile."""

from __future__ import annotations

from array import array
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any, Literal

import numpy as np

from koprep.cleaning import Cleaner
from koprep.padding import whole_length
from koprep.profile.checks import Checks
from koprep.profile.findings import Corpus, judge
from koprep.profile.report import LabelCount, Lengths, PartSize, Profile, Settings
from koprep.profile.rows import TEST, TRAIN, Row, Unreadable, is_training, rows_of
from koprep.profile.trouble import visible
from koprep.profile.words import WordCounts, sorted_labels
from koprep.stopwords import Stopwords
from koprep.texts import listed
from koprep.token_chain import TokenChain
from koprep.tokenizers import Token, Tokenizer


def profile_texts(
    texts: Iterable[str],
    labels: Iterable[Any] | None = None,
    *,
    test_texts: Iterable[str] | None = None,
    test_labels: Iterable[Any] | None = None,
    name: str = "corpus",
    cleaner: Cleaner | None = None,
    tokenizer: str | Tokenizer = "kiwi",
    stopwords: str | Stopwords | None = None,
) -> Profile:
    """Profile a corpus: lengths, labels, vocabulary, unknown words, and what is wrong with it.

    The texts are read once and not kept: memory grows with the vocabulary, and by some hundred
    bytes a text. Rows are numbered from 0.

    Args:
        texts: training texts, in anything `Preprocessor.fit` takes.
        labels: one label a text, of any type that prints; None, NaN and "" count as missing.
        test_texts: texts to look for leaks and unknown words in; None holds out every tenth
            training text or so, the same ones each time, to measure unknown words alone.
        test_labels: their labels.
        name: what the page calls the corpus.
        cleaner: how texts are cleaned, as in `Preprocessor`; so are the next two.
        tokenizer: a name or a `Tokenizer`.
        stopwords: a name, a `Stopwords`, or None.

    Raises:
        TypeError: a bare string, or a row that is missing or no text (with its number).
        ValueError: no texts, or not one label for each.

    >>> profile = profile_texts(["재미 있다", "재미 있다", "별로다"], [1, 0, 0],
    ...                         tokenizer="whitespace")
    >>> profile.lengths.maxlen, profile.words.vocabulary_size
    (2, 5)
    >>> [finding.code for finding in profile.findings if finding.count]
    ['label_conflicts', 'duplicates']
    """
    if test_texts is None and test_labels is not None:
        raise ValueError("test_labels were given without test_texts")
    parts = [rows_of(texts, labels, TRAIN)]
    if test_texts is not None:
        parts.append(rows_of(test_texts, test_labels, TEST))
    return profile_rows(
        chain(*parts),
        name=name,
        rows_are="row",
        cleaner=cleaner,
        tokenizer=tokenizer,
        stopwords=stopwords,
    )


def profile_rows(
    rows: Iterable[Row | Unreadable],
    *,
    name: str,
    rows_are: Literal["line", "row"] = "line",
    cleaner: Cleaner | None = None,
    tokenizer: str | Tokenizer = "kiwi",
    stopwords: str | Stopwords | None = None,
) -> Profile:
    """Profile rows, such as those of `read_rows`, in one pass; see `profile_texts`.

    Raises:
        ValueError: no row holds a text, or no split of them is the training part.
    """
    pass_ = CorpusPass(TokenChain.open(cleaner, tokenizer, stopwords))
    pass_.run(rows)
    return pass_.profile(name, rows_are)


class CorpusPass:
    """What is counted while reading, row by row in the order of the corpus."""

    def __init__(self, chain: TokenChain) -> None:
        self.cleaner, self.tokenizer, self.stopwords = (
            chain.cleaner,
            chain.tokenizer,
            chain.stopwords,
        )
        self.checks: Checks = Checks(chain.stopwords)
        self.words: WordCounts = WordCounts()
        self.lengths: array[int] = array("q")
        self.texts: Counter[str] = Counter()  # by split
        self.tokens: Counter[str] = Counter()
        self.labels: Counter[tuple[str, str]] = Counter()  # by split and label

    def run(self, rows: Iterable[Row | Unreadable]) -> None:
        """Clean and cut rows, and count them."""
        waiting: deque[tuple[Row, str]] = deque()  # the tokenizer reads ahead
        for tokens in self.tokenizer.tokenize_many(self._cleaned(rows, waiting)):
            row, cleaned = waiting.popleft()
            self.add(row, cleaned, tokens)

    def add(self, row: Row, cleaned: str, tokens: list[Token]) -> None:
        """Count a row that was cleaned and cut."""
        kept = self.stopwords.filter(tokens)
        self.checks.add(row, cleaned, tokens, kept)
        rendered = self.tokenizer.render(kept)
        self.words.add(row, rendered)
        self.texts[row.split] += 1
        self.tokens[row.split] += len(rendered)
        if row.label is not None:
            self.labels[row.split, row.label] += 1
        if is_training(row.split):
            self.lengths.append(len(rendered))

    def _cleaned(
        self, rows: Iterable[Row | Unreadable], waiting: deque[tuple[Row, str]]
    ) -> Iterator[str]:
        for row in rows:
            if isinstance(row, Unreadable):
                self.checks.add_unreadable(row)
                continue
            cleaned = self.cleaner.clean(row.text)
            waiting.append((row, cleaned))
            yield cleaned

    def profile(self, name: str, rows_are: Literal["line", "row"]) -> Profile:
        """Return what was counted.

        Raises:
            ValueError: no row holds a text, or no split of them is the training part.
        """
        self._check()
        splits = sorted(self.texts, key=lambda split: not is_training(split))  # else as they came
        words = self.words.words()
        labels = tuple(
            LabelCount(split=visible(split), label=visible(label), texts=self.labels[split, label])
            for split in splits
            for label in sorted_labels(label for part, label in self.labels if part == split)
        )
        corpus = Corpus(
            texts=sum(self.texts.values()),
            tested=sum(n for split, n in self.texts.items() if not is_training(split)),
            training_labels=[count for count in labels if is_training(count.split)],
            cleaner=self.cleaner,
            stopwords=self.stopwords,
        )
        return Profile(
            name=visible(name),
            rows_are=rows_are,
            settings=self._settings(),
            parts=tuple(
                PartSize(
                    split=visible(split),
                    training=is_training(split),
                    texts=self.texts[split],
                    tokens=self.tokens[split],
                )
                for split in splits
            ),
            unreadable=self.checks.unreadable.count,
            lengths=_lengths(self.lengths),
            labels=labels,
            words=words,
            held_out=self.words.held_out,
            unknown=self.words.unknown(words.vocabulary_size),
            findings=judge(self.checks, corpus),
        )

    def _check(self) -> None:
        unreadable = self.checks.unreadable
        if not self.texts:
            message = "no texts to profile: give at least one"
            if unreadable.count:
                first = unreadable.examples[0]
                message += (
                    f"; {unreadable.count} rows could not be read, "
                    f"the first: row {first.places[0].row}: {first.note}"
                )
            raise ValueError(message)
        if not self.lengths:
            names = listed([visible(name) for name in self.texts])
            raise ValueError(
                f"no split is the training part: there are {names}; call one {TRAIN!r}"
            )

    def _settings(self) -> Settings:
        stopwords = replace(self.stopwords, words=frozenset()).to_dict()
        return Settings(
            tokenizer=self.tokenizer.name,
            tokenizer_settings=self.tokenizer.settings(),
            engine_versions=self.tokenizer.engine_versions(),
            cleaner=self.cleaner.to_dict(),
            stopwords={**stopwords, "words": len(self.stopwords.words)},
        )


def _lengths(lengths: array[int]) -> Lengths:
    values = np.frombuffer(lengths, np.int64)
    maxlen = whole_length(values)
    tokens, texts = np.unique(values, return_counts=True)
    return Lengths(
        histogram=dict(zip(tokens.tolist(), texts.tolist(), strict=True)),
        mean=float(values.mean()),
        median=int(np.median(values)),
        longest=int(values.max()),
        maxlen=maxlen,
        kept_whole=float((values <= maxlen).mean()),
    )
