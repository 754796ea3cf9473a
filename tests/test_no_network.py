"""The command with a report and `--share`, in which no process can reach anything but the machine itself.

Every Python process of the run, kernels among them, refuses and notes what leaves the machine. Where the system allows
it, the run also has a network of its own in which there is nothing else, for what is not Python.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_line import GOOD, claims_file
from tests.conftest import ROOT

GUARD = """
import os, sys

HOST = {"socket.connect": 1, "socket.sendto": 1, "socket.sendmsg": 1, "socket.getaddrinfo": 0,
        "socket.gethostbyname": 0, "socket.gethostbyaddr": 0}

def refuse(event, arguments):
    if event in HOST:
        address = arguments[HOST[event]]
        host = address[0] if isinstance(address, tuple) else address
        is_file = event in ("socket.connect", "socket.sendto", "socket.sendmsg") and not isinstance(address, tuple)
        if not is_file and host not in (None, "", "localhost", "127.0.0.1", "::1"):
            with open(os.environ["NOTES"], "a") as notes:
                print(event, host, file=notes)
            raise OSError("no network here")
    if event == "cpython.run_command" or event == "cpython.run_module":
        with open(os.environ["NOTES"] + ".processes", "a") as notes:
            print(*arguments, file=notes)

sys.addaudithook(refuse)
"""
# Kernels of notebooks talk to the program over 127.0.0.1, which is down in a new network.
ISOLATED = """
import fcntl, os, socket, struct, sys
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 1))  # SIOCSIFFLAGS, IFF_UP
assert [name for _, name in socket.if_nameindex()] == ["lo"]
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
UNSHARE = [shutil.which("unshare") or "unshare", "-rn"]
ASK = "import urllib.request as r; r.urlopen('http://192.0.2.1/', timeout=1)"
LOOK_UP = "import socket; socket.getaddrinfo('example.org', 80)"


def _can_isolate() -> bool:
    try:
        return subprocess.run([*UNSHARE, "true"], capture_output=True).returncode == 0
    except OSError:
        return False


def _guarded(place: Path, words: list[str], isolated: bool = False) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run this Python with the guard in it and in every Python that it starts; return how it ended and the notes."""
    (place / "guard").mkdir()
    (place / "guard" / "sitecustomize.py").write_text(GUARD, "utf-8")
    notes = place / "notes"
    own = {"PYTHONPATH": f"{place / 'guard'}{os.pathsep}{ROOT}", "NOTES": str(notes)}
    command = [*UNSHARE, sys.executable, "-c", ISOLATED] if isolated else [sys.executable]
    done = subprocess.run([*command, *words], env=os.environ | own, capture_output=True, text=True, timeout=600)
    return done, notes


@pytest.mark.parametrize("text", [ASK, LOOK_UP])
def test_the_guard_notices_and_refuses(tmp_path: Path, text: str) -> None:
    done, notes = _guarded(tmp_path, ["-c", text])
    assert "no network here" in done.stderr
    assert notes.read_text("utf-8").count("\n") == 1


@pytest.mark.notebook
def test_a_run_with_a_report_needs_no_network(tmp_path: Path) -> None:
    claims = claims_file(tmp_path, GOOD)
    words = ["-m", "audit_lib.cli", "run", "--claims", claims, "--out", tmp_path / "runs", "--share"]
    words += ["--run-id", "r", "--notebooks", "03_overpayment_exposure"]
    done, notes = _guarded(tmp_path, list(map(str, words)), isolated=_can_isolate())
    assert done.returncode == 0, done.stderr
    assert not notes.exists(), notes.read_text("utf-8")
    processes = notes.with_name("notes.processes").read_text("utf-8")
    assert "ipykernel_launcher" in processes and "audit_lib.cli" in processes  # the guard stood in each of them
    folder = tmp_path / "runs" / "r"
    assert (folder / "reports" / "03_overpayment_exposure.html").is_file()
    (shared,) = (folder / "shared_reports").glob("*.html")
    assert f"Shared report: {shared}" in done.stdout
