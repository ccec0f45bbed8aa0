"""Clocks that go back, locales of other countries, a thousand threads, forks beside threads."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import numpy as np
import pytest

from koprep.filelock import file_lock
from koprep.zoo.checkpoint import CheckpointConfig, CheckpointFile, TrainingState
from koprep.zoo.loading import open_classifier


@pytest.fixture
def clock_goes_back(monkeypatch):
    seconds = count(2e9, -1000.0)
    monkeypatch.setattr(time, "time", lambda: next(seconds))


@pytest.mark.usefixtures("clock_goes_back")
def test_a_lock_waits_and_is_had_while_the_clock_goes_back(tmp_path):
    order = []

    def hold(number):
        with file_lock(tmp_path / "lock"):
            order.append(number)
            time.sleep(0.06)
            order.append(number)

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(hold, range(3)))
    assert order[::2] == order[1::2]
    assert sorted(order[::2]) == [0, 1, 2]


@pytest.mark.parametrize("jump", [-1e9, 1e9])
def test_checkpoints_are_due_by_the_time_that_passes(tmp_path, monkeypatch, jump):
    file = CheckpointFile(CheckpointConfig(folder=tmp_path, every_seconds=3600), {})
    clock, passed = time.time, time.monotonic
    monkeypatch.setattr(time, "time", lambda: clock() + jump)
    assert not file.due()
    monkeypatch.setattr(time, "monotonic", lambda: passed() + 3601)
    assert file.due()
    file.save(TrainingState(), [np.zeros(2)])
    assert not file.due()


def test_a_thousand_threads_get_the_answers_of_one():
    model = open_classifier("review-sentiment")
    texts = ["배송이 빨라서 좋아요", "다시는 안 사요", "", "그냥 그래요"] * 250
    alone = model.predict_proba(texts[:4])
    with ThreadPoolExecutor(1_000) as threads:
        found = list(threads.map(lambda text: model.predict_proba([text])[0], texts))
    assert np.allclose(found, np.tile(alone, (250, 1)), atol=1e-6)


FORKED = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
from koprep.zoo.loading import open_classifier
model = open_classifier("review-sentiment")
with ThreadPoolExecutor(8) as threads:
    before = list(threads.map(lambda _: model.predict_proba(["정말 좋아요"])[0, 1], range(64)))
    child = os.fork()  # while the threads are there
    if child == 0:
        differs = abs(model.predict_proba(["정말 좋아요"])[0, 1] - before[0]) > 1e-6
        os._exit(int(differs))
    _, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked there")
def test_a_process_forked_beside_threads_answers():
    subprocess.run([sys.executable, "-c", FORKED], check=True, timeout=300)


ANSWERS = """
import json, sys
from koprep import Cleaner
from koprep.zoo.loading import open_classifier
model = open_classifier("review-sentiment")
texts = ["I LIKE IT ISTANBUL İı", "가격이 12,900.5원이에요", "좋아요ㅋㅋ", "ａｂｃ TITLE"]
cleaned = list(map(Cleaner().clean, texts))
print(json.dumps([cleaned, model.predict_proba(texts).round(5).tolist()]))
"""


def run_in(locale, *command):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    plain = {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    return subprocess.run(
        [sys.executable, *command],
        env={**kept, **plain, "LC_ALL": locale, "LANG": locale},
        capture_output=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    path = tmp_path_factory.mktemp("scripts") / "answers.py"
    path.write_text(ANSWERS, "utf-8")
    return path


@pytest.fixture(scope="module")
def answers_of_c_utf8(script):
    done = run_in("C.UTF-8", script)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("locale", ["C", "tr_TR.UTF-8"])
def test_no_locale_changes_an_answer(locale, script, answers_of_c_utf8):
    done = run_in(locale, script)
    assert done.returncode == 0, done.stderr
    assert done.stdout == answers_of_c_utf8


@pytest.mark.parametrize("locale", ["C", "tr_TR.UTF-8"])
def test_korean_file_names_and_texts_pass_in_any_locale(tmp_path, locale):
    (tmp_path / "리뷰.txt").write_text("정말ㅋㅋㅋㅋ I\n", "utf-8")
    arguments = ("-m", "koprep", "clean", tmp_path / "리뷰.txt", "--out", tmp_path / "결과.txt")
    done = run_in(locale, *arguments)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "결과.txt").read_text("utf-8") == "정말ㅋㅋ I\n"
    missing = run_in(locale, "-m", "koprep", "clean", tmp_path / "없음.txt")
    assert missing.returncode == 2
    assert b"no file" in missing.stderr
    assert b"Traceback" not in missing.stderr
