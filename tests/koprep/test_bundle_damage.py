"""A bundle that is not as it was saved is refused, and the files to blame are named."""

import json
import pickle
import random
import re
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


def test_files_exchanged_for_each_other_are_both_named(folder):
    (folder / "history.json").rename(folder / "kept")
    (folder / "metrics.json").rename(folder / "history.json")
    (folder / "kept").rename(folder / "metrics.json")
    assert {problem.name for problem in refusal(folder).problems} == {
        "history.json",
        "metrics.json",
    }


def told(raised):
    return str(raised.value)


def test_a_file_replaced_after_the_opening_is_named(folder):
    bundle = read_bundle(folder)
    (folder / "card.md").write_bytes(b"# other")
    with pytest.raises(DamagedBundle) as refused:
        bundle.read_bytes("card.md")
    assert told(refused) == (
        f"{folder} cannot be opened: card.md was changed after saving; open it again"
    )
    assert refused.value.problems == (FileProblem("card.md", "changed"),)


def test_a_file_that_the_bundle_never_had_is_named(folder):
    with pytest.raises(DamagedBundle) as refused:
        read_bundle(folder).path("tags.json")
    assert told(refused) == (
        f"{folder} cannot be opened: it has no tags.json; it is a bundle of another kind"
    )


@pytest.mark.parametrize(
    ("content", "read", "reason"),
    [
        (b"\xb0\xa1", "read_text", " is not UTF-8 text: invalid start byte after 0 bytes"),
        (b"ab\xb0", "read_text", " is not UTF-8 text: invalid start byte after 2 bytes"),
        (b"[1]", "read_json", " holds no JSON object"),
        (b"{1}", "read_json", ": Expecting property name enclosed in double quotes: "
         "line 1 column 2 (char 1)"),
    ],
    ids=["no UTF-8", "no UTF-8 further on", "no object", "no JSON"],
)  # fmt: skip
def test_a_file_of_another_form_is_named_with_the_mend(tmp_path, content, read, reason):
    folder = write_bundle(tmp_path / "saved", {"b.json": content}, kind="preprocessor")
    bundle = read_bundle(folder)
    expected = f"{folder / 'b.json'}{reason}; save the bundle again"
    with pytest.raises(ValueError, match=f"^{re.escape(expected)}$"):
        getattr(bundle, read)("b.json")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda manifest: manifest.unlink(), f"it has no {MANIFEST}"),
        (lambda manifest: (manifest.unlink(), manifest.mkdir()), f"{MANIFEST} is no plain file"),
    ],
    ids=["missing", "a folder"],
)
def test_a_folder_without_a_manifest_is_told_so(folder, spoil, reason):
    spoil(folder / MANIFEST)
    assert str(refusal(folder)) == (
        f"{folder} cannot be opened: {reason}; give a folder that koprep saved"
    )


def test_a_damaged_manifest_is_blamed_with_its_folder(folder):
    (folder / MANIFEST).write_bytes(b"{}")
    assert str(refusal(folder)) == (
        f"{folder} cannot be opened: {MANIFEST}: format must be a number from 1, got None; "
        "give a folder that koprep saved"
    )


@pytest.mark.parametrize(("extra", "rest"), [(9, ""), (10, ""), (11, " and 1 more")])
def test_ten_files_are_named_and_the_others_counted(folder, extra, rest):
    for number in range(extra):
        (folder / f"x{number:x}").touch()
    named = ", ".join(f"x{number:x} is no part of it" for number in range(min(extra, 10)))
    with pytest.raises(DamagedBundle) as refused:
        read_bundle(folder)
    assert told(refused) == f"{folder} cannot be opened: {named}{rest}; move it elsewhere"


def test_what_a_bundle_says_of_its_task_is_read_back(folder):
    manifest = read_bundle(folder).manifest
    assert (manifest.task, manifest.label_names) == ("classification", ("부정", "긍정"))


def test_of_strange_and_missing_files_the_missing_ones_decide_the_mend(folder):
    (folder / "x").touch()
    (folder / "card.md").unlink()
    assert str(refusal(folder)) == (
        f"{folder} cannot be opened: card.md is missing, x is no part of it; "
        "copy the bundle again, whole"
    )


@pytest.mark.parametrize("name", [*NAMES[:1], MANIFEST])
def test_what_is_wrong_reaches_another_process(folder, name):
    (folder / name).write_bytes(b"x")
    error = refusal(folder)
    sent = pickle.loads(pickle.dumps(error))
    assert (str(sent), sent.problems) == (str(error), error.problems)


def test_what_is_wrong_with_a_manifest_reaches_another_process():
    error = ManifestError("it is too new", "install a newer koprep")
    assert vars(pickle.loads(pickle.dumps(error))) == vars(error)


@pytest.mark.parametrize(
    "name", ["desktop.ini", "Thumbs.db", ".DS_Store", ".directory", ".gitignore", "._card.md"]
)
def test_what_file_managers_leave_is_passed_over(folder, name):
    (folder / name).write_bytes(b"")
    read_bundle(folder)
