"""Reversals and voids that name no payment of the file, beside payments that they may have taken back."""

from __future__ import annotations

# Each case is a member: a week of S9500 with its drug, the pump supply B 1 beside it, and what takes money back.
# By name: further lines, and what is said of the finding on line B 1 (nothing where it is empty).
WEEK = """
    claim_id | claim_line_number | hcpcs_code | claim_line_end_date | service_unit_quantity | paid_amount
    A        | 1                 | S9500      | 2025-09-07          | 7                     | 770.00
    A        | 2                 | J0696      | 2025-09-07          | 7                     | 35.00
    B        | 1                 | A4222      |                     | 7                     | 74.00
"""
NEGATIVE = "takes back the same amount for the same code, provider and days"
VOID = "voids a claim that it does not name or that is not in the file, of the same member, provider and days"
NO_PROVIDER = "A claim of which the file does not tell whether its provider is the same"
SOMEBODYS_NEGATIVE = f"{NO_PROVIDER} takes back the same amount for the same code and days"
SOMEBODYS_VOID = (
    f"{NO_PROVIDER} voids a claim that it does not name or that is not in the file, of the same code and days"
)
TAKEN_BACK = {
    "nothing": ("", ""),
    "under an id of its own": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount
        C        | A4222      | -7                    | -74.00
        """,
        f"{{C}}, line 1, {NEGATIVE}",
    ),
    "with an allowed amount that is not negative": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount | allowed_amount
        C        | A4222      | -7                    | -74.00      | 74.00
        """,
        f"{{C}}, line 1, {NEGATIVE}",
    ),
    "on another line of the claim": (
        """
        claim_id | claim_line_number | hcpcs_code | service_unit_quantity | paid_amount
        B        | 9                 | A4222      | -7                    | -74.00
        """,
        f"{{B}}, line 9, {NEGATIVE}",
    ),
    "another amount": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount
        C        | A4222      | -7                    | -73.99
        """,
        "",
    ),
    "another code": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount
        C        | A4221      | -7                    | -74.00
        """,
        "",
    ),
    "another day": (
        """
        claim_id | hcpcs_code | claim_line_start_date | service_unit_quantity | paid_amount
        C        | A4222      | 2025-09-02            | -7                    | -74.00
        """,
        "",
    ),
    "another last day": (
        """
        claim_id | hcpcs_code | claim_line_end_date | service_unit_quantity | paid_amount
        C        | A4222      | 2025-09-07          | -7                    | -74.00
        """,
        "",
    ),
    "another first day": (
        """
        claim_id | hcpcs_code | claim_line_start_date | claim_line_end_date | service_unit_quantity | paid_amount
        C        | A4222      | 2025-08-31            | 2025-09-01          | -7                    | -74.00
        """,
        "",
    ),
    "another provider": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount | billing_tin
        C        | A4222      | -7                    | -74.00      | 222222222
        """,
        "",
    ),
    "a line denied from the start": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount
        C        | A4222      | -7                    | 0.00
        """,
        "",
    ),
    "paid and taken back under one id of its own": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount | paid_date
        C        | A4222      | 7                     | 74.00       | 2025-09-15
        C        | A4222      | -7                    | -74.00      | 2025-09-16
        """,
        "",
    ),
    "a void that names no claim": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount | claim_frequency_code
        C        | A4222      | -7                    | -74.00      | 8
        """,
        f"{{C}} {VOID}",
    ),
    "a void that names zeros and has other amounts": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount | claim_frequency_code | original_claim_id
        C        | A4222      | 7                     | 80.00       | 8                    | 000000
        """,
        f"{{C}} {VOID}",
    ),
    "a void that names a claim which is not in the file": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount | claim_frequency_code | original_claim_id
        C        | A4222      | -7                    | -74.00      | 8                    | elsewhere
        """,
        f"{{C}} {VOID}",
    ),
    "a void of other days": (
        """
        claim_id | hcpcs_code | claim_line_start_date | service_unit_quantity | paid_amount | claim_frequency_code
        C        | A4222      | 2025-09-02            | -7                    | -74.00      | 8
        """,
        "",
    ),
    "a void of another claim that it names": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount | claim_frequency_code | original_claim_id
        C        | A4222      | 7                     | 74.00       | 1                    |
        D        | A4222      | -7                    | -74.00      | 8                    | C
        """,
        "",
    ),
    "a claim paid and voided under one id": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount | claim_frequency_code
        C        | A4222      | 7                     | 74.00       |
        C        | A4222      | -7                    | -74.00      | 8
        """,
        "",
    ),
    "the per diem that includes it": (
        """
        claim_id | hcpcs_code | claim_line_end_date | service_unit_quantity | paid_amount
        C        | S9500      | 2025-09-07          | -7                    | -770.00
        """,
        f"Of the line that shows it: {{C}}, line 1, {NEGATIVE}",
    ),
    "without a provider, which a standing line of its claim names": (
        """
        claim_id | claim_line_number | hcpcs_code | service_unit_quantity | paid_amount | billing_tin
        C        | 1                 | 99213      | 1                     | 0.01        | 111111111
        C        | 2                 | A4222      | -7                    | -74.00      | none
        """,
        f"{{C}}, line 2, {NEGATIVE}",
    ),
    "without a provider, which another reversal of its claim names": (
        """
        claim_id | claim_line_number | hcpcs_code | service_unit_quantity | paid_amount | billing_tin
        C        | 1                 | A4221      | -1                    | -10.00      | 111111111
        C        | 2                 | A4222      | -7                    | -74.00      | none
        """,
        f"{{C}}, line 2, {NEGATIVE}",
    ),
    "without a provider, its claim names another": (
        """
        claim_id | claim_line_number | hcpcs_code | service_unit_quantity | paid_amount | billing_tin
        C        | 1                 | 99213      | 1                     | 0.01        | 222222222
        C        | 2                 | A4222      | -7                    | -74.00      | none
        """,
        "",
    ),
    "without a provider, its claim names two": (
        """
        claim_id | claim_line_number | hcpcs_code | service_unit_quantity | paid_amount | billing_tin
        C        | 1                 | 99213      | 1                     | 0.01        | 222222222
        C        | 2                 | 99213      | 1                     | 0.01        | 111111111
        C        | 3                 | A4222      | -7                    | -74.00      | none
        """,
        SOMEBODYS_NEGATIVE,
    ),
    "without a provider": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount | billing_tin
        C        | A4222      | -7                    | -74.00      | none
        """,
        SOMEBODYS_NEGATIVE,
    ),
    "without a provider, with an allowed amount that is not negative": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount | allowed_amount | billing_tin
        C        | A4222      | -7                    | -74.00      | 74.00          | none
        """,
        SOMEBODYS_NEGATIVE,
    ),
    "without a provider, another amount": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount | billing_tin
        C        | A4222      | -7                    | -73.99      | none
        """,
        "",
    ),
    "without a provider, another code": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount | billing_tin
        C        | A4221      | -7                    | -74.00      | none
        """,
        "",
    ),
    "without a provider, another day": (
        """
        claim_id | hcpcs_code | claim_line_start_date | service_unit_quantity | paid_amount | billing_tin
        C        | A4222      | 2025-09-02            | -7                    | -74.00      | none
        """,
        "",
    ),
    "a void without a provider and with another amount": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount | claim_frequency_code | billing_tin
        C        | A4222      | 7                     | 80.00       | 8                    | none
        """,
        SOMEBODYS_VOID,
    ),
    "a void without a provider, of another code": (
        """
        claim_id | hcpcs_code | service_unit_quantity | paid_amount | claim_frequency_code | billing_tin
        C        | A4221      | -7                    | -74.00      | 8                    | none
        """,
        "",
    ),
    "a void of another code without a provider, which a line of other days names": (
        """
        claim_id | claim_line_number | hcpcs_code | claim_line_start_date | paid_amount | billing_tin | bill_type_code
        C        | 1                 | 99213      | 2025-09-20            | 0.00        | 111111111   | 128
        C        | 2                 | A4221      |                       | -10.00      | none        | 128
        """,
        f"{{C}} {VOID}",
    ),
    "the per diem that includes it, without a provider": (
        """
        claim_id | hcpcs_code | claim_line_end_date | service_unit_quantity | paid_amount | billing_tin
        C        | S9500      | 2025-09-07          | -7                    | -770.00     | none
        """,
        f"Of the line that shows it: {SOMEBODYS_NEGATIVE}",
    ),
}  # fmt: skip
# One service paid, taken back under an id of its own, and paid anew: the second payment is found.
PAID_ANEW = """
    claim_id | claim_line_number | hcpcs_code | claim_line_end_date | service_unit_quantity | paid_amount | paid_date
    A        | 1                 | S9500      | 2025-09-07          | 7                     | 840.00      | 2025-09-10
    A        | 2                 | J0696      | 2025-09-07          | 7                     | 35.00       | 2025-09-10
    B        | 1                 | S9500      | 2025-09-07          | -7                    | -840.00     | 2025-09-20
    C        | 1                 | S9500      | 2025-09-07          | 7                     | 770.00      | 2025-09-20
"""
# Nobody tells who was paid, and the same is taken back by a provider that is told; the finding needs no other line.
PAID_NOBODY = """
    claim_id | claim_line_number | hcpcs_code | claim_line_end_date | service_unit_quantity | paid_amount | billing_tin
    B        | 1                 | S9500      | 2025-09-07          | 14                    | 1540.00     | none
    B        | 2                 | J0696      | 2025-09-07          | 7                     | 35.00       | none
    C        | 1                 | S9500      | 2025-09-07          | -14                   | -1540.00    | 222222222
"""
# The stay that shows a per diem's days to be the hospital's: neither its room nor what takes it back has a procedure.
PAID_STAY = """
    claim_id | claim_line_number | hcpcs_code | claim_line_end_date | service_unit_quantity | paid_amount | billing_tin
    B        | 1                 | S9500      | 2025-09-05          | 5                     | 500.00      |
    B        | 2                 | J0696      | 2025-09-05          | 5                     | 35.00       |
"""
STAY = """
    claim_id | hcpcs_code | claim_line_end_date | paid_amount | billing_tin | bill_type_code | revenue_center_code
    H        | none       | 2025-09-05          | 5000.00     | 222222222   | 0111           | 0120
    C        | none       | 2025-09-05          | -5000.00    | 222222222   | 0111           | 0120
"""
# A supply that the member alone paid, and a void that names no claim: nothing was paid, so nothing was taken back.
PAID_NOTHING = """
    claim_id | claim_line_number | hcpcs_code | claim_line_end_date | paid_amount | allowed_amount
    A        | 1                 | S9500      | 2025-09-07          | 770.00      |
    A        | 2                 | J0696      | 2025-09-07          | 35.00       |
    B        | 1                 | A4222      |                     | 0.00        | 74.00
"""
NAMES_NOTHING = """
    claim_id | hcpcs_code | service_unit_quantity | paid_amount | claim_frequency_code
    C        | A4222      | -7                    | -74.00      | 8
"""
