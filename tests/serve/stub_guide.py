"""A small guide with the real guide's methods and real records, for tests of the HTTP layer alone.

The services behind it are tested in their own rooms and, through the page, in `tests/browser`."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from daogou.errors import DaogouError, NotFound, QueryError
from daogou.records import (
    Answer,
    Cart,
    CartLine,
    Comparison,
    Constraint,
    Copy,
    DialogueState,
    Event,
    Evidence,
    Facet,
    FacetValue,
    Hit,
    Money,
    Plan,
    Product,
    Query,
    Reason,
    Review,
    SearchResult,
    Shelf,
    Suggestion,
    Turn,
    TurnPiece,
    Variant,
)
from daogou.settings import Settings, read_settings

SHOES = ("Shoes", "Running")


@dataclass
class Count:
    new: int = 0
    changed: int = 0
    unchanged: int = 0


def products() -> list[Product]:
    """Six bilingual products: two pairs of shoes, two teas, a cream, a bottle that is sold out."""
    rows = [
        ("P1", "Trail running shoes Aoki 3", "青木 3 越野跑鞋", "Aoki", SHOES, ("鞋", "跑鞋"), "blue", 499),
        ("P2", "Road running shoes Light", "轻风公路跑鞋", "Qingfeng", SHOES, ("鞋", "跑鞋"), "black", 399),
        ("P3", "Longjing green tea 250 g", "龙井绿茶 250 克", "Hupan", ("Tea", "Green"), ("茶", "绿茶"), "green", 168),
        ("P4", "Aged pu'er tea cake", "陈年普洱茶饼", "Hupan", ("Tea", "Pu'er"), ("茶", "普洱"), "brown", 258),
        ("P5", "Moisturising face cream 50 ml", "保湿面霜 50 毫升", "Runze", ("Skin",), ("护肤",), "white", 329),
        ("P6", "Steel bottle 0.7 l", "钢制保温壶 0.7 升", "Example", ("Outdoor",), ("户外",), "grey", 129),
    ]  # fmt: skip
    made = []
    for id_, en, zh, brand, path, path_zh, colour, price in rows:
        money = Money.of(price, "CNY")
        variants = tuple(
            Variant(id=f"{id_}-{size}", title=f"Size {size}", attributes={"size": (size,)}, price=money, stock=5)
            for size in ("41", "42")
            if id_ in ("P1", "P2")
        )
        made.append(
            Product(
                id=id_,
                title=en,
                description=f"{en}, made with care.",
                brand=brand,
                category=path,
                attributes={"colour": (colour,)},
                price=money,
                list_price=Money.of(price + 100, "CNY") if id_ == "P1" else None,
                stock=0 if id_ == "P6" else 10,
                availability="out_of_stock" if id_ == "P6" else "in_stock",
                images=(f"{id_}.png",),
                link="javascript:alert(1)" if id_ == "P2" else f"https://shop.example/{id_}",
                translations={
                    "zh": {
                        "title": zh,
                        "description": f"{zh}，用心制作。",
                        "category": path_zh,
                        "attributes": {"颜色": colour},
                    }
                },
                variants=variants,
            )
        )
    return made


@dataclass
class StubDatabase:
    kept: dict[str, Product]
    conversations: dict[str, DialogueState] = field(default_factory=dict)

    def ratings(self, ids: Sequence[str]) -> dict[str, tuple[float, int]]:
        return {id_: (4.5, 2) for id_ in ids if id_ in ("P1", "P3")}

    def get_products(self, ids: Sequence[str]) -> dict[str, Product]:
        return {id_: self.kept[id_] for id_ in ids if id_ in self.kept}

    def reviews(self, product_id: str, *, limit: int) -> list[Review]:
        both = [
            Review(id="R1", product_id="P1", text="<b>Grippy</b> on wet stone.", rating=5, author="L."),
            Review(id="R2", product_id="P1", text="偏小一码。", rating=3, language="zh"),
        ]
        return both[:limit] if product_id == "P1" else []

    def put_conversation(self, state: DialogueState) -> None:
        self.conversations[state.id] = state

    def get_conversation(self, conversation_id: str) -> DialogueState | None:
        return self.conversations.get(conversation_id)


class StubGuide:
    """Answers at once, from six products. `fail_with` is raised by every service; `gate` holds a stream back."""

    def __init__(self, home: Path, **settings: Any) -> None:
        self.settings: Settings = read_settings(home=home, name="Test store", notice="Simulated data.", **settings)
        self.database = StubDatabase({one.id: one for one in products()})
        self.searching = SimpleNamespace(suggest=self._suggest)
        self.fail_with: BaseException | None = None
        self.fail_midway: BaseException | None = None
        self.gate: threading.Event | None = None
        self.closed = threading.Event()
        self.events: dict[str, Event] = {}
        self.carts: dict[str, Cart] = {}
        self.queries: list[Query] = []
        self.said: list[dict[str, Any]] = []
        self.ready = True

    def _suggest(self, text: str, *, language: str | None = None, limit: int = 8) -> list[str]:
        self._check()
        return [one.title for one in self._worded(language or "en") if text.lower() in one.title.lower()][:limit]

    def _check(self) -> None:
        if self.fail_with is not None:
            raise self.fail_with

    def _worded(self, language: str) -> list[Product]:
        return [one.in_language(language) for one in self.database.kept.values()]

    def search(self, query: Query) -> SearchResult:
        self._check()
        self.queries.append(query)
        language = query.language or ("zh" if any("一" <= c <= "鿿" for c in query.text) else "en")
        understood = [
            one
            for one in (
                Constraint(field="price", op="range", high=50000, source="500", label="≤ ¥500"),
                Constraint(field="attr:colour", values=("black",), negated=True, source="not black", label="not black"),
            )
            if one.source in query.text and one.key not in query.undo
        ]
        words = [w for w in query.text.lower().split() if w in ("tea", "shoes", "running")]
        hits = [
            Hit(
                product=one,
                score=1.0 / rank,
                probability=0.1,
                rank=rank,
                reasons=(Reason(kind="match", text="Matches your words"),),
            )
            for rank, one in enumerate(
                (p for p in self._worded(language) if all(w in self.database.kept[p.id].title.lower() for w in words)),
                1,
            )
        ]
        return SearchResult(
            query=query,
            plan=Plan(text=query.text, language=language, constraints=tuple(understood)),
            hits=tuple(hits[query.offset : query.offset + query.limit]),
            total=len(hits),
            facets=(
                Facet(field="brand", label="Brand", values=(FacetValue(value="Aoki", label="Aoki", count=1),)),
                Facet(field="price", label="Price", low=12900, high=49900),
            ),
            index_version="v1",
            seconds={"total": 0.001},
        )

    def recommend(self, surface: str, **asked: Any) -> Shelf:
        self._check()
        hits = [Hit(product=one, score=1, probability=0.2, rank=i) for i, one in enumerate(self._worded("en")[:4], 1)]
        return Shelf(surface=surface, hits=tuple(hits))

    def answer(self, question: str, *, product_id: str | None = None, **asked: Any) -> Answer:
        self._check()
        evidence = (Evidence(id="attr:P1:colour", kind="attribute", text="colour: blue", product_id="P1"),)
        return Answer(question=question, text="It is blue.", known=True, probability=0.9, evidence=evidence)

    def chat(self, text: str, **said: Any) -> Turn:
        *_, last = self.chat_stream(text, **said)
        assert last.turn is not None
        return last.turn

    def chat_stream(self, text: str, *, conversation_id: str | None = None, **said: Any) -> Iterator[TurnPiece]:
        self._check()
        self.said.append({"text": text, "conversation_id": conversation_id, **said})
        try:
            for piece in ("Here are ", "two pairs."):
                yield TurnPiece(text=piece)
                if self.fail_midway is not None:
                    raise self.fail_midway
                if self.gate is not None:
                    self.gate.wait(20)
            yield TurnPiece(turn=self._turn(text, conversation_id, said))
        finally:
            self.closed.set()

    def _turn(self, text: str, conversation_id: str | None, said: dict[str, Any]) -> Turn:
        name = conversation_id or "conversation-1"
        old = self.database.get_conversation(name)
        asked = (*(old.asked if old else ()), text)
        state = DialogueState(id=name, asked=asked, shopper_id=said.get("shopper_id"), cart_id=old and old.cart_id)
        self.database.put_conversation(state)
        shown = self._worded("en")[:2]
        return Turn(
            conversation_id=name,
            text="Here are two pairs.",
            act="search",
            hits=tuple(Hit(product=one, score=1, probability=0.5, rank=i) for i, one in enumerate(shown, 1)),
            comparison=Comparison(product_ids=("P1", "P2"), rows=(("colour", ("blue", "black")),)),
            cart=self.cart("cart-1"),
            suggestions=(Suggestion(label="Compare", text="Compare the two"),),
            state=state,
        )

    def write(self, product_id: str, **asked: Any) -> Copy:
        self._check()
        return Copy(product_id=self.product(product_id).id, text="A blue shoe.", **asked)

    def product(self, product_id: str, *, language: str | None = None) -> Product:
        self._check()
        if product_id not in self.database.kept:
            raise NotFound("product", product_id)
        return self.database.kept[product_id]

    def put_products(self, given: Sequence[Product]) -> Count:
        count = Count()
        for one in given:
            count.changed += one.id in self.database.kept
            count.new += one.id not in self.database.kept
            self.database.kept[one.id] = one
        return count

    def delete_products(self, ids: Sequence[str]) -> int:
        return sum(self.database.kept.pop(id_, None) is not None for id_ in ids)

    def record(self, events: Sequence[Event]) -> Count:
        self._check()
        known = sum(one.id in self.events for one in events)
        self.events.update({one.id: one for one in events})
        return Count(new=len(events) - known, unchanged=known)

    def cart(self, cart_id: str) -> Cart:
        self._check()
        return self.carts.get(cart_id, Cart(id=cart_id))

    def put_in_cart(
        self, cart_id: str, product_id: str, *, variant_id: str | None = None, quantity: int = 1, **_: Any
    ) -> Cart:
        product = self.product(product_id)
        if not product.buyable:
            raise QueryError(f"{product.title} is sold out.", next_step="Choose another.")
        lines = [
            one for one in self.cart(cart_id).lines if (one.product_id, one.variant_id) != (product_id, variant_id)
        ]
        if quantity:
            lines.append(CartLine(product_id=product_id, variant_id=variant_id, quantity=quantity, price=product.price))
        total = Money(minor=sum(one.price.minor * one.quantity for one in lines if one.price), currency="CNY")
        self.carts[cart_id] = Cart(id=cart_id, lines=tuple(lines), total=total)
        return self.carts[cart_id]

    def export(self, shopper_id: str) -> dict[str, Any]:
        return {"shopper": shopper_id, "events": []}

    def erase(self, shopper_id: str) -> dict[str, Any]:
        return {"shopper": shopper_id, "erased": {"events": 0}}

    def status(self) -> dict[str, Any]:
        return {
            "ready": self.ready,
            "products": len(self.database.kept),
            "events": len(self.events),
            "index_version": "v1" if self.ready else None,
            "index_behind": 0 if self.ready else None,
            "encoder": "stub",
            "language_model": None,
            "notes": [],
        }


def every_error() -> list[DaogouError]:
    """One instance of every class of the tree in `daogou.errors`; a room's own leaf takes its parent's status."""
    made: list[DaogouError] = []

    def walk(kind: type[DaogouError]) -> None:
        if kind.__module__ == "daogou.errors":
            made.append(instance(kind))
        for child in kind.__subclasses__():
            walk(child)

    walk(DaogouError)
    return made


def instance(kind: type[DaogouError]) -> DaogouError:
    if kind.__name__ == "RecordError":
        return kind("price", -1, "is negative")  # type: ignore[call-arg,arg-type]
    if kind.__name__ == "NotFound":
        return kind("product", "P9")  # type: ignore[call-arg]
    return kind("It broke.", next_step="Mend it.")
