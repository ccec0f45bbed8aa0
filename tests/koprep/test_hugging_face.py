"""Hugging Face's `map` gives the ids of `transform`, and its cache knows equal preprocessors."""

import importlib.util
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from koprep import Preprocessor
from koprep.hugging_face import Encode

SCRIPT = Path(__file__).with_name("encoded_by_map.py")
TEXTS = ["말이 있다", "말이 법이다"]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What two processes told, one after the other."""
    if importlib.util.find_spec("multiprocess") is None:  # `datasets` may be the folder of here
        pytest.skip("Hugging Face's datasets is not installed")
    folder = tmp_path_factory.mktemp("hugging-face")
    found = []
    for number in (0, 1):
        answer = subprocess.run(
            [sys.executable, "-P", SCRIPT, folder],
            cwd=folder,
            env={
                **os.environ,
                "HF_HOME": str(folder / "home"),
                "HF_HUB_OFFLINE": "1",
                "PYTHONHASHSEED": str(number),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr
        found.append(json.loads(answer.stdout.splitlines()[-1]))
    return found


@pytest.mark.parametrize("way", ["transformed", "in two processes", "streamed"])
def test_ids_are_those_of_transform(told, way):
    """NFD texts, an empty one and one that is cut short among them."""
    assert told[0]["ids"] == told[0][way]
    assert told[0]["ids"][0] == told[0]["ids"][1] != told[0]["ids"][2]


def test_the_column_of_ids_stands_beside_the_others(told):
    assert told[0]["columns"] == ["text", "id", "token_ids"]
    assert told[0]["kind"] == "List(Value('int32'))"


def test_an_equal_preprocessor_in_another_process_finds_what_was_encoded(told):
    first, second = told
    assert second["cache"] == first["cache"]
    assert second["written"] == first["written"]


def test_another_vocabulary_encodes_anew(told):
    assert told[0]["of another vocabulary"] not in told[0]["cache"]


def test_a_dataset_s_lazy_column_can_be_fitted_on(told):
    assert told[0]["fitted on a column"] == told[0]["fitted on a list"]


@pytest.mark.parametrize(
    ("case", "message"),
    [
        pytest.param("missing", "row 7 of column 'text' holds no text (None)", id="missing"),
        pytest.param("missing in a batch", "row 1 of column 'text' holds no", id="no indices"),
        pytest.param("alone", "a row came alone: give map batched=True", id="not batched"),
        pytest.param("column", "no column 'body'; there are text", id="column"),
    ],
)
def test_what_cannot_be_encoded_is_told_with_its_row(told, case, message):
    assert message in told[0][case]


def test_it_stays_what_it_was_made_of():
    preprocessor = Preprocessor(tokenizer="whitespace").fit(TEXTS)
    encode = Encode(preprocessor)
    before = pickle.dumps(encode)
    ids = encode({"text": TEXTS})["token_ids"].tolist()
    preprocessor.fit(["다른 글"])
    assert encode({"text": TEXTS})["token_ids"].tolist() == ids
    assert pickle.dumps(encode) == before
    assert pickle.loads(before)({"text": TEXTS})["token_ids"].tolist() == ids


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"preprocessor": Preprocessor(tokenizer="whitespace", maxlen=1)}, id="maxlen"),
        pytest.param({"preprocessor": Preprocessor(tokenizer="syllable")}, id="tokenizer"),
        pytest.param({"column": "body"}, id="column"),
        pytest.param({"into": "ids"}, id="into"),
    ],
)
def test_what_changes_the_result_changes_its_pickle(other):
    given = {"preprocessor": Preprocessor(tokenizer="whitespace"), "column": "text", **other}
    given["preprocessor"].fit(TEXTS)
    plain = Encode(Preprocessor(tokenizer="whitespace").fit(TEXTS))
    assert pickle.dumps(Encode(**given)) != pickle.dumps(plain)
    assert pickle.dumps(Encode(Preprocessor(tokenizer="whitespace").fit(TEXTS))) == pickle.dumps(
        plain
    )


def test_another_version_of_what_cleans_changes_its_pickle(monkeypatch):
    fitted = Preprocessor(tokenizer="whitespace").fit(TEXTS)
    before = pickle.dumps(Encode(fitted))
    monkeypatch.setattr(
        "koprep.hugging_face.cleaner_versions", lambda: {"koprep": "99", "emoji": "1"}
    )
    assert pickle.dumps(Encode(fitted)) != before
    assert pickle.dumps(pickle.loads(before)) == before, "what was encoded before is found again"
