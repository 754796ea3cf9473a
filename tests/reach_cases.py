"""Claims near an audited period and far from it, of which the far ones decide what is found near."""

from __future__ import annotations

Line = dict[str, str]
NEAR = {
    "claim_id": "N", "claim_line_number": "1", "member_id": "m", "claim_line_start_date": "2025-09-10",
    "claim_line_end_date": "2025-09-10", "hcpcs_code": "A4222", "hcpcs_modifier_1": "", "service_unit_quantity": "1",
    "paid_amount": "100.00", "allowed_amount": "100.00", "place_of_service_code": "12", "billing_tin": "111111111",
    "paid_date": "2025-10-01", "claim_frequency_code": "1", "original_claim_id": "", "diagnosis_code_1": "",
    "drug_name": "", "claim_type": "", "bill_type_code": "", "revenue_center_code": "", "admission_date": "",
    "discharge_date": "",
}  # fmt: skip
FAR = NEAR | {"claim_id": "F", "claim_line_start_date": "2024-11-20", "claim_line_end_date": "2024-11-20"}
PER_DIEM = {"hcpcs_code": "S9500", "paid_amount": "80.00", "allowed_amount": "80.00"}
PUMP = {"hcpcs_code": "S9328"}
STAY = {
    "claim_type": "institutional", "bill_type_code": "0111", "revenue_center_code": "0120", "hcpcs_code": "",
    "place_of_service_code": "",
}  # fmt: skip
# Each far row changes what is found near; a reading that leaves it out accuses or spares wrongly.
DECISIVE = {
    "a per diem makes a supplier": ([NEAR | {"hcpcs_code": "J1438"}], [FAR | PER_DIEM | {"member_id": "other"}]),
    "a bought pump stays bought": (
        [NEAR | {"hcpcs_code": "E0781", "hcpcs_modifier_1": "RR"}, NEAR | PER_DIEM | {"claim_id": "P"}],
        [FAR | {"hcpcs_code": "E0781", "hcpcs_modifier_1": "NU", "billing_tin": "222222222"}],
    ),
    "batteries of a pump": (
        [NEAR | {"hcpcs_code": "S5035"}, NEAR | PER_DIEM | {"claim_id": "P"}],
        [FAR | {"hcpcs_code": "K0601"}],
    ),
    "a replacement": (
        [NEAR, NEAR | PER_DIEM | {"claim_id": "P"}],
        [FAR | {"hcpcs_code": "99213", "claim_frequency_code": "7", "original_claim_id": "N"}],
    ),
    "a void": (
        [NEAR, NEAR | PER_DIEM | {"claim_id": "P"}],
        [FAR | {"hcpcs_code": "99213", "claim_frequency_code": "8", "original_claim_id": "N"}],
    ),
    "a reversal": (
        [NEAR, NEAR | PER_DIEM | {"claim_id": "P"}],
        [FAR | {"claim_id": "N", "paid_amount": "-100.00", "allowed_amount": "-100.00"}],
    ),
    "a claim id that two members share": (
        [NEAR, NEAR | PER_DIEM | {"claim_id": "P"}], [FAR, FAR | {"claim_line_number": "2", "member_id": "z"}],
    ),
    "a claim that goes on": (
        [NEAR | {"hcpcs_code": "B4178", "drug_name": "Clinisol 15%"}, NEAR | {"hcpcs_code": "S9366", "claim_id": "P"}],
        [FAR | {"claim_id": "N", "claim_line_number": "2", "hcpcs_code": "99213", "diagnosis_code_1": "I50.9"}],
    ),
    "a stay of many months": (
        [NEAR | PER_DIEM | {"claim_line_end_date": "2025-09-14", "service_unit_quantity": "5"}],
        [FAR | STAY | {"claim_line_start_date": "2025-05-20", "claim_line_end_date": "2025-05-20",
                       "admission_date": "2025-05-20", "discharge_date": "2025-09-20"}],
    ),
    "a stay that is billed later": (
        [NEAR | PER_DIEM | {"claim_line_end_date": "2025-09-14", "service_unit_quantity": "5"}],
        [FAR | STAY | {"claim_line_start_date": "2026-01-20", "claim_line_end_date": "2026-01-20",
                       "admission_date": "2025-08-10", "discharge_date": "2026-01-20"}],
    ),
    "a stay of many months without a bill type": (
        [
            NEAR | PER_DIEM | {"claim_line_end_date": "2025-09-14", "service_unit_quantity": "5"},
            NEAR | STAY | {"claim_id": "O", "bill_type_code": "0131", "revenue_center_code": "0450"},
        ],
        [FAR | STAY | {"claim_line_start_date": "2025-05-20", "claim_line_end_date": "2025-05-20", "bill_type_code": "",
                       "admission_date": "2025-05-20", "discharge_date": "2025-09-20"}],
    ),
    "a stay without a bill type, told by its admission": (
        [
            NEAR | PER_DIEM | {"claim_line_end_date": "2025-09-14", "service_unit_quantity": "5"},
            NEAR | STAY | {"claim_id": "O", "bill_type_code": "0131", "revenue_center_code": "0450"},
        ],
        [FAR | STAY | {"claim_line_start_date": "2025-05-20", "claim_line_end_date": "2025-05-20", "bill_type_code": "",
                       "revenue_center_code": "0250", "admission_date": "2025-05-20", "discharge_date": "2025-09-20"}],
    ),
    "the first bill of a stay": (
        [
            NEAR | PER_DIEM | {"claim_line_end_date": "2025-09-14", "service_unit_quantity": "5"},
            NEAR | STAY | {"claim_id": "I", "admission_date": "2025-01-05", "discharge_date": "2025-09-30"},
        ],
        [FAR | STAY | {"claim_line_start_date": "2025-01-05", "claim_line_end_date": "2025-01-05", "claim_id": "H",
                       "admission_date": "2025-01-05", "discharge_date": "2025-12-31"}],
    ),
    "a refill within a long run of pump days": (
        [
            NEAR | PUMP | {"claim_line_start_date": "2025-09-01", "claim_line_end_date": "2025-09-30",
                           "service_unit_quantity": "30"},
            FAR | PUMP | {"claim_line_end_date": "2025-08-31", "claim_id": "R"},
        ],
        [
            FAR | {"hcpcs_code": "95990"},
            FAR | {"hcpcs_code": "95990", "claim_id": "G", "claim_line_start_date": "2024-12-20",
                   "claim_line_end_date": "2024-12-20"},
        ],
    ),
}  # fmt: skip
# What is near, what is far, and of which result one file and two would differ if the far rows were left out.
OF_THE_FILE = {
    "a bill type, without which no stay could be told": (
        [NEAR | PER_DIEM], [FAR | {"member_id": "u", "hcpcs_code": "99213", "bill_type_code": "0131"}], "line_outcomes",
    ),
    "a drug on another claim of a per diem that shows a supply, and began months before": (
        [
            NEAR | {"claim_line_start_date": "2025-09-01", "claim_line_end_date": "2025-09-01"},
            NEAR | PER_DIEM | {"claim_id": "P", "claim_line_start_date": "2025-06-01",
                               "claim_line_end_date": "2025-09-05", "service_unit_quantity": "97"},
        ],
        [NEAR | {"claim_id": "D", "hcpcs_code": "J0690", "claim_line_start_date": "2025-05-31",
                 "claim_line_end_date": "2025-05-31"}],
        "per_diems_outside_period",
    ),
}  # fmt: skip
