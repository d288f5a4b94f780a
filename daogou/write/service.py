"""Copy for (product, audience, channel) whose every claim is in the record."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Protocol

from daogou.errors import ModelError, NotFound, QueryError
from daogou.models import LanguageModel, Request
from daogou.records import Claim, Copy, Evidence, Product
from daogou.stores import Database
from daogou.write.advertising import restricted
from daogou.write.channels import KINDS, Channel, channel_of
from daogou.write.prompts import PROMPT_VERSION, copy_prompt
from daogou.write.template import fit, price_claim, template_claims

MAX_AUDIENCE = 60
_SENTENCE = re.compile(r"[^。！？!?\n]*?(?:[。！？!?]+|[.](?=\s|$))|[^\n]+")
_WORD = re.compile(r"[a-z0-9]+|[㐀-鿿]")


class FindsUnsupported(Protocol):
    """What a sentence says that no text of the evidence says; words of `allowed` may stand anywhere."""

    def __call__(self, sentence: str, evidence: Sequence[str], *, allowed: Sequence[str] = ()) -> Sequence[str]: ...


class WriteService:
    """Descriptions and marketing texts, Chinese and English.

    evidence: what may be said of a product in a language. unsupported: what a sentence says that given texts do not.
    Both are the answer room's, so that a claim in copy is held to the same measure as one in an answer."""

    def __init__(
        self,
        database: Database,
        language_model: LanguageModel | None,
        *,
        evidence: Callable[[Product, str], Sequence[Evidence]],
        unsupported: FindsUnsupported,
        deadline_s: float = 8.0,
    ) -> None:
        self._database = database
        self._language_model = language_model
        self._evidence = evidence
        self._unsupported = unsupported
        self._deadline_s = deadline_s

    def write(
        self, product_id: str, *, kind: str = "description", audience: str = "", channel: str = "", language: str = "en"
    ) -> Copy:
        """The text, its claims with their evidence, and what was taken out and why. Raises NotFound, QueryError."""
        if kind not in KINDS:
            raise QueryError(f"kind {kind!r} is not known.", next_step=f"Use one of {', '.join(KINDS)}.")
        if len(audience) > MAX_AUDIENCE:
            raise QueryError(
                f"audience has {len(audience)} characters; {MAX_AUDIENCE} is the limit.", next_step="Name it shorter."
            )
        where = channel_of(channel)
        tongue = "zh" if language.lower().startswith("zh") else "en"
        product = self._database.get_product(product_id)
        if product is None:
            raise NotFound("product", product_id)
        evidence = [one for one in self._evidence(product, tongue) if one.language.split("-")[0] == tongue] or list(
            self._evidence(product, tongue)
        )
        removed: list[str] = []
        notes: list[str] = []
        audience = self._audience(audience, tongue, removed)
        claims, model = self._worded(product, evidence, kind, audience, where, tongue, removed, notes)
        if not claims:
            listed = template_claims(product, evidence, kind=kind, audience=audience, channel=where, language=tongue)
            claims = [one for one in listed if self._lawful(one.text, tongue, removed)]
        last = price_claim(product, tongue) if kind == "marketing" else None
        kept = fit(claims, where.limit(tongue), tongue, last=last)
        if not kept:
            notes.append(
                "资料太长，没有一句放得下。" if tongue == "zh" else "No sentence of the record fits this channel."
            )
        shown = product.in_language(tongue)
        return Copy.parse(
            {
                "product_id": product_id,
                "kind": kind,
                "audience": audience,
                "channel": where.name,
                "language": tongue,
                "title": shown.title if where.titled and self._lawful(shown.title, tongue, removed) else "",
                "text": ("" if tongue == "zh" else " ").join(one.text for one in kept),
                "claims": tuple(kept),
                "removed": tuple(dict.fromkeys(removed)),
                "notes": tuple(notes),
                "model": model if any(one in claims for one in kept) else "",
            }
        )

    def _audience(self, audience: str, language: str, removed: list[str]) -> str:
        """The audience is put into the text: it may not smuggle in a claim, an order or a restricted word."""
        audience = re.sub(r"[^\w\s'&-]", " ", audience).strip()
        if re.search(r"\d", audience) or not self._lawful(audience, language, removed):
            return ""
        return re.sub(r"\s+", " ", audience)

    def _lawful(self, text: str, language: str, removed: list[str]) -> bool:
        found = restricted(text, language)
        removed.extend(f"{text} [{one.word}: {one.reason}]" for one in found[:1])
        return not found

    def _worded(
        self,
        product: Product,
        evidence: Sequence[Evidence],
        kind: str,
        audience: str,
        channel: Channel,
        language: str,
        removed: list[str],
        notes: list[str],
    ) -> tuple[list[Claim], str]:
        """The model's sentences that the record carries; none where it has none, or no model answers."""
        if self._language_model is None or not evidence:
            return [], ""
        lawful = [one for one in evidence if not restricted(one.text, language)]
        shown = product.in_language(language)
        sentences = 2 if channel.name == "sms" else 3 if kind == "marketing" else 4
        request = Request(
            messages=copy_prompt(
                shown.title,
                [one.text for one in lawful[:14]],
                audience=audience,
                sentences=sentences,
                language=language,
            ),
            max_tokens=60 * sentences,
            deadline_s=self._deadline_s,
            repetition_penalty=1.1,
        )
        started = perf_counter()
        try:
            text = self._language_model.generate(request).text
        except ModelError as failure:
            notes.append(f"The language model did not write this: {failure.message}")
            return [], ""
        claims: list[Claim] = []
        for match in _SENTENCE.finditer(text):
            sentence = re.sub(r"^\s*(?:[-*•]|\d+[.、)])\s*", "", match.group().strip())
            if not sentence:
                continue
            claim = self._claim(sentence, shown, lawful, language, removed)
            if claim and claim.text not in {one.text for one in claims}:
                claims.append(claim)
        self._database.log(
            "copy",
            {
                "prompt": PROMPT_VERSION,
                "model": self._language_model.name,
                "product": product.id,
                "kept": len(claims),
                "removed": len(removed),
                "seconds": round(perf_counter() - started, 4),
            },
        )
        return claims, self._language_model.name if claims else ""

    def _claim(
        self, sentence: str, product: Product, evidence: Sequence[Evidence], language: str, removed: list[str]
    ) -> Claim | None:
        if not self._lawful(sentence, language, removed):
            return None
        if sentence[-1] not in "。！？.!?":
            removed.append(f"{sentence} [{'句子不完整' if language == 'zh' else 'unfinished'}]")
            return None
        names = (product.title, " ".join(product.category))
        faults = self._unsupported(sentence, [one.text for one in evidence], allowed=names)
        if faults:
            why = "记录里没有" if language == "zh" else "not in the record"
            removed.append(f"{sentence} [{why}: {', '.join(faults)}]")
            return None
        best = max(evidence, key=lambda one: _overlap(sentence, one.text))
        return Claim(text=sentence, evidence_id=best.id)


def _overlap(sentence: str, text: str) -> float:
    said, held = set(_WORD.findall(sentence.lower())), set(_WORD.findall(text.lower()))
    return len(said & held) / math.sqrt(1 + len(held))
