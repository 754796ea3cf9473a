"""Shared places of the tests."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from audit_lib.settings import Settings
from tests.rendered import Rendered, rendered_over

ROOT = Path(__file__).parent.parent
OF_REPORTS = {"tests/test_notebooks_executed.py", "tests/browser/test_reports_in_browser.py"}
# Two processes of tests share two cores, and a second thread only costs where claims are few. Tests of what threads
# change name them.
Settings.model_fields["threads"].default = 1
Settings.model_rebuild(force=True)
SHARED = Path(os.environ.get("INFUSION_AUDIT_SHARED", ROOT.parent / "shared"))


class ByFile(LoadFileScheduling):
    """Keeps in one process a module's tests, and all that look at reports which are rendered once."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return "reports" if file in OF_REPORTS else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    """Let `--dist loadfile` mean `ByFile`."""
    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with claims and lists that others wrote; tests that read it say so where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not there; name it with INFUSION_AUDIT_SHARED to run this test")
    return SHARED


@pytest.fixture(scope="session")
def rendered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """Every notebook over one of `tests.rendered.CLAIMS`, rendered once for all tests that look at it."""
    others = request.getfixturevalue("shared") if request.param == "tuva" else Path()
    return rendered_over(request.param, tmp_path_factory.mktemp(request.param), others)


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One local Spark for all tests: an audit takes the session that is there already."""
    from audit_lib.spark.session import open_session

    with open_session("", Settings(threads=2), tmp_path_factory.mktemp("spark")) as session:
        yield session


@pytest.fixture(scope="module")
def evidence_once() -> Iterator[None]:
    """Let exports of one run perform the rules again once for a module of tests: that is most of their time.

    No test that compares two exports may use it: both would rest on the same evidence.
    """
    from audit_lib.handout import evidence
    from audit_lib.run import Run

    perform = evidence.evidence_for
    performed: dict[tuple[Path, tuple[str, ...]], Any] = {}

    def remembered(run: Run, finding_ids: Sequence[str]) -> Any:
        key = (run.folder, tuple(finding_ids))
        if key not in performed:
            performed[key] = perform(run, finding_ids)
        return performed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evidence, "evidence_for", remembered)
        yield
