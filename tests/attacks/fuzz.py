"""Inputs that lead deeper into koprep's code, found by atheris: `fuzz.py TARGET [OPTION…]`.

Options are libFuzzer's: without `-runs=NUMBER` it goes on until it finds something.
A target gets bytes. Whatever they are, it answers, or refuses with what its documentation names;
anything else that is raised ends the process and is shown with the bytes that did it.
"""

import hashlib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from pickle import UnpicklingError

import atheris

with atheris.instrument_imports(include=["koprep"]):
    from koprep import Cleaner, Preprocessor, Vocabulary
    from koprep.bundle import read_bundle
    from koprep.keras_compat import load_keras_tokenizer_pickle
    from koprep.manifest import MANIFEST, Manifest, ManifestError
    from koprep.records import read_texts
    from koprep.saved import SETTINGS_FILE, VOCABULARY_FILE, SavedPreprocessor
    from koprep.stopwords import Stopwords

FOLDER = Path(tempfile.mkdtemp())


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def file_of(data: bytes, name: str) -> Path:
    path = FOLDER / name
    path.write_bytes(data)
    return path


def clean(data: bytes) -> None:
    raw = text_of(data)
    for cleaner in (Cleaner(), Cleaner.lecture(), Cleaner(keep="hangul", urls="mask")):
        cleaned = cleaner.clean(raw)
        assert cleaner.clean(cleaned) == cleaned
        assert cleaner.clean_with_offsets(raw).text == cleaned


def vocabulary(data: bytes) -> None:
    try:
        read = Vocabulary.from_text(text_of(data))
    except ValueError:
        return
    assert Vocabulary.from_text(read.to_text()) == read


def manifest(data: bytes) -> None:
    try:
        read, _ = Manifest.from_bytes(data)
    except ManifestError:
        return
    assert Manifest.from_bytes(read.to_bytes())[0] == read


def settings(data: bytes) -> None:
    """A bundle's settings, sealed as a forger would."""
    files = {SETTINGS_FILE: data, VOCABULARY_FILE: b"[PAD]\n[OOV]\n"}
    sealed = Manifest(
        koprep_version="1",
        kind="preprocessor",
        files={name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    )
    for name, content in {**files, MANIFEST: sealed.to_bytes()}.items():
        file_of(content, name)
    try:
        SavedPreprocessor.read(read_bundle(FOLDER))
    except ValueError:
        return


def keras_json(data: bytes) -> None:
    try:
        Preprocessor.from_keras_tokenizer(text_of(data), maxlen=4)
    except (TypeError, ValueError):
        return


def keras_pickle(data: bytes) -> None:
    try:
        load_keras_tokenizer_pickle(file_of(data, "tokenizer.pickle"))
    except UnpicklingError:
        return


def table(data: bytes) -> None:
    for name in ("a.csv", "a.tsv", "a.jsonl", "a.txt"):
        try:
            for text in read_texts(file_of(data, name), column=None if name[-3:] == "txt" else "a"):
                assert isinstance(text, str)
        except ValueError:
            continue


def stopwords(data: bytes) -> None:
    try:
        read = Stopwords.from_file(file_of(data, "words.tsv"))
    except ValueError:
        return
    assert read.words or read.tags


TARGETS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one
    for one in (clean, vocabulary, manifest, settings, keras_json, keras_pickle, table, stopwords)
}

if __name__ == "__main__":
    chosen = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, chosen)
    atheris.Fuzz()
