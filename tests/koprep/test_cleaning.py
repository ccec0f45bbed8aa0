import copy
import json
import pickle
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from koprep import cleaning
from koprep.cleaning import CleanedText, Cleaner
from koprep.cleaning.versions import cleaner_versions

CASES = json.loads(
    (Path(__file__).parents[1] / "cases" / "cleaning.json").read_text(encoding="utf-8")
)


def run(case):
    if "step" in case:
        return getattr(cleaning, case["step"])(case["text"], **case.get("options", {}))
    settings = case["cleaner"]
    cleaner = Cleaner.lecture() if settings == "lecture" else Cleaner(**settings)
    return cleaner.clean(case["text"])


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=f"{case.get('step', 'Cleaner')}: {case['why']}") for case in CASES],
)
def test_case(case):
    assert run(case) == case["cleaned"]


def test_every_step_has_cases_that_change_and_cases_that_stay():
    steps = {
        name
        for name in cleaning.__all__
        if callable(getattr(cleaning, name)) and name.islower() and hasattr(cleaning, name)
    }
    changing = {case.get("step") for case in CASES if case["text"] != case["cleaned"]}
    staying = {case.get("step") for case in CASES if case["text"] == case["cleaned"]}
    assert steps <= changing & staying


def test_halves_of_a_character_are_joined():
    assert cleaning.repair_surrogates("\ud83d" + "\ude02굿") == "😂굿"


# Cleaner: settings


@pytest.mark.parametrize(
    ("settings", "error", "named"),
    [
        ({"keep": "korean"}, ValueError, "keep must be one of .*'hangul'.*; got 'korean'"),
        ({"urls": "hide"}, ValueError, "urls must be one of .*'mask'.*; got 'hide'"),
        ({"emails": True}, ValueError, "emails must be .* got True"),
        ({"phones": None}, ValueError, "phones must be .* got None"),
        ({"resident_numbers": ""}, ValueError, "resident_numbers must be .* got ''"),
        ({"emoji": "mask"}, ValueError, "emoji must be one of .*'alias'.*; got 'mask'"),
        ({"replacement": "_"}, ValueError, "replacement must be one of ' ', ''; got '_'"),
        ({"max_repeats": 0}, ValueError, "max_repeats must be at least 1 character, got 0"),
        ({"max_repeats": True}, TypeError, "max_repeats must be a whole number or None, got True"),
        ({"max_repeats": "2"}, TypeError, "max_repeats must be .* got '2'"),
        ({"repeat_kinds": "jamo"}, TypeError, "repeat_kinds must be a tuple .* got 'jamo'"),
        ({"repeat_kinds": ("digits",)}, ValueError, "repeat_kinds must be .*'jamo'.* got 'digits'"),
        ({"max_repeats": 10_001}, ValueError, "at most 10,000 characters, got 10001; None leaves"),
    ],
)
def test_a_bad_setting_is_named_with_the_choices(settings, error, named):
    with pytest.raises(error, match=named):
        Cleaner(**settings)


@pytest.mark.parametrize(
    "name", ["strip_html", "strip_invisible", "unify_width", "split_laughter", "collapse_spaces"]
)
@pytest.mark.parametrize("value", [1, "yes", None])
def test_a_switch_is_true_or_false(name, value):
    with pytest.raises(TypeError, match=f"{name} must be True or False, got {value!r}"):
        Cleaner(**{name: value})


def test_the_longest_run_that_is_kept_has_ten_thousand_characters():
    assert Cleaner(max_repeats=10_000).clean("!" * 10_001) == "!" * 10_000


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: cleaning.squeeze_repeats("ㅋ", max_repeats=0), "got 0"),
        (lambda: cleaning.squeeze_repeats("ㅋ", kinds=["digits"]), "got 'digits'"),
        (lambda: cleaning.keep_characters("ㅋ", keep="korean"), "got 'korean'"),
        (lambda: cleaning.replace_urls("ㅋ", mode="hide"), "got 'hide'"),
        (lambda: cleaning.replace_emoji("ㅋ", mode="mask"), "got 'mask'"),
    ],
)
def test_a_step_names_a_bad_option(call, named):
    with pytest.raises(ValueError, match=named):
        call()


CLEANERS = [
    Cleaner(),
    Cleaner.lecture(),
    Cleaner(urls="mask", keep="hangul", replacement="", repeat_kinds=("jamo", "symbols")),
]


@pytest.mark.parametrize("cleaner", CLEANERS)
def test_settings_survive_json_pickle_and_copy(cleaner):
    stored = json.loads(json.dumps(cleaner.to_dict()))
    assert stored == cleaner.to_dict()
    for back in (
        Cleaner.from_dict(stored),
        pickle.loads(pickle.dumps(cleaner)),
        copy.deepcopy(cleaner),
    ):
        assert back == cleaner
        assert hash(back) == hash(cleaner)
        assert repr(back) == repr(cleaner)
        assert back.clean("재밌닼ㅋㅋㅋ http://a.b!") == cleaner.clean("재밌닼ㅋㅋㅋ http://a.b!")


def test_repr_shows_settings_only():
    assert "_chain" not in repr(Cleaner())
    assert eval(repr(Cleaner(keep="hangul"))) == Cleaner(keep="hangul")


def test_from_dict_fills_in_defaults_and_names_what_it_does_not_know():
    assert Cleaner.from_dict({}) == Cleaner()
    with pytest.raises(ValueError, match=r"unknown cleaner setting 'kep'; known are .*keep"):
        Cleaner.from_dict({"kep": "hangul"})
    with pytest.raises(ValueError, match="'_chain'"):
        Cleaner.from_dict({"_chain": None})


def test_a_cleaner_is_frozen():
    with pytest.raises(AttributeError):
        Cleaner().keep = "hangul"


# Cleaner: texts in, texts out


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (None, "NoneType None"),
        (3.5, "float 3.5"),
        (b"ab", "bytes b'ab'"),
        (["가"], r"list \['가'\]"),
    ],
)
def test_clean_names_what_is_no_text(value, named):
    for clean in (Cleaner().clean, Cleaner().clean_with_offsets):
        with pytest.raises(TypeError, match=named):
            clean(value)


def test_a_subclass_of_str_comes_back_as_plain_str():
    nothing_to_do = Cleaner(split_laughter=False, max_repeats=None, collapse_spaces=False)
    assert type(nothing_to_do.clean(np.str_("굿"))) is str


RAW = ["굿ㅋㅋㅋ", " 별로 ", "", "가" * 40]
CLEAN = ["굿ㅋㅋ", "별로", "", "가" * 40]


@pytest.mark.parametrize("collect", [list, tuple, iter, lambda texts: dict.fromkeys(texts).keys()])
def test_clean_many_gives_a_list_for_plain_collections(collect):
    assert Cleaner().clean_many(collect(RAW)) == CLEAN


NEW_STRINGS = [np.dtypes.StringDType()] if hasattr(np.dtypes, "StringDType") else []  # NumPy 2


@pytest.mark.parametrize("dtype", [object, str, *NEW_STRINGS])
def test_clean_many_gives_an_array_for_an_array(dtype):
    cleaned = Cleaner().clean_many(np.array(RAW, dtype=dtype))
    assert isinstance(cleaned, np.ndarray)
    assert cleaned.dtype.kind == np.dtype(dtype).kind
    assert cleaned.tolist() == CLEAN


def test_clean_many_makes_room_where_texts_grow():
    assert Cleaner().clean_many(np.array(["넼ㅋ"])).tolist() == ["네 ㅋㅋ"]


@pytest.mark.parametrize("dtype", [object, "str", "string", "string[pyarrow]"])
def test_clean_many_keeps_name_index_and_dtype_of_a_pandas_series(dtype):
    index = pd.MultiIndex.from_product([["a", "b"], [5, 3]], names=["page", "row"])
    series = pd.Series(RAW, name="review", index=index, dtype=dtype)
    expected = pd.Series(CLEAN, name="review", index=index, dtype=dtype)
    pd.testing.assert_series_equal(Cleaner().clean_many(series), expected)


def test_clean_many_is_not_bound_to_the_categories_of_a_series():
    assert Cleaner().clean_many(pd.Series(RAW, dtype="category")).tolist() == CLEAN


def test_clean_many_keeps_polars_and_arrow():
    series = Cleaner().clean_many(pl.Series("review", RAW))
    assert isinstance(series, pl.Series)
    assert (series.name, series.dtype, series.to_list()) == ("review", pl.String, CLEAN)
    for array in (pa.array(RAW), pa.chunked_array([RAW[:2], RAW[2:]])):
        cleaned = Cleaner().clean_many(array)
        assert type(cleaned) is type(array)
        assert cleaned.to_pylist() == CLEAN


@pytest.mark.parametrize(
    "empty",
    [
        [],
        np.array([], dtype=object),
        np.array([], dtype=str),
        pd.Series([], dtype="str"),
        pl.Series([], dtype=pl.String),
        pa.array([], pa.string()),
        pa.chunked_array([], pa.string()),
    ],
)
def test_clean_many_of_nothing_is_nothing(empty):
    cleaned = Cleaner().clean_many(empty)
    assert type(cleaned) is type(empty)
    assert len(cleaned) == 0
    for kind in ("dtype", "type"):
        assert getattr(cleaned, kind, None) == getattr(empty, kind, None)


@pytest.mark.parametrize(
    ("texts", "named"),
    [
        pytest.param("굿", r"list: \['굿'\]", id="one text"),
        pytest.param(["굿", None], "row 1", id="None"),
        pytest.param(np.array(["굿", "굿", np.nan], dtype=object), "row 2", id="NaN"),
        pytest.param(pd.Series(["굿", None, "굿"], index=[5, 6, 7]), "row 1", id="pandas NaN"),
        pytest.param(pl.Series(["굿", None]), "row 1", id="polars null"),
        pytest.param(pa.array(["굿", None]), "row 1", id="Arrow null"),
        pytest.param([3], "row 0.*int 3", id="number"),
        pytest.param(pd.DataFrame({"text": ["굿"]}), "choose one", id="table"),
        pytest.param(np.array([["굿"]]), r"shape \(1, 1\)", id="two dimensions"),
        pytest.param(np.array("굿"), r"shape \(\)", id="no dimension"),
    ],
)
def test_clean_many_names_what_it_refuses(texts, named):
    with pytest.raises(TypeError, match=named):
        Cleaner().clean_many(texts)


# Cleaner: offsets


@pytest.mark.parametrize(
    ("raw", "part", "source"),
    [
        pytest.param("와<br>재밌다", "재밌다", "재밌다", id="after a tag"),
        pytest.param("와<br>재밌다", " ", "<br>", id="the space a tag became"),
        pytest.param("재밌다ㅋㅋㅋㅋ", "ㅋㅋ", "ㅋㅋ", id="a run's first characters"),
        pytest.param("A &amp; B", "&", "&amp;", id="an entity"),
        pytest.param("\u1112\u1161\u11ab글", "한", "\u1112\u1161\u11ab", id="decomposed syllable"),
        pytest.param("아닌뎈ㅋㅋ", "데 ㅋㅋ", "뎈ㅋ", id="laughter, and the run it joined"),
        pytest.param("  정말\t\n재밌다 ", "말 재", "말\t\n재", id="whitespace"),
        pytest.param("ﾊﾟ굿", "パ", "ﾊﾟ", id="half-width kana"),
        pytest.param("😂굿", "굿", "굿", id="after an emoji"),
        pytest.param(
            "\u3164ㄷㅏㅋㅋㅋ", "다", "\u3164ㄷㅏㅋ", id="a spelled syllable, in two rounds"
        ),
        pytest.param("<Time>&amp;", "Time", "Time", id="a title that was looked at as a tag"),
        pytest.param("👩\u200d💻\u200b", "\u200d", "\u200d", id="a joiner that was kept"),
        pytest.param("&amp;amp;lt;b굿", "<", "&amp;amp;lt;", id="escaped three times"),
    ],
)
def test_spans_map_back(raw, part, source):
    cleaned = Cleaner().clean_with_offsets(raw)
    start = cleaned.text.index(part)
    raw_start, raw_end = cleaned.raw_span(start, start + len(part))
    assert raw[raw_start:raw_end] == source


def test_empty_spans_stand_before_their_next_character():
    cleaned = Cleaner().clean_with_offsets(" 가<br>나 ")
    assert cleaned.text == "가 나"
    assert [cleaned.raw_span(place, place) for place in range(4)] == [
        (1, 1),
        (2, 2),
        (6, 6),
        (7, 7),
    ]
    assert Cleaner().clean_with_offsets("  ").raw_span(0, 0) == (0, 0)


def test_text_and_offsets_belong_together():
    with pytest.raises(ValueError, match="2 characters but 1 offsets"):
        CleanedText("가나", ((0, 1),))


@pytest.mark.parametrize("span", [(-1, 1), (0, 3), (2, 1)])
def test_a_span_outside_the_text_is_refused(span):
    with pytest.raises(ValueError, match="not inside the cleaned text, 2 characters"):
        CleanedText("가나", ((0, 1), (1, 2))).raw_span(*span)


@pytest.mark.parametrize(
    ("raw", "changed"),
    [
        pytest.param("재미있다", [], id="nothing"),
        pytest.param("<b>재미</b>ㅋㅋㅋ", ["<b>", "</b>", "ㅋ"], id="at both ends"),
        pytest.param("가\t나", ["\t"], id="rewritten"),
        pytest.param("", [], id="no text"),
    ],
)
def test_what_was_dropped_or_rewritten_is_told(raw, changed):
    cleaned = Cleaner().clean_with_offsets(raw)
    assert [raw[start:end] for start, end in cleaned.changed_spans(raw)] == changed


def test_the_versions_that_decide_are_those_installed():
    assert cleaner_versions() == {"koprep": version("koprep"), "emoji": version("emoji")}
