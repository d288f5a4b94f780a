"""`daogou import`: the merchant's files in, the index in step with them."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daogou.cli.common import Home, Set, keep_in_store_file, say, settings_of
from daogou.cli.indexing import build
from daogou.cli.progress import progress
from daogou.cli.running import server_of
from daogou.errors import InputError

if TYPE_CHECKING:
    from daogou.intake import ImportProgress, ImportReport, Kind
    from daogou.settings import Settings

app = typer.Typer(
    help="Import products, events, reviews or policies: CSV, TSV, JSON, JSONL, Parquet, XML, gzip of each. "
    "Google Merchant feeds, Shopify exports, schema.org, GA4 and Gorse are recognised.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

_SHOWN = 10
Files = Annotated[list[Path], typer.Argument(help="One or more files.")]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="COLUMN=FIELD", help="Which field a column is; COLUMN= leaves it out. Repeatable."),
]
Currency = Annotated[str | None, typer.Option("--currency", help="Of prices without one; the store's where left out.")]
Language = Annotated[str | None, typer.Option("--language", help="Of all rows; guessed row by row where left out.")]
PriceUnit = Annotated[str, typer.Option("--price-unit", help="major (49.90) or minor (4990).")]
AttributeColumns = Annotated[
    list[str] | None, typer.Option("--attributes", metavar="PATTERN", help='Columns that are attributes: "attr_*".')
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would happen; keep nothing.")]
NoIndex = Annotated[bool, typer.Option("--no-index", help="Do not bring the index up to date afterwards.")]
Encoding = Annotated[str | None, typer.Option("--encoding", help="UTF-8, GB18030, …; found out where left out.")]
Separator = Annotated[
    str | None, typer.Option("--separator", help='Between several values of one attribute: "|" reads A|B as two.')
]
ImageBase = Annotated[str, typer.Option("--image-base", help="Put before relative picture paths.")]
Timezone = Annotated[str, typer.Option("--timezone", help="Of times that name none, such as Asia/Shanghai.")]
Delimiter = Annotated[str | None, typer.Option("--delimiter", help="Of CSV files; found out where left out.")]


@app.command()
def products(
    files: Files,
    home: Home = None,
    mapping: Map = None,
    currency: Currency = None,
    language: Language = None,
    price_unit: PriceUnit = "major",
    attributes: AttributeColumns = None,
    separator: Separator = None,
    image_base: ImageBase = "",
    dry_run: DryRun = False,
    no_index: NoIndex = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    more: Set = None,
) -> None:
    """Import a catalogue, then bring the index up to date.

    Examples:

        daogou import products feed.xml

        daogou import products shop.csv --map 商品名=title --map 售价=price --currency CNY

        daogou import products big.jsonl.gz --dry-run
    """
    options: dict[str, Any] = {
        "mapping": _mapping(mapping),
        "currency": currency,
        "language": language,
        "price_unit": price_unit,
        "attribute_columns": tuple(attributes or ()),
        "value_separator": separator,
        "image_base": image_base,
        "dry_run": dry_run,
        "encoding": encoding,
        "delimiter": delimiter,
    }
    settings = settings_of(home, "none", more)
    import_kind(settings, "products", files, options)
    if currency and not dry_run:
        keep_in_store_file(settings.home, {"currency": currency.upper()})
    if not dry_run and not no_index:
        index_after_import(settings)


@app.command()
def events(
    files: Files,
    home: Home = None,
    mapping: Map = None,
    currency: Currency = None,
    timezone: Timezone = "UTC",
    dry_run: DryRun = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    more: Set = None,
) -> None:
    """Import what shoppers did: GA4 or Gorse exports, or any table.

    Examples:

        daogou import events ga4.jsonl

        daogou import events log.csv --map who=shopper_id --map what=product_id --map when=time
    """
    _other("events", files, home, mapping, currency, None, dry_run, encoding, delimiter, more, timezone)


@app.command()
def reviews(
    files: Files,
    home: Home = None,
    mapping: Map = None,
    language: Language = None,
    dry_run: DryRun = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    more: Set = None,
) -> None:
    """Import shoppers' reviews.

    Example:

        daogou import reviews reviews.csv --map 评论=text --map 星级=rating --language zh
    """
    _other("reviews", files, home, mapping, None, language, dry_run, encoding, delimiter, more)


@app.command()
def policies(
    files: Files,
    home: Home = None,
    mapping: Map = None,
    language: Language = None,
    dry_run: DryRun = False,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    more: Set = None,
) -> None:
    """Import the store's rules and its frequently asked questions.

    Example:

        daogou import policies faq.json
    """
    _other("policies", files, home, mapping, None, language, dry_run, encoding, delimiter, more)


def import_kind(settings: Settings, kind: Kind, files: list[Path], given: dict[str, Any]) -> None:
    """Imports files of one kind with progress and says what became of every row."""
    from daogou.intake import ImportOptions, import_files
    from daogou.stores import open_database

    options = ImportOptions(
        **{
            "rejects_dir": settings.home / "rejects",
            **given,
            "currency": given.get("currency") or settings.currency,
        }
    )
    settings.home.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database_address)
    try:
        with progress(f"import {kind}", unit="bytes") as report:

            def follow(one: ImportProgress) -> None:
                report(one.bytes_read, one.bytes_total, f"{one.path.name}, {one.rows:,} rows")

            done = import_files(files, kind, database, options, follow)
    finally:
        database.close()
    _show(done)


def _show(report: ImportReport) -> None:
    for recognised in report.formats:
        say(recognised)
    if report.resumed_at:
        say(f"went on after row {report.resumed_at:,}, where an earlier run was interrupted")
    print(report.describe())
    for note, count in report.notes.most_common(_SHOWN):
        print(f"  left out, {count:,} times: {note}")
    for reason, count in report.reasons.most_common(_SHOWN):
        print(f"  rejected, {count:,} rows: {reason}")
    for path in report.rejects_files:
        print(f"  rejected rows are in {path}")


def index_after_import(settings: Settings) -> None:
    """Brings the index up to date, unless a running server does that already."""
    url = server_of(settings.home)
    if url is not None:
        say(f"The server at {url} follows by itself; nothing to index.")
        return
    bring_up_to_date(settings)


def bring_up_to_date(settings: Settings) -> None:
    """Applies what changed to the current index; builds one where there is none or another encoder made it."""
    from daogou.index import Keeper
    from daogou.models import open_encoder
    from daogou.stores import open_database, open_index

    with ExitStack() as opened:
        database = opened.enter_context(closing(open_database(settings.database_address)))
        indexes = opened.enter_context(closing(open_index(settings.index_address)))
        meta = indexes.current_meta()
        behind = database.last_change() - meta.change if meta else 0
        if meta is not None and not behind:
            return
        # A build reads everything in large batches, which is the better way once much of it has changed.
        follow = meta is not None and behind * 4 < database.count_products()
        if follow:
            key = settings.api_key.get_secret_value() or None
            encoder = opened.enter_context(closing(open_encoder(settings.encoder, settings.weights, key)))
            follow = meta is not None and meta.encoder == encoder.name
        if follow:
            keeper = Keeper(database, indexes, encoder)
            with progress("index") as report:
                report(0, behind, "changes")
                keeper.step()
                keeper.settle()
                report(behind, behind, "changes")
    if not follow:
        build(settings)


def _other(
    kind: Kind,
    files: list[Path],
    home: Path | None,
    mapping: list[str] | None,
    currency: str | None,
    language: str | None,
    dry_run: bool,
    encoding: str | None,
    delimiter: str | None,
    more: list[str] | None,
    timezone: str = "UTC",
) -> None:
    options = {
        "mapping": _mapping(mapping),
        "currency": currency,
        "language": language,
        "dry_run": dry_run,
        "encoding": encoding,
        "delimiter": delimiter,
        "timezone": timezone,
    }
    import_kind(settings_of(home, "none", more), kind, files, options)


def _mapping(texts: list[str] | None) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts or []:
        column, sign, field = text.rpartition("=")
        if not sign or not column:
            raise InputError(f"--map {text!r} is not COLUMN=FIELD.", next_step="For example --map 商品名=title.")
        pairs[column] = field
    return pairs
