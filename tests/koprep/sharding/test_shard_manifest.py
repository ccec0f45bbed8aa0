"""A manifest that cannot be of shards is refused, with its file and what is wrong."""

import json
import re

import pytest

from koprep.sharding import ShardManifest
from koprep.sharding import manifest as module

SHARD = {"file": "part-00000.npz", "rows": 3, "bad_rows": 0, "sha256": "0" * 64}
WHOLE = {
    "format": 1, "koprep_version": "1.0", "work": "encode", "files": "npz",
    "settings": {"maxlen": 4}, "shards": [SHARD],
}  # fmt: skip


def read(folder, content):
    (folder / "manifest.json").write_text(content, encoding="utf-8")
    return ShardManifest.read(folder)


def test_what_is_written_is_read_again(tmp_path):
    manifest = read(tmp_path, json.dumps(WHOLE))
    assert (manifest.rows, manifest.bad_rows) == (3, 0)
    assert read(tmp_path, manifest.to_bytes().decode()) == manifest


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"shards": [SHARD, SHARD]}, "part-00000.npz is listed twice"),
        ({"files": "parquet"}, "part-00000.npz is no .parquet file"),
        ({"shards": [SHARD | {"rows": -1}]}, "shards.0.rows: .* greater than or equal to 0"),
        ({"shards": [SHARD | {"rows": 10**400}]}, "shards.0.rows: "),
        ({"shards": [SHARD | {"bad_rows": 1 << 53}]}, "shards.0.bad_rows: .* less than"),
        ({"shards": [SHARD | {"file": "../part-00000.npz"}]}, "shards.0.file: "),
        ({"shards": [SHARD | {"sha256": "0"}]}, "shards.0.sha256: "),
        ({"format": 2}, "format: "),
        ({"more": 1}, "more: "),
    ],
)
def test_a_manifest_that_cannot_be_is_refused(tmp_path, changes, reason):
    place = re.escape(str(tmp_path / "manifest.json"))
    with pytest.raises(ValueError, match=f"^{place} lists no shards: .*{reason}"):
        read(tmp_path, json.dumps(WHOLE | changes))


@pytest.mark.parametrize("content", ["", "{", "[]", "null", json.dumps(WHOLE)[:-9]])
def test_other_content_is_refused(tmp_path, content):
    with pytest.raises(ValueError, match=r"manifest\.json lists no shards: "):
        read(tmp_path, content)


def test_a_file_far_too_large_is_not_read_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_MANIFEST", 1000)
    assert read(tmp_path, json.dumps(WHOLE)).rows == 3
    with pytest.raises(ValueError, match=r"manifest\.json has more than 1,000 bytes"):
        read(tmp_path, " " * 1001 + json.dumps(WHOLE))
