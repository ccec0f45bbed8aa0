from koprep import Preprocessor, Stopwords
from koprep.explanation import Explanation

TEXTS = ["배송이 빨라서 정말 좋아요", "색이 사진이랑 달라요 좋아요", "배송 좋아요"]
RAW = "배송이<br>너무 좋아요!!!!"


def explained(raw=RAW, **settings) -> Explanation:
    return Preprocessor(**settings).fit(TEXTS).explain(raw)


def test_every_token_points_into_the_raw_text():
    stages = explained()
    assert stages.raw == RAW
    assert stages.cleaned == "배송이 너무 좋아요!!"
    places = {one.token.form: RAW[one.raw_start : one.raw_end] for one in stages.tokens}
    assert places["배송"] == "배송"
    assert places["좋"] == "좋"
    assert places["!!"] == "!!"  # the first two of four


def test_places_in_decomposed_text_are_places_of_its_letters():
    decomposed = "\u1107\u1162\u1109\u1169\u11bc\u110b\u1175"  # 배송이, as macOS writes it
    [first, *_] = explained(decomposed).tokens
    assert (first.token.form, first.raw_start, first.raw_end) == ("배송", 0, 5)


def test_the_fate_of_each_token_is_told():
    stages = explained(stopwords=Stopwords(words=frozenset({"이"})), maxlen=3)
    fates = {one.token.form: one.fate for one in stages.tokens}
    assert fates["이"] == "stopword"
    assert fates["배송"] == "cut off"  # a row of 3 keeps the last tokens
    assert fates["좋"] == "known"
    assert fates["!!"] == "unknown"
    assert "이" not in [token.form for token in stages.kept_tokens]


def test_the_other_end_is_cut_off_where_truncating_says_so():
    stages = explained(maxlen=2, truncating="post")
    assert [one.fate == "cut off" for one in stages.tokens][:3] == [False, False, True]


def test_ids_and_row_are_what_transform_gives():
    preprocessor = Preprocessor(spell_unknown=True, oov_buckets=3, maxlen=4).fit(TEXTS)
    stages = preprocessor.explain(RAW)
    assert stages.token_ids.tolist() == preprocessor.transform_ragged([RAW])[0].tolist()
    assert stages.padded.tolist() == preprocessor.transform([RAW])[0].tolist()


def test_it_prints_as_a_table():
    text = str(explained("배송이 별로...😀\u200b"))
    assert "in the raw text" in text
    assert "unknown" in text
    assert r"\u200b" in text  # what cannot be seen is shown
    assert max(map(len, text.split("\n"))) <= 100


def test_in_a_notebook_a_text_cannot_become_markup():
    shown = explained("<script>alert(1)</script> <b>좋아요</b> 1<2 & 3")._repr_html_()
    assert "<script" not in shown
    assert "&lt;b&gt;" in shown


def test_a_text_without_tokens_is_explained_too():
    stages = explained("  ")
    assert stages.tokens == ()
    assert str(stages)
    assert stages._repr_html_()


def test_it_is_plain_text_in_a_notebook_and_where_colours_are_forced(monkeypatch):
    stages = explained()
    plain = str(stages)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("rich.console._is_jupyter", lambda: True)
    assert str(stages) == plain != ""
