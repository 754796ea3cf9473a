"""Shared places of the tests."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("INFUSION_AUDIT_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with claims and lists that others wrote; tests that read it say so where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED} is not there; name it with INFUSION_AUDIT_SHARED to run this test")
    return SHARED
