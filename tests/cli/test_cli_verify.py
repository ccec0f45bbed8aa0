"""`koprep verify` as a person meets it: output and exit code."""

import json
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from koprep.bundle import read_bundle, write_bundle
from koprep.cli.app import main
from koprep.formats import FORMAT

GOLDEN = Path(__file__).parents[1] / "cases" / f"bundle_v{FORMAT}"


@pytest.fixture
def verify(monkeypatch, capsys):
    """Run the command without a process of its own, which would cost seconds a time."""
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)  # `main` sets it

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["koprep", "verify", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, *capsys.readouterr()

    return run


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(GOLDEN, tmp_path / "saved")


@pytest.fixture
def drifted(folder):
    """Saved by an analyzer that cut two of the golden samples differently."""
    bundle = read_bundle(folder)
    files = {name: bundle.read_bytes(name) for name in bundle.manifest.files}
    saved = json.loads(files["preprocessor.json"])
    first, second, *_ = saved["golden_samples"]
    first["tokens"] = ["배송", "이", "빨라서", "좋았어요"]
    second["tokens"] = ["색상은", "예쁜데", "사이즈가", "작아요ㅠㅠ", "[b]"]
    saved["tokenizer"]["versions"] = {"numpy": "0.1"}
    files["preprocessor.json"] = json.dumps(saved).encode()
    return write_bundle(folder, files, kind="preprocessor")


def test_a_process_ends_with_the_exit_code(drifted):
    command = [sys.executable, "-m", "koprep", "verify", "--json", drifted]
    ended = subprocess.run(command, capture_output=True, timeout=100, check=False)
    assert (ended.returncode, ended.stderr) == (1, b"")
    assert json.loads(ended.stdout)["status"] == "drift"


def test_a_bundle_as_it_was_saved(verify, folder):
    code, output, errors = verify(folder)
    assert (code, errors) == (0, "")
    for part in (str(folder), "preprocessor", f"format {FORMAT}", "3, all as they", "20, all cut"):
        assert part in output


def test_drift_shows_the_tokens_before_and_after(verify, drifted):
    code, output, errors = verify(drifted)
    assert (code, errors) == (1, "")
    assert "2 of 20 are cut differently" in output
    cells = [
        [cell.strip() for cell in line.split("│")[1:-1]]
        for line in output.splitlines()
        if line.startswith("│")
    ]
    assert cells == [
        ["배송이 빨라서 좋았어요", "배송 이", "배송이"],
        ["색상은 예쁜데 사이즈가 너무 작아요ㅠㅠ", "-", "너무"],
        ["", "[b]", "-"],
    ]
    assert "numpy==0.1" in output


def test_json_holds_every_changed_sample(verify, drifted):
    code, output, _ = verify(drifted, "--json")
    result = json.loads(output)
    assert (code, result["status"], result["samples"]) == (1, "drift", 20)
    assert result["versions"] == {"numpy": "0.1"}
    assert result["installed_versions"] == {}
    assert [drift["changes"] for drift in result["drift"]] == [
        [[["배송", "이"], ["배송이"]]],
        [[[], ["너무"]], [["[b]"], []]],
    ]
    assert result["drift"][0]["expected"] == ["배송", "이", "빨라서", "좋았어요"]


def test_damage_names_every_file(verify, folder):
    (folder / "vocabulary.txt").write_text("", encoding="utf-8")
    (folder / "preprocessor.json").unlink()
    (folder / "notes.txt").write_text("mine")
    code, output, errors = verify(folder)
    assert (code, output) == (2, "")
    for part in (
        "vocabulary.txt was changed",
        "preprocessor.json is missing",
        "notes.txt is no part of it",
        "copy the bundle again",
    ):
        assert part in errors
    assert "Traceback" not in errors
    code, output, errors = verify("--json", folder)
    assert (code, errors) == (2, "")
    assert {problem["name"]: problem["state"] for problem in json.loads(output)["problems"]} == {
        "vocabulary.txt": "changed",
        "preprocessor.json": "missing",
        "notes.txt": "unknown",
    }


def test_no_bundle(verify, tmp_path):
    code, output, errors = verify(tmp_path / "none")
    assert (code, output) == (2, "")
    assert "does not exist" in errors
    code, output, _ = verify(tmp_path, "--json")
    assert (code, json.loads(output)["status"]) == (2, "unreadable")


def test_a_bundle_without_preprocessing_cannot_be_opened(verify, tmp_path):
    folder = write_bundle(tmp_path / "saved", {"model.keras": b"x"}, kind="classifier")
    code, output, errors = verify(folder)
    assert (code, output) == (2, "")
    assert "no preprocessor.json" in errors
    code, output, _ = verify(folder, "--json")
    result = json.loads(output)
    assert (code, result["status"], result["kind"]) == (2, "unreadable", "classifier")
