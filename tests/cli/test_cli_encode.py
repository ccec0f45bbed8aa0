"""`koprep encode` and `koprep predict --file`: as people and the system treat them."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from koprep import Preprocessor
from koprep.datasets import load
from koprep.sharding import ShardManifest
from koprep.zoo import pretrained

needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals")

KIWI = 900
"""Reviews that Kiwi cuts."""

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
from koprep.cli import main
main()
"""  # a disk that takes files of so many bytes


def start(*arguments, code=None, **options):
    command = [sys.executable, *(["-m", "koprep"] if code is None else ["-c", code])]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        [*command, *map(str, arguments)],
        env={**os.environ, "PYTHONUTF8": "1"},
        start_new_session=True,
        **pipes | options,
    )


def run(*arguments, stdin=None, **options):
    more = {} if stdin is None else {"stdin": subprocess.PIPE}
    with start(*arguments, **more, **options) as running:
        output, errors = running.communicate(stdin, timeout=200)
    return running.returncode, output.decode(), errors.decode()


def content(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def noted():
    """Names of the shards that would not be made again: any of the first, in any order."""
    journal = Path("out/journal.jsonl")
    lines = journal.read_bytes().splitlines(keepends=True)[1:] if journal.exists() else []
    return [json.loads(line)["shard"]["file"] for line in lines if line.endswith(b"\n")]


def token_ids(folder):
    files = [shard.file for shard in ShardManifest.read(Path(folder)).shards]
    table = pa.concat_tables([pq.read_table(Path(folder) / file) for file in files])
    return np.array(table["token_ids"].to_pylist(), np.int32)


@pytest.fixture(scope="module")
def reviews(real_data):
    return list(load("nsmc", data_dir=real_data / "nsmc", limit=4_000).texts)


@pytest.fixture(scope="module")
def folder(reviews, tmp_path_factory):
    """A folder with real reviews as lines and as a table, and a preprocessor of each kind."""
    folder = tmp_path_factory.mktemp("encode")
    lines = [" ".join(text.split("\n")) for text in reviews]
    (folder / "reviews.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    table = pa.table({"document": lines[:KIWI], "n": list(range(KIWI))})
    pq.write_table(table, folder / "reviews.parquet")
    Preprocessor(tokenizer="whitespace", maxlen=12).fit(lines[:500]).save(folder / "words")
    Preprocessor(tokenizer="kiwi", maxlen=20).fit(lines[:500]).save(folder / "kiwi")
    return folder


@pytest.fixture(autouse=True)
def _in_folder(folder, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for path in folder.iterdir():
        Path(path.name).symlink_to(path)


ENCODE = ("encode", "reviews.txt", "--preprocessor", "words", "--rows-per-shard", 50)


@needs_posix
def test_killed_at_any_moment_it_ends_as_if_undisturbed(reviews):
    """kill -9 of the whole group, at ten moments; the folder ends with the same bytes."""
    assert run(*ENCODE, "--out", "undisturbed")[0] == 0
    undisturbed = content("undisturbed")
    assert len(undisturbed) == 81
    chance = random.Random(3)
    shards_found = []
    for kill in range(10):
        out = Path(f"killed-{kill // 5}")  # each is killed five times
        made = [0]
        if (out / "journal.jsonl").exists():
            made[0] = (out / "journal.jsonl").read_bytes().count(b"\n") - 1
        with start(*ENCODE, "--out", out) as running:
            goal = made[0] + chance.randrange(0, 14) if kill % 5 else 0
            deadline = time.monotonic() + 60
            while running.poll() is None and time.monotonic() < deadline:
                found = out / "journal.jsonl"
                if found.exists() and found.read_bytes().count(b"\n") > goal:
                    break
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.03))
            os.killpg(running.pid, signal.SIGKILL)
            running.communicate(timeout=60)
        assert running.returncode == -signal.SIGKILL
        assert not (out / "manifest.json").exists()
        shards_found.append((out / "journal.jsonl").read_bytes().count(b"\n") - 1)
    assert shards_found[4] > shards_found[1], "it went on, and did not begin anew"
    for out in ("killed-0", "killed-1"):
        code, _, errors = run(*ENCODE, "--out", out)
        assert (code, errors) == (0, f"4,000 rows written to 80 files in {out}\n")
        assert content(out) == undisturbed
    words = Preprocessor.load("words")
    assert (token_ids("undisturbed") == words.transform(reviews)).all()


@needs_posix
def test_nobody_works_on_when_the_first_process_alone_is_killed(tmp_path):
    with start(*ENCODE, "--out", "out", "--workers", 2) as running:
        deadline = time.monotonic() + 60
        while not noted() and time.monotonic() < deadline:
            time.sleep(0.01)
        running.kill()
        running.communicate(timeout=60)  # until no process holds its standard error any more
    assert running.returncode == -signal.SIGKILL
    assert not Path("out/manifest.json").exists(), "it was done already"
    left = content("out")
    time.sleep(0.3)
    assert content("out") == left


@needs_posix
def test_kiwi_gives_the_ids_of_transform_and_goes_on_after_a_kill(reviews):
    """Columns and types of Parquet stay; two workers go on where one was killed."""
    command = ("encode", "reviews.parquet", "--column", "document", "--preprocessor", "kiwi")
    command += ("--rows-per-shard", 150, "--out", "out")
    with start(*command, "--workers", 1) as running:
        deadline = time.monotonic() + 100
        while len(list(Path().glob("out/part-*"))) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate(timeout=60)
    assert running.returncode == -signal.SIGKILL, "it was done already"
    assert run(*command, "--workers", 2)[0] == 0
    files = sorted(Path("out").glob("part-*"))
    table = pa.concat_tables([pq.read_table(file) for file in files])
    assert table.drop_columns(["token_ids"]) == pq.read_table("reviews.parquet")
    assert (token_ids("out") == Preprocessor.load("kiwi").transform(reviews[:KIWI])).all()


@needs_posix
def test_standard_input_can_be_given_again(reviews):
    """What was piped in a first time is read again and compared, not encoded again."""
    command = ("encode", "-", "--preprocessor", "words", "--out", "out", "--rows-per-shard", 500)
    command += ("--encoding", "utf-8")  # to tell it apart, a megabyte would be read first
    whole = Path("reviews.txt").read_bytes()
    with start(*command, stdin=subprocess.PIPE) as running:
        running.stdin.write(whole[: len(whole) // 2])
        running.stdin.flush()
        deadline = time.monotonic() + 60
        while not noted() and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate(timeout=60)
    made = {name: Path("out", name).stat().st_mtime_ns for name in noted()}
    assert made
    code, _, errors = run(*command, stdin=whole)
    assert (code, errors) == (0, "4,000 rows written to 8 files in out\n")
    assert made == {name: Path("out", name).stat().st_mtime_ns for name in made}
    assert (token_ids("out") == Preprocessor.load("words").transform(reviews)).all()


@needs_posix
def test_a_full_disk_is_one_error_and_the_work_goes_on_later(reviews):
    command = ("encode", "reviews.txt", "--preprocessor", "words", "--rows-per-shard", 2000)
    command += ("--out", "out", "--workers", 1)
    code, _, errors = run(20_000, *command, code=LIMITED)
    assert code == 2
    assert errors.count("\n") == 1
    assert "error:" in errors
    assert "part-00000.parquet could not be written: File too large" in errors
    assert set(content("out")) == {"journal.jsonl"}
    assert run(*command)[0] == 0
    assert (token_ids("out") == Preprocessor.load("words").transform(reviews)).all()


@needs_posix
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_ends_all_at_once_and_says_no_more(number, code):
    with start(*ENCODE, "--out", "out", code=HEEDING_INTERRUPTS) as running:
        deadline = time.monotonic() + 60
        while not Path("out/part-00001.parquet").exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(running.pid, number)
        _, errors = running.communicate(timeout=60)
    assert running.returncode == code
    assert b"Traceback" not in errors
    assert not [name for name in content("out") if name.startswith(".")]
    assert run(*ENCODE, "--out", "out")[0] == 0


HEEDING_INTERRUPTS = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from koprep.cli import main
main()
"""


def test_bad_rows_are_told_as_the_other_commands_do():
    Path("a.csv").write_text("text,label\n좋아요,1\n별로\n나빠요,2.5\n", encoding="utf-8")
    command = ("encode", "a.csv", "--column", "text", "--label", "label", "--preprocessor", "words")
    code, output, errors = run(*command, "--out", "out")
    assert (code, output) == (1, "")
    bad = (
        "2 bad rows written to out/part-00000.bad.jsonl\n"
        "the first: a.csv line 3: columns due: 2 (text, label), columns found: 1\n"
    )
    assert errors == f"1 row written to 1 file in out\n{bad}"
    code, _, errors = run(*command, "--out", "out")
    assert (code, errors) == (1, f"all is done already: 1 row in 1 file in out\n{bad}")


def test_predictions_are_those_of_the_model():
    texts = ["정말 재밌어요", "두 번 다시 안 사요", "", "그저 그래요"]
    rows = [json.dumps({"id": n, "text": text}) for n, text in enumerate(texts)]
    Path("a.jsonl").write_text("\n".join(rows), encoding="utf-8")
    code, _, errors = run("predict", "--file", "a.jsonl", "--column", "text", "--out", "out")
    assert (code, errors) == (0, "4 rows written to 1 file in out\n")
    found = pq.read_table("out/part-00000.parquet").to_pydict()
    model = pretrained("review-sentiment")
    expected = model.predict_proba(texts)
    assert found["text"] == texts
    assert found["other_columns"][1] == '{"id": 1}'
    assert [[*one.values()] for one in found["probabilities"]] == expected.tolist()
    assert [*found["probabilities"][0]] == list(model.label_names_)
    best = [model.label_names_[number] for number in expected.argmax(axis=1)]
    assert found["predicted_label"] == best
    settings = ShardManifest.read(Path("out")).settings
    assert settings["label_names"] == list(model.label_names_)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["encode", "reviews.txt", "--preprocessor", "no", "--out", "o"],
                     "there is no folder no; models that come", id="no bundle"),
        pytest.param(["encode", "no.csv", "--preprocessor", "words", "--out", "o"],
                     "no file no.csv", id="no file"),
        pytest.param(["encode", "reviews.txt", "--preprocessor", "words", "--out", "o",
                      "--files", "csv"], "unknown --files 'csv'; choose", id="files"),
        pytest.param(["encode", "reviews.txt", "--preprocessor", "words", "--out", "o",
                      "--workers", "0"], "at least 1 worker", id="workers"),
        pytest.param(["encode", "reviews.txt", "--preprocessor", "words", "--out", "words"],
                     "words holds other files", id="folder"),
        pytest.param(["predict", "--file", "reviews.txt"], "--file needs --out", id="no out"),
        pytest.param(["predict", "--out", "o", "글"], "--out is for files", id="out alone"),
        pytest.param(["predict", "--file", "reviews.txt", "--out", "o", "글"],
                     "--file goes without texts", id="texts too"),
        pytest.param(["predict", "--file", "reviews.txt", "--out", "o", "--model", "words"],
                     "holds a preprocessor and no classifier", id="no classifier"),
    ],
)  # fmt: skip
def test_mistakes_are_one_line_and_leave_nothing(capsysbinary, monkeypatch, arguments, message):
    from koprep.cli import main

    monkeypatch.setattr("warnings.showwarning", None)  # main() replaces it
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys, "argv", ["koprep", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    errors = capsysbinary.readouterr().err.decode()
    assert caught.value.code == 2
    assert message in errors
    assert errors.count("\n") == 1
    assert not Path("o").exists()
