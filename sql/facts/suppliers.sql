-- Providers with at least one per diem anywhere in the claims under audit.
select distinct provider_id from per_diem_lines
