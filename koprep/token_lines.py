"""Tokens in a text file: one a line, whatever characters they hold."""

from __future__ import annotations

from collections.abc import Iterable

# What would break a line is written with a backslash.
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}
_UNESCAPES = {escaped[1]: character for character, escaped in _ESCAPES.items()}


def write_lines(tokens: Iterable[str]) -> str:
    r"""Write one token a line; a backslash, line feed or carriage return as `\\`, `\n`, `\r`.

    >>> write_lines(["가", "나\n다"])
    '가\n나\\n다\n'
    """
    return "".join(_escape(token) + "\n" for token in tokens)


def read_lines(text: str) -> list[str]:
    """Read what `write_lines` wrote.

    Raises:
        ValueError: the last line has no end, or an escape is unknown or a carriage return stands
            as it is (with its line's number).
    """
    before, carriage_return, _ = text.partition("\r")
    if carriage_return:
        raise ValueError(
            f"vocabulary line {before.count(chr(10)) + 1}: a carriage return: some program changed "
            "the line ends; copy the file again as it was"
        )
    lines = text.split("\n")
    if lines.pop() != "":
        raise ValueError("the vocabulary ends in the middle of a line")
    return [_unescape(line, number) for number, line in enumerate(lines, 1)]


def _escape(token: str) -> str:
    for character, escaped in _ESCAPES.items():
        token = token.replace(character, escaped)
    return token


def _unescape(line: str, number: int) -> str:
    if "\\" not in line:
        return line
    head, *parts = line.split("\\")
    token = [head]
    rest = iter(parts)
    for part in rest:
        if part == "":  # an escaped backslash: the next part follows it as it is
            token.append("\\" + next(rest, ""))
        elif part[0] in _UNESCAPES:
            token.append(_UNESCAPES[part[0]] + part[1:])
        else:
            raise ValueError(f"vocabulary line {number}: unknown escape '\\{part[0]}'")
    return "".join(token)
