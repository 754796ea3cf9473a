"""Hand-outs per provider: what is demanded ties out, what is left out is said, and each format can be sent."""

from __future__ import annotations

import csv
import datetime
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet as pq
import pytest

from audit_lib.cli import main
from audit_lib.handout.safe_text import begins_like_formula, cell_text, csv_text, file_stem
from audit_lib.holds import is_on_hold
from audit_lib.run import Run
from tests.conftest import ROOT

pytestmark = pytest.mark.usefixtures("evidence_once")

Export = Callable[..., Path]
CLAIMS_HEADER = (
    "claim_id,claim_line_number,member_id,claim_line_start_date,claim_line_end_date,hcpcs_code,service_unit_quantity,"
    "paid_amount,billing_tin,place_of_service_code,paid_date"
)
DAY = "2025-08-04"
# Member m has no drug: the whole per diem was overpaid.
CONTINGENT = ["A 1 m S9500 90.00 111111111", "A 2 m A4222 200.00 111111111", "B 1 n A4222 7.00 111111111",
              "B 2 n S9500 80.00 111111111", "B 3 n J0690 30.00 111111111"]  # fmt: skip


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of the sample, with a table of providers."""
    place = tmp_path_factory.mktemp("handout")
    (place / "providers.csv").write_text("provider_id,name\n001000015,=Infusion & Care\n", "utf-8")
    (place / "settings.yml").write_text("providers: providers.csv\n", "utf-8")
    words = ["run", "--claims", str(ROOT / "data" / "sample" / "claims.csv"), "--out", str(place), "--run-id", "sample"]
    assert main([*words, "--config", str(place / "settings.yml"), "--no-reports", "--no-quality"]) == 0
    return place / "sample"


@pytest.fixture(scope="module")
def plain(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the sample as workbooks: what is demanded, nothing else."""
    out = tmp_path_factory.mktemp("plain") / "out"
    assert main(["export", str(sample), "--out", str(out), "--as-of", "2026-04-01"]) == 0
    return out


@pytest.fixture(scope="module")
def with_leads(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of the sample as CSV, leads and records requests included."""
    out = tmp_path_factory.mktemp("with_leads") / "out"
    words = ["--with-review", "--records-request", "--format", "csv"]
    assert main(["export", str(sample), "--out", str(out), *words]) == 0
    return out


@pytest.fixture(scope="module")
def contingent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which a per diem was overpaid in full, and with it what it includes; and a firm finding."""
    return audited(tmp_path_factory.mktemp("contingent"), CONTINGENT)


@pytest.fixture
def export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Export:
    """Return a function that exports a run and returns the export's folder."""

    def run(folder: Path, *words: str, as_of: str = "2026-04-01") -> Path:
        out = tmp_path / f"out{len(list(tmp_path.glob('out*')))}"
        assert main(["export", str(folder), "--out", str(out), "--as-of", as_of, *words]) == 0, capsys.readouterr().err
        return out

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return a function that runs an export which must be refused with 2, and returns what was said."""

    def run(*words: str) -> str:
        try:
            code = main(["export", *words])
        except SystemExit as stop:
            code = int(str(stop.code))
        assert code == 2
        return capsys.readouterr().err

    return run


@pytest.fixture
def audit(tmp_path: Path) -> Callable[..., Path]:
    """Return `audited` for the test's own folder."""
    return partial(audited, tmp_path)


def audited(place: Path, rows: Iterable[str], *words: str, name: str = "r") -> Path:
    """Audit rows drawn as `claim line member code paid tin [from] [place]` (- where there is none); return the run."""
    lines = [CLAIMS_HEADER]
    for row in rows:
        claim, line, member, code, paid, tin, first, where = row.split() + [DAY, "12"][len(row.split()) - 6 :]
        lines.append(f"{claim},{line},{member},{first},{first},{code},1,{paid},{tin.strip('-')},{where},2025-09-01")
    (place / "claims.csv").write_text("\n".join(lines) + "\n", "utf-8")
    command = ["run", "--claims", str(place / "claims.csv"), "--out", str(place / "runs"), "--run-id", name]
    assert main([*command, "--no-reports", "--no-quality", *words]) == 0
    return place / "runs" / name


@cache
def opened(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=True)


def table(path: Path, sheet: str) -> list[dict[str, Any]]:
    """Read a sheet of one table back: its header is the third row."""
    rows = list(opened(path)[sheet].iter_rows(min_row=3, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def manifest(export_folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((export_folder / "export.json").read_text("utf-8"))
    return found


def with_recovery(run: Path, target: Path, statuses: dict[str, tuple[str, str | None]]) -> Path:
    """Copy a run and give findings, by rule, a recovery status and a last day."""
    shutil.copytree(run, target)
    days = {rule: f"date '{day}'" if day else "null" for rule, (_, day) in statuses.items()}
    values = ", ".join(f"('{rule}', '{status}', {days[rule]})" for rule, (status, _) in statuses.items())
    duckdb.sql(
        f"""
        select finding_id, coalesce(status, 'unknown') as recovery_status, last_day as recover_by_date
        from '{run / "findings.parquet"}' left join (values {values}) as t (rule, status, last_day) using (rule)
        """
    ).write_parquet(str(target / "recovery.parquet"))
    return target


# What is demanded


def test_every_workbook_ties_out_to_the_cent_and_all_of_them_with_the_run(sample: Path, plain: Path) -> None:
    found = manifest(plain)
    total = Decimal(0)
    for provider in found["providers"]:
        book = plain / provider["files"][0]["path"]
        lines = [Decimal(str(row["Demanded"])) for row in table(book, "Lines")]
        summary = opened(book)["Summary"]
        rules = {
            row[0]: row for row in summary.iter_rows(min_row=1, values_only=True) if isinstance(row[4], int | float)
        }
        in_all = rules.pop("Total demanded")
        by_rule = [row for name, row in rules.items() if not name.startswith(("Not demanded", "Open"))]
        assert Decimal(str(in_all[4])) == sum(lines) == Decimal(provider["demanded_amount"])
        assert sum(Decimal(str(row[4])) for row in by_rule) == sum(lines)
        assert in_all[2] == len(lines) == sum(row[2] for row in by_rule)
        assert opened(book)["Lines"]["J2"].value == float(sum(lines))
        total += sum(lines)
    run = Run.open(sample)
    net = run.amount("totals", "net_overpaid_amount") - run.amount("totals", "contingent_overpaid_amount")
    assert total == net == Decimal(found["totals"]["demanded_amount"]) > 0


def test_no_line_is_demanded_twice_and_none_that_is_only_a_lead(sample: Path, with_leads: Path) -> None:
    paths = with_leads.glob("providers/*/lines.csv")
    keys = [(r["claim_id"], r["claim_line_number"]) for p in paths for r in csv_rows(p)]
    overpaid = duckdb.sql(
        f"select claim_id, cast(claim_line_number as varchar) from '{sample / 'line_exposure.parquet'}' "
        "where net_overpaid_amount > contingent_overpaid_amount"
    ).fetchall()
    assert sorted(keys) == sorted(overpaid)


def test_the_three_formats_hold_the_same(sample: Path, export: Export) -> None:
    outs = {name: export(sample, "--format", name, "--provider", "001000015") for name in ("xlsx", "csv", "parquet")}
    stem = "provider_001000015"
    for sheet, title, column, heading in (
        ("lines", "Lines", "demanded_amount", "Demanded"), ("evidence", "Evidence", "answer", "What it says"),
        ("method", "Method", "answer", "What it says"),
    ):  # fmt: skip
        book = [row[heading] for row in table(outs["xlsx"] / "providers" / f"{stem}.xlsx", title)]
        comma = [row[column] for row in csv_rows(outs["csv"] / "providers" / stem / f"{sheet}.csv")]
        parquet = pq.read_table(outs["parquet"] / "providers" / stem / f"{sheet}.parquet")[column].to_pylist()
        assert [str(value) for value in parquet][-len(book) :] == comma[-len(book) :]
        assert (
            [Decimal(str(value)) for value in book] == parquet
            if column == "demanded_amount"
            else [str(value) for value in book] == [str(value) for value in parquet][-len(book) :]
        )


def test_several_rules_on_a_line_are_named_and_its_dollars_counted_once(
    audit: Callable[..., Path], export: Export
) -> None:
    run = audit(["A 1 m S9500 90.00 111111111 2025-08-04 22"])  # no drug, and a hospital is no home
    rules = duckdb.sql(
        f"select rule, amount from '{run / 'findings.parquet'}' where outcome = 'overpayment'"
    ).fetchall()
    assert len(rules) == 2, rules
    row = csv_rows(export(run, "--format", "csv") / "providers" / "provider_111111111" / "lines.csv")[0]
    assert (row["demanded_amount"], row["rule_title"]) == ("90.00", "Per diem without its drug")
    assert row["other_rules"] == "Per diem or home visit at a place that is no home"


# What is left out


def test_of_a_contingent_pair_only_the_per_diem_is_demanded(contingent: Path, export: Export) -> None:
    out = export(contingent, "--format", "csv") / "providers" / "provider_111111111"
    assert [(r["claim_id"], r["claim_line_number"], r["demanded_amount"]) for r in csv_rows(out / "lines.csv")] == [
        ("A", "1", "90.00"), ("B", "1", "7.00"),
    ]  # fmt: skip
    (left_out,) = csv_rows(out / "not_demanded.csv")
    assert (left_out["claim_line_number"], left_out["not_demanded_amount"]) == ("2", "200.00")
    assert "both cannot be taken back" in left_out["not_demanded_reason"]
    totals = Run.open(contingent)
    assert totals.amount("totals", "contingent_overpaid_amount") == Decimal("200.00")


def test_what_is_past_its_last_day_is_left_out_and_counted(
    contingent: Path, export: Export, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = with_recovery(contingent, tmp_path / "barred", {
        "supply_with_per_diem": ("time_barred", "2026-01-01"), "per_diem_without_drug": ("recoverable", "2026-05-01"),
    })  # fmt: skip
    out = export(run, "--format", "csv")
    folder = out / "providers" / "provider_111111111"
    assert [r["demanded_amount"] for r in csv_rows(folder / "lines.csv")] == ["90.00"]
    left_out = csv_rows(folder / "not_demanded.csv")
    assert [(r["not_demanded_amount"], r["not_demanded_reason"][:40]) for r in left_out] == [
        ("200.00", "not demanded because the per diem that i"), ("7.00", "not demanded because the last day to rec"),
    ]  # fmt: skip
    totals = manifest(out)["totals"]
    assert (totals["time_barred_line_count"], totals["time_barred_amount"]) == (1, "7.00")
    assert totals["deadline_unknown_line_count"] == 0
    assert "$7.00 past its recovery deadline" in capsys.readouterr().out


def test_a_last_day_that_passed_since_the_run_counts(contingent: Path, export: Export, tmp_path: Path) -> None:
    run = with_recovery(contingent, tmp_path / "late", {
        "supply_with_per_diem": ("recoverable", "2026-05-01"), "per_diem_without_drug": ("recoverable", "2026-06-01"),
    })  # fmt: skip
    on_the_day, after = (manifest(export(run, as_of=day)) for day in ("2026-05-01", "2026-05-02"))
    assert on_the_day["totals"]["demanded_amount"] == "97.00"
    assert (after["totals"]["demanded_amount"], after["totals"]["time_barred_amount"]) == ("90.00", "7.00")


def test_an_unknown_deadline_is_told_to_the_sender_and_not_to_the_provider(
    sample: Path, plain: Path, export: Export, capsys: pytest.CaptureFixture[str]
) -> None:
    out = export(sample, "--provider", "001000015")
    said = capsys.readouterr().out
    assert f"deadline of ${Decimal(manifest(out)['totals']['demanded_amount']):,.2f} is not known" in said
    assert "Nobody has confirmed that this policy applies" in said
    for book in plain.glob("providers/*.xlsx"):
        assert "is not known" not in all_text(book)


def test_leads_stand_apart_and_add_nothing(sample: Path, plain: Path, with_leads: Path) -> None:
    a, b = manifest(plain)["totals"], manifest(with_leads)["totals"]
    assert a["demanded_amount"] == b["demanded_amount"]
    review = Run.open(sample).amount("totals", "net_review_amount")
    leads = [row for path in with_leads.glob("providers/*/leads.csv") for row in csv_rows(path)]
    assert sum(Decimal(row["review_amount"]) for row in leads) == Decimal(b["review_amount"]) == review > 0
    assert all("Needs review" not in opened(path).sheetnames for path in plain.glob("providers/*.xlsx"))


def test_leads_have_a_sheet_of_their_own(sample: Path, export: Export) -> None:
    out = export(sample, "--with-review", "--records-request", "--provider", "001000015")
    book = opened(out / "providers" / "provider_001000015.xlsx")
    assert book.sheetnames == ["Summary", "Lines", "Not demanded", "Evidence", "Needs review", "Method"]
    assert "no amount here is part of the total" in book["Needs review"]["A1"].value
    request = opened(out / "providers" / "provider_001000015_records_request.xlsx")
    assert request.sheetnames == ["Records request", "Method"]


# Records requests


def test_a_records_request_names_each_document_once_per_claim(with_leads: Path) -> None:
    for path in with_leads.glob("providers/*_records_request/records_request.csv"):
        rows = csv_rows(path)
        keys = [(row["claim_id"], row["document"]) for row in rows]
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


def all_text(path: Path) -> str:
    """Return every word of a workbook, its properties included."""
    with zipfile.ZipFile(path) as book:
        return "\n".join(book.read(name).decode("utf-8") for name in book.namelist())


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


def test_the_same_run_gives_the_same_bytes(contingent: Path, export: Export) -> None:
    for file_format in ("xlsx", "parquet"):
        first, second = (export(contingent, "--format", file_format) for _ in range(2))
        files = sorted(p.relative_to(first) for p in (first / "providers").rglob("*") if p.is_file())
        assert files and all((first / p).read_bytes() == (second / p).read_bytes() for p in files)


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


# The folder


@pytest.mark.parametrize("provider_id", ["claim X/..", "..", "/etc/passwd", "claim \x00", "con", "A" * 300, "é"])
def test_names_of_files_are_safe(provider_id: str) -> None:
    stem = file_stem(provider_id)
    assert stem.startswith("provider_") and len(stem) < 100
    assert all(c.isascii() and (c.isalnum() or c in "_-") for c in stem)


def test_two_providers_never_share_a_file() -> None:
    ids = ["claim X/..", "claim X_..", "claim X", "claim x", "CLAIM X", "741", "A", "a"]
    assert len({file_stem(i).lower() for i in ids}) == len(ids)


def test_a_claim_without_provider_gets_a_hand_out_of_its_own(audit: Callable[..., Path], export: Export) -> None:
    run = audit(["X/.. 1 m S9542 90.00 -"])
    (book,) = (export(run) / "providers").iterdir()
    assert book.name.startswith("provider_claim_X_-")
    assert openpyxl.load_workbook(book)["Summary"]["B3"].value == "none on the claim (claim X/..)"


def test_the_export_is_private_whole_and_outside_the_run(contingent: Path, export: Export) -> None:
    before = {p: p.stat().st_mtime_ns for p in contingent.rglob("*")}
    out = export(contingent, "--with-review", "--records-request")
    assert {p: p.stat().st_mtime_ns for p in contingent.rglob("*")} == before
    assert all(p.stat().st_mode & 0o077 == 0 for p in [out, *out.rglob("*")])
    assert sorted(p.name for p in out.iterdir()) == ["export.json", "overview.csv", "providers"]
    files = {f["path"]: f for provider in manifest(out)["providers"] for f in provider["files"]}
    assert set(files) == {f"providers/{p.name}" for p in (out / "providers").iterdir()}
    assert is_on_hold(contingent)


def test_the_default_place_is_beside_the_run(contingent: Path) -> None:
    assert main(["export", str(contingent)]) == 0
    (out,) = (contingent.parent / "exports" / "r").iterdir()
    assert (out / "export.json").is_file() and out.name.endswith("-xlsx")


def test_nothing_is_overwritten(sample: Path, tmp_path: Path, refused: Callable[..., str]) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "x").write_text("x")
    assert "nothing is ever overwritten" in refused(str(sample), "--out", str(tmp_path / "taken"))
    assert [p.name for p in tmp_path.iterdir()] == ["taken"] and (tmp_path / "taken" / "x").read_text() == "x"


def test_an_export_that_fails_leaves_nothing(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("audit_lib.handout.export.write_notice", fail)
    assert main(["export", str(sample), "--out", str(tmp_path / "out")]) == 14
    assert list(tmp_path.iterdir()) == []
    assert "The export cannot be written" in capsys.readouterr().err


# What is refused


def test_what_is_no_run_is_refused(tmp_path: Path, refused: Callable[..., str]) -> None:
    assert "is not a finished run" in refused(str(tmp_path))


def test_an_unknown_provider_is_refused_with_the_nearest(sample: Path, refused: Callable[..., str]) -> None:
    said = refused(str(sample), "--provider", "001000999")
    assert "No provider '001000999' has a finding in this run. Did you mean" in said


def test_an_unknown_format_is_refused(sample: Path, refused: Callable[..., str]) -> None:
    said = refused(str(sample), "--format", "pdf")
    assert "pdf" in said and "xlsx" in said


def test_a_place_inside_the_run_is_refused(sample: Path, refused: Callable[..., str]) -> None:
    assert "inside the run folder" in refused(str(sample), "--out", str(sample / "exports"))


def test_a_what_if_is_refused(audit: Callable[..., Path], refused: Callable[..., str]) -> None:
    assert "is a what-if" in refused(str(audit(CONTINGENT, "--assume-in-force")))


def test_where_nothing_can_be_demanded_nothing_is_written(
    audit: Callable[..., Path], refused: Callable[..., str], tmp_path: Path
) -> None:
    run = audit(["A 1 m S9500 90.00 111111111 2025-08-04 11", "A 2 m J0690 30.00 111111111"])
    said = refused(str(run), "--out", str(tmp_path / "out"))
    assert "Nothing was exported" in said and "add --with-review" in said
    assert not (tmp_path / "out").exists()


def test_a_run_whose_files_were_changed_is_refused(
    audit: Callable[..., Path], refused: Callable[..., str], tmp_path: Path
) -> None:
    run = audit(CONTINGENT)
    relation = duckdb.sql(
        f"select * exclude (amount), amount / 2 as amount from '{run / 'findings.parquet'}'"
    ).to_arrow_table()
    pq.write_table(relation, run / "findings.parquet")
    assert "was changed after the run" in refused(str(run), "--out", str(tmp_path / "out"))
