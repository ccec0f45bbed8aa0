"""`koprep clean` and `koprep tokenize`: what is typed, what comes out, what is said."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from typing import get_args

import pytest
from rich.console import Console

from koprep.cleaning.characters import Keep
from koprep.cleaning.contacts import ContactMode
from koprep.cleaning.expressions import EmojiMode
from koprep.cli.rows import progress_bar
from koprep.records.files import FORMATS
from koprep.stopwords import list_stopwords
from koprep.tokenizers.base import OUTPUTS

KOREAN = "배송이 빨라서 좋았어요"
REVIEWS = "id,text\n1,재밌다ㅋㅋㅋㅋ\n2,별로  ㅠㅠㅠ\n"


@pytest.fixture
def reviews(tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_text(REVIEWS, encoding="utf-8")
    return path


# --- clean ----------------------------------------------------------------------------------


def test_a_column_is_cleaned_to_standard_output_or_a_file(koprep, reviews):
    cleaned = "id,text\n1,재밌다ㅋㅋ\n2,별로 ㅠㅠ\n"
    result = koprep("clean", reviews, "--column", "text")
    assert (result.code, result.output) == (0, cleaned)
    assert result.errors == "2 rows written to standard output\n"
    result = koprep("clean", reviews, "--column", "text", "--out", "clean.csv")
    assert (result.code, result.output) == (0, "")
    assert result.errors == "2 rows written to clean.csv\n"
    assert reviews.with_name("clean.csv").read_text("utf-8") == cleaned


def test_json_lines_whatever_the_format(koprep, reviews):
    result = koprep("clean", reviews, "--column", "text", "--json")
    assert [json.loads(line) for line in result.output.splitlines()] == [
        {"id": "1", "text": "재밌다ㅋㅋ"},
        {"id": "2", "text": "별로 ㅠㅠ"},
    ]


@pytest.mark.parametrize(
    ("options", "stdin", "output"),
    [
        pytest.param([], "가ㅋㅋㅋ\n\n나".encode(), "가ㅋㅋ\n\n나\n", id="lines of text"),
        pytest.param(["-"], b"a  b\r\n", "a b\n", id="a dash"),
        pytest.param([], b"\xef\xbb\xbfa\n", "a\n", id="byte order mark"),
        pytest.param([], f"{KOREAN}\n".encode("cp949"), f"{KOREAN}\n", id="CP949"),
        pytest.param(["--encoding", "cp949"], "좋아".encode("cp949"), "좋아\n", id="short CP949"),
        pytest.param(
            ["--format", "csv", "--column", "text"], REVIEWS.encode(),
            "id,text\n1,재밌다ㅋㅋ\n2,별로 ㅠㅠ\n", id="CSV",
        ),
        pytest.param([], b"", "", id="nothing"),
    ],
)  # fmt: skip
def test_standard_input(koprep, options, stdin, output):
    result = koprep("clean", *options, stdin=stdin)
    assert (result.code, result.output) == (0, output)


@pytest.mark.parametrize(
    ("options", "text", "cleaned"),
    [
        pytest.param(["--keep", "hangul"], "집 a1.은", "집 은", id="keep"),
        pytest.param(["--urls", "mask"], "집http://a.kr/ 은", "집[URL] 은", id="urls"),
        pytest.param(["--emails", "mask"], "집 a@b.kr로", "집 [EMAIL]로", id="emails"),
        pytest.param(["--phones", "remove"], "집 010-1234-5678은", "집 은", id="phones"),
        pytest.param(
            ["--resident-numbers", "mask"], "900101-1234567 나", "[RRN] 나", id="resident numbers"
        ),
        pytest.param(["--emoji", "remove"], "웃음😂 집", "웃음 집", id="emoji"),
        pytest.param(["--lecture"], "너무...좋아요  10점", "너무좋아요  점", id="lecture"),
        pytest.param(
            ["--keep", "hangul", "--urls", "mask"], "a http://a.kr/ 은", "[URL] 은", id="both"
        ),
    ],
)
def test_settings_of_the_cleaner(koprep, options, text, cleaned):
    assert koprep("clean", *options, stdin=text.encode()).output == f"{cleaned}\n"


def test_bad_rows_are_told_and_kept(koprep, tmp_path):
    (tmp_path / "a.csv").write_text(REVIEWS + "3\n4,굿\n5,a,b\n", encoding="utf-8")
    result = koprep("clean", "a.csv", "--column", "text", "--out", "b.csv")
    assert result.code == 1
    assert result.errors == (
        "3 rows written to b.csv\n"
        "2 bad rows written to b.csv.bad.jsonl\n"
        "the first: line 4: columns due: 2 (id, text), columns found: 1\n"
    )
    bad = [json.loads(row) for row in (tmp_path / "b.csv.bad.jsonl").read_text().splitlines()]
    assert [(row["line"], row["row"]) for row in bad] == [(4, "3"), (6, "5,a,b")]
    result = koprep("clean", "a.csv", "--column", "text", "--bad-rows", "bad.jsonl")
    assert (result.code, result.output.count("\n")) == (1, 4)
    assert [json.loads(row) for row in (tmp_path / "bad.jsonl").read_text().splitlines()] == bad


def test_to_standard_output_the_first_bad_row_stops_after_the_rows_before_it(koprep):
    result = koprep("clean", stdin="가나다라마바사아자차\n".encode() * 60_000 + b"\xff\nb\n")
    assert result.code == 2
    assert "standard input line 60001: not utf-8 text" in result.errors
    assert "with --bad-rows FILE such rows go to that file" in result.errors
    assert result.output.count("\n") == 60_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["none.csv"], "no file none.csv", id="no file"),
        pytest.param(["reviews.csv"], "--column; there are id, text", id="no column"),
        pytest.param(["reviews.csv", "--column", "x"], "there are id, text", id="wrong column"),
        pytest.param(["--column", "x"], "have no columns", id="lines have no columns"),
        pytest.param(["reviews.csv", "--format", "x"], "unknown format 'x'", id="format"),
        pytest.param(["--keep", "hanja"], "keep must be one of '", id="keep"),
        pytest.param(["--urls", "x"], "urls must be one of", id="urls"),
        pytest.param(
            ["--lecture", "--resident-numbers", "keep"], "leave out --resident-", id="two"
        ),
        pytest.param(["--encoding", "x"], "unknown encoding 'x'", id="encoding"),
        pytest.param(["--format", "parquet"], "not written to standard output", id="to stdout"),
        pytest.param(["--format", "parquet", "--json"], "not read from standard", id="from stdin"),
        pytest.param(["--out", "no/b.txt"], "no folder", id="no folder"),
        pytest.param(["--out", "b.csv"], "files that end in .txt or .jsonl", id="other format"),
        pytest.param(["--out", "b.txt", "--json"], "files that end in .jsonl", id="json"),
        pytest.param(["--out", "folder.txt"], "no plain file", id="a folder"),
        pytest.param(
            ["reviews.csv", "--column", "text", "--out", "reviews.csv"], "input itself", id="same"
        ),
        pytest.param(
            ["reviews.csv", "--column", "text", "--out", "link.csv"], "input itself", id="link"
        ),
        pytest.param(
            ["reviews.csv", "--column", "text", "--bad-rows", "reviews.csv"], "itself", id="side"
        ),
        pytest.param(["--out", "b.txt", "--bad-rows", "b.txt"], "cannot take both", id="both"),
    ],
)
def test_mistakes(koprep, reviews, arguments, message):
    reviews.with_name("folder.txt").mkdir()
    reviews.with_name("link.csv").symlink_to(reviews)
    before = sorted(reviews.parent.iterdir())
    result = koprep("clean", *arguments)
    assert result.code == 2
    assert message in result.errors
    assert result.errors.count("\n") == 1
    assert result.output == ""
    assert sorted(reviews.parent.iterdir()) == before
    assert reviews.read_text("utf-8") == REVIEWS


# --- tokenize -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "output"),
    [
        pytest.param([], "영화 가 재밌 다 ㅋㅋ !", id="Kiwi, after cleaning"),
        pytest.param(
            ["--output", "form/tag"], "영화/NNG 가/JKS 재밌/VA 다/EF ㅋㅋ/SW !/SF", id="form/tag"
        ),
        pytest.param(["--stopwords", "particles"], "영화 재밌 다 ㅋㅋ !", id="named stopwords"),
        pytest.param(["--stopwords", "mine.txt"], "가 재밌 다 ㅋㅋ !", id="stopwords of a file"),
        pytest.param(["--tokenizer", "whitespace"], "영화가 재밌다 ㅋㅋ!", id="whitespace"),
        pytest.param(
            ["--tokenizer", "whitespace", "--no-clean"], "영화가 재밌닼ㅋㅋㅋ!", id="not cleaned"
        ),
        pytest.param(
            ["--tokenizer", "whitespace", "--lecture"], "영화가 재밌닼ㅋㅋㅋ", id="the course's"
        ),
    ],
)
def test_tokens(koprep, tmp_path, options, output):
    (tmp_path / "mine.txt").write_text("영화\n", encoding="utf-8")
    result = koprep("tokenize", *options, stdin="영화가 재밌닼ㅋㅋㅋ!".encode())
    assert (result.code, result.output) == (0, f"{output}\n")


def test_tables_get_a_column_of_tokens(koprep, reviews):
    command = ("tokenize", reviews, "--column", "text", "--tokenizer", "whitespace")
    assert koprep(*command).output == (
        "id,text,tokens\n1,재밌다ㅋㅋㅋㅋ,재밌다ㅋㅋ\n2,별로  ㅠㅠㅠ,별로 ㅠㅠ\n"
    )
    assert koprep(*command, "--out", "tokens.jsonl.gz").code == 0
    lines = gzip.decompress(reviews.with_name("tokens.jsonl.gz").read_bytes()).splitlines()
    assert json.loads(lines[1]) == {"id": "2", "text": "별로  ㅠㅠㅠ", "tokens": ["별로", "ㅠㅠ"]}


def test_threads_and_bad_rows_do_not_mix_rows_up(koprep, tmp_path):
    rows = [
        {"n": n, "text": None if n % 7 == 0 else f"{n}번 영화는 " * (n % 5)} for n in range(300)
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    result = koprep("tokenize", "a.jsonl", "--column", "text", "--out", "b.jsonl")
    assert result.code == 1
    written = [json.loads(row) for row in (tmp_path / "b.jsonl").read_text("utf-8").splitlines()]
    assert [row["n"] for row in written] == [row["n"] for row in rows if row["text"] is not None]
    for row in written:
        assert row["tokens"].count("영화") == row["n"] % 5
        assert not row["tokens"] or row["tokens"][0] == str(row["n"])
    bad = (tmp_path / "b.jsonl.bad.jsonl").read_text("utf-8").splitlines()
    assert len(written) + len(bad) == 300


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param(["--tokenizer", "x"], "unknown tokenizer 'x'", id="tokenizer"),
        pytest.param(["--output", "x"], "output must be one of", id="output"),
        pytest.param(["--tokenizer", "jamo", "--output", "lemma"], "needs tags", id="no tags"),
        pytest.param(["--stopwords", "x"], "opens general, lecture, particles", id="stopwords"),
        pytest.param(["--no-clean", "--lecture"], "leave one out", id="two ways to clean"),
    ],
)
def test_mistakes_in_how_to_cut(koprep, options, message):
    result = koprep("tokenize", *options)
    assert (result.code, result.output) == (2, "")
    assert message in result.errors


# --- what a person sees ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("clean", [*FORMATS, *get_args(Keep), *get_args(ContactMode), *get_args(EmojiMode)]),
        ("tokenize", [*FORMATS, *OUTPUTS, *list_stopwords()]),
    ],
)
def test_help_names_every_choice(koprep, command, words):
    text = koprep(command, "--help").output
    assert [word for word in words if word not in text] == []


def test_a_bar_is_shown_on_terminals_only():
    terminal, file = (
        Console(file=io.StringIO(), force_terminal=forced, width=100) for forced in (True, False)
    )
    with progress_bar(terminal, "cleaning", shown=True) as tell:
        tell(500, 2000, 1234)
    for part in ("cleaning", "0.5/2.0 kB", "1,234 rows"):
        assert part in terminal.file.getvalue()
    for console, shown in ((file, True), (terminal, False)):
        with progress_bar(console, "cleaning", shown=shown) as tell:
            assert tell is None
    assert file.file.getvalue() == ""


# --- as a process ---------------------------------------------------------------------------


HEEDING_INTERRUPTS = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from koprep.cli import main
main()
"""  # a background job of a shell is started without


def process(*arguments, **options):
    environment = {**os.environ, "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"}
    command = [sys.executable, "-c", HEEDING_INTERRUPTS, *map(str, arguments)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, env=environment, **pipes | options)


def test_a_pipe_in_a_plain_locale(tmp_path):
    with process("tokenize", "--output", "form/tag") as running:
        output, errors = running.communicate(KOREAN.encode("cp949"), timeout=120)
    assert running.returncode == 0, errors
    assert output.decode() == "배송/NNG 이/JKS 빠르/VA 어서/EC 좋/VA 었/EP 어요/EF\n"


def test_an_input_that_is_redirected_is_not_written_over(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\n")
    with path.open() as stream, process("clean", "--out", path, stdin=stream) as running:
        _, errors = running.communicate(timeout=120)
    assert running.returncode == 2
    assert b"is the input itself" in errors
    assert path.read_bytes() == b"a\n"


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_nothing_stays_after_an_interrupt(tmp_path, number, code):
    with process("clean", "--out", tmp_path / "b.txt", "--encoding", "utf-8") as running:
        running.stdin.write(b"a\n\xff\n" * 100_000)
        running.stdin.flush()
        deadline = time.monotonic() + 60
        while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(list(tmp_path.iterdir())) == 2, "the output and the side file, half-written"
        running.send_signal(number)
        _, errors = running.communicate(timeout=60)
    assert running.returncode == code
    assert b"Traceback" not in errors
    assert list(tmp_path.iterdir()) == []
