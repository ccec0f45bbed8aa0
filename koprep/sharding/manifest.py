"""`manifest.json` of a folder of shards: what work made them, and what each holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    ValidationError,
    model_validator,
)

from koprep.manifest import MANIFEST, Sha256, first_problem

ShardFile = Annotated[str, StringConstraints(pattern=r"^part-[0-9]{5,}\.[a-z]+$")]
WorkName = Literal["encode", "predict"]
ShardFormat = Literal["parquet", "npz", "tfrecord"]
RowCount = Annotated[int, Field(ge=0, lt=1 << 53)]  # what every reader of JSON holds exactly

TOKEN_IDS = "token_ids"
"""The column of rows of ids."""

LARGEST_MANIFEST = 1 << 28
"""Bytes of a manifest, at most: a million shards. It is read whole before a check."""


class Shard(BaseModel):
    """One file of rows."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    file: ShardFile
    rows: RowCount
    """In the file."""
    bad_rows: RowCount = 0
    """That stood among them and could not be used: they are in the side file."""
    sha256: Sha256
    """Of the file."""


class ShardManifest(BaseModel):
    """What stands beside the shards when all are written.

    >>> manifest = ShardManifest(
    ...     koprep_version="1.0", work="encode", files="parquet", settings={"maxlen": 40}, shards=()
    ... )
    >>> manifest.rows
    0
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    koprep_version: str
    work: WorkName
    files: ShardFormat
    settings: dict[str, JsonValue]
    """Of the work: of `encode` the preprocessor's checksum, its vocabulary_size and maxlen."""
    shards: tuple[Shard, ...]
    """In the order of the input."""

    @model_validator(mode="after")
    def _check_shards(self) -> Self:
        names = set()
        for shard in self.shards:
            if not shard.file.endswith(f".{self.files}"):
                raise ValueError(f"{shard.file} is no .{self.files} file")
            if shard.file in names:
                raise ValueError(f"{shard.file} is listed twice")
            names.add(shard.file)
        return self

    @property
    def rows(self) -> int:
        """Rows in all shards."""
        return sum(shard.rows for shard in self.shards)

    @property
    def bad_rows(self) -> int:
        """Bad rows of all shards."""
        return sum(shard.bad_rows for shard in self.shards)

    def to_bytes(self) -> bytes:
        """Return the file's content; equal manifests give equal bytes."""
        return f"{self.model_dump_json(indent=2)}\n".encode()

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the manifest in a folder.

        Raises:
            FileNotFoundError: there is no such folder.
            ValueError: it has no manifest, or one that is not of shards, or is far too large.
        """
        if not folder.is_dir():
            raise FileNotFoundError(f"there is no folder {folder}")
        path = folder / MANIFEST
        if not path.is_file():
            raise ValueError(f"{folder} has no {MANIFEST}: it holds no shards, or not yet all")
        with path.open("rb") as stream:
            content = stream.read(LARGEST_MANIFEST + 1)
        if len(content) > LARGEST_MANIFEST:
            raise ValueError(
                f"{path} has more than {LARGEST_MANIFEST:,} bytes, so it is not of shards; "
                "give a folder that koprep encode wrote"
            )
        try:
            return cls.model_validate_json(content)
        except ValidationError as error:
            raise ValueError(f"{path} lists no shards: {first_problem(error)}") from None
