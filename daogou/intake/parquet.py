"""Parquet, one batch of a row group at a time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from daogou.errors import FormatError
from daogou.intake.bytestream import is_gzip, open_bytes
from daogou.intake.jsonrows import checked
from daogou.intake.options import Broken, Row

_BATCH = 256


@contextmanager
def _seekable(path: Path) -> Iterator[IO[bytes]]:
    """Parquet is read from its end, so a gzipped one is unpacked into a temporary file first."""
    if not is_gzip(path):
        with path.open("rb") as file:
            yield file
        return
    with open_bytes(path) as packed, tempfile.TemporaryFile() as unpacked:
        shutil.copyfileobj(packed.stream, unpacked)
        unpacked.seek(0)
        yield unpacked


def parquet_columns(path: Path) -> tuple[str, ...]:
    """Column names. Raises FormatError where the file is no readable Parquet or holds no rows."""
    try:
        with _seekable(path) as opened, pq.ParquetFile(opened) as file:
            if file.metadata.num_rows == 0:
                raise FormatError(f"{path} holds no rows.", next_step="Export it again.")
            return tuple(file.schema_arrow.names)
    except pa.ArrowException as failure:
        raise FormatError(f"{path} is damaged Parquet: {failure}.", next_step="Export it again.") from None


def parquet_rows(path: Path) -> Iterator[Row | Broken]:
    """Rows in file order; their line is their ordinal. Text in a wrong encoding rejects its row."""
    position = 0
    try:
        with _seekable(path) as opened, pq.ParquetFile(opened) as file:
            for batch in file.iter_batches(batch_size=_BATCH):
                for index in range(batch.num_rows):
                    position += 1
                    try:
                        row = {name: batch.column(at)[index].as_py() for at, name in enumerate(batch.schema.names)}
                    except (UnicodeDecodeError, pa.ArrowException, ValueError, OverflowError) as failure:
                        yield Broken(position, position, f"the row can not be read: {failure}")
                        continue
                    yield checked(row, position, position)
    except (pa.ArrowException, OSError) as failure:
        reason = f"the Parquet file is damaged here, nothing after it was read: {failure}"
        yield Broken(position + 1, position + 1, reason)
