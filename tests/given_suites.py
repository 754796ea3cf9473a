"""Suites of expectations over six rows."""

from __future__ import annotations

from typing import Any

from audit_lib.quality.suites import Suite


def suite(*expectations: tuple[str, dict[str, Any]], tolerated: int = 0) -> Suite:
    return Suite.model_validate(
        {
            "name": "by_hand",
            "meta": {"table": "rows_given", "title": "By hand", "what": "six rows"},
            "expectations": [
                {
                    "type": of,
                    "kwargs": kwargs,
                    "severity": "warning",
                    "meta": {"id": f"one_{number}", "sentence": "As counted by hand.", "tolerated_count": tolerated},
                }
                for number, (of, kwargs) in enumerate(expectations)
            ],
        }
    )
