"""a* = argmax_a P(a | q, C): reads the question, gathers the evidence, scores the candidates, answers or stays
silent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from time import perf_counter

from daogou.answer.asks import Asked, read_question
from daogou.answer.candidates import (
    Candidate,
    attribute_candidates,
    policy_candidates,
    price_candidates,
    sentence_candidates,
    stock_candidates,
)
from daogou.answer.evidence import Fact, policy_facts, product_facts
from daogou.answer.opinions import opinion_candidates
from daogou.answer.options import variant_candidates
from daogou.answer.prompts import PROMPT_VERSION, answer_prompt
from daogou.answer.score import Meaning, covered, sentence_probability, sigmoid
from daogou.answer.support import unsupported
from daogou.answer.text import clean, gives_orders, language_of
from daogou.answer.wording import Wording
from daogou.errors import ModelError, NotFound, QueryError
from daogou.models import LanguageModel, Request, TextEncoder
from daogou.records import Answer, Product
from daogou.stores import Database

THRESHOLD = 0.5
MAX_QUESTION = 500
_SENTENCES = 24
_MODEL_S = 3.0
_LONG = 90


class AnswerService:
    """Answers about a product or the store, each with its evidence; 'not known' where the evidence is silent.

    Thread-safe. Works without a language model; with one, long evidence is put into a shorter wording, which is
    used only where `unsupported` finds nothing in it that the evidence does not say."""

    def __init__(
        self, database: Database, encoder: TextEncoder, language_model: LanguageModel | None, *, deadline_s: float = 8.0
    ) -> None:
        self._database = database
        self._language_model = language_model
        self._deadline_s = deadline_s
        self._meaning = Meaning(encoder)

    def warm(self) -> None:
        """Encodes the store's policies, so that the first question about the store does not wait for it."""
        for language in ("zh", "en"):
            facts = policy_facts(self._database.policies(), None, language)
            self._meaning.cosines("?", [one.field or one.evidence.text for one in facts])

    def answer(self, question: str, *, product_id: str | None = None, language: str | None = None) -> Answer:
        """The most probable answer. Without a product, from the store's policies. Raises QueryError, NotFound."""
        question = clean(question)
        if not question:
            raise QueryError("The question is empty.", next_step="Ask something about the product or the store.")
        if len(question) > MAX_QUESTION:
            raise QueryError(
                f"The question has {len(question)} characters; {MAX_QUESTION} is the limit.", next_step="Ask shorter."
            )
        language = _tag(language or language_of(question))
        product = None
        if product_id is not None:
            product = self._database.get_product(product_id)
            if product is None:
                raise NotFound("product", product_id)
        return self.about(question, product, language)

    def about(self, question: str, product: Product | None, language: str, *, reword: bool = True) -> Answer:
        """The same for a product already at hand. `reword=False` never asks the model."""
        asked = read_question(question)
        say = Wording(language)
        candidates = self._candidates(question, asked, product, say)
        best = max(candidates, key=lambda one: one.logit, default=None)
        probability = sigmoid(best.logit) if best else 0.0
        product_id = product.id if product else None
        if best is None or probability < THRESHOLD:
            return Answer(
                question=question,
                text=say.not_known(product is not None),
                known=False,
                probability=1.0 - probability,
                language=language,
                product_id=product_id,
            )
        text, model = best.text, ""
        notes: tuple[str, ...] = ()
        if reword and best.free and self._language_model is not None:
            text, model, notes = self._reword(question, best, language)
        evidence = tuple(one.evidence.model_copy(update={"score": round(probability, 4)}) for one in best.evidence)
        return Answer(
            question=question,
            text=text,
            known=True,
            probability=probability,
            evidence=evidence,
            language=language,
            product_id=product_id,
            notes=notes,
            model=model,
        )

    def _candidates(self, question: str, asked: Asked, product: Product | None, say: Wording) -> list[Candidate]:
        made: list[Candidate] = []
        if product is not None:
            reviews = self._database.reviews(product.id)
            facts = product_facts(product, reviews, say.language)
            made += price_candidates(asked, facts, say) + stock_candidates(asked, facts, say)
            made += variant_candidates(question, asked, product, say)
            made += attribute_candidates(question, asked, facts, say)
            spoken = [one for one in facts if one.evidence.kind == "review"]
            stars = self._database.ratings([product.id]).get(product.id)
            made += opinion_candidates(asked, spoken, stars, say)
            sure = max((one.logit for one in made), default=-9.0)
            if sure < 2.0:
                texts = [one for one in facts if one.evidence.kind in {"description", "review"}]
                made += self._sentences(question, asked, texts, say)
        if product is None or any(group.kind == "policy" for group in asked.groups):
            policies = policy_facts(self._database.policies(), product.id if product else None, say.language)
            made += self._policies(question, asked, policies)
        return made

    def _sentences(self, question: str, asked: Asked, facts: Sequence[Fact], say: Wording) -> list[Candidate]:
        shares = covered(question, [one.evidence.text for one in facts])
        first = sorted(range(len(facts)), key=lambda at: (-shares[at], at))[:_SENTENCES]
        kept = [facts[at] for at in first]
        cosines = self._meaning.cosines(question, [one.evidence.text for one in kept])
        mean = float(cosines.mean()) if len(cosines) else 0.0
        logits = []
        for at, cosine in zip(first, cosines, strict=True):
            probability = sentence_probability(shares[at], float(cosine), float(cosine) - mean)
            logits.append(_logit(probability))
        return sentence_candidates(asked, kept, logits, say)

    def _policies(self, question: str, asked: Asked, facts: Sequence[Fact]) -> list[Candidate]:
        texts = [f"{one.field} {one.evidence.text}".strip() for one in facts]
        asked_texts = [one.field or one.evidence.text for one in facts]
        return policy_candidates(
            question,
            asked,
            facts,
            covered(question, texts),
            list(map(float, self._meaning.cosines(question, asked_texts))),
        )

    def _reword(self, question: str, best: Candidate, language: str) -> tuple[str, str, tuple[str, ...]]:
        """The model's shorter wording of long evidence in the asker's language, where it is held up; else our own."""
        facts = [one.evidence.text for one in best.evidence if one.evidence.language.split("-")[0] == language]
        long = len(best.text) > (_LONG if language == "zh" else 2 * _LONG)
        if not long or len(facts) != len(best.evidence) or gives_orders(question) or self._language_model is None:
            return best.text, "", ()
        request = Request(
            messages=answer_prompt(question, facts, language),
            max_tokens=80,
            deadline_s=min(_MODEL_S, self._deadline_s),
            repetition_penalty=1.05,
        )
        started = perf_counter()
        try:
            text = clean(self._language_model.generate(request).text)
        except ModelError as failure:
            return best.text, "", (f"The language model did not word this: {failure.message}",)
        faults = unsupported(text, facts)
        finished = text[-1:] in set("。！？.!?”」")
        kept = bool(text) and finished and not faults and language_of(text, language) == language
        self._database.log(
            "answer",
            {
                "prompt": PROMPT_VERSION,
                "model": self._language_model.name,
                "kept": kept,
                "faults": list(faults),
                "evidence": [one.evidence.id for one in best.evidence],
                "seconds": round(perf_counter() - started, 4),
            },
        )
        return (text, self._language_model.name, ()) if kept else (best.text, "", ())


def _tag(language: str) -> str:
    return "zh" if language.lower().startswith("zh") else "en"


def _logit(probability: float) -> float:
    clipped = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(clipped / (1 - clipped))
