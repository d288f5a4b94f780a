"""What SQLite and PostgreSQL raise, in our words. An address is shown without its password."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from daogou.errors import StoreError, StoreFull, StoreUnavailable

_FULL_STATES = frozenset({"53100"})
_GONE_STATES = ("08", "57P", "53300", "28", "3D000", "55006")
_GONE_SQLITE = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_CORRUPT,
    }
)


@contextmanager
def translated(address: str) -> Iterator[None]:
    """Raises StoreFull, StoreUnavailable or StoreError in place of the engine's error."""
    try:
        yield
    except SQLAlchemyError as failure:
        raise _in_our_words(failure, address) from failure
    except OSError as failure:
        if failure.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise _full(address, str(failure)) from failure
        raise StoreUnavailable(
            f"The database {address} cannot be reached: {failure}.", next_step="Check the path and its permissions."
        ) from failure


def _in_our_words(failure: SQLAlchemyError, address: str) -> StoreError:
    if isinstance(failure, PoolTimeout):
        return StoreUnavailable(
            f"The database {address} has no free connection.", next_step="Send fewer requests at once."
        )
    if not isinstance(failure, DBAPIError):
        return StoreError(f"The database {address} failed: {failure}.")
    cause = failure.orig
    said = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    if isinstance(cause, sqlite3.Error):
        code = (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF
        if code == sqlite3.SQLITE_FULL or "database or disk is full" in said:
            return _full(address, said)
        if code in _GONE_SQLITE:
            return StoreUnavailable(f"The database {address} cannot be used: {said}.", next_step=_step(code))
        return StoreError(f"The database {address} failed: {said}.")
    state = getattr(cause, "sqlstate", None)
    if state in _FULL_STATES:
        return _full(address, said)
    gone = failure.connection_invalidated or isinstance(failure, InterfaceError)
    if gone or (state or "").startswith(_GONE_STATES) or (state is None and type(cause).__name__ == "OperationalError"):
        return StoreUnavailable(
            f"The database {address} cannot be reached: {said}.",
            next_step="Check that the server runs and that address, user and password are right (DAOGOU_DATABASE).",
        )
    return StoreError(f"The database {address} failed: {said}.")


def _full(address: str, said: str) -> StoreFull:
    return StoreFull(
        f"The database {address} has no space left to write to: {said}.",
        next_step="Free some space and repeat the write; what was acknowledged before is kept.",
    )


def _step(code: int) -> str:
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return "Another process has been writing for too long; try again, or use PostgreSQL for many writers."
    if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        return "Check that the file is a daogou database; restore it from a backup if it is damaged."
    return "Check that the path exists and may be written to."
