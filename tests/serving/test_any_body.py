"""Whatever a program sends, it gets an answer or one problem that says what is wrong."""

import json
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from koprep.zoo.serving.problems import MEDIA_TYPE, ProblemDocument
from koprep.zoo.serving.routes import POST_PROBLEMS

PATHS = st.sampled_from(["predict", "tag", "analyze", "trace", "generate"])
NAMES = st.sampled_from(
    ["text", "texts", "model", "models", "prompt", "max_tokens", "temperature", "top_k", "top_p",
     "seed"]
)  # fmt: skip
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=12)  # half characters, too
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)
LIKELY = st.sampled_from(
    ["정말 좋아요", "", "오늘", ["별로", "ㅋㅋ"], "tiny-gru", ["tiny-lstm"], 1, 0.5]
)
BODIES = ANY_JSON | st.dictionaries(NAMES | ANY_TEXT, LIKELY | ANY_JSON, max_size=4)
WHILE_IT_SERVES = settings(deadline=None)


def check(found):
    assert found.status_code in {200, *POST_PROBLEMS}, found.text
    if found.status_code == 200:
        assert "event: error" not in found.text.split("\n")
        return
    assert found.headers["content-type"] == MEDIA_TYPE
    problem = ProblemDocument.model_validate_json(found.content)
    assert problem.status == found.status_code
    assert problem.detail
    assert problem.detail_ko


@settings(WHILE_IT_SERVES, max_examples=250)
@given(path=PATHS, body=BODIES)
def test_any_json_is_answered_or_refused(client, path, body):
    check(client.post(f"/v1/{path}", content=json.dumps(body)))


@settings(WHILE_IT_SERVES, max_examples=100)
@given(
    path=PATHS,
    content=st.binary(max_size=40) | ANY_JSON.map(lambda body: json.dumps(body).encode()[:-1]),
    kind=st.sampled_from(["application/json", "text/plain", "multipart/form-data", ""]),
)
def test_any_bytes_are_refused_or_answered(client, path, content, kind):
    check(client.post(f"/v1/{path}", content=content, headers={"content-type": kind}))


@settings(WHILE_IT_SERVES, max_examples=60)
@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_any_path_is_there_or_is_a_problem(client, path):
    found = client.get(f"/v1/{quote(path)}")
    assert found.status_code in {200, 404, 405}, found.text
    if found.status_code != 200:
        assert ProblemDocument.model_validate_json(found.content).status == found.status_code
