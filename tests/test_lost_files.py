"""A file of which not one row can be read ends the run, alone or among others: its voids would be lost with it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit_lib.errors import AuditError
from tests.claims_text import read
from tests.command_line import GOOD, HEADER, MARK
from tests.parquet_tables import table

US_DATE = GOOD.replace("2025-08-01", "8/1/2025")


def _csv(folder: Path, name: str, *rows: str) -> None:
    (folder / name).write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")


def test_one_month_of_two(tmp_path: Path) -> None:
    _csv(tmp_path, "2025-09.csv", *[GOOD] * 98)
    _csv(tmp_path, "2025-11.csv", US_DATE, US_DATE)
    with pytest.raises(AuditError) as caught:
        read(tmp_path)
    assert caught.value.exit_code == 11
    said = "The claims file 2025-11.csv was opened, but not one of its 2 rows can be read with the layout canonical."
    assert caught.value.message.startswith(said)
    assert "claim_line_start_date is written otherwise in 2 rows." in caught.value.message
    assert "8/1/2025" not in caught.value.message and MARK not in caught.value.message


def test_dates_written_the_us_way_are_told_once_with_what_to_write(tmp_path: Path) -> None:
    """A paragraph that can be read aloud: what, where, what is allowed, what to do next."""
    dates = "claim_line_end_date,paid_date,claim_start_date,claim_end_date,admission_date"
    path = tmp_path / "us.csv"
    rows = [f"{US_DATE},8/31/2025,9/1/2025,8/1/2025,8/31/2025,{admission}" for admission in ("", "", "7/31/2025")]
    path.write_text("\n".join([f"{HEADER},{dates}", *rows]) + "\n", "utf-8")
    with pytest.raises(AuditError) as caught:
        read(path)
    assert caught.value.message == (
        "The claims file us.csv was opened, but not one of its 3 rows can be read with the layout canonical. A date "
        "must be written year first, as 2025-08-31 or 20250831, and lie between 1900 and 2099; claim_line_start_date, "
        "claim_line_end_date, paid_date and 3 more are written otherwise in 3 rows. Have the dates delivered so, or "
        "give --layout a file of two lines, `based_on: canonical` and `reading: {date_format: '%m/%d/%Y'}`, which "
        "reads month, day, year ('%d/%m/%Y' reads the day first; docs/layouts.md)."
    )
    (tmp_path / "us.yml").write_text("based_on: canonical\nreading: {date_format: '%m/%d/%Y'}\n", "utf-8")
    assert read(path, str(tmp_path / "us.yml"))[1].read == 3


def test_each_reason_is_told_once(tmp_path: Path) -> None:
    row = GOOD.replace("2025-08-01", "8/1/2025").replace("10.00", "ten")
    _csv(tmp_path, "2025-11.csv", row, row, US_DATE)
    with pytest.raises(AuditError) as caught:
        read(tmp_path)
    said = caught.value.message
    assert "In 3 rows: claim_line_start_date is not a date between" in said
    assert "In 2 rows: paid_amount is not an amount" in said
    assert said.count("is not a date") == 1


def test_of_several_each_is_named(tmp_path: Path) -> None:
    _csv(tmp_path, "2025-09.csv", GOOD)
    for month in ("2025-10", "2025-11"):
        _csv(tmp_path, f"{month}.csv", US_DATE, US_DATE)
    with pytest.raises(
        AuditError, match=r"The 2 claims files \(2025-10\.csv, 2025-11\.csv\) were opened.*their 4 rows"
    ):
        read(tmp_path)


def test_a_file_of_which_a_row_can_be_read_and_one_without_rows(tmp_path: Path) -> None:
    _csv(tmp_path, "2025-09.csv", GOOD)
    _csv(tmp_path, "2025-10.csv")
    _csv(tmp_path, "2025-11.csv", US_DATE, US_DATE, GOOD)
    _csv(tmp_path, "2025-12.csv", US_DATE)  # a bad row, in whatever file it stands
    _, counts = read(tmp_path)
    assert (counts.read, counts.rejected) == (2, 3)


def test_a_parquet_file_among_others(tmp_path: Path) -> None:
    pq.write_table(table(5), tmp_path / "2025-09.parquet")
    pq.write_table(table(2, claim_line_start_date=pa.array(["8/1/2025"] * 2)), tmp_path / "2025-11.parquet")
    with pytest.raises(AuditError, match=r"The claims file 2025-11\.parquet was opened, but not one of its 2 rows"):
        read(tmp_path)
