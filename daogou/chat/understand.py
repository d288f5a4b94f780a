"""Understand: which move an utterance makes, by rules. What the rules leave unclear is marked `sure=False`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from daogou.answer import Choice, choices, contains, read_question
from daogou.chat.lexicon import dropped_fields, says, without_talk
from daogou.chat.references import Referred, resolve
from daogou.chat.relative import Relative, read_relative
from daogou.records import Plan, Product, chinese_number

_SOCIAL = ("greet", "thanks", "help", "human", "order")
_QUANTITY = re.compile(
    r"\b(\d{1,3}|two|three|four|five|six|ten|a couple)\b(?: of (?:it|them|these|those|the)| pieces?"
    r"| pairs?| packs?| boxes| bottles| units)?"
    r"(?! ?(?:gb|g|kg|ml|l|cm|mm|inch|yuan|dollars|%))",
    re.IGNORECASE,
)
_ZH_QUANTITY = re.compile(r"([一二两三四五六七八九十]|\d{1,3})(?=[件个双盒袋瓶台本只条支包份部套])")
_EN_NUMBER = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "a couple": 2}
_MEASURE = "个款双件台本种瓶只条支部包盒"
_ADD_PHRASE = re.compile(
    r"\b(?:first|second|third|fourth|1st|2nd|3rd|4th) (?:one|two|three|four)?"
    rf"|第[一二三四五六七八九十\d]+[{_MEASURE}]?|[这那][一两]?[{_MEASURE}]"
    r"|size \d+(?:\.\d+)?|\d+(?:\.\d+)?码",
    re.IGNORECASE,
)
_LONG_WORDS = 14
_LONG_HAN = 28


@dataclass(frozen=True, slots=True)
class Situation:
    """What the utterance is read against."""

    shown: tuple[Product, ...] = ()
    seen: tuple[Product, ...] = ()
    focus: Product | None = None
    page: Product | None = None
    wishing: bool = False
    pending: str = ""
    language: str = "en"

    @property
    def subject(self) -> Product | None:
        """The product talked about: the one named last, else the page the shopper is on."""
        return self.focus or self.page


@dataclass(frozen=True, slots=True)
class Move:
    """One move of the shopper. `text` is what is left for the search; `plan` its reading, where it was read."""

    act: str
    text: str = ""
    referred: Referred = field(default_factory=Referred)
    quantity: int = 1
    choice: Choice | None = None
    relative: Relative | None = None
    dropped: tuple[str, ...] = ()
    plan: Plan | None = None
    sure: bool = True

    @property
    def products(self) -> tuple[Product, ...]:
        return self.referred.products


def understand(text: str, situation: Situation, read: Callable[[str], Plan]) -> Move:
    """The move an utterance makes. `read` gives the search room's plan of a text; it is called at most once."""
    if situation.pending:
        chosen = _choice(text, situation.subject, situation.language)
        if chosen:
            return Move("add", text=text, referred=Referred(_one(situation.subject), "pending"), choice=chosen)
    for act in _SOCIAL:
        if says(act, text):
            return Move(act, text=text)
    if says("off_topic", text):
        return Move("decline", text=text)
    referred = resolve(text, situation.shown, situation.subject, situation.seen)
    cart = _cart_move(text, situation, referred)
    if cart:
        return cart
    for act in ("restart", "more"):
        if says(act, text):
            return Move(act, text=without_talk(text))
    if says("compare", text) and (len(referred.products) != 1 or len(situation.shown) > 1):
        return Move("compare", text=text, referred=referred)
    for act in ("together", "similar"):
        if says(act, text) and (referred.products or situation.subject):
            return Move(
                act, text=text, referred=referred if referred.products else Referred(_one(situation.subject), "focus")
            )
    if says("for_me", text) and not situation.wishing:
        return Move("for_me", text=text)
    relative = read_relative(text, situation.shown, situation.focus)
    if relative and referred.how != "price" and (situation.shown or situation.wishing):
        return Move("search", text=_without_relative(text), relative=relative, plan=read(_without_relative(text)))
    if situation.wishing and says("indifferent", text):
        return Move("indifferent", text=text)
    return _question_or_search(text, situation, referred, read)


def _cart_move(text: str, situation: Situation, referred: Referred) -> Move | None:
    if says("show_cart", text) or says("checkout", text):
        return Move("checkout" if says("checkout", text) else "show_cart", text=text)
    if says("empty_cart", text):
        return Move("empty_cart", text=text)
    if says("remove", text) and not says("add", text):
        return Move("remove", text=text, referred=referred)
    if not says("add", text):
        return None
    if not referred.products and not referred.missing:
        subject = situation.subject or (situation.shown[0] if len(situation.shown) == 1 else None)
        referred = Referred(_one(subject), "focus") if subject else referred
    if not referred.products and not referred.missing and not situation.shown:
        return None
    first = referred.products[0] if referred.products else None
    return Move(
        "add", text=text, referred=referred, quantity=_quantity(text), choice=_choice(text, first, situation.language)
    )


def _quantity(text: str) -> int:
    left = _ADD_PHRASE.sub(" ", text)
    match = _ZH_QUANTITY.search(left)
    if match:
        said = match.group(1)
        return max(1, int(said) if said.isdigit() else int(chinese_number(said) or 1))
    match = _QUANTITY.search(left) if re.search(r"[A-Za-z]{3}", left) else None
    if match:
        said = match.group(1).lower()
        return max(1, int(said) if said.isdigit() else _EN_NUMBER[said])
    return 1


def _choice(text: str, product: Product | None, language: str) -> Choice | None:
    """The variant an utterance names, where it names exactly one (every word of a choice, in any wording)."""
    if product is None or not product.variants:
        return None
    lowered = text.lower()
    scored = []
    for one in choices(product, language):
        said = [way for way in one.ways if _named(lowered, way)]
        if said:
            scored.append((len(said), one))
    if not scored:
        return None
    most = max(count for count, _ in scored)
    best = [one for count, one in scored if count == most]
    return best[0] if len(best) == 1 else None


def _named(text: str, way: str) -> bool:
    if way.replace(".", "").isdigit():
        return re.search(rf"(?<![\d.]){re.escape(way)}(?![\d.])", text) is not None
    return contains(text, way) or (way.endswith("色") and f"{way[:-1]}的" in text)


def _without_relative(text: str) -> str:
    left = re.sub(
        r"(?:有没有|再|更|还有)?(?:便宜|贵|轻|小|大|安静|高端)(?:一?点|些)?的?|太贵了?|太重了?"
        r"|\b(?:something |any(?:thing)? |a |a bit |much )?"
        r"(?:cheaper|less expensive|more affordable|lighter|smaller|larger|bigger|quieter|more expensive"
        r"|more compact)(?: ones?| options?)?\b"
        r"|\b(?:it'?s |that'?s |they'?re )?too (?:expensive|pricey|heavy|big|large|small|loud|noisy)\b",
        " ",
        text,
        flags=re.IGNORECASE,
    )
    return without_talk(left)


def _question_or_search(text: str, situation: Situation, referred: Referred, read: Callable[[str], Plan]) -> Move:
    asked = read_question(text)
    left = without_talk(text)
    dropped = dropped_fields(text)
    plan = read(left)
    named_kind = any(one.field == "category" and not one.negated for one in plan.constraints)
    pointed = referred.how in {"ordinal", "price", "words", "title", "both"}
    if asked.is_question and not dropped:
        policy = bool(asked.groups) and asked.groups[0].kind == "policy"
        if policy and not (named_kind and says("have_any", text)):
            meant = referred.products[:1] or _one(situation.subject)
            return Move("answer", text=text, referred=Referred(meant, referred.how), plan=plan)
        if referred.products and (pointed or not named_kind):
            return Move("answer", text=text, referred=referred, plan=plan)
        searching = says("have_any", text) or named_kind
        subject = situation.subject
        if subject and (not searching or (asked.groups and not named_kind)):
            return Move("answer", text=text, referred=Referred((subject,), "focus"), plan=plan)
        if asked.groups and situation.shown and not searching:
            return Move("answer", text=text, referred=Referred(situation.shown[:1], "first"), plan=plan)
    elif pointed and not named_kind and not plan.constraints:
        return Move("look", text=text, referred=referred, plan=plan)
    size = len(re.findall(r"[㐀-鿿]", left)) / _LONG_HAN + len(re.findall(r"[A-Za-z]+", left)) / _LONG_WORDS
    sure = bool(plan.constraints) or bool(dropped) or size < 1
    return Move("search", text=left, referred=referred, dropped=dropped, plan=plan, sure=sure)


def _one(product: Product | None) -> tuple[Product, ...]:
    return (product,) if product else ()
