"""The text preprocessing that Keras 3 dropped, as it was: `Tokenizer`, `pad_sequences` and theirs.

A change of the import is all an old notebook needs; every function gives what
`tf.keras.preprocessing.text` and `.sequence` gave, number for number, and TensorFlow is not
imported. For a tokenizer saved long ago there are `tokenizer_from_json` and
`load_keras_tokenizer_pickle`; `koprep.Preprocessor.from_keras_tokenizer` takes its ids over.

>>> from koprep.keras_compat import Tokenizer, pad_sequences
>>> tokenizer = Tokenizer()
>>> tokenizer.fit_on_texts(["그의 말이 법이다", "말이 있다"])
>>> pad_sequences(tokenizer.texts_to_sequences(["그의 말이 법이다", "말이 있다"]))
array([[2, 1, 3],
       [0, 1, 4]], dtype=int32)
"""

from koprep.keras_compat.pickled import load_keras_tokenizer_pickle
from koprep.keras_compat.sequence import make_sampling_table, pad_sequences, skipgrams
from koprep.keras_compat.text import (
    Tokenizer,
    hashing_trick,
    one_hot,
    text_to_word_sequence,
    tokenizer_from_json,
)

__all__ = [
    "Tokenizer",
    "hashing_trick",
    "load_keras_tokenizer_pickle",
    "make_sampling_table",
    "one_hot",
    "pad_sequences",
    "skipgrams",
    "text_to_word_sequence",
    "tokenizer_from_json",
]
