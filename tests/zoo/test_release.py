"""A pretrained model is trained again from its data: bundle, card and figures in one command."""

import json
import re

import pytest

from koprep.zoo import CheckpointConfig, load
from koprep.zoo.pretrained_models import PRETRAINED
from koprep.zoo.release import RECIPES, reproduce
from koprep.zoo.reproduction import Work

TALK = (
    ("오늘 뭐 먹을까", "따뜻한 국수 어때요"),
    ("오늘 비가 온대", "우산을 챙기세요"),
    ("커피 마시고 싶다", "저랑 같이 마셔요"),
    ("주말에 뭐 하지", "산책하기 좋은 날이에요"),
    ("잠이 안 온다", "따뜻한 우유를 드세요"),
    ("일이 너무 많아", "잠시 쉬어 가세요"),
)


def test_every_pretrained_model_has_its_recipe():
    assert set(RECIPES) >= set(PRETRAINED)
    assert all(recipe.model.name == name for name, recipe in RECIPES.items())


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reproduced")
    (folder / "data" / "chatbot").mkdir(parents=True)
    rows = [f"{question}{i},{answer},0" for i in range(8) for question, answer in TALK]
    table = "\n".join(["Q,A,label", *rows])
    (folder / "data" / "chatbot" / "ChatbotData.csv").write_text(table, encoding="utf-8")
    checkpoints = CheckpointConfig(folder=folder / "checkpoint", keep=True)
    work = Work(data_dir=folder / "data", checkpoints=checkpoints)
    figures = reproduce("chat-generator", work, folder / "out")
    return folder, figures


def test_the_bundle_answers_and_holds_no_keras_model(written):
    folder, _ = written
    model = load(folder / "out", kind="generator")
    assert model.generate("오늘", max_tokens=3).startswith("오늘")
    assert not (folder / "out" / "model.keras").exists()


def test_card_and_metrics_state_the_figures_with_their_intervals(written):
    folder, (figure,) = written
    low, high = figure.interval
    assert low < figure.value < high
    metrics = json.loads((folder / "out" / "metrics.json").read_text())
    assert metrics["chatbot_perplexity"] == figure.value
    assert (metrics["chatbot_perplexity_low"], metrics["chatbot_perplexity_high"]) == (low, high)
    card = (folder / "out" / "card.md").read_text(encoding="utf-8")
    assert f"{figure.value:.2f} [{low:.2f}, {high:.2f}]" in card
    for part in ("songys/Chatbot_data, MIT", "koprep zoo reproduce chat-generator", "seed: 0"):
        assert part in card


def test_the_card_says_what_fewer_bits_cost(written):
    folder, (figure,) = written
    card = (folder / "out" / "card.md").read_text(encoding="utf-8")
    (stated,) = [line for line in card.splitlines() if "stored as int8" in line]
    before, after = re.findall(r"[0-9]+\.[0-9]{2}", stated)[-2:]
    assert before == f"{figure.value:.2f}"
    assert float(after) == pytest.approx(figure.value, rel=0.02)


def test_what_was_trained_is_on_disk_until_it_is_saved(written):
    folder, _ = written
    assert (folder / "checkpoint" / "checkpoint.npz").exists()


def test_missing_data_show_before_the_work(tmp_path):
    with pytest.raises(FileNotFoundError, match="chatbot"):
        reproduce("chat-generator", Work(data_dir=tmp_path), tmp_path / "out")
    with pytest.raises(ValueError, match="did you mean 'chat-generator'"):
        reproduce("chat-generater", Work(data_dir=tmp_path), tmp_path / "out")
