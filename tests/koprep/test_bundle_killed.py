"""A save that is killed, or that meets another one, leaves one bundle, whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from koprep.bundle import read_bundle, write_bundle

SCRIPT = Path(__file__).with_name("killed_saves.py")

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")


def run(check, folder):
    result = subprocess.run(
        [sys.executable, SCRIPT, check, folder / "saved"],
        capture_output=True,
        timeout=150,
        check=False,
    )
    assert result.returncode == 0, result.stderr.decode()
    return json.loads(result.stdout)


@needs_fork
def test_killed_before_any_change_on_disk(tmp_path):
    seen = run("every_step", tmp_path)
    first, over, finish, stopped = (
        seen[name] for name in ("first save", "save over A", "finish", "save over a stopped one")
    )
    beside = seen["save beside a leftover"]
    none_or_b = [None, "B"]
    for scenario, results in (
        (first, none_or_b),
        (beside, none_or_b),
        (over, ["A", "B"]),
        (stopped, ["B", "A"]),
    ):
        change = scenario["results"].index(results[1])
        assert set(scenario["results"][:change]) == {results[0]}
        assert set(scenario["results"][change:]) == {results[1]}
    assert over["target_missing"] == 1  # between the two renames: the only step that is mended
    assert finish["target_missing"] > 0
    assert min(scenario["kills"] for scenario in seen.values()) >= 10


@needs_fork
def test_killed_at_any_moment(tmp_path):
    seen = run("any_moment", tmp_path)
    assert seen["kills"] == 60
    assert seen["seen"] == ["A", "B"]
    assert seen["cleaned"] > 0


@needs_fork
def test_two_writers_do_not_mix_and_a_reader_finds_one_of_them(tmp_path):
    seen = run("two_writers", tmp_path)
    assert seen["seen"] == ["A", "B"]
    assert seen["beside"] == []
    assert seen["reads"] > 10


def test_files_are_on_disk_before_they_take_the_place(tmp_path, monkeypatch):
    """A power cut may lose what was not synced: the files, their folder, then the renames."""
    folder = write_bundle(tmp_path / "saved", {"a.txt": b"old"}, kind="preprocessor")
    steps = []
    sync, rename, remove = os.fsync, os.replace, os.rmdir
    names = {}

    def name_of(descriptor):
        inode = os.fstat(descriptor).st_ino
        return next((n for n, p in names.items() if p.exists() and p.stat().st_ino == inode), "?")

    def spied_sync(descriptor):
        fresh = tmp_path / ".saved.saving"
        names.update(
            {"fresh": fresh, "parent": tmp_path, "a.txt": fresh / "a.txt"},
            manifest=fresh / "manifest.json",
        )
        steps.append(f"sync {name_of(descriptor)}")
        sync(descriptor)

    def spied_rename(source, target):
        steps.append(f"{Path(source).name} -> {Path(target).name}")
        rename(source, target)

    def spied_remove(path, **options):
        steps.append(f"remove {Path(path).name}")
        remove(path, **options)

    monkeypatch.setattr(os, "fsync", spied_sync)
    monkeypatch.setattr(os, "replace", spied_rename)
    monkeypatch.setattr(os, "rmdir", spied_remove)
    write_bundle(folder, {"a.txt": b"new"}, kind="preprocessor")
    assert sorted(steps[:2]) == ["sync a.txt", "sync manifest"]
    assert steps[2:] == [
        "sync fresh",
        "saved -> .saved.replaced",
        ".saved.saving -> saved",
        "sync parent",
        "remove .saved.replaced",
    ]


@pytest.mark.parametrize("failing", range(1, 3))
def test_a_rename_that_fails_leaves_the_old_bundle_and_nothing_else(tmp_path, monkeypatch, failing):
    folder = write_bundle(tmp_path / "saved", {"a.txt": b"old"}, kind="preprocessor")
    rename = os.replace
    left = failing

    def refused(source, target):
        nonlocal left
        left -= 1
        if left == 0:
            raise PermissionError(13, "in use", str(source))
        rename(source, target)

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(PermissionError):
        write_bundle(folder, {"a.txt": b"new"}, kind="preprocessor")
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]
    assert read_bundle(folder).read_text("a.txt") == "old"


def test_a_link_to_a_bundle_still_leads_there_after_a_save(tmp_path):
    write_bundle(tmp_path / "v1", {"a.txt": b"old"}, kind="preprocessor")
    (tmp_path / "latest").symlink_to("v1")
    write_bundle(tmp_path / "latest", {"a.txt": b"new"}, kind="preprocessor")
    assert (tmp_path / "latest").is_symlink()
    assert read_bundle(tmp_path / "v1").read_text("a.txt") == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest", "v1"]


def test_what_a_killed_save_left_is_no_bundle_once_the_target_moved(tmp_path):
    """The old bundle, half deleted, lies beside the new one, which then is moved elsewhere."""
    folder = write_bundle(tmp_path / "saved", {"a.txt": b"new"}, kind="preprocessor")
    write_bundle(tmp_path / ".saved.replaced", {"a.txt": b"old"}, kind="preprocessor")
    folder.rename(tmp_path / "moved")
    with pytest.raises(FileNotFoundError, match="does not exist"):
        read_bundle(folder)
    write_bundle(folder, {"a.txt": b"newer"}, kind="preprocessor")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["moved", "saved"]
