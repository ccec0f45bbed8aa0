"""The models that come with koprep, as a person meets them."""

import json
import os
import subprocess
import sys

import pytest


def koprep(*arguments, stdin=None):
    return subprocess.run(
        [sys.executable, "-m", "koprep", *map(str, arguments)],
        capture_output=True,
        env={**os.environ, "COLUMNS": "160"},
        timeout=300,
        check=False,
        encoding="utf-8",
        input=stdin,
    )


def answer(*arguments, **settings):
    done = koprep(*arguments, **settings)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_a_model_a_review_is_told_by_the_one_that_comes_along():
    assert answer("predict", "배송도 빠르고 정말 좋아요").endswith("확률로 긍정 리뷰입니다.\n")
    named = answer("predict", "--model", "review-sentiment", "--json", "지루해서 혼났다")
    assert json.loads(named)["label"] == "부정"


def test_lines_of_standard_input_are_answered_in_order():
    lines = answer("predict", "--json", stdin="정말 좋아요\n\n최악이에요\n").splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["정말 좋아요", "", "최악이에요"]


def test_names_are_tagged_and_sentences_written_on():
    assert "[서울:LC]" in answer("tag", "내일 서울에서 만나요")
    assert answer("generate", "오늘").startswith("오늘")


def test_they_are_listed_with_size_and_licence():
    table = answer("zoo", "list", "--pretrained")
    for name in ("chat-generator", "entity-tagger", "movie-sentiment", "review-sentiment"):
        assert name in table
    assert "CC BY-SA 4.0" in table
    few = answer("zoo", "list", "--pretrained", "*-sentiment")
    assert "review-sentiment" in few
    assert "tagger" not in few


def test_a_card_is_shown_of_a_name_or_a_folder():
    assert answer("zoo", "card", "review-sentiment").startswith("# review-sentiment\n")


def test_one_that_comes_along_is_evaluated_like_any_other():
    assert "accuracy 0." in answer("evaluate", "review-sentiment", "mini_reviews")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            ["predict", "--model", "review-sentimental", "좋아요"],
            "there is no folder review-sentimental; models that come with koprep: chat-generator",
            id="no such name",
        ),
        pytest.param(
            ["predict", "--model", "entity-tagger", "좋아요"], "koprep tag", id="another kind"
        ),
        pytest.param(
            ["predict", "{model}", "좋아요"], "give it as --model {model}", id="folder as text"
        ),
        pytest.param(
            ["zoo", "list", "--pretrained", "--task", "tagging"], "leave it out", id="task"
        ),
        pytest.param(
            ["zoo", "reproduce", "entity-tagger", "--data-dir", "{empty}", "--out", "{empty}/out"],
            "klue_ner",
            id="no data",
        ),
        pytest.param(
            ["zoo", "reproduce", "entity-taggr", "--data-dir", "{empty}", "--out", "{empty}/out"],
            "did you mean 'entity-tagger'",
            id="unknown recipe",
        ),
    ],
)
def test_a_mistake_is_told_in_one_sentence(tmp_path, arguments, message):
    from koprep.zoo.pretrained_models import PRETRAINED

    places = {"model": PRETRAINED["review-sentiment"].folder, "empty": tmp_path}
    done = koprep(*(argument.format(**places) for argument in arguments))
    assert done.returncode == 2
    assert message.format(**places) in done.stderr
    assert "Traceback" not in done.stderr
