"""Files into the database: in batches, each with its checkpoint, so that a kill loses and doubles nothing."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from daogou.errors import InputError
from daogou.intake.bytestream import fingerprint
from daogou.intake.options import Accepted, AnyRecord, ImportOptions, Kind, Rejected
from daogou.intake.reading import Meter, Outcome, read
from daogou.intake.recognise import Recognised, recognise
from daogou.intake.rejects import RejectsFile
from daogou.records import Event, Policy, Product, Review
from daogou.stores import Database, PutCount

_EXAMPLES = 20
_MAX_REASONS = 100


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far one file is. bytes are those of the file on disk; bytes_total is 0 where they can not be counted."""

    path: Path
    rows: int
    bytes_read: int
    bytes_total: int


@dataclass(slots=True)
class ImportReport:
    """What an import did. rows = new + changed + unchanged + grouped + rejected.

    grouped: rows that went into another row's product (its variants). notes: what was left out of kept rows, and how
    often. reasons: why rows were rejected, and how often. resumed_at: rows an earlier, interrupted run had settled."""

    kind: Kind
    dry_run: bool = False
    rows: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    grouped: int = 0
    rejected: int = 0
    resumed_at: int = 0
    seconds: float = 0.0
    formats: list[str] = field(default_factory=list)
    rejects_files: list[Path] = field(default_factory=list)
    examples: list[Rejected] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def kept(self) -> int:
        """Rows that are in the database now: new, changed, unchanged or grouped."""
        return self.new + self.changed + self.unchanged + self.grouped

    def describe(self) -> str:
        """One plain sentence."""
        verb = "would be" if self.dry_run else "are"
        grouped = f", {self.grouped} as variants of another row's product" if self.grouped else ""
        return (
            f"Of {self.rows} rows {self.kept} {verb} kept ({self.new} new, {self.changed} changed, {self.unchanged} "
            f"unchanged{grouped}) and {self.rejected} rejected."
        )


_COUNTS = ("rows", "new", "changed", "unchanged", "grouped", "rejected")


def import_files(
    paths: Sequence[Path | str],
    kind: Kind | None,
    database: Database,
    options: ImportOptions | None = None,
    progress: Callable[[ImportProgress], None] | None = None,
) -> ImportReport:
    """Imports files of one kind, one after another; an interrupted import goes on where its last batch ended.

    Every file is recognised, and its columns settled, before the first is written. Raises NotFound, FormatError,
    AmbiguousColumns, StoreFull, StoreError; a wrong row is no error, it is a reject."""
    options = options or ImportOptions()
    if not paths:
        raise InputError("No file was named.", next_step="For example daogou import products catalogue.csv.")
    began = time.perf_counter()
    sources = [recognise(path, kind or options.kind, options) for path in paths]
    kinds = {source.kind for source in sources}
    if len(kinds) > 1:
        raise InputError(f"The files hold {' and '.join(sorted(kinds))}.", next_step="Import each kind by itself.")
    chosen = options.for_kind(sources[0].kind)
    for source in sources:
        read(source, chosen)  # asks about ambiguous and missing columns before anything is written
    report = ImportReport(sources[0].kind, dry_run=options.dry_run)
    for source, rejects in zip(sources, _rejects_paths(sources, chosen), strict=True):
        report.formats.append(source.describe())
        _import_one(source, chosen, database, report, rejects, progress)
    report.seconds = time.perf_counter() - began
    return report


def _rejects_paths(sources: Sequence[Recognised], options: ImportOptions) -> list[Path]:
    """FILE.rejects.jsonl for each; files of the same name from different folders get a number."""
    used: Counter[Path] = Counter()
    out = []
    for source in sources:
        path = (options.rejects_dir or source.path.parent) / f"{source.path.name}.rejects.jsonl"
        used[path] += 1
        out.append(path if used[path] == 1 else path.with_name(f"{source.path.name}.{used[path]}.rejects.jsonl"))
    return out


class _DryRun(Exception):
    """Thrown inside a transaction to undo it."""


class _Batches:
    """Writes settled batches of one file and keeps count."""

    def __init__(self, key: str, database: Database, options: ImportOptions, rejects: RejectsFile | None) -> None:
        self._key = key
        self._database = database
        self._options = options
        self._rejects = rejects
        self.counts: Counter[str] = Counter()

    def write(self, batch: Sequence[Outcome], position: int) -> None:
        accepted = [one for one in batch if isinstance(one, Accepted)]
        refused = [one for one in batch if isinstance(one, Rejected)]
        size = self._rejects.write(refused) if self._rejects else 0
        counts = Counter(self.counts)
        counts["grouped"] += sum(one.rows - 1 for one in accepted)
        counts["rejected"] += len(refused)
        counts["rows"] += sum(one.rows for one in accepted) + len(refused)
        try:
            with self._database.transaction():
                put = _put(self._database, self._options.kind, [one.record for one in accepted])
                counts.update({"new": put.new, "changed": put.changed, "unchanged": put.unchanged})
                if self._options.dry_run:
                    raise _DryRun
                self._database.set_checkpoint(
                    self._key, {"position": position, "rejects": size, "counts": dict(counts), "done": False}
                )
        except _DryRun:
            pass
        self.counts = counts

    def done(self, position: int, size_of_file: int) -> None:
        """The file is through; the next import of it starts from the beginning."""
        if not self._options.dry_run:
            self._database.set_checkpoint(
                self._key, {"position": position, "bytes": size_of_file, "counts": dict(self.counts), "done": True}
            )


def _import_one(
    source: Recognised,
    options: ImportOptions,
    database: Database,
    report: ImportReport,
    rejects_path: Path,
    progress: Callable[[ImportProgress], None] | None,
) -> None:
    key = f"import:{options.kind}:{fingerprint(source.path)}:{options.digest()}"
    saved = {} if options.dry_run else _unfinished(database, key, rejects_path)
    start = int(saved.get("position", 0))
    rejects = None if options.dry_run else RejectsFile(rejects_path, int(saved.get("rejects", 0)))
    batches = _Batches(key, database, options, rejects)
    batches.counts.update(saved.get("counts", {}))
    report.resumed_at += batches.counts["rows"]
    meter = Meter()
    total = source.path.stat().st_size
    position = start
    try:
        before = rejects.lines() if rejects and start else frozenset()
        outcomes = read(source, options, start=start, rejected_lines=before, meter=meter)
        for batch in _settled_batches(outcomes, options.batch_size):
            position = batch[-1].position
            batches.write(batch, position)
            _remember(report, batch)
            if progress is not None:
                progress(ImportProgress(source.path, batches.counts["rows"], meter.bytes_read, total))
        batches.done(position, total)
    finally:
        if rejects is not None:
            rejects.close()
    for name in _COUNTS:
        setattr(report, name, getattr(report, name) + batches.counts[name])
    if rejects is not None and rejects.path.exists():
        report.rejects_files.append(rejects.path)


def _unfinished(database: Database, key: str, rejects_path: Path) -> Mapping[str, Any]:
    """The checkpoint of an interrupted run, unless the rejects it had written are gone: then all is read again."""
    saved = database.get_checkpoint(key) or {}
    size = int(saved.get("rejects", 0))
    if saved.get("done") or (size and (not rejects_path.exists() or rejects_path.stat().st_size < size)):
        return {}
    return saved


def _settled_batches(outcomes: Iterable[Outcome], size: int) -> Iterator[list[Outcome]]:
    """Lists of about `size` outcomes that end where a position ends."""
    batch: list[Outcome] = []
    for _, together in groupby(outcomes, key=lambda one: one.position):
        batch += together
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def _put(database: Database, kind: Kind | None, records: Sequence[AnyRecord]) -> PutCount:
    if kind == "products":
        return database.put_products(cast("Sequence[Product]", records))
    if kind == "events":
        return database.put_events(cast("Sequence[Event]", records))
    if kind == "reviews":
        return database.put_reviews(cast("Sequence[Review]", records))
    return database.put_policies(cast("Sequence[Policy]", records))


def _remember(report: ImportReport, batch: Sequence[Outcome]) -> None:
    for one in batch:
        if isinstance(one, Accepted):
            report.notes.update(one.notes)
            continue
        if len(report.examples) < _EXAMPLES:
            report.examples.append(one)
        if one.reason in report.reasons or len(report.reasons) < _MAX_REASONS:
            report.reasons[one.reason] += 1
        else:
            report.reasons["other reasons"] += 1
