"""Tables that settings name: one that is not there is told apart from one that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit_lib.errors import AuditError
from audit_lib.settings_rows import Override, read_table


def test_a_table_that_is_not_there_is_not_called_one_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes(b"provider_id\n\xe9\n")
    (tmp_path / "open.csv").write_text('provider_id\n"open\n', "utf-8")
    for name, why in {
        "none.csv": "it is not there",
        "latin.csv": "it is no text in UTF-8",
        "open.csv": "no CSV",
    }.items():
        with pytest.raises(AuditError, match=why) as caught:
            read_table(tmp_path / name, Override)
        assert caught.value.exit_code == 2
        assert name in caught.value.message
