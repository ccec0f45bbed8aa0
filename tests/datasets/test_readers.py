import re
import subprocess
import sys

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from koprep.datasets import DownloadError, TextDataset, dataset_card, list_datasets, load
from koprep.datasets.download import blob_id

NSMC = "id\tdocument\tlabel\n1\t재밌어요\t1\n2\t지루해요\t0\n"


@pytest.fixture
def nsmc(tmp_path):
    def write(content, encoding="utf-8"):
        (tmp_path / "ratings_train.txt").write_bytes(content.encode(encoding))
        return load("nsmc", data_dir=tmp_path)

    return write


@pytest.fixture
def naver(tmp_path):
    def write(content, **options):
        (tmp_path / "naver_shopping.txt").write_text(content, encoding="utf-8")
        return load("naver_shopping", data_dir=tmp_path, **options)

    return write


def test_nsmc_rows_become_texts_and_labels(nsmc):
    dataset = nsmc(NSMC)
    assert dataset.texts == ("재밌어요", "지루해요")
    assert dataset.labels.tolist() == [1, 0]
    assert dataset.label_names == ("부정", "긍정")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param("3\t재밌어요", "2 columns where 3 are due", id="column missing"),
        pytest.param("3\t재밌\t어요\t1", "4 columns where 3 are due", id="column too many"),
        pytest.param("3\t \t1", "no document", id="no text"),
    ],
)
def test_a_malformed_row_is_reported_with_its_line(nsmc, line, reason):
    dataset = nsmc(f"{NSMC}{line}\n4\t또 봤어요\t1\n")
    assert len(dataset) == 3
    (skipped,) = dataset.skipped
    assert (skipped.line, reason in skipped.reason) == (4, True)


def test_strange_line_separators_stay_inside_a_text(nsmc):
    assert nsmc("id\tdocument\tlabel\r\n1\t재밌\x85어\u2028요\t1\r\n").texts == (
        "재밌\x85어\u2028요",
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param(f"{NSMC}3\t보통\t2\n", "line 4: label '2' is not one of 0, 1", id="label"),
        pytest.param("1\t재밌어요\t1\n", "line 1: expected the header", id="no header"),
        pytest.param("id\tdocument\tlabel\n", "no usable row", id="header only"),
        pytest.param("id\tdocument\tlabel\nx\n", "no usable row.*line 2", id="all malformed"),
    ],
)
def test_a_file_that_is_no_nsmc_is_refused(nsmc, content, message):
    with pytest.raises(ValueError, match=message):
        nsmc(content)


def test_a_file_in_another_encoding_is_refused(nsmc):
    with pytest.raises(ValueError, match="encoding"):
        nsmc(NSMC, encoding="utf-16")


def test_naver_stars_become_labels(naver):
    dataset = naver("5\t좋아요\n1\t별로\n2\t글쎄\n4\t괜찮\n")
    assert dataset.labels.tolist() == [1, 0, 0, 1]


def test_three_stars_are_refused_or_dropped(naver):
    with pytest.raises(ValueError, match="line 2: rating '3' is neither"):
        naver("5\t좋아요\n3\t보통\n")
    dataset = naver("5\t좋아요\n3\t보통\n1\t별로\n", neutral="drop")
    assert dataset.texts == ("좋아요", "별로")


def test_an_unknown_rating_names_its_line(naver):
    with pytest.raises(ValueError, match="line 1: rating '6' is not one of 1, 2, 4, 5"):
        naver("6\t좋아요\n")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        pytest.param({"name": "nsmcc"}, ValueError, "unknown dataset 'nsmcc'.*nsmc", id="name"),
        pytest.param({"name": "nsmc"}, DownloadError, "data_dir", id="no folder, offline"),
        pytest.param({"name": "nsmc", "split": "dev"}, ValueError, "train, test", id="split"),
        pytest.param(
            {"name": "nsmc", "data_dir": "/nowhere"}, FileNotFoundError, "ratings_train", id="file"
        ),
        pytest.param({"name": "mini_reviews", "limit": 0}, ValueError, "at least 1", id="limit"),
        pytest.param(
            {"name": "mini_reviews", "neutral": "drop"}, ValueError, "no option", id="option"
        ),
    ],
)
def test_a_wrong_call_lists_what_is_right(arguments, error, message, monkeypatch, tmp_path):
    monkeypatch.setenv("KOPREP_OFFLINE", "1")
    monkeypatch.setenv("KOPREP_DATA_HOME", str(tmp_path))
    with pytest.raises(error, match=message):
        load(**arguments)


def test_the_limit_takes_the_first_rows_or_a_seeded_choice():
    whole = load("mini_reviews")
    assert load("mini_reviews", limit=5).texts == whole.texts[:5]
    chosen = load("mini_reviews", limit=50, seed=1)
    assert chosen.texts == load("mini_reviews", limit=50, seed=1).texts != whole.texts[:50]
    assert [chosen.labels[i] for i in range(50)] == [
        whole.labels[whole.texts.index(text)] for text in chosen.texts
    ]


def test_mini_reviews_are_balanced_varied_and_split_cleanly():
    train, test = load("mini_reviews"), load("mini_reviews", split="test")
    assert len(train) + len(test) >= 600
    for part in (train, test):
        counts = part.label_counts()
        assert counts["긍정"] == counts["부정"]
        assert len(set(part.texts)) == len(part)
        assert not part.skipped
    assert not set(train.texts) & set(test.texts)


def test_mini_reviews_hold_no_real_review(real_data):
    real = set()
    for split in ("train", "test"):
        real.update(load("nsmc", split=split, data_dir=real_data / "nsmc").texts)
    real.update(load("naver_shopping", data_dir=real_data / "naver_shopping").texts)
    ours = {*load("mini_reviews").texts, *load("mini_reviews", split="test").texts}
    assert not ours & real


def test_the_official_files_are_read_whole(real_data):
    train = load("nsmc", data_dir=real_data / "nsmc")
    test = load("nsmc", split="test", data_dir=real_data / "nsmc")
    assert len(train) + len(train.skipped) == 150_000
    assert len(test) + len(test.skipped) == 50_000
    shopping = load("naver_shopping", data_dir=real_data / "naver_shopping")
    assert len(shopping) == 216
    assert shopping.label_counts() == {"부정": 104, "긍정": 112}


@pytest.mark.parametrize("name", list_datasets())
def test_every_dataset_has_a_whole_card(name):
    card = dataset_card(name)
    assert card.name == name
    for fact in ("title", "description", "license", "citation", "label_rule", "columns"):
        assert getattr(card, fact), fact
    assert isinstance(card.commercial_use, bool | str)
    assert card.splits[0] == "train"
    for split, file in card.files.items():
        assert file.rows > 0
        if card.included:
            with pytest.raises(ValueError, match="nothing to download"):
                card.url(split)
        else:
            assert re.fullmatch("[0-9a-f]{40}", card.revision)
            assert re.fullmatch("[0-9a-f]{40}", file.blob)
            assert card.revision in card.url(split)


def test_urls_are_raw_files_of_the_pinned_commit():
    assert dataset_card("chatbot").url("train") == (
        "https://raw.githubusercontent.com/songys/Chatbot_data/"
        "157bfbd9c354191bb4c546a8938e3862638ca7a3/ChatbotData%20.csv"
    )
    assert dataset_card("klue_ner").url("dev", "http://mirror") == (
        "http://mirror/KLUE-benchmark/KLUE/3efd98708a40ff49251fddde35453f8fbb11f536/"
        "klue_benchmark/klue-ner-v1.1/klue-ner-v1.1_dev.tsv"
    )


@pytest.mark.parametrize("name", [n for n in list_datasets() if dataset_card(n).included])
def test_what_is_included_holds_what_its_card_says(name):
    card = dataset_card(name)
    for split in card.splits:
        dataset = load(name, split=split)
        assert isinstance(dataset, TextDataset) == (card.kind == "texts")
        assert (len(dataset), dataset.name, dataset.split) == (card.files[split].rows, name, split)


def test_steam_rows_become_texts_and_labels(tmp_path):
    (tmp_path / "steam.txt").write_text("1\t갓겜\n0\t환불\n\n0\n", encoding="utf-8")
    dataset = load("steam", data_dir=tmp_path)
    assert (dataset.texts, dataset.labels.tolist()) == (("갓겜", "환불"), [1, 0])
    assert [row.line for row in dataset.skipped] == [4]


@pytest.fixture
def chatbot(tmp_path):
    def write(content, **options):
        (tmp_path / "ChatbotData.csv").write_bytes(content.encode())
        return load("chatbot", data_dir=tmp_path, **options)

    return write


QUESTIONS = 'Q,A,label\r\n심심해,"책을, 읽으세요",0\r\n떠났어,,1\r\n설레,좋네요,2  \r\n'


def test_questions_and_answers_come_in_pairs(chatbot):
    questions, answers = chatbot(QUESTIONS), chatbot(QUESTIONS, text="A")
    pairs = list(zip(questions.texts, answers.texts, strict=True))
    assert pairs == [("심심해", "책을, 읽으세요"), ("설레", "좋네요")]
    assert questions.labels.tolist() == answers.labels.tolist() == [0, 2]
    assert [(row.line, row.reason) for row in questions.skipped] == [(3, "no A")]


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        pytest.param("Q,A,label\n가,나,3\n", {}, "line 2: label '3' is not one of", id="label"),
        pytest.param("Q,A\n가,나\n", {}, "expected the header Q,A,label", id="header"),
        pytest.param("Q,A,label\n", {}, "no usable row", id="header only"),
        pytest.param(QUESTIONS, {"text": "B"}, "text must be 'Q' or 'A'", id="option"),
    ],
)
def test_a_file_that_is_no_chatbot_is_refused(chatbot, content, options, message):
    with pytest.raises(ValueError, match=message):
        chatbot(content, **options)


@pytest.fixture
def klue(tmp_path):
    def write(content):
        (tmp_path / "klue-ner-v1.1_train.tsv").write_text(content, encoding="utf-8")
        return load("klue_ner", data_dir=tmp_path)

    return write


SENTENCE = "## id\t<김:PS>은 #\n김\tB-PS\n은\tO\n \tO\n#\tO\n\n"


def test_characters_and_tags_become_sentences(klue):
    dataset = klue(f"## 주석\n{SENTENCE}\n{SENTENCE.rstrip()}")
    assert dataset.texts == (("김", "은", " ", "#"),) * 2
    assert [dataset.tag_names[tag] for tag in dataset.tags[0]] == ["B-PS", "O", "O", "O"]
    assert dataset.tag_names[0] == "O"


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        pytest.param("김 B-PS", "1 columns in line 7", id="no tab"),
        pytest.param("김씨\tB-PS", "'김씨' in line 7 is not one character", id="two characters"),
        pytest.param("김\tI-PS", "I-PS in line 7 goes on with", id="entity never began"),
        pytest.param("김\tB-PS\n씨\tI-LC", "I-LC in line 8 goes on with", id="other entity"),
    ],
)
def test_a_malformed_sentence_is_listed(klue, sentence, reason):
    dataset = klue(f"{SENTENCE}{sentence}\n\n{SENTENCE}")
    assert len(dataset) == 2
    (skipped,) = dataset.skipped
    assert (skipped.line, reason in skipped.reason) == (7, True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param("김\tB-XX\n", "line 1: tag 'B-XX' is not one of O, B-PS", id="tag"),
        pytest.param("## 주석\n", "no usable sentence", id="comments only"),
        pytest.param("김\n", "no usable sentence.*1 columns", id="no tags"),
        pytest.param("", "is empty", id="empty"),
    ],
)
def test_a_file_that_is_no_klue_is_refused(klue, content, message):
    with pytest.raises(ValueError, match=message):
        klue(content)


@given(st.integers(1, 40), st.integers(1, 8), st.integers(0, 5))
def test_the_cook_remembers_yesterday(length, count, seed):
    assume(2 * count <= 1 << length)
    weathers = {}
    for split in ("train", "test"):
        dataset = load("weather_menu", split=split, length=length, count=count, seed=seed)
        weathers[split] = set(dataset.texts)
        assert len(weathers[split]) == len(dataset) == count
        for weather, menu in zip(dataset.texts, dataset.tags, strict=True):
            yesterday = 0
            for day, dish in zip(weather, menu, strict=True):
                assert dish == (yesterday if day == "맑음" else (yesterday + 1) % 3)
                yesterday = dish
    assert not weathers["train"] & weathers["test"]


def test_the_cooks_weather_repeats_by_seed():
    first = load("weather_menu", seed=3).texts
    assert first == load("weather_menu", seed=3).texts
    assert first != load("weather_menu", seed=4).texts
    assert load("weather_menu").texts == load("weather_menu", seed=0).texts


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"length": 0}, "length must be at least 1", id="length"),
        pytest.param({"count": 0}, "count must be at least 1", id="count"),
        pytest.param({"length": 3, "count": 5}, "count must be at most 4", id="too many"),
        pytest.param({"days": 3}, "no option 'days'; it has length, count", id="option"),
    ],
)
def test_impossible_weather_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        load("weather_menu", **options)


def test_the_chatbot_corpus_reads_whole(real_data):
    dataset = load("chatbot", data_dir=real_data / "chatbot")
    assert len(dataset) == dataset_card("chatbot").rows == 11_823
    assert dataset.label_counts() == {"일상": 5290, "이별": 3570, "사랑": 2963}
    path = real_data / "chatbot" / "ChatbotData.csv"
    assert blob_id(path) == dataset_card("chatbot").files["train"].blob


def test_heavy_libraries_stay_out_of_the_import():
    code = (
        "import sys, koprep.datasets; "
        "print([m for m in ('tensorflow', 'torch', 'pandas', 'pyarrow', 'pooch', 'narwhals', "
        "'openpyxl', 'kiwipiepy', 'sklearn') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert result.stdout.decode().strip() == "[]"


def test_what_comes_with_koprep_is_in_no_other_folder(tmp_path):
    with pytest.raises(ValueError, match="'mini_reviews' comes with koprep: leave out data_dir"):
        load("mini_reviews", data_dir=tmp_path)
