-- One row per finding that was ever exported in a case, as it was exported last: what the case-management tool knows.
with ranked_rows as (
    select
        *,
        row_number() over (partition by finding_id order by export_number desc) as place
    from case_export_rows
)

select * exclude (export_number, place) from ranked_rows
where place = 1
