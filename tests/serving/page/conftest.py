"""A server with models to look into, and its page in a browser that must stay clean."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest

from koprep.bundle import read_bundle, write_bundle
from koprep.zoo.onnx_format import EMBEDDING, LARGEST_DIFFERENCE, MASKS_PADDING, ONNX_FILE
from koprep.zoo.onnx_graph import CELL_OPERATORS, GraphWriter
from koprep.zoo.pretrained_models import PRETRAINED

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TIMEOUT = 60_000  # ms; a loaded machine is slow
DESKTOP = {"width": 1280, "height": 900}
CELLS = {"small-simple-rnn": "SimpleRNN", "small-lstm": "LSTM", "small-gru": "GRU"}
CELL_SETTINGS = {
    "activation": "tanh",
    "recurrent_activation": "sigmoid",
    "use_bias": True,
    "go_backwards": False,
    "stateful": False,
    "return_state": False,
    "reset_after": True,
}
REFUSED = "Failed to load resource"
"""How the browser's console begins to tell of an answer that is an error."""


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[str]:
    """The address of `koprep serve` with a small SimpleRNN, LSTM and GRU."""
    folder = tmp_path_factory.mktemp("small")
    command = [sys.executable, "-m", "koprep", "serve", "--port", "0"]
    for name, kind in CELLS.items():
        save_small_model(folder / name, kind)
        command += ["--model", str(folder / name)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline().decode()
            assert line.startswith("koprep: http://127.0.0.1:"), line
            yield line.split()[1]
        finally:
            process.terminate()
            process.wait(30)


def save_small_model(folder: Path, kind: str) -> None:
    """Save a classifier with one recurrent layer, whose numbers are drawn: nothing is trained."""
    bundle = read_bundle(PRETRAINED["review-sentiment"].folder)
    settings = bundle.read_json("classifier.json")
    writer = GraphWriter("float32", masks_padding=True, keeps_state=False)
    blocks = len(CELL_OPERATORS[kind].order)
    rng = np.random.default_rng(blocks)
    drawn = [
        ("Embedding", [(settings["vocabulary_size"], 8)], {}),
        (kind, [(8, 6 * blocks), (6, 6 * blocks), (6 * blocks,)], CELL_SETTINGS),
        ("Dense", [(6, 1), (1,)], {"activation": "sigmoid"}),
    ]
    for name, shapes, config in drawn:
        writer.write(layer(name, [rng.normal(size=shape).astype("f4") for shape in shapes], config))
    network = writer.model({MASKS_PADDING: "true", EMBEDDING: "float32", LARGEST_DIFFERENCE: "0"})
    copied = (name for name in bundle.manifest.files if name != ONNX_FILE)
    write_bundle(
        folder,
        {
            **{name: bundle.read_bytes(name) for name in copied},
            ONNX_FILE: network.SerializeToString(),
        },
        kind="classifier",
        task="classification",
        label_names=bundle.manifest.label_names,
    )


def layer(kind: str, weights: list[Any], config: dict[str, Any]) -> Any:
    """What the ONNX writer asks a Keras layer for."""
    members = {
        "__module__": "koprep.tests",
        "name": kind.lower(),
        "units": len(weights[1]) if len(weights) > 1 else 0,
        "return_sequences": False,
        "get_weights": lambda self: weights,
        "get_config": lambda self: config,
    }
    return type(kind, (), members)()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, closed with the module: its event loop would be in the way of other tests."""
    if CHROMIUM is None:
        pytest.skip("no chromium on the path")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=TIMEOUT)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@dataclass
class Watch:
    """What must not happen on any page."""

    address: str
    faults: list[str] = field(default_factory=list)
    refusals_expected: bool = False

    def follow(self, context: Any, page: Any) -> None:
        context.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))

    def _request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "blob" and parts.netloc != urlsplit(self.address).netloc:
            self.faults.append(f"request to {request.url}")

    def _console(self, message: Any) -> None:
        if self.refusals_expected and message.text.startswith(REFUSED):
            return
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")


@pytest.fixture
def watch(server) -> Iterator[Watch]:
    """Fails the test for a script error, a warning, a dialog or a request to elsewhere.

    A breach of the content-security policy is told in the console, and so fails too.
    """
    watching = Watch(server)
    yield watching
    assert watching.faults == []


@pytest.fixture
def open_page(browser, server, watch) -> Iterator[Callable[..., Any]]:
    """Open the page in a fresh profile.

    `fields` are added to the hash, `before` sets up the page; options are those of a browser
    context.
    """
    contexts = []

    def opened(fields: str = "", *, wait: bool = True, before: Any = None, **options: Any) -> Any:
        context = browser.new_context(**{"viewport": DESKTOP, "locale": "ko-KR", **options})
        context.set_default_timeout(TIMEOUT)
        contexts.append(context)
        page = context.new_page()
        watch.follow(context, page)
        if before is not None:
            before(page)
        models = "" if "models=" in fields else f"models={','.join(CELLS)}&"
        page.goto(f"{server}#{models}{fields}")
        if wait:
            wait_until_read(page)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page) -> Any:
    """The page as it first opens, with its example read."""
    return open_page()


@pytest.fixture
def settled() -> Callable[[Any], None]:
    """Wait until a page shows the answer to what it last asked."""
    return wait_until_read


def wait_until_read(page: Any) -> None:
    page.wait_for_selector("#comparison[aria-busy=false]", state="attached")


@pytest.fixture
def read() -> Callable[[Any, str], None]:
    """Put a text into the review and read it with the button."""

    def reading(page: Any, text: str) -> None:
        page.fill("#review", text)
        page.click("#review-form button[type=submit]")
        wait_until_read(page)

    return reading
