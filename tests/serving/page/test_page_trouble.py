"""Texts that are no reviews, servers that fail, answers that come late: nothing breaks."""

import unicodedata

from playwright.sync_api import expect

RAW = ".stage[data-stage=stage_raw] .text"
CLEAN = ".stage[data-stage=stage_clean] .text"


AWKWARD = {  # text: what of it must stand in the cleaned text; None where nothing is left
    "": None,
    " \n\t ": None,
    "😀👨‍👩‍👧‍👦🇰🇷": "😀",
    unicodedata.normalize("NFD", "좋은 음악"): "좋은 음악",
    "<script>alert(1)</script>좋다": "좋다",
    "<img src=x onerror=alert(1)> 좋다": "좋다",
    "좋다 <3 </span> &amp; > <": "<3",
    "\u202e좋다\u200b \0 끝": "좋다",
    "좋다 ]]> --> ${alert(1)} {{7*7}}": "{{7*7}}",
}


def test_awkward_texts_are_shown_as_they_are(page, read):
    for text, cleaned in AWKWARD.items():
        read(page, text)
        assert page.locator("#trouble").is_hidden(), text
        assert page.locator(".verdict").is_visible(), text
        if cleaned is None:
            assert page.locator("#comparison .note").is_visible(), text
            assert page.locator("#answer .note").count() == 2, text
        else:
            assert cleaned in page.locator(CLEAN).text_content()
        assert page.locator("main :is(img, script, iframe, object)").count() == 0, text


def test_half_of_a_surrogate_pair_is_replaced(page, read):
    page.evaluate("document.getElementById('review').value = '좋다 \\ud83d'")
    page.press("#review", "Enter")
    expect(page.locator(CLEAN)).to_have_text("좋다 \ufffd")
    assert page.locator("#trouble").is_hidden()


def test_markup_in_names_and_labels_is_text(open_page):
    evil = "<img src=x onerror=alert(1)>"

    def poison(page):
        def answer(route):
            given = route.fetch().json()
            given["label_names"] = [evil, evil + "2"]
            given["predictions"][0]["label"] = evil
            route.fulfill(json=given)

        page.route("**/v1/predict", answer)

    page = open_page(before=poison)
    assert page.locator(".verdict strong").text_content() == evil
    assert page.locator("main img").count() == 0


def test_ten_thousand_characters_are_read(page, read):
    read(page, ("정말 재미있는 영화였어요 " * 1000)[:10_000])
    assert page.locator("#trouble").is_hidden()
    assert page.locator(f"{RAW} .hidden-mark").count() == 1
    assert page.locator(".stage[data-stage=stage_morphemes] .chip").count() == 200
    assert page.locator(".stage[data-stage=stage_ids] .fate-cut-off").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_text_too_long_for_the_server_is_told_and_the_last_result_stays(page, read, watch):
    watch.refusals_expected = True
    read(page, "음악이 좋다")
    read(page, "가" * 10_001)
    assert "10000" in page.locator("#trouble").text_content()
    assert page.locator(CLEAN).text_content() == "음악이 좋다"


PROBLEM = {"title": "x", "detail": "english words", "detail_ko": "한국어 말"}


def fulfilling(**answer):
    return lambda route: route.fulfill(**answer)


ERRORS = {  # status: what the sentence must hold
    503: ("7초", "7 s"),
    413: ("너무 깁니다", "too long"),
    422: ("한국어 말", "english words"),
    500: ("문제가 생겼습니다", "went wrong"),
}


def test_errors_are_one_sentence_in_the_pages_language(page, read, watch):
    watch.refusals_expected = True
    read(page, "음악이 좋다")
    verdict = page.locator(".answer-card").text_content()
    answers = {"json": PROBLEM, "headers": {"Retry-After": "7"}}
    for language, said in (("ko", 0), ("en", 1)):
        for status, words in ERRORS.items():
            page.route("**/v1/predict", fulfilling(status=status, **answers))
            page.select_option("#language", "ko")
            assert page.locator(".answer-card").text_content() == verdict
            page.select_option("#language", language)
            read(page, f"음악이 나쁘다 {status}")
            assert words[said] in page.locator("#trouble").text_content()
            page.unroute("**/v1/predict")
    page.click("#trouble button")
    page.wait_for_selector("#trouble", state="hidden")
    assert page.locator(".answer-card").text_content() != verdict


def test_an_answer_that_is_no_problem_document_is_told_too(page, read, watch):
    watch.refusals_expected = True
    for status, body in ((502, ""), (502, "<html>proxy</html>"), (502, "null"), (200, "<html>")):
        page.route("**/v1/predict", fulfilling(status=status, body=body))
        read(page, f"음악이 좋다 {body}")
        assert "문제가 생겼습니다" in page.locator("#trouble").text_content()
        page.unroute("**/v1/predict")
        read(page, "음악이 좋다")
        assert page.locator("#trouble").is_hidden()


def test_a_server_that_is_gone_is_told_and_found_again(open_page, watch, settled):
    watch.refusals_expected = True
    page = open_page(before=lambda page: page.route("**/v1/*", lambda r: r.abort()), wait=False)
    page.wait_for_selector("#trouble:not(:empty)")
    assert "koprep serve" in page.locator("#trouble").text_content()
    page.unroute("**/v1/*")
    page.click("#trouble button")
    settled(page)
    assert page.locator("#trouble").is_hidden()
    assert page.locator(".verdict").is_visible()


def test_a_server_that_opens_its_models_is_waited_for(open_page, watch):
    watch.refusals_expected = True
    answers = iter([503, 503])

    def opening(page):
        def answer(route):
            status = next(answers, None)
            if status is None:
                route.continue_()
            else:
                route.fulfill(status=status, json=PROBLEM)

        page.route("**/v1/models", answer)

    page = open_page(before=opening)
    assert page.locator(".verdict").is_visible()


def test_a_key_is_asked_for_and_sent(open_page, watch, settled):
    watch.refusals_expected = True

    def lock(page):
        def answer(route):
            if route.request.headers.get("x-api-key") == "열려라".encode().hex():
                route.continue_()
            else:
                route.fulfill(status=401, json=PROBLEM)

        page.route("**/v1/*", answer)

    page = open_page(before=lock, wait=False)
    page.fill("#api-key", "열려라".encode().hex())
    page.press("#api-key", "Enter")
    settled(page)
    assert page.locator("#trouble").is_hidden()
    assert page.locator(".verdict").is_visible()


def test_a_late_answer_never_covers_a_newer_one(page, settled):
    held = []

    def hold_the_first(route):
        if "첫째" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route("**/v1/*", hold_the_first)
    # Not even an answer whose request could not be taken back may count.
    page.evaluate(
        """() => {
          const real = window.fetch;
          window.fetch = (path, { signal, ...options }) => real(path, options);
        }"""
    )
    page.fill("#review", "첫째 글")
    page.press("#review", "Enter")
    page.wait_for_selector("#busy:not([hidden])")
    page.fill("#review", "둘째 글")
    page.press("#review", "Enter")
    settled(page)
    for route in held:
        with page.expect_response(route.request.url):
            route.continue_()
    page.wait_for_timeout(100)
    assert held
    assert page.locator(CLEAN).text_content() == "둘째 글"


def test_waiting_is_shown(page, settled):
    held = []
    page.route("**/v1/predict", lambda route: held.append(route))
    page.fill("#review", "음악이 좋다")
    page.press("#review", "Enter")
    page.wait_for_selector("#busy:not([hidden])")
    assert page.get_attribute("#answer", "aria-busy") == "true"
    held.pop().continue_()
    settled(page)
    assert page.locator("#busy").is_hidden()
