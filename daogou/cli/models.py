"""`daogou models`: the weights on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from daogou.cli.common import Set, say, settings_of
from daogou.cli.progress import progress

if TYPE_CHECKING:
    from pathlib import Path

app = typer.Typer(
    help="List, fetch and verify the models' weights (kept in DAOGOU_WEIGHTS, shared by all stores).",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
Names = Annotated[list[str] | None, typer.Argument(help="Names as `daogou models list` shows them.")]


@app.command("list")
def list_(more: Set = None) -> None:
    """Every set of weights: its name, licence, size, and whether it is here.

    Example:

        daogou models list
    """
    from daogou.models import list_weights

    for one in list_weights(settings_of(more=more).weights):
        needed = "optional" if one.optional else "default"
        print(f"{one.name:<20} {one.state:<8} {one.bytes / 1e6:>8,.0f} MB  {needed:<8}  {one.licence:<11} {one.title}")


@app.command()
def pull(
    names: Names = None,
    everything: Annotated[bool, typer.Option("--all", help="The optional ones too.")] = False,
    more: Set = None,
) -> None:
    """Fetch weights: those the defaults need, or the named ones. An interrupted pull goes on where it stopped.

    Examples:

        daogou models pull

        daogou models pull qwen2.5-coder-1.5b
    """
    home = settings_of(more=more).weights
    pull_weights(home, names or wanted(home, everything=everything))


@app.command()
def verify(names: Names = None, more: Set = None) -> None:
    """Check the SHA-256 of every file of the weights that are here.

    Examples:

        daogou models verify

        daogou models verify e5-small
    """
    from daogou.models import list_weights
    from daogou.models import verify as verify_one

    home = settings_of(more=more).weights
    here = names or [one.name for one in list_weights(home) if one.state == "ready"]
    if not here:
        say(f"There are no weights in {home}. Next: `daogou models pull`.")
        raise typer.Exit(1)
    for name in here:
        print(f"{name}: {len(verify_one(name, home))} files as they should be")


def wanted(home: Path, *, everything: bool = False) -> list[str]:
    """The weights of the default engines."""
    from daogou.models import list_weights

    return [one.name for one in list_weights(home) if everything or not one.optional]


def pull_weights(home: Path, names: list[str]) -> None:
    """Fetches and converts what is not here, with progress; what is here takes no time."""
    from daogou.models import list_weights
    from daogou.models import pull as pull_one

    states = {one.name: one.state for one in list_weights(home)}
    for name in names:
        if states.get(name) == "ready":
            say(f"{name}: here already")
            continue
        with progress(f"weights {name}", unit="bytes") as report:
            pull_one(name, home, report)
        say(f"{name}: ready")
