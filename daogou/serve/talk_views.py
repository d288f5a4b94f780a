"""What the API shows of answers, turns, carts, reviews and copy."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from daogou.records import Answer, Cart, Comparison, Copy, Review, Turn, TurnPiece
from daogou.serve.views import HitView, PlanView, Presenter, PriceView, ProductView, View


class EvidenceView(View):
    """One piece of what is known."""

    id: str
    kind: str
    text: str
    product_id: str | None = None
    language: str
    score: float


class AnswerView(View):
    """An answer with the evidence it rests on; `known` is false where the evidence is silent."""

    question: str
    text: str
    known: bool
    probability: float
    evidence: list[EvidenceView] = Field(default_factory=list)
    language: str
    product_id: str | None = None
    notes: list[str] = Field(default_factory=list)
    model: str = ""

    @classmethod
    def of(cls, answer: Answer) -> AnswerView:
        evidence = [EvidenceView.model_validate(one.model_dump(), extra="ignore") for one in answer.evidence]
        return cls(**(answer.model_dump(exclude={"evidence", "notes"})), evidence=evidence, notes=list(answer.notes))


class ComparisonRowView(View):
    """One field, one value per product."""

    label: str
    values: list[str]


class ComparisonView(View):
    """Two to four products side by side."""

    products: list[ProductView]
    rows: list[ComparisonRowView]

    @classmethod
    def of(cls, comparison: Comparison, presenter: Presenter) -> ComparisonView:
        kept = presenter.guide.database.get_products(comparison.product_ids)
        views = presenter.products([kept[one] for one in comparison.product_ids if one in kept])
        return cls(
            products=list(views.values()),
            rows=[ComparisonRowView(label=label, values=list(values)) for label, values in comparison.rows],
        )


class CartLineView(View):
    """One line of a cart, with what a page needs to show it."""

    product_id: str
    variant_id: str | None = None
    quantity: int
    title: str
    variant: str = ""
    price: PriceView | None = None
    line_total: PriceView | None = None
    image: str | None = None
    buyable: bool = True


class CartView(View):
    """A cart, priced from the records at the time of reading."""

    id: str
    lines: list[CartLineView] = Field(default_factory=list)
    count: int = Field(default=0, description="Units over all lines")
    total: PriceView | None = Field(default=None, description="None where a price is unknown or currencies differ")
    updated: datetime

    @classmethod
    def of(cls, cart: Cart, presenter: Presenter) -> CartView:
        kept = presenter.guide.database.get_products([line.product_id for line in cart.lines])
        views = presenter.products(list(kept.values()))
        lines = []
        for line in cart.lines:
            view, language = views.get(line.product_id), presenter.language or "en"
            variant = next((one for one in view.variants if one.id == line.variant_id), None) if view else None
            whole = line.price.model_copy(update={"minor": line.price.minor * line.quantity}) if line.price else None
            picture = (variant.image if variant else None) or (view.images[0] if view and view.images else None)
            lines.append(
                CartLineView(
                    product_id=line.product_id,
                    variant_id=line.variant_id,
                    quantity=line.quantity,
                    title=view.title if view else line.title,
                    variant=variant.title if variant else "",
                    price=PriceView.of(line.price, language),
                    line_total=PriceView.of(whole, language),
                    image=picture,
                    buyable=view is not None and view.buyable,
                )
            )
        return cls(
            id=cart.id,
            lines=lines,
            count=sum(line.quantity for line in cart.lines),
            total=PriceView.of(cart.total, presenter.language or "en"),
            updated=cart.updated,
        )


class SuggestionView(View):
    """A ready answer the shopper can tap."""

    label: str
    text: str


class TurnView(View):
    """The guide's side of one turn."""

    conversation_id: str
    text: str
    language: str
    act: str
    plan: PlanView | None = None
    hits: list[HitView] = Field(default_factory=list)
    answer: AnswerView | None = None
    comparison: ComparisonView | None = None
    cart: CartView | None = None
    suggestions: list[SuggestionView] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)
    model: str = ""
    seconds: dict[str, float] = Field(default_factory=dict)

    @classmethod
    def of(cls, turn: Turn, presenter: Presenter) -> TurnView:
        return cls(
            conversation_id=turn.conversation_id,
            text=turn.text,
            language=turn.language,
            act=turn.act,
            plan=presenter.plan(turn.plan) if turn.plan else None,
            hits=presenter.hits(turn.hits),
            answer=AnswerView.of(turn.answer) if turn.answer else None,
            comparison=ComparisonView.of(turn.comparison, presenter) if turn.comparison else None,
            cart=CartView.of(turn.cart, presenter) if turn.cart else None,
            suggestions=[SuggestionView(label=one.label, text=one.text) for one in turn.suggestions],
            notes=list(turn.notes),
            model=turn.model,
            seconds=dict(turn.seconds),
        )


class TurnPieceView(View):
    """One event of a streamed turn: words as they come, then the whole turn once."""

    text: str = ""
    turn: TurnView | None = None

    @classmethod
    def of(cls, piece: TurnPiece, presenter: Presenter) -> TurnPieceView:
        return cls(text=piece.text, turn=TurnView.of(piece.turn, presenter) if piece.turn else None)


class ReviewView(View):
    """One shopper's review."""

    id: str
    title: str = ""
    text: str
    rating: float | None = None
    author: str = ""
    language: str
    time: datetime | None = None

    @classmethod
    def of(cls, review: Review) -> ReviewView:
        return cls.model_validate(review.model_dump(exclude={"product_id"}))


class ReviewsView(View):
    """A product's reviews, newest first."""

    product_id: str
    reviews: list[ReviewView]


class ClaimView(View):
    """One claim of a copy and what carries it."""

    text: str
    evidence_id: str = ""
    supported: bool


class CopyView(View):
    """A text written for a product; `removed` is what the record does not carry."""

    product_id: str
    kind: str
    audience: str = ""
    channel: str = ""
    language: str
    title: str = ""
    text: str
    claims: list[ClaimView] = Field(default_factory=list)
    removed: list[str] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)
    model: str = ""

    @classmethod
    def of(cls, copy: Copy) -> CopyView:
        return cls.model_validate(copy.model_dump())
