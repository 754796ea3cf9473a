"""Drug names from the NDC directory: which codes get which name, what a finding says, which files are refused."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from audit_lib.audit import RunOptions, run_audit
from audit_lib.claims.ndc_directory import load_ndc_directory
from audit_lib.cli import main
from audit_lib.errors import AuditError
from audit_lib.progress import Progress
from audit_lib.resources import folder
from audit_lib.settings import Settings, read_settings
from audit_lib.settings_tables import check_settings
from tests.ndc_files import PACKAGE_HEADER, PRODUCT_HEADER

PRODUCTS = [
    ("0409-1234", "Heparin", "Lock Flush", "heparin sodium"),
    ("50090-123", "", "", "water"),
    ("76045-0009", 'Sérum "A"', "", "saline"),
    ("0009-0111", "First", "", ""),
    ("00090-111", "Second", "", ""),
]
PACKAGES = [
    ("0409-1234", "0409-1234-01"),
    ("50090-123", "50090-123-02"),
    ("76045-0009", "76045-0009-3"),
    ("0009-0111", "0009-0111-11"),
    ("00090-111", "00090-111-11"),
    ("50090-123", "no code"),
]


def write_directory(place: Path, encoding: str = "latin-1") -> tuple[Path, Path]:
    product, package = place / "product.txt", place / "package.txt"
    rows = "".join(f"{ndc}_x\t{ndc}\t{name}\t{suffix}\t{generic}\n" for ndc, name, suffix, generic in PRODUCTS)
    product.write_text(PRODUCT_HEADER + rows, encoding)
    rows = "".join(f"{ndc}_x\t{ndc}\t{code}\t1 BOX\n" for ndc, code in PACKAGES)
    package.write_text(PACKAGE_HEADER + rows, encoding)
    return product, package


def names(files: tuple[Path, Path] | None) -> dict[str, str]:
    with duckdb.connect() as connection:
        load_ndc_directory(connection, files)
        query = (folder("sql") / "staging" / "ndc_drug_names.sql").read_text("utf-8")
        return dict(connection.execute(query).fetchall())


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig"])
def test_each_form_of_code_gets_its_name(tmp_path: Path, encoding: str) -> None:
    found = names(write_directory(tmp_path, encoding))
    assert {code: name for code, name in found.items() if len(code) == 11} == {
        "00409123401": "Heparin Lock Flush",
        "50090012302": "water",
        "76045000903": 'Sérum "A"',
        "00009011111": "First",
        "00090011111": "Second",
    }


def test_ten_digits_count_only_where_one_reading_is_in_the_directory(tmp_path: Path) -> None:
    found = names(write_directory(tmp_path))
    assert found["0409123401"] == "Heparin Lock Flush"
    assert found["5009012302"] == "water"
    assert found["7604500093"] == 'Sérum "A"'
    assert "0009011111" not in found, "0-0009-0111-11 and 00090-0-111-11 both read so"


def test_without_a_directory_there_is_no_name() -> None:
    assert names(None) == {}


def run_lines(tmp_path: Path, settings: Settings, drug_names: dict[str, tuple[str, str]]) -> list[tuple[object, ...]]:
    """Audit an antibiotic per diem beside one unclassified drug line per entry: line → NDC and drug name."""
    header = ["claim_id", "claim_line_number", "member_id", "claim_line_start_date", "hcpcs_code", "paid_amount",
              "service_unit_quantity", "billing_tin", "place_of_service_code", "ndc_code", "drug_name"]  # fmt: skip
    common = ["2025-08-01"]
    with (tmp_path / "claims.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerow(["A", 1, "M", *common, "S9500", "90.00", 1, "741", "12", "", ""])
        for line, (ndc, name) in drug_names.items():
            writer.writerow(["A", line, "M", *common, "J3490", "10.00", 1, "741", "12", ndc, name])
    options = RunOptions(
        str(tmp_path / "claims.csv"), tmp_path / "out", settings=settings, with_reports=False, with_quality=False
    )
    run = run_audit(options, Progress(is_quiet=True)).path
    with duckdb.connect() as connection:
        return connection.execute(
            """
            select claim_lines.claim_line_number, drug_name, drug_name_source
            from read_parquet($findings) as findings inner join read_parquet($lines) as claim_lines
                on findings.claim_line_number = claim_lines.claim_line_number
            where rule = 'diluent_or_heparin_with_per_diem'
            order by all
            """,
            {"findings": str(run / "findings.parquet"), "lines": str(run / "claim_lines.parquet")},
        ).fetchall()


def test_a_finding_says_where_its_drug_name_came_from(tmp_path: Path) -> None:
    settings = Settings(ndc_directory=write_directory(tmp_path))
    lines = {
        "2": ("0409-1234-01", ""),
        "3": ("0409123401", ""),
        "4": ("", "Normal saline"),
        "5": ("0409-1234-01", "Vancomycin"),
        "6": ("99999-9999-98", ""),
    }
    assert run_lines(tmp_path, settings, lines) == [
        (2, "Heparin Lock Flush", "ndc_directory"),
        (3, "Heparin Lock Flush", "ndc_directory"),
        (4, "Normal saline", "claim"),
    ]


def test_paths_are_taken_from_the_settings_folder(tmp_path: Path) -> None:
    (tmp_path / "settings.yml").write_text("ndc_directory: [product.txt, fda/package.txt]\n")
    settings = read_settings(tmp_path / "settings.yml")
    assert settings.ndc_directory == (tmp_path / "product.txt", tmp_path / "fda" / "package.txt")


WRONG_FILES = pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("product.txt", None, "it is missing"),
        ("product.txt", "PRODUCTNDC\tPROPRIETARYNAME\n", "does not name NONPROPRIETARYNAME"),
        ("package.txt", "", "does not name PRODUCTNDC, NDCPACKAGECODE"),
        ("package.txt", PACKAGE_HEADER + "a\tb\n", "line 2 has more or fewer values"),
        ("package.txt", PACKAGE_HEADER + "a\t0001-0001\t00010001\tBOX\n", "no value of NDCPACKAGECODE"),
    ],
)


def _wrong_directory(place: Path, file: str, text: str | None) -> tuple[Path, Path]:
    files = write_directory(place)
    if text is None:
        (place / file).unlink()
    else:
        (place / file).write_text(text)
    return files


@WRONG_FILES
def test_a_wrong_file_is_refused(tmp_path: Path, file: str, text: str | None, problem: str) -> None:
    files = _wrong_directory(tmp_path, file, text)
    with duckdb.connect() as connection, pytest.raises(AuditError, match=problem) as caught:
        load_ndc_directory(connection, files)
    assert caught.value.exit_code == 2
    assert file in caught.value.message


@WRONG_FILES
def test_a_wrong_file_is_refused_before_claims_are_read(
    tmp_path: Path, file: str, text: str | None, problem: str
) -> None:
    files = _wrong_directory(tmp_path, file, text)
    with pytest.raises(AuditError, match=problem) as caught:
        check_settings(Settings(ndc_directory=files))
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("command", [["check", "nowhere.csv"], ["run", "--claims", "nowhere.csv", "--out", "out"]])
def test_a_wrong_path_is_named_before_claims_are_looked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    (tmp_path / "settings.yml").write_text("ndc_directory: [nowhere.txt, package.txt]\n")
    assert main([*command, "--config", str(tmp_path / "settings.yml")]) == 2
    assert capsys.readouterr().err.startswith("infusion-audit: The NDC directory file")


def test_a_directory_that_is_right_passes_the_check(tmp_path: Path) -> None:
    check_settings(Settings(ndc_directory=write_directory(tmp_path)))


def test_the_command_ends_with_2_and_one_paragraph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "settings.yml").write_text("ndc_directory: [nowhere.txt, package.txt]\n")
    claims = folder("sql").parent / "data" / "sample" / "clean_claims.csv"
    arguments = ["run", "--claims", str(claims), "--out", str(tmp_path / "out"), "--no-reports"]
    assert main([*arguments, "--config", str(tmp_path / "settings.yml")]) == 2
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("infusion-audit: The NDC directory file")
    assert not list((tmp_path / "out").glob("[!.]*"))
