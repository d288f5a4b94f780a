"""The page as shoppers use it, in a real browser on a real guide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from browser.page import Page
from selenium.webdriver.common.keys import Keys

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(desktop_browser: Any, store_url: str) -> Iterator[Page]:
    page = Page(desktop_browser, store_url, "en")
    yield page
    assert page.complaints() == []


@pytest.fixture
def chinese(page: Page) -> Page:
    return Page(page.browser, page.url, "zh")


@pytest.fixture
def phone(phone_browser: Any, store_url: str) -> Iterator[Page]:
    page = Page(phone_browser, store_url, "zh")
    yield page
    assert page.complaints() == []


def test_the_first_view_shows_where_one_is(page: Page) -> None:
    page.open("/")
    assert page.text("#brand") == "小店 Small store"
    assert "Simulated" in page.text("#notice")
    assert page.texts(".categories a")
    assert page.all(".shelf .card")
    assert page.browser.execute_script(
        "return [...document.querySelectorAll('main .shelf img')].every((one) => !one.complete || one.naturalWidth > 0)"
    )


def test_an_english_wish_is_understood_and_can_be_undone(page: Page) -> None:
    page.open("/").search("running shoes under $60, not black")
    chips = page.chips()
    assert any("$60" in one for one in chips)
    assert any("black" in one for one in chips)
    assert page.products() == ["shoe-4"]
    assert page.text("main .card .card-title") == "Old Jogging Shoes"
    assert page.text("main .card .reason")
    page.click(".understood .chip.negated")
    page.settled()
    page.until(lambda: not any("black" in one for one in page.chips()))
    assert "undo=" in page.browser.current_url
    assert set(page.products()) == {"shoe-1", "shoe-4"}
    page.browser.back()
    page.until(lambda: page.products() == ["shoe-4"])


def test_a_chinese_wish_is_understood(chinese: Page) -> None:
    chinese.open("/").search("送妈妈的保湿面霜，500 以内")
    assert any("500" in one for one in chinese.chips())
    assert chinese.products()[0] == "cream-1"
    assert chinese.text("main .card .card-title") == "玉兰保湿面霜"
    assert chinese.text("main .card .price strong") == "¥268"


def test_a_search_is_a_link(page: Page) -> None:
    page.open("/?q=shoes&sort=price_desc")
    assert page.products()[0] == "shoe-3"
    page.open("/?f=category%3D护肤&f=price%3D200..300")
    assert page.products() == ["cream-1"]


def test_facets_narrow_and_are_cleared(page: Page) -> None:
    page.open("/").search("face cream")
    before = page.products()
    page.type(".facets-side input[name=high]", "200")
    page.until(lambda: page.products() == ["cream-2"])
    assert any("200" in one for one in page.chips())
    page.click(".facets-side > .plain")
    page.until(lambda: set(page.products()) == set(before))
    page.click('.facets-side input[data-filter^="brand="], .facets-side input[data-filter^="category="]')
    page.until(lambda: "f=" in page.browser.current_url and page.settled())


def test_sorting(page: Page) -> None:
    page.open("/").search("shoes")
    page.click('#sort option[value="price_asc"]')
    page.until(lambda: page.products()[0] == "shoe-4")


def test_suggestions_by_keyboard(page: Page) -> None:
    page.open("/")
    page.type("#q", "run", enter=False)
    page.until(lambda: page.all("#suggestions li"))
    assert page.one("#q").get_attribute("aria-expanded") == "true"
    page.one("#q").send_keys(Keys.ARROW_DOWN)
    chosen = page.text('#suggestions li[aria-selected="true"]')
    page.one("#q").send_keys(Keys.ENTER)
    page.settled()
    page.until(lambda: page.one("#q").get_attribute("value") == chosen)
    assert page.products()


def test_a_product_page_in_both_languages(page: Page) -> None:
    page.open("/p/shoe-1")
    assert page.text("main h1") == "Dawn Wind Light Running Shoes"
    assert page.text(".buy .price strong") == "¥399"
    assert page.texts(".attributes dt")
    page.until(lambda: page.all(".review-list li"))
    page.until(lambda: page.all(".shelf .card"))
    page.click("#language")
    page.until(lambda: page.text("main h1") == "晨风轻量跑鞋")
    assert page.text(".reviews h2") == "评价"
    assert page.text("#add") == "加入购物车"
    assert page.browser.execute_script("return document.documentElement.lang") == "zh"


def test_a_product_that_is_not_there(page: Page) -> None:
    page.open("/p/nothing")
    assert "There is no such product" in page.text("main h1")
    assert [one for one in page.complaints() if "404" not in one] == []


def test_a_question_about_a_product_is_answered_from_its_record(page: Page) -> None:
    page.open("/p/shoe-2")
    page.type("#question", "Is it waterproof?")
    page.until(lambda: page.all(".answer .answer-text"))
    page.until(lambda: page.all(".answer .evidence"))
    page.click(".answer .evidence summary")
    assert "IPX4" in page.text(".answer")


def test_a_variant_goes_into_the_cart(page: Page) -> None:
    page.open("/p/shoe-1")
    page.click(".variant input:not([disabled])")
    page.click("#add")
    page.until(lambda: page.text("#cart-count") == "1")
    page.click("#cart-button")
    assert page.text(".line a") == "Dawn Wind Light Running Shoes"
    assert page.text(".total strong") == "¥399"
    page.click(".line .step:last-of-type")
    page.until(lambda: page.text(".total strong") == "¥798")
    page.one("dialog").send_keys(Keys.ESCAPE)
    page.until(lambda: not page.all("dialog"))
    page.open("/")
    page.until(lambda: page.text("#cart-count") == "2")


def test_what_the_shopper_does_is_recorded_and_can_be_erased(page: Page) -> None:
    page.open("/p/cream-1")
    page.click("#add")
    page.until(lambda: page.text("#cart-count") == "1")
    shopper = page.browser.execute_script("return localStorage.getItem('daogou.shopper')")
    assert shopper.startswith("anon-")

    def names() -> set[str]:
        kept = httpx.get(f"{page.url}/v1/shoppers/{shopper}/export").json()
        return {event["name"] for event in kept["data"].get("events", [])}

    page.until(lambda: {"view_item", "add_to_cart"} <= names())
    page.click("#forget")
    page.browser.switch_to.alert.accept()
    page.until(lambda: names() == set())
    page.until(lambda: page.browser.execute_script("return localStorage.getItem('daogou.shopper')") != shopper)


def test_two_products_side_by_side(page: Page) -> None:
    page.open("/").search("face cream")
    page.click('input[data-compare="cream-1"]')
    page.click('input[data-compare="cream-2"]')
    page.click("#compare-bar .button")
    headings = page.texts("table.compare thead th")
    assert headings[1:] == ["Magnolia Moisturising Cream", page.texts("table.compare thead a")[1]]
    assert "¥268" in page.text("table.compare tbody")
    assert page.all("table.compare .differs")
    page.one("dialog").send_keys(Keys.ESCAPE)
    page.click("#compare-bar .quiet")


def test_a_conversation_streams_and_ends_in_the_cart(chinese: Page) -> None:
    chinese.open("/")
    chinese.browser.execute_script(
        "window.seen = []; new MutationObserver(() => window.seen.push(document.querySelector('.log').textContent))"
        ".observe(document.querySelector('.log'), {childList: true, subtree: true, characterData: true})"
    )
    said = chinese.say("想要保湿面霜，500 以内")
    assert "玉兰保湿面霜" in said
    assert "¥268" in said
    assert chinese.one(".reply .card").get_attribute("data-product") == "cream-1"
    # The words were there before the turn was whole: at some moment text stood without cards.
    assert any("玉兰" in one for one in chinese.browser.execute_script("return window.seen"))
    chinese.say("把第一个加入购物车")
    chinese.until(lambda: chinese.text("#cart-count") == "1")
    chinese.click("#cart-button")
    assert chinese.text(".line a") == "玉兰保湿面霜"
    chinese.one("dialog").send_keys(Keys.ESCAPE)
    # A reload keeps the conversation.
    chinese.open("/")
    assert "想要保湿面霜" in chinese.text(".log")


def test_the_conversation_shares_the_pages_cart(page: Page) -> None:
    page.open("/p/kettle-1")
    page.click("#add")
    page.until(lambda: page.text("#cart-count") == "1")
    page.say("what is in my cart?")
    page.until(lambda: page.text("#cart-count") == "1")
    assert "Kettle" in page.text(".log")


def test_comparing_in_the_conversation(page: Page) -> None:
    page.open("/")
    page.say("face cream")
    page.say("compare the first two")
    page.until(lambda: page.all(".reply table.compare"))
    assert len(page.texts(".reply table.compare thead a")) == 2


def test_markup_in_the_catalogue_stays_text(page: Page) -> None:
    title = "<img src=x onerror=alert(1)> zebra lamp"
    evil = {"id": "evil", "title": title, "description": "<script>alert(2)</script>"}
    put = httpx.put(f"{page.url}/v1/products", json={"products": [evil]}, headers={"authorization": "Bearer hush"})
    assert put.status_code == 200
    try:
        page.open("/p/evil")
        assert page.text("main h1") == title
        assert "<script>" in page.text(".about")
        page.open("/").search("zebra lamp")
        assert "evil" in page.products()
        assert page.all("main img[src='x']") == []
    finally:
        httpx.delete(f"{page.url}/v1/products/evil", headers={"authorization": "Bearer hush"})


@pytest.mark.parametrize("address", ["/", "/?q=保湿面霜 500以内", "/p/shoe-1"])
def test_a_phone_needs_no_sideways_scrolling(phone: Page, address: str) -> None:
    phone.open(address)
    assert phone.width_needed() <= 360
    phone.browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": True}
    )
    try:
        phone.settled()
        assert phone.width_needed() <= 320
    finally:
        size = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
        phone.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def test_drawers_on_a_phone(phone: Page) -> None:
    phone.open("/?q=面霜")
    assert not any(one.is_displayed() for one in phone.all(".facets-side"))
    phone.click("#filters-button")
    assert phone.one("dialog .facet").is_displayed()
    phone.one("dialog").send_keys(Keys.ESCAPE)
    phone.until(lambda: not phone.all("dialog"))
    assert not phone.all("#chat")[0].is_displayed()
    phone.click("#chat-button")
    assert phone.one("#say").is_displayed()
    assert "玉兰保湿面霜" in phone.say("保湿面霜")
    assert phone.width_needed() <= 360
    phone.click(".reply .card a")
    phone.until(lambda: "/p/" in phone.browser.current_url)
    assert not phone.all("#chat")[0].is_displayed()


def test_everything_to_click_has_a_name_and_pictures_have_words(page: Page, language: str) -> None:
    Page(page.browser, page.url, language)
    for address in ("/", "/?q=面霜", "/p/shoe-1"):
        page.open(address)
        unnamed = page.browser.execute_script(
            """return [...document.querySelectorAll("button, a[href], input, select, textarea")].filter((one) => {
              const label = (one.labels && one.labels[0]) || one;
              const name = one.getAttribute("aria-label") || label.textContent.trim();
              return !name && !one.hidden;
            }).map((one) => one.outerHTML.slice(0, 120))"""
        )
        assert unnamed == []
        assert page.browser.execute_script("return document.querySelectorAll('main h1').length") == 1
        assert page.browser.execute_script("return document.querySelectorAll('img:not([alt])').length") == 0


def test_the_keyboard_reaches_the_content(page: Page) -> None:
    page.open("/?q=cream")
    page.browser.execute_script("document.body.focus()")
    page.one("body").send_keys(Keys.TAB)
    assert page.browser.switch_to.active_element.get_attribute("id") == "skip"
    page.browser.switch_to.active_element.send_keys(Keys.ENTER)
    assert page.browser.switch_to.active_element.get_attribute("id") == "main"
