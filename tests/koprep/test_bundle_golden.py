"""Bundles of every format in the repository: today's code reads each, and writes the newest.

A change of the format raises `koprep.formats.FORMAT` and adds a folder, `bundle_v<FORMAT>`: save
`golden_preprocessor()` there. The older folders are never written again.
"""

import copy
import hashlib
import json
from pathlib import Path

import pytest

from koprep import Cleaner, Preprocessor, Stopwords
from koprep.bundle import read_bundle
from koprep.formats import FORMAT, UPGRADES

CASES = Path(__file__).parents[1] / "cases"

TEXTS = [
    "고양이가 창가에서 졸고 있다",
    "강아지는 마당에서 놀고 있다!!!",
    "창가에서 고양이가 강아지는 왜 안 자냐고 묻는다ㅋㅋㅋㅋ",
    "경로는 C:\\새폴더 안에 있다",
    "비가 온다",
]


def golden_preprocessor():
    return Preprocessor(
        cleaner=Cleaner(emoji="remove"),
        tokenizer="whitespace",
        stopwords=Stopwords(words={"왜", "그리고"}),
        vocabulary_size=15,
        maxlen=6,
        truncating="post",
    ).fit(TEXTS)


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("number", range(1, FORMAT + 1))
def test_bundles_of_every_format_give_the_recorded_ids(number):
    recorded = json.loads((CASES / "bundle_ids.json").read_text(encoding="utf-8"))
    bundle = read_bundle(CASES / f"bundle_v{number}")
    assert (bundle.written_format, bundle.manifest.format) == (number, FORMAT)
    preprocessor = Preprocessor.load(bundle.folder, strict=True)
    assert preprocessor.transform(recorded["texts"]).tolist() == recorded["ids"]


@pytest.mark.parametrize("number", range(1, FORMAT + 1))
def test_every_format_is_written_again_as_the_newest(number, tmp_path, monkeypatch):
    """Byte for byte, save for koprep's version, which here is that of the recorded bundle."""
    golden = CASES / f"bundle_v{FORMAT}"
    monkeypatch.setattr("koprep.bundle.__version__", read_bundle(golden).manifest.koprep_version)
    old = Preprocessor.load(CASES / f"bundle_v{number}")
    if number == 1:  # which did not record it
        old.whole_share_ = golden_preprocessor().whole_share_
    assert files(old.save(tmp_path / "old")) == files(golden)
    assert files(golden_preprocessor().save(tmp_path / "new")) == files(golden)


def test_a_recorded_bundle_stays_as_it_was_written():
    """Its bytes are pinned here too: an edit that mends the checksums as well is seen."""
    checksums = {
        path.parent.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in sorted(CASES.glob("bundle_v*/manifest.json"))
    }
    assert checksums == {"bundle_v1": "ee6261de613efa24", "bundle_v2": "018cd0ae73447393"}


def test_each_older_format_has_its_steps_and_they_change_no_argument():
    assert sorted(UPGRADES) == list(range(1, FORMAT))
    for number, steps in UPGRADES.items():
        for name, step in steps.items():
            document = json.loads((CASES / f"bundle_v{number}" / name).read_bytes())
            before = copy.deepcopy(document)
            assert step(document) != before
            assert document == before
