"""`daogou demo`: from nothing to an open store, step by step; what is done already is not done again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daogou.cli.common import Home, Llm, Set, say, settings_of, write_store_file
from daogou.cli.importing import bring_up_to_date, import_kind
from daogou.cli.models import pull_weights
from daogou.cli.progress import progress
from daogou.cli.running import refuse_if_served
from daogou.cli.serving import run_server

if TYPE_CHECKING:
    from daogou.intake import Kind
    from daogou.settings import Settings

DEFAULT_HOME = Path("~/.daogou/demo")
_STORE = {
    "name": "导购 demo",
    "notice": "演示商店：商品、品牌、评价和顾客均为程序模拟。"
    " · Demo store: products, brands, reviews and shoppers are simulated.",
    "currency": "CNY",
    "rates": {"USD": 7.0, "EUR": 7.6, "GBP": 9.0, "HKD": 0.9, "JPY": 0.047},
}
_FILES = "files"
_MADE = "made.json"


def demo(
    home: Home = None,
    llm: Llm = None,
    port: Annotated[int | None, typer.Option("--port", help="Port; 0 takes a free one.")] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Make the store, do not open it.")] = False,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same store.")] = 7,
    more: Set = None,
) -> None:
    """Fetch the models, make a simulated bilingual store, index it and open it. A second run opens it at once.

    Examples:

        daogou demo

        daogou demo --port 9000 --llm none

        daogou demo --home ~/shops/demo --no-serve
    """
    home = (home or DEFAULT_HOME).expanduser()
    write_store_file(home, _STORE)
    given = [*(more or []), *([f"port={port}"] if port is not None else [])]
    settings = settings_of(home, llm, given)
    refuse_if_served(settings)
    pull_weights(settings.weights, _needed(settings))
    make_store(settings, seed)
    if no_serve:
        say(f"The store is ready. Next: `daogou serve --home {settings.home}`.")
    else:
        run_server(settings)


def make_store(settings: Settings, seed: int) -> None:
    """Files, records, pictures, index: each only where it is not there yet. `made.json` says what is."""
    from daogou import __version__

    files = settings.home / _FILES
    note = settings.home / _MADE
    kinds: tuple[Kind, ...] = ("products", "reviews", "policies", "events")
    wanted = {"version": __version__, "seed": seed}
    made = json.loads(note.read_text(encoding="utf-8")) if note.exists() else {}
    if made != wanted:
        note.unlink(missing_ok=True)
        _write_files(files, seed)
        for kind in kinds:
            import_kind(settings, kind, [files / f"{kind}.jsonl"], {})
        _copy_pictures(files / "images", settings.home / "images")
        # Written last: its presence means that all of it is there.
        note.write_text(json.dumps(wanted), encoding="utf-8")
    else:
        say("demo store: made already")
    bring_up_to_date(settings)


def _write_files(files: Path, seed: int) -> None:
    from daogou.demo import build_demo

    with progress("demo store") as report:
        build_demo(files, seed, report)


def _copy_pictures(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for picture in source.iterdir():
        shutil.copyfile(picture, target / picture.name)


def _needed(settings: Settings) -> list[str]:
    """The weights of the embedded engines the settings name."""
    from daogou.models import list_weights

    default = [one.name for one in list_weights(settings.weights) if not one.optional]
    encoder, model = default[0], default[1:]
    needed = [encoder] if settings.encoder == "embedded" else []
    if settings.llm.startswith("embedded"):
        named = settings.llm.partition(":")[2]
        needed += [named] if named else model
    return needed
