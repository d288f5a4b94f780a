"""What a shopper does and sees, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

WAIT_S = 20


class Page:
    """One browser on one store. Every look waits until it is true, and fails after `WAIT_S`."""

    def __init__(self, browser: Any, url: str, language: str) -> None:
        self.browser = browser
        self.url = url
        browser.get(f"{url}/healthz")
        browser.execute_script("localStorage.clear(); localStorage.setItem('daogou.language', arguments[0])", language)

    def open(self, address: str) -> Page:
        self.browser.get(self.url + address)
        return self.settled()

    def settled(self) -> Page:
        self.until(lambda: not self.all("main[aria-busy]") and self.all("main h1, main [role=alert]"))
        return self

    def until(self, true: Callable[[], Any]) -> Any:
        waiting = WebDriverWait(
            self.browser, WAIT_S, 0.05, ignored_exceptions=(StaleElementReferenceException, NoSuchElementException)
        )
        return waiting.until(lambda _: true())

    def all(self, selector: str) -> list[Any]:
        return list(self.browser.find_elements(By.CSS_SELECTOR, selector))

    def one(self, selector: str) -> Any:
        return self.until(lambda: next((one for one in self.all(selector) if one.is_displayed()), None))

    def text(self, selector: str) -> str:
        return str(self.until(lambda: [self.one(selector).text])[0])

    def texts(self, selector: str) -> list[str]:
        return list(self.until(lambda: [[one.text for one in self.all(selector)]])[0])

    def click(self, selector: str) -> None:
        def clicked() -> bool:
            self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", self.one(selector))
            self.one(selector).click()
            return True

        self.until(clicked)

    def type(self, selector: str, text: str, *, enter: bool = True) -> None:
        box = self.one(selector)
        box.clear()
        box.send_keys(text + (Keys.ENTER if enter else ""))

    def search(self, text: str) -> Page:
        self.type("#q", text)
        self.until(lambda: quote(text.split()[0]) in self.browser.current_url)
        return self.settled()

    def products(self) -> list[str]:
        """Ids of the results, in order."""
        return [one.get_attribute("data-product") for one in self.all("main .grid .card")]

    def chips(self) -> list[str]:
        return [one.removesuffix("✕").strip() for one in self.texts(".understood .chip")]

    def say(self, text: str) -> str:
        """Says something in the conversation and gives back the whole reply."""
        before = len(self.all(".reply"))
        self.type("#say", text)
        self.until(lambda: len(self.all(".reply")) == before + 1)
        return str(self.all(".reply")[-1].find_element(By.CSS_SELECTOR, ".bubble").text)

    def width_needed(self) -> int:
        return int(self.browser.execute_script("return document.documentElement.scrollWidth"))

    def complaints(self) -> list[str]:
        """What the browser's console complains about."""
        return [one["message"] for one in self.browser.get_log("browser") if one["level"] == "SEVERE"]
