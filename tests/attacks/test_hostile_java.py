"""A Java that is broken, that another library started, or that speaks Turkish."""

import json
import os
import subprocess
import sys

import pytest

from koprep import get_tokenizer

pytest.importorskip("konlpy")

TEXT = "I LIKE ISTANBUL TITLE 정말 좋아요"

CUTS = f"""
import json, sys
from koprep import get_tokenizer
name, text = sys.argv[1], {TEXT!r}
print(json.dumps([[token.form, token.tag] for token in get_tokenizer(name).tokenize(text)]))
"""

STARTED_BEFORE = f"""
import jpype
from koprep.tokenizers import jvm
jpype.startJVM(str(jvm.find_java().library), convertStrings=False)
assert jvm.is_out_of_reach()
{CUTS}
"""

STARTED_BY_KONLPY = f"""
import os
from koprep.tokenizers import jvm
os.environ["JAVA_HOME"] = str(jvm.find_java().folder)
from konlpy.tag import Komoran
Komoran()
assert not jvm.is_out_of_reach()
{CUTS}
"""


def cut(name, code=CUTS, **environment):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, name],
        env={**os.environ, **environment},
        capture_output=True, timeout=300, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def expected(name):
    return [[token.form, token.tag] for token in get_tokenizer(name).tokenize(TEXT)]


def test_a_java_that_does_not_start_is_named(tmp_path):
    library = tmp_path / "java/lib/server/libjvm.so"
    library.parent.mkdir(parents=True)
    library.write_text("no library")
    (tmp_path / "a.txt").write_text("정말 좋아요\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "koprep", "tokenize", tmp_path / "a.txt", "--tokenizer", "okt"],
        env={**os.environ, "JAVA_HOME": str(tmp_path / "java")},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert f"the Java in {tmp_path / 'java'} does not start" in done.stderr
    assert "set JAVA_HOME to a whole Java of version 11 or newer" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["okt", "hannanum"])
def test_a_jvm_whose_strings_stay_javas_is_left_alone(name):
    assert cut(name, STARTED_BEFORE) == expected(name)


def test_konlpys_own_jvm_is_used():
    assert cut("komoran", STARTED_BY_KONLPY) == expected("komoran")


@pytest.mark.parametrize("name", ["okt", "komoran", "hannanum"])
def test_a_turkish_java_cuts_the_same(name):
    options = "-Duser.language=tr -Duser.country=TR"
    assert cut(name, JAVA_TOOL_OPTIONS=options) == expected(name)
