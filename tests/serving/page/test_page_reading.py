"""What a person sees who types a review, and how the page is steered."""

import json

from playwright.sync_api import expect

CELLS = {"small-simple-rnn": "SimpleRNN", "small-lstm": "LSTM", "small-gru": "GRU"}
HANGUL = r"[가-힣ㄱ-ㅎ]"


def texts(page, selector):
    return page.locator(selector).all_text_contents()


def stage(name):
    return f".stage[data-stage=stage_{name}]"


def test_the_page_opens_in_korean_with_an_example_read(page):
    assert page.get_attribute("html", "lang") == "ko"
    assert page.input_value("#review")
    assert page.locator(".stage").count() == 6
    assert page.locator(".verdict").is_visible()
    assert page.locator("#status").text_content()


def test_typing_is_read_after_a_pause(page):
    page.fill("#review", "")
    page.locator("#review").press_sequentially("음악이 좋다", delay=5)
    expect(page.locator(f"{stage('clean')} .text")).to_have_text("음악이 좋다")
    assert texts(page, f"{stage('morphemes')} .chip .form") == ["음악", "이", "좋", "다"]
    assert texts(page, f"{stage('morphemes')} .chip .tag") == ["NNG", "JKS", "VA", "EF"]


def test_enter_reads_and_shift_enter_breaks_the_line(page, settled):
    page.fill("#review", "좋다")
    page.press("#review", "Shift+Enter")
    assert page.input_value("#review") == "좋다\n"
    page.fill("#review", "나쁘다")
    page.press("#review", "Enter")
    settled(page)
    assert page.input_value("#review") == "나쁘다"
    assert page.locator(f"{stage('clean')} .text").text_content() == "나쁘다"


def test_what_cleaning_drops_is_struck(page, read):
    read(page, "😀 좋아요<br>ㅋㅋㅋㅋㅋ 진짜")  # the emoji is one character, and two UTF-16 units
    assert texts(page, f"{stage('raw')} del") == ["<br>", "ㅋㅋㅋ"]
    assert page.locator(f"{stage('clean')} .text").text_content() == "😀 좋아요 ㅋㅋ 진짜"


def test_pointing_at_a_morpheme_shows_its_place_everywhere(page, read):
    read(page, "😀 음악이 좋다")
    chips = page.locator(f"{stage('morphemes')} .chip")
    chips.filter(has_text="음악").hover()
    assert "".join(texts(page, ".raw-text .pointed")) == "음악"
    assert texts(page, f"{stage('ids')} .pointed .form") == ["음악"]
    assert page.locator(".readout strong").text_content() == "음악"


def test_ids_and_row_are_the_servers(page, read):
    read(page, "음악이 😭 좋다")
    with page.expect_response("**/v1/analyze") as answer:
        page.press("#review", "Enter")
    analysis = answer.value.json()
    unknown = [token for token in analysis["tokens"] if token["fate"] == "unknown"]
    assert unknown  # the text is chosen so
    assert page.locator(f"{stage('ids')} .fate-unknown").count() == len(unknown)
    pads = analysis["token_ids"].count(0)
    shown = [cell.strip() for cell in texts(page, f"{stage('row')} .cell")]
    assert shown == [f"PAD × {pads}", *(str(i) for i in analysis["token_ids"] if i)]


def test_the_answer_is_the_servers(page, read):
    with page.expect_response("**/v1/predict") as response:
        read(page, "음악이 좋다")
    answer = response.value.json()
    [prediction] = answer["predictions"]
    assert page.locator(".answer-card").get_attribute("data-label") == prediction["label"]
    best = 100 * max(prediction["probabilities"])
    assert page.locator(".verdict .figure").text_content() == f"{best:.1f} %"
    assert page.locator(".answer-card .model-name").text_content() == answer["model"]
    assert len(texts(page, ".bars li")) == len(answer["label_names"])


def test_another_model_answers_when_it_is_chosen(page, settled):
    page.select_option("#classifier", "review-sentiment")
    settled(page)
    assert page.locator(".answer-card .model-name").text_content() == "review-sentiment"
    assert "review-sentiment" in page.locator("#stages-intro").text_content()
    assert page.locator(f"{stage('row')} .pad").is_visible()


def test_traced_models_stand_side_by_side(page, settled):
    for kind, count in {"curve": 1, "heatmap": 3, "gates": 2, "importance": 3}.items():
        assert page.locator(f"[data-kind={kind}] canvas").count() == count
    assert set(texts(page, "[data-kind=heatmap] figcaption")) == set(CELLS.values())
    page.uncheck("input[value=small-lstm]")
    settled(page)
    assert "LSTM" not in texts(page, "[data-kind=heatmap] figcaption")
    for name in ("small-gru", "small-simple-rnn"):
        page.uncheck(f"input[value={name}]")
    settled(page)
    assert page.locator("canvas").count() == 0
    assert page.locator("#comparison .note").is_visible()


def test_models_of_other_labels_cannot_join(open_page):
    def relabel(page):
        def answer(route):
            served = route.fetch().json()
            gru = next(model for model in served["models"] if model["name"] == "small-gru")
            gru["label_names"] = ["음식", "영화"]
            route.fulfill(json=served)

        page.route("**/v1/models", answer)

    page = open_page(before=relabel)
    assert page.is_checked("input[value=small-lstm]")
    assert page.is_disabled("input[value=small-gru]")


def test_without_a_traceable_model_a_sentence_says_so(open_page, read):
    def close(page):
        def answer(route):
            served = route.fetch().json()
            for model in served["models"]:
                model |= {"traceable": False, "cell": None}
            route.fulfill(json=served)

        page.route("**/v1/models", answer)

    page = open_page(before=close)
    read(page, "음악이 좋다")
    assert page.locator("#compared").is_hidden()
    assert page.locator("#comparison .note").is_visible()
    assert page.locator("#trouble").is_hidden()
    assert page.locator(".verdict").is_visible()


def test_entities_are_underlined_where_they_stand(page, read):
    with page.expect_response("**/v1/tag") as response:
        read(page, "😀 어제 서울에서 이순신 장군을 만났다")
    [result] = response.value.json()["results"]
    assert result["spans"]  # the text is chosen so
    assert texts(page, ".entity-form") == [span["text"] for span in result["spans"]]
    assert all(texts(page, ".entity-label"))


def test_the_language_switch_leaves_no_korean_words_and_is_kept(page):
    page.select_option("#language", "en")
    assert page.get_attribute("html", "lang") == "en"
    left = page.evaluate(
        """pattern => [...document.querySelectorAll("h1, h2, h3, .note, label > span, legend, "
          + "button, option, summary, caption, .figure, .name, footer, [role=status]")]
          .filter(node => !node.closest("[lang=ko]") && !node.matches(".chip"))
          .map(node => node.textContent)
          .filter(words => new RegExp(pattern).test(words))""",
        HANGUL,
    )
    assert left == []
    page.evaluate("history.replaceState(null, '', location.pathname)")
    page.reload()
    page.wait_for_selector(".verdict")
    assert page.get_attribute("html", "lang") == "en"


def test_the_theme_is_kept_and_overrides_the_system(open_page):
    page = open_page(color_scheme="light")
    surface = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(surface)
    page.select_option("#theme", "dark")
    dark = page.evaluate(surface)
    assert dark != light
    page.reload()
    page.wait_for_selector(".verdict")
    assert page.evaluate(surface) == dark
    page.select_option("#theme", "auto")
    assert page.evaluate(surface) == light


def test_a_permalink_restores_the_input(page, open_page, read, settled):
    text = "100% 좋다 & #1 + 😀\n둘째 줄"
    page.select_option("#classifier", "small-gru")
    page.uncheck("input[value=small-lstm]")
    page.select_option("#language", "en")
    read(page, text)
    address = page.url
    other = open_page(address.split("#", 1)[1])
    assert other.input_value("#review") == text
    assert other.input_value("#classifier") == "small-gru"
    assert not other.is_checked("input[value=small-lstm]")
    assert other.is_checked("input[value=small-simple-rnn]")
    assert other.get_attribute("html", "lang") == "en"
    assert other.locator(".answer-card .model-name").text_content() == "small-gru"


def test_the_copied_link_is_the_permalink(open_page, read):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    read(page, "음악이 좋다")
    page.click("#copy-link")
    expect(page.locator("#copied")).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_a_sample_is_read_when_clicked(page, settled):
    sample = page.locator("#samples button").nth(1)
    sample.click()
    settled(page)
    assert page.input_value("#review") == sample.text_content()


def test_generation_streams_to_the_end(page):
    page.fill("#prompt", "오늘")
    page.fill("#seed", "3")
    with page.expect_request("**/v1/generate") as request:
        page.click("#generate")
    sent = json.loads(request.value.post_data)
    assert (sent["prompt"], sent["seed"], sent["top_k"]) == ("오늘", 3, 40)
    expect(page.locator("#written-status")).not_to_be_empty()
    assert page.locator("#written-text").text_content().startswith("오늘")
    assert page.locator("#written-tokens li").count() > 0
    assert page.is_disabled("#stop")


def test_generation_stops_when_told(page):
    page.evaluate(
        """() => {
          const told = (name, data) => `event: ${name}\\ndata: ${JSON.stringify(data)}\\n\\n`;
          const real = window.fetch;
          window.fetch = (path, options) => {
            if (!path.endsWith("generate")) return real(path, options);
            const encoder = new TextEncoder();
            let number = 0;
            const body = new ReadableStream({
              start(controller) {
                const timer = setInterval(() => {
                  number += 1;
                  const text = "오늘" + "은".repeat(number);
                  controller.enqueue(encoder.encode(told("token", { token: "은", text })));
                }, 20);
                options.signal.addEventListener("abort", () => {
                  clearInterval(timer);
                  controller.error(new DOMException("stopped", "AbortError"));
                });
              },
            });
            return Promise.resolve(new Response(body));
          };
        }"""
    )
    page.click("#generate")
    page.locator("#written-tokens li").nth(2).wait_for()
    page.click("#stop")
    expect(page.locator("#written-status")).not_to_be_empty()
    assert page.evaluate("document.activeElement.id") == "generate"
    written = page.locator("#written-text").text_content()
    page.wait_for_timeout(100)
    assert page.locator("#written-text").text_content() == written
    assert page.is_disabled("#stop")
    assert page.locator("#trouble").is_hidden()


def test_a_number_out_of_range_is_told_and_not_sent(page):
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.fill("#temperature", "9")
    page.click("#generate")
    assert page.get_attribute("#temperature", "aria-invalid") == "true"
    assert "2" in page.locator("#written-status").text_content()
    assert not [url for url in requests if url.endswith("generate")]
