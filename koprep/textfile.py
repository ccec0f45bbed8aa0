"""Text files as they are met: UTF-8, UTF-8 with a byte order mark, CP949 from Korean offices.

Whole files are read by `read_text`, streams line by line by `TextLines`; one rule, that of
`tell_encoding`, finds the encoding of both.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from koprep.hangul import is_syllable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MIN_SYLLABLES = 10
"""Fewer Hangul syllables than this are too short a text to tell CP949 from other encodings."""

HEAD_SIZE = 1 << 20
"""Bytes at the beginning of a stream by which its encoding is told."""

_BLOCK_SIZE = 1 << 16  # bytes asked of a stream at a time
_UNDECODABLE = re.compile("[\udc80-\udcff]")  # what "surrogateescape" makes of a byte


def read_text(path: str | Path, encoding: str | None = None) -> str:
    """Read a whole text file, telling UTF-8 (with or without BOM) from CP949.

    Args:
        path: the file.
        encoding: the file's encoding where it is known; None finds out.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is empty, or its encoding can't be told or is not the one given.
    """
    content = Path(path).read_bytes()
    if not content:
        raise ValueError(f"{path} is empty")
    return decode(content, str(path), encoding)


def decode(content: bytes, source: str, encoding: str | None = None) -> str:
    """Decode bytes as `read_text` does; `source` names them in errors.

    >>> decode("영화가 정말 재미있었고 또 보고 싶어요".encode("cp949"), "a.txt")
    '영화가 정말 재미있었고 또 보고 싶어요'
    """
    codec = tell_encoding(content, source) if encoding is None else _codec(encoding)
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{source} line {_line_number(content, error)} is not {encoding}; "
            "give the file's own encoding"
        ) from None


def tell_encoding(
    head: bytes,
    source: str,
    *,
    whole: bool = True,
    mend: str = "give its encoding, or save it as UTF-8",
) -> str:
    """Return the codec of a text that begins with `head`: "utf-8-sig" or "cp949".

    Args:
        head: the beginning of the text, or all of it.
        source: what errors call it.
        whole: nothing comes after `head`; else it may end within a character.
        mend: what the error advises.

    Raises:
        ValueError: `head` is not UTF-8, nor CP949 with enough Hangul to be sure of it.

    >>> tell_encoding("배송이 빨라서".encode()[:-1], "a.txt", whole=False)
    'utf-8-sig'
    """
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError as error:
        line_number = _line_number(head, error)
    else:
        return "utf-8-sig"
    try:
        text = codecs.getincrementaldecoder("cp949")().decode(head, final=whole)
    except UnicodeDecodeError:
        text = ""
    foreign = [character for character in text if character > "\x7f"]
    syllables = sum(map(is_syllable, foreign))
    if syllables < MIN_SYLLABLES or syllables < 0.5 * len(foreign):
        raise ValueError(
            f"{source} line {line_number} is not UTF-8, and too little speaks for CP949: {mend}"
        )
    return "cp949"


class Line(NamedTuple):
    r"""One line of a text.

    >>> Line(1, "좋아요\r\n").content
    '좋아요'
    """

    number: int
    """Counted from 1."""

    text: str
    """The line with its end; bytes that could not be decoded are written as `\\xb0`."""

    problem: str | None = None
    """Why the line is not the text it should be; None if all is well."""

    @property
    def content(self) -> str:
        r"""The line without its end, `\n` or `\r\n`."""
        return self.text.removesuffix("\n").removesuffix("\r")


class TextLines:
    r"""The lines of a stream of bytes, read as they are asked for; only line feeds end them.

    A line with bytes that are not of the encoding comes with its `problem`, and the next goes on.

    >>> stream = io.BytesIO("좋아요\n별로".encode())
    >>> [line.content for line in TextLines(stream, "standard input")]
    ['좋아요', '별로']

    Raises:
        ValueError: the encoding can't be told, or there is no such encoding; while iterating, the
            rest of a text cannot be decoded at all (UTF-16 and the like).
    """

    encoding: str
    """The encoding given, or the one found."""

    def __init__(self, stream: BinaryIO, source: str, encoding: str | None = None) -> None:
        head = b""
        if encoding is None:
            head = stream.read(HEAD_SIZE)
            whole = len(head) < HEAD_SIZE
            codec = tell_encoding(head, source, whole=whole, mend="give its --encoding")
        else:
            codec = _codec(encoding)
        self.encoding = encoding or codec.removesuffix("-sig")
        self._source = source
        self._bytes = CountedBytes(stream, head)
        self._text = io.TextIOWrapper(
            io.BufferedReader(self._bytes, _BLOCK_SIZE),
            encoding=codec,
            errors="surrogateescape",
            newline="\n",
        )

    def __iter__(self) -> Iterator[Line]:
        number = 0
        try:
            for number, text in enumerate(self._text, 1):
                if text.isascii() or not (found := _UNDECODABLE.search(text)):
                    yield Line(number, text)
                else:
                    byte = ord(found[0]) - 0xDC00
                    problem = f"byte 0x{byte:02x} after {found.start()} characters"
                    text = _UNDECODABLE.sub(_escape, text)
                    yield Line(number, text, f"not {self.encoding} text: {problem}")
        except UnicodeDecodeError:
            raise ValueError(
                f"{self._source} is not {self.encoding} after line {number}; "
                "give its own --encoding"
            ) from None

    @property
    def share(self) -> float:
        """How much of the bytes that were read have become lines, from 0 to 1."""
        ahead = len(self._bytes.head)
        return self._bytes.count / max(1, self._bytes.count + ahead)


class CountedBytes(io.RawIOBase):
    """A stream that counts the bytes it gives: first those of `head`, then those of `rest`."""

    def __init__(self, rest: BinaryIO, head: bytes = b"") -> None:
        self.head = head
        self.count = 0
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        if self.head:
            block, self.head = self.head[: len(view)], self.head[len(view) :]
        else:
            block = self._rest.read(len(view))
        view[: len(block)] = block
        self.count += len(block)
        return len(block)


def _codec(encoding: str) -> str:
    """Return the codec for an encoding that a person named; a byte order mark is no text."""
    try:
        "a".encode(encoding)  # refuses what turns no text into bytes, such as "hex"
        name = codecs.lookup(encoding).name
    except LookupError:
        raise ValueError(f"unknown encoding {encoding!r}; try utf-8 or cp949") from None
    return "utf-8-sig" if name == "utf-8" else encoding


def _line_number(content: bytes, error: UnicodeDecodeError) -> int:
    return content.count(b"\n", 0, error.start) + 1


def _escape(undecodable: re.Match[str]) -> str:
    return f"\\x{ord(undecodable[0]) - 0xDC00:02x}"
