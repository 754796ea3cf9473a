-- Members with a per diem anywhere in the file: only for them do stays, drugs of any kind and services of staff matter.
select distinct typed_rows.member_id
from typed_rows
inner join per_diem_codes on typed_rows.hcpcs_code = per_diem_codes.code
where per_diem_codes.is_per_diem
