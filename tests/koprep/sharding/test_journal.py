"""What is written is known after any stop, and nothing else is taken for it."""

import hashlib
import os
from pathlib import Path

import pytest

from koprep.sharding import Shard, ShardManifest
from koprep.sharding.journal import JOURNAL, Entry, Journal

ASKED = ShardManifest(
    koprep_version="1.0", work="encode", files="npz", settings={"maxlen": 4, "column": "text"},
    shards=(),
)  # fmt: skip


def entry(folder, number, content=b"rows"):
    name = f"part-{number:05}.npz"
    (folder / name).write_bytes(content)
    shard = Shard(file=name, rows=3, bad_rows=1, sha256=hashlib.sha256(content).hexdigest())
    return Entry(number=number, digest=f"digest {number}", shard=shard)


def opened(folder, asked=ASKED):
    journal = Journal(folder, asked)
    journal.close()
    return journal.entries


@pytest.fixture
def begun(tmp_path):
    """A folder where shards 0, 2 and 1 were made, in this order."""
    journal = Journal(tmp_path, ASKED)
    for number in (0, 2, 1):
        journal.add(entry(tmp_path, number))
    journal.close()
    return tmp_path


def test_what_was_noted_is_found_again_and_goes_on(begun):
    assert sorted(opened(begun)) == [0, 1, 2]
    journal = Journal(begun, ASKED)
    journal.add(entry(begun, 5))
    journal.close()
    found = opened(begun)
    assert sorted(found) == [0, 1, 2, 5]
    assert found[5].digest == "digest 5"
    assert found[5].shard.rows == 3


def test_wherever_the_last_line_is_torn_it_alone_is_left_out(begun):
    path = begun / JOURNAL
    whole = path.read_bytes()
    last = len(whole.splitlines(keepends=True)[-1])
    for length in range(len(whole) - last, len(whole)):
        path.write_bytes(whole[:length])
        assert sorted(opened(begun)) == [0, 2]
        journal = Journal(begun, ASKED)
        journal.add(entry(begun, 1))
        journal.close()
        assert path.read_bytes() == whole, "the torn line is gone, the new one stands in its place"


def test_a_torn_first_line_is_a_new_beginning(tmp_path):
    opened(tmp_path)
    path = tmp_path / JOURNAL
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert opened(tmp_path) == {}
    assert path.read_bytes() == whole


@pytest.mark.parametrize("line", [1, 2, 3, 4])
def test_a_damaged_line_is_told(begun, line):
    path = begun / JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    lines[line - 1] = b"{}\n"
    path.write_bytes(b"".join(lines))
    with pytest.raises(ValueError, match=rf"{JOURNAL} line {line} is damaged: delete"):
        opened(begun)


def test_shards_that_were_changed_or_lost_are_made_again(begun):
    (begun / "part-00000.npz").write_bytes(b"other")
    (begun / "part-00002.npz").unlink()
    assert sorted(opened(begun)) == [1]
    journal = Journal(begun, ASKED)
    journal.add(entry(begun, 2, b"made again"))
    journal.close()
    assert sorted(opened(begun)) == [1, 2]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"files": "parquet"}, "files was 'npz', now 'parquet'"),
        ({"koprep_version": "2.0"}, "koprep_version was '1.0', now '2.0'"),
        ({"work": "predict"}, "work was 'encode', now 'predict'"),
        ({"settings": {"maxlen": 5, "column": "text"}}, "maxlen was 4, now 5"),
        ({"settings": {"maxlen": 4, "column": None}}, "column was 'text', now None"),
        ({"settings": {"maxlen": 4, "column": "text", "new": 1}}, "new was None, now 1"),
    ],
)
def test_other_settings_are_refused_once_something_is_made(begun, tmp_path_factory, change, told):
    asked = ASKED.model_copy(update=change)
    before = (begun / JOURNAL).read_bytes()
    with pytest.raises(ValueError, match="begun with other settings") as caught:
        opened(begun, asked)
    assert told in str(caught.value)
    assert (begun / JOURNAL).read_bytes() == before
    fresh = tmp_path_factory.mktemp("fresh")
    opened(fresh)
    assert opened(fresh, asked) == {}
    assert opened(fresh, asked) == {}, "the new settings stand there now"


def test_each_line_is_on_disk_before_the_next_step(tmp_path, monkeypatch):
    """A power cut may lose what was not synced."""
    synced = []
    sync = os.fsync

    def spied(descriptor):
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", spied)
    journal = Journal(tmp_path, ASKED)
    path = tmp_path / JOURNAL
    assert synced == [str(path), str(tmp_path)]
    journal.add(entry(tmp_path, 0))
    assert synced == [str(path), str(tmp_path), str(path)]
    assert path.read_bytes().count(b"\n") == 2, "nothing waits in a buffer"
    journal.close()
