-- The new rows on a finding of which a disposition of a later day is recorded already: that one still stands.
select distinct new_dispositions.file_order
from new_dispositions
inner join dispositions
    on new_dispositions.finding_id = dispositions.finding_id
    and new_dispositions.disposition_date < dispositions.disposition_date
