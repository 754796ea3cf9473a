-- The new rows on a finding of which a disposition of a later day is recorded already, or an answer of the same day
-- where the new row is a step on the way to one: what was recorded still stands.
select distinct new_dispositions.file_order
from new_dispositions
inner join dispositions
    on new_dispositions.finding_id = dispositions.finding_id
    and (
        new_dispositions.disposition_date < dispositions.disposition_date
        or (
            new_dispositions.disposition_date = dispositions.disposition_date
            and new_dispositions.disposition in ('records_requested', 'noticed', 'disputed')
            and dispositions.disposition not in ('records_requested', 'noticed', 'disputed')
        )
    )
