"""`python -m daogou.demo OUT [--seed N] [--end YYYY-MM-DD]`: write the demo store into OUT."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from daogou.demo.build import build_demo
from daogou.demo.tastes import DEFAULT_END, DEFAULT_SEED


def _day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _show(done: int, total: int, label: str) -> None:
    print(f"\r{done:4d} / {total} {label:<10}", end="", file=sys.stderr, flush=True)


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(prog="python -m daogou.demo", description="Write the simulated demo store.")
    parser.add_argument("out", type=Path, help="folder to write into")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument("--end", type=_day, default=DEFAULT_END, help="last day of the simulation, YYYY-MM-DD")
    chosen = parser.parse_args()
    made = build_demo(chosen.out, chosen.seed, _show, end=chosen.end)
    print(file=sys.stderr)
    print(", ".join(f"{count} {name}" for name, count in made.counts.items()), "in", made.root)


if __name__ == "__main__":
    main()
