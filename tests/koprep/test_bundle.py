import json
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from koprep import bundle as bundles
from koprep.bundle import MANIFEST, DamagedBundle, read_bundle, write_bundle
from koprep.filelock import file_lock
from koprep.formats import FORMAT
from koprep.manifest import seal

FILES = {"a.txt": "가나다\n".encode(), "b.json": b"{}\n"}


@pytest.fixture
def folder(tmp_path):
    return write_bundle(tmp_path / "saved", FILES, kind="preprocessor")


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def test_what_was_written_is_read(folder):
    bundle = read_bundle(folder)
    assert bundle.read_text("a.txt") == "가나다\n"
    assert bundle.manifest.kind == "preprocessor"
    assert sorted(bundle.manifest.files) == ["a.txt", "b.json"]


def test_a_save_replaces_the_old_bundle_whole(folder):
    write_bundle(folder, {"c.txt": b"new"}, kind="preprocessor")
    assert names(folder) == ["c.txt", MANIFEST]
    assert names(folder.parent) == ["saved"]


def test_a_full_disk_leaves_the_old_bundle_and_nothing_else(folder, monkeypatch):
    def full_disk(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_bundle(folder, {"a.txt": b"new"}, kind="preprocessor")
    assert read_bundle(folder).read_text("a.txt") == "가나다\n"
    assert names(folder.parent) == ["saved"]


def edit_manifest(folder, **changes):
    """Write another manifest, its own checksum being right."""
    manifest = json.loads((folder / MANIFEST).read_text())
    del manifest["sha256"]
    (folder / MANIFEST).write_bytes(seal({**manifest, **changes}))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        pytest.param(lambda f: edit_manifest(f, format=0), "format must be", id="no such format"),
        pytest.param(lambda f: edit_manifest(f, format="2"), "format must be", id="no number"),
        pytest.param(lambda f: edit_manifest(f, format=99), "upgrade koprep", id="newer format"),
        pytest.param(lambda f: edit_manifest(f, extra=1), "extra", id="unknown key"),
        pytest.param(
            lambda f: edit_manifest(f, files={"../a.txt": "0" * 64}), "files", id="path traversal"
        ),
        pytest.param(lambda f: (f / MANIFEST).write_text("[]"), "no JSON object", id="no object"),
        pytest.param(
            lambda f: (f / MANIFEST).write_text("[" * 100_000), "no JSON object", id="too deep"
        ),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(folder, damage, message):
    damage(folder)
    with pytest.raises(ValueError, match=message):
        read_bundle(folder)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        read_bundle(tmp_path / "nowhere")


def test_a_file_the_bundle_lacks_is_named(folder):
    with pytest.raises(ValueError, match=r"no model\.keras"):
        read_bundle(folder).read_text("model.keras")


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        pytest.param(
            lambda f: f.mkdir() or (f / "thesis.txt").write_text("mine"),
            "is not empty and no bundle; give another folder",
            id="foreign",
        ),
        pytest.param(
            lambda f: f.write_text("a file"), "is a file; give a folder to save to", id="file"
        ),
        pytest.param(
            lambda f: (
                write_bundle(f, FILES, kind="preprocessor") and (f / "notes.txt").write_text("mine")
            ),
            r"also holds notes\.txt; move it or give another folder",
            id="bundle with a guest",
        ),
        pytest.param(
            lambda f: f.mkdir() or (f / MANIFEST).write_text("{}"),
            r"cannot be replaced: manifest\.json: format must be .*; give another folder",
            id="other manifest",
        ),
    ],
)
def test_nothing_foreign_is_overwritten(tmp_path, prepare, message):
    target = tmp_path / "target"
    prepare(target)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    with pytest.raises(FileExistsError, match=f"target {message}"):
        write_bundle(target, FILES, kind="preprocessor")
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_a_newer_format_blames_no_file(folder):
    edit_manifest(folder, format=FORMAT + 1, new_key=1)
    with pytest.raises(DamagedBundle, match=f"format is {FORMAT + 1}.* upgrade koprep") as refused:
        read_bundle(folder)
    assert refused.value.problems == ()


def test_what_appears_while_another_save_is_waited_for_is_not_overwritten(tmp_path):
    target = tmp_path / "saved"
    with ThreadPoolExecutor(1) as pool:
        with file_lock(tmp_path / ".saved.lock"):
            save = pool.submit(write_bundle, target, FILES, kind="preprocessor")
            time.sleep(0.1)
            target.mkdir()
            (target / "thesis.txt").write_text("mine")
        with pytest.raises(FileExistsError, match="not empty and no bundle"):
            save.result()
    assert [path.name for path in tmp_path.rglob("*")] == ["saved", "thesis.txt"]


@pytest.mark.parametrize("name", [".DS_Store", ".directory", "Thumbs.db", "desktop.ini", "._a.txt"])
def test_a_folder_somebody_looked_at_can_be_saved_over(folder, name):
    (folder / name).write_bytes(b"")
    write_bundle(folder, {"a.txt": b"b"}, kind="preprocessor")
    assert names(folder) == ["a.txt", MANIFEST]


def test_a_hidden_file_of_ones_own_is_not_overwritten(folder):
    (folder / ".gitignore").write_text("mine")
    assert read_bundle(folder).read_text("a.txt") == "가나다\n"
    with pytest.raises(FileExistsError, match=r"also holds \.gitignore; move it or give another"):
        write_bundle(folder, FILES, kind="preprocessor")
    assert (folder / ".gitignore").read_text() == "mine"


def test_an_empty_folder_is_saved_to(tmp_path):
    (tmp_path / "saved").mkdir()
    write_bundle(tmp_path / "saved", FILES, kind="preprocessor")
    assert names(tmp_path / "saved") == ["a.txt", "b.json", MANIFEST]


def test_a_folder_below_a_file_does_not_exist(folder):
    with pytest.raises(FileNotFoundError, match="the folder does not exist"):
        read_bundle(folder / "a.txt" / "saved")


def test_a_bundle_that_is_replaced_while_it_is_read_is_read_again(folder, monkeypatch):
    looked_at = bundles._state
    saves = [{"c.txt": b"new"}]

    def replaced_meanwhile(file, checksum=None):
        if file.name == "a.txt" and saves:
            write_bundle(folder, saves.pop(), kind="preprocessor")
        return looked_at(file, checksum)

    monkeypatch.setattr(bundles, "_state", replaced_meanwhile)
    assert sorted(read_bundle(folder).manifest.files) == ["c.txt"]
