"""`koprep serve` as a process: how it starts, and how it stops."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import httpx
import pytest

from koprep import Preprocessor
from koprep.cli.serve import serve as serve_command
from koprep.zoo.serving import server
from koprep.zoo.serving.config import ServerConfig
from koprep.zoo.serving.models import sources

COMMAND = [sys.executable, "-m", "koprep", "serve"]


@contextmanager
def started(*arguments, **environment):
    """Start a server on a free port; yield its process and address."""
    with subprocess.Popen(
        [*COMMAND, "--port", "0", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        encoding="utf-8",
    ) as process:
        lines = []
        reading = threading.Thread(target=lambda: lines.extend(process.stderr))
        reading.start()  # a full pipe would stop the server
        try:
            address = re.search(r"http://\S+", process.stdout.readline())[0]
            # a connection that is kept might be hung up on just when the next request is sent
            limits = httpx.Limits(max_keepalive_connections=0)
            transport = httpx.HTTPTransport(retries=20, limits=limits)
            with httpx.Client(transport=transport, base_url=address, timeout=120) as client:
                while client.get("/readyz").status_code != 200:
                    time.sleep(0.2)
                process.client, process.lines = client, lines
                yield process
        finally:
            process.kill()
            reading.join()


def stopped(*arguments, **environment):
    """Run a server that ends at once; return its exit code and what it said."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        env={**os.environ, "COLUMNS": "200", **environment},
        encoding="utf-8",
        timeout=500,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_stop_waits_for_what_is_under_way(traced_folders):
    with started("--model", traced_folders[2]) as served:
        body = {"prompt": "", "max_tokens": 200, "temperature": 1, "seed": 3}
        expected = served.client.post("/v1/generate", json=body).text
        with served.client.stream("POST", "/v1/generate", json=body) as response:
            pieces = response.iter_text()
            text = next(pieces)
            served.send_signal(signal.SIGTERM)
            text += "".join(pieces)
        assert text == expected
        assert served.wait(60) in (0, -signal.SIGTERM)
        with pytest.raises(httpx.ConnectError):
            httpx.get(served.client.base_url)
    lines = [json.loads(line) for line in served.lines]
    assert [line["texts"] for line in lines if line.get("path") == "/v1/generate"] == [1, 1]
    assert "tiny-gru" in next(line["models"] for line in lines if line["event"] == "ready")


def test_several_workers_answer_as_one_and_count_together():
    with started("--workers", "2", KOPREP_API_KEY="geheim") as served:
        served.client.headers["X-API-Key"] = "geheim"
        for _ in range(12):
            body = {"text": "정말 좋아요"}
            with httpx.Client(base_url=served.client.base_url, timeout=120) as client:
                assert client.post("/v1/predict", json=body).status_code == 401
                found = client.post("/v1/predict", json=body, headers={"X-API-Key": "geheim"})
                while found.status_code == 503:  # the other worker may still open its models
                    time.sleep(0.2)
                    found = client.post("/v1/predict", json=body, headers={"X-API-Key": "geheim"})
            assert found.json()["predictions"][0]["label"] == "긍정"
        counted = 'koprep_requests_total{path="/v1/predict",status="200"} 12.0'
        while counted not in served.client.get("/metrics").text:  # one may still note its last
            time.sleep(0.2)
        served.send_signal(signal.SIGTERM)
        assert served.wait(60) in (0, -signal.SIGTERM)


def test_a_port_that_is_taken_is_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = stopped("--port", taken.getsockname()[1])
    assert code == 2
    assert re.fullmatch(r"error: cannot listen on 127\.0\.0\.1 port \d+: .*--port.*\n", said)


def test_a_wrong_folder_is_refused_before_the_server_starts(tmp_path, traced_folders):
    Preprocessor(tokenizer="whitespace").fit(["가 나"]).save(tmp_path / "only-words")
    for folders, error, message in (
        ([tmp_path / "nowhere"], FileNotFoundError, "the folder does not exist"),
        ([tmp_path], ValueError, "it has no manifest.json"),
        ([tmp_path / "only-words"], ValueError, "holds a preprocessor and no model"),
        ([traced_folders[0]] * 2, ValueError, "another model's name"),
    ):
        with pytest.raises(error, match=message):
            serve_command(model=folders)


def test_a_folder_goes_by_its_own_name_and_answers_for_its_kind(tmp_path, traced_folders):
    (tmp_path / "link").symlink_to(traced_folders[0])
    found = sources([tmp_path / "link", traced_folders[1]])
    assert [one.name for one in found[-2:]] == ["tiny-simple_rnn", "tiny-lstm"]
    defaults = [one.name for one in found if one.default]
    assert defaults == ["chat-generator", "entity-tagger", "tiny-simple_rnn"]


@pytest.mark.parametrize(
    ("settings", "warned"),
    [
        ({"host": "0.0.0.0"}, True),
        ({"host": "example.org"}, True),
        ({"host": "0.0.0.0", "api_key": "geheim"}, False),
        ({"host": "::1"}, False),
        ({"host": "localhost"}, False),
    ],
)
def test_listening_to_everybody_without_a_key_is_warned_of(settings, warned, capsys, tmp_path):
    with pytest.raises(FileNotFoundError):
        serve_command(model=[tmp_path / "nowhere"], **settings)
    told = capsys.readouterr().err
    assert ("can be reached by other machines" in " ".join(told.split())) == warned


@pytest.mark.parametrize("package", ["fastapi", "onnx", "prometheus_client", "uvicorn"])
def test_a_missing_extra_says_how_to_install_it(package, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        ModuleNotFoundError, match=rf"needs {package}: pip install 'koprep\[serve\]'"
    ):
        serve_command(port=0)


@pytest.mark.parametrize(("given", "status"), [("", 503), ("geheim", 401)])
def test_a_worker_holds_the_key_of_the_command_line(given, status, monkeypatch):
    monkeypatch.setenv(server.CONFIG, ServerConfig().to_json())
    monkeypatch.setenv(server.API_KEY, given)
    transport = httpx.ASGITransport(server.app_of_worker())

    async def ask():
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/v1/models")

    assert asyncio.run(ask()).status_code == status


@pytest.mark.parametrize("before", [None, "of before"])
def test_what_the_workers_inherit_does_not_stay(before, monkeypatch):
    monkeypatch.delenv(server.API_KEY, raising=False)
    if before is not None:
        monkeypatch.setenv(server.API_KEY, before)
    seen = []
    monkeypatch.setattr(
        server.uvicorn, "run", lambda *_, **__: seen.append(dict(server.os.environ))
    )
    server.serve(ServerConfig(), host="127.0.0.1", port=0, workers=2, started=lambda _: None)
    assert seen[0][server.API_KEY] == "", "no key is none, whatever stood there"
    assert server.CONFIG in seen[0]
    assert server.os.environ.get(server.API_KEY) == before
    assert server.CONFIG not in server.os.environ
    assert server.MULTIPROCESS_FOLDER not in server.os.environ
