"""What writes to disk, to be stopped in the middle: run as `acts.py ACT FOLDER [LIMIT]`.

With a limit, in bytes, no file may grow beyond it, as on a full disk; the error is printed.
"""

import sys
from pathlib import Path

import numpy as np

from koprep import Ragged, Vocabulary
from koprep.bundle import write_bundle
from koprep.datasets import EncodedDataset, TaskSpec
from koprep.records import Files, rewrite
from koprep.token_cache import TokenCache

TEXTS = [f"정말 좋아요 {number}" for number in range(20_000)]
SPEC = TaskSpec(
    task="classification", vocabulary_size=9, maxlen=8, num_labels=2, label_names=("a", "b")
)


def save_bundle(folder, number):
    write_bundle(folder / "out", {"a.txt": str(number).encode() * 200_000}, kind="preprocessor")


def save_vocabulary(folder, number):
    words = tuple(f"{'가나'[number]}{place}" for place in range(20_000))
    Vocabulary(words).save(folder / "out.txt")


def save_rows(folder, number):
    Ragged.from_rows([[2 + number] * 8] * 20_000).save(folder / "out.npy")


def save_encoded(folder, number):
    ids = np.full((20_000, 8), 2 + number, np.int32)
    EncodedDataset(token_ids=ids, labels=np.zeros(20_000, np.int32), spec=SPEC).save(folder / "out")


def rewrite_file(folder, number):
    source = folder / "in.txt"
    if not source.exists():
        source.write_text("\n".join(TEXTS), "utf-8")
    files = Files(source=source, out=folder / "out.txt")
    rewrite(files, lambda texts: (f"{number} {text}" for text in texts))


def cache_tokens(folder, number):
    cache = TokenCache(folder, "out")
    cut = iter(cache.through(lambda texts: map(str.split, texts), TEXTS))
    for tokens, text in zip(cut, TEXTS, strict=True):
        assert tokens == text.split()


ACTS = {
    act.__name__: act
    for act in (save_bundle, save_encoded, save_vocabulary, save_rows, rewrite_file, cache_tokens)
}


def main(name, folder, limit=None):
    if limit is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
        try:
            ACTS[name](Path(folder), 1)
        except OSError as error:
            print(error)
        return
    print("begun", flush=True)
    for number in range(10_000):
        ACTS[name](Path(folder), number % 2)


if __name__ == "__main__":
    main(*sys.argv[1:])
