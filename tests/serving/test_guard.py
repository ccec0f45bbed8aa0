"""What every request passes: key, body limit, headers, records."""

import asyncio
import json
import logging
import os
import shutil
import subprocess
import sys

import httpx
import pytest

from koprep.zoo.serving.app import create_app
from koprep.zoo.serving.config import Limits, ServerConfig
from koprep.zoo.serving.guard import JsonLines

JSON = {"Content-Type": "application/json"}


def ask(served, *requests):
    """Ask an application whose models were never opened; return the answers."""
    app = create_app(served) if isinstance(served, ServerConfig) else served

    async def asked():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return [
                await client.request(method, path, **settings)
                for method, path, settings in requests
            ]

    return asyncio.run(asked())


def test_models_that_are_not_open_are_waited_for():
    alive, ready, models, predict = ask(
        ServerConfig(),
        ("GET", "/healthz", {}),
        ("GET", "/readyz", {}),
        ("GET", "/v1/models", {}),
        ("POST", "/v1/predict", {"json": {"text": "글"}}),
    )
    assert alive.status_code == 200
    for found in (ready, models, predict):
        assert found.status_code == 503
        assert found.headers["retry-after"] == "1"
        assert found.json()["type"] == "urn:koprep:problem:not-ready"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/v1/models", "/v1/predict", "/metrics", "/nowhere", "/healthz"])
def test_every_answer_is_safe_to_show(method, path):
    (found,) = ask(ServerConfig(), (method, path, {}))
    policy = dict(
        part.split(" ", 1) for part in found.headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert found.headers["x-content-type-options"] == "nosniff"
    assert found.headers["referrer-policy"] == "no-referrer"
    assert "server" not in found.headers
    assert not [name for name in found.headers if name.startswith("access-control")]


def test_another_site_is_not_let_in():
    preflight = {"Origin": "http://evil", "Access-Control-Request-Method": "POST"}
    (found,) = ask(ServerConfig(), ("OPTIONS", "/v1/predict", {"headers": preflight}))
    assert found.status_code == 405
    assert "access-control-allow-origin" not in found.headers


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        pytest.param(None, 401, id="no key"),
        pytest.param("", 401, id="an empty one"),
        pytest.param("geheim ", 401, id="a longer one"),
        pytest.param("gehei", 401, id="a shorter one"),
        pytest.param("gehëim".encode("latin-1"), 401, id="no ASCII"),
        pytest.param("geheim", 503, id="the key: further on, to models that are not open"),
    ],
)
def test_only_who_shows_the_key_gets_in(shown, status):
    headers = {} if shown is None else {"X-API-Key": shown}
    config = ServerConfig(api_key="geheim")
    paths = ("/v1/models", "/metrics", "/healthz", "/openapi.json")
    models, metrics, health, described = ask(
        config, *(("GET", path, {"headers": headers}) for path in paths)
    )
    assert models.status_code == status
    assert metrics.status_code == (401 if status == 401 else 200)
    assert (health.status_code, described.status_code) == (200, 200)
    assert described.json()["paths"]["/v1/predict"]["post"]["security"] == [{"key": []}]
    if status == 401:
        assert models.json()["type"] == "urn:koprep:problem:unauthorized"
        assert "geheim" not in models.text


@pytest.mark.parametrize("key", ["열쇠", "", "  ", "key ", "key\n", "a\x00b"])
def test_a_key_that_no_header_can_hold_is_refused(key):
    with pytest.raises(ValueError, match="API key"):
        ServerConfig(api_key=key)


def test_a_model_that_does_not_open_is_told_to_who_watches(tmp_path, traced_folders, caplog):
    folder = shutil.copytree(traced_folders[0], tmp_path / "mine")
    app = create_app(ServerConfig(folders=(folder,)))
    (folder / "model.onnx").write_bytes(b"changed")

    async def watched():
        transport = httpx.ASGITransport(app)
        client = httpx.AsyncClient(transport=transport, base_url="http://test")
        async with app.app.router.lifespan_context(app.app), client:
            while (alive := await client.get("/healthz")).status_code == 200:
                await asyncio.sleep(0.05)
            asked = await client.post("/v1/predict", json={"text": "좋아요"})
            return alive, await client.get("/readyz"), asked

    alive, ready, asked = asyncio.run(watched())
    assert (alive.status_code, ready.status_code, asked.status_code) == (500, 500, 500)
    assert "Retry-After" not in asked.headers
    (told,) = [record for record in caplog.records if record.msg == "cannot open the models"]
    assert "model.onnx" in json.loads(JsonLines().format(told))["error"]


def test_a_body_is_not_read_beyond_the_limit():
    sent = 0

    async def endless():
        nonlocal sent
        while True:
            sent += 1000
            yield b" " * 1000

    config = ServerConfig(limits=Limits(body_bytes=5000))
    announced = ("POST", "/v1/predict", {"content": b" " * 5001, "headers": JSON})
    streamed = ("POST", "/v1/predict", {"content": endless(), "headers": JSON})
    for found in ask(config, announced, streamed):
        assert found.status_code == 413
        assert found.json()["type"] == "urn:koprep:problem:body-too-large"
        assert "5000" in found.json()["detail"]
    assert sent <= 7000


def test_a_full_queue_refuses_before_it_reads():
    app = create_app(ServerConfig(limits=Limits(queue=4, texts=4)))

    async def asked():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            with app.admission(4):  # as somebody else's request does
                full = await client.post("/v1/predict", content=unread())
                health = await client.get("/healthz")
            return full, health, await client.post("/v1/predict", content=b"{", headers=JSON)

    async def unread():
        raise AssertionError("the body was read")
        yield b""

    full, health, after = asyncio.run(asked())
    assert full.status_code == 503
    assert full.headers["retry-after"] == "1"
    assert full.json()["type"] == "urn:koprep:problem:overloaded"
    assert (health.status_code, after.status_code) == (200, 422)


def test_a_crash_tells_nothing_outside_and_no_text_inside(caplog):
    def broken():
        raise RuntimeError("비밀스러운 글")

    app = create_app(ServerConfig())
    app.app.add_api_route("/v1/broken", broken)
    with caplog.at_level(logging.INFO, "koprep.serving"):
        (found,) = ask(app, ("GET", "/v1/broken", {}))
    assert found.status_code == 500
    assert found.json()["type"] == "urn:koprep:problem:internal-error"
    assert "x-content-type-options" in found.headers
    lines = [JsonLines().format(record) for record in caplog.records]
    assert "비밀" not in "".join(lines) + found.text
    crash, request = map(json.loads, lines)
    assert (crash["event"], crash["error"]) == ("crash", "RuntimeError")
    assert any("broken" in place for place in crash["where"])
    assert request["status"] == 500


async def noted_until(caplog, path):
    """Wait for the line about a request to `path`, and return all lines about requests.

    A line is written once its answer is sent: that of an earlier test may be the first.
    """
    while True:
        found = [record for record in caplog.records if record.msg == "request"]
        if found and found[-1].fields["path"] == path:
            return found
        await asyncio.sleep(0.01)


def test_a_request_is_a_line_without_its_text(caplog, client):
    with caplog.at_level(logging.INFO, "koprep.serving"):
        client.post("/v1/predict?q=비밀", json={"texts": ["비밀스러운 글", "둘"]})
        client.get("/비밀")
        records = asyncio.run(noted_until(caplog, "other"))
    lines = list(map(JsonLines().format, records))
    assert "비밀" not in "".join(lines)
    predict, other = map(json.loads, lines[-2:])
    assert predict["level"] == "info"
    assert predict["ms"] > 0
    assert {name: predict[name] for name in ("method", "path", "status", "texts")} == {
        "method": "POST",
        "path": "/v1/predict",
        "status": 200,
        "texts": 2,
    }
    assert (other["path"], other["status"]) == ("other", 404)


def count(client, name):
    """Return a number of `/metrics`."""
    lines = client.get("/metrics").text.splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


def test_metrics_count_what_was_answered(client):
    answered = 'koprep_requests_total{path="/v1/predict",status="200"}'
    texts = 'koprep_texts_total{path="/v1/predict"}'
    before = count(client, answered), count(client, texts), count(client, "koprep_batch_texts_sum")
    client.post("/v1/predict", json={"texts": ["하나", "둘", "셋"]})
    after = count(client, answered), count(client, texts), count(client, "koprep_batch_texts_sum")
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 3, 3]
    assert count(client, "koprep_queued_texts") == 0


def test_who_leaves_in_the_middle_leaves_nothing_behind(client):
    body = {"prompt": "", "max_tokens": 200, "temperature": 1}
    for seed in range(5):
        with client.stream("POST", "/v1/generate", json={**body, "seed": seed}) as response:
            next(response.iter_raw())
    for _ in range(1000):
        if count(client, "koprep_queued_texts") == 0:
            return
    raise AssertionError("work was left in the queue")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are told from numbers there")
def test_what_a_killed_worker_had_in_hand_is_not_counted_for_ever(tmp_path):
    script = (
        "import os\n"
        "from koprep.zoo.serving.metrics import Metrics\n"
        "metrics = Metrics()\n"
        "metrics.queued_texts.set(5)\n"
        "if (worker := os.fork()) == 0:\n"
        "    metrics.queued_texts.set(7)\n"
        "    metrics.request('/', 200, 0.1, 3)\n"
        "    os._exit(0)\n"
        "os.waitpid(worker, 0)\n"
        "print(metrics.text().decode())\n"
    )
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
    assert "koprep_queued_texts 5.0\n" in done.stdout
    assert 'koprep_texts_total{path="/"} 3.0\n' in done.stdout
