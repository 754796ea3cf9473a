"""What was measured on: processor, memory, system and versions; nothing that names the machine or its owner."""

from __future__ import annotations

import os
import platform
import re
from datetime import date
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("infusion-audit", "duckdb", "pandas", "polars", "pyarrow", "great-expectations")


def describe_machine() -> dict[str, str]:
    """Return what a reader must know of the machine to read its seconds."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{pages / 1e9:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
    }


def machine_now() -> str:
    """Return what tells this machine since its start from any other, so that times of two are not put together."""
    started = Path("/proc/sys/kernel/random/boot_id")
    return started.read_text("utf-8").strip() if started.is_file() else f"{platform.node()} {date.today()}"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", info.read_text("utf-8"), re.MULTILINE) if info.is_file() else None
    return found[1] if found else platform.processor() or platform.machine()
