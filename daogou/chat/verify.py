"""Verify: a sentence a model worded is let through only where every claim in it is the record's.

The model writes placeholders for names and prices. What stands after `{2}` has to be in the evidence of product 2, what
stands before the first placeholder in that of the first; a sentence without any has to hold for every product."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from daogou.answer import aligned_attributes, gives_orders, language_of, sentences, unsupported
from daogou.records import Product

_PLACEHOLDER = re.compile(r"\{(price)?(\d)\}")
_ANY_BRACE = re.compile(r"[{}]")
_JOINING = re.compile(r"^[\s,、]*(?:and|as well as|和|与|以及|、|,|，|\(|（|:|：|at|价格|，价格)?[\s]*$", re.IGNORECASE)
_ELLIPSIS = re.compile(r"\b(?:too|also|likewise|same|so is|so does|as well(?! as))\b|也|同样|一样", re.IGNORECASE)
_SENTENCE = re.compile(r"[^。！？!?\n]*?(?:[。！？!?\n]+|[.](?=\s|$))")
_MAX_DESCRIPTION = 6
_LINE = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """A product a reply may speak of: its shown name, price and kind, and all that may be said of it."""

    product_id: str
    name: str
    price: str
    evidence: tuple[str, ...]
    ids: tuple[str, ...]
    kind: str = ""

    def pronoun(self, language: str) -> Subject:
        """The same product, called 'this one': for sentences that follow its name."""
        return replace(self, name="这款" if language == "zh" else "This one")

    @property
    def line(self) -> str:
        """The evidence as the prompt shows it: some attributes and a sentence of the description, no name, no price."""
        told = list(zip(self.ids, self.evidence, strict=True))
        attributes = [text for identity, text in told if identity.startswith("attr:")][:_LINE]
        sentences_told = [text for identity, text in told if identity.startswith("desc:")][:1]
        return "; ".join([*attributes, *sentences_told])


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence after the check: the words to show, or the faults for which it is withheld."""

    raw: str
    text: str = ""
    faults: tuple[str, ...] = ()


def subject_of(product: Product, language: str) -> Subject:
    """What may be said of a product in one language. Texts that give orders are no evidence."""
    shown = product.in_language(language)
    lines = [
        (f"attr:{product.id}:{one.name}", f"{one.name}: {('、' if shown.language == 'zh' else ', ').join(one.values)}")
        for one in aligned_attributes(product, language)
    ]
    lines += [
        (f"desc:{product.id}:{at}", one) for at, one in enumerate(sentences(shown.description)[:_MAX_DESCRIPTION])
    ]
    kept = [(identity, text) for identity, text in lines if not gives_orders(text)]
    return Subject(
        product_id=product.id,
        name=f"「{shown.title}」" if language == "zh" else shown.title,
        price=product.price.format(language) if product.price else "",
        evidence=tuple(text for _, text in kept),
        ids=tuple(identity for identity, _ in kept),
        kind=" ".join(shown.category),
    )


def check(sentence: str, subjects: Sequence[Subject], language: str) -> Checked:
    """One finished sentence against its subjects: filled with names and prices, or withheld with its faults."""
    raw = sentence.strip()
    marks = list(_PLACEHOLDER.finditer(raw))
    faults: list[str] = []
    for mark in marks:
        at = int(mark.group(2))
        known = 1 <= at <= len(subjects)
        if not known or (mark.group(1) and not subjects[at - 1].price):
            faults.append(mark.group())
    bare = _PLACEHOLDER.sub(" ", raw)
    if len({mark.group(2) for mark in marks}) > 1 and _ELLIPSIS.search(bare):
        faults.append("ellipsis")  # "{1} is light and so is {2}" says of 2 what only 1 holds up
    if _ANY_BRACE.search(bare):
        faults.append("brace")
    if not raw or language_of(bare, language) != language:
        faults.append("language")
    if faults:
        return Checked(raw, faults=tuple(faults))
    for text, held_by in _segments(raw, marks, subjects):
        for one in held_by:
            faults.extend(unsupported(text, one.evidence, allowed=(one.kind,)))
    if faults:
        return Checked(raw, faults=tuple(dict.fromkeys(faults)))
    return Checked(raw, text=_fill(raw, subjects))


def _segments(
    raw: str, marks: Sequence[re.Match[str]], subjects: Sequence[Subject]
) -> Iterator[tuple[str, tuple[Subject, ...]]]:
    """Pieces between placeholders, each with the products it speaks of. '{1} and {2} are …' speaks of both."""
    if not marks:
        yield raw, tuple(subjects)
        return
    group = [subjects[int(marks[0].group(2)) - 1]]
    yield raw[: marks[0].start()], tuple(group)
    for at, mark in enumerate(marks):
        end = marks[at + 1].start() if at + 1 < len(marks) else len(raw)
        text = raw[mark.end() : end]
        if at + 1 < len(marks) and _JOINING.match(text):
            group.append(subjects[int(marks[at + 1].group(2)) - 1])
            continue
        yield text, tuple({one.product_id: one for one in group}.values())
        if at + 1 < len(marks):
            group = [subjects[int(marks[at + 1].group(2)) - 1]]


def _fill(raw: str, subjects: Sequence[Subject]) -> str:
    def one(mark: re.Match[str]) -> str:
        subject = subjects[int(mark.group(2)) - 1]
        return subject.price if mark.group(1) else subject.name

    return re.sub(r"\s+", " ", _PLACEHOLDER.sub(one, raw)).strip()


def finished_sentences(pieces: Iterator[str]) -> Iterator[str]:
    """Whole sentences of a stream, each as soon as it is finished; what is left unfinished at the end is dropped."""
    buffer = ""
    for piece in pieces:
        buffer += piece
        while match := _SENTENCE.match(buffer):
            if match.end() == len(buffer) and match.group().endswith("."):
                break
            if match.group().strip():
                yield match.group().strip()
            buffer = buffer[match.end() :]
    if buffer.strip().endswith("."):
        yield buffer.strip()
