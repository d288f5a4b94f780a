from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from daogou.demo.products import DemoItem
from daogou.demo.tables import Sentence, load_tables
from daogou.demo.wording import holds, slots
from daogou.records import Product, Translation

if TYPE_CHECKING:
    from tests.demo.conftest import Store

HAN = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
YUAN = 100


def _en(product: Product) -> Translation:
    return product.translations["en"]


def _of(store: Store, kind: str) -> list[Product]:
    found = [one for one in store.products if _en(one).category[1] == kind]
    assert found
    return found


def _has(product: Product, name: str, *wanted: str) -> bool:
    return any(value in wanted for value in _en(product).attributes.get(name, ()))


def _price(product: Product) -> int:
    assert product.price is not None
    return product.price.minor


def test_there_is_enough_of_everything(store: Store) -> None:
    assert len(store.products) >= 640
    assert len({one.category[0] for one in store.products}) >= 12
    assert len({one.id for one in store.products}) == len(store.products)
    for language in ("zh", "en"):
        titles = Counter(one.in_language(language).title for one in store.products)
        assert titles.most_common(1)[0][1] == 1


def test_both_languages_are_complete_and_parallel(store: Store) -> None:
    for product in store.products:
        english = _en(product)
        assert english.title
        assert english.description
        assert english.brand
        assert len(product.category) == len(english.category) == 2
        own, theirs = list(product.attributes.values()), list(english.attributes.values())
        assert [len(values) for values in own] == [len(values) for values in theirs], product.id
        assert len(own) >= 5, product.id


def test_each_name_and_value_has_one_translation(store: Store) -> None:
    """A filter in one language must mean the same set of products in the other."""
    zh_to_en: dict[tuple[str, str, str], set[str]] = {}
    for product in store.products:
        pairs = zip(product.attributes.items(), _en(product).attributes.items(), strict=True)
        for (zh_name, zh_values), (en_name, en_values) in pairs:
            zh_to_en.setdefault((product.category[1], zh_name, ""), set()).add(en_name)
            for zh, en in zip(zh_values, en_values, strict=True):
                zh_to_en.setdefault((product.category[1], zh_name, zh), set()).add(en)
    assert {key: found for key, found in zh_to_en.items() if len(found) > 1} == {}


def test_no_language_leaks_into_the_other(store: Store) -> None:
    for product in store.products:
        english = _en(product)
        words = [english.title, english.description, english.brand, *english.category, *english.attributes]
        words += [value for values in english.attributes.values() for value in values]
        assert not [one for one in words if HAN.search(one)], product.id
        assert re.fullmatch(r"[\u4e00-\u9fff]+", product.brand), product.brand
        assert HAN.search(product.title)
        assert HAN.search(product.description)
        assert not re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", product.description), product.description


def test_prices_are_sane(store: Store) -> None:
    for product in store.products:
        assert 900 <= _price(product) <= 2_000_000, product.id
        offers = [one.price for one in product.variants if one.price]
        assert not product.variants or min(one.minor for one in offers) == _price(product)
        for now, before in ((product.price, product.list_price), *((v.price, v.list_price) for v in product.variants)):
            assert now is None or before is None or before.minor > now.minor
    assert 20 <= sum(not one.buyable for one in store.products) <= 80
    assert sum(one.list_price is not None for one in store.products) >= 100


def test_variants_vary_by_attributes_of_the_product(store: Store) -> None:
    assert sum(bool(one.variants) for one in store.products) >= 200
    for product in store.products:
        assert not product.variants or sum(one.stock or 0 for one in product.variants) == product.stock
        for variant in product.variants:
            for name, values in variant.attributes.items():
                assert set(values) <= set(product.attributes[name])
        chosen = [tuple(sorted(one.attributes.items())) for one in product.variants]
        assert len(chosen) == len(set(chosen))


def test_some_things_are_not_known(store: Store) -> None:
    """Products of one kind differ in which attributes they have, so that 'not known' is a real answer."""
    missing = 0
    for kind in {_en(one).category[1] for one in store.products}:
        listed = _of(store, kind)
        names = Counter(name for one in listed for name in one.attributes)
        missing += sum(1 for count in names.values() if count < len(listed))
    assert missing >= 40


def test_every_gtin_is_valid_and_of_no_real_product(store: Store) -> None:
    for product in store.products:
        assert product.gtin is not None
        assert product.gtin.startswith("20")
        weighted = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(product.gtin))
        assert weighted % 10 == 0


def test_every_sentence_of_a_description_is_true(items: list[DemoItem]) -> None:
    """Each description says what it is, something good and a limit, and nothing whose condition does not hold."""
    for item in items:
        text = item.product.description
        kind = item.kind
        said: dict[str, list[Sentence]] = {}
        for role, sentences in (("open", kind.openings), ("good", kind.strengths), ("limit", kind.limits)):
            for sentence in sentences:
                bare = [re.escape(one.replace(" ", "")) for one in re.split(r"\{\w+[\^*]?\}", sentence.words.zh)]
                if re.search(f"(?:^|。){'[^。]+'.join(bare)}", text.replace(" ", "")):
                    said.setdefault(role, []).append(sentence)
        for sentences in said.values():
            for sentence in sentences:
                true = holds(sentence.condition, item.values)
                twin = any(
                    holds(one.condition, item.values)
                    for one in (*kind.openings, *kind.strengths, *kind.limits)
                    if one.words.zh == sentence.words.zh
                )
                assert true or twin, (item.product.id, sentence)
        assert 2 <= len(re.findall("。", text)) <= 8, item.product.id
        assert {"open", "limit"} <= said.keys(), (item.product.id, text)


def test_every_sentence_can_be_said_by_some_product(items: list[DemoItem]) -> None:
    """No condition names a value that does not exist; a misspelt condition would never hold."""
    for kind in load_tables().kinds:
        known = {
            spec.key: {one.words.en for listed in spec.choices.values() for one in listed} for spec in kind.attributes
        }
        known |= {"brand": {one.name.en for one in kind.brands}}
        for sentence in (*kind.openings, *kind.strengths, *kind.limits, *kind.aspects):
            for part in filter(None, (one.strip() for one in sentence.condition.split("&"))):
                match = re.match(r"^(\w+)\s*(!=|=|<|>)\s*(.+)$", part)
                assert match, (kind.key, part)
                key, sign, wanted = match.groups()
                if key in known and sign in ("=", "!="):
                    own = {one for spec in kind.attributes if spec.key == key for one in known[spec.key]}
                    shared = sentence in kind.strengths or sentence in kind.limits or sentence in kind.aspects
                    assert set(wanted.split("/")) & own or (shared and own), (kind.key, part)
        for wording in (*kind.openings, *kind.strengths, *kind.limits):
            assert slots(wording.words.zh) | slots(wording.words.en) <= {*known}, (kind.key, wording)


@pytest.mark.parametrize("name", ["waterproof", "water resistance"])
def test_nothing_claims_to_be_waterproof_that_is_not(store: Store, name: str) -> None:
    dry = [one for one in store.products if _has(one, name, "no")]
    assert len(dry) >= 5
    for product in dry:
        english = f"{_en(product).title} {_en(product).description}".lower()
        for match in re.finditer(r"(\w+ ){0,2}(waterproof|water resistant)", english):
            assert re.search(r"\bnot\b|\bno\b", match.group()), (product.id, english)
        for match in re.finditer(r"(.{0,2})防水(?!等级|彩妆)", f"{product.title}{product.description}"):
            assert "不" in match.group(1) or "没" in match.group(1) or "有" in match.group(1), product.id


@pytest.mark.parametrize(
    ("name", "value", "claims"),
    [
        ("fragrance-free", "no", ("no fragrance is added",)),
        ("machine washable", "no", ("machine washable and", "it can go in the washing machine")),
        ("caffeine", "decaf", ("caffeine-free;", "contains no caffeine")),
        ("noise cancelling", "no noise cancelling", ("noise-cancelling headphones", "noise cancelling helps")),
        ("leakproof", "no", ("does not leak",)),
        ("dishwasher safe", "no", ("is dishwasher safe", "can go in the dishwasher")),
    ],
)
def test_no_description_contradicts_an_attribute(store: Store, name: str, value: str, claims: tuple[str, ...]) -> None:
    found = [one for one in store.products if _has(one, name, value)]
    assert found
    for product in found:
        text = _en(product).description.lower()
        for claim in claims:
            if claim == "caffeine-free;":
                assert "is caffeine-free" not in text
            else:
                assert claim not in text, product.id


def test_the_journeys_of_the_demo_find_something(store: Store) -> None:
    cream = [one for one in _of(store, "Face creams") if _has(one, "suitable for", "mum")]
    assert sum(15_000 <= _price(one) <= 500 * YUAN for one in cream) >= 4
    assert any(_price(one) > 500 * YUAN for one in _of(store, "Face creams"))
    shoes = [one for one in _of(store, "Running shoes") if _price(one) < 560 * YUAN and one.buyable]
    assert len([one for one in shoes if not _has(one, "color", "black")]) >= 8
    assert any(_has(one, "color", "black") for one in _of(store, "Running shoes"))
    assert sum(_price(one) < 3000 * YUAN for one in _of(store, "Smartphones")) >= 8
    coding = [one for one in _of(store, "Laptops") if _has(one, "best for", "programming")]
    assert sum(_has(one, "RAM", "16 GB") for one in coding) >= 2
    assert sum(_has(one, "age range", "ages 1-3", "ages 3-6") for one in _of(store, "Building blocks")) >= 5
    assert sum(_has(one, "waterproof", "yes") for one in _of(store, "Shell jackets")) >= 8
    assert any(_has(one, "waterproof", "no") for one in _of(store, "Shell jackets"))
    assert len(_of(store, "Herbal tea")) >= 10
    assert all(_has(one, "caffeine", "caffeine-free") for one in _of(store, "Herbal tea"))
    pets = [one for one in _of(store, "Vacuum cleaners") if _has(one, "pet hair brush", "yes")]
    assert sum(_has(one, "noise level", "58 dB", "62 dB") for one in pets) >= 2
    for audience in ("mum", "dad", "babies", "women", "men", "students", "seniors"):
        assert sum(_has(one, "suitable for", audience) for one in store.products) >= 8, audience
