"""`daogou bench intake`: whole catalogues imported and indexed, how fast, and what ten `kill -9` do to it.

Each folder goes in through the command line, as a merchant's would. Rows are counted by this file itself, not by the
importer. The index is built with an encoder that notes what it is given; the bare encoder then encodes the same texts
in the same batches in the same process: `speed_share` is index over encoder. For the kills a second store is filled by
commands that are killed at random moments, half of them in the import and half in the index, and then left to finish;
it must hold what the undisturbed one holds: every product with the same content once, in database and index.
"""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from daogou.errors import BenchError
from daogou.evaluate.bench import BenchOptions, Figures
from daogou.stores import Index, open_database, open_index

KILLS = 10
_START_S = 1.0
"""A process is not killed before it has had time to begin."""
_REPORTED = re.compile(r"Of (\d+) rows (\d+) are kept .* and (\d+) rejected")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One folder of the data: its product files, and what a merchant would have to say about them."""

    folder: str
    files: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    killed: bool = False


CATALOGUES = (
    Catalogue(
        "search_icecat",
        ("products.jsonl.gz",),
        (
            *("--map", "title=title", "--map", "name=", "--map", "short_description=description"),
            *("--map", "supplier=brand", "--price-unit", "minor", "--currency", "EUR", "--attributes", "attr_*"),
        ),
        killed=True,
    ),
    Catalogue("catalogues_zh", ("litemall_products.jsonl", "openbg_products.jsonl"), ("--currency", "CNY")),
    Catalogue("store_luma", ("products.jsonl",), ("--currency", "USD")),
)


def run(options: BenchOptions) -> list[Figures]:
    """One line of figures a folder. Raises BenchError where a folder or a command fails."""
    there = [one for one in CATALOGUES if _has(options, one.folder)]
    if not there:
        raise BenchError("No catalogue was found.", next_step="--data takes the folder that holds search_icecat.")
    lines = []
    for catalogue in there:
        with tempfile.TemporaryDirectory(prefix="daogou-bench-") as scratch:
            lines.append(_Run(options, catalogue, Path(scratch)).figures())
    return lines


class _Run:
    """One catalogue."""

    def __init__(self, options: BenchOptions, catalogue: Catalogue, scratch: Path) -> None:
        self._options = options
        self._catalogue = catalogue
        self._scratch = scratch
        source = options.folder(catalogue.folder)
        (scratch / "in").mkdir()
        self._files = [_copied(source / name, scratch / "in", options.limit) for name in catalogue.files]
        self._home = scratch / "home"

    def figures(self) -> Figures:
        began = time.perf_counter()
        rows = sum(_count_rows(path) for path in self._files)
        self._say(f"importing {rows:,} rows")
        started = time.perf_counter()
        said = self._command(self._import(self._home))
        import_s = time.perf_counter() - started
        reported = [int(number) for match in _REPORTED.finditer(said) for number in match.groups()]
        rejected = sum(_count_rows(path) for path in self._scratch.glob("in/*.rejects.jsonl"))
        speed = self._index()
        figures: Figures = {
            "dataset": self._catalogue.folder,
            "rows": rows,
            "kept": speed.pop("products"),
            "rejected": rejected,
            "accounted_for": reported == [rows, rows - rejected, rejected],
            "import_per_s": round(rows / import_s, 1),
            **speed,
            "baselines": {"bare_encoder_per_s": speed["encoder_per_s"]},
        }
        if self._catalogue.killed:
            figures |= self._killed(import_s, figures["index_s"])
        return figures | {"seconds": time.perf_counter() - began}

    def _index(self) -> dict[str, Any]:
        """Indexing and the bare encoder on the same texts, one after the other in this process."""
        guide = self._options.services.need("open_guide")(
            home=self._home, llm="none", **({"index": self._options.engine} if self._options.engine else {})
        )
        try:
            heard = _Listening(guide.encoder)
            guide.encoder.encode_passages(["warm up"] * 64)
            self._say("indexing")
            started = time.perf_counter()
            meta = self._options.services.need("build_index")(guide.database, guide.indexes, heard)
            index_s = time.perf_counter() - started
            self._say("the bare encoder on the same texts")
            started = time.perf_counter()
            for texts in heard.batches:
                guide.encoder.encode_passages(texts)
            encoder_s = time.perf_counter() - started
            count = sum(map(len, heard.batches))
            return {
                "products": guide.database.count_products(),
                "indexed": meta.products,
                "index_per_s": round(meta.products / index_s, 2),
                "encoder_per_s": round(count / encoder_s, 2),
                "speed_share": round((meta.products / index_s) / (count / encoder_s), 4),
                "index_s": round(index_s, 2),
            }
        finally:
            guide.close()

    def _killed(self, import_s: float, index_s: float) -> Figures:
        """The second store, filled under kills; what it lacks and what it has twice beside the first."""
        random = Random(self._options.seed)
        home = self._scratch / "killed"
        kills = Counter[str]()
        stages = (("import", self._import(home), import_s), ("index", ["index", "--home", str(home)], index_s))
        for stage, command, whole_s in stages:
            for _ in range(KILLS // 2):
                # Early enough that the stage cannot end before its last kill, whatever was kept of the work.
                wait = _START_S + random.random() * max(0.2, whole_s * 0.9 / (KILLS // 2))
                kills[stage] += self._kill(command, wait)
            self._say(f"{stage}: killed {kills[stage]} times, now to its end")
            self._command(command)
        expected, found = _content(self._home), _content(home)
        lost = sum(found.get(one) != body for one, body in expected.items())
        index = open_index(self._options.engine or f"edge:{home / 'index'}")
        try:
            current = index.current()
            if current is None:
                raise BenchError("After the kills no index was published.", next_step="Run `daogou index` by hand.")
            ids = _every_id(current)
        finally:
            index.close()
        lost += len(expected.keys() - ids.keys())
        doubled = len(found.keys() - expected.keys()) + sum(count - 1 for count in ids.values())
        doubled += len(ids.keys() - expected.keys())
        return {"kills": sum(kills.values()), "kills_by_stage": dict(kills), "lost": lost, "doubled": doubled}

    def _import(self, home: Path) -> list[str]:
        files = [str(path) for path in self._files]
        return ["import", "products", *files, *self._catalogue.arguments, "--no-index", "--home", str(home)]

    def _command(self, arguments: Sequence[str]) -> str:
        done = subprocess.run(_daogou(self._options, arguments), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()
            raise BenchError(f"`daogou {arguments[0]}` failed: {said[-1] if said else done.returncode}")
        return done.stdout

    def _kill(self, arguments: Sequence[str], wait_s: float) -> int:
        """1 where the command was killed, 0 where it had ended before."""
        process = subprocess.Popen(
            _daogou(self._options, arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(wait_s)
            return 0
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return 1

    def _say(self, stage: str) -> None:
        if not self._options.json_only:
            print(f"{self._catalogue.folder}: {stage} …", file=sys.stderr, flush=True)


class _Listening:
    """An encoder that notes the batches it is given."""

    def __init__(self, encoder: Any) -> None:
        self.name, self.dim = encoder.name, encoder.dim
        self.batches: list[list[str]] = []
        self._encode: Callable[[Sequence[str]], Any] = encoder.encode_passages

    def encode_passages(self, texts: Sequence[str]) -> Any:
        self.batches.append(list(texts))
        return self._encode(texts)

    encode_queries = encode_passages

    def close(self) -> None:
        """The encoder is the guide's."""


def _daogou(options: BenchOptions, arguments: Sequence[str]) -> list[str]:
    more = ["--set", f"weights={options.weights}"]
    more += ["--set", f"index={options.engine}"] if options.engine else []
    return [sys.executable, "-m", "daogou.cli", *arguments, *more]


def _content(home: Path) -> dict[str, str]:
    """Product id -> the whole record as JSON."""
    database = open_database(f"sqlite:///{home / 'store.sqlite3'}")
    try:
        return {product.id: product.model_dump_json() for product in database.products()}
    finally:
        database.close()


def _every_id(index: Index) -> Counter[str]:
    """How often each product is in the index; one whose vector is not there counts as missing."""
    ids = Counter(index.ids())
    for product_id in ids.keys() - index.vectors(list(ids)).keys():
        del ids[product_id]
    return ids


def _copied(source: Path, folder: Path, limit: int | None) -> Path:
    """The file in a folder that may be written to; only its first rows where there is a limit."""
    if not source.is_file():
        raise BenchError(f"There is no file {source.name} in {source.parent}.", next_step="Look into its README.")
    if limit is None:
        return Path(shutil.copy(source, folder / source.name))
    path = folder / source.name.removesuffix(".gz")
    with open(path, "w", encoding="utf-8") as out:
        for number, line in enumerate(_lines(source)):
            if number == limit:
                break
            out.write(line)
    return path


def _lines(path: Path) -> Iterator[str]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from lines
    else:
        with open(path, encoding="utf-8") as lines:
            yield from lines


def _count_rows(path: Path) -> int:
    return sum(1 for line in _lines(path) if line.strip())


def _has(options: BenchOptions, name: str) -> bool:
    try:
        return options.folder(name).is_dir()
    except BenchError:
        if options.data is None:
            raise
        return False
