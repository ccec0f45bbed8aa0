import multiprocessing
import sqlite3

import pytest

from koprep import Preprocessor, Stopwords, get_tokenizer
from koprep.token_cache import CHUNK
from koprep.tokenizers.simple import WhitespaceTokenizer

TEXTS = [f"{number}번째 글 \ud800" for number in range(3000)] * 2


@pytest.fixture
def cut(monkeypatch):
    """The texts that the tokenizer really cuts."""
    seen = []
    analyze = WhitespaceTokenizer._analyze

    def counted(self, text):
        seen.append(text)
        return analyze(self, text)

    monkeypatch.setattr(WhitespaceTokenizer, "_analyze", counted)
    return seen


def test_a_text_is_cut_once(cut, tmp_path):
    cached = Preprocessor(tokenizer="whitespace", cache_dir=tmp_path / "new" / "folder")
    rows = cached.fit_transform(TEXTS)
    assert len(cut) == 3000
    assert (cached.transform(TEXTS) == rows).all()
    assert len(cut) == 3000
    assert (rows == Preprocessor(tokenizer="whitespace").fit_transform(TEXTS)).all()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"tokenizer": "syllable"}, id="another tokenizer"),
        pytest.param(
            {"tokenizer": "whitespace", "stopwords": Stopwords(words=frozenset({"글"}))},
            id="stopwords",
        ),
    ],
)
def test_another_way_of_cutting_has_a_cache_of_its_own(other, tmp_path):
    Preprocessor(tokenizer="whitespace", cache_dir=tmp_path).fit(TEXTS)
    settings = {"tokenizer": get_tokenizer("whitespace"), **other}
    cached = Preprocessor(cache_dir=tmp_path, **settings).fit_transform(TEXTS)
    assert (cached == Preprocessor(**settings).fit_transform(TEXTS)).all()
    assert len(list(tmp_path.glob("*.sqlite3"))) == 2


def fit(folder):
    return Preprocessor(tokenizer="whitespace", cache_dir=folder).fit_transform(TEXTS).tolist()


def test_writers_at_the_same_time_do_not_disturb_each_other(tmp_path):
    expected = Preprocessor(tokenizer="whitespace").fit_transform(TEXTS).tolist()
    with multiprocessing.get_context("spawn").Pool(3) as writers:
        assert writers.map(fit, [tmp_path] * 6) == [expected] * 6


def test_a_damaged_cache_is_named(tmp_path):
    fit(tmp_path)
    [file] = tmp_path.iterdir()
    file.write_bytes(b"no database at all" * 100)
    with pytest.raises(OSError, match=f"{file.name}: file is not a database; delete the file"):
        fit(tmp_path)


def test_a_stopped_run_leaves_what_it_had(cut, tmp_path):
    cached = Preprocessor(tokenizer="whitespace", cache_dir=tmp_path)
    with pytest.raises(TypeError, match="row 20000"):
        cached.fit([*map(str, range(20_000)), None])
    with sqlite3.connect(next(tmp_path.iterdir())) as database:
        [[count]] = database.execute("SELECT COUNT(*) FROM tokens")
    assert count == CHUNK  # whole chunks


def test_another_version_of_koprep_cuts_anew(cut, monkeypatch, tmp_path):
    cached = Preprocessor(tokenizer="whitespace", cache_dir=tmp_path)
    cached.fit(TEXTS)
    monkeypatch.setattr("koprep.cleaning.versions.__version__", "99")
    cached.fit(TEXTS)
    assert len(cut) == 6000


def test_no_analyzer_is_opened_where_all_texts_are_known(tmp_path, monkeypatch):
    cached = Preprocessor(tokenizer="kiwi", cache_dir=tmp_path).fit(["영화가 좋다", "별로다"])
    monkeypatch.setattr("koprep.tokenizers.kiwi._engine", lambda tokenizer: pytest.fail("opened"))
    assert cached.transform(["영화가 좋다", "별로다"]).any()
