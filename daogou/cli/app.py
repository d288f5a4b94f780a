"""The Typer app and its commands."""

from __future__ import annotations

from typing import Annotated

import typer

from daogou.cli import asking, bench, demo, doctor, importing, indexing, models, serving, talking

app = typer.Typer(
    name="daogou",
    help="daogou (导购): the shopping guide any merchant can put on their own store. Start with `daogou demo`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from daogou import __version__

        typer.echo(f"daogou {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """The options of `daogou` itself."""


app.command("demo")(demo.demo)
app.add_typer(importing.app, name="import")
app.command("index")(indexing.index)
app.add_typer(indexing.train_app, name="train")
app.command("serve")(serving.serve)
app.command("search")(asking.search)
app.command("recommend")(asking.recommend)
app.command("ask")(asking.ask)
app.command("chat")(talking.chat)
app.command("write")(asking.write)
app.add_typer(models.app, name="models")
app.command("bench")(bench.bench)
app.command("doctor")(doctor.doctor)
