"""Keyed pseudonyms: what stands in shared reports instead of members, claims and findings."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from audit_lib.errors import USAGE, AuditError

_LEAST_BYTES = 16
_SHOWN_DIGITS = 16


class Pseudonyms:
    """Pseudonyms of one key: the first 16 hexadecimal digits of HMAC-SHA256 over `kind|identifier`.

    Without the key nobody can try out identifiers against them; with the same key they are the same in every report.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def finding(self, rule: str, claim_id: str, claim_line_number: int) -> str:
        """Return the pseudonym of a finding: keyed over what its `finding_id` hashes."""
        return self._digits(f"finding|{rule}|{claim_id}|{claim_line_number}")

    def claim(self, claim_id: str) -> str:
        """Return the pseudonym of a claim."""
        return self._digits(f"claim|{claim_id}")

    def member(self, member_id: str) -> str:
        """Return the pseudonym of a member."""
        return self._digits(f"member|{member_id}")

    def _digits(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()[:_SHOWN_DIGITS]


def fresh_key() -> bytes:
    """Return a random key, for references that hold for one report alone."""
    return secrets.token_bytes(32)


def read_key(path: Path) -> bytes:
    """Read a key file: its bytes without blanks around them.

    Raises AuditError (2) where it is missing, too short to be a secret, or readable by others than its owner.
    """
    try:
        key = path.read_bytes().strip()
        is_open_to_others = bool(path.stat().st_mode & 0o077) and os.name == "posix"
    except OSError as error:
        raise _refusal(path, "cannot be read: it is missing or you may not read it") from error
    if len(key) < _LEAST_BYTES:
        raise _refusal(path, f"holds {len(key)} bytes; a key of fewer than {_LEAST_BYTES} can be guessed")
    if is_open_to_others:
        raise _refusal(path, f"can be read by others than its owner; run chmod 600 {path}")
    return key


def _refusal(path: Path, problem: str) -> AuditError:
    return AuditError(
        USAGE,
        f"The key file {path} (setting pseudonym_key_file) {problem}. "
        "Make one with: (umask 077; openssl rand -hex 32 > FILE), and keep it as you keep a password.",
    )
