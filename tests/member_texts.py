"""Texts in place of a member id: those that name nobody, and those that name somebody all the same."""

from __future__ import annotations

NOBODY = [
    "0", "00", "000000000", "0.0", "000-00-0000", "999", "999999999", "999999999.0", "999-99-9999", "UNKNOWN",
    "unknown", "Unk", "NONE", "Nil", "N/A", "NA", "na", "Missing", "NOT AVAILABLE", "XXX", "xxxxxxxxx", "-", "--", "?",
    "***", "_", ".",
]  # fmt: skip
# As they are read; numbers of few members in a row are somebody's, and so is what only looks like a placeholder.
SOMEBODY = {
    "9": "9", "99": "99", "90": "90", "909": "909", "0999": "0999", "9990": "9990", "M000": "M000", "M999": "M999",
    "000-00-0001": "000-00-0001", "123.0": "123", "99.0": "99", "UNKNOWN1": "UNKNOWN1", "None Smith": "None Smith",
    "XX": "XX", "X12": "X12", "m": "m", "NAN-1": "NAN-1", "1E5": "1E5",
}  # fmt: skip
