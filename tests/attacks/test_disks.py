"""Full disks, folders that take no files, and processes that are killed as they write."""

import importlib.util
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest

from koprep import Ragged, Vocabulary
from koprep.bundle import read_bundle
from koprep.datasets import EncodedDataset
from koprep.token_cache import TokenCache

SCRIPT = Path(__file__).with_name("acts.py")

_spec = importlib.util.spec_from_file_location("acts", SCRIPT)
acts = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(acts)

needs_limits = pytest.mark.skipif(sys.platform == "win32", reason="files have no limits there")


def number_in(name, folder):
    """Return which of the contents stands there, whole; None if there is none."""
    if name == "cache_tokens":
        acts.cache_tokens(folder, 0)  # goes on with what is there
        return 0
    if name == "rewrite_file":
        out = folder / "out.txt"
        if not out.exists():
            return None
        lines = out.read_text("utf-8").splitlines()
        assert lines == [f"{lines[0][0]} {text}" for text in acts.TEXTS]
        return int(lines[0][0])
    if name == "save_vocabulary":
        if not (folder / "out.txt").exists():
            return None
        words = Vocabulary.load(folder / "out.txt").words
        assert words == tuple(f"{words[0][0]}{place}" for place in range(20_000))
        return "가나".index(words[0][0])
    if name == "save_rows":
        if not (folder / "out.npy").exists():
            return None
        rows = Ragged.load(folder / "out.npy")
        assert (rows.token_ids == rows.token_ids[0]).all()
        return int(rows.token_ids[0]) - 2
    if not (folder / "out").exists() and not any(folder.glob(".out.*")):
        return None
    try:
        if name == "save_bundle":
            text = read_bundle(folder / "out").read_text("a.txt")
            assert text == text[0] * 200_000
            return int(text[0])
        ids = EncodedDataset.load(folder / "out").token_ids
    except FileNotFoundError:
        return None
    assert (ids == ids[0, 0]).all()
    return int(ids[0, 0]) - 2


@needs_limits
@pytest.mark.parametrize("name", acts.ACTS)
def test_a_full_disk_is_told_and_leaves_what_was_there(tmp_path, name):
    if name != "cache_tokens":
        acts.ACTS[name](tmp_path, 0)
    before = sorted(path.name for path in tmp_path.iterdir())
    told = subprocess.run(
        [sys.executable, SCRIPT, name, tmp_path, "50000"],
        capture_output=True, text=True, check=True, timeout=120,
    ).stdout  # fmt: skip
    assert told.strip()
    if name == "cache_tokens":
        assert "token cache" in told
        assert "choose another cache_dir" in told
    else:
        assert "File too large" in told or "is the disk full?" in told
        assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert number_in(name, tmp_path) == 0


@needs_limits
@pytest.mark.parametrize("name", acts.ACTS)
def test_a_kill_leaves_the_old_or_the_new_and_the_next_run_goes_on(tmp_path, name):
    seen = set()
    for pause in (0.0, 0.02, 0.05, 0.09, 0.15):
        with subprocess.Popen(
            [sys.executable, SCRIPT, name, tmp_path], stdout=subprocess.PIPE
        ) as process:
            process.stdout.readline()
            time.sleep(pause)
            process.kill()
        seen.add(number_in(name, tmp_path))
    assert seen <= {None, 0, 1}
    acts.ACTS[name](tmp_path, 0)
    assert number_in(name, tmp_path) == 0


@needs_limits
@pytest.mark.parametrize("name", ["rewrite_file", "cache_tokens"])
def test_two_writers_of_one_place_do_not_mix(tmp_path, name):
    acts.ACTS[name](tmp_path, 0)
    writers = [
        subprocess.Popen([sys.executable, SCRIPT, name, tmp_path], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    try:
        for writer in writers:
            writer.stdout.readline()
        seen = {number_in(name, tmp_path) for _ in range(5)}
        assert [writer.poll() for writer in writers] == [None, None]
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    assert seen <= {0, 1}


READ_ONLY = """
import os, sys, tempfile
sys.path.insert(0, sys.argv[3])
import acts
from pathlib import Path
with tempfile.TemporaryDirectory() as elsewhere:
    acts.ACTS[sys.argv[1]](Path(elsewhere), 0)  # imports all it needs, as the user it began as
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    acts.ACTS[sys.argv[1]](Path(sys.argv[2]), 1)
except OSError as error:
    print(error)
"""


@needs_limits
@pytest.mark.parametrize("name", acts.ACTS)
def test_a_folder_that_takes_no_files_is_named(name):
    folder = Path(tempfile.mkdtemp())  # where others may look in, unlike in the folder of tests
    try:
        (folder / "in.txt").write_text("\n".join(acts.TEXTS), "utf-8")
        folder.chmod(0o555)
        told = subprocess.run(
            [sys.executable, "-c", READ_ONLY, name, folder, SCRIPT.parent],
            capture_output=True, text=True, check=True, timeout=120,
        ).stdout  # fmt: skip
        assert str(folder) in told
        assert [path.name for path in folder.iterdir()] == ["in.txt"]
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.parametrize("saved", ["null", "[1]", '{"a": 1}', "[" * 2_000, "", b"\x80\x04."])
def test_a_cache_that_holds_no_tokens_is_named(tmp_path, saved):
    acts.cache_tokens(tmp_path, 0)
    path = TokenCache(tmp_path, "out").path
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE tokens SET tokens = ?", (saved,))
    with pytest.raises(OSError, match="a row holds no tokens; delete the file") as refused:
        acts.cache_tokens(tmp_path, 0)
    assert str(path) in str(refused.value)


def test_a_cache_of_another_program_is_named(tmp_path):
    path = TokenCache(tmp_path, "out").path
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE tokens (a INT)")
    with pytest.raises(OSError, match=r"no such column.*delete the file"):
        acts.cache_tokens(tmp_path, 0)


def test_a_save_that_was_killed_between_its_renames_is_finished_by_the_next_reader(tmp_path):
    acts.save_encoded(tmp_path, 0)
    acts.save_encoded(tmp_path / "other", 1)
    (tmp_path / "out").rename(tmp_path / ".out.replaced")
    (tmp_path / "other" / "out").rename(tmp_path / ".out.saving")
    assert number_in("save_encoded", tmp_path) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "out"]
