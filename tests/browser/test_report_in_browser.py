"""The report in headless Chromium, at the width of a desk and of a telephone, with no network."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.wait import WebDriverWait

from audit_lib.reports.render import render_reports
from tests.fake_run import build_run

pytestmark = [pytest.mark.browser, pytest.mark.notebook]

NAME = "03_overpayment_exposure"
WIDTHS = (1280, 390)
OVERLAPPING_LABELS = """
const found = [];
document.querySelectorAll('.audit-canvas').forEach(function (canvas) {
  const texts = [...canvas.querySelectorAll('svg text')].filter(text => text.textContent.trim());
  const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()])
    .filter(pair => pair[1].width);
  boxes.forEach(function ([one, a], index) {
    boxes.slice(index + 1).forEach(function ([other, b]) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 3) { found.push(one + ' / ' + other); }
    });
    const frame = canvas.getBoundingClientRect();
    if (a.right > frame.right + 1 || a.left < frame.left - 1) { found.push('cut off: ' + one); }
  });
});
return found;
"""
EMPTY_FIGURES = """
return [...document.querySelectorAll('.audit-canvas')].filter(function (canvas) {
  const bars = [...canvas.querySelectorAll('svg .barlayer path, svg .waterfalllayer path, svg .scatterlayer path')];
  return !bars.some(bar => bar.getBoundingClientRect().width > 1);
}).length;
"""


@pytest.fixture(scope="module", params=[True, False], ids=["findings", "no_findings"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run_folder = build_run(tmp_path_factory.mktemp("runs") / "run", findings=request.param)
    (page,) = render_reports(run_folder, [NAME])
    return page


@pytest.fixture(scope="module", params=WIDTHS)
def browser(request: pytest.FixtureRequest, report: Path) -> Iterator[webdriver.Chrome]:
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for flag in (
        "headless=new",
        "no-sandbox",
        "disable-gpu",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
        "no-first-run",
    ):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    screen = {"width": request.param, "height": 900, "deviceScaleFactor": 1, "mobile": request.param < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    driver.get(report.as_uri())
    drawn = (
        "return [...document.querySelectorAll('.audit-canvas')].every(c => c.querySelector('svg .cartesianlayer path'))"
    )
    WebDriverWait(driver, 20).until(lambda window: window.execute_script(drawn))
    yield driver
    driver.quit()


def network(driver: webdriver.Chrome) -> list[str]:
    messages: list[dict[str, Any]] = [
        json.loads(entry["message"])["message"] for entry in driver.get_log("performance")
    ]
    return [
        message["params"]["request"]["url"] for message in messages if message["method"] == "Network.requestWillBeSent"
    ]


def test_the_report_in_a_browser(browser: webdriver.Chrome, report: Path) -> None:
    addresses = [address for address in network(browser) if not address.startswith("data:")]
    assert addresses == [report.as_uri()]
    assert browser.get_log("browser") == []
    assert browser.execute_script("return document.querySelectorAll('.audit-canvas').length") > 0
    assert browser.execute_script(EMPTY_FIGURES) == 0
    assert browser.execute_script(OVERLAPPING_LABELS) == []
    wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert browser.execute_script(wider) <= 0


def test_a_figure_follows_the_window(browser: webdriver.Chrome) -> None:
    screen = {"width": 640, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    fits = """const canvas = document.querySelector('.audit-canvas');
        return canvas.querySelector('svg').getBoundingClientRect().width <= canvas.clientWidth + 1;"""
    WebDriverWait(browser, 5).until(lambda window: window.execute_script(fits))
    WebDriverWait(browser, 5).until(lambda window: window.execute_script(OVERLAPPING_LABELS) == [])


def test_code_and_queries_unfold(browser: webdriver.Chrome) -> None:
    closed = "return [...document.querySelectorAll('details.page-code, details.audit-source')].every(d => !d.open)"
    assert browser.execute_script(closed)
    browser.execute_script("document.querySelector('.page-toggle').click()")
    assert browser.execute_script("return [...document.querySelectorAll('details.page-code')].every(d => d.open)")
    assert browser.get_log("browser") == []


def test_a_table_sorts(browser: webdriver.Chrome) -> None:
    """A click on a heading of counts puts the least first, whatever stands among the digits."""
    heading = "[...document.querySelectorAll('.audit-rule_totals table.dataTable thead th')][2]"
    browser.execute_script(f"{heading}.querySelector('.dt-column-header').click()")
    shown = """return [...document.querySelectorAll('.audit-rule_totals table.dataTable tbody tr td:nth-child(3)')]
        .map(cell => Number(cell.textContent.replace(/,/g, '')));"""
    WebDriverWait(browser, 5).until(
        lambda window: (values := window.execute_script(shown)) == sorted(values) and len(values) > 1
    )
