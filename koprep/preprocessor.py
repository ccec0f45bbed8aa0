"""`Preprocessor`: raw texts to padded ids, every step in one object."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from numbers import Real
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import TransformerMixin

from koprep.bundle import Bundle, read_bundle, write_bundle
from koprep.cleaning import Cleaner
from koprep.explanation import Explanation
from koprep.fitted import check_fitted
from koprep.golden import Drift, GoldenSample, find_drift, take_samples
from koprep.padding import Ragged, Side, whole_length
from koprep.saved import (
    SETTINGS_FILE,
    VOCABULARY_FILE,
    DriftWarning,
    SavedPreprocessor,
    SavedTokenizer,
    blaming,
)
from koprep.stopwords import Stopwords
from koprep.text_encoder import TextEncoder, cut_texts
from koprep.text_estimator import TextEstimator
from koprep.texts import listed
from koprep.token_chain import TokenChain
from koprep.tokenizers import Tokenizer
from koprep.vocabulary import OOV_TOKEN, Vocabulary, as_ids

__all__ = ["DriftWarning", "Preprocessor"]


class Preprocessor(TransformerMixin, TextEstimator):  # type: ignore[misc]  # scikit-learn is untyped
    """Turn raw texts into int32 ids: clean, tokenize, drop stopwords, encode, pad.

    A scikit-learn transformer: `fit` learns the vocabulary and the row length from training
    texts, `transform` gives rows a recurrent model can read.

    Args:
        cleaner: how texts are cleaned; None is `Cleaner()`.
        tokenizer: a name of `list_tokenizers()`, or a `Tokenizer` with its settings.
        stopwords: a name of `list_stopwords()`, a `Stopwords`, or None to keep every token.
        vocabulary_size: ids at most, PAD and OOV included; None keeps every token.
        min_count: tokens seen less often in training stay unknown. With 2 or more, training
            itself shows the model unknown words.
        coverage: the share of all training tokens the vocabulary need not go beyond, such as
            0.99; None keeps every token.
        oov_token: how the OOV token is written; None drops unknown tokens, and ids start at 1.
        oov_buckets: ids that unknown tokens share; with more than one, a hash chooses.
        spell_unknown: give an unknown token the ids of its characters; see `Vocabulary`.
        maxlen: tokens a row; None takes the length that keeps 99 % of the training texts whole.
        padding: the side `PAD_ID` fills, `"pre"` or `"post"`.
        truncating: the side that long texts lose, `"pre"` or `"post"`.
        cache_dir: a folder where tokens are kept, so that a text is cut once, whatever is fitted
            on it afterwards; None keeps nothing. It is no part of what is saved.

    Attributes (after `fit`):
        vocabulary_: the `Vocabulary`.
        maxlen_: tokens a row.
        whole_share_: the share of training texts that `maxlen_` keeps whole.
        cleaner_, tokenizer_, stopwords_: the parts in use.

    >>> preprocessor = Preprocessor(tokenizer="whitespace", oov_token=None)
    >>> preprocessor.fit_transform(["그의 말이 법이다", "말이 있다"])
    array([[2, 1, 3],
           [0, 1, 4]], dtype=int32)
    >>> preprocessor.inverse_transform([[0, 2, 3]])
    [['그의', '법이다']]
    """

    def __init__(
        self,
        *,
        cleaner: Cleaner | None = None,
        tokenizer: str | Tokenizer = "kiwi",
        stopwords: str | Stopwords | None = None,
        vocabulary_size: int | None = 20_000,
        min_count: int = 1,
        coverage: float | None = None,
        oov_token: str | None = OOV_TOKEN,
        oov_buckets: int = 1,
        spell_unknown: bool = False,
        maxlen: int | None = None,
        padding: Side = "pre",
        truncating: Side = "pre",
        cache_dir: str | Path | None = None,
    ) -> None:
        self.cleaner = cleaner
        self.tokenizer = tokenizer
        self.stopwords = stopwords
        self.vocabulary_size = vocabulary_size
        self.min_count = min_count
        self.coverage = coverage
        self.oov_token = oov_token
        self.oov_buckets = oov_buckets
        self.spell_unknown = spell_unknown
        self.maxlen = maxlen
        self.padding = padding
        self.truncating = truncating
        self.cache_dir = cache_dir

    @classmethod
    def lecture(cls) -> Self:
        """Return the course notebook's preprocessing, exactly.

        Hangul-only cleaning with nothing in the place of what is deleted, Okt, the course's
        stopwords, 8,000 words with OOV, rows of 60. It needs `pip install 'koprep[konlpy]'`.
        """
        return cls(
            cleaner=Cleaner.lecture(),
            tokenizer="okt",
            stopwords="lecture",
            vocabulary_size=8_000,
            oov_token="OOV",
            maxlen=60,
        )

    @classmethod
    def from_keras_tokenizer(cls, source: Any, *, maxlen: int, **settings: Any) -> Self:
        """Keep the ids of an old Keras tokenizer; see `koprep.keras_compat.takeover.take_over`."""
        from koprep.keras_compat.takeover import take_over  # needed here alone

        return take_over(cls, source, maxlen=maxlen, **settings)

    def fit(self, texts: Iterable[str], y: object = None) -> Self:
        """Learn the vocabulary and the row length from training texts.

        Raises:
            TypeError: a bare string, or a row that is missing or no text (with its number).
            ValueError: no texts, or a setting that is out of range.
        """
        self.fit_transform_ragged(texts)
        return self

    def fit_transform(
        self, texts: Iterable[str], y: object = None, **fit_params: object
    ) -> npt.NDArray[np.int32]:
        """Fit and transform in one pass; see `fit` and `transform`."""
        ragged = self.fit_transform_ragged(texts)
        return self.encoder().pad(ragged)

    def fit_transform_ragged(self, texts: Iterable[str]) -> Ragged:
        """Fit, and return the training texts' ids unpadded, tokenizing them once."""
        chain = self._checked_chain()
        # Ids in order of first appearance while counting, the final ones when all is counted.
        first_ids = defaultdict[str, int]()
        first_ids.default_factory = first_ids.__len__
        flat, lengths = array("i"), array("q")
        for tokens in cut_texts(chain, texts, self.cache_dir):
            flat.extend(map(first_ids.__getitem__, tokens))
            lengths.append(len(tokens))
        first_ids.default_factory = None  # no more ids, and no cycle to be collected
        if not lengths:
            raise ValueError("no texts to fit on: give at least one")
        appearances = as_ids(flat)
        counts = np.bincount(appearances, minlength=len(first_ids))
        counted = dict(zip(first_ids, counts.tolist(), strict=True))
        vocabulary = self._build_vocabulary(counted, chain)
        ragged = Ragged.from_lengths(appearances, np.frombuffer(lengths, np.int64)).replaced(
            vocabulary.encode_many([token] for token in first_ids)
        )
        maxlen = self.maxlen if self.maxlen is not None else whole_length(ragged.lengths)
        self._set_fitted(chain, vocabulary, maxlen, float(np.mean(ragged.lengths <= maxlen)))
        return ragged

    def transform(self, texts: Iterable[str]) -> npt.NDArray[np.int32]:
        """Return the ids of `texts`.

        Returns:
            int32, shape (texts, maxlen_); a text without a token is a row of `PAD_ID`.
        """
        encoder = self.encoder()
        return encoder.pad(encoder.encode(texts))

    def transform_ragged(self, texts: Iterable[str]) -> Ragged:
        """Return the ids of `texts` unpadded and whole."""
        return self.encoder().encode(texts)

    def iter_transform(
        self, texts: Iterable[str], *, batch_size: int = 1024
    ) -> Iterator[npt.NDArray[np.int32]]:
        """Transform a stream, batch by batch, in memory that does not grow with its length.

        Returns:
            int32 arrays of shape (batch_size, maxlen_); the last one may have fewer rows.
        """
        encoder = self.encoder()
        yield from map(encoder.pad, encoder.iter_encode(texts, batch_size=batch_size))

    def inverse_transform(self, token_ids: Iterable[Iterable[int]]) -> list[list[str]]:
        """Return each row's tokens, PAD left out.

        Raises:
            ValueError: an id outside the vocabulary.
        """
        check_fitted(self, "vocabulary_")
        return [self.vocabulary_.decode(row) for row in token_ids]

    def explain(self, text: str) -> Explanation:
        """Return every stage that `text` goes through, with each token's place in it."""
        return self.encoder().explain(text)

    def encoder(self) -> TextEncoder:
        """Return what was learned, with today's settings, as an object of its own."""
        check_fitted(self, "vocabulary_")
        return self._encoder(self.chain_, self.vocabulary_, self.maxlen_)

    def save(self, folder: str | Path) -> Path:
        """Save settings and vocabulary as a bundle; see `koprep.bundle.write_bundle`."""
        return write_bundle(folder, self.bundle_files(), kind="preprocessor")

    @classmethod
    def load(cls, folder: str | Path, *, strict: bool = False) -> Self:
        """Open the preprocessing of any bundle, a saved model's too.

        Args:
            folder: a folder that koprep saved.
            strict: make drift an error; otherwise it is a `DriftWarning`.

        Raises:
            FileNotFoundError: there is no such folder.
            ValueError: the folder is no bundle, or a file of it was changed; with `strict`, also
                when the installed analyzer cuts differently from the one at fit time.
        """
        return cls.from_bundle(read_bundle(folder), strict=strict)

    def bundle_files(self) -> dict[str, bytes]:
        """Return the bundle files that hold this preprocessor: name -> content."""
        check_fitted(self, "vocabulary_")
        saved = SavedPreprocessor(
            cleaner=self.cleaner_.to_dict(),
            tokenizer=SavedTokenizer(
                name=self.tokenizer_.name,
                settings=self.tokenizer_.settings(),
                versions=self.tokenizer_.engine_versions(),
            ),
            stopwords=self.stopwords_.to_dict(),
            vocabulary_size=self.vocabulary_size,
            min_count=self.min_count,
            coverage=self.coverage,
            oov_token=self.vocabulary_.oov_token,
            oov_buckets=self.vocabulary_.oov_buckets,
            spell_unknown=self.vocabulary_.spell_unknown,
            maxlen=self.maxlen,
            fitted_maxlen=self.maxlen_,
            whole_share=self.whole_share_,
            padding=self.padding,
            truncating=self.truncating,
            golden_samples=take_samples(self.chain_.cut),
        )
        return {
            SETTINGS_FILE: saved.to_bytes(),
            VOCABULARY_FILE: self.vocabulary_.to_text().encode(),
        }

    @classmethod
    def from_bundle(cls, bundle: Bundle, *, strict: bool = False) -> Self:
        """Build the preprocessor of a bundle that was read; see `load`."""
        saved = SavedPreprocessor.read(bundle)
        with blaming(bundle.folder):
            preprocessor = cls.from_saved(saved, bundle.read_text(VOCABULARY_FILE))
        saved.check_drift(bundle.folder, preprocessor.chain_.cut, strict=strict)
        return preprocessor

    @classmethod
    def from_saved(cls, saved: SavedPreprocessor, vocabulary_text: str) -> Self:
        """Build the preprocessor of a bundle's two files, without a look at drift."""
        encoder = TextEncoder.from_saved(saved, vocabulary_text)
        preprocessor = cls(
            cleaner=encoder.chain.cleaner,
            tokenizer=encoder.chain.tokenizer,
            stopwords=encoder.chain.stopwords,
            vocabulary_size=saved.vocabulary_size,
            min_count=saved.min_count,
            coverage=saved.coverage,
            oov_token=saved.oov_token,
            oov_buckets=saved.oov_buckets,
            spell_unknown=saved.spell_unknown,
            maxlen=saved.maxlen,
            padding=saved.padding,
            truncating=saved.truncating,
        )
        return preprocessor.adopt(encoder.vocabulary, encoder.maxlen, saved.whole_share)

    def adopt(self, vocabulary: Vocabulary, maxlen: int, whole_share: float | None = None) -> Self:
        """Take over what was learned elsewhere, in the place of `fit`.

        Args:
            vocabulary: its settings must be this preprocessor's.
            maxlen: tokens a row.
            whole_share: the share of training texts `maxlen` keeps whole, None if not known.

        Raises:
            ValueError: a setting is wrong, or the vocabulary has special tokens, which no text
                holds and a saved preprocessor does not keep.
        """
        if vocabulary.special_tokens:
            raise ValueError(
                f"a preprocessor keeps no special tokens: {listed(vocabulary.special_tokens)}"
            )
        self._set_fitted(self._checked_chain(), vocabulary, maxlen, whole_share)
        return self

    def vocabulary_of(self, counts: Mapping[str, int]) -> Vocabulary:
        """Return the vocabulary that `fit` builds of texts with these tokens.

        Args:
            counts: token -> occurrences, in order of first appearance.

        Raises:
            ValueError: a setting is wrong.
        """
        return self._build_vocabulary(dict(counts), self._checked_chain())

    def find_drift(self, samples: Iterable[GoldenSample]) -> list[Drift]:
        """Return the golden samples that are cut differently now; see `koprep.golden`."""
        return find_drift(samples, self.chain_.cut)

    def _checked_chain(self) -> TokenChain:
        """Return the chain of the settings, all of which are checked before the long work."""
        for name in ("maxlen", "vocabulary_size", "min_count", "oov_buckets"):
            value = getattr(self, name)
            optional = name in ("maxlen", "vocabulary_size")
            if not isinstance(value, int | np.integer) and not (optional and value is None):
                due = "a whole number or None" if optional else "a whole number"
                raise TypeError(f"{name} must be {due}, got {value!r}")
        if self.coverage is not None and not isinstance(self.coverage, Real):
            raise TypeError(f"coverage must be a number or None, got {self.coverage!r}")
        maxlen = 1 if self.maxlen is None else self.maxlen
        chain = TokenChain.open(self.cleaner, self.tokenizer, self.stopwords)
        self._encoder(chain, self._build_vocabulary({}, chain), maxlen)
        return chain

    def _encoder(self, chain: TokenChain, vocabulary: Vocabulary, maxlen: int) -> TextEncoder:
        return TextEncoder(
            chain=chain,
            vocabulary=vocabulary,
            maxlen=maxlen,
            padding=self.padding,
            truncating=self.truncating,
            cache_dir=self.cache_dir,
        )

    def _build_vocabulary(self, counts: dict[str, int], chain: TokenChain) -> Vocabulary:
        return Vocabulary.from_counts(
            counts,
            vocabulary_size=self.vocabulary_size,
            min_count=self.min_count,
            coverage=self.coverage,
            oov_token=self.oov_token,
            oov_buckets=self.oov_buckets,
            spell_unknown=self.spell_unknown,
            tagged=chain.tagged,
        )

    def _set_fitted(
        self, chain: TokenChain, vocabulary: Vocabulary, maxlen: int, whole_share: float | None
    ) -> None:
        """Set all that is learned at once: what fails on the way leaves what was there."""
        self.chain_ = chain
        self.cleaner_: Cleaner = chain.cleaner
        self.tokenizer_: Tokenizer = chain.tokenizer
        self.stopwords_: Stopwords = chain.stopwords
        self.vocabulary_ = vocabulary
        self.maxlen_: int = int(maxlen)
        self.whole_share_ = whole_share

    def iter_tokens(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """Yield what the vocabulary is asked for, text by text, in order.

        Raises:
            TypeError: a bare string, or a row that is missing or no text (with its number).
        """
        return self.encoder().iter_tokens(texts)

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[np.object_]:
        """Return the names of the columns: `token0` is the leftmost place of a row."""
        check_fitted(self, "vocabulary_")
        return np.array([f"token{place}" for place in range(self.maxlen_)], object)
