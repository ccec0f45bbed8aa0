"""How much work is taken on: what is over it is refused at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from .batching import weigh
from .config import Limits
from .problems import Problem


class Admission:
    """Counts the texts that were taken on and not yet answered.

    Args:
        limits: of the server.
        observe: called with the count after each change.
    """

    def __init__(
        self, limits: Limits, observe: Callable[[int], object] = lambda count: None
    ) -> None:
        self.limits = limits
        self.count: int = 0
        self._observe = observe

    @property
    def full(self) -> bool:
        """Whether nothing more is taken on."""
        return self.count >= self.limits.queue

    @contextmanager
    def __call__(self, weight: int) -> Iterator[None]:
        """Take work on until the block ends.

        What does not fit into the rest of the queue is taken on all the same: heavy requests
        would else be refused for as long as light ones come.

        Raises:
            Problem: there is too much to do already.
        """
        if self.full:
            raise Problem.overloaded()
        self._change(weight)
        try:
            yield
        finally:
            self._change(-weight)

    def _change(self, by: int) -> None:
        self.count += by
        self._observe(self.count)

    def check_texts(self, texts: Sequence[str], where: str) -> int:
        """Return what texts weigh in the queue.

        Args:
            texts: of one request.
            where: JSON pointer to them; to the list, if there is one.

        Raises:
            Problem: too many texts, or one that is too long.
        """
        if len(texts) > self.limits.texts:
            raise Problem(
                422,
                "too-many-texts",
                f"the request has {len(texts)} texts; at most {self.limits.texts} are taken",
                f"글이 {len(texts)}개입니다. 한 번에 {self.limits.texts}개까지 받습니다.",
                where=where,
            )
        for number, text in enumerate(texts):
            if len(text) > self.limits.characters:
                raise Problem(
                    422,
                    "text-too-long",
                    f"the text has {len(text)} characters; "
                    f"at most {self.limits.characters} are read",
                    f"글이 {len(text)}자입니다. {self.limits.characters}자까지 읽습니다.",
                    where=f"{where}/{number}" if where == "/texts" else where,
                )
        return sum(map(weigh, texts))
