"""What every command shares: the options that override settings, the store's own settings file, the open guide."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daogou.errors import SettingsError

if TYPE_CHECKING:
    from daogou.guide import Guide
    from daogou.settings import Settings

Home = Annotated[Path | None, typer.Option("--home", help="Where the store keeps its data (DAOGOU_HOME).")]
Llm = Annotated[
    str | None, typer.Option("--llm", help="Language model: embedded[:NAME], none, https://HOST/v1#MODEL (DAOGOU_LLM).")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Any other setting, as in --set currency=USD. Repeatable."),
]
Json = Annotated[bool, typer.Option("--json", help="Print what the API would answer, as JSON.")]
Language = Annotated[str | None, typer.Option("--language", help="zh or en; guessed where left out.")]

STORE_FILE = "store.json"
_STORE_SETTINGS = ("name", "notice", "currency", "rates")


def settings_of(home: Path | None = None, llm: str | None = None, more: list[str] | None = None) -> Settings:
    """Options first, then the environment, then the store's own file in its home. Raises SettingsError."""
    from daogou.settings import read_settings

    given: dict[str, Any] = {"home": home, "llm": llm, **_pairs(more or [])}
    settings = read_settings(**given)
    kept = _read_store_file(settings.home / STORE_FILE)
    for name, value in kept.items():
        if given.get(name) is None and f"DAOGOU_{name.upper()}" not in os.environ:
            given[name] = value
    return read_settings(**given)


def write_store_file(home: Path, values: dict[str, Any]) -> None:
    """Keeps what belongs to one store (its name, notice, currency, rates) beside its data."""
    home.mkdir(parents=True, exist_ok=True)
    fresh = home / f"{STORE_FILE}.new"
    fresh.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(home / STORE_FILE)


def keep_in_store_file(home: Path, values: dict[str, Any]) -> None:
    """Adds to the store's file what it does not say yet; what it says stays."""
    write_store_file(home, values | _read_store_file(home / STORE_FILE))


@contextmanager
def open_guide(settings: Settings) -> Iterator[Guide]:
    """The guide, closed afterwards."""
    from daogou.guide import Guide

    guide = Guide.open(settings, blend=learned_blend(settings))
    try:
        yield guide
    finally:
        guide.close()


def learned_blend(settings: Settings) -> Path | None:
    """The published weights of the recommendations, or None where nothing was trained."""
    from daogou.train import FILE, Registry

    return Registry(settings.home / "models").file("recommend", FILE)


def say(text: str = "") -> None:
    """A line for the reader, apart from the command's result: it goes to stderr."""
    typer.echo(text, err=True)


def say_notes(guide: Guide) -> None:
    """What did not open as it should."""
    for note in guide.notes:
        say(f"note: {note}")


def _pairs(texts: list[str]) -> dict[str, Any]:
    from daogou.settings import Settings

    pairs: dict[str, Any] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        name = name.strip().lower().removeprefix("daogou_")
        if not sign or name not in Settings.model_fields:
            raise SettingsError(
                f"--set {text!r} names no setting.", next_step=f"Settings: {', '.join(Settings.model_fields)}."
            )
        try:
            pairs[name] = json.loads(value) if name == "rates" else value
        except json.JSONDecodeError:
            raise SettingsError(
                f"--set {text!r} is not JSON.", next_step="Write --set rates='{\"USD\": 7.0}'."
            ) from None
    return pairs


def _read_store_file(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as failure:
        raise SettingsError(f"{path} can not be read: {failure}.", next_step="Mend or delete it.") from None
    if not isinstance(kept, dict) or set(kept) - set(_STORE_SETTINGS):
        raise SettingsError(
            f"{path} may hold only {', '.join(_STORE_SETTINGS)}.", next_step="Other settings are DAOGOU_… variables."
        )
    return kept
