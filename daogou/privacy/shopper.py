"""A shopper's data are theirs: one call gives them out, one erases them everywhere and proves it."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from daogou.errors import StoreError
from daogou.stores import Database


def export_shopper(database: Database, shopper_id: str) -> dict[str, Any]:
    """Everything kept about a shopper: {'shopper_id', 'time', 'counts': kind -> number, 'data': kind -> records}."""
    data = database.export_shopper(shopper_id)
    return {
        "shopper_id": shopper_id,
        "time": _now(),
        "counts": {kind: len(records) for kind, records in data.items()},
        "data": data,
    }


def erase_shopper(database: Database, shopper_id: str) -> dict[str, Any]:
    """Erases everything kept about a shopper, and proves it by an export afterwards that holds nothing.

    The ledger keeps that an erasure was done, with the SHA-256 of the id in place of the id: whoever knows the id can
    show that it was erased, nobody can read it there. {'erased': kind -> number, 'remaining': kind -> number,
    'sha256', 'time', 'ledger': number of the ledger's entry}. Raises StoreError where something remains."""
    erased = database.erase_shopper(shopper_id)
    remaining = {kind: len(records) for kind, records in database.export_shopper(shopper_id).items()}
    if any(remaining.values()):
        left = ", ".join(f"{count} {kind}" for kind, count in remaining.items() if count)
        raise StoreError(
            f"After the erasure {left} of the shopper remain: something wrote while it ran.",
            next_step="Repeat the erasure.",
        )
    proof = {
        "sha256": sha256(shopper_id.encode()).hexdigest(),
        "time": _now(),
        "erased": erased,
        "remaining": remaining,
    }
    return proof | {"ledger": database.log("erasure", proof)}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
