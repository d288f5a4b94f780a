"""Understanding a query: price and number limits, brands, categories, values, negation and wishes become a plan.

A limit becomes a filter only where the words leave little doubt (a price, a brand, the category that is the head of the
phrase, a colour or a size, anything negated). The other values recognised only lift the products that have them, for
catalogues are incomplete and a filter on a half-filled attribute hides good products.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from daogou.records import MAX_QUERY, Constraint, Plan, Query, Sort
from daogou.search.amounts import VAGUE, Amount, find_amounts
from daogou.search.language import Normal, guess_language, is_han, normalise
from daogou.search.lexicon import Entry, Lexicon, Match, NumberField, Token, tokenise
from daogou.search.money import Prices, Unconverted
from daogou.search.negation import CUE, JOIN, SUFFIX, free_forms
from daogou.search.units import convert, dimensions
from daogou.search.wishes import find_audience, find_wishes

_STRICT = frozenset({"color", "colour", "颜色", "size", "尺码", "尺寸", "码数", "鞋码", "shoe"})
_EMPTY_VALUES = frozenset(
    {"yes", "no", "true", "false", "是", "否", "有", "无", "other", "none", "n/a", "其他", "其它"}
)
_COMPLEMENT = re.compile(
    r"(?:(?<![a-z])(?:for|with|compatible with|fits?|to fit|works with|like|similar to|vs)(?: (?:an?|"
    r"the|my|your|his|her))?\s|适用于?|兼容|搭配|适配|配|类似)\s?$"
)
_HEAD_ENDS = re.compile(
    r"\s*(?:$|[^\w\s]|(?:for|with|without|under|below|over|in|from|by|that|which|to|and|or|of|on|at|"
    r"as|not|no|less|between|about|around|up|than)(?![a-z])|[给适用送不别要买的吧吗呢有])"
)
_MOST_FIELDS = 4
_CLEARLY = 4
"""How many times more products a field must have than the next, to be meant by a bare unit."""
_IMITATION = ("faux", "vegan", "artificial", "imitation", "pu ", "人造", "仿", "合成")
_SIZE_BEFORE = re.compile(r"(?:size|尺码|码数|码|号)\s?$")
_SIZE_AFTER = re.compile(r"\s?(?:码|号)")
_LOOSE_ENDS = re.compile(
    r"^(?:(?:and|or|but|with|in|的|和|或者?)(?![a-z])\s*)+|(?:(?<![a-z])(?:and|or|but|with|for|in|的|和|或者?)\s*)+$",
    re.I,
)
_TRIM = " \t,.;:!?，。；：！？、·-~"


@dataclass(frozen=True, slots=True)
class Boost:
    """A value that lifts a product which has it: recognised, but not sure enough to hide the others."""

    field: str
    value: str
    source: str
    kind: str = "value"


@dataclass(frozen=True, slots=True)
class Understanding:
    """A plan and what only the ranking needs to know. `cheap`: cheaper is better; `notes`: what could not be done."""

    plan: Plan
    boosts: tuple[Boost, ...] = ()
    cheap: bool = False
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    """A query being read: what has been found, and which characters no longer count as words."""

    normal: Normal
    language: str
    tokens: list[Token]
    taken: list[bool]
    spoken: list[bool]
    """Characters that were understood and must not be searched as words."""
    complement: int = -2
    """Where the last word that follows a 'for' or 'with' ends."""
    constraints: list[Constraint] = field(default_factory=list)
    boosts: list[Boost] = field(default_factory=list)
    heads: list[Boost] = field(default_factory=list)
    """Values that stand where the thing itself is named; they lift only where a category says what the thing is."""
    notes: list[str] = field(default_factory=list)
    sort: Sort = "relevance"
    cheap: bool = False
    vocabulary: bool = False
    grammar: bool = False

    def free(self, start: int, end: int) -> bool:
        return not any(self.taken[start:end])

    def take(self, start: int, end: int, *, drop: bool) -> None:
        for at in range(start, end):
            self.taken[at] = True
            self.spoken[at] = self.spoken[at] or drop

    def left(self) -> str:
        """The words that are left, as typed."""
        original = self.normal.original
        kept = "".join(" " if gone else char for char, gone in zip(original, self.spoken, strict=True))
        pieces = [piece.strip(_TRIM) for piece in re.split(r"\s+|(?<=[，。；！？、])", kept)]
        return _LOOSE_ENDS.sub("", " ".join(piece for piece in pieces if piece)).strip(_TRIM)


class Understander:
    """Reads queries against one catalogue's vocabulary. Stateless, so safe to share between threads.

    common(surface, brands): whether a brand's name is more often an ordinary word in this catalogue (a 'case' is
    seldom of the brand Case). held(field, categories): how many products of these categories have a number field."""

    def __init__(
        self,
        lexicon: Lexicon,
        prices: Prices,
        *,
        common: Callable[[str, tuple[str, ...]], bool] | None = None,
        held: Callable[[str, tuple[str, ...]], int] | None = None,
    ) -> None:
        self.lexicon = lexicon
        self.prices = prices
        self._common = common or (lambda surface, brands: False)
        self._held = held or (lambda field, shelves: 0)

    def read(self, query: Query) -> Understanding:
        """The plan of a query. Never raises: what is not understood is left as words."""
        normal = normalise(query.text[:MAX_QUERY])
        language = (query.language or guess_language(normal.text)).split("-")[0]
        language = "zh" if language == "zh" else "en"
        size = len(normal.text)
        reading = _Reading(normal, language, tokenise(normal.text), [False] * size, [False] * size)
        self._wishes(reading)
        self._amounts(reading)
        self._negations(reading)
        self._values(reading)
        self._audience(reading)
        return self._plan(query, reading)

    # wishes and amounts

    def _wishes(self, reading: _Reading) -> None:
        for wish in find_wishes(reading.normal.text):
            if wish.kind == "talk" and self._named(reading, wish.start, wish.end):
                continue
            if wish.kind == "sort":
                reading.sort = wish.value  # type: ignore[assignment]
            elif wish.kind == "cheap":
                reading.cheap = True
            elif wish.kind == "stock":
                source = reading.normal.source(wish.start, wish.end)
                label = "只看有货" if reading.language == "zh" else "in stock"
                reading.constraints.append(Constraint(field="stock", values=("yes",), source=source, label=label))
            reading.grammar = reading.grammar or wish.kind != "talk"
            reading.take(wish.start, wish.end, drop=True)

    def _named(self, reading: _Reading, start: int, end: int) -> bool:
        """Whether something longer than this span, beginning inside it, is in the vocabulary."""
        for at, token in enumerate(reading.tokens):
            if start <= token.start < end:
                match = self.lexicon.longest(reading.tokens, at)
                if match is not None and match.end > end and match.start <= start:
                    return True
        return False

    def _amounts(self, reading: _Reading) -> None:
        for amount in find_amounts(reading.normal.text):
            if not reading.free(amount.start, amount.end):
                continue
            if not self._limit(reading, amount):
                continue
            reading.grammar = True

    def _limit(self, reading: _Reading, amount: Amount) -> bool:
        if not amount.money:
            number = self._number_field(reading, amount)
            if number is not None:
                return self._number_limit(reading, amount, *number)
            if amount.unit or not self._is_price(reading, amount):
                return False
        source = reading.normal.source(amount.start, amount.end)
        if amount.money and amount.bound == "exact":
            value = amount.low or 0.0
            amount = _widened(amount, value)
        try:
            constraint = self.prices.constraint(amount, source=source, language=reading.language)
        except Unconverted as missing:
            reading.notes.append(_no_rate(missing.currency, source, self.prices.currency, reading.language))
            constraint = None
        if constraint is not None:
            reading.constraints.append(constraint)
        reading.take(amount.start, amount.end, drop=True)
        return True

    def _is_price(self, reading: _Reading, amount: Amount) -> bool:
        """A bare number is a price only where it is bound, is not small, and is no part of a name or of a year span."""
        if amount.bound == "exact" or max(amount.low or 0, amount.high or 0) < 10:
            return False
        if self._inside_name(reading, amount):
            return False
        years = amount.low is not None and amount.high is not None and 1990 <= amount.low < amount.high <= 2035
        glued = re.match(r"-?[a-z]", reading.normal.text[amount.end :]) is not None
        return not years and not glued

    def _inside_name(self, reading: _Reading, amount: Amount) -> bool:
        for at, token in enumerate(reading.tokens):
            if token.start < amount.end:
                match = self.lexicon.longest(reading.tokens, at)
                if match is not None and match.start < amount.start < match.end:
                    return True
        return False

    def _number_field(self, reading: _Reading, amount: Amount) -> tuple[NumberField, Match | None] | None:
        """The field a figure speaks of: the one whose name stands beside it, else the most common of its unit."""
        named = self._field_beside(reading, amount)
        if named is not None:
            number = self.lexicon.numbers[named[0]]
            if not amount.unit or not number.unit or convert(1.0, amount.unit, number.unit) is not None:
                return number, named[1]
        if not amount.unit or not dimensions(amount.unit):
            return None
        fitting = [number for number in self.lexicon.numbers.values() if number.unit and _fits(amount, number)]
        shelves = self._shelves(reading) if len(fitting) > 1 else ()
        counts = sorted(
            (((self._held(one.field, shelves) if shelves else one.count), one.field, one) for one in fitting),
            reverse=True,
        )
        if not counts or (len(counts) > 1 and not shelves and counts[0][0] < _CLEARLY * counts[1][0]):
            return None  # several fields could be meant: the words are left to speak
        return counts[0][2], None

    def _shelves(self, reading: _Reading) -> tuple[str, ...]:
        """The categories the query names, found ahead of time: 256 GB is the memory of no laptop."""
        found: dict[str, None] = {}
        for at in range(len(reading.tokens)):
            match = self.lexicon.longest(reading.tokens, at)
            if match is not None and self._is_head(reading, match):
                found.update((entry.value, None) for entry in match.entries if entry.kind == "category")
        return tuple(found)

    def _field_beside(self, reading: _Reading, amount: Amount) -> tuple[str, Match] | None:
        for at, token in enumerate(reading.tokens):
            if token.start > amount.end + 6:
                break
            match = self.lexicon.longest(reading.tokens, at)
            if match is None or match.end < amount.start - 6 or (match.start < amount.end and match.end > amount.start):
                continue
            for entry in match.entries:
                if entry.kind == "field" and entry.field in self.lexicon.numbers:
                    return entry.field, match
        return None

    def _number_limit(self, reading: _Reading, amount: Amount, number: NumberField, named: Match | None) -> bool:
        low, high = (_in_unit(value, amount.unit, number.unit) for value in (amount.low, amount.high))
        if low is None and high is None:
            return False
        if amount.bound == "exact":
            if named is None:
                return False
            low, high = (low or 0.0) * 0.98, (high or 0.0) * 1.02
        start, end = amount.start, amount.end
        if named is not None:
            start, end = min(start, named.start), max(end, named.end)
        source = reading.normal.source(start, end)
        name = self.lexicon.label(number.field, reading.language)
        label = source if named is not None else f"{name} {source}"
        reading.constraints.append(
            Constraint(field=number.field, op="range", low=low, high=high, source=source, label=label)
        )
        reading.take(amount.start, amount.end, drop=amount.bound != "exact")
        reading.vocabulary = True
        return True

    # words of the catalogue

    def _negations(self, reading: _Reading) -> None:
        text = reading.normal.text
        at = 0
        while (cue := CUE.search(text, at)) is not None:
            at = cue.start() + 1
            if not reading.free(cue.start(), cue.end()) or self._named(reading, cue.start(), cue.end()):
                continue
            end = self._negated_run(reading, cue.start(), cue.end())
            if end is not None:
                reading.take(cue.start(), end, drop=True)
                reading.grammar = reading.vocabulary = True
                at = end
        for place, token in enumerate(reading.tokens):
            match = self.lexicon.longest(reading.tokens, place)
            if match is None or not reading.free(match.start, match.end):
                continue
            if (suffix := SUFFIX.match(text, match.end)) is not None and reading.free(token.start, suffix.end()):
                self._negate(reading, match, reading.normal.source(match.start, suffix.end()))
                reading.take(match.start, suffix.end(), drop=True)
                reading.grammar = reading.vocabulary = True

    def _negated_run(self, reading: _Reading, start: int, at: int) -> int | None:
        """Negates the values that follow a cue, over 'or' and 'and'; where the run ends, or None where none follows."""
        end: int | None = None
        while True:
            match = self._value_at(reading, at)
            if match is None:
                return end
            self._negate(reading, match, reading.normal.source(start if end is None else match.start, match.end))
            end = match.end
            colour = re.match(r"色?的", reading.normal.text[end:])
            end += len(colour[0]) if colour else 0
            joined = JOIN.match(reading.normal.text, end)
            if joined is None:
                return end
            at = joined.end()

    def _value_at(self, reading: _Reading, at: int) -> Match | None:
        """The vocabulary's word at character `at`; a colour may stand without its 色, a word inside longer values."""
        for place, token in enumerate(reading.tokens):
            if token.start < at:
                continue
            if token.start > at + 1:
                return None
            match = self.lexicon.longest(reading.tokens, place)
            if match is not None and _meant(match.entries):
                return match
            colour = self.lexicon.find(token.key + "色")
            if colour:
                return Match(token.start, token.end, colour, place, place + 1)
            for length in (2, 1):
                span = reading.tokens[place : place + length]
                if len(span) == length and (length > 1 or not is_han(token.key)):
                    held = self.lexicon.holding(tuple(one.key for one in span))
                    if held:
                        return Match(token.start, span[-1].end, held, place, place + length)
            return None
        return None

    def _negate(self, reading: _Reading, match: Match, source: str) -> None:
        word = reading.normal.source(match.start, match.end)
        for form in free_forms(word.lower(), any(map(is_han, word))):
            absent = tuple(entry for entry in self.lexicon.find(form) if entry.kind == "value")
            if absent:
                self._add(reading, absent, source, source)
                return
        keys = tuple(token.key for token in reading.tokens[match.first : match.last])
        wider = self.lexicon.holding(keys)
        if len(keys) == 2 and keys[1] == "色":  # 黑色 is also in 哑光黑
            wider = (*wider, *filter(_strict, self.lexicon.holding(keys[:1])))
        entries = dict.fromkeys((*_meant(match.entries), *(one for one in wider if not _imitation(one.value))))
        label = f"不要{word}" if reading.language == "zh" else f"not {word}"
        fields: dict[str, list[str]] = {}
        strict = [entry for entry in entries if _strict(entry)]
        for entry in strict or entries:  # 'not black' is about the colour, not about black tea
            fields.setdefault(entry.field, []).append(entry.value)
        for name, values in fields.items():
            reading.constraints.append(
                Constraint(field=name, values=tuple(values), negated=True, source=source, label=label)
            )

    def _values(self, reading: _Reading) -> None:
        place = 0
        while place < len(reading.tokens):
            match = self.lexicon.longest(reading.tokens, place)
            if match is None or not reading.free(match.start, match.end) or not _meant(match.entries):
                place += 1
                continue
            place = match.last
            if self._is_number_or_letter(reading, match):
                continue
            self._recognise(reading, match)

    def _is_number_or_letter(self, reading: _Reading, match: Match) -> bool:
        """'42', 'M' and the like are values only beside 'size' or 码."""
        word = reading.normal.text[match.start : match.end]
        if not (word.replace(".", "").isdigit() or len(word) == 1):
            return False
        before, after = reading.normal.text[: match.start], reading.normal.text[match.end :]
        return not (_SIZE_BEFORE.search(before) or _SIZE_AFTER.match(after))

    def _recognise(self, reading: _Reading, match: Match) -> None:
        source = reading.normal.source(match.start, match.end)
        brands = tuple(entry for entry in match.entries if entry.kind == "brand")
        categories = tuple(entry for entry in match.entries if entry.kind == "category")
        values = tuple(entry for entry in match.entries if entry.kind == "value" and _speaks(entry.value))
        complement = _COMPLEMENT.search(reading.normal.text[: match.start]) is not None
        complement = complement or match.start - reading.complement in {0, 1}
        if complement:
            reading.complement = match.end
        reading.vocabulary = True
        if categories and not complement and self._is_head(reading, match):
            self._add(reading, categories, source)
        elif brands and not categories and not values and not complement and not self._is_common(source, brands):
            self._add(reading, brands, source)
        elif values and not categories and not brands and all(map(_strict, values)):
            self._add(reading, values, source)
        else:
            self._lift(reading, match, (*brands, *values), complement)
        reading.take(match.start, match.end, drop=False)

    def _lift(self, reading: _Reading, match: Match, entries: Sequence[Entry], complement: bool) -> None:
        """Notes a value that describes the thing. One that is the thing itself ('lamp' as a type of light source), or
        that many fields know, would lift what only mentions it; so would a category that describes something else."""
        if len({entry.field for entry in entries}) > _MOST_FIELDS:
            return
        for entry in entries:
            boost = Boost(entry.field, entry.value, reading.normal.source(match.start, match.end), entry.kind)
            named = self._is_head(reading, match) and not complement
            (reading.heads if named else reading.boosts).append(boost)

    def _is_common(self, source: str, brands: tuple[Entry, ...]) -> bool:
        return self._common(source.lower(), tuple(entry.value for entry in brands))

    def _is_head(self, reading: _Reading, match: Match) -> bool:
        """Whether nothing it could describe follows: the head of 'gaming laptop' is 'laptop', of 'laptop bag' not."""
        text, end = reading.normal.text, match.end
        if _HEAD_ENDS.match(text, end):
            return True
        behind = next((at for at in range(end, len(text)) if text[at] != " "), None)
        if behind is None or reading.spoken[behind]:
            return True
        if text[end] == " " and is_han(text[end - 1]):
            return True
        following = self.lexicon.longest(reading.tokens, match.last) if match.last < len(reading.tokens) else None
        return following is not None and not any(entry.kind == "category" for entry in following.entries)

    def _add(self, reading: _Reading, entries: Sequence[Entry], source: str, label: str = "") -> None:
        """One constraint per field; several brands or categories named beside each other are alternatives.

        A surface that several fields know is a filter on the first: all of them at once would be too much."""
        name = entries[0].field
        values = tuple(dict.fromkeys(entry.value for entry in entries if entry.field == name))
        shown = label or " / ".join(dict.fromkeys(self.lexicon.label(value, reading.language) for value in values))
        for at, other in enumerate(reading.constraints):
            if other.field == name and other.op == "in" and not other.negated:
                merged = tuple(dict.fromkeys((*other.values, *values)))
                if name == "category":
                    merged = _deepest(merged)
                text = " / ".join(dict.fromkeys(self.lexicon.label(value, reading.language) for value in merged))
                reading.constraints[at] = other.model_copy(
                    update={"values": merged, "label": text, "source": f"{other.source} {source}"}
                )
                return
        reading.constraints.append(Constraint(field=name, values=values, source=source, label=shown))

    def _audience(self, reading: _Reading) -> None:
        for start, end, surfaces in find_audience(reading.normal.text):
            source = reading.normal.source(start, end)
            for surface in surfaces:
                for entry in self.lexicon.find(surface):
                    if entry.kind == "value":
                        reading.boosts.append(Boost(entry.field, entry.value, source, "audience"))
                        reading.vocabulary = True

    # the plan

    def _plan(self, query: Query, reading: _Reading) -> Understanding:
        chosen = {constraint.key: constraint for constraint in query.constraints}
        kept: dict[str, Constraint] = {}
        undone: list[str] = []
        for constraint in reading.constraints:
            if constraint.key in query.undo:
                undone.append(constraint.key)
            elif constraint.key not in chosen:
                kept.setdefault(constraint.key, constraint)
        boosts = list(reading.boosts)
        if any(one.field == "category" and not one.negated for one in kept.values()):
            boosts += reading.heads
        said_by = tuple(
            name for name, used in (("vocabulary", reading.vocabulary), ("grammar", reading.grammar)) if used
        )
        plan = Plan(
            text=reading.left(),
            language=reading.language,
            constraints=(*kept.values(), *chosen.values()),
            sort=query.sort or reading.sort,
            undone=tuple(dict.fromkeys(undone)),
            understood_by=said_by,
        )
        return Understanding(plan, tuple(dict.fromkeys(boosts)), reading.cheap, tuple(reading.notes))


def _widened(amount: Amount, value: float) -> Amount:
    return replace(amount, low=value * (1 - VAGUE), high=value * (1 + VAGUE), bound="about")


def _in_unit(value: float | None, written: str, wanted: str) -> float | None:
    if value is None:
        return None
    if not written or not wanted:
        return value
    return convert(value, written, wanted)


def _fits(amount: Amount, number: NumberField) -> bool:
    """Whether a figure of this unit can be meant of this field: same kind of unit, and not far from what it holds."""
    asked = [_in_unit(value, amount.unit, number.unit) for value in (amount.low, amount.high) if value is not None]
    return bool(asked) and all(one is not None and number.low * 0.5 <= one <= number.high * 2 for one in asked)


def _meant(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.kind != "field" and _speaks(entry.value))


def _speaks(value: str) -> bool:
    return value.lower() not in _EMPTY_VALUES


def _strict(entry: Entry) -> bool:
    words = re.split(r"[^\w]|_", entry.field.removeprefix("attr:").lower())
    return not _STRICT.isdisjoint(words)


def _imitation(value: str) -> bool:
    return any(word in value.lower() for word in _IMITATION)


def _deepest(paths: Sequence[str]) -> tuple[str, ...]:
    """Paths without those that another one lies below: shoes and running shoes are running shoes."""
    return tuple(one for one in paths if not any(other.startswith(one + " > ") for other in paths))


def _no_rate(currency: str, source: str, own: str, language: str) -> str:
    if language == "zh":
        return f"「{source}」未计入：本店价格以 {own} 计，没有 {currency} 的汇率。"
    return f"'{source}' was left out: prices here are in {own} and no rate for {currency} is set."
