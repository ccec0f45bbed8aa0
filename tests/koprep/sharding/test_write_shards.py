"""The whole: files to a folder of shards, by real processes."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from koprep import Preprocessor
from koprep.filelock import file_lock
from koprep.saved import DriftWarning
from koprep.sharding import EncodeWork, Inputs, ShardManifest, ShardTask, write_shards
from koprep.sharding import run as running
from koprep.zoo.predict_work import PredictWork

MANY = [f"{n} 번째 영화는 정말 {'재밌다' if n % 3 else '별로'} " * (n % 4) for n in range(60)]


@pytest.fixture
def task(bundle, tmp_path):
    """Make a task of files, written to `out` here in shards of ten."""

    def task(*paths, out="out", work=None, **options):
        options = {"rows_per_shard": 10, "workers": 1} | options
        column = None if paths[0].suffix == ".txt" else "text"
        named = {name: options.pop(name) for name in ("label", "format") if name in options}
        return ShardTask(
            inputs=Inputs.find(paths, column=column, **named),
            work=work or EncodeWork.of(bundle),
            out=tmp_path / out,
            **options,
        )

    return task


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def ids_in(folder):
    files = [shard.file for shard in ShardManifest.read(folder).shards]
    if files[0].endswith("npz"):
        return np.concatenate([np.load(folder / file)["token_ids"] for file in files])
    table = pa.concat_tables([pq.read_table(folder / file) for file in files])
    return np.array(table["token_ids"].to_pylist(), np.int32)


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("a.txt", "parquet"), ("a.csv", "npz"), ("a.jsonl.xz", "parquet"), ("a.parquet", "parquet"),
    ],
)  # fmt: skip
def test_the_ids_are_those_of_transform_in_order(task, write, preprocessor, tmp_path, name, files):
    report = write_shards(task(write(name, MANY), files=files))
    assert (ids_in(tmp_path / "out") == preprocessor.transform(MANY)).all()
    assert [shard.rows for shard in report.manifest.shards] == [10] * 6
    assert report.manifest == ShardManifest.read(tmp_path / "out")
    for shard in report.manifest.shards:
        found = hashlib.sha256((tmp_path / "out" / shard.file).read_bytes()).hexdigest()
        assert found == shard.sha256
    assert len(content(tmp_path / "out")) == 7, "the manifest and six shards"


def test_the_manifest_says_what_made_it(task, write, preprocessor, bundle):
    manifest = write_shards(task(write("a.csv", MANY), label="label", rows_per_shard=60)).manifest
    settings = manifest.settings
    assert (manifest.work, manifest.files, manifest.rows) == ("encode", "parquet", 60)
    assert settings["vocabulary_size"] == len(preprocessor.vocabulary_)
    assert settings["maxlen"] == 4
    assert (settings["column"], settings["label"]) == ("text", "label")
    other = (
        Preprocessor(tokenizer="whitespace", maxlen=5).fit(["다른"]).save(bundle.parent / "other")
    )
    checksums = [
        EncodeWork.of(folder).settings["preprocessor"] for folder in (bundle, bundle, other)
    ]
    assert checksums[0] == checksums[1] == settings["preprocessor"]
    assert checksums[2] != checksums[0]


def test_any_number_of_workers_gives_the_same_bytes(task, write):
    path = write("a.csv", MANY)
    folders = []
    for workers in (1, 3):
        made = task(path, out=f"by-{workers}", workers=workers, rows_per_shard=7)
        write_shards(made)
        folders.append(content(made.out))
    assert folders[0] == folders[1]


def test_when_all_is_done_nothing_is_touched(task, write, tmp_path):
    done = task(write("a.csv", MANY))
    assert not write_shards(done).was_done
    before = {path.name: path.stat().st_mtime_ns for path in done.out.iterdir()}
    report = write_shards(done)
    assert report.was_done
    assert report.manifest.rows == 60
    assert {path.name: path.stat().st_mtime_ns for path in done.out.iterdir()} == before
    with pytest.raises(ValueError, match=r"rows_per_shard was 10, now 20.*another folder"):
        write_shards(task(write("a.csv", MANY), rows_per_shard=20))
    (done.out / "journal.jsonl").write_text("killed before it was deleted")
    (done.out / ".part-00001.parquet.77").write_text("and this")
    assert write_shards(done).was_done
    assert {path.name for path in done.out.iterdir()} == set(before)


@dataclass(frozen=True, kw_only=True)
class Failing:
    """Encodes as another work does, and fails at one text, or at opening."""

    work: EncodeWork
    at: str
    raises: Exception | None = None
    with_signal: int | None = None

    name: ClassVar[str] = "encode"
    adds: ClassVar[tuple[str, ...]] = ("token_ids",)

    @property
    def settings(self):
        return self.work.settings

    def open(self):
        if self.at == "opening":
            raise ModuleNotFoundError("this analyzer needs a package: pip install it")
        engine = self.work.open()

        def encode(texts):
            if self.at in texts:
                if self.raises is not None:
                    raise self.raises
                os.kill(os.getpid(), self.with_signal)
            return engine(texts)

        return encode


@pytest.fixture(scope="module")
def halfway(bundle, tmp_path_factory):
    """A folder with a.csv, `out` with four of six shards made, and `undisturbed` with all."""
    folder = tmp_path_factory.mktemp("halfway")
    lines = [f"{n},{text},{n % 2}\n" for n, text in enumerate(MANY, 1)]
    (folder / "a.csv").write_text("".join(["id,text,label\n", *lines]), encoding="utf-8")
    work = EncodeWork.of(bundle)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        inputs = Inputs(files=(Path("a.csv"),), column="text")
        settings = {"inputs": inputs, "rows_per_shard": 10, "workers": 1}
        write_shards(ShardTask(out=Path("undisturbed"), work=work, **settings))
        mistaken = Failing(work=work, at=MANY[45], raises=KeyError("a mistake of ours"))
        failing = ShardTask(out=Path("out"), work=mistaken, **settings)
        with pytest.raises(KeyError, match="a mistake of ours") as caught:
            write_shards(failing)
    assert "test_write_shards.py" in caught.value.__notes__[0], "where it was raised"
    return folder


@pytest.fixture
def stopped(task, halfway, tmp_path, monkeypatch):
    """A task that stopped with four shards made, and what an undisturbed one writes."""
    shutil.copytree(halfway, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    made = {f"part-{number:05}.parquet" for number in range(4)}
    assert set(content(Path("out"))) == {"journal.jsonl", *made}
    return task(Path("a.csv"), out=Path("out").absolute()), content(Path("undisturbed"))


def test_what_was_stopped_goes_on_and_makes_nothing_twice(stopped):
    task, undisturbed = stopped
    made = {path.name: path.stat().st_mtime_ns for path in task.out.glob("part*")}
    told = []
    write_shards(task, progress=lambda *progress: told.append(progress))
    assert content(task.out) == undisturbed
    for name, time_made in made.items():
        assert (task.out / name).stat().st_mtime_ns == time_made
    size = task.inputs.files[0].stat().st_size
    assert [rows for _, _, rows in told] == [40, 50, 60]
    assert told[-1][0] == size
    assert {whole for _, whole, _ in told} == {size}


def test_made_shards_that_were_damaged_since_are_made_again(stopped):
    task, undisturbed = stopped
    (task.out / "part-00001.parquet").write_bytes(b"damaged")
    (task.out / "part-00002.parquet").unlink()
    write_shards(task)
    assert content(task.out) == undisturbed


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            lambda lines: [*lines[:14], lines[14].replace("번째", "번쨰"), *lines[15:]],
            r"a\.csv line 12 to .*a\.csv line 21: these are not the rows that part-00001\.parquet",
            id="a changed row",
        ),
        pytest.param(
            lambda lines: lines[:25], r"line 22 to .*line 25: .*part-00002", id="rows cut off"
        ),
        pytest.param(
            lambda lines: lines[:21], r"ends before the rows that part-00002", id="shards cut off"
        ),
    ],
)
def test_changed_rows_of_made_shards_are_told_and_nothing_is_touched(stopped, change, message):
    task, _ = stopped
    before = content(task.out)
    path = task.inputs.files[0]
    whole = path.read_text("utf-8")
    path.write_text("".join(change(whole.splitlines(keepends=True))), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        write_shards(task)
    assert content(task.out) == before


def test_rows_of_shards_not_made_yet_may_change(stopped, preprocessor):
    task, _ = stopped
    path = task.inputs.files[0]
    path.write_text(path.read_text("utf-8").replace("59 번째", "오십구 번째"), encoding="utf-8")
    write_shards(task)
    texts = [text.replace("59 번째", "오십구 번째") for text in MANY]
    assert (ids_in(task.out) == preprocessor.transform(texts)).all()


def test_other_settings_are_refused_and_told(stopped, task, write):
    begun, _ = stopped
    before = content(begun.out)
    path = begun.inputs.files[0]
    for options, message in (
        ({"files": "npz"}, "files was 'parquet', now 'npz'"),
        ({"label": "label"}, "label was None, now 'label'"),
        ({"rows_per_shard": 5}, "rows_per_shard was 10, now 5"),
    ):
        with pytest.raises(ValueError, match=message):
            write_shards(task(path, **options))
    with pytest.raises(ValueError, match="inputs was"):
        write_shards(task(path, write("b.csv", MANY)))
    assert content(begun.out) == before


def test_a_damaged_input_stops_the_work_after_what_stands_before_it(task, write, preprocessor):
    whole = write("a.csv.gz", MANY[:35])
    last = write("b.csv.gz", MANY[35:])
    content_of_last = last.read_bytes()
    last.write_bytes(content_of_last[:-20])
    begun = task(whole, last)
    with pytest.raises(ValueError, match=r"b\.csv\.gz.*the same command goes on"):
        write_shards(begun)
    assert len(list(begun.out.glob("part-*"))) >= 3
    last.write_bytes(content_of_last)
    assert write_shards(begun).manifest.rows == 60
    assert (ids_in(begun.out) == preprocessor.transform(MANY)).all()


def test_a_mistake_in_the_first_file_leaves_no_folder(task, write):
    path = write("a.csv", MANY)
    with pytest.raises(ValueError, match="no column 'x'"):
        write_shards(task(path, label="x"))
    assert not task(path).out.exists()


def test_a_worker_that_is_killed_is_told_and_the_work_goes_on_later(task, write, stopped):
    begun, undisturbed = stopped
    path = begun.inputs.files[0]
    work = Failing(work=begun.work, at=MANY[45], with_signal=signal.SIGKILL)
    with pytest.raises(
        ChildProcessError, match=r"by signal 9 at .*line 42 to .*line 51.*--workers"
    ):
        write_shards(task(path, work=work, workers=2))
    write_shards(begun)
    assert content(begun.out) == undisturbed


def test_what_cannot_be_opened_is_told(task, write):
    path = write("a.csv", MANY)
    begun = task(path)
    work = Failing(work=begun.work, at="opening")
    with pytest.raises(ModuleNotFoundError, match="pip install it"):
        write_shards(task(path, work=work))
    assert write_shards(task(path, rows_per_shard=30)).manifest.rows == 60, "nothing was made yet"


@pytest.mark.parametrize(
    ("error", "told"), [(MemoryError(), "MemoryError"), (RuntimeError("it refuses"), "it refuses")]
)
def test_what_an_engine_refuses_is_told_with_its_rows(task, write, error, told):
    path = write("a.csv", MANY)
    work = Failing(work=task(path).work, at=MANY[45], raises=error)
    with pytest.raises(ValueError, match=rf"the rows .*a\.csv line 42 to .*line 51: {told}"):
        write_shards(task(path, work=work))


def test_drift_is_told_once_or_stops_the_work(task, write, bundle, tmp_path):
    from koprep.bundle import read_bundle, write_bundle

    read = read_bundle(bundle)
    files = {name: read.read_bytes(name) for name in read.manifest.files}
    saved = json.loads(files["preprocessor.json"])
    saved["golden_samples"][0]["tokens"][0] = "배"
    files["preprocessor.json"] = json.dumps(saved).encode()
    drifted = write_bundle(tmp_path / "drifted", files, kind="preprocessor")
    path = write("a.csv", MANY)
    with pytest.raises(ValueError, match="배 became 배송이"):
        write_shards(task(path, work=EncodeWork.of(drifted, strict=True)))
    with pytest.warns(DriftWarning, match="배 became 배송이") as told:
        write_shards(task(path, work=EncodeWork.of(drifted), workers=2))
    assert len(told) == 1


def test_a_second_process_is_told_at_once(task, write):
    begun = task(write("a.csv", MANY))
    begun.out.mkdir()
    with file_lock(begun.out / running.LOCK):
        start = time.monotonic()
        with pytest.raises(BlockingIOError, match=r"another process writes into .*out"):
            write_shards(begun)
        assert time.monotonic() - start < 30
    assert write_shards(begun).manifest.rows == 60


@pytest.mark.parametrize(
    "name", ["notes.txt", "part-1.parquet", "part-00000.parquet", "data.parquet"]
)
def test_a_folder_of_other_files_is_refused(task, write, name):
    begun = task(write("a.csv", MANY))
    begun.out.mkdir()
    (begun.out / name).write_text("mine")
    with pytest.raises(FileExistsError, match=f"holds other files: {name}"):
        write_shards(begun)
    assert content(begun.out) == {name: b"mine"}


def test_a_model_folder_or_a_file_is_no_place_for_shards(task, write, bundle, tmp_path):
    path = write("a.csv", MANY)
    before = content(bundle)
    with pytest.raises(FileExistsError, match="holds other files"):
        write_shards(task(path, out=bundle))
    assert content(bundle) == before
    with pytest.raises(FileExistsError, match="is a file"):
        write_shards(task(path, out=path))


def test_workers_end_when_who_started_them_is_done(task, write):
    import multiprocessing

    write_shards(task(write("a.csv", MANY)))
    assert multiprocessing.active_children() == []
    assert threading.active_count() < 20


def test_no_rows_are_no_shards(task, tmp_path):
    path = tmp_path / "a.txt"
    path.touch()
    report = write_shards(task(path))
    assert report.manifest.shards == ()
    assert list(content(tmp_path / "out")) == ["manifest.json"]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"rows_per_shard": 0}, "at least 1 row"), ({"workers": 0}, "at least 1 worker")],
)
def test_numbers_are_checked(task, write, options, message):
    with pytest.raises(ValueError, match=message):
        task(write("a.csv"), **options)


def test_bad_rows_are_counted_and_kept_beside_their_shard(task, write, tmp_path):
    path = write("a.csv", MANY)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[13] = b"a,b\n"
    path.write_bytes(b"".join(lines))
    report = write_shards(task(path))
    assert (report.manifest.rows, report.manifest.bad_rows) == (59, 1)
    assert [shard.bad_rows for shard in report.manifest.shards] == [0, 1, 0, 0, 0, 0]
    assert report.bad_files == (tmp_path / "out" / "part-00001.bad.jsonl",)
    first = report.first_bad()
    assert (Path(first.file).name, first.line, first.row) == ("a.csv", 14, "a,b")
    assert write_shards(task(path)).bad_files == report.bad_files


@pytest.mark.parametrize("files", ["npz", "tfrecord"])
def test_predictions_are_written_in_parquet_alone(task, write, files):
    work = PredictWork.of("review-sentiment")
    with pytest.raises(ValueError, match=f"predictions are written as parquet, not as {files}"):
        task(write("a.txt"), work=work, files=files)


def test_files_of_parquet_may_differ_in_what_may_be_missing(task, tmp_path):
    for name, nullable in (("a", True), ("b", False)):
        schema = pa.schema([("id", pa.int64(), nullable), ("text", pa.string(), nullable)])
        table = pa.table({"id": [1, 2], "text": ["가", "나"]}, schema=schema)
        pq.write_table(table, tmp_path / f"{name}.parquet")
    report = write_shards(task(tmp_path / "a.parquet", tmp_path / "b.parquet", rows_per_shard=3))
    assert report.manifest.rows == 4


def test_a_shard_that_is_gone_is_told(task, write, tmp_path):
    write_shards(task(write("a.txt")))
    (tmp_path / "out" / "part-00000.parquet").unlink()
    with pytest.raises(ValueError, match=r"out misses part-00000\.parquet.*delete the folder"):
        write_shards(task(write("a.txt")))
    shutil.rmtree(tmp_path / "out")
    assert write_shards(task(write("a.txt"))).manifest.rows == 7


def test_a_script_that_starts_itself_again_is_told_the_mend(write, bundle, tmp_path):
    """Each worker imports the script that started it."""
    path = write("a.txt", MANY)
    script = tmp_path / "encode_all.py"
    script.write_text(
        "from pathlib import Path\n"
        "from koprep.sharding import EncodeWork, Inputs, ShardTask, write_shards\n"
        f"inputs = Inputs.find([Path({str(path)!r})])\n"
        f"work = EncodeWork.of({str(bundle)!r})\n"
        "write_shards(ShardTask(inputs=inputs, work=work, out=Path('out'), workers=1))\n"
    )
    done = subprocess.run(
        [sys.executable, script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert "put the call there below if __name__ == '__main__':" in done.stderr.splitlines()[-1]
