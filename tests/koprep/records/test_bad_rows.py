"""A bad row goes to the side file with its line and the reason; none is lost."""

import csv

import pytest

from koprep.records import delimited


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
def test_bad_rows_go_to_the_side_file_and_none_is_lost(
    tmp_path, run, jsonl, bad_rows_of, name, content, texts, bad
):
    (tmp_path / name).write_bytes(content)
    out = tmp_path / "out.jsonl"
    report = run(tmp_path / name, out, encoding="utf-8")
    assert [row["text"] for row in jsonl.read(out.read_bytes())] == list(texts)
    found = bad_rows_of(out)
    assert [row.line for row in found] == [line for line, _, _ in bad]
    for row, (_, reason, raw) in zip(found, bad, strict=True):
        assert reason in row.reason
        assert raw in (None, row.row)
    assert (report.written, report.bad) == (len(texts), len(bad))
    assert report.first_bad == found[0]
    assert report.bad_rows == tmp_path / "out.jsonl.bad.jsonl"


def test_a_quotation_mark_left_open_is_given_up_on(tmp_path, run, monkeypatch):
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


def test_a_row_that_has_the_new_column_already_is_bad(tmp_path, run, splitting):
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "a", "tokens": 1}\n{"text": "b"}\n')
    report = run(tmp_path / "a.jsonl", tmp_path / "b.jsonl", splitting, adds="tokens")
    assert report.written == 1
    assert report.first_bad.reason == "it has a column 'tokens' already"


def test_a_side_file_of_an_earlier_run_does_not_stay(tmp_path, run, bad_rows_of):
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
