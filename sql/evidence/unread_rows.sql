-- Findings whose claim, or the claim of whose related line, is named by a row that could not be read: it may be what
-- takes the payment back. The run keeps such a row as it was delivered, that of a damaged record as text, so any of its
-- values may be the claim's name.
with unread_values as (
    select distinct
        trim(
            unnest(
                case
                    when json_valid(source_text) then json_extract_string(source_text, '$.*')
                    else regexp_split_to_array(source_text, '[,;|\t"]')
                end
            )
        ) as unread_value
    from run_rejected_rows
)

select distinct asked_findings.finding_id, 'unread row' as doubt, 'claim' as detail
from asked_findings
inner join unread_values on asked_findings.claim_id = unread_values.unread_value
union all
select distinct asked_findings.finding_id, 'unread row' as doubt, 'related' as detail
from asked_findings
inner join unread_values on asked_findings.related_claim_id = unread_values.unread_value
where asked_findings.related_claim_id <> asked_findings.claim_id
