"""Choosing the next token: greedy, by temperature, top-k, top-p, or with a beam."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from .network import check_numbers

Probabilities = npt.NDArray[np.floating]


class NextToken(Protocol):
    """A model that reads tokens and says what comes next, keeping what it read as its state."""

    def start(self, rows: int) -> Any:
        """Return the state before the first token of `rows` sequences."""

    def read(self, token_ids: npt.NDArray[np.integer], state: Any) -> tuple[Probabilities, Any]:
        """Read on.

        Args:
            token_ids: shape (rows, tokens).
            state: after what was read before.

        Returns:
            The probabilities of the token that follows, shape (rows, vocabulary_size), and the
            new state.
        """

    def select(self, state: Any, rows: Sequence[int]) -> Any:
        """Return the state of some rows, in that order; a row may come twice."""


@dataclass(frozen=True, kw_only=True)
class DecodingConfig:
    """How tokens are chosen.

    >>> DecodingConfig(temperature=0.8, top_k=40).max_tokens
    30
    """

    max_tokens: int = 30
    """Tokens written, at most."""
    temperature: float = 0.0
    """0 takes the likeliest token; 1 draws by the model's probabilities; higher is bolder."""
    top_k: int | None = None
    """Draw from this many likeliest tokens only."""
    top_p: float | None = None
    """Draw from the fewest likeliest tokens whose probabilities sum to this share (nucleus)."""
    beam: int = 1
    """Sequences followed side by side; 1 follows one."""
    no_repeat_ngram: int | None = None
    """No run of this many tokens comes twice; None lets them."""
    seed: int = 0
    """Of the draws: the same seed, the same text."""

    def __post_init__(self) -> None:
        for name in ("max_tokens", "beam"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        for name in ("top_k", "no_repeat_ngram"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1 or None, got {value}")
        if not 0 <= self.temperature < np.inf:
            raise ValueError(f"temperature must be at least 0, got {self.temperature}")
        if self.top_p is not None and not 0 < self.top_p <= 1:
            raise ValueError(f"top_p must be above 0 and at most 1, got {self.top_p}")
        if self.seed < 0:
            raise ValueError(f"seed must be at least 0, got {self.seed}")
        if not self.temperature and (self.top_k is not None or self.top_p is not None):
            raise ValueError(
                "top_k and top_p draw at random: give a temperature above 0, such as 1"
            )
        if self.beam > 1 and self.temperature:
            raise ValueError("a beam draws nothing at random: give a temperature of 0, or beam=1")


class Chosen(NamedTuple):
    """A token that was written."""

    token_id: int
    probability: float
    """What the model gave it, before temperature and limits."""


def decode(
    model: NextToken,
    prompt: Sequence[int],
    config: DecodingConfig,
    *,
    end_id: int | None = None,
    banned_ids: Sequence[int] = (),
) -> Iterator[Chosen]:
    """Yield the tokens that follow a prompt, one by one as they are chosen; with a beam, at last.

    Args:
        model: what says which token comes next.
        prompt: ids, at least one.
        config: how tokens are chosen.
        end_id: the id that ends the text; it is not yielded. None: only `max_tokens` ends it.
        banned_ids: ids that are never chosen.

    Raises:
        ValueError: an empty prompt, or probabilities that are none.
    """
    if not len(prompt):
        raise ValueError("generation needs a prompt of at least one known token")
    if config.beam > 1:
        yield from _beam_search(model, prompt, config, end_id, banned_ids)
        return
    rng = np.random.default_rng(config.seed)
    written = list(prompt)
    probabilities, state = model.read(np.array([prompt]), model.start(1))
    for _ in range(config.max_tokens):
        allowed = _allowed(probabilities[0], written, config, end_id, banned_ids)
        if not allowed.any():
            return
        token_id = _choose(allowed, config, rng)
        if token_id == end_id:
            return
        yield Chosen(token_id, float(probabilities[0, token_id]))
        written.append(token_id)
        probabilities, state = model.read(np.array([[token_id]]), state)


def limit_choice(probabilities: Probabilities, config: DecodingConfig) -> Probabilities:
    """Return the distribution that tokens are drawn from: temperature, then top-k, then top-p.

    >>> limit_choice(np.array([0.5, 0.3, 0.2]), DecodingConfig(temperature=1, top_k=2))
    array([0.625, 0.375, 0.   ])
    >>> limit_choice(np.array([0.5, 0.3, 0.2]), DecodingConfig(temperature=1, top_p=0.5))
    array([1., 0., 0.])
    """
    with np.errstate(divide="ignore", over="ignore"):  # a probability of 0 stays one
        logs = np.log(probabilities.astype(np.float64))
        weights: Probabilities = np.exp((logs - logs.max()) / config.temperature)
    order = np.argsort(-probabilities, kind="stable")
    if config.top_k is not None:
        weights[order[config.top_k :]] = 0
    weights /= weights.sum()
    if config.top_p is not None:
        before = np.cumsum(weights[order]) - weights[order]
        weights[order[before >= config.top_p]] = 0
        weights /= weights.sum()
    return weights


def _choose(allowed: Probabilities, config: DecodingConfig, rng: np.random.Generator) -> int:
    if not config.temperature:
        return int(allowed.argmax())
    return int(rng.choice(len(allowed), p=limit_choice(allowed, config)))


def _allowed(
    probabilities: Probabilities,
    written: Sequence[int],
    config: DecodingConfig,
    end_id: int | None,
    banned_ids: Sequence[int],
) -> Probabilities:
    """Return the probabilities with 0 for what may not come; the end may always."""
    check_numbers(probabilities)
    allowed = probabilities.copy()
    allowed[list(banned_ids)] = 0
    if config.no_repeat_ngram is not None:
        repeating = _repeating(written, config.no_repeat_ngram)
        allowed[[token_id for token_id in repeating if token_id != end_id]] = 0
    return allowed


def _repeating(written: Sequence[int], size: int) -> list[int]:
    """Return the ids that would complete a run of `size` tokens that was written before."""
    last = tuple(written[len(written) - size + 1 :])
    starts = range(len(written) - size + 1)
    return [written[i + size - 1] for i in starts if tuple(written[i : i + size - 1]) == last]


class _Beam(NamedTuple):
    """A sequence that is followed."""

    log_probability: float
    chosen: tuple[Chosen, ...]
    ended: bool

    @property
    def score(self) -> float:
        """Mean log probability a token, the end counted: long texts are not punished."""
        return self.log_probability / (len(self.chosen) + self.ended)


def _beam_search(
    model: NextToken,
    prompt: Sequence[int],
    config: DecodingConfig,
    end_id: int | None,
    banned_ids: Sequence[int],
) -> list[Chosen]:
    """Return the best sequence by mean log probability a token."""
    probabilities, state = model.read(np.array([prompt]), model.start(1))
    beams = [_Beam(0.0, (), False)]
    finished: list[_Beam] = []
    for _ in range(config.max_tokens):
        grown: list[tuple[int, _Beam]] = []
        for row, beam in enumerate(beams):
            written = [*prompt, *(chosen.token_id for chosen in beam.chosen)]
            allowed = _allowed(probabilities[row], written, config, end_id, banned_ids)
            for token_id in np.argsort(-allowed, kind="stable")[: config.beam].tolist():
                if allowed[token_id] > 0:
                    grown.append((row, _grow(beam, token_id, float(allowed[token_id]), end_id)))
        grown.sort(key=lambda pair: pair[1].log_probability, reverse=True)
        best = grown[: config.beam]
        finished += [beam for _, beam in best if beam.ended]
        going = [(row, beam) for row, beam in best if not beam.ended]
        if not going or len(finished) >= config.beam:
            break
        beams = [beam for _, beam in going]
        last_ids = np.array([[beam.chosen[-1].token_id] for beam in beams])
        state = model.select(state, [row for row, _ in going])
        probabilities, state = model.read(last_ids, state)
    whole = finished or [beam for beam in beams if beam.chosen]
    return list(max(whole, key=lambda beam: beam.score).chosen) if whole else []


def _grow(beam: _Beam, token_id: int, probability: float, end_id: int | None) -> _Beam:
    log_probability = beam.log_probability + float(np.log(probability))
    if token_id == end_id:
        return _Beam(log_probability, beam.chosen, ended=True)
    return _Beam(log_probability, (*beam.chosen, Chosen(token_id, probability)), ended=False)
