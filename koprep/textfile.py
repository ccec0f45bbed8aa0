"""Text files as they are met: UTF-8, UTF-8 with a byte order mark, CP949 from Korean offices."""

from __future__ import annotations

from pathlib import Path

from koprep.hangul import is_syllable

MIN_SYLLABLES = 10
"""Fewer Hangul syllables than this are too short a text to tell CP949 from other encodings."""


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
    try:
        return content.decode(encoding or "utf-8-sig")
    except LookupError:
        raise ValueError(f"unknown encoding {encoding!r}; try utf-8 or cp949") from None
    except UnicodeDecodeError as error:
        if encoding is not None:
            raise ValueError(
                f"{source} is not {encoding}: byte {error.start} does not fit; "
                "give the file's own encoding"
            ) from None
    try:
        text = content.decode("cp949")
    except UnicodeDecodeError:
        text = ""
    foreign = [character for character in text if character > "\x7f"]
    syllables = sum(map(is_syllable, foreign))
    if syllables < MIN_SYLLABLES or syllables < 0.5 * len(foreign):
        raise ValueError(
            f"{source} is not UTF-8, and too little speaks for CP949: give its encoding"
        )
    return text
