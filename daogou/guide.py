"""The guide: everything daogou does, built from settings, one short method per service.

products + events -> intake -> prepare -> index, train
    -> search, recommend, answer, chat, write -> serve
    -> feedback -> evaluate -> promote or roll back -> prepare again
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

from daogou.answer import AnswerService, product_evidence, unsupported
from daogou.chat import ChatService
from daogou.errors import ModelError, NotFound
from daogou.feedback import Recorder
from daogou.models import LanguageModel, TextEncoder, open_encoder, open_language_model
from daogou.privacy import erase_shopper, export_shopper, mask
from daogou.recommend import RecommendService
from daogou.records import (
    Answer,
    Cart,
    Copy,
    Event,
    Product,
    Query,
    SearchResult,
    Shelf,
    Turn,
    TurnPiece,
)
from daogou.search import SearchService
from daogou.settings import Settings, read_settings
from daogou.stores import Database, IndexStore, PutCount, open_database, open_index
from daogou.write import WriteService


class Upkeep(Protocol):
    """Keeps the index in step with the catalogue (see `daogou.index.Keeper`, which the CLI passes in)."""

    def step(self) -> int: ...


class Guide:
    """One store's guide. Thread-safe. Close it when done."""

    def __init__(
        self,
        settings: Settings,
        *,
        database: Database,
        indexes: IndexStore,
        encoder: TextEncoder,
        language_model: LanguageModel | None,
        notes: Sequence[str] = (),
        blend: Path | None = None,
    ) -> None:
        self.settings = settings
        self.database = database
        self.indexes = indexes
        self.encoder = encoder
        self.language_model = language_model
        self.notes = tuple(notes)
        self.upkeep: Upkeep | None = None
        self.searching = SearchService(database, indexes, encoder, currency=settings.currency, rates=settings.rates)
        self.recommending = RecommendService(database, indexes, artefact=blend)
        self.answering = AnswerService(database, encoder, language_model, deadline_s=settings.turn_deadline_s)
        self.writing = WriteService(
            database,
            language_model,
            evidence=product_evidence,
            unsupported=unsupported,
            deadline_s=settings.turn_deadline_s,
        )
        self.chatting = ChatService(
            database,
            self.searching,
            self.recommending,
            self.answering,
            language_model,
            store_name=settings.name,
            deadline_s=settings.turn_deadline_s,
            mask=mask,
        )
        self.recorder = Recorder(database, observers=[self.recommending.observe])

    @classmethod
    def open(cls, settings: Settings | None = None, *, blend: Path | None = None) -> Guide:
        """Opens the engines the settings name, side by side. A language model that cannot be opened degrades to none.

        blend: learned weights of the recommendations (see `daogou train recommend`); None: those set by hand."""
        settings = settings or read_settings()
        key = settings.api_key.get_secret_value() or None
        notes: list[str] = []
        with ThreadPoolExecutor(3) as pool, ExitStack() as opened:
            database = pool.submit(open_database, settings.database_address)
            encoder = pool.submit(open_encoder, settings.encoder, settings.weights, api_key=key)
            model = pool.submit(open_language_model, settings.llm, settings.weights, api_key=key)
            for engine in (database, encoder, model):
                opened.callback(_close, engine)
            indexes = open_index(settings.index_address)
            opened.callback(indexes.close)
            language_model: LanguageModel | None = None
            try:
                language_model = model.result()
            except ModelError as failure:
                notes.append(f"No language model: {failure}")
            guide = cls(
                settings,
                database=database.result(),
                indexes=indexes,
                encoder=encoder.result(),
                language_model=language_model,
                notes=notes,
                blend=blend,
            )
            opened.pop_all()
            return guide

    # the five services

    def search(self, query: Query) -> SearchResult:
        """Relevance of product to (text, constraints, shopper), with the plan that was understood."""
        return self.searching.search(query)

    def recommend(
        self,
        surface: str = "for_you",
        *,
        shopper_id: str | None = None,
        session_id: str | None = None,
        product_id: str | None = None,
        cart_id: str | None = None,
        limit: int = 12,
        language: str = "en",
    ) -> Shelf:
        """P(item | shopper) = softmax f(item, shopper). Surfaces: for_you, session, similar, together, popular."""
        return self.recommending.recommend(
            surface,
            shopper_id=shopper_id,
            session_id=session_id,
            product_id=product_id,
            basket=self._basket(cart_id),
            limit=limit,
            language=language,
        )

    def answer(
        self,
        question: str,
        *,
        product_id: str | None = None,
        language: str | None = None,
        shopper_id: str | None = None,
    ) -> Answer:
        """a* = argmax P(a | q, C): the answer with its evidence, or 'not known'."""
        return self.answering.answer(question, product_id=product_id, language=language)

    def chat(
        self,
        text: str,
        *,
        conversation_id: str | None = None,
        shopper_id: str | None = None,
        session_id: str | None = None,
        language: str | None = None,
        product_id: str | None = None,
    ) -> Turn:
        """One turn: understand, act, reply, verify. `product_id`: the product page the shopper is on."""
        return self.chatting.turn(
            text,
            conversation_id=conversation_id,
            shopper_id=shopper_id,
            session_id=session_id,
            language=language,
            product_id=product_id,
        )

    def chat_stream(
        self,
        text: str,
        *,
        conversation_id: str | None = None,
        shopper_id: str | None = None,
        session_id: str | None = None,
        language: str | None = None,
        product_id: str | None = None,
    ) -> Iterator[TurnPiece]:
        """The same turn in pieces: verified words as they come, then the whole turn once. Closing it cancels."""
        return self.chatting.stream(
            text,
            conversation_id=conversation_id,
            shopper_id=shopper_id,
            session_id=session_id,
            language=language,
            product_id=product_id,
        )

    def write(
        self, product_id: str, *, kind: str = "description", audience: str = "", channel: str = "", language: str = "en"
    ) -> Copy:
        """Copy for (product, audience, channel) whose every claim is in the record."""
        return self.writing.write(product_id, kind=kind, audience=audience, channel=channel, language=language)

    # what the services work on

    def product(self, product_id: str, *, language: str | None = None) -> Product:
        """One product, worded in `language` where it is translated. Raises NotFound."""
        product = self.database.get_product(product_id)
        if product is None:
            raise NotFound("product", product_id)
        return product.in_language(language) if language else product

    def put_products(self, products: Sequence[Product]) -> PutCount:
        """Inserts or replaces products; the index shows them when this returns."""
        count = self.database.put_products(products)
        self._keep_up()
        return count

    def delete_products(self, ids: Sequence[str]) -> int:
        """Deletes products; the index no longer shows them when this returns."""
        count = self.database.delete_products(ids)
        self._keep_up()
        return count

    def record(self, events: Sequence[Event]) -> PutCount:
        """Keeps what shoppers did; the next recommendation counts it."""
        return self.recorder.record(events)

    def cart(self, cart_id: str) -> Cart:
        """The cart, priced from the records; an unknown id is an empty cart."""
        return self.chatting.carts.get(cart_id)

    def put_in_cart(
        self,
        cart_id: str,
        product_id: str,
        *,
        variant_id: str | None = None,
        quantity: int = 1,
        shopper_id: str | None = None,
    ) -> Cart:
        """Sets the quantity of one line (0 removes it). Raises NotFound, QueryError where it cannot be ordered."""
        return self.chatting.carts.put(
            cart_id, product_id, variant_id=variant_id, quantity=quantity, shopper_id=shopper_id
        )

    def export(self, shopper_id: str) -> dict[str, Any]:
        """Everything kept about a shopper."""
        return export_shopper(self.database, shopper_id)

    def erase(self, shopper_id: str) -> dict[str, Any]:
        """Erases a shopper everywhere, with proof."""
        proof = erase_shopper(self.database, shopper_id)
        self.recommending.forget(shopper_id)
        return proof

    def status(self) -> dict[str, Any]:
        """What this guide runs on, and whether it can answer."""
        meta = self.indexes.current_meta()
        return {
            "ready": meta is not None,
            "products": self.database.count_products(),
            "events": self.database.count_events(),
            "index_version": meta.version if meta else None,
            "index_behind": self.database.last_change() - meta.change if meta else None,
            "encoder": self.encoder.name,
            "language_model": self.language_model.name if self.language_model else None,
            "notes": list(self.notes),
        }

    def close(self) -> None:
        """Closes every engine."""
        self.recommending.close()
        if self.language_model is not None:
            self.language_model.close()
        self.encoder.close()
        self.indexes.close()
        self.database.close()

    def _keep_up(self) -> None:
        if self.upkeep is not None:
            self.upkeep.step()

    def _basket(self, cart_id: str | None) -> tuple[str, ...]:
        return tuple(line.product_id for line in self.cart(cart_id).lines) if cart_id else ()


def _close(engine: Future[Any]) -> None:
    """Closes an engine that was opened for a guide that could not be."""
    if engine.exception() is None and engine.result() is not None:
        engine.result().close()
