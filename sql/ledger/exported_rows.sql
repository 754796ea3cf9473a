-- One row per finding that was ever exported in a case, as it was exported last: what the case-management tool knows;
-- and its net dollars as they were exported last of a run that had it, which alone writes a hash.
with ranked_rows as (
    select
        *,
        arg_max(net_overpaid_amount, export_number) filter (where row_sha256 <> '') over (partition by finding_id)
            as seen_net_overpaid_amount,
        arg_max(net_review_amount, export_number) filter (where row_sha256 <> '') over (partition by finding_id)
            as seen_net_review_amount,
        row_number() over (partition by finding_id order by export_number desc) as place
    from case_export_rows
)

select * exclude (export_number, place) from ranked_rows
where place = 1
