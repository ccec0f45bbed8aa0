"""Pictures: every one is a PNG of the size promised, and its text is drawn."""

import warnings

import numpy as np
import pytest
from PIL import Image

from koprep.datasets import Entity
from koprep.fonts import korean_fonts
from koprep.zoo import evaluate_spans, plots
from koprep.zoo.inspection import Reading

HISTORY = [
    {"loss": 0.9, "accuracy": 0.5, "val_loss": 0.8, "val_accuracy": 0.6},
    {"loss": 0.5, "accuracy": 0.8, "val_loss": 0.9, "val_accuracy": 0.55},
]
READING = Reading(
    tokens=("배송", "좋", "아요"),
    hidden=np.array([[0.1, -0.5], [0.3, 0.2], [0.0, 0.9]], np.float32),
    gates={},
    probabilities=np.array([[0.5, 0.5], [0.3, 0.7], [0.1, 0.9]], np.float32),
)
SPANS = [[Entity("인물", 0, 2), Entity("장소", 3, 5)]]
PICTURES = {
    "history": (plots.history_curves, HISTORY),
    "one epoch, nothing held out": (plots.history_curves, [{"loss": 1.0, "accuracy": 0.5}]),
    "labels": (plots.label_bars, {"부정": 3, "긍정": 0}),
    "lengths": (plots.length_histogram, np.array([3, 5, 400]), 60),
    "no lengths": (plots.length_histogram, np.array([0, 0])),
    "confusion": (plots.confusion_matrix, [[3, 1], [0, 0]], ("부정", "긍정")),
    "many labels": (plots.confusion_matrix, np.eye(25, dtype=int), [f"라벨{i}" for i in range(25)]),
    "spans": (plots.span_bars, evaluate_spans(SPANS, [SPANS[0][:1]])),
    "no spans": (plots.span_bars, evaluate_spans([[]], [[]])),
    "states": (plots.hidden_state_map, READING, ("부정", "긍정")),
    "gradients": (plots.gradient_curves, {"SimpleRNN": np.array([0.0, 1e-9, 1.0])}),
}


@pytest.fixture(autouse=True)
def _fresh_fonts():
    plots._fonts.cache_clear()
    yield
    plots._fonts.cache_clear()


@pytest.fixture
def _without_fonts(monkeypatch):
    monkeypatch.setattr(plots, "korean_fonts", list)


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_is_a_png_of_phone_width_at_least(name, tmp_path):
    draw, *arguments = PICTURES[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", plots.FontWarning)
        path = draw(tmp_path / "pictures" / "it.png", *arguments)
    with Image.open(path) as image:
        assert image.format == "PNG"
        assert image.width >= 900
        assert len(image.convert("L").getcolors()) > 20


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("L"), float)


def test_hangul_is_drawn_where_a_font_holds_it(tmp_path):
    if not korean_fonts():
        pytest.skip("no Korean font on this machine: apt-get install fonts-nanum")
    one = pixels(plots.label_bars(tmp_path / "1.png", {"가": 1, "나": 1}))
    other = pixels(plots.label_bars(tmp_path / "2.png", {"힣": 1, "나": 1}))
    assert one.shape != other.shape or (one != other).any()  # boxes would look the same


@pytest.mark.usefixtures("_without_fonts")
def test_without_a_font_one_warning_tells_the_mend(tmp_path):
    with pytest.warns(plots.FontWarning, match="apt-get install fonts-nanum"):
        plots.label_bars(tmp_path / "it.png", {"부정": 3})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plots.label_bars(tmp_path / "it.png", {"긍정": 3})


def test_the_validation_curves_show(tmp_path):
    before = pixels(plots.history_curves(tmp_path / "1.png", HISTORY))
    for name in ("val_loss", "val_accuracy"):
        changed = [HISTORY[0], {**HISTORY[1], name: HISTORY[1][name] + 0.01}]
        after = pixels(plots.history_curves(tmp_path / "2.png", changed))
        assert (before != after).any()


def test_every_labels_spans_show(tmp_path):
    blue = tuple(bytes.fromhex(plots.BLUE[1:]))
    areas = []
    for number in range(3):
        result = evaluate_spans(SPANS, [SPANS[0][:number]])
        with Image.open(plots.span_bars(tmp_path / "it.png", result)) as image:
            areas.append((np.asarray(image.convert("RGB")) == blue).all(axis=2).sum())
    assert areas[0] < 0.01 * areas[1]
    assert areas[2] == pytest.approx(2 * areas[1], rel=0.1)


def test_styles_stay_inside(tmp_path):
    import matplotlib

    before = dict(matplotlib.rcParams)
    plots.label_bars(tmp_path / "it.png", {"부정": 3})
    assert dict(matplotlib.rcParams) == before
