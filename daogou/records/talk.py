"""Answers, conversation, carts and copy."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from daogou.records.base import Id, Record, UtcTime, now
from daogou.records.money import Money
from daogou.records.product import Product
from daogou.records.query import Constraint, Hit, Plan


class Evidence(Record):
    """One piece of what is known: a fact of the record, a sentence of a review, a policy."""

    id: str = Field(description="attr:P1:material, desc:P1:0, review:R9:1, policy:S3, price:P1 …")
    kind: Literal["attribute", "description", "review", "policy", "price", "stock"]
    text: str
    product_id: Id | None = None
    language: str = "en"
    score: float = 0.0


class Answer(Record):
    """a* = argmax_a P(a | q, C). `known` is False where the evidence is silent; then `text` says so."""

    question: str
    text: str
    known: bool
    probability: float = Field(ge=0, le=1)
    evidence: tuple[Evidence, ...] = ()
    language: str = "en"
    product_id: Id | None = None
    notes: tuple[str, ...] = ()
    model: str = Field(default="", description="Which model worded it; empty where the program did")


class CartLine(Record):
    """One line of a cart, priced from the record at the time of reading."""

    product_id: Id
    variant_id: Id | None = None
    quantity: int = Field(ge=1, le=999)
    title: str = ""
    price: Money | None = None


class Cart(Record):
    """A shopper's cart. `total` is None where a price is unknown or currencies differ."""

    id: Id
    lines: tuple[CartLine, ...] = ()
    total: Money | None = None
    updated: UtcTime = Field(default_factory=now)


class Message(Record):
    """One utterance of a conversation."""

    role: Literal["shopper", "guide"]
    text: str
    time: UtcTime = Field(default_factory=now)


class Comparison(Record):
    """Two to four products side by side; `rows` are (field label, one value per product), only what differs matters."""

    product_ids: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...] = ()


class DialogueState(Record):
    """What the guide remembers of one conversation."""

    id: Id
    language: str = "en"
    need: str = Field(default="", description="The words of the wish so far, without what became constraints")
    constraints: tuple[Constraint, ...] = ()
    shown: tuple[str, ...] = Field(default=(), description="Product ids in the order last shown: 'the second one'")
    seen: tuple[str, ...] = Field(default=(), description="Product ids shown earlier, newest first")
    focus: Id | None = Field(default=None, description="The product being talked about")
    asked: tuple[str, ...] = Field(default=(), description="Fields already asked about")
    messages: tuple[Message, ...] = ()
    cart_id: Id | None = None
    shopper_id: Id | None = None


class Suggestion(Record):
    """A ready answer the shopper can tap: `label` is shown, `text` is what is said."""

    label: str
    text: str


class Turn(Record):
    """The guide's side of one turn: what it did, what it says, what it shows. Facts in `text` come from the records."""

    conversation_id: Id
    text: str
    language: str = "en"
    act: str = Field(default="", description="search, recommend, compare, answer, cart, ask, greet, decline")
    plan: Plan | None = None
    hits: tuple[Hit, ...] = ()
    answer: Answer | None = None
    comparison: Comparison | None = None
    cart: Cart | None = None
    suggestions: tuple[Suggestion, ...] = ()
    state: DialogueState | None = None
    notes: tuple[str, ...] = ()
    model: str = ""
    seconds: dict[str, float] = Field(default_factory=dict)


class TurnPiece(Record):
    """One piece of a streamed turn: words as they come, then the whole turn once."""

    # The space between two words may be the end of one piece.
    model_config = ConfigDict(str_strip_whitespace=False)

    text: str = ""
    turn: Turn | None = None


class Claim(Record):
    """One claim of a copy and the record field that carries it; `evidence_id` is empty where none does."""

    text: str
    evidence_id: str = ""
    supported: bool = True


class Copy(Record):
    """A text written for a product. What the record does not carry has been taken out and stands in `removed`."""

    product_id: Id
    kind: Literal["description", "marketing"] = "description"
    audience: str = ""
    channel: str = ""
    language: str = "en"
    title: str = ""
    text: str
    claims: tuple[Claim, ...] = ()
    removed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    model: str = ""


class Shelf(Record):
    """A list of recommendations with its purpose: for_you, similar, together, …"""

    surface: str
    hits: tuple[Hit, ...] = ()
    product: Product | None = None
    notes: tuple[str, ...] = ()
