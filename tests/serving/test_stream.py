"""Text that is written on: what is sent when something is wrong."""

import asyncio
import threading

import pytest

from koprep import Preprocessor
from koprep.zoo import TextGenerator, TrainingConfig
from koprep.zoo.generator import Generated
from koprep.zoo.serving.admission import Admission
from koprep.zoo.serving.batching import Batcher
from koprep.zoo.serving.config import Limits
from koprep.zoo.serving.problems import Problem
from koprep.zoo.serving.stream import GenerationStream


def sent(begin, *, admission=None, prompt="가"):
    """Write a text to a client that stays; return the events, and what went wrong."""
    messages = []

    async def receive():
        await asyncio.Event().wait()

    async def send(message):
        messages.append(message)

    async def write():
        batcher = Batcher()
        stream = GenerationStream(
            begin,
            prompt,
            weight=3,
            batcher=batcher,
            admission=admission or Admission(Limits()),
        )
        try:
            await stream({"type": "http"}, receive, send)
        except (Problem, RuntimeError) as error:
            return error
        finally:
            batcher.close()
        return None

    error = asyncio.run(write())
    return messages, error


@pytest.fixture(scope="module")
def words():
    """A generator that knows no beginning of a sentence, as in the course."""
    return TextGenerator(
        "simple_rnn",
        task="next_token",
        preprocessor=Preprocessor(tokenizer="whitespace", oov_token=None),
        sentence_boundaries=False,
        model_options={"embedding_size": 4, "units": 4},
        training=TrainingConfig(epochs=1, validation_split=0),
    ).fit(["가는 말이 고와야", "오는 말이 곱다"])


def test_a_prompt_that_nothing_follows_is_a_problem_and_no_stream(words):
    messages, error = sent(lambda: words.stream(""), prompt="")
    assert messages == []
    assert isinstance(error, Problem)
    assert (error.status_code, error.kind, error.where) == (422, "unknown-prompt", "/prompt")


def test_a_prompt_is_read_in_the_thread_of_the_models_and_in_its_turn():
    where = []

    def begin():
        where.append(threading.current_thread().name)
        return iter([])

    messages, error = sent(begin)
    assert error is None
    assert [name.rstrip("_0") for name in where] == ["koprep-batch"]
    assert messages[1]["body"] == 'event: done\ndata: {"text":"가"}\n\n'.encode()
    full = Admission(Limits(queue=1))
    with full(1):
        messages, error = sent(begin, admission=full)
    assert (error.status_code, len(where), messages) == (503, 1, [])


def test_a_fault_after_the_first_token_ends_the_stream_with_a_problem():
    def begin():
        yield Generated("나", 0.5, "가나")
        raise RuntimeError("비밀")

    admission = Admission(Limits())
    messages, error = sent(begin, admission=admission)
    start, *events, end = messages
    assert start["status"] == 200
    names = [event["body"].split(b"\n")[0] for event in events]
    assert names == [b"event: token", b"event: error"]
    assert b"urn:koprep:problem:internal-error" in events[1]["body"]
    assert "비밀" not in events[1]["body"].decode()
    assert not end["more_body"]
    assert isinstance(error, RuntimeError)  # the guard notes where it came from
    assert admission.count == 0
