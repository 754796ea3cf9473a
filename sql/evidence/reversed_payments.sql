-- What may have taken back the payment of a finding, or that of the line which shows it, as the run found it. The id
-- of a claim that is another provider's, or may be, is left out.
select distinct
    asked_findings.finding_id, 'taken back' as doubt,
    run_reversed_findings.reversed_line
    || case when run_reversed_findings.reversal_provider_id is null then ' somebodys_' else ' ' end
    || run_reversed_findings.kind
    || ': '
    || case
        when run_reversed_findings.reversal_provider_id is null then 'a claim'
        when run_reversed_findings.reversal_provider_id <> asked_findings.provider_id then 'a claim of its provider'
        when run_reversed_findings.kind = 'void' then 'claim ' || run_reversed_findings.reversal_claim_id
        else
            'claim ' || run_reversed_findings.reversal_claim_id || ', line '
            || run_reversed_findings.reversal_line_number || ','
    end as detail
from asked_findings
inner join run_reversed_findings on asked_findings.finding_id = run_reversed_findings.finding_id
