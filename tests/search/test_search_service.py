from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daogou.errors import NotFound, QueryError
from daogou.records import Constraint, Query, SearchResult
from daogou.search import SearchService
from daogou.stores import open_database, open_index


def _titles(result: SearchResult) -> list[str]:
    return [hit.product.title for hit in result.hits]


def test_products_are_found_worded_in_the_language_of_the_query(service: SearchService) -> None:
    english = service.search(Query(text="moisturising face cream", limit=5))
    assert all("face cream" in title for title in _titles(english))
    chinese = service.search(Query(text="保湿面霜", limit=5))
    assert all("面霜" in title for title in _titles(chinese))
    assert english.plan.language == "en"


def test_hits_satisfy_every_constraint_and_say_why(service: SearchService) -> None:
    result = service.search(Query(text="running shoes under $50, not black"))
    assert result.hits
    for hit in result.hits:
        assert hit.product.price is not None
        assert hit.product.price.minor <= 35_000
        assert not any("black" in value for value in hit.product.attributes["color"])
        assert any("not black" in reason.text for reason in hit.reasons)
        assert any("running" in reason.text for reason in hit.reasons)


def test_probabilities_are_a_softmax_over_the_candidates(service: SearchService) -> None:
    result = service.search(Query(text="smartphone", limit=100))
    assert sum(hit.probability for hit in result.hits) == pytest.approx(1.0)
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    assert [hit.rank for hit in result.hits] == list(range(1, len(scores) + 1))


def test_the_result_is_a_valid_record(service: SearchService) -> None:
    for text in ("running shoes under $50, not black", "", "保湿面霜 最便宜"):
        result = service.search(Query(text=text))
        assert SearchResult.model_validate(result.model_dump()).plan == result.plan


def test_pages_fit_together(service: SearchService) -> None:
    for text in ("laptop", ""):
        whole = service.search(Query(text=text, limit=20))
        first = service.search(Query(text=text, limit=7))
        second = service.search(Query(text=text, limit=7, offset=7))
        assert [hit.product.id for hit in (*first.hits, *second.hits)] == [hit.product.id for hit in whole.hits[:14]]
        assert first.total == second.total == whole.total
        assert service.search(Query(text=text, limit=7, offset=9000)).hits == ()


@pytest.mark.parametrize("text", ["smartphone", ""])
def test_sorting_by_price(service: SearchService, text: str) -> None:
    for sort, sign in (("price_asc", 1), ("price_desc", -1)):
        prices = [
            sign * hit.product.price.minor
            for hit in service.search(Query(text=text, sort=sort, limit=60)).hits
            if hit.product.price
        ]
        assert prices == sorted(prices)


def test_sorting_by_stars_puts_the_unrated_last(service: SearchService) -> None:
    rated = [hit.product.id for hit in service.search(Query(text="running shoes", sort="rating", limit=12)).hits]
    stars = [int(one[1:]) % 5 for one in rated]
    assert stars == sorted(stars, reverse=True)


def test_no_text_browses_the_newest_first(service: SearchService) -> None:
    result = service.search(Query(limit=60))
    days = [hit.product.created for hit in result.hits]
    assert result.total == 60
    assert days == sorted(days, reverse=True)


def test_only_constraints_browse_under_them(service: SearchService) -> None:
    result = service.search(Query(text="不要黑色，300以内", limit=60))
    assert result.plan.text == ""
    assert result.hits
    assert all("黑" not in value for hit in result.hits for value in hit.product.attributes["颜色"])


def test_what_cannot_be_bought_ranks_lower(service: SearchService) -> None:
    hits = service.search(Query(text="smartphone", limit=60)).hits
    sold_out = [hit.rank for hit in hits if not hit.product.buyable]
    assert sold_out
    assert min(sold_out) > len(hits) - len(sold_out) - 3


def test_facets_count_under_the_other_filters(service: SearchService) -> None:
    red = Constraint(field="attr:颜色", values=("红色",), label="red")
    for text in ("running shoes", ""):
        plain = service.search(Query(text=text, limit=60))
        narrowed = service.search(Query(text=text, limit=60, constraints=(red,)))
        colours = {f.field: f for f in plain.facets}["attr:颜色"]
        again = {f.field: f for f in narrowed.facets}["attr:颜色"]
        assert {v.value: v.count for v in colours.values} == {v.value: v.count for v in again.values}
        assert [v.value for v in again.values if v.selected] == ["红色"]
        brands = {f.field: f for f in narrowed.facets}["brand"]
        assert sum(v.count for v in brands.values) == narrowed.total


def test_facets_are_labelled_in_the_language_of_the_query(service: SearchService) -> None:
    english = {f.field: f for f in service.search(Query(text="running shoes")).facets}
    assert english["attr:颜色"].label == "color"
    assert "red" in {v.label for v in english["attr:颜色"].values}
    assert english["price"].low is not None
    chinese = {f.field: f for f in service.search(Query(text="跑鞋")).facets}
    assert chinese["price"].label == "价格"
    assert service.search(Query(text="跑鞋", facets=False)).facets == ()


def test_relaxing_gives_up_what_costs_least(service: SearchService) -> None:
    result = service.search(Query(text="红色跑鞋 10元以内"))
    assert [one.field for one in result.relaxed] == ["price"]
    assert result.hits
    assert all("跑鞋" in title for title in _titles(result))
    assert "已放宽" in result.notes[-1]


def test_a_failing_encoder_degrades_to_words(shop) -> None:
    database, indexes, encoder = shop
    service = SearchService(database, indexes, encoder, currency="CNY", rates={})
    encoder.down = True
    try:
        result = service.search(Query(text="smartphone"))
    finally:
        encoder.down = False
    assert result.hits
    assert "words only" in result.notes[0]


def test_without_an_index_the_next_step_is_named(shop, tmp_path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 's.sqlite3'}")
    indexes = open_index(f"edge:{tmp_path / 'index'}")
    service = SearchService(database, indexes, shop[2], currency="CNY", rates={})
    with pytest.raises(NotFound, match="daogou index"):
        service.search(Query(text="shoes"))
    assert service.plan(Query(text="shoes under 300")).constraints[0].high == 30_000
    indexes.close()
    database.close()


def test_what_cannot_be_asked_is_refused(service: SearchService) -> None:
    for wrong in ({"offset": -1}, {"limit": 0}, {"sort": "cheapest"}, {"offset": 20_000}):
        query = Query.model_construct(**(Query().model_dump() | wrong))
        with pytest.raises(QueryError):
            service.search(query)
    upside_down = Constraint(field="price", op="range", low=500, high=100)
    with pytest.raises(QueryError, match="above"):
        service.search(Query(constraints=(upside_down,)))


def test_suggestions(service: SearchService) -> None:
    assert service.suggest("run", "en", 3)[0] == "Running shoes"
    assert service.suggest("跑", "zh", 3)[0] == "跑鞋"
    assert "Nexing" in service.suggest("nex", "en", 5)
    assert service.suggest("cream", "en", 5)
    assert service.suggest("", "en", 5) == []
    assert service.suggest("zzzz", "en", 5) == []
    assert len(service.suggest("l", "en", 2)) == 2


def test_a_changed_product_is_shown_as_it_now_is(shop) -> None:
    database, indexes, encoder = shop
    service = SearchService(database, indexes, encoder, currency="CNY", rates={})
    (hit,) = service.search(Query(text="smartphone", limit=1)).hits
    before = database.get_product(hit.product.id)
    database.put_products([before.model_copy(update={"description": "changed"})])
    try:
        (again,) = service.search(Query(text="smartphone", language="zh", limit=1)).hits
        assert again.product.description == "changed"
    finally:
        database.put_products([before])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_no_text_breaks_a_search(service: SearchService, text: str) -> None:
    result = service.search(Query(text=text, limit=5))
    assert result.total >= len(result.hits)


def test_a_figure_is_read_by_the_shelf_it_is_asked_of(service: SearchService) -> None:
    (weight,) = [one for one in service.plan(Query(text="laptop under 1.5 kg")).constraints if one.op == "range"]
    assert (weight.field, weight.high) == ("attr:重量", 1500)
    (memory,) = [one for one in service.plan(Query(text="phone with at least 8 GB")).constraints if one.op == "range"]
    assert (memory.field, memory.low) == ("attr:内存", 8)
    assert service.search(Query(text="phone with at least 8 GB")).relaxed == ()
