"""Files of rows: what goes in comes out, in order, and nothing is lost on the way."""

import csv
import gzip
import io
import json
import lzma
import math
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koprep.cleaning import Cleaner
from koprep.records import BadRow, Files, delimited, read_texts, rewrite
from koprep.tokenizers import get_tokenizer

KOREAN = "배송이 빨라서 좋았어요ㅋㅋㅋㅋ"
clean = Cleaner().clean


def cleaning(texts):
    return map(clean, texts)


def splitting(texts):
    return (text.split() for text in texts)


def run(source, out=None, work=cleaning, column="text", **options):
    options = {"adds": None, "progress": None} | options
    adds, progress = options.pop("adds"), options.pop("progress")
    if ".txt" in source.name.lower():
        column = None
    given_files = Files(source=source, out=out, column=column, **options)
    return rewrite(given_files, work, adds=adds, progress=progress)


def bad_rows_of(out):
    path = out.with_name(f"{out.name}.bad.jsonl")
    if not path.exists():
        return []
    return [BadRow(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]


# --- the formats: how each is written here, independently of koprep, and read back -----------


def csv_bytes(rows):
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "text", "note"])
    writer.writerows((row["id"], row["text"], row["note"]) for row in rows)
    return stream.getvalue().encode()


def tsv_bytes(rows):
    lines = ["id\ttext\tnote", *("\t".join((row["id"], row["text"], row["note"])) for row in rows)]
    return "".join(f"{line}\n" for line in lines).encode()


def jsonl_bytes(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def parquet_bytes(rows, schema=None):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    schema = schema or pa.schema({"id": pa.string(), "text": pa.string(), "note": pa.string()})
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema), stream, row_group_size=7)
    return stream.getvalue()


def csv_rows(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def tsv_rows(content):
    header, *lines = content.decode().removesuffix("\n").split("\n")
    return [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]


def jsonl_rows(content):
    return [json.loads(line) for line in content.decode().split("\n")[:-1]]


def parquet_rows(content):
    import pyarrow.parquet as pq

    return pq.read_table(io.BytesIO(content)).to_pylist()


FORMATS = {
    ".csv": (csv_bytes, csv_rows),
    ".tsv": (tsv_bytes, tsv_rows),
    ".jsonl": (jsonl_bytes, jsonl_rows),
    ".parquet": (parquet_bytes, parquet_rows),
}
ANY = st.text()  # any characters but surrogates
NO_TABS = st.text(st.characters(exclude_characters="\t\r\n", codec="utf-8"))


def tables(cells):
    columns = {"id": cells, "text": cells, "note": cells}
    return st.lists(st.fixed_dictionaries(columns), max_size=20)


@pytest.mark.parametrize(
    ("suffix", "cells"),
    [(".csv", ANY), (".tsv", NO_TABS), (".jsonl", ANY), (".parquet", ANY)],
    ids=["csv", "tsv", "jsonl", "parquet"],
)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_all_rows_come_back_clean_in_order_with_the_other_columns(
    tmp_path_factory, suffix, cells, data
):
    rows = data.draw(tables(cells))
    folder = tmp_path_factory.mktemp("rows")
    write, read = FORMATS[suffix]
    source, out, again = (folder / f"{name}{suffix}" for name in ("source", "out", "again"))
    source.write_bytes(write(rows))
    report = run(source, out)
    cleaned = [row | {"text": clean(row["text"])} for row in rows]
    assert read(out.read_bytes()) == cleaned
    assert (report.written, report.bad) == (len(rows), 0)
    run(out, again)
    assert again.read_bytes() == out.read_bytes(), "cleaning twice is cleaning once"
    assert {path.name for path in folder.iterdir()} == {path.name for path in (source, out, again)}


@settings(max_examples=40, deadline=None)
@given(st.lists(NO_TABS))
def test_lines_of_text_come_back_clean(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("lines")
    (folder / "a.txt").write_bytes("".join(f"{text}\n" for text in texts).encode())
    run(folder / "a.txt", folder / "b.txt")
    assert (folder / "b.txt").read_bytes().decode() == "".join(f"{clean(t)}\n" for t in texts)


ROWS = [
    {"id": "1", "text": KOREAN, "note": '"a"'},
    {"id": "2", "text": "", "note": ""},
    {"id": "3", "text": "별로 <br> ㅠㅠㅠㅠ", "note": "\ufeff"},
]


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("goal", ["own", ".jsonl", ".jsonl.gz"])
def test_tokens_are_a_new_column_and_the_others_stay(tmp_path, suffix, goal):
    write, read = FORMATS[suffix]
    own = goal == "own"
    source, out = tmp_path / f"a{suffix}", tmp_path / f"b{suffix if own else goal}"
    source.write_bytes(write(ROWS))
    run(source, out, splitting, adds="tokens")
    content = gzip.decompress(out.read_bytes()) if goal.endswith(".gz") else out.read_bytes()
    joined = own and suffix in (".csv", ".tsv")
    expected = [
        row | {"tokens": " ".join(row["text"].split()) if joined else row["text"].split()}
        for row in ROWS
    ]
    rows = read(content) if own else jsonl_rows(content)
    assert rows == expected
    assert [list(row) for row in rows] == [["id", "text", "note", "tokens"]] * 3


def test_lines_of_text_become_lines_of_tokens_or_json(tmp_path):
    source = tmp_path / "a.txt"
    source.write_bytes("너무  좋아요\n\n별로\n".encode())
    run(source, tmp_path / "b.txt", splitting, adds="tokens")
    assert (tmp_path / "b.txt").read_text("utf-8") == "너무 좋아요\n\n별로\n"
    run(source, tmp_path / "b.jsonl", splitting, adds="tokens")
    assert jsonl_rows((tmp_path / "b.jsonl").read_bytes()) == [
        {"text": "너무  좋아요", "tokens": ["너무", "좋아요"]},
        {"text": "", "tokens": []},
        {"text": "별로", "tokens": ["별로"]},
    ]
    run(source, tmp_path / "c.jsonl")
    assert jsonl_rows((tmp_path / "c.jsonl").read_bytes())[0] == {"text": "너무 좋아요"}


# --- what files look like out there ---------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "texts"),
    [
        pytest.param("a.csv", b"\xef\xbb\xbftext,n\na,1\n", ["a"], id="BOM before the column"),
        pytest.param("a.csv", f"text\n{KOREAN}\n".encode("cp949"), [clean(KOREAN)], id="CP949"),
        pytest.param("a.jsonl", b'\xef\xbb\xbf{"text": "a"}\n', ["a"], id="BOM before JSON"),
        pytest.param("a.csv", b'text,n\r\n"a\r\nb",1\r\nc,2\r\n', ["a b", "c"], id="CRLF"),
        pytest.param("a.csv", b'n,text\n1,"a,""b"""\n', ['a,"b"'], id="quoted comma and quote"),
        pytest.param("a.csv", b"n,text\n\n1,a\n\n", ["a"], id="CSV: blank lines hold no row"),
        pytest.param("a.csv", b'text\n""\na\n', ["", "a"], id="CSV of one column: empty text"),
        pytest.param("a.csv", b"text,n\na\x00b,1\n", ["ab"], id="NUL"),
        pytest.param("a.csv", b"text,n\na,1", ["a"], id="no line end at the end"),
        pytest.param("a.csv", b"text,n\n" + b"a" * 200_000 + b",1\n", ["a" * 200_000], id="long"),
        pytest.param("a.csv", b"text,n\n", [], id="CSV: header only"),
        pytest.param("a.tsv", b"text\tn\r\n", [], id="TSV: header only"),
        pytest.param("a.jsonl", b"", [], id="JSON lines: empty"),
        pytest.param("a.jsonl", b"\n \n", [], id="JSON lines: blank"),
        pytest.param("a.txt", b"", [], id="text: empty"),
        pytest.param("a.txt", b"\n\n", ["", ""], id="text: empty lines are texts"),
        pytest.param("a.txt", b"a\r\nb", ["a", "b"], id="text: CRLF"),
        pytest.param("a.TXT", b"a\n", ["a"], id="text: capital suffix"),
        pytest.param(
            "a.tsv", b'text\tn\n"a\t1\nb"\t2\r\n', ['"a', 'b"'], id="TSV: quotes are characters"
        ),
        pytest.param("a.tsv", b"text\n\na\n", ["", "a"], id="TSV of one column: empty text"),
        pytest.param("a.tsv", b"text\tn\n\na\t1\n", ["a"], id="TSV: a blank line is no row"),
        pytest.param("a.jsonl", b'{"text": "\\ud83d"}\n', ["\ufffd"], id="unpaired surrogate"),
        pytest.param("a.txt.gz", gzip.compress(b"a\n"), ["a"], id="gzip"),
        pytest.param("a.csv.xz", lzma.compress(b"text\na\n"), ["a"], id="xz"),
    ],
)
def test_odd_files(tmp_path, name, content, texts):
    (tmp_path / name).write_bytes(content)
    report = run(tmp_path / name, tmp_path / "out.jsonl")
    rows = jsonl_rows((tmp_path / "out.jsonl").read_bytes())
    assert [row["text"] for row in rows] == texts
    assert (report.written, report.bad) == (len(texts), 0)


@pytest.mark.parametrize("suffix", [".txt.gz", ".csv.xz", ".tsv.gz", ".jsonl.xz"])
def test_compressed_files_come_out_compressed(tmp_path, suffix):
    opener = gzip.open if suffix.endswith("gz") else lzma.open
    content = "text\n좋아요\n" if "json" not in suffix else '{"text": "좋아요"}\n'
    with opener(tmp_path / f"a{suffix}", "wb") as stream:
        stream.write(content.encode())
    run(tmp_path / f"a{suffix}", tmp_path / f"b{suffix}")
    with opener(tmp_path / f"b{suffix}") as stream:
        assert stream.read().decode() == content


def test_the_types_of_parquet_stay(tmp_path):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    columns = {
        "text": pa.array(["a ㅋㅋㅋ", None, "b"] * 3000, pa.large_string()),
        "label": pa.array(["x", "y", "x"] * 3000).dictionary_encode(),
        "at": pa.array([1, None, 1_700_000_000_000_000_001] * 3000, pa.timestamp("ns")),
        "score": pa.array([0.5, math.nan, None] * 3000, pa.float32()),
        "nested": pa.array([[{"a": 1}], [], None] * 3000),
        "raw": pa.array([b"\xff", b"", None] * 3000),
    }
    table = pa.table(columns).replace_schema_metadata({"by": "someone"})
    pq.write_table(table, tmp_path / "a.parquet")
    report = run(tmp_path / "a.parquet", tmp_path / "b.parquet", splitting, adds="tokens")
    assert (report.written, report.bad) == (6000, 3000)
    written = pq.read_table(tmp_path / "b.parquet")
    kept = table.filter(pa.compute.is_valid(table["text"]))
    assert written.drop_columns("tokens") == kept.cast(written.schema.remove(6))
    assert written.schema.remove(6) == pq.read_schema(tmp_path / "a.parquet")
    assert written["tokens"].to_pylist() == [["a", "ㅋㅋㅋ"], ["b"]] * 3000
    run(tmp_path / "a.parquet", tmp_path / "c.parquet")
    cleaned = pq.read_table(tmp_path / "c.parquet")
    assert cleaned["text"].to_pylist() == ["a ㅋㅋ", "b"] * 3000
    assert cleaned.drop_columns("text") == kept.cast(cleaned.schema).drop_columns("text")


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "dictionary"])
def test_every_kind_of_text_in_parquet(tmp_path, kind):
    pa = pytest.importorskip("pyarrow")
    type_ = pa.dictionary(pa.int8(), pa.string()) if kind == "dictionary" else getattr(pa, kind)()
    rows = [*({"text": f"{number} ㅋㅋㅋ"} for number in range(100)), {"text": None}]
    (tmp_path / "a.parquet").write_bytes(parquet_bytes(rows, pa.schema({"text": type_})))
    report = run(tmp_path / "a.parquet", tmp_path / "b.parquet")
    cleaned = parquet_rows((tmp_path / "b.parquet").read_bytes())
    assert cleaned == [{"text": f"{number} ㅋㅋ"} for number in range(100)]
    assert report.first_bad == BadRow(101, "the text is missing (None)", '{"text": null}')


def test_parquet_text_that_is_not_utf8_is_a_bad_row(tmp_path):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    broken = pa.Array.from_buffers(
        pa.string(), 2, pa.array([b"ok", b"\xb0\xa1"]).buffers(), null_count=0
    )
    pq.write_table(pa.table({"text": broken}), tmp_path / "a.parquet")
    report = run(tmp_path / "a.parquet", tmp_path / "b.jsonl")
    assert (report.written, report.bad) == (1, 1)
    assert report.first_bad.reason == r"expected a text, got bytes b'\xb0\xa1'"


def test_what_json_does_not_have_becomes_null(tmp_path):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    columns = {"text": ["가", "나"], "score": [math.nan, 0.5], "all": [[math.inf, 1.0], []]}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    run(tmp_path / "a.parquet", tmp_path / "b.jsonl")
    first, second = (tmp_path / "b.jsonl").read_text("utf-8").splitlines()
    assert first == '{"text": "가", "score": null, "all": [null, 1.0]}'
    assert json.loads(second)["score"] == 0.5


def test_unpaired_surrogates_of_other_columns_stay(tmp_path):
    row = {"text": "좋아요", "note": "\ud83d"}
    (tmp_path / "a.jsonl").write_bytes(jsonl_bytes([row]))
    run(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert jsonl_rows((tmp_path / "b.jsonl").read_bytes()) == [row]


@pytest.mark.parametrize("ordered", [True, False])
def test_categories_stay_categories(tmp_path, ordered):
    """As pandas writes them: codes of one byte, every row group with the same categories."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    texts = pa.array([f"{number}ㅋㅋㅋ" for number in range(127)])
    codes = pa.array(list(range(127)) * 20, pa.int8())
    column = pa.DictionaryArray.from_arrays(codes, texts, ordered=ordered)
    pq.write_table(pa.table({"text": column}), tmp_path / "a.parquet", row_group_size=300)
    assert run(tmp_path / "a.parquet", tmp_path / "b.parquet").written == 127 * 20
    written = pq.read_table(tmp_path / "b.parquet")
    assert written["text"].to_pylist() == [f"{number}ㅋㅋ" for number in range(127)] * 20
    assert written.schema == pq.read_table(tmp_path / "a.parquet").schema


def test_read_texts_gives_the_texts_and_stops_at_a_bad_row(tmp_path):
    (tmp_path / "a.csv").write_text("id,text\n1,좋아요\n2\n", "utf-8")
    texts = read_texts(tmp_path / "a.csv", column="text")
    assert next(texts) == "좋아요"
    with pytest.raises(ValueError, match=r"a\.csv line 3: columns due"):
        next(texts)


# --- bad rows -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "texts", "bad"),
    [
        pytest.param(
            "a.csv", b"id,text\n1,a\n2\n3,b,c\n4,d\n", "ad",
            [(3, "due: 2 (id, text), columns found: 1", "2"), (4, "found: 3", "3,b,c")],
            id="CSV: columns",
        ),
        pytest.param(
            "a.csv", b'id,text\n1,"a\nb"\n2,"c\nd",x\n3,e\n', ["a b", "e"],
            [(4, "columns found: 3", '2,"c\nd",x')],
            id="CSV: lines are counted through quoted line ends",
        ),
        pytest.param(
            "a.csv", b'id,text\n1,"a" b\n2,c\n', "c",
            [(2, "no CSV: ',' expected after '\"'", '1,"a" b')],
            id="CSV: text after a quotation",
        ),
        pytest.param(
            "a.csv", b'id,text\n1,"a\n2,b\n3,c\n', "bc",
            [(2, "never closed", '1,"a')],
            id="CSV: a stray quotation mark spoils its own row",
        ),
        pytest.param(
            "a.csv", b'id,text\n1,"a\n2,b\n3,"c\n4,d\n', "bd",
            [(2, "expected after", '1,"a'), (4, "never closed", '3,"c')],
            id="CSV: two stray quotation marks",
        ),
        pytest.param(
            "a.csv", b"id,text\n1,a\rb\n2,c\n", "c",
            [(2, "carriage return outside", "1,a\rb")],
            id="CSV: carriage return",
        ),
        pytest.param(
            "a.tsv", b"id\ttext\n1\n2\ta\tb\n3\tc\n", "c",
            [(2, "columns found: 1", "1"), (3, "columns found: 3", "2\ta\tb")],
            id="TSV: columns",
        ),
        pytest.param(
            "a.txt", b"a\n\xff\xfe\nb\n", "ab", [(2, "not utf-8 text: byte 0xff", r"\xff\xfe")],
            id="text: undecodable",
        ),
        pytest.param(
            "a.csv", b'id,text\n1,a\n2,"b\n\xff"\n3,c\n', "ac",
            [(3, "not utf-8 text: byte 0xff", '2,"b\n\\xff"')],
            id="CSV: undecodable within a quotation",
        ),
        pytest.param(
            "a.tsv", b"id\ttext\n1\t\xb0\n2\ta\n", "a", [(2, "not utf-8 text", "1\t\\xb0")],
            id="TSV: undecodable",
        ),
        pytest.param(
            "a.jsonl", b'{"text": "\xb0"}\n{"text": "a"}\n', "a",
            [(1, "not utf-8 text", '{"text": "\\xb0"}')],
            id="JSON: undecodable",
        ),
        pytest.param(
            "a.jsonl", b'{"text": "a"}\n{"text": \n[1]\n7\n{"text": "b"}\r\n', "ab",
            [
                (2, "no JSON: Expecting value after 9 characters", '{"text": '),
                (3, "expected a JSON object, got list [1]", "[1]"),
                (4, "expected a JSON object, got int 7", "7"),
            ],
            id="JSON: no object",
        ),
        pytest.param(
            "a.jsonl", b'\n{"body": "a", "n": 1}\n{"text": null}\n{"text": NaN}\n{"text": 5}\n', "",
            [
                (2, "no column 'text'; there are body, n", '{"body": "a", "n": 1}'),
                (3, "the text is missing (None)", '{"text": null}'),
                (4, "the text is missing (nan)", '{"text": NaN}'),
                (5, "expected a text, got int 5", '{"text": 5}'),
            ],
            id="JSON: no text",
        ),
        pytest.param(
            "a.jsonl", b"[" * 200_000 + b"\n" + b'{"text": ' + b"1" * 5000 + b"}\n", "",
            [(1, "no JSON: maximum recursion", "[" * 200_000), (2, "no JSON: Exceeds", None)],
            id="JSON: endless",
        ),
    ],
)  # fmt: skip
def test_bad_rows_go_to_the_side_file_and_none_is_lost(tmp_path, name, content, texts, bad):
    (tmp_path / name).write_bytes(content)
    out = tmp_path / "out.jsonl"
    report = run(tmp_path / name, out, encoding="utf-8")
    assert [row["text"] for row in jsonl_rows(out.read_bytes())] == list(texts)
    found = bad_rows_of(out)
    assert [row.line for row in found] == [line for line, _, _ in bad]
    for row, (_, reason, raw) in zip(found, bad, strict=True):
        assert reason in row.reason
        assert raw in (None, row.row)
    assert (report.written, report.bad) == (len(texts), len(bad))
    assert report.first_bad == found[0]
    assert report.bad_rows == tmp_path / "out.jsonl.bad.jsonl"


def test_a_quotation_mark_left_open_is_given_up_on(tmp_path, monkeypatch):
    """It does not swallow the file, nor the memory."""
    monkeypatch.setattr(delimited, "FIELD_LIMIT", 131_072)
    csv.field_size_limit(131_072)
    lines = [f"{number},text\n" for number in range(30_000)]
    lines[10] = '10,"text\n'
    (tmp_path / "a.csv").write_text("".join(["id,text\n", *lines]))
    report = run(tmp_path / "a.csv", tmp_path / "b.csv")
    assert (report.written, report.bad) == (29_999, 1)
    assert report.first_bad[0] == 12
    assert "more than 131,072 characters" in report.first_bad.reason


def test_a_row_that_has_the_new_column_already_is_bad(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "a", "tokens": 1}\n{"text": "b"}\n')
    report = run(tmp_path / "a.jsonl", tmp_path / "b.jsonl", splitting, adds="tokens")
    assert report.written == 1
    assert report.first_bad.reason == "it has a column 'tokens' already"


def test_a_side_file_of_an_earlier_run_does_not_stay(tmp_path):
    source, out = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    source.write_bytes(b"[]\n[]\n")
    run(source, out)
    assert len(bad_rows_of(out)) == 2
    source.write_bytes(b"[]\n")
    run(source, out)
    assert len(bad_rows_of(out)) == 1
    source.write_bytes(b"")
    assert run(source, out).bad == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "b.jsonl"]


# --- in a stream ----------------------------------------------------------------------------


@pytest.mark.parametrize("ahead", [1, 7, 1000])
def test_rows_and_values_stay_paired_however_far_the_work_reads_ahead(tmp_path, ahead):
    rows = [{"text": f"t{number}", "id": number} for number in range(100)]
    content = b"[]\n".join(jsonl_bytes([row]) for row in rows)
    (tmp_path / "a.jsonl").write_bytes(content)

    def work(texts):
        waiting = []
        for text in texts:
            waiting.append(text)
            if len(waiting) == ahead:
                yield from map(str.split, waiting)
                waiting = []
        yield from map(str.split, waiting)

    run(tmp_path / "a.jsonl", tmp_path / "b.jsonl", work, adds="tokens")
    assert jsonl_rows((tmp_path / "b.jsonl").read_bytes()) == [
        row | {"tokens": [row["text"]]} for row in rows
    ]
    assert [row.line for row in bad_rows_of(tmp_path / "b.jsonl")] == list(range(2, 199, 2))


def test_threaded_tokens_meet_their_rows(tmp_path):
    tokenizer = get_tokenizer("kiwi")
    texts = [f"{KOREAN} {'아주 ' * (number % 9)}{number}" for number in range(300)]
    (tmp_path / "a.txt").write_text("\n".join(texts), "utf-8")

    def work(stream):
        return map(tokenizer.render, tokenizer.tokenize_many(stream))

    run(tmp_path / "a.txt", tmp_path / "b.jsonl", work, adds="tokens")
    for row, text in zip(jsonl_rows((tmp_path / "b.jsonl").read_bytes()), texts, strict=True):
        assert row == {"text": text, "tokens": tokenizer.render(tokenizer.tokenize(text))}


@pytest.mark.parametrize("suffix", [".txt", ".txt.gz", ".csv", ".tsv", ".jsonl", ".parquet"])
def test_progress_grows_with_the_rows_from_little_to_all(tmp_path, suffix):
    """So the file is not read ahead of the work, and the time left can be told."""
    rows = [{"id": str(number), "text": f"{KOREAN} {number}", "note": ""} for number in range(9000)]
    if suffix.startswith(".txt"):
        content = "".join(f"{row['text']}\n" for row in rows).encode()
        content = gzip.compress(content) if suffix.endswith(".gz") else content
    else:
        content = FORMATS[suffix][0](rows)
    source = tmp_path / f"a{suffix}"
    source.write_bytes(content)
    seen = []
    run(source, tmp_path / "out.jsonl", progress=lambda *step: seen.append(step))
    positions, sizes, counts = zip(*seen, strict=True)
    assert set(sizes) == {len(content)}
    assert counts == tuple(range(1, 9001))
    assert list(positions) == sorted(positions)
    assert positions[0] < 0.2 * len(content)
    assert 0.4 * len(content) < positions[4500] < 0.7 * len(content)
    assert positions[-1] == len(content)


# --- files are replaced in one step ---------------------------------------------------------


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".csv.gz", ".parquet"])
def test_nothing_half_written_stays(tmp_path, suffix, error):
    write = FORMATS[suffix.removesuffix(".gz")][0]
    content = write(ROWS) + (b"x\n" if suffix != ".parquet" else b"")
    source, out = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    source.write_bytes(gzip.compress(content) if suffix.endswith(".gz") else write(ROWS))
    out.write_bytes(b"old")

    def work(texts):
        yield next(texts)
        list(texts)
        raise error

    with pytest.raises(error):
        run(source, out, work)
    assert out.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == [source, out]


def test_the_output_replaces_an_older_one_through_a_link_with_ordinary_rights(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a\n")
    (tmp_path / "plain").touch()
    (tmp_path / "old.txt").write_bytes(b"old")
    (tmp_path / "link.txt").symlink_to("old.txt")
    run(tmp_path / "a.txt", tmp_path / "link.txt")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "old.txt").read_bytes() == b"a\n"
    assert (tmp_path / "old.txt").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_the_same_rows_give_the_same_bytes(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_bytes(b"a\n" * 100)
    for year, name in enumerate(["b.txt.gz", "c.txt.gz"]):
        monkeypatch.setattr(time, "time", lambda year=year: 3.2e7 * (40 + year))
        run(tmp_path / "a.txt", tmp_path / name)
    assert (tmp_path / "b.txt.gz").read_bytes() == (tmp_path / "c.txt.gz").read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "options", "message"),
    [
        pytest.param("a.csv", b"id,body\n", {}, "no column 'text'; there are id, body", id="csv"),
        pytest.param("a.tsv", b"id\tbody\n", {}, "no column 'text'; there are id, body", id="tsv"),
        pytest.param(
            "a.csv", b"id,b\n", {"column": None}, "--column; there are id, b", id="none named"
        ),
        pytest.param(
            "a.jsonl", b'{"id": 1, "b": 2}', {"column": None}, "there are id, b", id="jsonl"
        ),
        pytest.param("a.jsonl", b"", {"column": None}, "--column", id="none named, none there"),
        pytest.param("a.csv", b"text,text\n", {}, "two columns 'text'", id="twice"),
        pytest.param(
            "a.csv", b"text,tokens\n", {"adds": "tokens"}, "'tokens' already", id="tokens"
        ),
        pytest.param("a.csv", b"", {}, "is empty", id="empty CSV"),
        pytest.param("a.tsv", b"\n\n", {}, "is empty", id="blank TSV"),
        pytest.param("a.csv", b'"a\n', {}, "line 1: a quotation mark", id="bad header"),
        pytest.param("a.csv", b"\xb0\n", {"encoding": "utf-8"}, "line 1: not utf-8", id="header"),
        pytest.param("a.csv", b"\xb0\xa1\n", {}, "is not UTF-8", id="encoding can't be told"),
        pytest.param("a.csv", b"text\n", {"encoding": "x"}, "unknown encoding 'x'", id="encoding"),
        pytest.param("a.csv", b"text\n", {"format": "x"}, "choose from txt, csv", id="format"),
        pytest.param("a.md", b"text\n", {}, "give --format", id="no format by the name"),
        pytest.param("a.csv", b"a\n", {"format": "txt"}, "leave out --column", id="text: column"),
        pytest.param("a.csv.gz", b"text\n", {}, "damaged: Not a gzipped", id="no gzip"),
        pytest.param(
            "a.csv.gz", gzip.compress(csv_bytes(ROWS))[:-9], {}, "damaged: Comp", id="cut gzip"
        ),
        pytest.param("a.csv.xz", b"text\n", {}, "damaged: ", id="no xz"),
        pytest.param(
            "a.csv.xz", lzma.compress(csv_bytes(ROWS))[:-9], {}, "damaged: Comp", id="cut xz"
        ),
        pytest.param("a.parquet", b"PAR1", {}, "is no Parquet file", id="no Parquet"),
        pytest.param("a.parquet.gz", b"", {}, "give --format", id="Parquet in gzip"),
    ],
)
def test_what_is_refused_leaves_nothing(tmp_path, name, content, options, message):
    source, out = tmp_path / name, tmp_path / "out.jsonl"
    source.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        run(source, out, **options)
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"column": "body"}, "no column 'body'; there are id, text, note", id="column"),
        pytest.param({"column": "id"}, "column 'id' holds int64, not texts", id="no texts"),
        pytest.param({"adds": "note"}, "a column 'note' already", id="new column"),
        pytest.param({"encoding": "cp949"}, "leave it out", id="encoding"),
    ],
)
def test_parquet_refusals(tmp_path, options, message):
    pa = pytest.importorskip("pyarrow")
    schema = pa.schema({"id": pa.int64(), "text": pa.string(), "note": pa.string()})
    (tmp_path / "a.parquet").write_bytes(parquet_bytes([], schema))
    with pytest.raises(ValueError, match=message):
        run(tmp_path / "a.parquet", tmp_path / "b.jsonl", **options)


def test_parquet_without_pyarrow_says_what_to_install(tmp_path, monkeypatch):
    (tmp_path / "a.parquet").write_bytes(parquet_bytes(ROWS))

    class Nowhere:
        def find_spec(self, name, path, target=None):
            if name == "pyarrow":
                raise ModuleNotFoundError("No module named 'pyarrow'", name=name)

    for module in [name for name in sys.modules if name.split(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setattr(sys, "meta_path", [Nowhere(), *sys.meta_path])
    with pytest.raises(ModuleNotFoundError, match="pip install pyarrow"):
        run(tmp_path / "a.parquet", tmp_path / "b.parquet")
