import pytest

from koprep.textfile import read_text

KOREAN = "배송이 빨라서 좋았어요. 다음에도 여기에서 살게요\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_korean_files_are_read_right(tmp_path, encoding):
    path = tmp_path / "reviews.txt"
    path.write_bytes(KOREAN.encode(encoding))
    assert read_text(path) == KOREAN
    assert read_text(path, encoding) == KOREAN


@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        pytest.param(b"", None, "is empty", id="empty"),
        pytest.param("좋아".encode("cp949"), None, "give its encoding", id="too short to tell"),
        pytest.param("дешёвый и плохой".encode("koi8-r"), None, "encoding", id="another language"),
        pytest.param(b"\xff\xfe" + "좋아요".encode("utf-16-le"), None, "encoding", id="UTF-16"),
        pytest.param(KOREAN.encode("cp949"), "utf-8", "is not utf-8: byte 0", id="wrong"),
        pytest.param(KOREAN.encode(), "utf-99", "unknown encoding 'utf-99'", id="unknown"),
    ],
)
def test_what_cannot_be_told_is_refused(tmp_path, content, encoding, message):
    path = tmp_path / "reviews.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_text(path, encoding)
