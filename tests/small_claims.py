"""Two small claims in two months, one of them of a self-funded plan."""

from __future__ import annotations

CLAIMS = """\
claim_id,claim_line_number,member_id,claim_line_start_date,claim_line_end_date,hcpcs_code,service_unit_quantity,\
paid_amount,allowed_amount,billing_tin,place_of_service_code,funding,line_of_business
A,1,M1,2025-08-01,2025-08-01,S9365,1,150.00,150.00,123456789,12,insured,commercial
A,2,M1,2025-08-01,2025-08-01,E0781,1,80.00,80.00,123456789,12,insured,commercial
B,1,M2,2025-09-01,2025-09-01,S9365,1,150.00,150.00,123456780,12,self_funded,commercial
B,2,M2,2025-09-01,2025-09-01,E0781,1,60.00,60.00,123456780,12,self_funded,commercial
"""
