-- The words of each drug name, in order; content words (no numbers, strengths, units) counted apart.
-- A per cent sign belongs to the number before it.
with names as (
    select distinct claim_lines.drug_name
    from claim_lines
    inner join bundled_codes on claim_lines.hcpcs_code = bundled_codes.code
    where claim_lines.drug_name is not null
),

spaced_names as (
    select
        drug_name,
        regexp_replace(
            regexp_replace(upper(regexp_replace(drug_name, '[^A-Za-z0-9.%]', ' ', 'g')), ' +%', '%', 'g'),
            '%', '% ', 'g'
        ) as spaced_name
    from names
),

tidy_names as (
    select drug_name, trim(regexp_replace(spaced_name, ' +', ' ', 'g')) as tidy_name from spaced_names
),

positions as (
    select unnest(generate_series(1, 200)) as position
),

words as (
    select tidy_names.drug_name, positions.position, split_part(tidy_names.tidy_name, ' ', positions.position) as word
    from tidy_names
    inner join positions on positions.position <= length(tidy_names.tidy_name)
),

judged_words as (
    select
        drug_name, position, word,
        not regexp_matches(
            word,
            '^([0-9.]*[0-9][0-9.]*(%|MG|MCG|G|GM|ML|L|U|UNIT|UNITS|IU|MEQ|MMOL)?|[.]+|INJ[.]?|INJECTION|MG|MCG|G|GM|ML|L|U|UNIT|UNITS|IU|MEQ|MMOL)$'  -- noqa: LT05
        ) as is_content
    from words
    where word <> ''
)

select
    drug_name, position, word, is_content,
    case
        when is_content then
            sum(case when is_content then 1 else 0 end) over (
                partition by drug_name order by position rows between unbounded preceding and current row
            )
    end as content_position
from judged_words
