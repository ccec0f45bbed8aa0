"""Texts answered together are answered as alone."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koprep.zoo.loading import open_classifier
from koprep.zoo.serving.admission import Admission
from koprep.zoo.serving.batching import BATCH, Batcher
from koprep.zoo.serving.config import Limits, ServerConfig
from koprep.zoo.serving.problems import Problem


def together(*asked, function=lambda texts: [text.upper() for text in texts]):
    """Ask all at once; return what each is given, and the sizes of the batches."""
    sizes = []
    batcher = Batcher(sizes.append)

    async def ask():
        calls = (batcher.answer(function, texts) for texts in asked)
        return await asyncio.gather(*calls, return_exceptions=True)

    found = asyncio.run(ask())
    batcher.close()
    return found, sizes


@given(st.lists(st.lists(st.text(max_size=3), min_size=1, max_size=400), min_size=1, max_size=6))
@settings(max_examples=30)
def test_everybody_gets_the_own_answers_in_order(asked):
    found, sizes = together(*asked)
    assert found == [[text.upper() for text in texts] for texts in asked]
    assert max(sizes) <= BATCH
    assert sum(sizes) == sum(map(len, asked))


def test_what_arrives_together_is_computed_together():
    assert together(*(["a"] for _ in range(16)))[1] == [16]


def test_a_single_text_passes_a_thousand():
    order = []

    def noted(texts):
        order.extend(texts)
        return texts

    together(["많음"] * 1024, ["많음"] * 1024, ["하나"], function=noted)
    assert order.index("하나") < BATCH


def test_a_batch_holds_few_long_texts():
    heavy = ["길" * 10_000] * 5
    found, sizes = together([*heavy, "짧음"], ["하나"], ["하나"])
    assert found == [[*heavy, "짧음"], ["하나"], ["하나"]]
    assert sizes == [3, 5]  # a long text weighs 51: one with the single ones, five at once alone


def test_a_thousand_texts_come_to_their_end_beside_any_number_of_single_ones():
    order = []

    def noted(texts):
        order.append(texts)
        return texts

    together(["많음"] * 1024, *(["하나"] for _ in range(3000)), function=noted)
    assert all("많음" in texts for texts in order[:10])


def test_one_callers_fault_is_nobody_elses():
    def picky(texts):
        if "나쁨" in texts:
            raise KeyError("나쁨")
        return texts

    found, _ = together(["가"], ["나쁨"], ["다"], function=picky)
    assert (found[0], found[2]) == (["가"], ["다"])
    assert isinstance(found[1], KeyError)


def test_who_left_is_not_computed():
    computed, entered, go_on = [], threading.Event(), threading.Event()

    def slow(texts):
        computed.extend(texts)
        entered.set()
        assert go_on.wait(60)
        return texts

    async def leave():
        batcher = Batcher()
        first = asyncio.ensure_future(batcher.answer(slow, ["처음"]))
        await asyncio.to_thread(entered.wait)
        second = asyncio.ensure_future(batcher.answer(slow, ["떠남"]))
        third = asyncio.ensure_future(batcher.answer(slow, ["남음"]))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(first, third)
        batcher.close()

    asyncio.run(leave())
    assert computed == ["처음", "남음"]


def test_a_prediction_does_not_depend_on_who_asks_beside(client):
    texts = ["정말 좋아요", "별로", "", "지루해서 혼났다", "배송이 늦어요"] * 12
    alone = open_classifier("review-sentiment")
    expected = [alone.predict_proba([text])[0].tolist() for text in texts[:5]] * 12

    def ask(text):
        body = {"text": text, "model": "review-sentiment"}
        return client.post("/v1/predict", json=body).json()["predictions"][0]["probabilities"]

    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(ask, texts))
    for told, row in zip(found, expected, strict=True):
        assert told == pytest.approx(row, abs=1e-5)


def test_what_is_over_the_queue_is_refused_and_what_is_done_makes_room():
    counts = []
    admission = Admission(Limits(queue=10, texts=10), counts.append)
    with admission(10), pytest.raises(Problem) as refused, admission(1):
        pass
    assert refused.value.status_code == 503
    assert refused.value.headers["Retry-After"] == "1"
    with suppress(KeyError), admission(10):
        assert admission.full
        raise KeyError
    assert not admission.full
    with admission(9), admission(50):  # light requests do not keep a heavy one out
        assert admission.full
    assert counts[-1] == 0


def test_a_long_text_weighs_more():
    admission = Admission(Limits())
    assert admission.check_texts(["", "가" * 199], "/texts") == 2
    assert admission.check_texts(["가" * 1000], "/texts") == 6


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"queue": 0}, "queue must be at least 1, got 0"),
        ({"characters": -1}, "characters must be at least 1, got -1"),
    ],
)
def test_limits_that_let_nothing_in_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Limits(**settings)


def test_another_process_is_told_the_same():
    config = ServerConfig(limits=Limits(texts=7), api_key="geheim")
    assert ServerConfig.from_json(config.to_json(), "geheim") == config
    assert "geheim" not in repr(config) + config.to_json()


def test_a_heavy_request_is_taken_on_beside_light_ones_and_none_once_the_queue_is_full():
    admission = Admission(Limits(queue=10))
    with admission(1), admission(50):
        assert admission.full
        with pytest.raises(Problem), admission(1):
            pass
    assert admission.count == 0
