"""The hot paths, one after another, each between two marks that callgrind understands.

Run under callgrind by `python -m benchmarks.guard`: `python paths.py MATERIAL MARKS`, the folder
that `material.py` wrote and the library made of `marks.c`.
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys
from collections.abc import Callable
from pathlib import Path

MAXLEN = 30


def main(material: Path, marks: ctypes.CDLL) -> None:
    from koprep import Cleaner, Vocabulary, pad_sequences
    from koprep.zoo.loading import open_classifier

    texts = json.loads((material / "texts.json").read_text(encoding="utf-8"))
    token_lists = json.loads((material / "tokens.json").read_text(encoding="utf-8"))
    cut = [" ".join(tokens) for tokens in token_lists]

    cleaner = Cleaner()
    vocabulary = Vocabulary.build(token_lists[::2])
    classifier = open_classifier(material / "model")
    paths: dict[str, Callable[[], object]] = {
        "clean": lambda: [cleaner.clean(text) for text in texts],
        "encode and pad": lambda: pad_sequences(vocabulary.encode_many(token_lists * 50), MAXLEN),
        "predict one text": lambda: [classifier.predict_proba([text]) for text in cut],
    }

    gc.disable()  # when it runs depends on all that was allocated before
    for name, path in paths.items():
        path()  # what is opened or compiled at first use
        marks.begin()
        path()
        marks.end(name.encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), ctypes.CDLL(sys.argv[2]))
