"""Spark Connect: whether a server answers, and how long it is waited for once it no longer does."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

from pyspark.sql.connect.client.retries import DefaultPolicy

from audit_lib.stopping import is_stopping

_PORT, _PATIENCE_SECONDS = 15002, 20
# Waits of 0.05, 0.2, 0.8 and 3.2 seconds, then of 5: a minute in all. Spark's own client goes on for ten and more.
_TRIES, _LONGEST_WAIT = 15, 5_000


class Patience(DefaultPolicy):  # type: ignore[misc]  # PySpark is not there where types are checked
    """Tries again until the program is to stop: it ends only with the last thread, and those that tidy up ask too."""

    def can_retry(self, error: BaseException) -> bool:
        """Tell whether a call that failed is made once more."""
        return not is_stopping() and bool(super().can_retry(error))


def open_remote(builder: Any, address: str) -> Any:
    """Give a session of the server at an address. Raises OSError where nobody answers there."""
    host, _, port = urlsplit(address).netloc.rpartition("@")[2].partition(":")
    socket.create_connection((host, int(port or _PORT)), timeout=_PATIENCE_SECONDS).close()
    session = builder.remote(address).getOrCreate()
    patience = Patience(max_retries=_TRIES, max_backoff=_LONGEST_WAIT, max_server_retry_delay=_LONGEST_WAIT)
    session.client.set_retry_policies([patience])
    return session


def no_more_patience(session: Any) -> None:
    """Let a session end without waiting for a server that is gone."""
    for policy in session.client.get_retry_policies():
        policy.max_retries = 0
