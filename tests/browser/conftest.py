"""A real guide on a small store, served on a free port, and Debian's chromium to look at it."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en",
)


def missing(what: str) -> None:
    """Skips on a laptop, fails where everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a store with the products of `small_shop`, drawn pictures, and no language model."""
    import uvicorn
    from PIL import Image, ImageDraw
    from small_shop import POLICIES, PRODUCTS, REVIEWS

    from daogou.errors import WeightsMissing
    from daogou.guide import Guide
    from daogou.index import Keeper, build_index
    from daogou.records import Money
    from daogou.serve import create_app
    from daogou.settings import read_settings

    home = tmp_path_factory.mktemp("store")
    (home / "images").mkdir()
    for place, product in enumerate(PRODUCTS):
        picture = Image.new("RGB", (240, 240), (40 * place % 256, 120, 200 - 20 * place % 200))
        ImageDraw.Draw(picture).ellipse((60, 60, 180, 180), fill=(255, 240, 200))
        picture.save(home / "images" / f"{product.id}.webp")
    settings = read_settings(
        home=home, llm="none", name="小店 Small store", notice="Simulated · 模拟数据", rates={"USD": 7.0}, token="hush"
    )
    try:
        guide = Guide.open(settings)
    except WeightsMissing as failure:
        missing(f"the encoder ({failure})")
    dearer = Money.of(9999, "CNY")
    guide.database.put_products(
        [one.model_copy(update={"images": (f"{one.id}.webp",), "list_price": dearer}) for one in PRODUCTS]
    )
    guide.database.put_reviews(REVIEWS)
    guide.database.put_policies(POLICIES)
    build_index(guide.database, guide.indexes, guide.encoder)
    keeper = Keeper(guide.database, guide.indexes, guide.encoder)
    guide.upkeep = keeper
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(create_app(guide, keeper=keeper), log_config=None, ws="none")
    ready = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready.set()

    server = Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    assert ready.wait(30)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(20)
    guide.close()


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[int, int], Any]]:
    """Opens browsers of a given width and height, each with an empty profile; they are closed at the end."""
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if binary is None or driver is None:
        missing("chromium")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    opened: list[Any] = []

    def open_browser(width: int, height: int) -> Any:
        options = webdriver.ChromeOptions()
        options.binary_location = str(binary)
        for flag in (
            *FLAGS,
            f"--window-size={width},{height}",
            f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
        ):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        browser = webdriver.Chrome(options=options, service=Service(str(driver)))
        opened.append(browser)
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        return browser

    yield open_browser
    for browser in opened:
        browser.quit()


@pytest.fixture(scope="session")
def desktop_browser(chromium: Callable[[int, int], Any]) -> Any:
    return chromium(1280, 900)


@pytest.fixture(scope="session")
def phone_browser(chromium: Callable[[int, int], Any]) -> Any:
    return chromium(360, 740)
