import json
import pickle
import unicodedata

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from koprep import OOV_ID, PAD_ID, Cleaner, Preprocessor, Stopwords, get_tokenizer
from koprep.bundle import read_bundle, write_bundle
from koprep.preprocessor import DriftWarning
from koprep.vocabulary import Vocabulary

TEXTS = [
    "배송이 빨라서 정말 좋아요!! ㅋㅋㅋㅋ",
    "색이 사진이랑 너무 달라요ㅠㅠ 환불했습니다",
    "",
    "   ",
    "그냥 그래요... 두 번은 안 살 듯",
    "3번째 구매인데 이번에도 만족합니다 😊",
]


@pytest.fixture(scope="module")
def fitted():
    return Preprocessor().fit(TEXTS)


def test_the_courses_three_sentences_get_the_courses_ids():
    sentences = [
        "경마장에 있는 말이 뛰고 있다",
        "그의 말이 법이다",
        "가는 말이 고와야 오는 말이 곱다",
    ]
    preprocessor = Preprocessor(tokenizer="whitespace", oov_token=None).fit(sentences)
    assert preprocessor.vocabulary_.token_to_id == {
        "말이": 1, "경마장에": 2, "있는": 3, "뛰고": 4, "있다": 5, "그의": 6,
        "법이다": 7, "가는": 8, "고와야": 9, "오는": 10, "곱다": 11,
    }  # fmt: skip
    assert len(preprocessor.vocabulary_) == 12


def test_rows_are_int32_and_padded_on_the_left(fitted):
    rows = fitted.transform(TEXTS)
    assert rows.dtype == np.int32
    assert rows.shape == (len(TEXTS), fitted.maxlen_)
    lengths = fitted.transform_ragged(TEXTS).lengths
    assert ((rows != PAD_ID).sum(axis=1) == lengths).all()
    assert (np.sort(rows != PAD_ID, axis=1) == (rows != PAD_ID)).all()


def test_a_text_without_a_token_is_a_row_of_pad(fitted):
    assert (fitted.transform(["", "  "]) == PAD_ID).all()


@given(
    st.lists(st.sampled_from([*TEXTS, "처음 보는 낱말", "ㅋ", "?!"]), max_size=12),
    st.integers(1, 5),
)
def test_any_batching_gives_the_same_ids(fitted, texts, batch_size):
    whole = fitted.transform(texts)
    one_by_one = [fitted.transform([text])[0].tolist() for text in texts]
    streamed = [row for b in fitted.iter_transform(iter(texts), batch_size=batch_size) for row in b]
    assert whole.tolist() == one_by_one == [row.tolist() for row in streamed]


def test_fit_transform_equals_fit_then_transform(fitted):
    again = Preprocessor()
    assert (again.fit_transform(TEXTS) == fitted.transform(TEXTS)).all()
    assert again.vocabulary_ == fitted.vocabulary_


@pytest.mark.parametrize("oov_token", ["[OOV]", None])
@pytest.mark.parametrize("min_count", [1, 2])
def test_learned_ids_are_those_of_the_vocabulary(oov_token, min_count):
    """The one-pass fit agrees with counting first and encoding after."""
    preprocessor = Preprocessor(min_count=min_count, vocabulary_size=15, oov_token=oov_token)
    ragged = preprocessor.fit_transform_ragged(TEXTS)
    tokens = [preprocessor.tokenizer_.render(preprocessor.explain(t).kept_tokens) for t in TEXTS]
    vocabulary = Vocabulary.build(
        tokens, vocabulary_size=15, min_count=min_count, oov_token=oov_token
    )
    assert preprocessor.vocabulary_ == vocabulary
    assert [row.tolist() for row in ragged] == [vocabulary.encode(one) for one in tokens]


@given(st.text(max_size=30))
@settings(max_examples=50, deadline=None)
def test_decomposed_and_composed_input_give_the_same_ids(fitted, text):
    nfc, nfd = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert fitted.transform([nfc]).tolist() == fitted.transform([nfd]).tolist()


@pytest.mark.parametrize(
    "container",
    [
        pytest.param(list, id="list"),
        pytest.param(tuple, id="tuple"),
        pytest.param(iter, id="generator"),
        pytest.param(np.array, id="numpy"),
        pytest.param(lambda texts: np.array(texts, object), id="numpy objects"),
        pytest.param(pd.Series, id="pandas"),
        pytest.param(pl.Series, id="polars"),
        pytest.param(pa.array, id="arrow"),
        pytest.param(lambda texts: pa.chunked_array([texts[:2], texts[2:]]), id="arrow chunks"),
    ],
)
def test_every_container_gives_the_same_ids(fitted, container):
    assert (fitted.transform(container(TEXTS)) == fitted.transform(TEXTS)).all()


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        pytest.param("한 문장", r"put it in a list: \['한 문장'\]", id="bare string"),
        pytest.param(b"bytes", "put it in a list", id="bare bytes"),
        pytest.param(["가", None], "row 1 holds no text", id="None"),
        pytest.param(["가", "나", float("nan")], "row 2 holds no text", id="NaN"),
        pytest.param(["가", pd.NA], "row 1 holds no text", id="NA"),
        pytest.param(["가", np.array(["나"])], "row 1: expected a text, got ndarray", id="array"),
        pytest.param(["가", 3], "row 1: expected a text, got int 3", id="number"),
        pytest.param(pd.Series(["가", None]), "row 1 holds no text", id="missing in pandas"),
        pytest.param(pa.array(["가", None]), "row 1 holds no text", id="missing in Arrow"),
        pytest.param(pd.DataFrame({"a": ["가"]}), "choose one", id="a table"),
        pytest.param(7, "expected texts, got int 7", id="no texts"),
        pytest.param({"text": ["가"], "label": [1]}, "table of 'text', 'label'", id="columns"),
    ],
)
def test_what_is_no_list_of_texts_is_refused(fitted, texts, message):
    for method in (fitted.transform, Preprocessor().fit):
        with pytest.raises(TypeError, match=message):
            method(texts)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        pytest.param({"tokenizer": "mecap"}, ValueError, "unknown tokenizer 'mecap'.*kiwi", id="a"),
        pytest.param({"stopwords": "mine"}, ValueError, "lecture", id="stopwords"),
        pytest.param({"maxlen": 0}, ValueError, "maxlen must be at least 1 token, got 0", id="len"),
        pytest.param({"vocabulary_size": 1}, ValueError, "vocabulary_size", id="size"),
        pytest.param({"min_count": 0}, ValueError, "min_count", id="count"),
        pytest.param({"cleaner": "lecture"}, TypeError, "cleaner", id="cleaner"),
        pytest.param({"padding": "left"}, ValueError, "padding", id="padding"),
    ],
)
def test_bad_settings_are_named(settings, error, message):
    with pytest.raises(error, match=message):
        Preprocessor(**settings).fit_transform(["가나다"])


def test_nothing_to_fit_on_is_an_error():
    with pytest.raises(ValueError, match="no texts"):
        Preprocessor().fit([])


def test_maxlen_keeps_nearly_all_training_texts_whole():
    texts = ["가"] * 990 + ["가 나 다 라 마"] * 10
    assert Preprocessor(tokenizer="whitespace").fit(texts).maxlen_ == 1
    assert Preprocessor(tokenizer="whitespace").fit(texts[:-1] + texts[-1:] * 2).maxlen_ == 5


def test_inverse_transform_gives_tokens_back(fitted):
    rows = fitted.inverse_transform(fitted.transform(["정말 좋아요", "우주선"]))
    assert rows[0][:2] == ["정말", "좋"]
    assert rows[1] == ["[OOV]"]
    assert fitted.transform(["우주선"])[0, -1] == OOV_ID


PREPROCESSORS = [
    pytest.param(Preprocessor(), id="default"),
    pytest.param(
        Preprocessor(
            cleaner=Cleaner(keep="hangul", emoji="remove"),
            tokenizer=get_tokenizer(
                "kiwi", output="form/tag", drop_tags=("J", "S"), user_words=("가성비갑",)
            ),
            stopwords=Stopwords.named("lecture").add(["정말"]),
            vocabulary_size=20,
            min_count=2,
            oov_token="모르는말",
            maxlen=7,
            padding="post",
            truncating="post",
        ),
        id="every setting",
    ),
    pytest.param(Preprocessor(tokenizer="jamo", oov_token=None), id="no OOV"),
    pytest.param(Preprocessor(oov_buckets=4, coverage=0.8, min_count=2), id="hashed unknown words"),
    pytest.param(Preprocessor(spell_unknown=True, min_count=2), id="spelled unknown words"),
    pytest.param(
        Preprocessor(spell_unknown=True, oov_token=None, vocabulary_size=20),
        id="spelled as far as it goes",
    ),
    pytest.param(
        Preprocessor(
            tokenizer=get_tokenizer("kiwi", output="form/tag"), spell_unknown=True, min_count=2
        ),
        id="spelled without tags",
    ),
]


@pytest.mark.parametrize("preprocessor", PREPROCESSORS)
def test_saved_and_loaded_it_gives_the_same_bytes(preprocessor, tmp_path):
    preprocessor = clone(preprocessor).fit(TEXTS)
    loaded = Preprocessor.load(preprocessor.save(tmp_path / "saved"), strict=True)
    texts = [*TEXTS, "새로운 문장 가성비갑"]
    assert loaded.transform(texts).tobytes() == preprocessor.transform(texts).tobytes()
    assert loaded.save(tmp_path / "again").is_dir()
    for name in ("preprocessor.json", "vocabulary.txt"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "saved" / name).read_bytes()
    assert clone(loaded).fit(TEXTS).vocabulary_ == preprocessor.vocabulary_


def test_it_pickles(fitted):
    assert (pickle.loads(pickle.dumps(fitted)).transform(TEXTS) == fitted.transform(TEXTS)).all()


def rewrite(folder, change):
    """Change preprocessor.json and keep the manifest true, as another analyzer version would."""
    bundle = read_bundle(folder)
    files = {name: bundle.read_bytes(name) for name in bundle.manifest.files}
    saved = json.loads(files["preprocessor.json"])
    change(saved)
    write_bundle(
        folder, {**files, "preprocessor.json": json.dumps(saved).encode()}, kind="preprocessor"
    )


def test_an_analyzer_that_cuts_differently_is_noticed(fitted, tmp_path):
    folder = fitted.save(tmp_path / "saved")

    def older_analyzer(saved):
        saved["golden_samples"][0]["tokens"][0] = "배"
        saved["tokenizer"]["versions"]["kiwipiepy"] = "0.1"

    rewrite(folder, older_analyzer)
    with pytest.warns(DriftWarning, match="배 became 배송.*"):
        Preprocessor.load(folder)
    with pytest.raises(ValueError, match=r"kiwipiepy 0\.1"):
        Preprocessor.load(folder, strict=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(lambda s: s.update(maxlen=-1), "maxlen", id="range"),
        pytest.param(lambda s: s.pop("padding"), "padding", id="missing"),
        pytest.param(lambda s: s.update(extra=1), "extra", id="unknown key"),
        pytest.param(lambda s: s["tokenizer"].update(name="x"), "unknown tokenizer", id="name"),
        pytest.param(
            lambda s: s["cleaner"].update(x=1), "unknown cleaner setting 'x'", id="cleaner"
        ),
    ],
)
def test_settings_from_disk_are_checked(fitted, tmp_path, change, message):
    folder = fitted.save(tmp_path / "saved")
    rewrite(folder, change)
    with pytest.raises(ValueError, match=message):
        Preprocessor.load(folder)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"coverage": 2}, "coverage must be"),
        ({"vocabulary_size": 1}, "vocabulary_size must be"),
        ({"min_count": 0}, "min_count must be"),
        ({"oov_token": ""}, "oov_token must be"),
        ({"oov_buckets": 0}, "oov_buckets must be"),
        ({"padding": "left"}, "padding must be 'pre' or 'post', got 'left'"),
        ({"truncating": "right"}, "truncating must be"),
        ({"maxlen": 5.0}, "maxlen must be a whole number"),
        ({"vocabulary_size": "8000"}, "vocabulary_size must be a whole number or None, got '8000'"),
        ({"min_count": 1.5}, "min_count must be a whole number, got 1.5"),
        ({"oov_buckets": None}, "oov_buckets must be a whole number, got None"),
        ({"oov_token": False}, "oov_token must be a text or None, got False"),
        ({"coverage": "0.9"}, "coverage must be a number or None, got '0.9'"),
    ],
)
def test_wrong_settings_show_before_a_text_is_read(settings, message):
    def texts():
        raise AssertionError("a text was read")
        yield ""

    with pytest.raises((ValueError, TypeError), match=message):
        Preprocessor(**settings).fit(texts())


def test_a_fit_that_fails_leaves_what_was_fitted():
    preprocessor = Preprocessor(tokenizer="whitespace").fit(["가나 다"])
    before = preprocessor.transform(["다 가나"]).tolist()
    with pytest.raises(TypeError, match="row 1"):
        preprocessor.set_params(tokenizer="syllable").fit(["가", None])
    assert preprocessor.transform(["다 가나"]).tolist() == before


def test_what_is_saved_is_what_was_fitted(tmp_path):
    preprocessor = Preprocessor(tokenizer="whitespace").fit(["가나 다"])
    before = preprocessor.transform(["다 모름"]).tolist()
    preprocessor.set_params(oov_token=None, oov_buckets=1).save(tmp_path / "saved")
    assert Preprocessor.load(tmp_path / "saved").transform(["다 모름"]).tolist() == before


def test_a_vocabulary_that_spells_other_tokens_is_refused():
    vocabulary = Vocabulary(("말",), spell_unknown=True, tagged=True)
    preprocessor = Preprocessor(tokenizer="whitespace", spell_unknown=True).adopt(vocabulary, 3)
    with pytest.raises(ValueError, match="with tags, and the tokenizer's output is 'form'"):
        preprocessor.transform(["말"])


def test_special_tokens_that_would_be_lost_are_refused():
    vocabulary = Vocabulary(("말",), special_tokens=("[END]",))
    with pytest.raises(ValueError, match=r"keeps no special tokens: \[END\]"):
        Preprocessor(tokenizer="whitespace").adopt(vocabulary, 3)


def test_a_bundle_is_blamed_though_its_name_stands_in_the_message(tmp_path, monkeypatch, fitted):
    fitted.save(tmp_path / "kiwi")
    rewrite(tmp_path / "kiwi", lambda saved: saved["tokenizer"].update(name="mine"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=r"^kiwi: unknown tokenizer 'mine'.*save the bundle again"):
        Preprocessor.load("kiwi")


def test_stopwords_that_are_a_list_are_told_what_to_be():
    with pytest.raises(
        TypeError, match=r"Stopwords\(words=\[\.\.\.\]\) or None, got \['은', '는'\]"
    ):
        Preprocessor(stopwords=["은", "는"]).fit(["말은 법이다"])
