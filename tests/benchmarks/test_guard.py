"""The guard of the hot paths: what it reads of callgrind, what it lays out, when it speaks up."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))  # benchmarks/ is not installed

from benchmarks.guard import __main__ as guard
from benchmarks.guard import sides

DUMP = "version: 1\ndesc: Trigger: Client Request: {}\n\nevents: Ir\nfn=(1)\n+3 7\n\ntotals: {}\n"


def test_each_count_stands_under_the_name_of_its_path():
    dumps = {
        "counts.1": DUMP.format("clean", 7),
        "counts.2": DUMP.format("encode and pad", 12),
        "counts.3": "desc: Trigger: Program termination\n\ntotals: 99\n",
    }
    assert sides.read_counts(dumps) == {"clean": 7, "encode and pad": 12}


@pytest.mark.parametrize(
    ("now", "named"),
    [
        pytest.param(1200, ["clean"], id="a fifth more"),
        pytest.param(1101, ["clean"], id="just above"),
        pytest.param(1100, [], id="at the limit"),
        pytest.param(1003, [], id="what two runs of the same code differ by"),
        pytest.param(500, [], id="faster"),
    ],
)
def test_what_executes_more_than_the_limit_is_named(now, named):
    was = {"clean": 1000, "encode and pad": 1000}
    assert guard.slower(was, {"clean": now, "encode and pad": 1000}, 1.1) == named


def test_a_path_that_was_not_counted_is_no_pass():
    with pytest.raises(KeyError):
        guard.slower({"clean": 1000}, {}, 1.1)


def test_the_limit_lies_between_noise_and_a_fifth():
    assert 1.02 < json.loads(guard.BASE_FILE.read_text())["most"] < 1.16


def test_the_working_tree_is_what_gets_imported(tmp_path):
    tree = sides.lay_out_working_tree(tmp_path / "tree")
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "import koprep.datasets as d, koprep.zoo as z; print(d.__file__, z.__file__)",
        ],
        env=sides.environment(tree),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [Path(file).is_relative_to(tree) for file in run.stdout.split()] == [True, True]


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_a_base_that_is_no_commit_is_told(tmp_path, monkeypatch):
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    monkeypatch.setattr(sides, "ROOT", tmp_path)
    with pytest.raises(ValueError, match=r"0123abc is no commit.*--renew"):
        sides.lay_out_commit("0123abc", tmp_path)
