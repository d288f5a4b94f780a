"""`daogou index` and `daogou train`: what is computed ahead of the first question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from daogou.cli.common import Home, Set, say, settings_of
from daogou.cli.progress import progress
from daogou.cli.running import refuse_if_served

if TYPE_CHECKING:
    from daogou.settings import Settings

train_app = typer.Typer(
    help="Train what learns from events. Nothing needs it: recommendations count new events at once.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


def index(home: Home = None, more: Set = None) -> None:
    """Build a new version of the index and switch to it in one step. Searches go on with the old one meanwhile.

    Examples:

        daogou index

        daogou index --home ~/.daogou/demo
    """
    settings = settings_of(home, "none", more)
    refuse_if_served(settings)
    build(settings)


@train_app.command()
def recommend(home: Home = None, more: Set = None) -> None:
    """Fit the ranker of recommendations on the events so far, and keep it where it is better than the one in use.

    Example:

        daogou train recommend --home ~/.daogou/demo
    """
    import json

    from daogou.stores import open_database
    from daogou.train import train_recommend

    settings = settings_of(home, "none", more)
    database = open_database(settings.database_address)
    try:
        with progress("train recommend") as report:
            outcome: Any = train_recommend(database, settings.home / "models", progress=report)
        print(json.dumps(outcome, ensure_ascii=False, indent=1, default=str))
    finally:
        database.close()


def build(settings: Settings) -> None:
    """Builds the index of the store, with progress."""
    from daogou.index import build_index
    from daogou.models import open_encoder
    from daogou.stores import open_database, open_index

    database = open_database(settings.database_address)
    try:
        indexes = open_index(settings.index_address)
        try:
            encoder = open_encoder(settings.encoder, settings.weights, settings.api_key.get_secret_value() or None)
            try:
                with progress("index") as report:
                    meta = build_index(database, indexes, encoder, progress=report)
            finally:
                encoder.close()
        finally:
            indexes.close()
    finally:
        database.close()
    say(f"index {meta.version}: {meta.products:,} products")
