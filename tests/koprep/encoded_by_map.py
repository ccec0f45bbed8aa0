"""Encodes texts with Hugging Face's `map` and prints JSON of what came of it.

Usage: python -P encoded_by_map.py FOLDER, not in the repository's root, whose folder `datasets`
would come before Hugging Face's package. A second process with the folder finds what the first
encoded.
"""

import json
import sys
import unicodedata
from pathlib import Path

import numpy as np

import datasets
from koprep import Preprocessor
from koprep.hugging_face import Encode

TEXTS = [
    "정말 재밌어요 ㅋㅋㅋ",
    unicodedata.normalize("NFD", "정말 재밌어요 ㅋㅋㅋ"),
    "두 번 다시 안 봅니다...",
    "",
    "배우들 연기가 좋았다",
] * 5


def refusal(encode, rows, **settings):
    """Return what `map` says of rows it must not take."""
    try:
        datasets.Dataset.from_dict({"text": rows}).map(encode, **settings)
    except (TypeError, KeyError) as error:
        return str(error)
    return "none"


def ids(dataset):
    return np.array([row["token_ids"] for row in dataset]).tolist()


def main(folder):
    datasets.disable_progress_bars()
    is_first = not (folder / "texts").exists()
    if is_first:
        made = datasets.Dataset.from_dict({"text": TEXTS, "id": list(range(len(TEXTS)))})
        made.save_to_disk(folder / "texts")
    texts = datasets.load_from_disk(folder / "texts")
    preprocessor = Preprocessor(maxlen=6).fit(texts["text"])
    encode = Encode(preprocessor)
    by_row = {"batched": True, "with_indices": True}
    encoded = texts.map(encode, **by_row)
    (cache,) = (Path(file["filename"]) for file in encoded.cache_files)
    told = {"cache": cache.name}
    if is_first:
        other = Preprocessor(maxlen=6, min_count=6).fit(TEXTS)
        parallel = texts.map(encode, **by_row, num_proc=2, load_from_cache_file=False)
        told |= {
            "ids": ids(encoded),
            "transformed": preprocessor.transform(TEXTS).tolist(),
            "in two processes": ids(parallel),
            "streamed": ids(texts.to_iterable_dataset().map(encode, batched=True)),
            "columns": encoded.column_names,
            "kind": str(encoded.features["token_ids"]),
            "of another vocabulary": texts.map(Encode(other), **by_row)._fingerprint,
            "fitted on a column": preprocessor.vocabulary_.to_text(),
            "fitted on a list": Preprocessor(maxlen=6).fit(TEXTS).vocabulary_.to_text(),
            "missing": refusal(encode, [*TEXTS[:7], None], **by_row, batch_size=3),
            "missing in a batch": refusal(encode, ["굿", None], batched=True),
            "alone": refusal(encode, TEXTS),
            "column": refusal(Encode(preprocessor, column="body"), TEXTS, batched=True),
        }
    print(json.dumps(told | {"written": cache.stat().st_mtime_ns}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
