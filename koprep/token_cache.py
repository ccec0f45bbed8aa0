"""Tokens kept on disk, so that a text is cut once, whatever is fitted on it afterwards."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

CHUNK = 16_384
"""Texts looked up at a time; those that are new are cut together."""

KEYS = 900
"""Texts asked for in one query; older SQLites take no more than 999."""

PATIENCE = 60.0
"""Seconds to wait while another process writes."""


class TokenCache:
    """The tokens of texts, in one SQLite file for each way of cutting them.

    Any number of processes may use a cache at the same time.

    Args:
        folder: where the files lie; it is made where it is missing.
        fingerprint: of the way texts are cut; see `TokenChain.fingerprint`.
    """

    def __init__(self, folder: str | Path, fingerprint: str) -> None:
        self.path: Path = Path(folder) / f"tokens-{fingerprint}.sqlite3"

    def through(
        self, cut: Callable[[Iterable[str]], Iterator[list[str]]], texts: Iterable[str]
    ) -> Iterator[list[str]]:
        """Yield the tokens of each text, in order; `cut` gets those that were never seen.

        Raises:
            OSError: the file cannot be used (damaged, not writable, locked for long).
        """
        stream = iter(texts)
        with self._opened() as database:
            while chunk := list(islice(stream, CHUNK)):
                keys = list(map(_key, chunk))
                with self._telling():
                    known = dict(_select(database, keys))
                new = {key: text for key, text in zip(keys, chunk, strict=True) if key not in known}
                found = zip(new, cut(new.values()), strict=True) if new else ()  # or it would open
                rows = [
                    (key, json.dumps(tokens, ensure_ascii=False, separators=(",", ":")))
                    for key, tokens in found
                ]
                with self._telling(), database:
                    database.executemany("INSERT OR IGNORE INTO tokens VALUES (?, ?)", rows)
                known.update(rows)
                for key in keys:
                    yield self._tokens(known[key])

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._telling():
            database = sqlite3.connect(self.path, timeout=PATIENCE, check_same_thread=False)
        with closing(database):
            with self._telling(), database:
                database.execute(
                    "CREATE TABLE IF NOT EXISTS tokens (text BLOB PRIMARY KEY, tokens TEXT) "
                    "WITHOUT ROWID"
                )
            yield database

    def _tokens(self, saved: Any) -> list[str]:
        try:
            tokens = json.loads(saved)
        except (TypeError, ValueError, RecursionError):
            tokens = None
        if not isinstance(tokens, list) or not all(isinstance(token, str) for token in tokens):
            raise self._unusable("a row holds no tokens")
        return tokens

    def _unusable(self, reason: object) -> OSError:
        return OSError(
            f"token cache {self.path}: {reason}; delete the file or choose another cache_dir"
        )

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._unusable(error) from error


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _select(database: sqlite3.Connection, keys: list[bytes]) -> Iterator[tuple[bytes, str]]:
    for start in range(0, len(keys), KEYS):
        some = keys[start : start + KEYS]
        marks = ",".join("?" * len(some))
        query = f"SELECT text, tokens FROM tokens WHERE text IN ({marks})"  # marks alone
        yield from database.execute(query, some)
