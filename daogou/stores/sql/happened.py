"""Events, the ledger, and checkpoints: what happened, and how far somebody has read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import func, insert, or_, select

from daogou.errors import InputError
from daogou.records import Event, now
from daogou.stores.protocols import PutCount
from daogou.stores.sql.connections import Connections
from daogou.stores.sql.documents import chunks
from daogou.stores.sql.schema import checkpoints, events, from_micros, ledger, to_micros

_PAGE = 1000


class Happened:
    """The part of the database that is appended to."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def put_events(self, given: Sequence[Event]) -> PutCount:
        new = 0
        with self._connections.write(serial=True) as connection:
            seq = self._connections.number(connection, "events")
            for some in chunks(given):
                ids = [one.id for one in some]
                known = set(connection.execute(select(events.c.id).where(events.c.id.in_(ids))).scalars())
                rows: list[dict[str, Any]] = []
                for one in some:
                    if one.id not in known:
                        known.add(one.id)
                        rows.append(_event_row(one, seq + len(rows) + 1))
                if rows:
                    connection.execute(insert(events), rows)
                    seq += len(rows)
                    new += len(rows)
            if new:
                self._connections.take(connection, "events", seq)
        return PutCount(new=new, unchanged=len(given) - new)

    def events(
        self, *, after: int = 0, until: datetime | None = None, since: datetime | None = None
    ) -> Iterator[tuple[int, Event]]:
        page = select(events.c.seq, events.c.body).order_by(events.c.seq).limit(_PAGE)
        if since is not None:
            page = page.where(events.c.time >= to_micros(since))
        if until is not None:
            page = page.where(events.c.time < to_micros(until))
        while True:
            with self._connections.read() as connection:
                rows = connection.execute(page.where(events.c.seq > after)).all()
            for row in rows:
                yield row.seq, Event.model_validate_json(row.body)
            if len(rows) < _PAGE:
                return
            after = rows[-1].seq

    def shopper_events(
        self, *, shopper_id: str | None = None, session_id: str | None = None, limit: int = 200
    ) -> list[Event]:
        either = []
        if shopper_id is not None:
            either.append(events.c.shopper_id == shopper_id)
        if session_id is not None:
            either.append(events.c.session_id == session_id)
        if not either:
            return []
        newest = select(events.c.body).where(or_(*either)).order_by(events.c.time.desc(), events.c.seq.desc())
        with self._connections.read() as connection:
            return [Event.model_validate_json(body) for body in connection.execute(newest.limit(limit)).scalars()]

    def count_events(self) -> int:
        with self._connections.read() as connection:
            return connection.execute(select(func.count()).select_from(events)).scalar_one()

    def log(self, kind: str, data: Mapping[str, Any], *, shopper_id: str | None = None) -> int:
        row = {"kind": kind, "time": to_micros(now()), "shopper_id": shopper_id, "body": _json(data)}
        with self._connections.write(serial=True) as connection:
            seq = self._connections.number(connection, "ledger") + 1
            connection.execute(insert(ledger), [row | {"seq": seq}])
            self._connections.take(connection, "ledger", seq)
        return seq

    def ledger(self, kind: str, *, after: int = 0, limit: int = 1000) -> list[tuple[int, datetime, dict[str, Any]]]:
        lines = (
            select(ledger.c.seq, ledger.c.time, ledger.c.body)
            .where(ledger.c.kind == kind, ledger.c.seq > after)
            .order_by(ledger.c.seq)
            .limit(limit)
        )
        with self._connections.read() as connection:
            return [(row.seq, from_micros(row.time), orjson.loads(row.body)) for row in connection.execute(lines)]

    def get_checkpoint(self, key: str) -> dict[str, Any] | None:
        with self._connections.read() as connection:
            body = connection.execute(select(checkpoints.c.body).where(checkpoints.c.key == key)).scalar()
        return None if body is None else dict(orjson.loads(body))

    def set_checkpoint(self, key: str, value: Mapping[str, Any]) -> None:
        with self._connections.write() as connection:
            connection.execute(self._connections.upsert(checkpoints, "key"), [{"key": key, "body": _json(value)}])


def _event_row(one: Event, seq: int) -> dict[str, Any]:
    return {
        "seq": seq,
        "id": one.id,
        "shopper_id": one.shopper_id,
        "session_id": one.session_id,
        "time": to_micros(one.time),
        "body": one.model_dump_json(),
    }


def _json(data: Mapping[str, Any]) -> str:
    try:
        return orjson.dumps(dict(data), option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY).decode()
    except (TypeError, ValueError) as failure:
        raise InputError(
            f"The data cannot be kept as JSON: {failure}.", next_step="Give text, numbers, lists and mappings only."
        ) from None
