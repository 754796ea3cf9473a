"""Reports of claims that hold scripts and elements in every text, opened in Chromium: text, and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from audit_lib.reports.render import render_reports
from tests.hostile_claims import HOSTILE, hostile_run

pytestmark = pytest.mark.browser
PAGES = ["03_overpayment_exposure", "07_claim_evidence"]
NOTES_WHAT_RUNS = "window.zqhits = 0; window.zqran = function () { window.zqhits += 1; };"
WHAT_RAN = "return window.zqhits;"
FOREIGN = """
const isForeign = name => name.startsWith('zq') || name.startsWith('on');
return [...document.querySelectorAll('*')].filter(element =>
  element.localName.startsWith('zq')
  || [...element.attributes].some(a => isForeign(a.name) || a.value.trim().startsWith('javascript:'))
).map(element => element.outerHTML.slice(0, 200));
"""
TEXT = "return document.body.textContent;"
UNFOLD = """
document.querySelectorAll('details').forEach(part => { part.open = true; });
document.querySelectorAll('.audit-canvas, table td, svg text').forEach(place =>
  ['mouseover', 'mousemove', 'click'].forEach(kind => place.dispatchEvent(new MouseEvent(kind, {bubbles: true}))));
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {page.stem: page for page in render_reports(hostile_run(tmp_path_factory.mktemp("hostile")), PAGES)}


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    """Chromium without the policy by which a report forbids scripts that are not its own: text alone must do."""
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for flag in ("headless=new", "no-sandbox", "disable-gpu", "disable-background-networking", "no-first-run"):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.execute_cdp_cmd("Page.enable", {})
    driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": NOTES_WHAT_RUNS})
    yield driver
    driver.quit()


def _asked_for(driver: webdriver.Chrome) -> list[str]:
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    return [address for address in asked if not address.startswith("data:")]


@pytest.mark.parametrize("kind", ["script", "attribute", "apostrophe"])
def test_what_is_looked_for_would_be_found(browser: webdriver.Chrome, tmp_path: Path, kind: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<p title='{HOSTILE[kind]}'>{HOSTILE[kind]}</p>", "utf-8")
    _asked_for(browser)
    browser.get(page.as_uri())
    browser.execute_script(UNFOLD)
    assert browser.execute_script(FOREIGN)
    assert browser.execute_script(WHAT_RAN) or kind == "apostrophe"
    assert len(_asked_for(browser)) > 1 or kind != "attribute"


@pytest.mark.parametrize("name", PAGES)
def test_reports_show_it_and_run_none_of_it(browser: webdriver.Chrome, pages: dict[str, Path], name: str) -> None:
    _asked_for(browser)
    browser.get(pages[name].as_uri())
    browser.execute_script(UNFOLD)
    assert browser.execute_script(FOREIGN) == []
    assert browser.execute_script(WHAT_RAN) == 0
    assert _asked_for(browser) == [pages[name].as_uri()]
    assert "zqran()" in browser.execute_script(TEXT)
