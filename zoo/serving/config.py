"""What a server is told: the models it serves, its limits and its key."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a server takes on; beyond it refuses at once.

    >>> Limits(texts=8).queue
    2048

    Raises:
        ValueError: a limit below 1.
    """

    body_bytes: int = 1 << 20
    """Bytes of a request's body."""
    texts: int = 1024
    """Texts of a request."""
    characters: int = 10_000
    """Characters of a text."""
    queue: int = 2048
    """Texts taken on and not yet answered, of all requests together; see `weigh`."""
    new_tokens: int = 200
    """Tokens that a request may have written."""

    def __post_init__(self) -> None:
        for limit in fields(self):
            if getattr(self, limit.name) < 1:
                raise ValueError(
                    f"{limit.name} must be at least 1, got {getattr(self, limit.name)}"
                )


@dataclass(frozen=True, kw_only=True)
class ServerConfig:
    """What one server process serves, and how."""

    folders: tuple[Path, ...] = ()
    """Models served beside those that come with koprep, each under its folder's name."""
    limits: Limits = field(default_factory=Limits)
    api_key: str | None = field(default=None, repr=False)
    """What a request has to show in `X-API-Key`; None lets everybody in."""

    def __post_init__(self) -> None:
        key = self.api_key
        if key is not None and not (
            key and key.isascii() and key.isprintable() and key == key.strip()
        ):
            raise ValueError(
                "the API key must be printable ASCII characters, without spaces around them: "
                "no header could hold another"
            )

    def to_json(self) -> str:
        """Write all but the key, for another process of the same server."""
        return json.dumps({"folders": list(map(str, self.folders)), "limits": asdict(self.limits)})

    @classmethod
    def from_json(cls, text: str, api_key: str | None) -> Self:
        """Read what `to_json` wrote."""
        written = json.loads(text)
        return cls(
            folders=tuple(map(Path, written["folders"])),
            limits=Limits(**written["limits"]),
            api_key=api_key,
        )
