"""What becomes of a command whose output nobody takes: its exit code is ours, and Python adds no words of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("words", ["rules sql supply_with_per_diem", "rules"])
@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_an_output_that_is_full_ends_with_14_and_says_so(words: str, unbuffered: str) -> None:
    with FULL.open("w") as full:
        done = _command(words, unbuffered, full.fileno())
    assert done.returncode == 14
    assert done.stderr.count("\n") == 1 and "the disk is full or refuses more" in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_nobody_reads_ends_with_14_in_silence(unbuffered: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = _command("rules sql supply_with_per_diem", unbuffered, writer)
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (14, "")


def _command(words: str, unbuffered: str, output: int) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    call = [sys.executable, "-m", "audit_lib.cli", *words.split()]
    return subprocess.run(call, stdout=output, stderr=subprocess.PIPE, text=True, env=environment, check=False)
