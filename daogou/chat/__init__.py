"""Dialogue: R = argmax_r P(r | u_1..u_n, C). One turn = understand, act (tools), reply, verify."""

from daogou.chat.carts import MAX_QUANTITY, Carts, SoldOut, VariantNeeded
from daogou.chat.compare import compare
from daogou.chat.prompts import PROMPT_VERSION
from daogou.chat.service import MAX_TEXT, ChatService
from daogou.chat.verify import Checked, Subject, check, subject_of

__all__ = [
    "MAX_QUANTITY",
    "MAX_TEXT",
    "PROMPT_VERSION",
    "Carts",
    "ChatService",
    "Checked",
    "SoldOut",
    "Subject",
    "VariantNeeded",
    "check",
    "compare",
    "subject_of",
]
