"""The pictures: one cursor over all, numbers behind them, PNG files for slides."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

TEXT = "음악이 정말 좋았다"
MARGIN, HEADER, LEAST = 28, 64, 720  # CSS px of an exported picture


@pytest.fixture
def pictures(page, read):
    with page.expect_response("**/v1/trace") as response:
        read(page, TEXT)
    page.wait_for_selector("canvas[width]")
    return page, response.value.json()["results"]


def exported(page, name):
    with page.expect_download() as download:
        page.click(f"[data-picture={name}] .actions button")
    assert download.value.suggested_filename == f"koprep-{name}.png"
    return Image.open(io.BytesIO(download.value.path().read_bytes()))


def pixels(page, name):
    """The colours of a picture on the page, RGBA, shape (height, width, 4)."""
    address = page.evaluate(
        "name => document.querySelector(`[data-picture=${name}] canvas`).toDataURL()", name
    )
    png = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(png)))


def test_a_picture_is_exported_as_a_fine_png_with_its_title(pictures):
    page, _ = pictures
    for name in ("probability", "hidden-state-small-gru", "gates-small-lstm"):
        box = page.locator(f"[data-picture={name}] canvas").bounding_box()
        image = exported(page, name)
        assert image.format == "PNG"
        assert image.width == 2 * (max(round(box["width"]), LEAST) + 2 * MARGIN)
        assert image.height == pytest.approx(2 * (box["height"] + HEADER + 2 * MARGIN), abs=160)
        colours = np.asarray(image.convert("RGB"))
        assert (colours[:20] == colours[0, 0]).all()  # the margin
        title = colours[2 * MARGIN : 2 * (MARGIN + 24), 2 * MARGIN : 800]
        assert (title != colours[0, 0]).any()
        plot = colours[2 * (MARGIN + HEADER) : -2 * MARGIN]
        assert len(np.unique(plot.reshape(-1, 3), axis=0)) > 20


def test_the_background_of_a_png_is_that_of_the_theme(pictures):
    page, _ = pictures
    page.select_option("#theme", "light")
    assert exported(page, "probability").convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    page.select_option("#theme", "dark")
    assert max(exported(page, "probability").convert("RGB").getpixel((0, 0))) < 60


def test_the_theme_repaints_the_pictures(pictures):
    page, _ = pictures
    page.select_option("#theme", "light")
    page.wait_for_timeout(200)
    assert tuple(pixels(page, "probability")[0, 0]) == (255, 255, 255, 255)
    page.select_option("#theme", "dark")
    page.wait_for_timeout(200)
    assert max(pixels(page, "probability")[0, 0, :3]) < 60


NUMBERS = {  # what the table of a picture must hold of the GRU
    "probability": lambda gru: gru["probabilities"],
    "importance-small-gru": lambda gru: gru["importance"],
    "gates-small-gru": lambda gru: np.mean(gru["gates"]["update"], axis=1),
    # the unit that ends highest stands first
    "hidden-state-small-gru": lambda gru: np.array(gru["hidden"])[:, np.argmax(gru["hidden"][-1])],
}


def with_table(page, name):
    """Return a picture, its table open."""
    figure = page.locator(f"[data-picture={name}]")
    figure.locator("details").evaluate("node => { node.open = true }")
    figure.locator("table").wait_for()
    return figure


def test_the_table_holds_the_servers_numbers(pictures):
    page, results = pictures
    gru = next(one for one in results if one["model"] == "small-gru")
    for name, expected in NUMBERS.items():
        figure = with_table(page, name)
        names = figure.locator("tbody th").all_text_contents()
        assert names == [token["form"] for token in gru["tokens"]]
        head = figure.locator("thead th").all_text_contents()
        column = head.index("GRU") if "GRU" in head else 1
        rows = figure.locator("tbody tr")
        cells = rows.locator(f":nth-child({column + 1})").all_text_contents()
        assert np.allclose(np.array(cells, float), expected(gru), atol=0.006), name


def test_the_candidate_state_is_not_shown_as_a_gate(pictures):
    page, results = pictures
    gru = next(one for one in results if one["model"] == "small-gru")
    assert "candidate" in gru["gates"]
    figure = with_table(page, "gates-small-gru")
    assert figure.locator("thead th").all_text_contents()[1:] == ["갱신", "초기화"]


def test_a_colour_of_the_heat_map_is_that_of_its_value(pictures):
    """Blue above 0, orange below, the deeper the further; each in its token's column."""
    page, results = pictures
    page.select_option("#theme", "light")
    page.wait_for_timeout(200)
    gru = next(one for one in results if one["model"] == "small-gru")
    hidden = np.array(gru["hidden"])
    order = np.argsort(-hidden[-1], kind="stable")
    shown = hidden[:, order]
    colours = pixels(page, "hidden-state-small-gru").astype(int)
    left, top, height = 50, 8, 216
    width = page.evaluate("document.querySelector('[data-kind=heatmap] .scroll').clientWidth")
    step = min(88, (width - left - 8) / len(hidden))
    for (token, unit), value in np.ndenumerate(shown):
        x = int(left + (token + 0.5) * step)
        y = int(top + (unit + 0.5) * height / len(order))
        red, _, blue = colours[y, x, :3]
        if abs(value) > 0.1:
            assert (blue > red) == (value > 0)


def test_every_picture_says_in_words_what_it_shows(pictures):
    page, results = pictures
    for canvas in page.locator("canvas").all():
        assert canvas.get_attribute("role") == "img"
        assert len(canvas.get_attribute("aria-label")) > 20
    words = page.locator("[data-picture=probability] canvas").get_attribute("aria-label")
    for result in results:
        assert f"{100 * result['probabilities'][-1]:.1f} %" in words


def test_hovering_a_picture_moves_the_cursor_of_all(pictures):
    page, results = pictures
    tokens = results[0]["tokens"]
    canvas = page.locator("[data-picture=importance-small-gru] canvas")
    canvas.scroll_into_view_if_needed()
    before = pixels(page, "probability")
    canvas.hover(position={"x": 60, "y": 60})
    page.wait_for_timeout(100)
    assert page.locator(".readout strong").text_content() == tokens[0]["form"]
    assert page.input_value("#cursor") == "0"
    assert (pixels(page, "probability") != before).any()


def test_arrow_keys_move_the_cursor_on_slider_and_picture(pictures):
    page, results = pictures
    forms = [token["form"] for token in results[0]["tokens"]]
    page.focus("#cursor")
    page.keyboard.press("ArrowRight")
    assert page.locator(".readout strong").text_content() == forms[1]
    told = page.get_attribute("#cursor", "aria-valuetext")
    assert told.startswith(forms[1])
    assert f"GRU {100 * probability(results, 'small-gru', 1):.1f} %" in told
    page.focus("[data-picture=probability] > .scroll")
    page.keyboard.press("End")
    assert page.locator(".readout strong").text_content() == forms[-1]
    page.keyboard.press("ArrowLeft")
    assert page.locator(".readout strong").text_content() == forms[-2]
    page.keyboard.press("Escape")
    assert page.locator(".readout strong").count() == 0


def probability(results, model, at):
    return next(one for one in results if one["model"] == model)["probabilities"][at]


def test_a_wide_picture_scrolls_in_its_box_and_follows_the_cursor(open_page, read):
    page = open_page(viewport={"width": 390, "height": 844})
    read(page, "정말 재미있는 영화였어요 " * 6)
    page.wait_for_selector("canvas[width]")
    box = page.locator("[data-picture=probability] > .scroll")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box.focus()
    page.keyboard.press("End")
    assert box.evaluate("box => box.scrollLeft > 0")
