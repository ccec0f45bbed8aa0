"""Short questions and answers for a chatbot: CSV with the header `Q,A,label`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from koprep.records import BadRow
from koprep.records.files import open_input
from koprep.records.reading import open_reader

from .card import DatasetCard, DatasetFile
from .delimited import check_file, known_label
from .examples import SkippedRow, TextDataset

COLUMNS = ("Q", "A", "label")

CARD = DatasetCard(
    name="chatbot",
    title="Chatbot data for Korean",
    description="Composed questions and consoling answers about daily life, parting and love.",
    license="MIT",
    commercial_use=True,
    source="https://github.com/songys/Chatbot_data",
    revision="157bfbd9c354191bb4c546a8938e3862638ca7a3",
    files={
        "train": DatasetFile(
            name="ChatbotData.csv",
            rows=11_823,
            path="ChatbotData .csv",
            blob="4cc2bfa9a124991dc5ca80f5da1786f4162f46e1",
        )
    },
    columns={"Q": "the question", "A": "the answer", "label": "0, 1 or 2"},
    label_rule="0 is 일상 (daily life), 1 이별 (parting), 2 사랑 (love)",
    label_names=("일상", "이별", "사랑"),
    citation="Song, Youngsook: Chatbot_data_for_Korean v1.0, 2018. "
    "https://github.com/songys/Chatbot_data",
    options={"text": "'Q' for the questions (the default) or 'A' for the answers to them"},
)


def read(data_dir: Path, split: str, *, text: str = "Q") -> TextDataset:
    """Read the questions or the answers from the folder that holds the corpus' file.

    Both come in the same order and number, so that `zip` pairs them.

    Args:
        data_dir: the folder.
        split: `"train"`, the only one there is.
        text: which column the texts are, `"Q"` or `"A"`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: another header or encoding, an unknown label, or no usable row.
    """
    if text not in ("Q", "A"):
        raise ValueError(f"text must be 'Q' or 'A', got {text!r}")
    path = data_dir / CARD.files[split].name
    check_file(path, CARD.name)
    label_of = known_label({"0": 0, "1": 1, "2": 2})
    texts: list[str] = []
    labels: list[int] = []
    skipped: list[SkippedRow] = []
    with open_input(path, "csv") as source:
        for record in open_reader(source, column="Q"):
            if isinstance(record, BadRow):
                skipped.append(SkippedRow(record.line, record.reason))
                continue
            row = record.row
            if tuple(row) != COLUMNS:
                raise ValueError(
                    f"{path} line 1: expected the header {','.join(COLUMNS)}, got {','.join(row)}"
                )
            missing = [column for column in COLUMNS if not row[column].strip()]
            if missing:
                skipped.append(SkippedRow(record.line, f"no {missing[0]}"))
                continue
            try:
                label = label_of(row["label"].strip())
            except ValueError as error:
                raise ValueError(f"{path} line {record.line}: label {error}") from None
            texts.append(row[text])
            labels.append(label)
    if not texts:
        problem = f"; {skipped[0]}" if skipped else ""
        raise ValueError(f"{path} holds no usable row of {', '.join(COLUMNS)}{problem}")
    return TextDataset(
        texts=tuple(texts),
        labels=np.array(labels, np.int32),
        label_names=CARD.label_names,
        name=CARD.name,
        split=split,
        skipped=tuple(skipped),
    )
