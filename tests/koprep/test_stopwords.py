import copy
import dataclasses
import json
import pickle
import subprocess
import sys
import time
import unicodedata

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from koprep.hangul import to_compatibility_jamo
from koprep.stopwords import (
    NEGATION,
    Stopwords,
    is_negation,
    list_stopwords,
    suggest_stopwords,
)
from koprep.tokenizers import Token, get_tokenizer, list_tokenizers

COURSE_WORDS = "도 는 다 의 가 이 은 한 에 하 고 을 를 인 듯 과 와 니"
COURSE_TEXT = "택배가 엉망이네용 저희집 밑에층에 말도없이 놔두고가고"
COURSE_KEPT = "택배 엉망 이네 용 저희 집 밑 층 말 없이 놔두고가고"
# how Okt (KoNLPy 0.6) cuts the course's text
COURSE_OKT = (
    "택배/Noun 가/Josa 엉망/Noun 이네/Josa 용/Noun 저희/Modifier 집/Noun 밑/Noun 에/Josa 층/Noun "
    "에/Josa 말/Noun 도/Josa 없이/Adverb 놔두고가고/Verb"
)


def tokens_of(cut: str) -> list[Token]:
    """Tokens from `form/TAG form/TAG`, or from bare forms; the offsets do not matter here."""
    pairs = (unit.partition("/") for unit in cut.split())
    return [Token(form, tag, i, i + len(form)) for i, (form, _, tag) in enumerate(pairs)]


def forms_of(tokens: list[Token]) -> str:
    return " ".join(token.form for token in tokens)


# --- filtering ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stopwords", "cut", "kept"),
    [
        pytest.param(
            Stopwords(), "나/NP 는/JX 안/MAG 가/VV", "나 는 안 가", id="empty drops nothing"
        ),
        pytest.param(
            Stopwords(words={"는"}), "나/NP 는/JX 는/ETM", "나", id="a form, whatever its tag"
        ),
        pytest.param(Stopwords(words={"는"}), "나 는 간다", "나 간다", id="tokens without tags"),
        pytest.param(
            Stopwords(tags=["J"]), "나/NP 는/JX 너/NP 를/JKO", "나 너", id="tag beginning"
        ),
        pytest.param(
            Stopwords(tags=["JX"]), "나/NP 는/JX 너/NP 를/JKO", "나 너 를", id="whole tag"
        ),
        pytest.param(
            Stopwords(tags=["VV"]), "놀/VV 묻/VV-I 곱/VA-I", "곱", id="irregular verbs are verbs"
        ),
        pytest.param(Stopwords(tags=["J"]), "나 는", "나 는", id="no tag, no stop tag"),
        pytest.param(Stopwords(tags=["KS"]), "이/JKS", "이", id="a tag's middle is no beginning"),
        pytest.param(Stopwords(words={"J"}, tags=["X"]), "J/SL", "", id="words are not tags"),
        pytest.param(Stopwords(words={"는"}), "는데/EC 나는", "는데 나는", id="whole forms only"),
        pytest.param(Stopwords(words={"가"}), "", "", id="no tokens"),
        pytest.param(Stopwords(words={"\u11ab다"}), "ㄴ다/EF", "", id="a raw Kiwi ending"),
        pytest.param(
            Stopwords(words={unicodedata.normalize("NFD", "는")}), "나 는", "나", id="NFD list"
        ),
    ],
)
def test_filter(stopwords, cut, kept):
    assert forms_of(stopwords.filter(tokens_of(cut))) == kept


NEGATED = [
    pytest.param("안/MAG 좋/VA 어요/EF", "안", id="안"),
    pytest.param("못/MAG 보/VV 었/EP 어요/EF", "못", id="못"),
    pytest.param("좋/VA 지/EC 않/VX 다/EF", "않", id="않다"),
    pytest.param("하/VV 지/EC 말/VX 자/EC", "말", id="말다"),
    pytest.param("재미/NNG 없/VA 다/EF", "없", id="없다"),
    pytest.param("영화/NNG 이/JKC 아니/VCN 다/EF", "아니", id="아니다"),
    pytest.param("별로/MAG 이/VCP 예요/EF", "별로", id="별로"),
    pytest.param("전혀/MAG 절대/MAG 결코/MAG", "전혀 절대 결코", id="adverbs"),
    pytest.param("재미/NNG 밖에/JX 없/VA 다/EF", "밖에 없", id="밖에 is a particle and negates"),
    pytest.param("재미/NNG 는커녕/JX 감동/NNG 은/JX 커녕/JX", "는커녕 커녕", id="커녕"),
    pytest.param("좋지/Adjective 않았어요/Verb", "않았어요", id="Okt: 않다, inflected"),
    pytest.param("안좋은/Adjective 영화/Noun", "안좋은", id="Okt: 안 glued on"),
    pytest.param("사지/Noun 마세요/Verb", "마세요", id="Okt: 말다, inflected"),
    pytest.param("보지마라/Verb 하지말고/Verb", "보지마라 하지말고", id="Okt: 지 말다 glued on"),
    pytest.param("이/Determiner 것/Noun 말고/Josa", "말고", id="Okt: 말고 as a particle"),
    pytest.param("재미없는/Adjective 영화/Noun", "재미없는", id="Okt: 없다 glued on"),
    pytest.param(
        "아닌데/Adjective 아닙니다/Adjective", "아닌데 아닙니다", id="Okt: 아니다, inflected"
    ),
]


@pytest.mark.parametrize(("cut", "kept"), NEGATED)
def test_negation_stays_whatever_the_list(cut, kept):
    tokens = tokens_of(cut)
    by_word = Stopwords(words={token.form for token in tokens})
    by_tag = Stopwords(tags=[token.tag for token in tokens])
    for stopwords in (by_word, by_tag, by_word | by_tag):
        assert forms_of(stopwords.filter(tokens)) == kept
        assert dataclasses.replace(stopwords, keep_negation=False).filter(tokens) == []


@pytest.mark.parametrize("form", sorted(NEGATION))
def test_every_documented_negation_negates(form):
    assert is_negation(form)


LOOKALIKES = (
    "안녕 안내 안타깝 안경 동안 편안 마음 마지막 마저 마다 마라탕 마요네즈 마시 말씀 말랑말랑 "
    "히말라야 정말 결말 연말 미안하 불안한 아 아이 아주 커 밖 절 별 지 은 는 도 이 좋 하 "
    "피아니스트"
)


@pytest.mark.parametrize("form", LOOKALIKES.split())
def test_words_that_only_look_like_negation(form):
    assert not is_negation(form)


def test_is_stopword_takes_bare_forms():
    stopwords = Stopwords(words={"는"}, tags=("J",))
    assert stopwords.is_stopword("는")
    assert not stopwords.is_stopword("도")
    assert stopwords.is_stopword(Token("도", "JX", 0, 1))


def test_filtering_a_corpus_is_fast():
    tokens = tokens_of(
        "이/MM 영화/NNG 는/JX 정말/MAG 재미있/VA 고/EC 배우/NNG 도/JX 좋/VA 았/EP 다/EF"
    )
    reviews = [[*tokens, *tokens[:3]]] * 15_000
    stopwords = Stopwords.named("general") | Stopwords.named("particles")
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        for review in reviews:
            stopwords.filter(review)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.15  # about 0.025 on a quiet machine


# --- named lists ----------------------------------------------------------------------------


def test_the_lecture_list_is_the_courses():
    assert Stopwords.named("lecture").words == frozenset(COURSE_WORDS.split())
    assert Stopwords.named("lecture").tags == ()


def test_the_lecture_file_keeps_the_courses_order():
    from koprep.stopwords import lists

    text = (lists._FOLDER / "lecture.tsv").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    assert " ".join(rows) == COURSE_WORDS


@pytest.mark.parametrize("with_tags", [True, False], ids=["tags", "no tags"])
def test_lecture_example(with_tags):
    tokens = tokens_of(COURSE_OKT)
    if not with_tags:
        tokens = [token._replace(tag="") for token in tokens]
    assert forms_of(Stopwords.named("lecture").filter(tokens)) == COURSE_KEPT


@pytest.mark.skipif("okt" not in list_tokenizers(), reason="no Okt tokenizer")
def test_lecture_example_through_okt():
    pytest.importorskip("konlpy")
    tokens = get_tokenizer("okt").tokenize(COURSE_TEXT)
    assert forms_of(Stopwords.named("lecture").filter(tokens)) == COURSE_KEPT


@pytest.mark.parametrize(
    ("cut", "kept"),
    [
        pytest.param(
            "택배/NNG 가/JKS 집/NNG 에/JKB 오/VV 었/EP 다/EF",
            "택배 집 오 었 다",
            id="Kiwi, Komoran, Kkma",
        ),
        pytest.param("너/NP+JX 는/JX 뭘/NP+JKO", "너 뭘", id="MeCab: a joined tag is its first"),
        pytest.param("택배/N 가/J 오/P 았다/E", "택배 오 았다", id="Hannanum"),
        pytest.param("택배/Noun 가/Josa 왔다/Verb", "택배 왔다", id="Okt"),
    ],
)
def test_particles_of_every_tag_set(cut, kept):
    assert forms_of(Stopwords.named("particles").filter(tokens_of(cut))) == kept


def test_particles_through_kiwi():
    tokens = get_tokenizer("kiwi").tokenize("나는 이 영화를 집에서도 봤다")
    assert forms_of(Stopwords.named("particles").filter(tokens)) == "나 이 영화 집 보 었 다"


def test_general_through_kiwi():
    tokens = get_tokenizer("kiwi").tokenize("그런데 이 영화는 재미밖에 없는 것이 아니다")
    assert forms_of(Stopwords.named("general").filter(tokens)) == "영화 재미 밖에 없 아니"


def test_general_is_of_sensible_size_and_holds_no_content():
    words = Stopwords.named("general").words
    assert 150 <= len(words) <= 250
    content = "영화 배송 좋 재미 최고 정말 너무 있 보 사 쓰 있다 보다 라면"
    assert words.isdisjoint(content.split())


@pytest.mark.parametrize("name", list_stopwords())
class TestNamedList:
    def test_holds_no_negation(self, name):
        assert [word for word in Stopwords.named(name).words if is_negation(word)] == []

    def test_is_composed_and_listed_once(self, name):
        from koprep.stopwords import lists

        text = (lists._FOLDER / f"{name}.tsv").read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text)
        rows = [line for line in text.splitlines() if not line.startswith("#")]
        stopwords = Stopwords.named(name)
        assert len(rows) == len(stopwords.words) + len(stopwords.tags)

    def test_names_source_and_licence(self, name):
        from koprep.stopwords import lists

        header = (lists._FOLDER / f"{name}.tsv").read_text(encoding="utf-8")[:600]
        assert header.startswith("# ")
        assert "Source:" in header
        assert "icence:" in header

    def test_knows_its_name(self, name):
        assert Stopwords.named(name).name == name
        assert Stopwords.from_dict(Stopwords.named(name).to_dict()).name == name


@pytest.mark.parametrize("name", ["korean", "", "../stopwords/lecture", "lecture.tsv"])
def test_unknown_name_lists_the_choices(name):
    with pytest.raises(ValueError, match="choose from general, lecture, particles"):
        Stopwords.named(name)


# --- values ---------------------------------------------------------------------------------

# Invisible fillers are dropped from a word, and nothing would be left of some.
words = st.text(min_size=1, max_size=4).map(to_compatibility_jamo).map(str.strip).filter(bool)
tags = st.sampled_from(["J", "JX", "E", "Josa", "V", "SW"])
word_sets = st.frozensets(words | st.sampled_from(sorted(NEGATION)), max_size=8)
some_stopwords = st.builds(
    Stopwords,
    words=word_sets,
    tags=st.lists(tags, max_size=3),
    keep_negation=st.booleans(),
    name=st.none() | st.just("mine"),
)
some_tokens = st.lists(
    st.builds(
        Token,
        st.sampled_from(["나", "는", "안", "없는", "좋", "", *sorted(NEGATION)]) | words,
        st.sampled_from(["", "J", "JX", "JKO", "VV-I", "VA", "Josa", "Noun"]),
        st.just(0),
        st.just(1),
    ),
    max_size=20,
)


@given(some_stopwords, some_tokens)
def test_filter_keeps_order_is_idempotent_and_agrees_with_is_stopword(stopwords, tokens):
    kept = stopwords.filter(tokens)
    assert kept == [token for token in tokens if not stopwords.is_stopword(token)]
    assert stopwords.filter(kept) == kept


@given(some_stopwords, some_tokens)
def test_negation_is_kept(stopwords, tokens):
    stopwords = dataclasses.replace(stopwords, keep_negation=True)
    negation = [token for token in tokens if is_negation(token.form)]
    assert [token for token in stopwords.filter(tokens) if is_negation(token.form)] == negation


@given(some_stopwords, word_sets)
def test_add_then_remove_is_the_original(stopwords, more):
    new = Stopwords(words=more).words - stopwords.words
    assert stopwords.add(new).words == stopwords.words | new
    assert stopwords.add(new).remove(new) == stopwords


@given(some_stopwords)
def test_json_round_trip(stopwords):
    saved = json.loads(json.dumps(stopwords.to_dict()))
    restored = Stopwords.from_dict(saved)
    assert restored == stopwords
    assert hash(restored) == hash(stopwords)
    assert restored.name == stopwords.name
    assert restored.to_dict() == saved


@given(some_stopwords)
def test_pickle_and_copy(stopwords):
    assert pickle.loads(pickle.dumps(stopwords)) == stopwords
    assert copy.deepcopy(stopwords) == stopwords


@given(some_stopwords, some_stopwords, some_tokens)
def test_union_drops_what_either_drops(left, right, tokens):
    both = left | right
    assert both.keep_negation == (left.keep_negation or right.keep_negation)
    for token in tokens:
        expected = left.is_stopword(token) or right.is_stopword(token)
        if both.keep_negation:
            expected = expected and not is_negation(token.form)
        assert both.is_stopword(token) == expected


def test_order_does_not_matter():
    assert Stopwords(tags=["J", "E", "J"]) == Stopwords(tags=("E", "J"))
    assert list(Stopwords(words=["이", "가"]).to_dict()["words"]) == ["가", "이"]


def test_saved_form():
    assert Stopwords.named("particles").to_dict() == {
        "words": [],
        "tags": ["J", "Josa"],
        "name": "particles",
    }
    assert Stopwords(words={"안"}, keep_negation=False).to_dict() == {
        "words": ["안"],
        "tags": [],
        "keep_negation": False,
    }


def test_a_changed_list_loses_its_name_and_keeps_its_settings():
    lecture = dataclasses.replace(Stopwords.named("lecture"), tags=("J",), keep_negation=False)
    for changed in (lecture.add(["요"]), lecture.remove(["도"])):
        assert changed.name is None
        assert changed.tags == ("J",)
        assert not changed.keep_negation
    assert Stopwords.named("lecture") == Stopwords(words=COURSE_WORDS.split())


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        pytest.param(lambda: Stopwords(words="는"), TypeError, r"\['는'\]", id="bare word"),
        pytest.param(lambda: Stopwords(tags="J"), TypeError, r"\['J'\]", id="bare tag"),
        pytest.param(lambda: Stopwords().add("는"), TypeError, r"\['는'\]", id="add one"),
        pytest.param(lambda: Stopwords().remove("는"), TypeError, r"\['는'\]", id="remove one"),
        pytest.param(lambda: Stopwords(words=[3]), TypeError, "3", id="number"),
        pytest.param(lambda: Stopwords(tags=[None]), TypeError, "None", id="no tag"),
        pytest.param(lambda: Stopwords(words=[""]), ValueError, "''", id="empty word"),
        pytest.param(lambda: Stopwords(words=["\u115f"]), ValueError, "''", id="invisible"),
        pytest.param(lambda: Stopwords(tags=[""]), ValueError, "''", id="empty tag stops all"),
        pytest.param(lambda: Stopwords(words=["는 "]), ValueError, "'는 '", id="space"),
        pytest.param(lambda: Stopwords(keep_negation="no"), TypeError, "'no'", id="flag"),
        pytest.param(lambda: Stopwords(name=3), TypeError, "3", id="name"),
        pytest.param(lambda: Stopwords.from_dict({"word": []}), ValueError, "'word'", id="key"),
        pytest.param(lambda: Stopwords.from_dict({"words": "는"}), TypeError, "'는'", id="string"),
        pytest.param(lambda: Stopwords() | {"는"}, TypeError, "unsupported", id="union with a set"),
    ],
)
def test_refused_values(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Stopwords().words = frozenset({"는"})


def test_import_is_light():
    heavy = "{'numpy', 'scipy', 'sklearn', 'kiwipiepy', 'konlpy', 'jpype'}"
    code = f"import sys, koprep.stopwords; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("는\n이\n", Stopwords(words={"는", "이"}), id="one a line"),
        pytest.param("는\r\n이", Stopwords(words={"는", "이"}), id="Windows lines"),
        pytest.param("는\r이\r", Stopwords(words={"는", "이"}), id="old Mac lines"),
        pytest.param("\ufeff는\n이\n", Stopwords(words={"는", "이"}), id="byte order mark"),
        pytest.param(
            "# 조사\n\n  는  \n \n", Stopwords(words={"는"}), id="comments, blanks, spaces"
        ),
        pytest.param("는\tJX\t보조사\n는\tETM\n", Stopwords(words={"는"}), id="columns, twice"),
        pytest.param("*\tJ\t조사\n는\n", Stopwords(words={"는"}, tags=["J"]), id="stop tag"),
        pytest.param("*\n", Stopwords(words={"*"}), id="an asterisk is a word"),
        pytest.param("는#\n", Stopwords(words={"는#"}), id="a comment fills its line"),
        pytest.param("하는 김에\n", Stopwords(words={"하는 김에"}), id="space inside"),
        pytest.param(
            unicodedata.normalize("NFD", "는\n"), Stopwords(words={"는"}), id="decomposed"
        ),
    ],
)
def test_from_file(tmp_path, content, expected):
    path = tmp_path / "words.txt"
    path.write_bytes(content.encode())
    assert Stopwords.from_file(path) == expected
    assert Stopwords.from_file(str(path)) == expected


def test_from_file_in_cp949(tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes("는\n안\n".encode("cp949"))
    stopwords = Stopwords.from_file(path, encoding="cp949", keep_negation=False)
    assert stopwords.words == {"는", "안"}
    assert stopwords.is_stopword("안")
    assert not Stopwords.from_file(path, encoding="cp949").is_stopword("안")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_from_file_in_an_encoding_that_is_told(tmp_path, encoding):
    path = tmp_path / "words.txt"
    path.write_bytes(COURSE_WORDS.replace(" ", "\r\n").encode(encoding))
    assert Stopwords.from_file(path) == Stopwords.named("lecture")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf", "holds no stopword", id="a byte order mark alone"),
        pytest.param(b"# a comment\n\n \n", "holds no stopword", id="comments alone"),
        pytest.param(
            b"a\r\nb\r\n" + "는\r\n".encode("cp949"),
            r"line 3 is not UTF-8, .* give its encoding",
            id="too short to tell from CP949",
        ),
        pytest.param("는\r\n\tJX\r\n".encode(), "line 2: no word", id="a tag without a word"),
    ],
)
def test_refused_files(tmp_path, content, message):
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message) as caught:
        Stopwords.from_file(path)
    assert str(path) in str(caught.value)


def test_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.txt.*Stopwords\.named opens general"):
        Stopwords.from_file(tmp_path / "nowhere.txt")


@given(some_stopwords)
def test_file_round_trip(tmp_path_factory, stopwords):
    assume(stopwords.words or stopwords.tags)
    assume(not any(word.startswith("#") or set(word) & set("\t\r\n") for word in stopwords.words))
    path = tmp_path_factory.mktemp("stopwords") / "words.tsv"
    stopwords.to_file(path)
    assert Stopwords.from_file(path, keep_negation=stopwords.keep_negation) == stopwords


@pytest.mark.parametrize("name", list_stopwords())
def test_named_lists_survive_a_file(tmp_path, name):
    Stopwords.named(name).to_file(tmp_path / "words.tsv")
    assert Stopwords.from_file(tmp_path / "words.tsv") == Stopwords.named(name)


@pytest.mark.parametrize("word", ["#해시", "두\t칸", "두\n줄", "두\r줄"])
def test_words_that_a_file_cannot_hold(tmp_path, word):
    with pytest.raises(ValueError, match="one word a line"):
        Stopwords(words={word}).to_file(tmp_path / "words.tsv")
    with pytest.raises(ValueError, match="one word a line"):
        Stopwords(tags=[word]).to_file(tmp_path / "words.tsv")
    assert not (tmp_path / "words.tsv").exists()


def test_an_empty_list_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="empty"):
        Stopwords().to_file(tmp_path / "words.tsv")


# --- suggestions ----------------------------------------------------------------------------


def random_corpus(num_labels=2, texts=4000, seed=7):
    """Texts of neutral tokens and of tokens whose share depends on the label."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(num_labels, size=texts)
    shares = {
        "neutral-often": lambda y: 0.6,
        "neutral-seldom": lambda y: 0.05,
        "좋": lambda y: 0.30 if y == 0 else 0.15,
        "싫": lambda y: 0.05 if y == 0 else 0.10,
        "안": lambda y: 0.2,
    }
    token_lists = [
        ["always", *(token for token, share in shares.items() if generator.random() < share(y))]
        for y in labels
    ]
    return token_lists, labels


@pytest.mark.parametrize("num_labels", [2, 3])
def test_suggests_neutral_tokens_only_most_frequent_first(num_labels):
    token_lists, labels = random_corpus(num_labels)
    suggestions = suggest_stopwords(token_lists, labels)
    assert [row.token for row in suggestions] == ["always", "neutral-often", "neutral-seldom"]
    assert suggestions[0].document_share == 1
    assert suggestions[0].information == 0


@pytest.mark.parametrize("num_labels", [2, 3])
def test_information_and_p_value_are_those_of_the_libraries(num_labels):
    from scipy.stats import chi2_contingency
    from sklearn.metrics import mutual_info_score

    token_lists, labels = random_corpus(num_labels)
    rows = {row.token: row for row in suggest_stopwords(token_lists, labels, min_p_value=0)}
    assert set(rows) == {"always", "neutral-often", "neutral-seldom", "좋", "싫"}
    for token, row in rows.items():
        present = np.array([token in tokens for tokens in token_lists])
        assert row.document_share == pytest.approx(present.mean())
        bits = mutual_info_score(present, labels) / np.log(2)
        assert row.information == pytest.approx(bits, abs=1e-12)
        if token != "always":  # the library refuses a column of zeros
            table = [[np.sum(present[labels == y] == x) for y in set(labels)] for x in (0, 1)]
            test = chi2_contingency(table, correction=False, lambda_="log-likelihood")
            assert row.p_value == pytest.approx(test.pvalue, rel=1e-6)


def test_exact_independence_is_certain():
    """Here the sum of the information's terms rounds to just below 0, where no p-value is."""
    labels = [0] * 50 + [1] * 150
    token_lists = [["가"] if i % 50 < 5 else [] for i in range(200)]
    (row,) = suggest_stopwords(token_lists, labels)
    assert (row.information, row.p_value) == (0, 1)


def test_p_values_are_calibrated():
    """Of tokens unrelated to the label, min_p_value=0.05 passes about 95 in 100."""
    generator = np.random.default_rng(11)
    labels = generator.integers(2, size=2000)
    holds = generator.random((2000, 1000)) < 0.1
    token_lists = [[f"w{i}" for i in np.flatnonzero(row)] for row in holds]
    assert 0.93 < len(suggest_stopwords(token_lists, labels)) / 1000 < 0.97


def test_tokens_labels_and_iterators_of_any_kind():
    token_lists, labels = random_corpus()
    expected = suggest_stopwords(token_lists, labels)
    as_tokens = ([Token(form, "X", 0, 1) for form in forms] for forms in token_lists)
    assert suggest_stopwords(as_tokens, ["부정" if y else "긍정" for y in labels]) == expected
    twice = [forms * 2 for forms in token_lists]
    assert suggest_stopwords(twice, labels.tolist()) == expected, "presence counts, not frequency"


@pytest.mark.parametrize(
    ("settings", "tokens"),
    [
        pytest.param({"min_share": 0.5}, ["always", "neutral-often"], id="share"),
        pytest.param({"min_count": 4000}, ["always"], id="count"),
        pytest.param({"min_count": 4001}, [], id="more than there are"),
        pytest.param({"min_p_value": 1.0}, ["always"], id="certainly nothing"),
    ],
)
def test_suggestion_settings(settings, tokens):
    assert [row.token for row in suggest_stopwords(*random_corpus(), **settings)] == tokens


def test_negation_is_never_suggested():
    tokens = [*sorted(NEGATION), "않았다", "재미없다"]
    assert suggest_stopwords([tokens] * 200, [0, 1] * 100) == []


def test_tokens_too_rare_to_tell_are_not_suggested():
    """Among 4 texts of label 1 in 100, a token in 50 texts is expected twice: too few to judge."""
    token_lists = [["절반"] if i % 2 else [] for i in range(100)]
    assert suggest_stopwords(token_lists, [int(i < 4) for i in range(100)]) == []
    assert len(suggest_stopwords(token_lists, [int(i < 10) for i in range(100)])) == 1


@pytest.mark.parametrize(
    ("token_lists", "labels", "settings", "error", "message"),
    [
        pytest.param(["좋 다"], [1], {}, TypeError, "'좋 다'", id="text not cut"),
        pytest.param(
            [["좋"]] * 3, [0, 1], {}, ValueError, r"3 labels.*\(2,\)", id="too few labels"
        ),
        pytest.param([["좋"]] * 2, [[0], [1]], {}, ValueError, r"\(2, 1\)", id="labels in columns"),
        pytest.param([["좋"]] * 2, [1, 1], {}, ValueError, "differ", id="one label"),
        pytest.param([], [], {}, ValueError, "differ", id="no texts"),
        pytest.param([["좋"]] * 2, [0, 1], {"min_share": 2}, ValueError, "2", id="share"),
        pytest.param([["좋"]] * 2, [0, 1], {"min_count": 0}, ValueError, "0", id="count"),
        pytest.param([["좋"]] * 2, [0, 1], {"min_p_value": -1}, ValueError, "-1", id="p value"),
    ],
)
def test_refused_suggestions(token_lists, labels, settings, error, message):
    with pytest.raises(error, match=message):
        suggest_stopwords(token_lists, labels, **settings)


def test_texts_without_tokens_count_as_texts():
    token_lists = [["가"], []] * 100
    (row,) = suggest_stopwords(token_lists, [0, 0, 1, 1] * 50)
    assert row.document_share == 0.5
    assert suggest_stopwords([[]] * 4, [0, 1] * 2) == []
