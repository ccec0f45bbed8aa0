"""What holds for every tokenizer."""

import json
import multiprocessing
import pickle
import random
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from koprep import get_tokenizer
from koprep.datasets import load
from koprep.tokenizers.base import Token, register_tokenizer
from koprep.tokenizers.tags import PRESETS, TO_UNIVERSAL, expand_tags, to_universal

ENGINES = ["kiwi", "okt", "komoran", "hannanum", "kkma", "mecab"]
ELSEWHERE = ["kiwi", "okt", "komoran", "mecab"]
"""To be cut with in other processes: Hannanum and Kkma get there as Okt does, and slower."""
ALL = [*ENGINES, "whitespace", "syllable", "character", "jamo"]
REVIEWS = load("mini_reviews", split="test", limit=60).texts

# Strings that break analyzers: nothing, controls, half characters, joiners, old and bare letters.
FRAGMENTS = [
    "", " ", "\n", "\t", "\0", "\ud800", "\udc00", "😀", "👨‍👩‍👧", "👍🏽", "\u200b", "\ufeff",
    "ㅋ" * 30, "ㅠㅠ", "ᆫ다", "𠀀", "\ue000", "漢字", "http://a.b/c?d=e", "a@b.kr", "<br>", "...",
    "!?!?", "/", "+", "는" * 9, "가나" * 6, "영화가 재밌다", "안 봤어요", "12,000원", "ABC", "\\",
    "'", '"', "①", "㎏", "￦", "옛ᄒᆞᆫ글", "가" * 60, "\r\n", "#tag", "@name", "%s", "{}", "\x85",
    "\u2028",
]  # fmt: skip
odd_texts = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=6), max_size=6).map("".join)


def test_every_tokenizer_is_tested():
    elsewhere = {"keras_words"}  # in test_keras_compat_takeover.py
    ask = "import koprep; print(*koprep.list_tokenizers())"  # other tests register more
    told = subprocess.run([sys.executable, "-c", ask], capture_output=True, check=True, text=True)
    assert set(told.stdout.split()) == {*ALL, *elsewhere}


@pytest.mark.parametrize("name", ALL)
@given(text=odd_texts)
@example(text="")
@example(text="\ud800\udc00")
@settings(max_examples=40, deadline=None)
def test_any_text_gets_tokens_inside_it(name, text):
    tokens = get_tokenizer(name).tokenize(text)
    for token in tokens:
        assert 0 <= token.start <= token.end <= len(text)
        assert token.form
        token.form.encode()
    starts = [token.start for token in tokens]
    assert starts == sorted(starts)


@pytest.mark.parametrize("name", ALL)
def test_batches_equal_single_texts(name):
    tokenizer = get_tokenizer(name)
    one_by_one = [tokenizer.tokenize(text) for text in REVIEWS]
    assert list(tokenizer.tokenize_many(iter(REVIEWS))) == one_by_one


@pytest.mark.parametrize("name", ALL)
def test_surface_forms_stand_where_the_offsets_say(name):
    text = "영화가 아주 좋다"
    forms = {text[token.start : token.end] for token in get_tokenizer(name).tokenize(text)}
    expected = {"whitespace": "영화가", "syllable": "영", "character": "영", "jamo": "영"}.get(
        name, "영화"
    )
    assert expected in forms


@pytest.mark.parametrize("name", ALL)
def test_a_tokenizer_travels_as_its_settings(name):
    tokenizer = get_tokenizer(name)
    tokenizer.tokenize("여는 문장")
    copy = pickle.loads(pickle.dumps(tokenizer))
    assert copy == tokenizer
    saved = json.loads(json.dumps(tokenizer.settings()))
    assert get_tokenizer(name, **saved) == tokenizer
    assert copy.tokenize(REVIEWS[0]) == tokenizer.tokenize(REVIEWS[0])


@pytest.mark.parametrize("name", ENGINES)
def test_eight_threads_share_one_tokenizer(name):
    tokenizer = get_tokenizer(name)
    expected = [tokenizer.tokenize(text) for text in REVIEWS]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(tokenizer.tokenize, REVIEWS)) == expected


def tokenize_many(tokenizer):
    return list(tokenizer.tokenize_many(REVIEWS[:20]))


@pytest.mark.parametrize("name", ELSEWHERE)
def test_spawned_workers_cut_the_same(name):
    words = {"user_words": (("가성비갑", "NNP"),)} if name in ("kiwi", "komoran") else {}
    tokenizer = get_tokenizer(name, **words)
    expected = tokenize_many(tokenizer)
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as workers:
        assert workers.submit(tokenize_many, tokenizer).result(timeout=120) == expected


@pytest.mark.parametrize("cores", [1, 2])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"output": "form/tag"},
        {"output": "lemma"},
        {"output": "form/tag", "drop_tags": ("J", "E")},
        {"keep_tags": ("NN",)},
    ],
)
def test_what_is_written_of_many_texts_is_what_their_tokens_are_written_as(
    monkeypatch, settings, cores
):
    monkeypatch.setattr("koprep.tokenizers.kiwi.available_cores", lambda: cores)
    tokenizer = get_tokenizer("kiwi", **settings)
    texts = ["영화가 정말 재밌었어요", "", "가나다라" * 700 + " 좋아요", "a\ud800b", "끝"]
    due = [tokenizer.render(tokens) for tokens in tokenizer.tokenize_many(texts)]
    assert list(tokenizer.render_many(texts)) == due
    assert len(due[2]) > 100
    with pytest.raises(TypeError, match="expected many texts, got one string"):
        tokenizer.render_many("영화")
    with pytest.raises(TypeError, match="got int"):
        list(tokenizer.render_many(["가", 3]))


# In a process of its own: this one has run every engine, and forking it would fork all of that.
FORK = """
import gc, multiprocessing, os, sys
from koprep import get_tokenizer

TEXTS = ["영화가 재밌다", "음 별로...", ""] * 50

def cut(tokenizer):
    gc.collect()
    return [tokenizer.tokenize(TEXTS[0]), *tokenizer.tokenize_many(TEXTS)]

tokenizer = get_tokenizer(sys.argv[1])
here = cut(tokenizer)
with multiprocessing.get_context("fork").Pool(1) as workers:
    assert workers.apply_async(cut, (tokenizer,)).get(timeout=60) == here, "a pool's worker"
child = os.fork()
if child == 0:
    sys.exit(0 if cut(tokenizer) == here else 3)  # and so through everything at_exit
assert os.waitpid(child, 0)[1] == 0, "a forked child"
print("same")
"""


@pytest.mark.parametrize("name", ELSEWHERE)
def test_forked_workers_cut_the_same(name):
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORK, name],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert result.stdout == "same\n", result.stderr
    assert result.stderr == ""


def test_a_fresh_process_that_dies_says_so():
    from koprep.tokenizers.elsewhere import FreshProcess

    tokenizer = get_tokenizer("okt")
    process = FreshProcess()
    with pytest.raises(TypeError, match="NoneType"):
        process.cut(tokenizer, [None])
    assert process.cut(tokenizer, ["영화"]) == [[Token("영화", "Noun", 0, 2)]]
    process._process.kill()
    with pytest.raises(ChildProcessError, match=r"okt ended \(exit status -9\)"):
        process.cut(tokenizer, ["영화"])
    assert not process.alive


@pytest.mark.parametrize("name", ["kiwi", "komoran"])
def test_user_words_are_known(name):
    text = "이건 완전 가성비갑이네요"
    assert "가성비갑" not in [t.form for t in get_tokenizer(name).tokenize(text)]
    knowing = get_tokenizer(name, user_words=["가성비갑"])
    assert ("가성비갑", "NNP") in [t[:2] for t in knowing.tokenize(text)]


@pytest.mark.parametrize(
    ("name", "settings", "text", "forms"),
    [
        pytest.param("kiwi", {}, "예뻤다", ["예쁘", "었", "다"], id="morphemes"),
        pytest.param("kiwi", {"output": "lemma"}, "예뻤다", ["예쁘다", "었", "다"], id="lemma"),
        pytest.param("komoran", {"output": "lemma"}, "갔다", ["가다", "았", "다"], id="added 다"),
        pytest.param("kiwi", {"keep_tags": "nouns"}, "배송이 빨라요", ["배송"], id="preset"),
        pytest.param(
            "kiwi", {"drop_tags": ("J", "E")}, "배송이 빨라요", ["배송", "빠르"], id="drop"
        ),
        pytest.param("okt", {"keep_tags": ("Noun",)}, "배송이 빨라요", ["배송"], id="okt tag"),
        pytest.param("okt", {"stem": True}, "갔어요", ["가다"], id="okt stem"),
        pytest.param("okt", {"output": "lemma"}, "갔어요", ["가다"], id="okt lemma"),
        pytest.param("okt", {"norm": True}, "되나욬ㅋㅋ", ["되나요", "ㅋㅋ"], id="okt norm"),
        pytest.param("mecab", {"keep_tags": ("VA",)}, "가까웠다", ["가까웠"], id="joined tag"),
        pytest.param(
            "kiwi",
            {"space_tolerance": 2},
            "배 송이 빨 라요",
            ["배송", "이", "빠르", "어요"],
            id="wrong spaces",
        ),
        pytest.param("kiwi", {"typos": "basic"}, "외않되", ["왜", "않", "되"], id="typos"),
        pytest.param(
            "kiwi", {"dialects": ("jeju",)}, "보고싶수다", ["보", "고", "싶", "수다"], id="jeju"
        ),
        pytest.param("kiwi", {}, "간다", ["가", "ㄴ다"], id="compatibility jamo"),
    ],
)
def test_settings(name, settings, text, forms):
    assert [token.form for token in get_tokenizer(name, **settings).tokenize(text)] == forms


@pytest.mark.parametrize(
    ("name", "settings", "error", "message"),
    [
        pytest.param("mecap", {}, ValueError, "unknown tokenizer 'mecap'.*mecab", id="name"),
        pytest.param("kiwi", {"outputs": 1}, ValueError, "unknown setting 'outputs'", id="setting"),
        pytest.param("kiwi", {"output": "word"}, ValueError, "output must be one of", id="output"),
        pytest.param("kiwi", {"keep_tags": "noun"}, ValueError, "no preset", id="preset"),
        pytest.param("kiwi", {"keep_tags": ("Noun",)}, ValueError, "unknown tag 'Noun'", id="tag"),
        pytest.param("kiwi", {"typos": "all"}, ValueError, "typos must be", id="typos"),
        pytest.param("kiwi", {"dialects": ("busan",)}, ValueError, "dialects", id="dialect"),
        pytest.param("kiwi", {"space_tolerance": -1}, ValueError, "space_tolerance", id="spaces"),
        pytest.param("kiwi", {"space_tolerance": "2"}, ValueError, "got '2'", id="spaces as text"),
        pytest.param("kiwi", {"dialects": "jeju"}, TypeError, "one string 'jeju'", id="a dialect"),
        pytest.param("kiwi", {"user_words": [5]}, ValueError, "got 5", id="a number"),
        pytest.param("kiwi", {"user_words": ["가\t나"]}, ValueError, "got '가", id="a tab"),
        pytest.param("kiwi", {"user_words": "가"}, TypeError, "many words", id="one word"),
        pytest.param("komoran", {"user_words": [("가", "")]}, ValueError, "pair", id="no tag"),
        pytest.param("okt", {"user_words": ["가"]}, ValueError, "unknown setting", id="okt words"),
        pytest.param("mecab", {"output": "lemma"}, ValueError, "no lemmas", id="mecab lemma"),
        pytest.param("syllable", {"output": "lemma"}, ValueError, "needs tags", id="no tags"),
        pytest.param("jamo", {"drop_tags": ("J",)}, ValueError, "has no tags", id="no tags drop"),
    ],
)
def test_bad_settings_are_named(name, settings, error, message):
    with pytest.raises(error, match=message):
        get_tokenizer(name, **settings)


@pytest.mark.parametrize("name", ["kiwi", "syllable"])
def test_what_is_no_text_is_refused(name):
    tokenizer = get_tokenizer(name)
    with pytest.raises(TypeError, match="expected a text, got int 3"):
        tokenizer.tokenize(3)
    with pytest.raises(TypeError, match="expected many texts, got one string"):
        tokenizer.tokenize_many("가나")


def test_a_taken_name_is_refused():
    with pytest.raises(ValueError, match="already registered"):
        register_tokenizer("kiwi", "somewhere:Else")


def test_presets_mean_the_same_in_every_engine():
    for tag_set, tags in TO_UNIVERSAL.items():
        for preset, universal in PRESETS.items():
            assert {tags[tag] for tag in expand_tags(preset, tag_set)} <= universal
    assert to_universal("VA+EP", "mecab") == to_universal("Adjective", "okt") == "ADJ"
    assert to_universal("tag of next year", "kiwi") == "X"


@pytest.mark.parametrize("name", ["okt", "komoran", "hannanum", "kkma"])
def test_a_long_text_is_cut_whole(name):
    text = "이 영화 정말 재미있어요 " * (80 if name == "kkma" else 800)
    tokens = get_tokenizer(name).tokenize(text)
    assert tokens[-1].end == len(text) - 1


@pytest.mark.parametrize("name", ["kiwi", "mecab", "whitespace", "syllable", "jamo"])
def test_a_megabyte_is_cut_whole(name):
    letters = random.Random(0)
    anything = "".join(chr(letters.randrange(1, 0x11000)) for _ in range(200_000))
    text = anything + "이 영화 정말 재미있어요 " * 20_000
    assert len(text.encode("utf-8", "surrogatepass")) > 10**6
    tokens = get_tokenizer(name).tokenize(text)
    assert tokens[-1].end == len(text) - 1


@pytest.mark.parametrize("name", ["kiwi", "mecab"])
def test_a_text_without_a_space_does_not_disturb_its_neighbours(name):
    texts = ["영화가 재밌다", "a" * 5_000, "", "한 편 " + "ㅋ" * 9_000 + " 봤다", "음"]
    tokenizer = get_tokenizer(name)
    found = list(tokenizer.tokenize_many(texts))
    assert found == [tokenizer.tokenize(text) for text in texts]
    for text, tokens in zip(texts, found, strict=True):
        seen = {place for _, _, start, end in tokens for place in range(start, end)}
        assert seen == {place for place, character in enumerate(text) if character != " "}


def test_a_missing_extra_says_what_to_install(monkeypatch):
    from koprep.tokenizers import jvm, mecab

    for module in ("jpype", "konlpy", "mecab"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'koprep\[konlpy\]'"):
        jvm.import_konlpy()
    monkeypatch.setattr(mecab._local, "tagger", None, raising=False)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'koprep\[mecab\]'"):
        get_tokenizer("mecab").tokenize("가")


def test_an_answer_nobody_read_is_never_taken_for_the_next(monkeypatch):
    from koprep.tokenizers import elsewhere

    def interrupted(stream):
        raise KeyboardInterrupt

    process = elsewhere.FreshProcess()
    with monkeypatch.context() as patch:
        patch.setattr(elsewhere.pickle, "load", interrupted)
        with pytest.raises(KeyboardInterrupt):
            process.cut(get_tokenizer("okt"), ["영화"])
    process._process.wait(timeout=60)
    assert not process.alive


def test_mecab_without_loky_cuts_the_same(monkeypatch):
    texts = [f"{number}번째 영화가 재밌다" for number in range(1_500)]
    tokenizer = get_tokenizer("mecab")
    expected = list(tokenizer.tokenize_many(texts))
    monkeypatch.setitem(sys.modules, "loky", None)
    assert list(tokenizer.tokenize_many(texts)) == expected


def test_what_is_no_morpheme_is_joined_as_it_is():
    kiwi = get_tokenizer("kiwi", output="form/tag")
    assert kiwi.join(["[OOV]", "가/VV", "ㄴ다/EF"]) == "[OOV] 간다"
    assert get_tokenizer("okt", output="form/tag").join(["[OOV]", "영화/Noun"]) == "[OOV] 영화"


def test_the_version_of_an_engine_that_is_missing_says_what_to_install(monkeypatch):
    monkeypatch.setattr(type(get_tokenizer("okt")), "engine_packages", ("no-such-package",))
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'koprep\[konlpy\]'"):
        get_tokenizer("okt").engine_versions()


@pytest.mark.parametrize("name", ["kiwi", "komoran"])
def test_user_words_may_be_a_mapping_and_a_pair_alone_is_no_list_of_words(name):
    mapped = get_tokenizer(name, user_words={"심쿵하": "VV"})
    assert mapped == get_tokenizer(name, user_words=[("심쿵하", "VV")])
    with pytest.raises(ValueError, match=r"put a single pair in a list: \[\('심쿵하', 'VV'\)\]"):
        get_tokenizer(name, user_words=("심쿵하", "VV"))
    two = get_tokenizer(name, user_words=[["심쿵하", "VV"], ["가성비갑", "NNP"]])
    assert two.user_words == (("심쿵하", "VV"), ("가성비갑", "NNP"))


def test_tags_may_come_as_a_set():
    assert get_tokenizer("kiwi", keep_tags={"VV", "NNG"}) == get_tokenizer(
        "kiwi", keep_tags=("NNG", "VV")
    )


def test_no_texts_open_no_engine(monkeypatch):
    def opened(tokenizer):
        pytest.fail("the engine was opened")

    monkeypatch.setattr("koprep.tokenizers.kiwi._engine", opened)
    assert list(get_tokenizer("kiwi").tokenize_many([])) == []
