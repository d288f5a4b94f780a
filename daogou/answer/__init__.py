"""Grounded answers: a* = argmax_a P(a | q, C), C = what the record, its reviews and the store's policies say."""

from daogou.answer.asks import Ask, Asked, ask_groups, read_question
from daogou.answer.evidence import (
    AlignedAttribute,
    Fact,
    aligned_attributes,
    policy_facts,
    product_evidence,
    product_facts,
)
from daogou.answer.options import Choice, choices, variant_buyable
from daogou.answer.service import MAX_QUESTION, THRESHOLD, AnswerService
from daogou.answer.support import unsupported
from daogou.answer.text import clean, contains, gives_orders, language_of, sentences, words

__all__ = [
    "MAX_QUESTION",
    "THRESHOLD",
    "AlignedAttribute",
    "AnswerService",
    "Ask",
    "Asked",
    "Choice",
    "Fact",
    "aligned_attributes",
    "ask_groups",
    "choices",
    "clean",
    "contains",
    "gives_orders",
    "language_of",
    "policy_facts",
    "product_evidence",
    "product_facts",
    "read_question",
    "sentences",
    "unsupported",
    "variant_buyable",
    "words",
]
