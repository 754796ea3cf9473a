"""The command with reports in a network of its own in which nothing but the machine itself can be reached."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_command import GOOD, _claims

# Kernels of notebooks talk to the program over 127.0.0.1, which is down in a new network.
ISOLATED = """
import fcntl, os, socket, struct, sys
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP
assert [name for _, name in socket.if_nameindex()] == ["lo"]
try:
    socket.create_connection(("192.0.2.1", 80), timeout=1)
    raise SystemExit("there is a network")
except OSError:
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
UNSHARE = [shutil.which("unshare") or "unshare", "-rn"]


def _can_isolate() -> bool:
    try:
        return subprocess.run([*UNSHARE, "true"], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.mark.notebook
@pytest.mark.skipif(not _can_isolate(), reason="the system allows no network of its own (unshare -rn)")
def test_a_run_with_reports_needs_no_network(tmp_path: Path) -> None:
    words = ["-m", "audit_lib.cli", "run", "--claims", _claims(tmp_path, GOOD), "--out", tmp_path / "runs", "--share"]
    command = [*UNSHARE, sys.executable, "-c", ISOLATED, *map(str, words), "--run-id", "r"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "runs" / "r"
    assert (folder / "reports" / "03_overpayment_exposure.html").is_file()
    assert list((folder / "shared_reports").glob("*.html"))
