import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from koprep import textfile
from koprep.textfile import Line, TextLines, read_text, tell_encoding

KOREAN = "배송이 빨라서 좋았어요. 다음에도 여기에서 살게요\n"
ENCODINGS = ["utf-8", "utf-8-sig", "cp949"]


@pytest.fixture
def small_head(monkeypatch):
    """The encoding is told from 100 bytes, so that small streams have a head and a rest."""
    monkeypatch.setattr(textfile, "HEAD_SIZE", 100)


def lines_of(content, encoding=None):
    return list(TextLines(io.BytesIO(content), "a.txt", encoding))


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_korean_files_are_read_right(tmp_path, encoding):
    path = tmp_path / "reviews.txt"
    path.write_bytes(KOREAN.encode(encoding))
    assert read_text(path) == KOREAN
    assert read_text(path, encoding) == KOREAN


def test_a_byte_order_mark_is_no_text_though_the_encoding_is_given(tmp_path):
    (tmp_path / "a.txt").write_bytes(KOREAN.encode("utf-8-sig"))
    assert read_text(tmp_path / "a.txt", "UTF8") == KOREAN


UNKNOWN = [
    pytest.param("좋아".encode("cp949"), "line 1 is not UTF-8, and too little", id="too short"),
    pytest.param(b"a\nb\n" + "좋아".encode("cp949"), "line 3 is not UTF-8", id="names the line"),
    pytest.param("дешёвый и плохой".encode("koi8-r"), "encoding", id="another language"),
    pytest.param(b"\xff\xfe" + "좋아요".encode("utf-16-le"), "encoding", id="UTF-16"),
    pytest.param(KOREAN.encode() + b"\xb0\n", "line 2 is not UTF-8", id="one bad byte"),
]


@pytest.mark.parametrize(("content", "message"), UNKNOWN)
def test_what_cannot_be_told_is_refused(tmp_path, content, message):
    path = tmp_path / "reviews.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_text(path)
    with pytest.raises(ValueError, match=message):
        lines_of(content)


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "a.txt").touch()
    with pytest.raises(ValueError, match="is empty"):
        read_text(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("encoding", "message"),
    [
        pytest.param("utf-8", "line 1 is not utf-8", id="wrong"),
        pytest.param("utf-99", "unknown encoding 'utf-99'", id="unknown"),
        pytest.param("hex", "unknown encoding 'hex'", id="no encoding of texts"),
    ],
)
def test_a_wrong_encoding_is_an_error(tmp_path, encoding, message):
    path = tmp_path / "reviews.txt"
    path.write_bytes(KOREAN.encode("cp949"))
    with pytest.raises(ValueError, match=message):
        read_text(path, encoding)


# --- lines of a stream ----------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("given_encoding", [True, False], ids=["given", "told"])
@pytest.mark.usefixtures("small_head")
def test_lines_of_any_encoding(encoding, given_encoding):
    content = (KOREAN * 20).encode(encoding)
    lines = lines_of(content, encoding if given_encoding else None)
    assert lines == [Line(number, KOREAN) for number in range(1, 21)]


@pytest.mark.parametrize("size", range(60, 70))
@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_the_head_may_end_within_a_character(monkeypatch, encoding, size):
    monkeypatch.setattr(textfile, "HEAD_SIZE", size)
    content = (KOREAN * 3).encode(encoding)
    assert "".join(line.text for line in lines_of(content)) == KOREAN * 3


def test_a_text_that_ends_within_a_character_is_not_utf8():
    cut = KOREAN.strip().encode()[:-1]
    assert tell_encoding(cut, "a.txt", whole=False) == "utf-8-sig"
    with pytest.raises(ValueError, match="not UTF-8"):
        tell_encoding(cut, "a.txt")


@pytest.mark.parametrize(
    ("content", "contents"),
    [
        pytest.param(b"", [], id="empty"),
        pytest.param(b"a\nb", ["a", "b"], id="no end after the last"),
        pytest.param(b"a\r\n\r\nb\r\n", ["a", "", "b"], id="CRLF and an empty line"),
        pytest.param("a\u2028b\x0bc\x85d\re\n".encode(), ["a\u2028b\x0bc\x85d\re"], id="one end"),
        pytest.param(b"a\x00b\n\n", ["a\x00b", ""], id="NUL"),
        pytest.param(b"\xef\xbb\xbf\xef\xbb\xbfa\n", ["\ufeffa"], id="one byte order mark"),
    ],
)
def test_only_line_feeds_end_lines(content, contents):
    assert [line.content for line in lines_of(content)] == contents


@pytest.mark.usefixtures("small_head")
@pytest.mark.parametrize(
    ("encoding", "bad", "text"),
    [
        pytest.param("utf-8", "좋아".encode("cp949"), r"\xc1\xc1\xbe\xc6", id="CP949 in UTF-8"),
        pytest.param("utf-8", b"a\xed\xa0\x80", r"a\xed\xa0\x80", id="a surrogate in UTF-8"),
        pytest.param("utf-8", "좋".encode()[:2], r"\xec\xa2", id="half a character"),
        pytest.param("cp949", b"a\xff\xb0", r"a\xff\xb0", id="no CP949"),
    ],
)
def test_a_line_that_cannot_be_decoded_spoils_no_other(encoding, bad, text):
    before, after = KOREAN * 10, "그 다음\n"
    content = before.encode(encoding) + bad + b"\n" + after.encode(encoding)
    *lines, spoilt, last = lines_of(content)
    assert "".join(line.text for line in lines) == before
    assert (spoilt.number, spoilt.content) == (11, text)
    assert spoilt.problem is not None
    assert f"not {encoding} text: byte 0x{bad.lstrip(b'a')[0]:02x}" in spoilt.problem
    assert last == Line(12, after)
    assert all(line.problem is None for line in lines)


def test_utf16_is_read_when_it_is_named():
    assert [line.text for line in lines_of((KOREAN * 2).encode("utf-16"), "utf-16")] == [KOREAN] * 2
    with pytest.raises(ValueError, match=r"a\.txt is not utf-16 after line 0"):
        lines_of(b"\xff\xfe\x00\xd8a\x00", "utf-16")


@given(st.lists(st.text(st.characters(exclude_characters="\n", codec="utf-8"))))
def test_lines_come_back(texts):
    content = "".join(f"{text}\n" for text in texts).encode("utf-8-sig")
    assert [line.text for line in lines_of(content)] == [f"{text}\n" for text in texts]


@pytest.mark.usefixtures("small_head")
def test_a_stream_is_read_as_its_lines_are_asked_for():
    stream = io.BytesIO(KOREAN.encode() * 10_000)
    lines = TextLines(stream, "a.txt")
    assert (stream.tell(), lines.share) == (100, 0)
    next(iter(lines))
    assert stream.tell() <= 100 + textfile._BLOCK_SIZE
    assert lines.share == 1
