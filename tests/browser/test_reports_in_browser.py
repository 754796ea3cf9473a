"""Every report in headless Chromium, at the width of a desk and of a telephone, with no network."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.wait import WebDriverWait

from audit_lib.reports.parameters import notebook_names
from tests.rendered import Rendered

pytestmark = [pytest.mark.browser, pytest.mark.rendered]

WIDTHS = (1280, 390)
FLAGS = (
    "headless=new", "no-sandbox", "disable-gpu", "disable-background-networking", "disable-component-update",
    "disable-sync", "no-first-run",
)  # fmt: skip
SCRIPTS = Path(__file__).parent / "looks.js"


@pytest.fixture(scope="session")
def browser() -> Iterator[webdriver.Chrome]:
    """One browser for all pages, in which the functions of looks.js can be called."""
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for flag in FLAGS:
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    yield driver
    driver.quit()


def opened(driver: webdriver.Chrome, page: Path, width: int) -> webdriver.Chrome:
    """Open a page at a width, once every figure is drawn; what was logged of pages before is gone."""
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    driver.get_log("performance")
    driver.get_log("browser")
    driver.get(page.as_uri())
    WebDriverWait(driver, 20).until(lambda window: look(window, "allDrawn"))
    return driver


def look(driver: webdriver.Chrome, name: str) -> Any:
    """Return what a function of looks.js says of the page."""
    said = "Promise.resolve(%s()).then(arguments[arguments.length - 1]);"
    return driver.execute_async_script(f"{SCRIPTS.read_text('utf-8')}\n{said % name}")


def network(driver: webdriver.Chrome) -> list[str]:
    """Return the addresses that were asked for, but those that hold their own content."""
    messages: list[dict[str, Any]] = [
        json.loads(entry["message"])["message"] for entry in driver.get_log("performance")
    ]
    asked = [message["params"]["request"]["url"] for message in messages
             if message["method"] == "Network.requestWillBeSent"]  # fmt: skip
    return [address for address in asked if not address.startswith("data:")]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", notebook_names())
@pytest.mark.parametrize("rendered", ["sample", "clean"], indirect=True)
def test_every_report_is_whole(rendered: Rendered, name: str, width: int, browser: webdriver.Chrome) -> None:
    page = rendered.pages[name]
    opened(browser, page, width)
    assert network(browser) == [page.as_uri()]
    assert browser.get_log("browser") == []
    seen = {
        name: look(browser, name)
        for name in (
            "emptyFigures",
            "overlappingLabels",
            "valuesOutside",
            "sidewaysOverflow",
            "pagersOverTheEdge",
            "barsForNothing",
        )
    }
    assert not any(seen.values()), seen
    assert look(browser, "tablesWithoutSortOrSearch") == []
    assert look(browser, "tablesThatDoNotSort") == []
    assert look(browser, "tablesThatDoNotFilter") == []
    assert browser.get_log("browser") == []


@pytest.mark.parametrize("rendered", ["sample"], indirect=True)
def test_a_page_follows_the_window_unfolds_and_prints_every_row(rendered: Rendered, browser: webdriver.Chrome) -> None:
    opened(browser, rendered.pages["03_overpayment_exposure"], 1280)
    assert look(browser, "openDetails") == 0
    browser.execute_script("document.querySelector('.page-toggle').click()")
    assert look(browser, "openDetails") > 5
    browser.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    assert look(browser, "rowsShown") == look(browser, "rowsInAll")
    browser.execute_script("window.dispatchEvent(new Event('afterprint'))")
    assert look(browser, "rowsShown") < look(browser, "rowsInAll")
    screen = {"width": 640, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    WebDriverWait(browser, 5).until(lambda window: not look(window, "figuresWiderThanTheirPlace"))
    WebDriverWait(browser, 5).until(lambda window: not look(window, "overlappingLabels"))
    assert browser.get_log("browser") == []
