"""
The web shop in a real browser: `make test-web`.

One renewal by hand and one order look-up in headless Chromium, with screenshots in `build/web/`.
"""

# ruff: noqa: E402
# Extras are looked for before they are imported.

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "build" / "web"
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1100,1000",
]

if not os.environ.get("SUBRENEW_BROWSER"):
    pytest.skip("a real browser is driven by `make test-web`", allow_module_level=True)
if not (CHROMIUM and DRIVER):
    pytest.skip("no chromium: run `make test-web`", allow_module_level=True)
webdriver = pytest.importorskip("selenium.webdriver", reason="no selenium: run `make test-web`")

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from examples.webshop import seed


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = tmp_path_factory.mktemp("shop") / "shop.sqlite"
    options = ["--on", "2025-12-10", "--port", str(port), "--database", str(database)]
    command = [sys.executable, str(ROOT / "examples" / "webshop" / "app.py"), *options]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = server.stdout.readline().strip()
    assert told == f"http://127.0.0.1:{port}/"
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield told
    server.terminate()
    server.wait(timeout=20)
    server.stdout.close()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    profile = tmp_path_factory.mktemp("profile")
    for flag in [*FLAGS, f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    SHOTS.mkdir(parents=True, exist_ok=True)
    yield driver
    driver.quit()


class Browser:
    """What a person does: looks, types, presses."""

    def __init__(self, driver, address):
        self.driver, self.address = driver, address
        driver.delete_all_cookies()

    def go(self, path):
        self.driver.get(self.address + path.lstrip("/"))

    def find(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def press(self, css):
        page = self.find("html")
        self.find(css).click()
        WebDriverWait(self.driver, 20).until(lambda _: page != self.find("html"))

    def type(self, css, text):
        self.find(css).clear()
        self.find(css).send_keys(text)

    @property
    def text(self):
        return self.find("main").text

    def shot(self, name):
        """Take the whole page, however long it is."""
        size = self.driver.get_window_size()
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        self.driver.set_window_size(size["width"], max(size["height"], height + 150))
        self.driver.save_screenshot(str(SHOTS / f"{name}.png"))
        self.driver.set_window_size(size["width"], size["height"])

    def tab_to(self, css):
        """Reach an element by the keyboard alone, as some people do."""
        target = self.find(css)
        for _ in range(40):
            active = self.driver.switch_to.active_element
            if active == target:
                return active
            active.send_keys("\ue004")
        raise AssertionError(f"{css} is not reached by the keyboard")


@pytest.fixture
def browser(chromium, address):
    browser = Browser(chromium, address)
    yield browser
    # A clean console: nothing is blocked, nothing is missing.
    said = [each for each in chromium.get_log("browser") if each["level"] in ("WARNING", "SEVERE")]
    assert said == []


def test_a_renewal_by_hand(browser):
    browser.go("/")
    browser.shot("1-people")
    browser.press("button[value=alice]")
    assert "Northwind Architects" in browser.text
    browser.shot("2-subscriptions")
    browser.press("a[href='/subscriptions/N-101']")
    assert "AutoCAD" in browser.text
    browser.shot("3-options")
    browser.press("#add")
    browser.go("/subscriptions/N-103")
    browser.press("#add")
    assert "$10,554.50" in browser.text
    browser.shot("4-cart")
    browser.type("#password-1", "northwind-2026")
    browser.tab_to("#check-out-1").send_keys("\n")
    WebDriverWait(browser.driver, 20).until(lambda _: browser.driver.find_elements("id", "number"))
    assert "January 14, 2027" in browser.text
    assert "January 30, 2027" in browser.text
    browser.shot("5-renewed")
    browser.go("/subscriptions/N-101")
    assert not browser.driver.find_elements(By.ID, "add")
    browser.shot("6-afterwards")


def test_an_order_look_up(browser):
    browser.go("/order")
    browser.type("#order-number", seed.ORDER_NUMBER)
    browser.type("#order-password", "a wrong one")
    browser.press("#open")
    assert "not opened" in browser.find("#answer").text
    browser.shot("7-wrong-password")
    browser.type("#order-password", seed.ORDER_PASSWORD)
    browser.press("#open")
    assert [each.text for each in browser.driver.find_elements(By.CLASS_NAME, "state")] == [
        "on"
    ] * 2
    browser.shot("8-order")
    browser.press("#switch")
    states = browser.driver.find_elements(By.CLASS_NAME, "state")
    assert [each.text for each in states] == ["off"] * 2
    browser.shot("9-switched-off")


def test_a_page_in_french(browser):
    browser.go("/?lang=fr")
    browser.press("button[value=camille]")
    browser.press("a[href='/subscriptions/L-201']")
    assert browser.find("html").get_attribute("lang") == "fr"
    assert "27 février 2026" in browser.text
    browser.shot("10-french")


def test_on_a_small_screen(browser):
    size = browser.driver.get_window_size()
    browser.driver.set_window_size(500, 900)
    browser.go("/")
    browser.press("button[value=alice]")
    browser.shot("11-small")
    wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.driver.execute_script(wider) == 0
    browser.driver.set_window_size(size["width"], size["height"])
