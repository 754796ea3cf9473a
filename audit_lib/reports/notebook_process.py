"""papermill's command in a process that ends with the one that started it.

A run that is killed cannot take down what it started. Else its notebooks would go on writing rows of claims into a
folder that the next run clears away. Standard input is a pipe that nobody writes to: its end is the starter's.
"""

from __future__ import annotations

import os
import sys
import threading


def _end_with_starter() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def main() -> None:
    """Run papermill with the arguments given; the kernel ends by itself when papermill is gone."""
    threading.Thread(target=_end_with_starter, daemon=True).start()
    from papermill.cli import papermill

    papermill()


if __name__ == "__main__":
    main()
