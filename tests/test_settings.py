"""The settings file and the tables it names: every mistake at once, by key or row number; amounts to the digit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.claims.layouts import kinds
from audit_lib.errors import AuditError
from audit_lib.progress import Progress
from audit_lib.rules import load_rules
from audit_lib.settings import Settings, query_memory, read_settings
from audit_lib.settings_rows import Override, Provider, provider_key, read_table
from audit_lib.settings_tables import check_settings
from tests.claims_text import GOOD


def _settings(folder: Path, text: str) -> Settings:
    (folder / "settings.yml").write_text(text, "utf-8")
    return read_settings(folder / "settings.yml")


GIVEN = {
    "": Settings(),
    "threads: 8\nmemory_limit: 500MB": Settings(threads=8, memory_limit="500MB"),
    "minimum_amount: 0.1": Settings(minimum_amount=Decimal("0.1")),
    "minimum_amount: 1000000.29": Settings(minimum_amount=Decimal("1000000.29")),
    "contract_factors: {SH: 0.5, SJ: 0}": Settings.model_validate({"contract_factors": {"SH": "0.5", "SJ": "0"}}),
    "policy_applies_to: {payer: [Plan A]}": Settings.model_validate({"policy_applies_to": {"payer": ["Plan A"]}}),
    "literal_supply_range: yes": Settings(literal_supply_range=True),
}


@pytest.mark.parametrize("text", GIVEN)
def test_what_is_given_is_taken(tmp_path: Path, text: str) -> None:
    assert _settings(tmp_path, text) == GIVEN[text]


@pytest.mark.parametrize(
    ("text", "is_confirmed"),
    [
        ("", False),
        ("policy_applies_to: {}", False),
        ("policy_applies_to: {payer: [], plan: []}", False),
        ("policy_applies_to: {payer: [Plan A]}", True),
        ("policy_applies_to: {plan: [Gold]}", True),
    ],
)
def test_lists_that_name_nobody_confirm_nothing(tmp_path: Path, text: str, is_confirmed: bool) -> None:
    assert _settings(tmp_path, text).is_applicability_confirmed == is_confirmed


def test_an_amount_is_taken_by_its_digits(tmp_path: Path) -> None:
    assert str(_settings(tmp_path, "minimum_amount: 0.29").minimum_amount) == "0.29"
    factors = _settings(tmp_path, "contract_factors: {SH: 0.333, SJ: 0.07}").contract_factors
    assert factors is not None and (str(factors.SH), str(factors.SJ)) == ("0.333", "0.07")


def test_paths_are_taken_from_the_settings_folder(tmp_path: Path) -> None:
    settings = _settings(tmp_path, "overrides: tables/overrides.csv\nproviders: /elsewhere/providers.csv")
    assert settings.overrides == tmp_path / "tables" / "overrides.csv"
    assert settings.providers == Path("/elsewhere/providers.csv")


WRONG = {
    'local: "a\\0b"': ["local must be a path"],
    'ndc_directory: ["\\0", b]': ["ndc_directory.0 must be a path"],
    "minimum_ammount: 5": ["minimum_ammount is no setting. Did you mean minimum_amount?"],
    "thread: 2\noverride: x": ["Did you mean threads", "Did you mean overrides"],
    "5: x": ["5 is no setting"],
    "threads: 0": ["threads should be greater than or equal to 1"],
    "threads: two": ["threads should be a whole number."],
    "memory_limit: lots\nthreads: -1": ["memory_limit", "threads"],
    "minimum_amount: -1": ["minimum_amount should be greater"],
    "minimum_amount: 0.001": ["minimum_amount should have no more than 2 decimal places"],
    "minimum_amount: .nan": ["minimum_amount"],
    "minimum_amount: .inf": ["minimum_amount"],
    "minimum_amount: true": ["minimum_amount"],
    "minimum_amount: 1,000": ["minimum_amount"],
    "contract_factors: {SH: 1.5, SJ: 0}": ["contract_factors.SH should be less than or equal to 1"],
    "contract_factors: {SH: 0.5}": ["contract_factors.SJ is missing, contract_factors takes SH and SJ"],
    "contract_factors: {SH: 0.5, SJ: 0, SK: 0}": ["contract_factors.SK is no setting", "takes SH and SJ"],
    "contract_factors: 0.5": ["contract_factors holds no keys, contract_factors takes SH and SJ"],
    "policy_applies_to: {payers: [A]}": [
        "policy_applies_to.payers is no setting, policy_applies_to takes payer and plan. Did you mean payer?"
    ],
    "policy_applies_to: {payer: A}": ["policy_applies_to.payer should be a list"],
    "policy_applies_to: {plan: [1]}": ["policy_applies_to.plan.0 should be text"],
    "ndc_directory: [product.txt]": ["ndc_directory must be a list of two files, [product.txt, package.txt]"],
    "ndc_directory: product.txt": ["ndc_directory must be a list of two files"],
    "ndc_directory: [a, b, c]": ["ndc_directory must be a list of two files"],
    "memory_limit: 4": ["memory_limit must be a size such as 4GB or 500MB"],
    "overrides: [a.csv]": ["overrides should be a path"],
    "review_only: supply_with_per_diem": ["review_only should be a list"],
    "literal_supply_range: perhaps": ["literal_supply_range"],
    "lookback_limit: x.csv": ["Did you mean lookback_limits"],
    "- threads": ["must hold `key: value` lines"],
    "threads": ["must hold `key: value` lines"],
    "threads: 2\nreview_only: []\nthreads: 4": ["threads stands there twice"],
    "policy_applies_to: {payer: [A], payer: [B]}": ["payer stands there twice"],
    "a: [": ["it is no YAML"],
    "minimum_amount: 2025-13-45": ["it is no YAML"],
    "a: \x00": ["it is no YAML"],
}


@pytest.mark.parametrize("text", WRONG)
def test_a_mistake_in_the_settings(tmp_path: Path, text: str) -> None:
    with pytest.raises(AuditError) as caught:
        _settings(tmp_path, text)
    assert caught.value.exit_code == 2
    assert [words for words in WRONG[text] if words not in caught.value.message] == []
    assert "\n" not in caught.value.message


def test_a_settings_file_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "latin.yml").write_bytes(b"review_only: [\xe9]")
    (tmp_path / "open.yml").write_text("threads: 2\nreview_only: [\n", "utf-8")
    for path, why in {
        "none.yml": "it is not there",
        ".": "it is a folder",
        "latin.yml": "it is no text in UTF-8",
        "open.yml": "it is no YAML, by what stands at line 3",
        "open.yml/a": "it lies below a file",
        "x" * 300: "the system cannot open it",
    }.items():
        with pytest.raises(AuditError, match=f"cannot be read: {why}"):
            read_settings(tmp_path / path)


HEADER = "provider_id,rule,hcpcs_code,date_from,date_to,action,note,approved_by"
GOOD_ROW = '12-3456789,supply_with_per_diem,a4222,2025-01-01,2025-12-31,exempt,"contract, page 3",counsel'


def _table(folder: Path, *lines: str) -> Path:
    (folder / "table.csv").write_text("\n".join(lines) + "\n", "utf-8-sig")
    return folder / "table.csv"


def test_overrides_as_people_write_them(tmp_path: Path) -> None:
    rows = read_table(_table(tmp_path, HEADER, "", GOOD_ROW, "p,supply_with_per_diem,,,,review,n,c"), Override)
    first, second = (row.model_dump() for row in rows)
    assert (first["hcpcs_code"], first["note"]) == ("A4222", "contract, page 3")
    assert (second["hcpcs_code"], second["date_from"], second["date_to"]) == (None, date(1, 1, 1), date(9999, 12, 31))


ROWS = {
    "exempt,": ("exempted,", "row 1, action should be 'exempt' or 'review'"),
    "2025-01-01": ("2025-02-30", "row 1, date_from"),
    "2025-12-31": ("20251231", "row 1, date_to must be a date written as YYYY-MM-DD"),
    "counsel": ("", "row 1, approved_by"),
    "12-3456789": (" ", "row 1, provider_id"),
    "2025-01-01,2025-12-31": ("2026-01-01,2025-12-31", "row 1, date_from must not be later than date_to"),
    '"contract, page 3"': ("contract, page 3", "row 1 has 9 values, the header 8 names"),
    ",counsel": ("", "row 1 has 7 values, the header 8 names"),
    "supply_with_per_diem": (
        "supply_with_perdiem",
        "row 1: there is no rule 'supply_with_perdiem'. Did you mean supply",
    ),
    HEADER: (HEADER.replace("rule", "rules"), "missing: rule; unknown: rules (did you mean rule?)"),
    HEADER + "\n": (HEADER.replace("note", "rule") + "\n", "missing: note; more than once: rule"),
}


@pytest.mark.parametrize("old", ROWS)
def test_a_wrong_row_is_named_by_its_number(tmp_path: Path, old: str) -> None:
    new, words = ROWS[old]
    path = _table(tmp_path, f"{HEADER}\n{GOOD_ROW}\n".replace(old, new))
    with pytest.raises(AuditError) as caught:
        check_settings(Settings(overrides=path))
    assert caught.value.exit_code == 2
    assert words in caught.value.message


def test_all_wrong_rows_are_named_at_once(tmp_path: Path) -> None:
    bad = GOOD_ROW.replace("exempt", "waive")
    with pytest.raises(AuditError, match=r"row 1, action .* row 3, action .*and 5 more") as caught:
        read_table(_table(tmp_path, HEADER, bad, GOOD_ROW, *[bad] * 24), Override)
    assert "row 2," not in caught.value.message


WINDOWS = {
    "Z,2019-01-01,2025-01-01": "row 1: no rule is of group 'Z'; the groups are A, B",
    "A,2025-02-01,2025-01-01": "row 1, not_in_force_before must not be later than overpayment_from",
    "A,,2025-01-01": "row 1, not_in_force_before",
    "A,2019-01-01,2025-01-01\nA,2019-01-01,2025-01-01": "group 'A' has more than one row",
}


@pytest.mark.parametrize("rows", WINDOWS)
def test_in_force_windows_that_cannot_be(tmp_path: Path, rows: str) -> None:
    path = _table(tmp_path, "group,not_in_force_before,overpayment_from", *rows.splitlines())
    with pytest.raises(AuditError) as caught:
        check_settings(Settings(policy_windows=path))
    assert WINDOWS[rows] in caught.value.message


@pytest.mark.parametrize("key", ["overrides", "policy_windows", "lookback_limits", "providers"])
def test_a_table_that_is_not_there(tmp_path: Path, key: str) -> None:
    with pytest.raises(AuditError, match=r"none\.csv that the settings name cannot be read") as caught:
        check_settings(_settings(tmp_path, f"{key}: none.csv"))
    assert caught.value.exit_code == 2
    _table(tmp_path, '"never closed')
    with pytest.raises(AuditError, match="it is no CSV file"):
        read_table(tmp_path / "table.csv", Provider)


def test_providers_are_written_as_claims_write_them() -> None:
    written = ["12-3456789", " 123456789 ", "12345678", "1942275334", "claim A1", "unknown"]
    assert [provider_key(text) for text in written] == [
        "123456789", "123456789", "012345678", "1942275334", "claim A1", "unknown",
    ]  # fmt: skip


def test_two_rows_for_one_provider_are_refused(tmp_path: Path) -> None:
    """Each of its dollars would stand twice in the reports."""
    path = _table(tmp_path, "provider_id,name,contract_id", "12-3456789,A,1", "741,B,1", "123456789,A,2")
    with pytest.raises(AuditError, match="row 3 is for the same provider as row 1") as caught:
        check_settings(Settings(providers=path))
    assert caught.value.exit_code == 2 and "123456789" not in caught.value.message


def test_python_takes_its_share_of_the_memory() -> None:
    limits = ["4GB", "4 GB", "1GiB", "500MB", "0.5GB", "100MB", "0MB"]
    assert [query_memory(limit) for limit in limits] == [
        "3700MB", "3700MB", "774MB", "250MB", "250MB", "50MB", "0MB",
    ]  # fmt: skip


def test_settings_are_refused_before_a_claim_is_read(tmp_path: Path) -> None:
    options = {"claims": str(tmp_path / "none.csv"), "out": tmp_path / "runs", "with_reports": False}
    for settings in (Settings(review_only=["no_rule"]), Settings(overrides=_table(tmp_path, "x"))):
        with pytest.raises(AuditError) as caught:
            run_audit(RunOptions(**options, settings=settings), Progress(is_quiet=True))
        assert caught.value.exit_code == 2


def test_replaced_windows_decide(tmp_path: Path) -> None:
    """A supply beside a per diem in 2020: a review by the shipped windows, an overpayment by the plan's."""
    lines = [GOOD | {"hcpcs_code": code, "claim_line_number": str(n)} for n, code in enumerate(("S9365", "A4222"), 1)]
    header = ",".join([*GOOD, "place_of_service_code"])
    rows = [",".join([*line.values(), "12"]).replace("2025", "2020") for line in lines]
    (tmp_path / "c.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    windows = _table(tmp_path, "group,not_in_force_before,overpayment_from", "A,2019-01-01,2019-06-01")
    named = tmp_path / "named.csv"
    named.write_text(windows.read_text("utf-8-sig").replace("from\n", "from,policy_text\n").replace("01\n", "01,v1\n"))
    assert {rule.metadata.group for rule in load_rules()} == {"A", "B"}
    found = {}
    for name, settings in (
        ("shipped", Settings()),
        ("plan", Settings(policy_windows=windows)),
        ("named", Settings(policy_windows=named)),
    ):
        run = run_audit(
            RunOptions(str(tmp_path / "c.csv"), tmp_path, settings=settings, run_id=name, with_reports=False,
                       rules=["supply_with_per_diem"], with_quality=False),
            Progress(is_quiet=True),
        )  # fmt: skip
        query = "select outcome, changed_by, policy_text from read_parquet($path)"
        found[name] = duckdb.execute(query, {"path": str(run.path / "findings.parquet")}).fetchall()
    assert found == {
        "shipped": [("review", "window", "an earlier text of CPCP019, not on file")],
        "plan": [("overpayment", None, "the text in force from 2019-06-01 by the plan's own windows")],
        "named": [("overpayment", None, "v1")],
    }


@pytest.mark.parametrize(
    "written",
    [
        "11000006.0", "11000006", "12-3456789", "12-3456789.00", "123456789.0", " 12345678.000 ", "TIN 12-3456789",
        "1942275334", "1942275334.0", "12 3456789", "1.5", "12.30", "٣123456789",
    ],
)  # fmt: skip
def test_a_table_of_the_plan_names_the_provider_that_the_same_text_is_in_the_claims(written: str) -> None:
    """An exemption for another provider than the one meant is money that is demanded all the same."""
    kind = kinds()["tin"]
    query = f"select {kind['text']} from (select trim($text) as value)"
    assert duckdb.execute(query, {"text": written}).fetchall() == [(provider_key(written),)]


@pytest.mark.parametrize("written", ["1.1000006E+07", "1.1000006e7", "11E+6"])
def test_a_provider_whose_last_digits_are_lost_is_refused(tmp_path: Path, written: str) -> None:
    """Its digits alone are those of another provider, or of none; claims with such a value are rejected as well."""
    path = _table(tmp_path, "provider_id,name", "741,A", f"{written},B")
    with pytest.raises(AuditError, match="row 2, provider_id is in scientific notation") as caught:
        check_settings(Settings(providers=path))
    assert caught.value.exit_code == 2 and written not in caught.value.message
    assert provider_key(written) == written
