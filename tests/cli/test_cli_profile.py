"""`koprep profile`: what is typed, what is written, what is said."""

import json

import pytest

HEADER = ("text", "label")
TRAIN = [("재미 있다", "1"), ("재미 있다", "0"), ("별로다", "0"), ("한글 새말", "1")]
TEST = [("재미 있다", "1"), ("처음 별로다", "0")]


@pytest.fixture
def koprep(koprep):
    """`koprep profile`, cutting at spaces."""

    def run(*arguments, **stdin):
        return koprep("profile", *arguments, "--tokenizer", "whitespace", **stdin)

    return run


def write(path, rows, columns=HEADER):
    kind = path.suffix[1:]
    if kind == "txt":
        content = "".join(f"{row[0]}\n" for row in rows)
    elif kind == "jsonl":
        objects = [dict(zip(columns, row, strict=True)) for row in rows]
        content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in objects)
    elif kind == "parquet":
        pa = pytest.importorskip("pyarrow")
        parquet = pytest.importorskip("pyarrow.parquet")
        cells = zip(*rows, strict=True)
        parquet.write_table(pa.table(dict(zip(columns, map(list, cells), strict=True))), path)
        return path
    else:
        mark = {"csv": ",", "tsv": "\t"}[kind]
        content = "".join(mark.join(row) + "\n" for row in (columns, *rows))
    path.write_text(content, "utf-8")
    return path


def saved(path):
    return json.loads(path.read_text("utf-8"))


def counts(values):
    return {finding["code"]: finding["count"] for finding in values["findings"] if finding["count"]}


@pytest.mark.parametrize(
    ("kind", "first_row"), [("csv", 2), ("tsv", 2), ("jsonl", 1), ("parquet", 1)]
)
def test_every_format_gives_the_same_profile(koprep, tmp_path, kind, first_row):
    train = write(tmp_path / f"train.{kind}", TRAIN)
    test = write(tmp_path / f"test.{kind}", TEST)
    result = koprep(
        train, "--column", "text", "--label", "label", "--test", test, "--out", "out.html"
    )
    assert (result.code, result.errors) == (0, "written: out.html, out.json\n")
    values = saved(tmp_path / "out.json")
    assert counts(values) == {"leakage": 1, "label_conflicts": 3, "duplicates": 1}
    assert [(part["split"], part["texts"]) for part in values["parts"]] == [
        ("train", 4), ("test", 2),
    ]  # fmt: skip
    assert [(part["label"], part["unknown"]) for part in values["unknown"]] == [
        (None, 1), ("0", 1), ("1", 0),
    ]  # fmt: skip
    (duplicate,) = [found for found in values["findings"] if found["code"] == "duplicates"]
    rows = [place["row"] for place in duplicate["examples"][0]["places"]]
    assert rows == [first_row, first_row + 1]
    assert "재미 있다" in (tmp_path / "out.html").read_text("utf-8")


def test_what_is_printed(koprep, tmp_path):
    result = koprep(write(tmp_path / "a.csv", TRAIN), "--column", "text", "--label", "label")
    assert result.errors == "written: a.profile.html, a.profile.json\n"
    assert result.output.splitlines()[:2] == [
        "texts: train 4",
        "suggested: maxlen=2 (100.0% whole), vocabulary_size=7",
    ]
    assert [line.split() for line in result.output.splitlines()[3:]] == [
        ["warning", "label", "conflicts", "2", "50.0%", "train", "3"],
        ["warning", "duplicates", "1", "25.0%", "train", "3"],
    ]


def test_lines_of_text_from_a_file_or_standard_input(koprep, tmp_path):
    koprep(write(tmp_path / "a.txt", TRAIN))
    result = koprep(stdin=(tmp_path / "a.txt").read_bytes())
    assert result.errors == "written: profile.html, profile.json\n"
    piped, read = saved(tmp_path / "profile.json"), saved(tmp_path / "a.profile.json")
    assert (piped.pop("name"), read.pop("name")) == ("standard input", "a.txt")
    assert piped == read
    assert koprep(write(tmp_path / "b.txt", [("가",)])).output.endswith("no findings\n")


def test_a_column_says_the_split(koprep, tmp_path):
    rows = [(*row, "train") for row in TRAIN]
    rows += [(*TEST[0], "test"), (*TEST[1], "dev"), ("짝 없음", "1", "")]
    path = write(tmp_path / "a.csv", rows, (*HEADER, "part"))
    result = koprep(path, "--column", "text", "--split", "part", "--out", "folder")
    assert result.code == 1
    values = saved(tmp_path / "folder" / "profile.json")
    assert [part["split"] for part in values["parts"]] == ["train", "test", "dev"]
    assert counts(values) == {"unreadable_rows": 1, "leakage": 1, "duplicates": 1}
    assert values["labels"] == []


def test_rows_that_cannot_be_read_are_counted_and_named(koprep, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("text,label\n가,1\n".encode() + b"\xb0\xa1\xff,1\n" + "하나\n나,0\n".encode())
    result = koprep(path, "--column", "text", "--encoding", "utf-8", "--out", "a.html")
    assert result.code == 1
    assert "unreadable rows" in result.output
    values = saved(tmp_path / "a.json")
    first = values["findings"][0]
    assert (first["code"], first["count"], first["checked"]) == ("unreadable_rows", 2, 4)
    assert [example["places"][0]["row"] for example in first["examples"]] == [3, 4]
    assert "not utf-8 text" in first["examples"][0]["note"]
    assert values["parts"][0]["texts"] == 2


def test_labels_and_texts_in_cp949(koprep, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(
        "글,라벨\n아주 좋아요 정말 좋아요,긍정\n별로였어요 다시는,부정\n".encode("cp949")
    )
    assert koprep(path, "--column", "글", "--label", "라벨", "--out", "a.html").code == 0
    assert [count["label"] for count in saved(tmp_path / "a.json")["labels"]] == ["긍정", "부정"]


def test_stopwords_from_a_file_that_lists_negation(koprep, tmp_path):
    (tmp_path / "stop.txt").write_text("안\n은\n", "utf-8")
    path = write(tmp_path / "a.txt", [("안 본다",), ("은 좋다",)])
    koprep(path, "--stopwords", "stop.txt", "--out", "a.html")
    values = saved(tmp_path / "a.json")
    assert counts(values) == {"dropped_negation": 1}
    assert values["words"]["types"] == 3  # 안 is kept, 은 is not


def test_objects_without_a_label_have_a_missing_one(koprep, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"t": "가"}\n{"t": "나", "y": 1}\n{"t": "다", "y": null}\n')
    koprep("a.jsonl", "--column", "t", "--label", "y", "--out", "a.html")
    assert counts(saved(tmp_path / "a.json")) == {"missing_labels": 2}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.csv"], "no file none.csv"),
        (["a.csv"], "name the column of texts with --column"),
        (["a.csv", "--column", "없음"], "has no column '없음'; there are text, label"),
        (["a.csv", "--column", "text", "--label", "없음"], "has no column '없음'"),
        (["a.csv", "--column", "text", "--split", "없음"], "has no column '없음'"),
        (["a.csv", "--column", "text", "--split", "label"], "no split is the training part"),
        (["a.jsonl", "--column", "text", "--label", "없음"], "no row has a column '없음'"),
        (["a.txt", "--label", "y"], "lines of text, which have no columns: leave out --label"),
        (["a.txt", "--column", "text"], "leave out --column, or give --format"),
        (["a.csv", "--column", "text", "--split", "label", "--test", "a.csv"], "not both"),
        (["a.csv", "--column", "text", "--test", "none.csv"], "no file none.csv"),
        (["empty.txt"], "no texts to profile"),
        (["a.txt", "--stopwords", "none.txt"], "no stopword file 'none.txt'"),
        (["a.txt", "--encoding", "한글"], "unknown encoding"),
        (["a.json", "--format", "txt", "--out", "a.html"], "a.json is the input itself"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_written(koprep, tmp_path, arguments, message):
    for name in ("a.csv", "a.jsonl", "a.txt"):
        write(tmp_path / name, TRAIN)
    (tmp_path / "a.json").write_text("가\n", "utf-8")
    (tmp_path / "empty.txt").touch()
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    result = koprep(*arguments)
    assert (result.code, result.output) == (2, "")
    assert result.errors.startswith("error: ")
    assert message in result.errors
    assert result.errors.count("\n") == 1
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_same_file_gives_the_same_bytes(koprep, tmp_path):
    path = write(tmp_path / "a.csv", TRAIN * 50)
    written = []
    for name in ("b.html", "c.html"):
        koprep(path, "--column", "text", "--label", "label", "--out", name)
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]


def test_two_files_of_one_name_get_two_pages(koprep, tmp_path):
    for year in (2023, 2024):
        (tmp_path / f"reviews.{year}.csv").write_text("text\n좋아요\n")
        assert koprep(f"reviews.{year}.csv", "--column", "text").code == 0
    pages = sorted(path.name for path in tmp_path.glob("*.html"))
    assert pages == ["reviews.2023.profile.html", "reviews.2024.profile.html"]


@pytest.mark.parametrize("out", ["page.htm", "notes.txt"])
def test_a_place_that_takes_no_page_is_told_before_the_work(koprep, tmp_path, out):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "reviews.csv").write_text("text\n좋아요\n")
    result = koprep("reviews.csv", "--column", "text", "--out", out)
    assert result.code == 2
    assert f"{out} is no folder" in result.errors
    assert "profiling" not in result.errors
