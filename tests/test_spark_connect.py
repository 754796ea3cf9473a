"""A Spark Connect server that is gone: waited for a while, then left, and at once by whoever asks to stop."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.spark
CODE = """
import sys
from audit_lib.spark import remote
from audit_lib.cli import main
remote._TRIES = int(sys.argv.pop(1))
sys.exit(main())
"""


class Gone:
    """What answers where a server was: it takes connections and hangs up."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"sc://127.0.0.1:{self.socket.getsockname()[1]}"
        self.count = 0
        threading.Thread(target=self._hang_up, daemon=True).start()

    def _hang_up(self) -> None:
        while True:
            try:
                self.socket.accept()[0].close()
            except OSError:
                return
            self.count += 1


@pytest.fixture
def gone() -> Iterator[Gone]:
    server = Gone()
    yield server
    server.socket.close()


def start(gone: Gone, tmp_path: Path, tries: int) -> subprocess.Popen[str]:
    sample = ROOT / "data" / "sample" / "claims.csv"
    words = ["run", "--claims", sample, "--out", tmp_path, "--engine", "spark", "--spark-master", gone.address]
    command = [
        sys.executable,
        "-W",
        "ignore::FutureWarning",
        "-c",
        CODE,
        str(tries),
        *map(str, words),
        "--no-quality",
        "--no-reports",
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_server_that_is_gone_is_not_waited_for_without_end(gone: Gone, tmp_path: Path) -> None:
    process = start(gone, tmp_path, tries=4)
    said = process.communicate(timeout=60)
    assert process.returncode == 2, said
    *progress, last = said[1].splitlines()
    assert last.startswith("infusion-audit: Spark cannot be started or reached (SparkConnectGrpcException)")
    assert [line for line in progress if "infusion-audit: starting spark" not in line] == []
    assert gone.count >= 4
    assert list(tmp_path.iterdir()) == []


def test_whoever_waits_for_a_server_that_is_gone_can_be_stopped(gone: Gone, tmp_path: Path) -> None:
    process = start(gone, tmp_path, tries=1_000)
    until = time.monotonic() + 60
    while gone.count < 3 and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=20)
    assert process.returncode == 130, said
    assert said[1].splitlines()[-1] == "infusion-audit: interrupted; nothing half-made was left behind."
    assert list(tmp_path.iterdir()) == []
