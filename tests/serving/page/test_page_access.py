"""Everybody can use the page: axe, keyboard alone, a phone, less motion."""

from urllib.parse import quote

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

TEXT = "음악이 꽤액 좋다<br> 서울에서 이순신을 만났다ㅋㅋㅋㅋ"


def serious_faults(page):
    found = Axe().run(page).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    return [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in serious]


def test_axe_finds_no_serious_fault(open_page):
    page = open_page(f"text={quote(TEXT)}")
    page.click("#generate")
    expect(page.locator("#written-status")).not_to_be_empty()
    for language in ("ko", "en"):
        page.select_option("#language", language)
        page.locator("details summary").first.click()
        for theme in ("light", "dark"):
            page.select_option("#theme", theme)
            assert serious_faults(page) == [], (language, theme)


def test_axe_finds_no_serious_fault_in_trouble(open_page, watch):
    watch.refusals_expected = True

    def lock(page):
        page.route("**/v1/*", lambda route: route.fulfill(status=401, json={}))

    page = open_page(before=lock, wait=False)
    page.wait_for_selector("#api-key")
    for theme in ("light", "dark"):
        page.select_option("#theme", theme)
        assert serious_faults(page) == [], theme


def walk(page, presses):
    """What Tab reaches, as (id or class or words, whether its focus can be seen)."""
    reached = []
    for _ in range(presses):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => {
                  const node = document.activeElement;
                  const { outlineStyle, outlineWidth } = getComputedStyle(node);
                  const name = node.id || node.className || node.tagName;
                  return [name, outlineStyle !== "none" && parseFloat(outlineWidth) >= 1];
                }"""
            )
        )
        if reached[-1][0] == "generate":
            break
    return reached


def test_the_keyboard_alone_reaches_everything_and_the_focus_is_seen(page):
    page.evaluate("document.activeElement.blur()")
    reached = walk(page, 120)
    names = [name for name, _ in reached]
    wanted = ["skip", "language", "theme", "review", "classifier", "copy-link", "cursor"]
    wanted += ["prompt", "temperature", "top-k", "seed", "generate"]
    assert [name for name in names if name in wanted] == wanted
    assert [name for name, seen in reached if not seen] == []
    assert sum(name.startswith("chip") for name in names) == 2  # morphemes, ids: a stop each


def test_a_review_is_read_and_compared_without_a_mouse(page, settled):
    page.focus("#skip")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "review"
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("음악이 좋다")
    page.keyboard.press("Enter")
    settled(page)
    page.focus(".chips .chip[tabindex='0']")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.locator(".readout strong").text_content() == "좋"
    page.keyboard.press("Home")
    assert page.locator(".readout strong").text_content() == "음악"
    page.focus("[data-picture=probability] summary")
    page.keyboard.press("Enter")
    page.locator("[data-picture=probability] table").wait_for()


def test_the_result_is_announced_once(page, read):
    read(page, "음악이 좋다")
    said = page.locator("#status").text_content()
    assert page.locator(".verdict strong").text_content() in said
    assert page.locator(".verdict .figure").text_content() in said


def test_a_phone_never_scrolls_sideways(open_page, read):
    page = open_page(viewport={"width": 390, "height": 844})
    for language in ("ko", "en"):
        page.select_option("#language", language)
        for text in (TEXT, "가나다라" * 300, "https://example.com/" + "a" * 300):
            read(page, text)
            assert page.evaluate("document.documentElement.scrollWidth") == 390, (language, text)


def test_less_motion_is_respected(open_page, settled):
    page = open_page()
    held = []
    page.route("**/v1/predict", lambda route: held.append(route))
    page.fill("#review", "음악이 좋다")
    page.press("#review", "Enter")
    page.wait_for_selector("#busy:not([hidden])")
    assert page.evaluate("document.getAnimations().length") == 1
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate("document.getAnimations().length") == 0
    held.pop().continue_()
    settled(page)
