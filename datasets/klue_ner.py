"""KLUE named entities: a character and its BIO tag a line, a blank line after each sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from koprep.textfile import read_text

from .bio import first_stray
from .card import DatasetCard, DatasetFile
from .delimited import check_file
from .examples import SkippedRow, TaggedDataset

_LABELS = {
    "PS": "person",
    "LC": "location",
    "OG": "organization",
    "DT": "date",
    "TI": "time",
    "QT": "quantity",
}

CARD = DatasetCard(
    name="klue_ner",
    title="KLUE named entity recognition v1.1",
    description="Sentences whose characters, spaces included, say which entity they belong to.",
    license="CC BY-SA 4.0",
    commercial_use="yes, naming the authors; adapted data is shared under the same licence",
    source="https://github.com/KLUE-benchmark/KLUE",
    revision="3efd98708a40ff49251fddde35453f8fbb11f536",
    files={
        "train": DatasetFile(
            name="klue-ner-v1.1_train.tsv",
            rows=21_008,
            path="klue_benchmark/klue-ner-v1.1/klue-ner-v1.1_train.tsv",
            blob="b4f5d7dba85bb04d9dd72c7491bd62568af55cf1",
        ),
        "dev": DatasetFile(
            name="klue-ner-v1.1_dev.tsv",
            rows=5_000,
            path="klue_benchmark/klue-ner-v1.1/klue-ner-v1.1_dev.tsv",
            blob="3ed843a2e62d536fc2e2dbcc0f304ee346dda62e",
        ),
    },
    columns={"CHAR": "a character, which may be a space", "NE_TAG": "its BIO tag"},
    label_rule="B- begins an entity, I- goes on with it, O is none: "
    + ", ".join(f"{label} {meaning}" for label, meaning in _LABELS.items()),
    kind="tagged",
    label_names=("O", *(f"{prefix}-{label}" for label in _LABELS for prefix in "BI")),
    citation="Park, Sungjoon, et al.: KLUE: Korean Language Understanding Evaluation, 2021. "
    "arXiv:2105.09680",
)


def read(data_dir: Path, split: str) -> TaggedDataset:
    """Read one split from the folder that holds the corpus' files.

    A sentence with a line that is no character and tag, or whose tags go on with an entity that
    never began, becomes a `SkippedRow`; an unknown tag is an error.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is empty or in another encoding, a tag is unknown, or no sentence is
            usable.
    """
    path = data_dir / CARD.files[split].name
    check_file(path, CARD.name)
    tag_ids = {name: index for index, name in enumerate(CARD.label_names)}
    texts: list[tuple[str, ...]] = []
    tags: list[tuple[int, ...]] = []
    skipped: list[SkippedRow] = []
    for sentence in _sentences(read_text(path)):
        reason = _problem(sentence)
        if reason is not None:
            skipped.append(SkippedRow(sentence[0].number, reason))
            continue
        for number, (_, tag) in sentence:
            if tag not in tag_ids:
                known = ", ".join(tag_ids)
                raise ValueError(f"{path} line {number}: tag {tag!r} is not one of {known}")
        texts.append(tuple(line.cells[0] for line in sentence))
        tags.append(tuple(tag_ids[line.cells[1]] for line in sentence))
    if not texts:
        problem = f"; {skipped[0]}" if skipped else ""
        raise ValueError(f"{path} holds no usable sentence of CHAR and NE_TAG lines{problem}")
    return TaggedDataset(
        texts=tuple(texts),
        tags=tuple(tags),
        tag_names=CARD.label_names,
        name=CARD.name,
        split=split,
        skipped=tuple(skipped),
    )


class _Line(NamedTuple):
    number: int
    cells: list[str]


def _sentences(text: str) -> Iterator[list[_Line]]:
    """Yield each sentence's lines; one that begins with ## is a comment."""
    sentence: list[_Line] = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r")
        if not line and sentence:
            yield sentence
            sentence = []
        elif line and not line.startswith("##"):
            sentence.append(_Line(number, line.split("\t")))
    if sentence:
        yield sentence


def _problem(sentence: list[_Line]) -> str | None:
    """Say why lines are no tagged sentence; None if they are."""
    for number, cells in sentence:
        if len(cells) != 2:
            return f"{len(cells)} columns in line {number} where 2 are due (CHAR, NE_TAG)"
        if len(cells[0]) != 1:
            return f"{cells[0]!r} in line {number} is not one character"
    stray = first_stray([line.cells[1] for line in sentence])
    if stray is not None:
        number, (_, tag) = sentence[stray]
        return f"{tag} in line {number} goes on with an entity that did not begin"
    return None
