"""The models that come with koprep."""

import json
import lzma
import subprocess
import sys

import pytest

from koprep.bundle import read_bundle
from koprep.datasets import Entity
from koprep.zoo import list_pretrained, load, pretrained
from koprep.zoo.hard_sentences import HARD_SENTENCES
from koprep.zoo.pretrained_models import PRETRAINED

NAMES = list_pretrained()

COURSE_SENTENCES = {
    "이 상품 진짜 좋아요... 저는 강추합니다. 대박": "긍정",
    "진짜 배송도 늦고 개짜증나네요. 뭐 이런 걸 상품이라고 만듬?": "부정",
    "판매자님... 너무 짱이에요.. 대박나삼": "긍정",
    "ㅁㄴㅇㄹㄴㅇ리뷰쓰기도 귀찮아": "부정",
}


@pytest.fixture(scope="module")
def reviews():
    return pretrained("review-sentiment")


def told(model, text):
    return model.label_names_[model.predict_proba([text])[0].argmax()]


def test_each_is_at_most_8_mb_and_all_are_at_most_20():
    sizes = {name: PRETRAINED[name].size_bytes for name in NAMES}
    assert max(sizes.values()) <= 8_000_000, sizes
    assert sum(sizes.values()) <= 20_000_000, sizes


@pytest.mark.parametrize("name", NAMES)
def test_the_card_states_licence_command_and_every_figure(name):
    bundle = read_bundle(PRETRAINED[name].folder)
    card = bundle.read_text("card.md")
    assert PRETRAINED[name].license in card
    assert f"koprep zoo reproduce {name} " in card
    metrics = json.loads(bundle.read_text("metrics.json"))
    tested = [key for key in metrics if f"{key}_low" in metrics]
    assert tested
    for key in tested:
        low, value, high = (metrics[f"{key}{end}"] for end in ("_low", "", "_high"))
        assert low < value < high
        written = f"{value:.2f}" if value > 1 else f"{value:.2%}"
        assert written in card


@pytest.mark.parametrize("name", NAMES)
def test_it_cuts_texts_as_it_did_when_it_was_trained(name):
    load(PRETRAINED[name].folder, strict=True)


@pytest.mark.parametrize(("text", "label"), COURSE_SENTENCES.items())
def test_the_courses_sentences_are_told_right(reviews, text, label):
    assert told(reviews, text) == label


def test_the_courses_and_the_hard_sentences_were_never_trained_on(real_data):
    files = (
        "nsmc/ratings_train.txt",
        "nsmc/raw_reviews.tsv.xz",
        "naver_shopping/labelled.csv",
        "naver_shopping/naver_shopping.txt",
    )
    for file in files:
        opened = lzma.open if file.endswith(".xz") else open
        with opened(real_data / file, "rt", encoding="utf-8") as lines:
            rows = lines.read()
        for text in COURSE_SENTENCES:
            assert text not in rows  # not even as a part of another review
        texts = {cell for row in rows.splitlines() for cell in row.split("\t")}
        assert not texts & {text for text, _ in HARD_SENTENCES}


@pytest.mark.parametrize("name", ["review-sentiment", "movie-sentiment"])
def test_reviews_of_movies_are_told(name):
    model = pretrained(name)
    assert told(model, "정말 감동적이고 재미있는 영화였어요") == "긍정"
    assert told(model, "시간이 아까운 최악의 영화") == "부정"


def test_reviews_of_products_are_told(reviews):
    assert told(reviews, "배송이 빠르고 튼튼해서 마음에 들어요") == "긍정"
    assert told(reviews, "하루 만에 고장 나서 환불했습니다") == "부정"


def test_an_empty_text_gets_an_answer_that_adds_up(reviews):
    (row,) = reviews.predict_proba([""])
    assert row.sum() == pytest.approx(1, abs=1e-6)


def test_the_tagger_finds_a_place_where_it_stands():
    text = "내일 서울에서 만나요"
    (spans,) = pretrained("entity-tagger").predict([text])
    assert Entity("LC", 3, 5) in [Entity(*span) for span in spans]


def test_the_generator_writes_on_and_the_seed_decides_what():
    generator = pretrained("chat-generator")
    drawn = {"temperature": 1.0, "max_tokens": 8}
    first = generator.generate("오늘", seed=1, **drawn)
    assert first.startswith("오늘")
    assert len(first) > len("오늘")
    assert generator.generate("오늘", seed=1, **drawn) == first
    others = {generator.generate("오늘", seed=seed, **drawn) for seed in range(2, 8)}
    assert others != {first}


def test_nothing_of_tensorflow_is_opened():
    script = (
        "import sys\n"
        "from koprep.zoo import list_pretrained, pretrained\n"
        "verbs = {'classifier': 'predict', 'tagger': 'predict', 'generator': 'generate'}\n"
        "for name in list_pretrained():\n"
        "    model = pretrained(name)\n"
        "    given = '오늘' if model.kind == 'generator' else ['오늘 본 영화']\n"
        "    getattr(model, verbs[model.kind])(given)\n"
        "print([name for name in ('tensorflow', 'keras', 'onnx') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"


def test_an_unknown_name_lists_the_choices():
    with pytest.raises(ValueError, match=r"did you mean 'review-sentiment'.*chat-generator"):
        pretrained("review-sentimant")
    with pytest.raises(FileNotFoundError, match=r"models that come with koprep: .*chat-generator"):
        load("nowhere")
