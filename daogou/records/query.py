"""Search: the query as asked, the plan as understood, the hits as found."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from daogou.records.base import Id, Record
from daogou.records.product import Product

Sort = Literal["relevance", "price_asc", "price_desc", "newest", "rating"]
MAX_QUERY = 500
MAX_LIMIT = 100
MAX_OFFSET = 10_000


class Constraint(Record):
    """One thing the product must (or must not) be. `field` is `price`, `brand`, `category`, `stock` or `attr:NAME`.

    in: the field holds one of `values`; range: `low <= field <= high`, in minor units of the store's currency for
    price, in the attribute's own number otherwise. `source` is the piece of the query it came from; a shopper undoes
    a constraint by its `key`."""

    field: str
    op: Literal["in", "range"] = "in"
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    negated: bool = False
    source: str = ""
    label: str = Field(default="", description="As the shopper reads it: 'under $80', 「不要黑色」")

    @property
    def key(self) -> str:
        """Names this constraint within its plan."""
        sign = "!" if self.negated else ""
        if self.op == "range":
            low = "" if self.low is None else f"{self.low:g}"
            high = "" if self.high is None else f"{self.high:g}"
            return f"{sign}{self.field}:{low}..{high}"
        return f"{sign}{self.field}:{'|'.join(self.values)}"


class Query(Record):
    """What a shopper asks the search. `undo` holds keys of constraints the shopper took back."""

    text: Annotated[str, Field(max_length=MAX_QUERY)] = ""
    language: str | None = Field(default=None, description="BCP 47; guessed from the text when None")
    constraints: tuple[Constraint, ...] = Field(default=(), description="Chosen facets; they add to what the text says")
    undo: tuple[str, ...] = ()
    sort: Sort | None = None
    limit: int = Field(default=24, ge=1, le=MAX_LIMIT)
    offset: int = Field(default=0, ge=0, le=MAX_OFFSET)
    shopper_id: Id | None = None
    session_id: Id | None = None
    facets: bool = True


class Plan(Record):
    """How the query was understood; shown to the shopper and undoable. `text` is what is left for word and meaning."""

    text: str = ""
    language: str = "en"
    constraints: tuple[Constraint, ...] = ()
    sort: Sort = "relevance"
    undone: tuple[str, ...] = ()
    understood_by: tuple[str, ...] = Field(default=(), description="vocabulary, grammar, language model")


class Reason(Record):
    """Why something is ranked where it is, in words a shopper understands."""

    kind: str = Field(description="match, constraint, history, together, similar, popular, new, rule")
    text: str
    product_ids: tuple[str, ...] = ()


class Hit(Record):
    """One ranked product. `probability` is the softmax of `score` over the candidates of the same answer."""

    product: Product
    score: float
    probability: float = Field(ge=0, le=1)
    rank: int = Field(ge=1)
    reasons: tuple[Reason, ...] = ()


class FacetValue(Record):
    """One value a shopper can filter by, and how many products it leaves under the other filters."""

    value: str
    label: str
    count: int
    selected: bool = False


class Facet(Record):
    """One field a shopper can filter by."""

    field: str
    label: str
    values: tuple[FacetValue, ...] = ()
    low: float | None = None
    high: float | None = None


class SearchResult(Record):
    """What search gives back. `relaxed` names the constraints given up because nothing satisfied all of them."""

    query: Query
    plan: Plan
    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: tuple[Facet, ...] = ()
    relaxed: tuple[Constraint, ...] = ()
    notes: tuple[str, ...] = Field(default=(), description="What did not work as it should, for the shopper to know")
    index_version: str = ""
    seconds: dict[str, float] = Field(default_factory=dict, description="Where the time went: understand, encode, …")
