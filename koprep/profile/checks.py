"""What is looked for in every row, while reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from koprep.profile.repeats import Repeats
from koprep.profile.report import Example, Place
from koprep.profile.rows import Row, Unreadable
from koprep.profile.tally import SHOWN, Tally
from koprep.profile.trouble import excerpt, find_trouble, visible
from koprep.stopwords import Stopwords, is_negation
from koprep.tokenizers import Token


class Checks:
    """Tallies of what was found."""

    def __init__(self, stopwords: Stopwords) -> None:
        self.tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self.repeats: Repeats = Repeats()
        self.unreadable: Tally = Tally()
        self._listed = None if stopwords == Stopwords() else replace(stopwords, keep_negation=False)

    def add(self, row: Row, cleaned: str, tokens: Sequence[Token], kept: Sequence[Token]) -> None:
        """Look at a row: its raw and its cleaned text, its tokens, those the stopwords left."""
        for code, at in find_trouble(row.text).items():
            self.tallies[code].add(row, at=at)
        if row.label == "":
            self.tallies["missing_labels"].add(row)
        if not row.text.strip():
            self.tallies["empty_texts"].add(row)
        elif not cleaned.strip():
            self.tallies["cleaned_to_nothing"].add(row)
        else:
            if not kept:
                self.tallies["without_tokens"].add(row)
            self.repeats.add(row, cleaned)
        if self._listed is not None:
            listed = [
                token.form
                for token in tokens
                if self._listed.is_stopword(token) and is_negation(token.form)
            ]
            if listed:
                self.tallies["listed_negation"].add(row, note=_quoted(listed))

    def add_unreadable(self, row: Unreadable) -> None:
        """Count a row that could not be read."""
        self.unreadable.count += 1
        if len(self.unreadable.examples) < SHOWN:
            place = Place(split=visible(row.split), row=row.number)
            text, note = excerpt(row.row), visible(row.reason)
            self.unreadable.examples.append(Example(places=(place,), text=text, note=note))


def _quoted(forms: Sequence[str]) -> str:
    return ", ".join(f"'{visible(form)}'" for form in dict.fromkeys(forms))
