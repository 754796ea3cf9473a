-- One row per finding that the case-management tool must learn of: new, reopened, changed, withdrawn (the claims do not
-- show it any more, or its claim was replaced) or closed (by reviewers).
with seen_changes as (
    select
        case_rows.* exclude (status_reason),
        case
            when exported_rows.finding_id is null then 'new'
            when not case_rows.is_open then 'closed'
            when not exported_rows.is_open then 'reopened'
            else 'changed'
        end as change,
        case when not case_rows.is_open then case_rows.status_reason end as change_reason
    from case_rows
    left join exported_rows on case_rows.finding_id = exported_rows.finding_id
    where
        case_rows.row_sha256 is distinct from exported_rows.row_sha256
        and (case_rows.is_open or coalesce(exported_rows.is_open, false))
),

unseen_changes as (
    select
        * exclude (status, status_reason, is_changed, change, change_reason),
        case
            when is_open then 'changed'
            when status = 'closed' then 'closed'
            else 'withdrawn'
        end as change,
        case
            when is_open then 'not looked at again; dollars of its line are in the case of another rule now'
            else status_reason
        end as change_reason
    from unseen_rows
    where is_changed
)

select * from seen_changes
union all by name
select * from unseen_changes
