"""Progress all the way: a bar on a terminal, plain lines elsewhere (a log, a pipe, CI)."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from daogou.cli.common import say

Report = Callable[[int, int, str], None]
_LINE_EVERY_S = 3.0


@contextmanager
def progress(title: str, *, unit: str = "") -> Iterator[Report]:
    """Gives `report(done, total, label)`. `unit="bytes"` shows sizes and speed."""
    if sys.stderr.isatty():
        with _bar(title, unit) as report:
            yield report
    else:
        yield _lines(title, unit)


@contextmanager
def _bar(title: str, unit: str) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    figures: list[ProgressColumn] = (
        [DownloadColumn(), TransferSpeedColumn()] if unit == "bytes" else [MofNCompleteColumn()]
    )
    columns: list[ProgressColumn] = [TextColumn("{task.description}"), BarColumn(), *figures, TimeRemainingColumn()]
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(title, total=None)

        def report(done: int, total: int, label: str) -> None:
            bars.update(task, completed=done, total=total or None, description=f"{title}: {label}" if label else title)

        yield report


def _lines(title: str, unit: str) -> Report:
    shown_at = 0.0
    shown = ""

    def report(done: int, total: int, label: str) -> None:
        nonlocal shown_at, shown
        now = time.monotonic()
        finished = bool(total) and done >= total
        figures = f"{_figure(done, unit)} of {_figure(total, unit)}" if total else ""  # some steps have no size
        line = f"{title}: {', '.join(part for part in (label, figures) if part)}"
        if line == shown or not (finished or now - shown_at >= _LINE_EVERY_S):
            return
        shown_at, shown = now, line
        say(line)

    return report


def _figure(amount: int, unit: str) -> str:
    if unit == "bytes":
        return f"{amount / 1e6:,.1f} MB"
    return f"{amount}%" if unit == "percent" else f"{amount:,}"
