"""A server with three tiny networks, and what they know."""

import threading
from contextlib import contextmanager

import httpx
import pytest

pytest.importorskip("fastapi", reason="pip install 'koprep[serve]'")

import uvicorn

from koprep import Preprocessor
from koprep.zoo import TextClassifier, TrainingConfig
from koprep.zoo.serving.app import create_app
from koprep.zoo.serving.config import ServerConfig
from koprep.zoo.serving.server import SETTINGS, _listen

TEXTS = ["정말 좋아요", "정말 별로", "아주 좋아요", "아주 별로"] * 8
LABELS = [1, 0, 1, 0] * 8


@pytest.fixture(scope="session")
def traced_folders(tmp_path_factory):
    """A folder of each cell that can be followed, stored as what is shipped is."""
    folders = []
    for model in ("simple_rnn", "lstm", "gru"):
        classifier = TextClassifier(
            model,
            preprocessor=Preprocessor(tokenizer="whitespace", maxlen=6),
            model_options={"embedding_size": 6, "units": 5},
            training=TrainingConfig(epochs=2, learning_rate=0.05, validation_split=0),
            label_names=("부정", "긍정"),
        ).fit(TEXTS, LABELS)
        folder = tmp_path_factory.mktemp("models") / f"tiny-{model}"
        folders.append(classifier.save(folder, embedding="int8"))
    return tuple(folders)


@contextmanager
def running(config, **settings):
    """Serve on a free port, in a thread; yield a client."""
    listening = _listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    app = create_app(config)
    server = uvicorn.Server(uvicorn.Config(app, **{**SETTINGS, "log_config": None, **settings}))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        transport = httpx.HTTPTransport(retries=20)
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(transport=transport, base_url=url, timeout=120) as client:
            client.app = app
            while client.get("/readyz").status_code != 200:
                pass
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def client(traced_folders):
    """Asks a server of everything that comes with koprep, and of the three tiny networks."""
    with running(ServerConfig(folders=traced_folders)) as client:
        yield client
