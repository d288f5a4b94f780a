"""`daogou bench`: one benchmark, figures as JSON on the last line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daogou.cli.common import Set, settings_of

if TYPE_CHECKING:
    from daogou.guide import Guide


def bench(
    name: Annotated[str, typer.Argument(help="intake, search, search-zh, latency, recommend, grounding, models")],
    data: Annotated[Path | None, typer.Option("--data", help="The folder that holds the dataset's folder.")] = None,
    engine: Annotated[str | None, typer.Option("--engine", help="Another engine's address.")] = None,
    llm: Annotated[str | None, typer.Option("--llm", help="Another language model's address.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many queries or rows.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same figures.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="JSON only, no progress.")] = False,
    train_data: Annotated[Path | None, typer.Option("--train-data", help="Learn there, measure on --data.")] = None,
    more: Set = None,
) -> None:
    """Run a benchmark. Exit status 0 when it ran, whatever the figures; 2 when it could not, saying why.

    Examples:

        daogou bench search --data path/to/data

        daogou bench recommend --data path/to/data --limit 2000 --seed 1 --json
    """
    from daogou.errors import BenchError, DaogouError
    from daogou.evaluate.bench import BenchOptions, run_benchmark

    settings = settings_of(llm=llm, more=more)
    options = BenchOptions(
        data=data,
        engine=engine,
        llm=llm,
        limit=limit,
        seed=seed,
        train_data=train_data,
        json_only=json,
        weights=settings.weights,
        services=services(settings.weights),
    )
    try:
        run_benchmark(name, options)
    except BenchError:
        raise
    except DaogouError as failure:
        raise BenchError(f"The benchmark {name!r} could not run: {failure}") from failure


def services(weights: Path) -> Any:
    """What benchmarks reach through the command line, since `evaluate` imports no service."""
    from daogou.evaluate.bench import Services

    def open_guide(home: Path, **settings: Any) -> Guide:
        from daogou.guide import Guide
        from daogou.settings import read_settings

        return Guide.open(read_settings(**{"weights": weights, "home": home, **settings}))

    def import_files(database: Any, kind: Any, paths: Any, *, progress: Any = None, **fields: Any) -> Any:
        """`fields` are those of ImportOptions: `mapping={"name": "title"}`."""
        from daogou.intake import ImportOptions, import_files

        return import_files(paths, kind, database, ImportOptions(**fields), progress)

    def build_index(*given: Any, **options: Any) -> Any:
        from daogou.index import build_index

        return build_index(*given, **options)

    def new_ranker(*given: Any, **options: Any) -> Any:
        from daogou.recommend import OfflineRanker

        return OfflineRanker(*given, **options)

    def build_demo(*given: Any, **options: Any) -> Any:
        from daogou.demo import build_demo

        return build_demo(*given, **options)

    def measure_encoder(weights: Path) -> Any:
        from daogou.models import measure_encoder

        return measure_encoder(weights)

    def measure_language_model(address: str, weights: Path) -> Any:
        from daogou.errors import BenchError
        from daogou.models import measure_language_model, open_language_model

        model = open_language_model(address, weights)
        if model is None:
            raise BenchError("There is no language model to measure.", next_step="Leave out `--llm none`.")
        try:
            return measure_language_model(model)
        finally:
            model.close()

    return Services(
        open_guide=open_guide,
        import_files=import_files,
        build_index=build_index,
        new_ranker=new_ranker,
        extra={
            "build_demo": build_demo,
            "measure_encoder": measure_encoder,
            "measure_language_model": measure_language_model,
        },
    )
