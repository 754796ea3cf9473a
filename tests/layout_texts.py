"""Files of claims in other people's columns, and what no layout may say."""

from __future__ import annotations

OURS = {
    "claim_id": "clm",
    "claim_line_number": "ln",
    "member_id": "mbr",
    "claim_line_start_date": "svc",
    "hcpcs_code": "proc",
    "service_unit_quantity": "units",
    "paid_amount": "pd",
    "billing_tin": "tax",
}
VALUES = "A|1|m|08/01/2025|a4222|1|10.00|123456789"

REFUSED = [
    "*", "count(*)", "row_number() over ()", "(select 1)", "exists (select 1)", "read_text('x')", "read_csv('x')",
    "getenv('HOME')", "columns('.*')", "[pd]", "pd[1]", "{'a': pd}", "$1", "?", "random()", "now()", "current_date",
    "pd; drop table x", "", "1 +", "'open", "t.pd", "copy x to 'y'", "attach 'x'", "pragma_version()", "query('x')",
    "repeat(pd, 9)", "unnest([1])", "nextval('x')", "pd -> 'x'",
]  # fmt: skip
