"""A `Preprocessor` with the ids of a Keras tokenizer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from koprep.cleaning import Cleaner
from koprep.keras_compat.text import tokenizer_from_json
from koprep.padding import Side
from koprep.stopwords import Stopwords
from koprep.texts import short
from koprep.tokenizers import Tokenizer
from koprep.tokenizers.keras_words import KerasWordsTokenizer
from koprep.vocabulary import Vocabulary

if TYPE_CHECKING:
    from koprep.preprocessor import Preprocessor

    P = TypeVar("P", bound=Preprocessor)

UNTOUCHED = Cleaner(
    strip_html=False,
    strip_invisible=False,
    unify_width=False,
    split_laughter=False,
    max_repeats=None,
    collapse_spaces=False,
)
"""A cleaner that composes decomposed text (NFC) and repairs lone surrogates, nothing else."""


def take_over(
    cls: type[P],
    source: Any,
    *,
    maxlen: int,
    cleaner: Cleaner | None = None,
    tokenizer: str | Tokenizer | None = None,
    stopwords: str | Stopwords | None = None,
    padding: Side = "pre",
    truncating: Side = "pre",
) -> P:
    """Build the preprocessor whose ids are those of a Keras tokenizer.

    On composed (NFC) text, `transform` then gives what `texts_to_sequences` and `pad_sequences`
    gave. Decomposed text is composed first, so a word learned decomposed is unknown.

    Args:
        cls: `Preprocessor`.
        source: the tokenizer: an object of Keras or of `keras_compat`, or its JSON.
        maxlen: tokens a row, as the model was trained with.
        cleaner: what cleaned the texts before Keras saw them; None is `UNTOUCHED`.
        tokenizer: what cut the texts, where Keras was given lists of words. Keras put these in
            lower case too, unless told otherwise, and this does not. None cuts as Keras did.
        stopwords: what was dropped from those lists.
        padding: the side that is filled.
        truncating: the side that long texts lose.

    >>> from koprep import Preprocessor
    >>> from koprep.keras_compat import Tokenizer
    >>> keras = Tokenizer(num_words=4, oov_token="OOV")
    >>> keras.fit_on_texts(["그의 말이 법이다!", "말이 있다"])
    >>> Preprocessor.from_keras_tokenizer(keras.to_json(), maxlen=4).transform(["그의 말이 곱다"])
    array([[0, 3, 2, 1]], dtype=int32)

    Raises:
        TypeError: `source` is no tokenizer, or its words are no texts.
        ValueError: it was not fitted, has ids that `Vocabulary` cannot hold, or cuts words with an
            `analyzer` and no `tokenizer` is given in its place.
    """
    keras = _opened(source)
    if tokenizer is None:
        if getattr(keras, "analyzer", None) is not None:
            raise ValueError("the Keras tokenizer cuts with its analyzer: give tokenizer=")
        tokenizer = KerasWordsTokenizer(
            filters="".join(keras.filters),
            lower=bool(keras.lower),
            split=keras.split,
            char_level=bool(keras.char_level),
        )
    vocabulary = _vocabulary(keras)
    specials = len(vocabulary) - len(vocabulary.words)
    preprocessor = cls(
        cleaner=UNTOUCHED if cleaner is None else cleaner,
        tokenizer=tokenizer,
        stopwords=stopwords,
        vocabulary_size=max(keras.num_words, specials) if keras.num_words else None,
        oov_token=keras.oov_token,
        maxlen=maxlen,
        padding=padding,
        truncating=truncating,
    )
    return preprocessor.adopt(vocabulary, maxlen)


def _opened(source: Any) -> Any:
    if isinstance(source, str | bytes):
        try:
            return tokenizer_from_json(source)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"this is not the JSON of a Keras tokenizer but {short(source)}: {error}; give the "
                "text of the file, not its name"
            ) from error
    if not hasattr(source, "word_index") or not hasattr(source, "char_level"):
        raise TypeError(f"expected a Keras tokenizer or its JSON, got {type(source).__name__}")
    return source


def _vocabulary(keras: Any) -> Vocabulary:
    """Return the vocabulary whose ids are the indices below `num_words`."""
    ranked = sorted(keras.word_index, key=keras.word_index.__getitem__)
    if not ranked:
        raise ValueError("the Keras tokenizer knows no words: fit it on texts first")
    for word in ranked:
        if not isinstance(word, str):
            raise TypeError(f"a word must be a text, got {word!r}")
    oov_token = keras.oov_token
    if oov_token is not None and keras.word_index.get(oov_token) != 1:
        raise ValueError(
            f"oov_token {oov_token!r} has id {keras.word_index.get(oov_token)}, because it is a "
            "word of the texts too or the Keras is older than 2.2; it must be 1 to keep the ids"
        )
    for token_id, word in enumerate(ranked, 1):
        if keras.word_index[word] != token_id:
            raise ValueError(f"no word has id {token_id}: these are not the ids of one fit")
    first = 0 if oov_token is None else 1
    end = max(keras.num_words - 1, first) if keras.num_words else len(ranked)
    return Vocabulary(tuple(ranked[first:end]), oov_token)
