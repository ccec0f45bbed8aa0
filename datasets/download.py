"""Downloads into a cache folder: verified, resumed, repeated after failures, safe to run twice.

A file counts only when its git blob id is the one on the dataset's card. What arrives goes to
`<file>.part`, which a later try goes on from, and is renamed when it is right; a file that turns
out wrong is deleted.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from koprep.filelock import file_lock

from .card import DatasetCard

if TYPE_CHECKING:
    from rich.progress import Progress

MAX_BYTES = 1 << 28
"""No dataset's file is larger; a server that sends more is not believed."""

_BLOCK = 1 << 16  # bytes asked of a connection at a time
_BROKEN = (
    urllib.error.URLError,
    ConnectionError,
    TimeoutError,
    ssl.SSLError,
    http.client.HTTPException,
)  # connections that another try may mend; a full disk is none of them
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})  # HTTP states that another try may mend


class DownloadError(OSError):
    """A file could not be had, or is not the one it should be."""


@dataclass(frozen=True, kw_only=True)
class Retry:
    """How patient a download is."""

    attempts: int = 4
    """Connections at most."""
    pause: float = 1.0
    """Seconds before the second one; each later pause is twice as long."""
    timeout: float = 30.0
    """Seconds without a byte after which a connection counts as broken."""

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise ValueError(f"attempts must be at least 1, got {self.attempts}")
        if self.pause < 0:
            raise ValueError(f"pause must be at least 0 seconds, got {self.pause}")
        if not self.timeout > 0:
            raise ValueError(f"timeout must be above 0 seconds, got {self.timeout}")


def data_home() -> Path:
    """Return the cache folder: `KOPREP_DATA_HOME`, or else the system's place for caches."""
    if chosen := os.environ.get("KOPREP_DATA_HOME"):
        return Path(chosen).expanduser()
    import pooch

    return Path(pooch.os_cache("koprep"))


def is_offline() -> bool:
    """Return whether `KOPREP_OFFLINE` forbids downloads ("", "0" and unset allow them)."""
    return os.environ.get("KOPREP_OFFLINE", "") not in ("", "0")


def blob_id(path: Path) -> str:
    r"""Return a file's git blob id: the SHA-1 of ``blob <size>\0`` and its content.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "empty"
    >>> _ = path.write_bytes(b"")
    >>> blob_id(path)
    'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def cached_file(card: DatasetCard, split: str) -> Path:
    """Return where a split's file lies in the cache, or would lie."""
    return data_home() / card.name / card.files[split].name


def download(
    card: DatasetCard,
    split: str,
    *,
    base_url: str | None = None,
    progress: bool = False,
    retry: Retry | None = None,
) -> Path:
    """Bring a split's file into the cache, unless the right one is there, and return its path.

    Args:
        card: the dataset.
        split: one of its splits.
        base_url: a mirror laid out as `card.RAW_GITHUB` is; None is GitHub.
        progress: draw a progress bar on standard error.
        retry: how patient to be; None is `Retry()`.

    Raises:
        DownloadError: `KOPREP_OFFLINE` forbids it, the server fails again and again or has no
            such file, or what it sends is another file.
        ValueError: the dataset is part of koprep.
    """
    url = card.url(split, base_url)
    target = cached_file(card, split)
    blob = card.files[split].blob
    if _is_right(target, blob):
        return target
    if is_offline():
        state = "is another file than the card's" if target.exists() else "is not there"
        raise DownloadError(
            f"{target} {state}, and KOPREP_OFFLINE forbids to download it: get {url} "
            "elsewhere and place it there, or give its folder as data_dir (--data-dir)"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with file_lock(target.with_name(f"{target.name}.lock")):
        if not _is_right(target, blob):  # another process may have brought it meanwhile
            with _progress_bar(target.name) if progress else nullcontext() as bar:
                _fetch(url, target, blob, retry or Retry(), bar)
    return target


def _is_right(path: Path, blob: str) -> bool:
    return path.is_file() and blob_id(path) == blob


def _fetch(url: str, target: Path, blob: str, retry: Retry, bar: Progress | None) -> None:
    part = target.with_name(f"{target.name}.part")
    resumed = part.exists()
    if not (resumed and blob_id(part) == blob):  # killed before it was given its name
        _complete(url, part, retry, bar)
    if resumed and blob_id(part) != blob:  # an old beginning may be to blame
        part.unlink()
        _complete(url, part, retry, bar)
    if (found := blob_id(part)) != blob:
        part.unlink()
        raise DownloadError(
            f"{url} is not the file it should be (git blob {found}, not {blob}); nothing of it was "
            "kept. Try again without a proxy that changes files, or give a folder that holds the "
            "right file as data_dir (--data-dir)"
        )
    part.replace(target)


def _complete(url: str, part: Path, retry: Retry, bar: Progress | None) -> None:
    """Fill `part` until the server says it is whole."""
    problem: object = None
    for attempt in range(retry.attempts):
        if attempt:
            time.sleep(retry.pause * 2 ** (attempt - 1))
        try:
            _receive(url, part, retry.timeout, bar)
        except urllib.error.HTTPError as error:
            error.close()
            problem = f"HTTP {error.code} {error.reason}"
            if error.code == 416:  # the part is as long as the file, or longer, and another
                part.unlink(missing_ok=True)
            elif error.code not in _PASSING:
                break
        except _BROKEN as error:
            problem = error
        else:
            return
    raise DownloadError(
        f"{url} could not be downloaded: {problem}. Try again (what came is kept and gone on "
        "from), or give the folder that holds the file as data_dir (--data-dir)"
    ) from None


def _receive(url: str, part: Path, timeout: float, bar: Progress | None) -> None:
    """Connect once and append to `part` what comes."""
    start = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": "koprep", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        resumes = answer.status == 206 and _range_start(answer.headers) == start
        if answer.status == 206 and not resumes:
            part.unlink(missing_ok=True)
            raise ConnectionError(f"the server sent another range than bytes {start}- of {url}")
        due = answer.headers.get("Content-Length", "")
        total = int(due) + (start if resumes else 0) if due.isdecimal() else None
        with part.open("ab" if resumes else "wb") as stream:
            size = _copy(answer, stream, start if resumes else 0, total, bar)
    if size > MAX_BYTES:
        part.unlink()
        raise DownloadError(
            f"{url} sends more than {MAX_BYTES:,} bytes, so it is no dataset's file"
        )
    if total is not None and size < total:
        raise ConnectionError(f"the connection ended after {size:,} of {total:,} bytes")


def _copy(
    answer: http.client.HTTPResponse,
    stream: BinaryIO,
    size: int,
    total: int | None,
    bar: Progress | None,
) -> int:
    if bar is not None:
        bar.update(bar.task_ids[0], completed=size, total=total)
    while size <= MAX_BYTES and (block := answer.read1(_BLOCK)):
        stream.write(block)
        size += len(block)
        if bar is not None:
            bar.update(bar.task_ids[0], completed=size)
    return size


def _range_start(headers: http.client.HTTPMessage) -> int | None:
    """Return where a partial answer begins, by ``Content-Range: bytes 5-9/10``."""
    unit, _, rest = str(headers.get("Content-Range", "")).partition(" ")
    first = rest.partition("-")[0]
    return int(first) if unit == "bytes" and first.isdecimal() else None


@contextmanager
def _progress_bar(name: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as bar:
        bar.add_task(name, total=None)
        yield bar
