"""Claims as text, the way they are read: good rows, what stands for what, and what is rejected."""

from __future__ import annotations

from pathlib import Path

import duckdb

from audit_lib.claims.layouts import read_layout
from audit_lib.claims.reading import read_claims
from audit_lib.claims.row_counts import RowCounts
from audit_lib.claims.sources import find_files, scan_bytes

COLUMNS = [
    "claim_id", "claim_line_number", "member_id", "claim_line_start_date", "hcpcs_code", "service_unit_quantity",
    "paid_amount", "billing_tin",
]  # fmt: skip
GOOD = dict(zip(COLUMNS, ["A", "1", "m", "2025-08-01", "A4222", "1", "10.00", "123456789"], strict=True))


def read(claims: Path | str, layout: str = "canonical") -> tuple[duckdb.DuckDBPyConnection, RowCounts]:
    connection = duckdb.connect()
    files = find_files(str(claims))
    for file in files:
        scan_bytes(file)
    return connection, read_claims(connection, files, read_layout(layout))


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query).fetchall()


def write_rows(path: Path, *values: dict[str, str], encoding: str = "utf-8", end: str = "\n") -> Path:
    names = list(dict.fromkeys(name for value in values for name in {**GOOD, **value}))
    lines = [",".join(names)]
    for value in values:
        lines.append(",".join('"' + {**GOOD, **value}.get(n, "").replace('"', '""') + '"' for n in names))
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return path


READ = [
    ("paid_amount", "$1,234.50", "1234.50"),
    ("paid_amount", "1,234,567.89", "1234567.89"),
    ("paid_amount", "(5.00)", "-5.00"),
    ("paid_amount", "5.00-", "-5.00"),
    ("paid_amount", "-$5", "-5.00"),
    ("paid_amount", ".5", "0.50"),
    ("paid_amount", "29.560000000000002", "29.56"),
    ("paid_amount", "$ -5", "-5.00"),
    ("paid_amount", "($1,234.50)", "-1234.50"),
    ("paid_amount", "$(5)", "-5.00"),
    ("paid_amount", "5.00 USD", "5.00"),
    ("paid_amount", " +5. ", "5.00"),
    ("paid_amount", "\u00a05.00", "5.00"),
    ("paid_amount", "5.00\0\0", "5.00"),
    ("hcpcs_code", "A4222\0", "A4222"),
    ("claim_id", "A1\0", "A1"),
    ("billing_tin", "XX-XXX6789", None),
    ("billing_tin", "**-***6789", None),
    ("billing_tin", "TAX 12-3456789", "123456789"),
    ("billing_npi", "XXXXXX6789", None),
    ("paid_amount", "0E-10", "0.00"),
    ("paid_amount", "999999999.99", "999999999.99"),
    ("paid_amount", "", None),
    ("paid_amount", "NULL", None),
    ("paid_amount", "\\N", None),
    ("paid_amount", "NaN", None),
    ("service_unit_quantity", "7.0", "7.000"),
    ("service_unit_quantity", "0.125", "0.125"),
    ("service_unit_quantity", "1,000", "1000.000"),
    ("service_unit_quantity", "2-", "-2.000"),
    ("claim_id", "00123", "00123"),
    ("claim_id", "123.0", "123"),
    ("claim_id", " a b ", "a b"),
    ("claim_line_number", "01", "1"),
    ("claim_line_number", "2.0", "2"),
    ("claim_line_start_date", "20250801", "2025-08-01"),
    ("claim_line_start_date", "2025/8/1", "2025-08-01"),
    ("claim_line_start_date", "2025.08.01", "2025-08-01"),
    ("claim_line_start_date", "20250801.0", "2025-08-01"),
    ("claim_line_start_date", "01AUG2025", "2025-08-01"),
    ("claim_line_start_date", "1-Aug-2025", "2025-08-01"),
    ("claim_line_start_date", "01AUG2025:00:00:00", "2025-08-01"),
    ("claim_line_start_date", "2025-08-01T23:00:00-05:00", "2025-08-01"),
    ("claim_line_start_date", "2024-02-29", "2024-02-29"),
    ("claim_line_start_date", "2025-08-01T00:00:00", "2025-08-01"),
    ("claim_line_start_date", "2025-08-01 00:00:00.000", "2025-08-01"),
    ("hcpcs_code", " s9500 ", "S9500"),
    ("hcpcs_code", "96365.0", "96365"),
    ("hcpcs_code", "s 9500", "S9500"),
    ("hcpcs_code", "", None),
    ("hcpcs_code", "null", None),
    ("hcpcs_code", "00000", None),
    ("hcpcs_code", "0", None),
    ("hcpcs_code", "0001A", "0001A"),
    ("hcpcs_modifier_1", "00", None),
    *[
        ("hcpcs_modifier_1", text, read)
        for text, read in {
            "SH": "SH",
            "sh": "SH",
            "25.0": "25",
            "1": "1",
            "SHJ": "SHJ",
            "SH SJ": "SH,SJ",
            "sh,sj": "SH,SJ",
            "SHSJ": "SH,SJ",
            "SH:SJ:59": "SH,SJ,59",
            "SH|SJ;": "SH,SJ",
            "NONE": None,
            "76, 59": "76,59",
            "S H": "SH",
        }.items()
    ],
    *[
        (column, f'="{text}"', read)
        for column, text, read in (
            ("claim_id", "00123", "00123"),
            ("hcpcs_code", "s9365", "S9365"),
            ("place_of_service_code", "21", "21"),
            ("paid_amount", "1,234.50", "1234.50"),
            ("claim_line_start_date", "20250801", "2025-08-01"),
            ("drug_name", "HEPARIN LOCK", "HEPARIN LOCK"),
            ("claim_frequency_code", "8", "8"),
            ("ndc_code", "", None),
            ("billing_tin", "012345678", "012345678"),
            ("billing_npi", "", None),
        )
    ],
    ("drug_name", '="a"&"b"', '="a"&"b"'),
    ("drug_name", "=A1", "=A1"),
    ("claim_type", "P", "professional"),
    ("claim_type", "Institutional", "institutional"),
    *[
        ("claim_type", text, "institutional")
        for text in ("I", "837I", "UB-04", "UB92", "CMS-1450", "Facility", "HOSPITAL", "Outpatient", "inpatient care")
    ],
    *[("claim_type", text, "professional") for text in ("Prof", "837p", "HCFA", "HCFA-1500", "CMS 1500", "1500")],
    ("claim_type", "Dental", "dental"),
    ("claim_line_status", "Denied", "denied"),
    *[
        ("claim_line_status", text, "denied")
        for text in ("DENIED - DUPLICATE", "Void", "voided", "REVERSED", "reversal", "Rejected", "reject", "cancelled")
    ],
    ("claim_line_status", "Adjusted", "adjusted"),
    ("claim_line_status", "deductible", "deductible"),
    ("claim_line_status", "D", "denied"),
    *[
        ("claim_line_status", text, "pended")
        for text in ("PEND", "Pended", "pending - review", "Suspended", "In Process", "Under Review", "ON HOLD")
    ],
    *[("claim_line_status", text, text.lower()) for text in ("Processed", "Finalized", "Open")],
    ("billing_tin", "10-1234567", "101234567"),
    ("billing_tin", "none", None),
    ("billing_tin", "12345678", "012345678"),
    ("billing_tin", "000000000", None),
    ("billing_tin", "999999999", None),
    ("billing_npi", "1942275334.0", "1942275334"),
    ("place_of_service_code", "4", "04"),
    ("place_of_service_code", "12.0", "12"),
    ("place_of_service_code", "012", "12"),
    ("place_of_service_code", "0", None),
    ("place_of_service_code", "00", None),
    ("place_of_service_code", "0.0", None),
    ("place_of_service_code", "10", "10"),
    *[("place_of_service_code", text, None) for text in ("NA", "UNK", "XX", "-", "?", ".", "HOME", "12H", "120")],
    *[("bill_type_code", text, None) for text in ("NA", "UNK", "X", "000", "-", "?")],
    *[
        ("bill_type_code", text, read)
        for text, read in {"11X": "11X", "011": "11", "0114": "114", "33g": "33G", "999": "999"}.items()
    ],
    *[
        ("admission_date", text, None)
        for text in (
            "0001-01-01",
            "1901-01-01",
            "1970-01-01",
            "9999-12-31",
            "29991231",
            "01JAN1900",
            "1970-01-01T00:00",
        )
    ],
    ("admission_date", "1970-01-02", "1970-01-02"),
    ("revenue_center_code", "551", "0551"),
    ("bill_type_code", "0131", "131"),
    ("claim_frequency_code", "07", "7"),
    *[
        ("claim_frequency_code", text, read)
        for text, read in {
            "8 - Void": "8",
            "7-Replacement of prior claim": "7",
            "1: Original": "1",
            "7.0": "7",
            "VOID": "8",
            "Void/Cancel of prior claim": "8",
            "cancelled": "8",
            "REPLACEMENT": "7",
            "Original": "ORIGINAL",
            "A": "A",
        }.items()
    ],
    *[("place_of_service_code", text, "21") for text in ("21 - Inpatient Hospital", "21-Inpatient", "21: hospital")],
    *[("place_of_service_code", text, None) for text in ("21A", "11,12", "21-22", "POS 21", "121 - x")],
    ("diagnosis_code_1", "k91.2", "K912"),
    *[("diagnosis_code_1", text, None) for text in ("00000", "000.00")],
    *[
        ("diagnosis_code_1", text, read)
        for text, read in {
            "I10, R11.0": "I10,R110",
            "i10;r11.0": "I10,R110",
            "I10|R11.0|": "I10,R110",
            "I10 R11.0": "I10,R110",
            "I10/ R11.0 ; K91.2": "I10,R110,K912",
            "ABK:R11.0": "R110",
            "R 11.0": "R110",
            "R11.0 ": "R110",
            "250.00": "25000",
        }.items()
    ],
    *[("admission_date", text, None) for text in ("1900-01-01", "1900-01-01 00:00:00.000")],
    *[("discharge_date", text, None) for text in ("2099-12-31", "2099-12-31T00:00:00")],
    ("discharge_date", "2099-12-30", "2099-12-30"),
    ("claim_id", "1E5", "1E5"),
    ("ndc_code", "0338-0644-03", "00338064403"),
    *[("ndc_code", text, read) for text, read in (("50242-040-62", "50242004062"), ("63323-0249-1", "63323024901"))],
    ("ndc_code", "00338-0644-03", "00338064403"),
    ("ndc_code", "N400338064403", "00338064403"),
    ("ndc_code", "0338 0644 03", "00338064403"),
    ("ndc_code", "8290033010", "8290033010"),
    ("ndc_code", "338-644-3", "00338064403"),
    ("ndc_code", "N400338064403UN1", "00338064403"),
    ("ndc_code", "n400338064403 ml10.5", "00338064403"),
    ("ndc_code", "N4 00338-0644-03", "00338064403"),
    ("ndc_code", "N40338-0644-03", "00338064403"),
    ("ndc_code", "N40338 0644 03", "00338064403"),
    ("ndc_code", "N450242-040-62", "50242004062"),
    ("ndc_code", "n40338064403", "0338064403"),
    ("ndc_code", "NDC: 0338-0644-03", "00338064403"),
    ("ndc_code", "00338*0644*03", "00338064403"),
    ("ndc_code", "00338\u20130644\u201303", "00338064403"),
    ("ndc_code", "00338-064403", "00338064403"),
    ("ndc_code", "338064403", "338064403"),
    ("ndc_code", "see note", "SEE NOTE"),
    ("line_of_business", "Medicare Advantage", "medicare_advantage"),
    # What SAS writes for a missing number or date.
    *[(name, ".", None) for name in ("other_payer_paid_amount", "service_unit_quantity", "claim_line_end_date")],
    *[(name, ".", None) for name in ("hcpcs_modifier_1", "drug_name")],
    ("funding", "Self-Funded", "self_funded"),
    *[("funding", text, "insured") for text in ("Fully Insured", "FI", "Fully-Funded", "insured")],
    *[("funding", text, text.lower()) for text in ("ASO", "SF", "Funded", "FEP")],
    ("drug_name", "café", "café"),
]
REJECTED = [
    ("claim_id", "2E+11"),
    ("billing_tin", "2e+08"),
    ("billing_npi", "2E+09"),
    ("claim_line_start_date", "1900-01-01"),
    ("paid_amount", "12.345"),
    ("paid_amount", "12,34"),
    ("paid_amount", "1.234,56"),
    ("paid_amount", "ten"),
    ("paid_amount", "1e3"),
    ("paid_amount", "1 000.00"),
    ("paid_amount", "1$0"),
    ("paid_amount", "(5"),
    ("paid_amount", "-(5)"),
    ("paid_amount", "--5"),
    ("paid_amount", "0.005"),
    ("paid_amount", "5 CR"),
    ("paid_amount", "€5"),
    ("paid_amount", "inf"),
    ("paid_amount", "1000000000"),
    ("service_unit_quantity", "1.0005"),
    ("claim_line_number", "1A"),
    ("claim_line_number", ""),
    ("claim_line_start_date", "2025-02-30"),
    ("claim_line_start_date", "08/01/2025"),
    ("claim_line_start_date", "infinity"),
    ("claim_line_start_date", "9999-12-31"),
    ("claim_line_start_date", "0001-01-01"),
    ("claim_line_start_date", "00000000"),
    ("claim_line_start_date", "45870"),
    ("claim_line_start_date", "01-AUG-25"),
    ("claim_line_start_date", "2025-08-01x"),
    ("claim_line_start_date", "2023-02-29"),
    ("billing_tin", "1.23E+08"),
    ("claim_id", "1.23457E+17"),
    ("claim_line_start_date", ""),
    ("paid_date", "20251399"),
    ("claim_id", " "),
    ("member_id", ""),
]

HEADER = ",".join(GOOD)


def line(claim: str, **values: str) -> str:
    return ",".join({**GOOD, "claim_id": claim, **values}.values())
