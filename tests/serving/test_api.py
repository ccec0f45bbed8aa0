"""The API's contract, asked over a real connection."""

import json
import unicodedata

import pytest

from koprep.zoo import load
from koprep.zoo.serving.routes import POST_PROBLEMS
from koprep.zoo.serving.schemas import (
    AnalyzeAnswer,
    ModelsAnswer,
    PredictAnswer,
    TagAnswer,
    TraceAnswer,
)

RAW = "<b>배송</b>도 빠르고 정말 좋아요!!!! ㅋㅋㅋㅋㅋ"


def answer(client, path, body):
    found = client.post(f"/v1/{path}", json=body)
    assert found.status_code == 200, found.text
    assert found.headers["content-type"] == "application/json"
    return found.json()


def events(text):
    """Read server-sent events: (name, data)."""
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in blocks
    ]


def test_models_are_listed_with_what_they_can(client):
    found = ModelsAnswer.model_validate(client.get("/v1/models").json()).models
    by_name = {model.name: model for model in found}
    assert by_name["entity-tagger"].kind == "tagger"
    assert by_name["chat-generator"].default
    assert not by_name["review-sentiment"].traceable
    assert not by_name["review-sentiment"].default  # a folder of one's own answers for its kind
    assert by_name["tiny-simple_rnn"].default
    assert not by_name["tiny-gru"].default
    for cell in ("simple_rnn", "lstm", "gru"):
        model = by_name[f"tiny-{cell}"]
        assert (model.traceable, model.cell) == (True, cell)
        assert model.label_names == ["부정", "긍정"]
        assert 0 < model.network_bytes < 100_000


@pytest.mark.parametrize("model", ["review-sentiment", "tiny-lstm"])
def test_predictions_are_the_librarys(model, client, traced_folders):
    texts = ["정말 좋아요", "", "별로", RAW]
    found = PredictAnswer.model_validate(
        answer(client, "predict", {"texts": texts, "model": model})
    )
    folders = {folder.name: folder for folder in traced_folders}
    expected = load(folders.get(model, model)).predict_proba(texts)
    assert (found.model, found.label_names) == (model, ["부정", "긍정"])
    for row, told in zip(expected, found.predictions, strict=True):
        assert told.probabilities == pytest.approx(row.tolist(), abs=1e-5)
        assert told.label == found.label_names[row.argmax()]


def test_one_text_is_a_list_of_one(client):
    alone = answer(client, "predict", {"text": RAW})
    assert alone == answer(client, "predict", {"texts": [RAW]})
    assert alone["model"] == "tiny-simple_rnn"


def test_spans_say_where_they_stand(client):
    text = "내일 서울에서 만나요"
    found = TagAnswer.model_validate(answer(client, "tag", {"texts": [text, ""]}))
    spans = {(span.label, span.text) for span in found.results[0].spans}
    assert ("LC", "서울") in spans
    for span in found.results[0].spans:
        assert text[span.start : span.end] == span.text
    assert (found.results[1].text, found.results[1].spans) == ("", [])


def test_every_stage_of_a_text_points_back_into_it(client):
    body = {"text": RAW, "model": "review-sentiment"}
    found = AnalyzeAnswer.model_validate(answer(client, "analyze", body))
    preprocessor = load("review-sentiment").preprocessor_
    assert found.raw == RAW
    assert found.cleaned == preprocessor.cleaner_.clean(RAW) == "배송도 빠르고 정말 좋아요!! ㅋㅋ"
    dropped = [RAW[place.start : place.end] for place in found.dropped]
    assert dropped == ["<b>", "</b>", "!!", "ㅋㅋㅋ"]
    for token in found.tokens:
        assert 0 <= token.raw_start < token.raw_end <= len(RAW)
        assert token.start < token.end <= len(found.cleaned)
        assert token.fate == "known"
    assert found.token_ids == preprocessor.transform([RAW])[0].tolist()
    assert (found.maxlen, found.padding) == (len(found.token_ids), "pre")
    assert [one for token in found.tokens for one in token.token_ids] == [
        one for one in found.token_ids if one
    ]


def test_text_is_written_piece_by_piece(client):
    body = {"prompt": "오늘", "temperature": 1, "seed": 5, "max_tokens": 12}
    with client.stream("POST", "/v1/generate", json=body) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        pieces = list(response.iter_raw())
    assert len(pieces) > 2
    found = events(b"".join(pieces).decode())
    *tokens, done = found
    expected = list(load("chat-generator").stream("오늘", temperature=1, seed=5, max_tokens=12))
    assert [(data["token"], data["text"]) for name, data in tokens if name == "token"] == [
        (step.token, step.text) for step in expected
    ]
    assert done == ("done", {"text": expected[-1].text})


def test_networks_are_followed_side_by_side(client):
    names = ["tiny-simple_rnn", "tiny-lstm", "tiny-gru"]
    asked = {"text": "정말 좋아요 배송", "models": names}
    found = TraceAnswer.model_validate(answer(client, "trace", asked))
    assert [one.model for one in found.results] == names
    assert found.label_names == ["부정", "긍정"]
    assert [one.cell for one in found.results] == ["simple_rnn", "lstm", "gru"]
    gates = {
        "simple_rnn": set(),
        "lstm": {"input", "forget", "candidate", "output"},
        "gru": {"update", "reset", "candidate"},
    }
    for one in found.results:
        assert [token.form for token in one.tokens] == ["정말", "좋아요", "배송"]
        assert [token.known for token in one.tokens] == [True, True, False]
        assert one.units == 5
        assert set(one.gates) == gates[one.cell]
        for rows in (one.hidden, *one.gates.values()):
            assert [len(row) for row in rows] == [5, 5, 5]
        assert len(one.probabilities) == len(one.importance) == 3


def test_unasked_all_networks_of_the_same_labels_are_followed(client):
    found = TraceAnswer.model_validate(answer(client, "trace", {"text": "정말 좋아요"}))
    assert [one.cell for one in found.results] == ["simple_rnn", "lstm", "gru"] * 2
    assert [one.model for one in found.results[:3]] == [
        "trace-simple-rnn", "trace-lstm", "trace-gru",
    ]  # fmt: skip


def test_a_text_without_tokens_is_followed_nowhere(client):
    found = TraceAnswer.model_validate(
        answer(client, "trace", {"text": "", "models": ["tiny-gru"]})
    )
    assert (found.results[0].tokens, found.results[0].hidden) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("   \n\t", id="blank"),
        pytest.param("가" * 10_000, id="10,000 characters in one word"),
        pytest.param("정말 좋아요 " * 1_400, id="10,000 characters in many"),
        pytest.param("a\x00b\x07", id="control characters"),
        pytest.param("👨‍👩‍👧‍👦❤️🇰🇷", id="emoji"),
        pytest.param(unicodedata.normalize("NFD", "좋아요"), id="decomposed Hangul"),
        pytest.param("<script>alert(1)</script>", id="markup"),
        pytest.param("\u202e\ufeff\u200b", id="invisible"),
    ],
)
def test_any_text_is_answered_everywhere(text, client):
    answer(client, "predict", {"text": text})
    answer(client, "predict", {"text": text, "model": "review-sentiment"})
    answer(client, "tag", {"text": text})
    answer(client, "analyze", {"text": text, "model": "review-sentiment"})
    answer(client, "trace", {"text": text})
    found = client.post("/v1/generate", json={"prompt": text, "max_tokens": 2})
    assert found.status_code == 200
    assert events(found.text)[-1][0] == "done"


def test_decomposed_hangul_is_read_as_composed(client):
    texts = [unicodedata.normalize(form, "좋아요") for form in ("NFC", "NFD")]
    assert texts[0] != texts[1]
    alone = [answer(client, "predict", {"text": text})["predictions"] for text in texts]
    assert alone[0] == alone[1]


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("path", "content", "status", "kind", "where"),
    [
        pytest.param("predict", "", 422, "invalid-request", None, id="nothing"),
        pytest.param("predict", "{", 422, "invalid-request", None, id="half of JSON"),
        pytest.param("predict", b"\xff\xfe{", 400, "bad-request", None, id="no UTF-8"),
        pytest.param("predict", "[" * 100_000, 400, "bad-request", None, id="deep nesting"),
        pytest.param("predict", "[]", 422, "invalid-request", None, id="no object"),
        pytest.param("predict", "{}", 422, "invalid-request", None, id="no text"),
        pytest.param("predict", '{"texts": "글"}', 422, "invalid-request", "/texts", id="bare"),
        pytest.param("predict", '{"texts": []}', 422, "invalid-request", "/texts", id="none"),
        pytest.param("predict", '{"texts": ["a", 3]}', 422, "invalid-request", "/texts/1", id="3"),
        pytest.param("predict", '{"text": "a", "texts": ["b"]}', 422, "invalid-request", None),
        pytest.param("predict", '{"text": "\\ud800"}', 422, "invalid-request", "/text", id="half"),
        pytest.param("tag", '{"texts": ["\\udfff"]}', 422, "invalid-request", "/texts/0"),
        pytest.param("predict", '{"\\ud800": 1}', 422, "invalid-request", None, id="half a name"),
        pytest.param("analyze", '{"text": "a", "b": 1}', 422, "invalid-request", "/b", id="more"),
        pytest.param("predict", '{"text": "a", "model": "x"}', 422, "unknown-model", "/model"),
        pytest.param(
            "predict", '{"text": "a", "model": "entity-tagger"}', 422, "unknown-model", "/model"
        ),
        pytest.param(
            "trace",
            '{"text": "", "models": ["tiny-gru", "tiny-gru", "x"]}',
            422,
            "unknown-model",
            "/models/2",
        ),
        pytest.param(
            "trace",
            '{"text": "", "models": ["review-sentiment"]}',
            422,
            "not-traceable",
            "/models",
        ),
        pytest.param(
            "generate", '{"prompt": "", "max_tokens": 0}', 422, "invalid-request", "/max_tokens"
        ),
        pytest.param(
            "generate", '{"prompt": "", "max_tokens": 201}', 422, "too-many-tokens", "/max_tokens"
        ),
        pytest.param(
            "generate", '{"prompt": "", "temperature": NaN}', 422, "invalid-request", "/temperature"
        ),
        pytest.param(
            "generate", '{"prompt": "", "top_k": 3}', 422, "nothing-to-draw", "/temperature"
        ),
        pytest.param("generate", '{"prompt": "", "seed": -1}', 422, "invalid-request", "/seed"),
        pytest.param("nowhere", "{}", 404, "not-found", None, id="no such path"),
    ],
)
def test_bad_requests_are_told_in_two_languages(path, content, status, kind, where, client):
    found = client.post(f"/v1/{path}", content=content, headers=JSON)
    problem = check_problem(found, status, kind)
    assert problem.get("where") == where


def check_problem(found, status, kind):
    assert found.status_code == status, found.text
    assert found.headers["content-type"] == "application/problem+json"
    problem = found.json()
    assert problem["type"] == f"urn:koprep:problem:{kind}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"].isascii()
    assert any("가" <= ch <= "힣" for ch in problem["detail_ko"])
    assert "Traceback" not in found.text
    return problem


def test_other_methods_and_types_are_refused(client):
    found = client.get("/v1/predict")
    check_problem(found, 405, "method-not-allowed")
    assert found.headers["allow"] == "POST"
    check_problem(client.delete("/v1/models"), 405, "method-not-allowed")
    plain = {"Content-Type": "text/plain"}
    check_problem(client.post("/v1/predict", content="{}", headers=plain), 422, "invalid-request")


def test_texts_over_the_limits_are_refused(client):
    found = client.post("/v1/predict", json={"texts": ["a"] * 1025})
    assert check_problem(found, 422, "too-many-texts")["where"] == "/texts"
    found = client.post("/v1/predict", json={"texts": ["a", "b" * 10_001]})
    assert check_problem(found, 422, "text-too-long")["where"] == "/texts/1"
    found = client.post("/v1/analyze", json={"text": "b" * 10_001})
    assert check_problem(found, 422, "text-too-long")["where"] == "/text"


def test_every_error_is_described(client):
    described = client.get("/openapi.json").json()
    assert "detail_ko" in described["components"]["schemas"]["ProblemDocument"]["properties"]
    paths = described["paths"]
    for path in ("predict", "tag", "analyze", "trace", "generate"):
        described = paths[f"/v1/{path}"]["post"]["responses"]
        assert set(described) == {"200", *map(str, POST_PROBLEMS)}
    assert client.get("/docs").status_code == 404


@pytest.mark.parametrize("path", ["/", "/static/app.js"])
def test_a_file_of_the_page_is_sent_again_only_if_it_changed(path, client):
    found = client.get(path)
    assert found.status_code == 200
    assert found.headers["cache-control"] == "no-cache"
    assert client.head(path).headers["content-length"] == str(len(found.content))
    again = client.get(path, headers={"If-None-Match": found.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"
    assert client.get(path, headers={"If-None-Match": '"of before"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("", id="the folder"),
        pytest.param("%2e%2e/app.py", id="above it"),
        pytest.param("%2fetc/passwd", id="elsewhere"),
        pytest.param("%00", id="no name"),
        pytest.param("%ff", id="no UTF-8"),
        pytest.param("a" * 5000, id="a long name"),
    ],
)
def test_nothing_but_the_page_is_a_file(path, client):
    check_problem(client.get(f"/static/{path}"), 404, "not-found")
