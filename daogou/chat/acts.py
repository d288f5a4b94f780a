"""Act: what the guide does for each move, and what it drafts to say. One method a move; `act` picks it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from daogou.answer import choices
from daogou.chat.carts import MAX_QUANTITY, Carts, SoldOut, VariantNeeded
from daogou.chat.compare import MAX_PRODUCTS, compare
from daogou.chat.draft import Draft
from daogou.chat.guidance import clarify, facet_answer, value_answer
from daogou.chat.relative import Relative, keep_relative, price_constraint
from daogou.chat.state import Wish, merge
from daogou.chat.tools import LIMIT, Tools, as_hits
from daogou.chat.understand import Move, Situation
from daogou.chat.verify import subject_of
from daogou.chat.wording import Phrases
from daogou.errors import QueryError
from daogou.records import Constraint, DialogueState, Hit, Product, SearchResult, Suggestion

_RELATIVE_WORDS = {
    "lighter": ("更轻", "lighter"),
    "weight-": ("更轻", "lighter"),
    "dimensions-": ("更小", "smaller"),
    "dimensions+": ("更大", "larger"),
    "noise-": ("更安静", "quieter"),
    "battery+": ("续航更长", "with a longer battery life"),
    "price-": ("更便宜", "cheaper"),
    "price+": ("更高端", "dearer"),
}


@dataclass(frozen=True, slots=True)
class Acts:
    """The moves of one turn, over its tools. Each returns a draft with the state that follows."""

    tools: Tools
    carts: Carts
    say: Phrases
    state: DialogueState
    situation: Situation
    cart_id: str
    shopper_id: str | None

    @property
    def language(self) -> str:
        return self.say.language

    def act(self, move: Move) -> Draft:
        """The draft for a move."""
        moves: dict[str, Callable[[Move], Draft]] = {
            "search": self.search,
            "indifferent": self.indifferent,
            "more": self.more,
            "for_me": self.recommend,
            "similar": self.recommend,
            "together": self.recommend,
            "compare": self.compare,
            "answer": self.answer,
            "look": self.look,
            "add": self.add,
            "remove": self.remove,
            "empty_cart": self.empty_cart,
            "show_cart": self.show_cart,
            "checkout": self.show_cart,
        }
        return moves.get(move.act, self.talk)(move)

    # talk
    def talk(self, move: Move) -> Draft:
        """Greetings, thanks, what the guide cannot do."""
        said = {
            "greet": self.say.greet,
            "thanks": self.say.thanks,
            "help": self.say.help,
            "human": self.say.human,
            "order": self.say.order,
            "restart": self.say.restart,
        }.get(move.act, self.say.decline)()
        state = self.state
        if move.act == "restart":
            state = state.model_copy(update={"need": "", "constraints": (), "shown": (), "focus": None, "asked": ()})
        act = move.act if move.act in {"greet", "thanks", "help"} else "greet" if move.act == "restart" else "decline"
        return Draft(act, state, opening=said)

    # search
    def search(self, move: Move) -> Draft:
        """A new wish, or a refinement of the one so far."""
        if move.relative and move.relative.group != "price":
            return self._relative(move, move.relative)
        plan = move.plan or self.tools.read(move.text)
        if move.relative:
            bound = price_constraint(move.relative, self.language)
            if bound:
                kept = tuple(one for one in plan.constraints if one.field != "price")
                plan = plan.model_copy(update={"constraints": (*kept, bound)})
        if plan.text and not plan.constraints and not move.dropped and self.situation.wishing:
            named = self._named_value(plan.text)
            if named:
                plan = plan.model_copy(update={"constraints": (named,), "text": plan.text.replace(named.source, " ")})
        wish = merge(self.state, move.text, plan, move.dropped)
        if not wish.need and not wish.constraints:
            return self.recommend(Move("for_me"))
        return self._show(wish, self.tools.find(wish), relative=move.relative)

    def _named_value(self, text: str) -> Constraint | None:
        """The value of a facet of the wish that a text names; where none of what is left has it, of its category."""
        category = tuple(one for one in self.state.constraints if one.field == "category" and not one.negated)
        for constraints in dict.fromkeys((self.state.constraints, category)):
            result = self.tools.find(Wish(self.state.need, constraints), wide=True)
            products = self.tools.products([hit.product.id for hit in result.hits])
            named = facet_answer(text, result.facets) or value_answer(text, products, self.language)
            if named:
                return named
        return None

    def indifferent(self, move: Move) -> Draft:
        """'Any will do': the same wish, another question or none."""
        wish = Wish(self.state.need, self.state.constraints)
        return self._show(wish, self.tools.find(wish))

    def more(self, move: Move) -> Draft:
        """The next products of the same wish."""
        wish = Wish(self.state.need, self.state.constraints)
        if not wish.need and not wish.constraints:
            return self.recommend(Move("for_me"))
        result = self.tools.find(wish, wide=True)
        seen = set(self.state.shown)
        last = max((at for at, hit in enumerate(result.hits) if hit.product.id in seen), default=-1)
        hits = result.hits[last + 1 :][:LIMIT]
        if not hits:
            return Draft("search", self.state, opening=self.say.no_more(), plan=result.plan)
        products = [hit.product for hit in hits]
        state = self._seen(products, wish)
        return Draft(
            "search", state, opening=self.say.more(), body=self.say.named(products[:3]), plan=result.plan, hits=hits
        )

    def _relative(self, move: Move, relative: Relative) -> Draft:
        plan = move.plan or self.tools.read(move.text)
        wish = merge(self.state, move.text, plan)
        result = self.tools.find(wish, wide=True)
        words = _RELATIVE_WORDS[f"{relative.group}{'-' if relative.sign < 0 else '+'}"][0 if self.say.zh else 1]
        kept = keep_relative(relative, [hit.product for hit in result.hits])
        if kept is None:
            return self._show(wish, result)
        if not kept:
            return Draft("search", self.state, opening=self.say.none_further(words), plan=result.plan)
        hits = as_hits(kept, result.hits)[:LIMIT]
        products = [hit.product for hit in hits]
        label = Constraint(field="attr:relative", label=words)
        opening = self.say.found(len(kept), (*wish.constraints, label))
        return Draft(
            "search",
            self._seen(products, wish),
            opening=opening,
            body=self.say.top(products),
            plan=result.plan,
            hits=hits,
        )

    def _show(self, wish: Wish, result: SearchResult, relative: Relative | None = None) -> Draft:
        hits = _buyable_first(result.hits[:LIMIT])
        products = [hit.product for hit in hits]
        asked = () if wish.new_topic else tuple(one for one in self.state.asked if not one.startswith("variant:"))
        if not hits:
            state = self.state.model_copy(update={"need": wish.need, "constraints": wish.constraints, "asked": asked})
            said = self.say.nothing(wish.constraints)
            if relative:
                state = self.state
                words = _RELATIVE_WORDS[f"{relative.group}{'-' if relative.sign < 0 else '+'}"][0 if self.say.zh else 1]
                said = self.say.none_further(words)
            drops = tuple(self._drop_suggestion(one) for one in wish.constraints[:3] if one.field in _DROP_WORDS)
            return Draft("search", state, opening=said, plan=result.plan, suggestions=drops, notes=list(result.notes))
        active = [
            one
            for one in result.plan.constraints or wish.constraints
            if one.key not in {two.key for two in result.relaxed}
        ]
        opening = self.say.relaxed(result.relaxed) if result.relaxed else self.say.found(result.total, active)
        question = clarify(result, result.plan.constraints, asked, self.language)
        state = self._seen(products, wish)
        state = state.model_copy(update={"asked": (*asked, question.field) if question else asked})
        subjects = tuple(subject_of(one, self.language).pronoun(self.language) for one in products[:1])
        closing = (
            self.say.question(question.label, [one.label for one in question.suggestions[:-1]]) if question else ""
        )
        return Draft(
            "ask" if question else "search",
            state,
            opening=opening,
            lead=self.say.lead(products),
            body=self.say.details(products),
            rest=self.say.others(products),
            closing=closing,
            subjects=subjects,
            wish=wish.need,
            plan=result.plan,
            hits=hits,
            suggestions=question.suggestions if question else (),
            notes=list(result.notes),
            evidence=tuple(identity for one in subjects for identity in one.ids),
        )

    def _drop_suggestion(self, one: Constraint) -> Suggestion:
        text = _DROP_WORDS[one.field][0 if self.say.zh else 1]
        return Suggestion(label=text, text=text)

    def _seen(self, products: Sequence[Product], wish: Wish) -> DialogueState:
        return self.state.model_copy(
            update={
                "need": wish.need,
                "constraints": wish.constraints,
                "shown": tuple(one.id for one in products),
                "focus": products[0].id if len(products) == 1 else None,
            }
        )

    # recommend
    def recommend(self, move: Move) -> Draft:
        """For this shopper, similar to a product, or what goes with it."""
        surface = move.act if move.act in {"similar", "together"} else "for_you"
        product = move.products[0] if move.products else None
        basket = [line.product_id for line in self.carts.get(self.cart_id).lines]
        shelf = self.tools.shelf(surface, product_id=product.id if product else None, basket=basket)
        hits: tuple[Hit, ...] = shelf.hits
        if not hits:
            return Draft("recommend", self.state, opening=self.say.nothing_to_recommend(), notes=list(shelf.notes))
        products = [hit.product for hit in hits]
        state = self.state.model_copy(
            update={"shown": tuple(one.id for one in products), "focus": product.id if product else None}
        )
        body = self.say.named(products[:3])
        why = self.say.reasons(hits[0].reasons)
        closing = self.say.ask_need() if surface == "for_you" else ""
        return Draft(
            "recommend",
            state,
            opening=self.say.shelf(surface, product),
            body=f"{body}{self.say.pick('', ' ')}{_sentence(why, self.language)}" if why else body,
            closing=closing,
            hits=hits,
            notes=list(shelf.notes),
        )

    # compare, answer, look
    def compare(self, move: Move) -> Draft:
        """Two to four products side by side."""
        products = move.products[:MAX_PRODUCTS]
        if len(products) < 2 and len(self.situation.shown) > 1:
            rest = [one for one in self.situation.shown if one not in products]
            products = (*products, *rest)[: max(2, len(products) + 1)]
        if len(products) < 2:
            return Draft("compare", self.state, opening=self.say.compare_what())
        table = compare(products, self.language, self.tools.ratings(products))
        priced = [one for one in products if one.price]
        cheapest = min(priced, key=lambda one: one.price.minor if one.price else 0) if len(priced) > 1 else None
        state = self.state.model_copy(update={"shown": tuple(one.id for one in products), "focus": None})
        rows = self.say.pick("；", "; ").join(
            f"{label}{self.say.pick('：', ': ')}{' / '.join(values)}" for label, values in table.rows[1:4]
        )
        body = self.say.pick("", " ").join(
            part
            for part in (
                self.say.cheapest(cheapest) if cheapest else "",
                f"{rows}{self.say.pick('。', '.')}" if rows else "",
            )
            if part
        )
        return Draft("compare", state, opening=self.say.comparing(products), body=body, comparison=table)

    def answer(self, move: Move) -> Draft:
        """A question about a product, or about the store."""
        if move.referred.missing and not move.products and move.referred.how == "ordinal":
            return Draft("ask", self.state, opening=self.say.which(move.referred.missing))
        if len(move.products) > 1:
            return self._answer_each(move)
        product = move.products[0] if move.products else None
        answer = self.tools.ask(move.text, product)
        about_store = answer.known and all(one.kind == "policy" for one in answer.evidence)
        text = self.say.about(product, answer.text) if product and not about_store else answer.text
        state = self.state if product is None else self.state.model_copy(update={"focus": product.id})
        return Draft(
            "answer",
            state,
            opening=text,
            answer=answer,
            notes=list(answer.notes),
            evidence=tuple(one.id for one in answer.evidence),
        )

    def _answer_each(self, move: Move) -> Draft:
        answers = [(one, self.tools.ask(move.text, one)) for one in move.products[:MAX_PRODUCTS]]
        said = [self.say.about(product, answer.text) for product, answer in answers]
        best = max((answer for _, answer in answers), key=lambda one: (one.known, one.probability))
        return Draft(
            "answer",
            self.state,
            opening=said[0],
            body=self.say.pick("", " ").join(said[1:]),
            answer=best,
            evidence=tuple(piece.id for _, answer in answers for piece in answer.evidence),
        )

    def look(self, move: Move) -> Draft:
        """'The second one': what the record says of it."""
        if not move.products:
            return Draft("ask", self.state, opening=self.say.which(move.referred.missing))
        product = move.products[0]
        state = self.state.model_copy(update={"focus": product.id})
        text = self.say.pick("把它放进购物车", "Add it to my cart")
        return Draft("answer", state, opening=self.say.look(product), suggestions=(Suggestion(label=text, text=text),))

    # cart
    def add(self, move: Move) -> Draft:
        """Puts what was chosen into the cart; asks which variant where that is open."""
        if not move.products:
            said = self.say.which(move.referred.missing) if move.referred.missing else self.say.add_what()
            return Draft("ask", self.state, opening=said, suggestions=self._which_suggestions())
        state = self.state.model_copy(update={"focus": move.products[0].id})
        quantity = move.quantity
        if move.referred.how == "pending":
            quantity = _pending_quantity(self.state.asked)
            state = state.model_copy(
                update={"asked": tuple(one for one in state.asked if not one.startswith("variant:"))}
            )
        draft = Draft("cart", state)
        told = [self._put(product, move, quantity, draft) for product in move.products]
        cart = self.carts.get(self.cart_id)
        draft.opening, draft.cart = told[0], cart
        rest = [*told[1:], self.say.total(cart) if draft.act == "cart" else ""]
        draft.body = self.say.pick("", " ").join(part for part in rest if part)
        return draft

    def _put(self, product: Product, move: Move, quantity: int, draft: Draft) -> str:
        choice = move.choice
        listed = choices(product, self.language)
        variant_id = choice.variant.id if choice and product.variant(choice.variant.id) else None
        if variant_id is None and len(listed) == 1:
            variant_id = listed[0].variant.id
        label = next((one.label for one in listed if one.variant.id == variant_id and len(listed) > 1), "")
        held = self.carts.quantity(self.cart_id, product.id, variant_id) if variant_id or not listed else 0
        try:
            if held + quantity > MAX_QUANTITY:
                return self.say.quantity_limit(MAX_QUANTITY)
            self.carts.put(
                self.cart_id, product.id, variant_id=variant_id, quantity=held + quantity, shopper_id=self.shopper_id
            )
        except VariantNeeded:
            return self._ask_variant(product, move, quantity, draft)
        except SoldOut:
            variant = product.variant(variant_id) if variant_id else None
            left = (variant.stock if variant else product.stock) or 0
            return self.say.too_many(product, left) if left and product.buyable else self.say.sold_out(product, label)
        except QueryError as failure:
            return failure.message
        return self.say.added(product, label, quantity)

    def _ask_variant(self, product: Product, move: Move, quantity: int, draft: Draft) -> str:
        listed = [one for one in choices(product, self.language) if one.buyable]
        if not listed:
            return self.say.sold_out(product, "")
        lowered = move.text.lower()
        said = [one for one in listed if any(way in lowered for way in one.ways if len(way) > 1)] or listed
        labels = [one.label for one in said]
        draft.act = "ask"
        draft.suggestions = tuple(Suggestion(label=one, text=one) for one in labels[:12])
        kept = tuple(one for one in draft.state.asked if not one.startswith("variant:"))
        draft.state = draft.state.model_copy(
            update={"asked": (*kept, f"variant:{product.id}:{quantity}"), "focus": product.id}
        )
        return self.say.choose_variant(product, labels[:12])

    def _which_suggestions(self) -> tuple[Suggestion, ...]:
        words = ("第{}款", "the {} one")[0 if self.say.zh else 1]
        ordinals = ("一二三", ("first", "second", "third"))[0 if self.say.zh else 1]
        made = [words.format(one) for one in ordinals[: len(self.situation.shown)]]
        add = self.say.pick("加入购物车", "add ")
        return tuple(Suggestion(label=one, text=f"{one}{add}" if self.say.zh else f"{add}{one}") for one in made)

    def remove(self, move: Move) -> Draft:
        """Takes a product out of the cart: the one referred to, else the only or the last line."""
        cart = self.carts.get(self.cart_id)
        lines = {line.product_id for line in cart.lines}
        product = next((one for one in move.products if one.id in lines), None)
        if product is None and cart.lines and (len(lines) == 1 or move.referred.how in {"", "pronoun"}):
            product = next(iter(self.tools.products([cart.lines[-1].product_id])), None)
        if product is None:
            return Draft("cart", self.state, opening=self.say.not_in_cart(), cart=cart)
        cart = self.carts.put(self.cart_id, product.id, quantity=0, shopper_id=self.shopper_id)
        return Draft("cart", self.state, opening=self.say.removed(product), body=self.say.total(cart), cart=cart)

    def empty_cart(self, move: Move) -> Draft:
        """Takes everything out."""
        for line in self.carts.get(self.cart_id).lines:
            self.carts.put(self.cart_id, line.product_id, quantity=0, shopper_id=self.shopper_id)
        return Draft("cart", self.state, opening=self.say.emptied(), cart=self.carts.get(self.cart_id))

    def show_cart(self, move: Move) -> Draft:
        """What is in the cart and what it comes to."""
        cart = self.carts.get(self.cart_id)
        products = {one.id: one for one in self.tools.products([line.product_id for line in cart.lines])}
        closing = self.say.checkout() if move.act == "checkout" and cart.lines else ""
        return Draft(
            "cart",
            self.state,
            opening=self.say.cart(cart, products),
            body=self.say.total(cart),
            closing=closing,
            cart=cart,
        )


_DROP_WORDS = {
    "price": ("不限价格", "any price"),
    "brand": ("品牌不限", "any brand"),
    "attr:颜色": ("颜色都可以", "any colour"),
    "attr:color": ("颜色都可以", "any colour"),
}


def _buyable_first(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The same hits, what cannot be ordered now last."""
    ordered = sorted(hits, key=lambda hit: not hit.product.buyable)
    return tuple(hit.model_copy(update={"rank": rank}) for rank, hit in enumerate(ordered, start=1))


def _pending_quantity(asked: Sequence[str]) -> int:
    marks = [one for one in asked if one.startswith("variant:")]
    return int(marks[-1].rsplit(":", 1)[1]) if marks else 1


def _sentence(text: str, language: str) -> str:
    if text[-1:] in set("。.!！?？"):
        return text
    return text + ("。" if language == "zh" else ".")
