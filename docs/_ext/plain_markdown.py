"""MyST into the Markdown that Jupyter and Colab show.

Admonitions become quotations, references the titles they lead to, formulas `$$`. A directive or
role with no plain form is an error that names it, so that no lesson turns unreadable unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Protocol


class Resolver(Protocol):
    """Knows what a reference leads to; `text` is what the lesson calls it, None its title."""

    def label(self, label: str, text: str | None) -> str: ...
    def document(self, path: str, text: str | None) -> str: ...


ADMONITIONS = {
    "attention": "주의",
    "caution": "주의",
    "danger": "위험",
    "hint": "힌트",
    "important": "중요",
    "note": "참고",
    "seealso": "함께 보기",
    "tip": "팁",
    "warning": "경고",
}
CODE_ROLES = ("attr", "class", "func", "meth", "mod", "obj", "option", "data", "exc", "kbd", "code")
DROPPED = ("toctree",)

FENCE = re.compile(r"(?P<fence>`{3,}|:{3,}|~{3,})(?:\{(?P<name>[\w:-]+)\})?\s*(?P<argument>.*)")
OPTION = re.compile(r":[\w-]+:.*")
TARGET = re.compile(r"\([\w-]+\)=")
ROLE = re.compile(r"\{(?P<name>[\w:-]+)\}`(?P<content>[^`]+)`")
TITLED = re.compile(r"(?P<text>.+?)\s*<(?P<target>[^<>]+)>", re.DOTALL)
LINK = re.compile(r"\[(?P<text>[^\]]*)\]\((?P<target>#[\w-]+|[\w./-]+\.md)\)")


def plain_markdown(source: str, links: Resolver) -> str:
    """Return MyST text as Markdown without directives and roles.

    Raises:
        ValueError: a directive or role has no plain form.
    """
    return "\n".join(_blocks(source.splitlines(), links)).strip()


def _blocks(lines: list[str], links: Resolver) -> Iterator[str]:
    rest = iter(lines)
    prose: list[str] = []
    for line in rest:
        opening = FENCE.fullmatch(line.strip())
        if opening is None:
            prose.append(line)
            continue
        yield from _prose(prose, links)
        prose = []
        body = list(_until(opening["fence"], rest))
        if opening["name"] is None:
            yield from (line, *body, opening["fence"])
        else:
            yield from _directive(opening["name"], opening["argument"], body, links)
    yield from _prose(prose, links)


def _until(fence: str, lines: Iterator[str]) -> Iterator[str]:
    closing = re.compile(rf"\s*{fence[0]}{{{len(fence)},}}\s*")
    for line in lines:
        if closing.fullmatch(line):
            return
        yield line


def _directive(name: str, argument: str, body: list[str], links: Resolver) -> Iterator[str]:
    while body and OPTION.fullmatch(body[0].strip()):
        body = body[1:]
    if name in DROPPED:
        return
    if name == "math":
        yield from ("$$", argument, *body, "$$") if argument else ("$$", *body, "$$")
    elif name in ("code-block", "code"):
        yield from (f"```{argument}", *body, "```")
    elif name in ADMONITIONS or name == "admonition":
        told = list(_blocks(body, links))
        title = argument if name == "admonition" else ADMONITIONS[name]
        if argument and name != "admonition":  # its first words may stand on the directive's line
            told = [*_prose([argument], links), *told]
        yield from (f"> {line}".rstrip() for line in (f"**{title}**", "", *told))
    else:
        raise ValueError(f"the directive {{{name}}} has no plain form: give it one in {__name__}")


def _prose(lines: list[str], links: Resolver) -> Iterator[str]:
    kept = [line for line in lines if not TARGET.fullmatch(line.strip())]
    text = "\n".join(line for line in kept if not line.startswith("% "))
    text = ROLE.sub(lambda role: _role(role["name"], role["content"], links), text)
    text = LINK.sub(lambda link: _linked(link["target"], link["text"], links), text)
    if lines:
        yield from text.split("\n")


def _linked(target: str, text: str, links: Resolver) -> str:
    if target.startswith("#"):
        return links.label(target[1:], text or None)
    return links.document(target, text or None)


def _role(name: str, content: str, links: Resolver) -> str:
    titled = TITLED.fullmatch(content)
    text, target = (titled["text"], titled["target"]) if titled else (None, content)
    last = name.rpartition(":")[2]
    resolve: dict[str, Callable[[str, str | None], str]] = {
        "ref": links.label,
        "doc": links.document,
    }
    if name in resolve:
        return resolve[name](target, text)
    if name == "term":
        return text or target
    if name == "math":
        return f"${content}$"
    if last in CODE_ROLES:
        return f"`{text or target.removeprefix('~')}`"
    raise ValueError(f"the role {{{name}}} has no plain form: give it one in {__name__}")
