"""A server with three tiny networks, and what they know."""

import threading
import time
from contextlib import contextmanager

import httpx
import numpy as np
import pytest
import uvicorn

from koprep import Preprocessor
from koprep.bundle import write_bundle
from koprep.datasets import TaskSpec
from koprep.zoo import TrainingConfig, create_model
from koprep.zoo.onnx_export import export_onnx
from koprep.zoo.onnx_format import ONNX_FILE
from koprep.zoo.saved_settings import CLASSIFIER_FILE, ClassifierSettings
from koprep.zoo.saving import HISTORY_FILE, json_bytes
from koprep.zoo.serving.app import create_app
from koprep.zoo.serving.config import ServerConfig
from koprep.zoo.serving.server import SETTINGS, _listen

TEXTS = ["정말 좋아요", "정말 별로", "아주 좋아요", "아주 별로"]
LABEL_NAMES = ("부정", "긍정")


@pytest.fixture(scope="session")
def traced_folders(tmp_path_factory):
    """A folder of each cell that can be followed, its weights drawn, stored as what is shipped."""
    preprocessor = Preprocessor(tokenizer="whitespace", maxlen=6).fit(TEXTS)
    size = len(preprocessor.vocabulary_)
    spec = TaskSpec(
        task="classification",
        vocabulary_size=size,
        maxlen=6,
        num_labels=2,
        label_names=LABEL_NAMES,
    )
    rng = np.random.default_rng(0)
    folders = []
    for name in ("simple_rnn", "lstm", "gru"):
        model = create_model(name, spec, embedding_size=6, units=5)
        model.set_weights([rng.normal(0, 0.7, part.shape) for part in model.get_weights()])
        settings = ClassifierSettings(
            model=name,
            model_options={},
            training=TrainingConfig().to_dict(),
            maxlen=6,
            classes=[0, 1],
            vocabulary_size=size,
        )
        files = {
            **preprocessor.bundle_files(),
            HISTORY_FILE: json_bytes([{"loss": 1.0}]),
            CLASSIFIER_FILE: settings.model_dump_json().encode(),
            ONNX_FILE: export_onnx(model, spec, embedding="int8"),
        }
        folder = tmp_path_factory.mktemp("models") / f"tiny-{name}"
        folders.append(
            write_bundle(
                folder, files, kind="classifier", task="classification", label_names=LABEL_NAMES
            )
        )
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
        # a connection that is kept might be hung up on just when the next request is sent
        limits = httpx.Limits(max_keepalive_connections=0)
        transport = httpx.HTTPTransport(retries=20, limits=limits)
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(transport=transport, base_url=url, timeout=120) as client:
            client.app = app
            while client.get("/readyz").status_code != 200:
                time.sleep(0.2)
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def client(traced_folders):
    """Asks a server of everything that comes with koprep, and of the three tiny networks."""
    with running(ServerConfig(folders=traced_folders)) as client:
        yield client
