"""Golden samples: how an analyzer cut fixed sentences, to notice when it changes.

Ids mean what the tokens meant when the vocabulary was built. An analyzer or dictionary of another
version may cut a sentence in other places, and a model then silently meets tokens it never saw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

GOLDEN_TEXTS = (
    "배송이 빨라서 좋았어요",
    "색상은 예쁜데 사이즈가 너무 작아요ㅠㅠ",
    "이 가격에 이런 품질이라니 믿기지 않네요",
    "두 번 다시 안 사요... 환불해 주세요!!",
    "포장을 뜯자마자 손잡이가 부러졌습니다",
    "재구매만 벌써 세 번째ㅋㅋㅋ 완전 강추",
    "설명서랑 다른 물건이 왔는데 전화도 안 받음",
    "엄마한테 선물해드렸더니 정말 좋아하시더라고요",
    "연기는 훌륭했지만 이야기가 뻔했다",
    "웃다가 울다가 두 시간이 금방 지나갔어요",
    "보다가 졸았다. 돈이 아깝다는 말밖에",
    "원작을 읽은 사람이라면 꼭 봐야 할 영화",
    "결말이 이해가 안 가서 한참을 생각했네",
    "주인공이 왜 그랬는지 도무지 모르겠음",
    "어릴 적 보던 만화를 극장에서 다시 보니 감동이다",
    "3일 만에 도착했고 12,900원이면 싸게 샀네",
    "국물이 시원하고 면발도 쫄깃쫄깃해서 만족",
    "생각보다 얇아서 겨울엔 못 입을 것 같아요",
    "냄새가 심해서 며칠 동안 베란다에 걸어 뒀다",
    "그럭저럭 쓸 만하지만 굳이 추천하진 않을래요",
)
"""Sentences written for this project, rich in endings, contractions, negation and numbers."""


class GoldenSample(BaseModel):
    """One sentence and the tokens it was cut into."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    text: str
    tokens: tuple[str, ...]


@dataclass(frozen=True)
class Drift:
    """One golden sample that is cut differently now."""

    text: str
    expected: tuple[str, ...]
    actual: tuple[str, ...]

    def changes(self) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Return the runs of tokens that changed: what stood there, what stands there now.

        >>> Drift("말이 법이다", ("말이", "법이다"), ("말이", "법", "이다")).changes()
        [(('법이다',), ('법', '이다'))]
        """
        matcher = SequenceMatcher(None, self.expected, self.actual, autojunk=False)
        return [
            (self.expected[i:j], self.actual[k:m])
            for kind, i, j, k, m in matcher.get_opcodes()
            if kind != "equal"
        ]

    def __str__(self) -> str:
        changes = ", ".join(
            f"{' '.join(before) or 'nothing'} became {' '.join(after) or 'nothing'}"
            for before, after in self.changes()
        )
        return f"in {self.text!r} {changes}"


Cut = Callable[[Iterable[str]], Iterator[list[str]]]


def take_samples(cut: Cut) -> tuple[GoldenSample, ...]:
    """Cut the golden texts."""
    return tuple(
        GoldenSample(text=text, tokens=tuple(tokens))
        for text, tokens in zip(GOLDEN_TEXTS, cut(GOLDEN_TEXTS), strict=True)
    )


def find_drift(samples: Iterable[GoldenSample], cut: Cut) -> list[Drift]:
    """Return the samples that `cut` no longer cuts as they were.

    >>> sample = GoldenSample(text="말이 법", tokens=("말이", "법"))
    >>> find_drift([sample], lambda texts: (list(text) for text in texts))[0].actual
    ('말', '이', ' ', '법')
    """
    expected = list(samples)
    actual = cut(sample.text for sample in expected)
    return [
        Drift(sample.text, sample.tokens, tuple(tokens))
        for sample, tokens in zip(expected, actual, strict=True)
        if sample.tokens != tuple(tokens)
    ]
