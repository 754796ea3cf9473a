"""Addresses of servers: they may hold a password, so no message, manifest or report repeats one."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*://|postgres(?:ql)?:)", re.IGNORECASE)


def names_a_server(claims: str) -> bool:
    """Tell whether what is given for claims is a server's address, of whatever kind, and not a path."""
    return _ADDRESS.match(claims) is not None
