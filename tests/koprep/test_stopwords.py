import dataclasses
import unicodedata

import pytest

from koprep.stopwords import NEGATION, Stopwords, is_negation, list_stopwords
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
