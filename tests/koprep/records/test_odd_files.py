"""What files look like out there."""

import gzip
import lzma

import pytest

from koprep.cleaning import Cleaner
from koprep.records import read_texts

clean = Cleaner().clean
KOREAN = "배송이 빨라서 좋았어요ㅋㅋㅋㅋ"


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
def test_odd_files(tmp_path, run, jsonl, name, content, texts):
    (tmp_path / name).write_bytes(content)
    report = run(tmp_path / name, tmp_path / "out.jsonl")
    rows = jsonl.read((tmp_path / "out.jsonl").read_bytes())
    assert [row["text"] for row in rows] == texts
    assert (report.written, report.bad) == (len(texts), 0)


def test_unpaired_surrogates_of_other_columns_stay(tmp_path, run, jsonl):
    row = {"text": "좋아요", "note": "\ud83d"}
    (tmp_path / "a.jsonl").write_bytes(jsonl.write([row]))
    run(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert jsonl.read((tmp_path / "b.jsonl").read_bytes()) == [row]


def test_read_texts_gives_the_texts_and_stops_at_a_bad_row(tmp_path):
    (tmp_path / "a.csv").write_text("id,text\n1,좋아요\n2\n", "utf-8")
    texts = read_texts(tmp_path / "a.csv", column="text")
    assert next(texts) == "좋아요"
    with pytest.raises(ValueError, match=r"a\.csv line 3: columns due"):
        next(texts)
