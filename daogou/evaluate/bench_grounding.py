"""`daogou bench grounding`: generated turns and answers with the language model; what in them is not the record's.

Figures: `turns`, `invented` (prices, numbers, names, links, stock, delivery and discount claims that an independent
checker cannot find in the records), `over_refused` (share of questions the record answers that were answered 'not
known'), `withheld` (share of the model's sentences the guide held back), the time to the first words and of the whole
turn with one conversation at a time, tokens per second with 1, 4 and 8 conversations at once, first words beside 20
searches a second, and the time of a turn without a model."""

from __future__ import annotations

import random
import re
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from daogou.errors import BenchError
from daogou.evaluate.bench import BenchOptions, Figures
from daogou.evaluate.grounding_check import InPlay, inventions
from daogou.records import Product, Query, Turn

TURNS = 200
_SEARCHES_A_SECOND = 20
_BESIDE_TURNS = 24
_REPLAYED = 16
_ICECAT = {
    "title": "title",
    "name": "attr:model",
    "short_description": "description",
    "supplier": "brand",
    "ean": "gtin",
}
# The count that the program writes before any model speaks.
_FOUND = re.compile(r"^(?:I found|找到) (\d+) ")


@dataclass(slots=True)
class _Tally:
    """What one pass over the conversations gave."""

    first_words: list[float] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    asked: int = 0
    refused: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Step:
    """One utterance. `answerable`: the record holds the answer."""

    text: str
    page: str | None = None
    answerable: bool = False


class _Keeping:
    """A language model that keeps the requests it was given, so that they can be asked again together."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.name = model.name
        self.requests: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def stream(self, request: Any) -> Iterator[str]:
        self.requests.append(request)
        return self._model.stream(request)  # type: ignore[no-any-return]


def run(options: BenchOptions) -> list[Figures]:
    """The demo store, and the Icecat catalogue where `--data` holds it."""
    open_guide = options.services.need("open_guide")
    stores: list[tuple[str, Path | None]] = [("demo", None)]
    if options.data is not None:
        stores.append(("search_icecat", options.folder("search_icecat")))
    wanted = (options.limit or TURNS) // len(stores)
    lines = []
    for name, folder in stores:
        with tempfile.TemporaryDirectory(prefix="daogou-grounding-") as home:
            guide = open_guide(
                home=Path(home), llm=options.llm or "embedded", weights=options.weights, rates={"USD": 7.0}
            )
            try:
                _fill(guide, options, Path(home), folder)
                lines.append({"dataset": name, **measure(guide, wanted, options.seed)})
            finally:
                guide.close()
    return lines


def _fill(guide: Any, options: BenchOptions, home: Path, folder: Path | None) -> None:
    import_files = options.services.need("import_files")
    if folder is None:
        made = options.services.need("build_demo")(home / "files", pictures=False)
        for kind in ("products", "reviews", "policies"):
            import_files(guide.database, kind, [getattr(made, kind)])
    else:
        import_files(
            guide.database,
            "products",
            [folder / "products.jsonl.gz"],
            mapping=_ICECAT,
            attribute_columns=("attr_*",),
            currency="USD",
            price_unit="minor",
            rejects_dir=home,
        )
    options.services.need("build_index")(guide.database, guide.indexes, guide.encoder)


def measure(guide: Any, wanted: int, seed: int) -> Figures:
    """The figures of one store, whose guide speaks through a language model."""
    if guide.language_model is None:
        raise BenchError("The grounding benchmark needs a language model.", next_step="Run `daogou models pull`.")
    keeping = _Keeping(guide.language_model)
    talker = _sibling(guide, keeping)
    talker.chatting.warm()
    scripts = list(_conversations(guide, wanted, seed))
    tally = _Tally()
    for at, script in enumerate(scripts):
        _hold(talker, script, f"g{at}", tally)
    sentences = [one for _, _, data in _turn_log(guide) for one in data["sentences"]]
    speeds = {f"tokens_per_s_{many}": _tokens_per_s(keeping, many) for many in (1, 4, 8)}
    four = _Tally()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda pair: _hold(talker, pair[1], f"f{pair[0]}", four), enumerate(scripts[:8])))
    beside = _beside_searches(talker, scripts)
    plain = _Tally()
    for at, script in enumerate(scripts[:20]):
        _hold(_sibling(guide, None), script, f"n{at}", plain)
    return {
        "turns": len(tally.turns),
        "invented": len(tally.invented) + len(four.invented) + len(plain.invented),
        "invented_examples": (tally.invented + four.invented + plain.invented)[:8],
        "over_refused": round(len(tally.refused) / max(1, tally.asked), 4),
        "over_refused_examples": tally.refused[:8],
        "questions": tally.asked,
        "sentences": len(sentences),
        "withheld": round(sum(not one["kept"] for one in sentences) / max(1, len(sentences)), 4),
        "first_words_p50_ms": _ms(tally.first_words, 50),
        "first_words_p95_ms": _ms(tally.first_words, 95),
        "turn_p50_ms": _ms(tally.turns, 50),
        "turn_p95_ms": _ms(tally.turns, 95),
        **speeds,
        "four_at_once_first_words_p95_ms": _ms(four.first_words, 95),
        "beside_search_first_words_p95_ms": _ms(beside, 95),
        "no_model_turn_p50_ms": _ms(plain.turns, 50),
        "no_model_turn_p95_ms": _ms(plain.turns, 95),
        "language_model": guide.language_model.name,
    }


def _sibling(guide: Any, language_model: Any) -> Any:
    """A guide over the same engines with another model (or none)."""
    return type(guide)(
        guide.settings,
        database=guide.database,
        indexes=guide.indexes,
        encoder=guide.encoder,
        language_model=language_model,
    )


def _turn_log(guide: Any) -> list[Any]:
    rows: list[Any] = []
    while page := guide.database.ledger("turn", after=rows[-1][0] if rows else 0):
        rows += page
    return rows


def _conversations(guide: Any, wanted: int, seed: int) -> Iterator[list[_Step]]:
    """Conversations about products drawn at random, in the languages each product is worded in."""
    rng = random.Random(seed)
    products = list(guide.database.products())
    said = 0
    while said < wanted:
        product = rng.choice(products)
        wordings = product.wordings()
        shown = rng.choice(wordings)
        script = list(_script(shown, rng))[: wanted - said]
        said += len(script)
        yield script


def _script(shown: Product, rng: random.Random) -> Iterator[_Step]:
    zh = shown.language == "zh"
    wish = shown.category[-1] if shown.category else shown.title
    limit = f"{int(shown.price.minor / 100 * 1.3) + 1}" if shown.price else ""
    if limit and shown.price and shown.price.currency == "CNY":
        yield _Step(f"{wish}，{limit} 以内" if zh else f"{wish} under {limit} yuan")
    else:
        yield _Step(f"我想买{wish}" if zh else f"I am looking for {wish}")
    names = list(shown.attributes)
    for name in rng.sample(names, min(2, len(names))):
        text = f"这款的{name}是什么？" if zh else f"What is the {name} of this one?"
        yield _Step(text, page=shown.id, answerable=True)
    rest = [
        ("第二款有货吗？", "Is the second one in stock?"),
        ("对比前两款", "Compare the first two"),
        ("有便宜点的吗", "Something cheaper, please"),
        ("这款怎么样，大家怎么说", "What do people say about this one?"),
        ("包邮吗？", "Is delivery free?"),
        ("多少钱？有折扣吗", "How much is it? Any discount?"),
        ("把第一款加入购物车", "Add the first one to my cart"),
        ("送朋友合适吗，帮我推荐一款", "Would it suit a friend? Recommend me one"),
    ]
    for chinese, english in rng.sample(rest, 3):
        yield _Step(chinese if zh else english)


def _hold(guide: Any, script: Sequence[_Step], conversation: str, tally: _Tally) -> None:
    """Holds one conversation and checks each turn."""
    said: list[str] = []
    for step in script:
        said.append(step.text)
        started = time.perf_counter()
        first, turn = None, None
        for piece in guide.chat_stream(step.text, conversation_id=conversation, product_id=step.page):
            if first is None and piece.text:
                first = time.perf_counter() - started
            turn = piece.turn or turn
        took = time.perf_counter() - started
        tally.turns.append(took)
        tally.first_words.append(first if first is not None else took)
        if turn is None:
            raise BenchError("A turn ended without its record.", next_step="Report this with the conversation.")
        wrong = inventions(turn.text, _in_play(guide, turn, said, step))
        tally.invented.extend(f"{step.text} -> {one}" for one in wrong)
        if step.answerable:
            tally.asked += 1
            if turn.answer is None or not turn.answer.known:
                tally.refused.append(f"{step.text} -> {turn.text[:80]}")


def _in_play(guide: Any, turn: Turn, said: Sequence[str], step: _Step) -> InPlay:
    """What a turn may draw on: products shown now and before, in the cart and on the page; evidence; policies."""
    state = turn.state
    ids = {hit.product.id for hit in turn.hits} | ({step.page} if step.page else set())
    if state is not None:
        ids |= {*state.shown, *state.seen, *([state.focus] if state.focus else [])}
    ids |= {line.product_id for line in turn.cart.lines} if turn.cart else set()
    products = list(guide.database.get_products(sorted(ids)).values())
    play = InPlay(products=products)
    parts = list(said)
    if turn.answer:
        parts += [one.text for one in turn.answer.evidence if one.kind in {"review", "policy"}]
    constraints = [*(turn.plan.constraints if turn.plan else ()), *(state.constraints if state else ())]
    parts += [one.label for one in constraints] + [" ".join(one.values) for one in constraints]
    parts += [one.label for one in turn.suggestions]
    parts += [f"{label} {' '.join(values)}" for label, values in turn.comparison.rows] if turn.comparison else []
    parts += [reason.text for hit in turn.hits for reason in hit.reasons]
    play.said = " ".join(parts)
    play.numbers = {str(at) for at in range(13)} | _counts(guide, turn, products)
    if turn.cart:
        amounts = [turn.cart.total] if turn.cart.total else []
        play.amounts = {money.decimal.rstrip("0").rstrip(".") for money in amounts}
    return play


def _counts(guide: Any, turn: Turn, products: Sequence[Product]) -> set[str]:
    """Numbers the program counts itself: how many were found, and the mean and number of ratings."""
    counted = {str(guide.database.count_products())}
    if turn.act in {"search", "ask"}:
        counted |= set(_FOUND.findall(turn.text))
    for mean, count in guide.database.ratings([one.id for one in products]).values():
        counted |= {f"{mean:.1f}".removesuffix(".0"), str(count)}
    return counted


def _tokens_per_s(keeping: _Keeping, many: int) -> float:
    """Output tokens a second when the recorded prompts are asked again, `many` at a time."""
    requests = [replace(one, deadline_s=None) for one in keeping.requests[-_REPLAYED:]]
    if not requests:
        return 0.0
    started = time.perf_counter()
    with ThreadPoolExecutor(many) as pool:
        made = list(pool.map(keeping.generate, requests))
    seconds = time.perf_counter() - started
    return round(sum(one.output_tokens or 0 for one in made) / seconds, 1)


def _beside_searches(guide: Any, scripts: Sequence[Sequence[_Step]]) -> list[float]:
    """First words of turns while 20 searches a second go on beside them."""
    stop = threading.Event()
    wishes = [script[0].text for script in scripts]

    def search() -> None:
        at = 0
        while not stop.is_set():
            begun = time.perf_counter()
            guide.search(Query(text=wishes[at % len(wishes)]))
            at += 1
            stop.wait(max(0.0, 1 / _SEARCHES_A_SECOND - (time.perf_counter() - begun)))

    beside = threading.Thread(target=search)
    beside.start()
    tally = _Tally()
    try:
        for at, script in enumerate(scripts):
            if len(tally.turns) >= _BESIDE_TURNS:
                break
            _hold(guide, script, f"b{at}", tally)
    finally:
        stop.set()
        beside.join()
    return tally.first_words


def _ms(seconds: Sequence[float], percentile: float) -> float:
    return round(float(np.percentile(seconds, percentile)) * 1000, 1) if seconds else 0.0
