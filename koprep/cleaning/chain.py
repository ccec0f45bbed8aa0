"""The order of the steps, and the way to a text that none of them changes any more."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from koprep.cleaning.characters import NFC
from koprep.cleaning.rules import Rule, Step

# Texts settle in one round or two. One that has not after this many was built to resist (tags in
# the gaps of tags, entities in the gaps of entities): its ASCII punctuation, which all of that is
# made of, becomes spaces. So every text settles, in time linear in its length.
_MAX_ROUNDS = 8
_BLANK_PUNCTUATION = Rule(re.compile(r"[!-/:-@\[-`{-~]"), " ")


class Chain:
    """Steps in order, repeated until nothing changes: cleaning twice is cleaning once.

    A step with a trigger is tried only on texts that hold one of its characters. The steps without
    one need no second round: together they are idempotent and bring no trigger into a text.
    """

    def __init__(self, steps: Sequence[Step]) -> None:
        triggers = [step.trigger for step in steps if step.trigger]
        self._any_trigger = re.compile(f"[{''.join(triggers)}]")
        self._steps = [
            (step, re.compile(f"[{step.trigger}]") if step.trigger else None) for step in steps
        ]
        self._untriggered = [step for step in steps if not step.trigger]

    def settle(self, text: str, apply: Callable[[Step, str], str]) -> str:
        """Return the settled text; `apply` performs one step on a text."""
        rounds = 0
        while True:
            text = apply(NFC, text)
            if not self._any_trigger.search(text):
                for step in self._untriggered:
                    text = apply(step, text)
                return text
            before = text
            for step, trigger in self._steps:
                if trigger is None or trigger.search(text):
                    text = apply(step, text)
            if text == before:
                return text
            rounds += 1
            if rounds % _MAX_ROUNDS == 0:
                text = apply(_BLANK_PUNCTUATION, text)
