"""A list of stopwords as a value and as a file."""

import copy
import dataclasses
import json
import pickle
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from koprep.hangul import to_compatibility_jamo
from koprep.stopwords import NEGATION, Stopwords, is_negation, list_stopwords
from koprep.tokenizers import Token

LECTURE = Stopwords.named("lecture")

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
    assert Stopwords.named("lecture") == Stopwords(words=LECTURE.words)


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
    path.write_bytes("\r\n".join(LECTURE.words).encode(encoding))
    assert Stopwords.from_file(path) == LECTURE


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
