-- One row per claim line and part of its net that is left out of the demand, with the reason in words. Where the line
-- behind a finding is another provider's, nothing is said of it: what was found there is that provider's affair.
select
    credited_demands.provider_id, credited_demands.claim_id, credited_demands.claim_line_number,
    credited_demands.member_id, credited_demands.claim_line_start_date, credited_demands.claim_line_end_date,
    credited_demands.hcpcs_code, code_labels.label as code_label, credited_demands.paid_amount,
    credited_demands.part_amount as not_demanded_amount,
    case
        when credited_demands.part = 'contingent' and credited_demands.is_related_line_told then
            'not demanded because the per diem that includes it is itself found overpaid in full: '
            || 'both cannot be taken back'
        when credited_demands.part = 'dependent' and credited_demands.is_related_line_told
        then 'not demanded because the line that shows it is itself found overpaid in full'
        when credited_demands.part in ('contingent', 'dependent')
        then 'not demanded because it is not certain enough to be demanded'
        when credited_demands.part = 'time_barred' then 'not demanded because the last day to recover it has passed'
        when credited_demands.part = 'recovered' then 'not demanded because it was recovered already'
        when credited_demands.part = 'closed' and credited_demands.last_disposition = 'overturned'
        then 'not demanded because reviewers overturned the finding'
        when credited_demands.part = 'closed' and credited_demands.last_disposition = 'written_off'
        then 'not demanded because the plan does not pursue it'
        when credited_demands.part = 'closed' then 'not demanded because reviewers closed the finding'
        else 'not demanded because the plan paid nothing on the line'
    end as not_demanded_reason,
    case
        when credited_demands.part not in ('contingent', 'dependent') then credited_demands.part
        when credited_demands.is_related_line_told then credited_demands.part
        else 'uncertain'
    end as ground,
    credited_demands.rule_title, credited_demands.part, credited_demands.finding_id
from credited_demands
left join code_labels on credited_demands.hcpcs_code = code_labels.hcpcs_code
where credited_demands.part <> 'demanded'
