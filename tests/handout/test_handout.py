"""Hand-outs per provider as they are opened: workbooks, CSV and requests for records that can be sent."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from audit_lib.safe_text import begins_like_formula, cell_text, csv_text
from tests.handout.reading import Export, csv_rows

pytestmark = pytest.mark.usefixtures("evidence_once")


def test_a_records_request_names_each_document_once_per_claim_and_purpose(with_leads: Path) -> None:
    requests = list(with_leads.glob("providers/*_records_request/records_request.csv"))
    assert requests
    for path in requests:
        rows = csv_rows(path)
        keys = [(row["claim_id"], row["document"], row["purpose"]) for row in rows]
        assert len(keys) == len(set(keys)) > 0
        assert not any(name.endswith("amount") for name in rows[0])


def test_records_are_asked_for_what_records_settle(audit: Callable[..., Path], export: Export, tmp_path: Path) -> None:
    rows = ["A 1 m S9500 90.00 111111111", "A 2 m J0690 30.00 111111111", "A 3 m A4222 7.00 111111111",
            "B 1 m A4927 12.00 111111111"]  # fmt: skip
    (tmp_path / "o.csv").write_text(
        "provider_id,rule,action,note,approved_by\n111111111,supply_with_per_diem,review,contract,me\n", "utf-8"
    )
    (tmp_path / "s.yml").write_text("overrides: o.csv\n", "utf-8")
    decided, overridden = audit(rows), audit(rows, "--config", str(tmp_path / "s.yml"), name="overridden")
    purposes = {
        (row["claim_id"], row["claim_line_numbers"], row["purpose"])
        for row in csv_rows(export(decided, "--records-request", "--format", "csv")
                            / "providers" / "provider_111111111_records_request" / "records_request.csv")
    }  # fmt: skip
    assert purposes == {
        ("A", "3", "only if you dispute the amount demanded"),
        ("B", "1", "needed to settle an open question"),
    }
    # The plan itself turned the supply into a review: no record of the provider's settles that.
    asked = csv_rows(export(overridden, "--records-request", "--format", "csv")
                     / "providers" / "provider_111111111_records_request" / "records_request.csv")  # fmt: skip
    assert {row["claim_id"] for row in asked} == {"B"}


# As it is opened


def test_a_workbook_can_be_sent(sample: Path, export: Export) -> None:
    book = openpyxl.load_workbook(export(sample, "--provider", "00-1000015") / "providers" / "provider_001000015.xlsx")
    assert book.sheetnames == ["Summary", "Lines", "Not demanded", "Evidence", "Method"]
    lines = book["Lines"]
    assert (lines.freeze_panes, lines.auto_filter.ref) == ("C4", f"A3:W{lines.max_row}")
    assert (lines.page_setup.orientation, lines.print_title_rows) == ("landscape", "$3:$3")
    assert "&P" in lines.oddFooter.right.text and lines.page_setup.fitToHeight == 0
    paid, first, code = lines["I4"], lines["D4"], lines["F4"]
    assert (type(paid.value), paid.number_format) in {(float, "$#,##0.00"), (int, "$#,##0.00")}
    assert (type(first.value), first.number_format) == (datetime.datetime, "yyyy-mm-dd")
    assert code.data_type == "s"
    assert all(lines.column_dimensions[letter].width >= 6 for letter in "ABCDEFGHIJKLM")
    assert book["Summary"]["B3"].value == "=Infusion & Care"
    assert book["Summary"]["B3"].data_type == "s" and book["Summary"]["B3"].quotePrefix


def test_a_workbook_does_not_say_who_made_it(sample: Path, export: Export) -> None:
    with zipfile.ZipFile(export(sample, "--provider", "001000015") / "providers" / "provider_001000015.xlsx") as book:
        core, app = (book.read(f"docProps/{name}.xml").decode() for name in ("core", "app"))
    assert "<dc:creator></dc:creator>" in core and "<cp:lastModifiedBy></cp:lastModifiedBy>" in core
    assert "<Company></Company>" in app


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1"])
def test_text_that_begins_like_a_formula_is_neutralised(text: str) -> None:
    assert begins_like_formula(text) and csv_text(text) == f"'{text}"


def test_other_text_stays_as_it_is() -> None:
    assert [csv_text(text) for text in ("S9500", "a=b", "", "001")] == ["S9500", "a=b", "", "001"]
    assert len(cell_text("x" * 40_000)) == 32_767


def test_claims_cannot_plant_formulas(audit: Callable[..., Path], export: Export) -> None:
    run = audit(['=HYPERLINK("http://x";1) 1 +m S9542 90.00 111111111'])
    book = openpyxl.load_workbook(export(run) / "providers" / "provider_111111111.xlsx")
    for sheet in ("Lines", "Evidence"):
        cell = book[sheet]["A4"]
        assert (cell.value[0], cell.data_type, bool(cell.quotePrefix)) == ("=", "s", True)
    formulas = [c.value for ws in book for row in ws.iter_rows() for c in row if c.data_type == "f"]
    assert formulas == ["=SUBTOTAL(109,J4:J4)"]
    row = csv_rows(export(run, "--format", "csv") / "providers" / "provider_111111111" / "lines.csv")[0]
    assert (row["claim_id"][:2], row["member_id"]) == ("'=", "'+m")


def test_what_the_contract_pays_of_a_further_therapy_is_said(
    audit: Callable[..., Path], export: Export, tmp_path: Path
) -> None:
    (tmp_path / "s.yml").write_text("contract_factors: {SH: 0.555, SJ: 0.07}\n", "utf-8")
    codes = ["S9500 90.00", "J0690 30.00", "S9338 80.00", "J1569 30.00", "S9348 70.00", "J1250 30.00"]
    rows = [f"A {line} m {code} 111111111" for line, code in enumerate(codes, start=1)]
    out = export(audit(rows, "--config", str(tmp_path / "s.yml")), "--format", "csv")
    told = {
        (row["hcpcs_code"], row["point"]): row["answer"]
        for row in csv_rows(out / "providers" / "provider_111111111" / "evidence.csv")
    }
    computed, asked = "How the amount was computed", "What was asked of the claims"
    for code, part, amount in (("S9338", "0.445", "35.60"), ("S9348", "0.93", "65.10")):
        assert "of a second therapy 55.5%, of a third or later one 7% of its per diem" in told[code, asked]
        assert "each times the part that the contract leaves unpaid: " + part in told[code, computed]
        assert told[code, computed].endswith(f" {part} ÷ 1 = ${amount}.")
