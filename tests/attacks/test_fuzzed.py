"""Whatever bytes a reader is given, it answers, or refuses in the words of its documentation."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from koprep import Preprocessor
from koprep.keras_compat import Tokenizer
from koprep.manifest import Manifest
from koprep.saved import SETTINGS_FILE

FUZZ = Path(__file__).with_name("fuzz.py")
RUNS = 8_000
"""Inputs a target; `fuzz.py TARGET` without `-runs` goes on until it finds something."""

OTHER_JSON = [b"[]", b"null", b'"a"', b"1e999", b"[" * 3_000]

pytestmark = pytest.mark.skipif(
    find_spec("atheris") is None, reason="atheris is for Linux and macOS, and Python to 3.13"
)


def seeds() -> dict[str, list[bytes]]:
    """Return inputs of each target that are read, for others to be made of."""
    keras = Tokenizer(num_words=4, oov_token="OOV")
    keras.fit_on_texts(["그의 말이 법이다!", "말이 있다"])
    fitted = Preprocessor(tokenizer="whitespace").fit(["말이 있다"])
    manifest = Manifest(koprep_version="1", kind="preprocessor", files={"a.txt": "0" * 64})
    return {
        "clean": ["재밌닼ㅋㅋ&lt;br&gt;<b>010-1234-5678</b> http://a.kr 😂ﾡ\u200b".encode()],
        "vocabulary": [b"[PAD]\n[OOV]\n\xeb\xa7\x90\n\\n\\\\\n"],
        "manifest": [manifest.to_bytes(), b'{"format": 1, "files": {}}', *OTHER_JSON],
        "settings": [fitted.bundle_files()[SETTINGS_FILE], *OTHER_JSON],
        "keras_json": [keras.to_json().encode(), *OTHER_JSON],
        "keras_pickle": [pickle.dumps(keras, protocol) for protocol in (0, 2, 4)],
        "table": [
            b'a,b\n"x ""y""\n",2\n',
            b"a\tb\nx\ty\n",
            json.dumps({"a": "x"}).encode(),
            *OTHER_JSON,
        ],
        "stopwords": ["는\tJX\n*\tJ\n# 조사\n".encode()],
    }


@pytest.mark.parametrize("target", seeds())
def test_any_bytes(tmp_path, target):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, content in enumerate(seeds()[target]):
        (corpus / str(number)).write_bytes(content)
    done = subprocess.run(
        [sys.executable, FUZZ, target, corpus, f"-runs={RUNS}", "-seed=1", "-timeout=60"],
        cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "DONE" in done.stderr
