"""Every engine on 2,000 real reviews, the Java ones in a process that knows of no Java."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from koprep import get_tokenizer
from koprep.datasets import load
from koprep.tokenizers.tags import TO_UNIVERSAL

REVIEWS = 2_000

IN_A_PROCESS = """
import json, sys, time
from koprep import get_tokenizer
from koprep.datasets import load
name, data_dir, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
texts = load("nsmc", data_dir=data_dir, limit=count).texts
token_lists = list(get_tokenizer(name).tokenize_many(texts))
print(json.dumps(token_lists))
"""


def check(name, texts, token_lists):
    assert len(token_lists) == len(texts)
    tags = Counter(tag.split("+")[0] for tokens in token_lists for _, tag, _, _ in tokens)
    assert set(tags) <= set(TO_UNIVERSAL[name])
    assert sum(map(bool, token_lists)) >= 0.999 * len(texts)
    if name != "mecab":  # whose own tag for unknown words it is
        assert tags["UNKNOWN"] < 0.001 * tags.total()
    for text, tokens in zip(texts, token_lists, strict=True):
        for form, _, start, end in tokens:
            assert form
            assert 0 <= start <= end <= len(text)


@pytest.mark.parametrize("name", ["kiwi", "mecab"])
def test_engines_without_java(name, real_data):
    texts = load("nsmc", data_dir=real_data / "nsmc", limit=REVIEWS).texts
    check(name, texts, list(get_tokenizer(name).tokenize_many(texts)))


@pytest.mark.parametrize("name", ["okt", "komoran", "hannanum", "kkma"])
def test_engines_with_java_where_none_is_installed(name, real_data):
    environment = {k: v for k, v in os.environ.items() if k not in ("JAVA_HOME", "JDK_HOME")}
    environment["PATH"] = str(Path(sys.executable).parent)
    result = subprocess.run(
        [sys.executable, "-c", IN_A_PROCESS, name, str(real_data / "nsmc"), str(REVIEWS)],
        capture_output=True,
        env=environment,
        timeout=600,
        check=False,
    )
    assert result.returncode == 0, result.stderr.decode()
    assert result.stderr == b""
    texts = load("nsmc", data_dir=real_data / "nsmc", limit=REVIEWS).texts
    check(name, texts, json.loads(result.stdout))


def test_mecab_cuts_as_its_own_package_does(real_data):
    from mecab import MeCab

    texts = [*load("nsmc", data_dir=real_data / "nsmc", limit=REVIEWS).texts, ",", "a,b\tc\nd", ""]
    mecab = MeCab()
    expected = [[(m.surface, m.pos, *m.span) for m in mecab.parse(text)] for text in texts]
    assert list(get_tokenizer("mecab").tokenize_many(texts)) == expected


@pytest.mark.parametrize("options", [{}, {"norm": True}, {"stem": True}])
def test_okt_cuts_as_konlpy_does(options, real_data):
    tokenizer = get_tokenizer("okt", **options)
    texts = [
        " ".join(text.split())  # KoNLPy gives line breaks as tokens, koprep passes over them
        for text in load("nsmc", data_dir=real_data / "nsmc", limit=500).texts
    ]
    found = list(tokenizer.tokenize_many(texts))
    from konlpy.tag import Okt  # in the JVM that koprep started

    okt = Okt()
    for text, tokens in zip(texts, found, strict=True):
        assert [(form, tag) for form, tag, _, _ in tokens] == okt.pos(text, **options)
