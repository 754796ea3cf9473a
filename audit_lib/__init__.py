"""Retrospective audit of paid claims against an infusion payment policy.

from audit_lib import Audit

audit = Audit.open("claims.parquet", layout="tuva").run()
audit.findings(outcome="overpayment")
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit_lib.api import Audit

__all__ = ["Audit"]


def __getattr__(name: str) -> Any:
    """Import what is asked for only then: the command must start quickly."""
    if name == "Audit":
        from audit_lib.api import Audit

        return Audit
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
