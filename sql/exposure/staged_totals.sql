-- The lines that the rules could use, after final action.
select count(*) as line_count, cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount from claim_lines
