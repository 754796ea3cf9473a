"""The commands of `infusion-audit`, one module each: `add_parser` declares it, `execute` runs it.

Modules import what is heavy inside `execute`, so that `--help` stays quick.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]
