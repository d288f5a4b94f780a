"""`daogou doctor`: what is installed, what each setting leads to, what is missing and what to do about it."""

from __future__ import annotations

import importlib.util
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from daogou.cli.common import STORE_FILE, Home, Json, Llm, Set, settings_of
from daogou.cli.running import server_of
from daogou.errors import DaogouError, ModelError

if TYPE_CHECKING:
    from daogou.settings import Settings

State = Literal["ok", "note", "missing"]
_EXTRAS = {"postgres": "psycopg", "bench": "bm25s", "llamacpp": "xllamacpp", "train": "torch"}
_LOW_DISK_GB = 2.0
_IMPORT = "`daogou import products FILE`"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `missing` is something that is needed: it makes the exit status 1."""

    what: str
    state: State
    found: str
    next_step: str = ""


def doctor(home: Home = None, llm: Llm = None, json: Json = False, more: Set = None) -> None:
    """Say what is installed, which engine and model each address gives, and what to do about what is missing.

    Exit status 1 where something needed is missing.

    Examples:

        daogou doctor

        daogou doctor --home ~/.daogou/demo --llm none
    """
    import json as codec

    settings = settings_of(home, llm, more)
    findings = list(examine(settings))
    values = shown_settings(settings)
    if json:
        report = {"settings": values, "findings": [vars_of(one) for one in findings]}
        print(codec.dumps(report, ensure_ascii=False, indent=1))
    else:
        print("settings")
        for name, value in values.items():
            print(f"  {name:<26} {value}")
        print("findings")
        for one in findings:
            print(f"  {one.state:<8} {one.what:<18} {one.found}")
            if one.next_step:
                print(f"  {'':<8} {'':<18} next: {one.next_step}")
    if any(one.state == "missing" for one in findings):
        raise typer.Exit(1)


def vars_of(finding: Finding) -> dict[str, str]:
    """A finding as JSON."""
    return {
        "what": finding.what,
        "state": finding.state,
        "found": finding.found,
        "next_step": finding.next_step,
    }


def shown_settings(settings: Settings) -> dict[str, str]:
    """Every setting and its value; of a secret only whether it is set, of an address not its password."""
    shown = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if hasattr(value, "get_secret_value"):
            value = "(set)" if value.get_secret_value() else "(empty)"
        shown[f"DAOGOU_{name.upper()}"] = _without_password(str(value)) or "(empty)"
    return shown


def examine(settings: Settings) -> Iterator[Finding]:
    """Looks at everything, in the order in which it would be mended."""
    yield _installed()
    for extra, module in _EXTRAS.items():
        if importlib.util.find_spec(module) is not None:
            yield Finding(f"extra {extra}", "ok", f"{module} is installed")
    yield _disk(settings.home, "disk, home")
    yield _disk(settings.weights, "disk, weights")
    yield from _weights(settings)
    yield _language_model(settings)
    yield _encoder(settings)
    server = server_of(settings.home)
    if server is not None:
        yield Finding("server", "ok", f"runs at {server}")
        yield _served(server)
    else:
        yield Finding("server", "note", "none runs on this home", "`daogou serve`")
        yield from _stores(settings)
    pictures = settings.home / "images"
    count = sum(1 for _ in pictures.iterdir()) if pictures.is_dir() else 0
    yield Finding("pictures", "ok" if count else "note", f"{count:,} files in {pictures}")
    if (settings.home / STORE_FILE).exists():
        yield Finding("store file", "ok", f"{settings.home / STORE_FILE} gives the store's name, currency and rates")


def _installed() -> Finding:
    from daogou import __version__

    return Finding("daogou", "ok", f"{__version__}, Python {platform.python_version()}, {platform.machine()}")


def _disk(folder: Path, what: str) -> Finding:
    place = folder
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free / 1e9
    state: State = "ok" if free >= _LOW_DISK_GB else "note"
    step = "" if state == "ok" else f"A full set of weights needs about {_LOW_DISK_GB:g} GB while it is fetched."
    return Finding(what, state, f"{free:,.1f} GB free in {folder}", step)


def _weights(settings: Settings) -> Iterator[Finding]:
    from daogou.models import list_weights

    used = {"e5-small"} if settings.encoder.startswith("embedded") else set[str]()
    for one in list_weights(settings.weights):
        found = f"{one.state}, {one.bytes / 1e6:,.0f} MB in {one.path}"
        if one.state == "ready":
            yield Finding(f"weights {one.name}", "ok", found)
        elif one.name in used:
            yield Finding(f"weights {one.name}", "missing", found, f"`daogou models pull {one.name}`")
        else:
            step = "" if one.optional else f"`daogou models pull {one.name}`, or --llm none to go without"
            yield Finding(f"weights {one.name}", "note", found, step)


def _language_model(settings: Settings) -> Finding:
    from daogou.models import open_language_model

    what = "language model"
    try:
        model = open_language_model(settings.llm, settings.weights, settings.api_key.get_secret_value() or None)
        if model is None:
            return Finding(what, "ok", "none: everything works, in plainer words")
        try:
            if settings.llm.startswith("http"):
                _probe_model(model)
            return Finding(what, "ok", f"{settings.llm} gives {model.name}")
        finally:
            model.close()
    except ModelError as failure:
        return Finding(
            what, "note", f"{settings.llm}: {failure.message}", failure.next_step or "--llm none goes without."
        )
    except DaogouError as failure:
        return Finding(what, "missing", failure.message, failure.next_step)


def _probe_model(model: Any) -> None:
    from daogou.models import Message, Request

    model.generate(Request(messages=(Message("user", "Say OK."),), max_tokens=4, deadline_s=15))


def _encoder(settings: Settings) -> Finding:
    from daogou.models import open_encoder

    try:
        encoder = open_encoder(settings.encoder, settings.weights, settings.api_key.get_secret_value() or None)
        try:
            dim = encoder.encode_queries(["保湿面霜 face cream"]).shape[1]
            return Finding("encoder", "ok", f"{settings.encoder} gives {encoder.name}, {dim} numbers a text")
        finally:
            encoder.close()
    except DaogouError as failure:
        return Finding("encoder", "missing", failure.message, failure.next_step)


def _stores(settings: Settings) -> Iterator[Finding]:
    from daogou.stores import open_database, open_index

    address = settings.database_address
    path = Path(address.removeprefix("sqlite:///"))
    if address.startswith("sqlite:///") and not path.exists():
        yield Finding("database", "note", f"no store in {settings.home} yet", f"`daogou demo`, or {_IMPORT}")
        return
    try:
        database = open_database(address)
    except DaogouError as failure:
        yield Finding("database", "missing", f"{_without_password(address)}: {failure.message}", failure.next_step)
        return
    try:
        products, events, change = database.count_products(), database.count_events(), database.last_change()
        found = f"{_without_password(address)}: {products:,} products, {events:,} events"
        yield Finding("database", "ok" if products else "note", found, "" if products else _IMPORT)
        yield _index(settings, open_index, products, change)
    finally:
        database.close()


def _index(settings: Settings, open_index: Any, products: int, change: int) -> Finding:
    try:
        indexes = open_index(settings.index_address)
        try:
            meta = indexes.current_meta()
        finally:
            indexes.close()
    except DaogouError as failure:
        return Finding("index", "missing", failure.message, failure.next_step)
    if meta is None:
        return Finding(
            "index", "missing" if products else "note", "none is built", "`daogou index`" if products else ""
        )
    behind = change - meta.change
    found = f"{settings.index_address}: version {meta.version}, {meta.products:,} products, {behind} changes behind"
    return Finding("index", "ok", found, "`daogou serve` catches up by itself, or `daogou index`" if behind else "")


def _served(server: str) -> Finding:
    import httpx

    try:
        status = httpx.get(f"{server}/readyz", timeout=5, trust_env=False).json()
    except (httpx.HTTPError, ValueError) as failure:
        return Finding("store", "missing", f"the server does not say how it is: {failure}", "Look into its log.")
    found = f"{status['products']:,} products, {status['events']:,} events, index {status['index_version']}"
    return Finding("store", "ok" if status["ready"] else "missing", found, "" if status["ready"] else "`daogou index`")


def _without_password(address: str) -> str:
    scheme, sign, rest = address.partition("://")
    login, at, host = rest.rpartition("@")
    return f"{scheme}{sign}{login.partition(':')[0]}:***@{host}" if at else address
