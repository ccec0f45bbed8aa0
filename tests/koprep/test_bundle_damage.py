"""A bundle that is not as it was saved is refused, and the files to blame are named."""

import json
import random
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koprep.bundle import MANIFEST, DamagedBundle, FileProblem, read_bundle, write_bundle
from koprep.manifest import Manifest, ManifestError

FILES = {
    "preprocessor.json": json.dumps({"maxlen": 60, "stopwords": ["그리고", "또"]}).encode(),
    "vocabulary.txt": "[PAD]\n[OOV]\n배송\n좋다\n".encode(),
    "classifier.json": b'{"model": "gru", "classes": [0, 1]}\n',
    "model.keras": random.Random(1).randbytes(5_000),
    "history.json": b'[{"loss": 0.7}, {"loss": 0.5}]\n',
    "metrics.json": b"{}\n",
    "card.md": "# 상품평 분류\n".encode(),
}
NAMES = [*FILES, MANIFEST]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return write_bundle(
        tmp_path_factory.mktemp("bundles") / "saved",
        FILES,
        kind="classifier",
        task="classification",
        label_names=("부정", "긍정"),
    )


@pytest.fixture
def folder(saved, tmp_path):
    return shutil.copytree(saved, tmp_path / "saved")


def refusal(folder):
    with pytest.raises(DamagedBundle) as refused:
        read_bundle(folder)
    for problem in refused.value.problems:
        assert problem.name in str(refused.value)
    return refused.value


def refused_with(file, content):
    """Return the problems found while a file has another content."""
    before = file.read_bytes()
    file.write_bytes(content)
    try:
        return refusal(file.parent).problems
    finally:
        file.write_bytes(before)


def flipped(content, position, bits):
    return content[:position] + bytes([content[position] ^ bits]) + content[position + 1 :]


def test_undamaged_it_opens(saved):
    bundle = read_bundle(saved)
    assert {name: bundle.read_bytes(name) for name in bundle.manifest.files} == FILES


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(NAMES), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_any_byte_of_any_file_changed(saved, name, place, bits):
    content = (saved / name).read_bytes()
    damaged = flipped(content, int(place * len(content)), bits)
    assert refused_with(saved / name, damaged) == (FileProblem(name, "changed"),)


@pytest.mark.parametrize("bits", [1, 3, 32])  # 3 makes a 1 of a 2, 32 another case of a letter
def test_every_byte_of_the_manifest_changed(saved, bits):
    content = (saved / MANIFEST).read_bytes()
    for position in range(len(content)):
        with pytest.raises(ManifestError, match=MANIFEST):
            Manifest.from_bytes(flipped(content, position, bits))


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(NAMES), st.floats(0, 1, exclude_max=True))
def test_any_file_cut_off(saved, name, place):
    content = (saved / name).read_bytes()
    damaged = content[: int(place * len(content))]
    assert refused_with(saved / name, damaged) == (FileProblem(name, "changed"),)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("change", [lambda _: b"", lambda c: c + b"\n"], ids=["emptied", "longer"])
def test_emptied_or_added_to(saved, name, change):
    content = change((saved / name).read_bytes())
    assert refused_with(saved / name, content) == (FileProblem(name, "changed"),)


@pytest.mark.parametrize("name", NAMES)
def test_deleted(folder, name):
    (folder / name).unlink()
    assert refusal(folder).problems == (FileProblem(name, "missing"),)


@pytest.mark.parametrize("name", NAMES)
def test_a_link_is_refused_wherever_it_leads(folder, tmp_path, name):
    (folder / name).rename(tmp_path / "elsewhere")
    for aim in (tmp_path / "elsewhere", tmp_path / "nowhere"):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(aim)
        assert refusal(folder).problems == (FileProblem(name, "no plain file"),)


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_in_the_place_of_a_file(folder, name):
    (folder / name).unlink()
    (folder / name).mkdir()
    assert refusal(folder).problems == (FileProblem(name, "no plain file"),)


def test_added_files_and_folders(folder):
    (folder / "model.onnx").write_bytes(b"another model")
    (folder / "old").mkdir()
    assert refusal(folder).problems == (
        FileProblem("model.onnx", "unknown"),
        FileProblem("old", "unknown"),
    )


def test_what_file_managers_leave_is_not_looked_at(folder):
    (folder / ".DS_Store").write_bytes(b"icons")
    assert read_bundle(folder).manifest.kind == "classifier"


def test_files_exchanged_for_each_other_are_both_named(folder):
    (folder / "history.json").rename(folder / "kept")
    (folder / "metrics.json").rename(folder / "history.json")
    (folder / "kept").rename(folder / "metrics.json")
    assert {problem.name for problem in refusal(folder).problems} == {
        "history.json",
        "metrics.json",
    }


def test_a_file_replaced_after_the_opening_is_refused_when_it_is_read(folder):
    bundle = read_bundle(folder)
    (folder / "card.md").write_bytes(b"# other")
    with pytest.raises(DamagedBundle, match=r"card\.md was changed"):
        bundle.read_text("card.md")
