-- View: the common days of a line and a per diem, once for each kind of per diem that it is. As a table, or as a `with`
-- that is read twice, it would be many times as large as the days.
-- Kinds: `any` per diem of any provider; of the line's own provider `own` (all), `context` (of a home infusion),
-- `infusion`, `infusion_but_tpn`, and each family by its name.
select *, 'any' as kind from per_diem_overlap_days
union all
select *, 'own' as kind from per_diem_overlap_days
where is_same_provider
union all
select *, 'context' as kind from per_diem_overlap_days
where is_same_provider and is_context
union all
select *, 'infusion' as kind from per_diem_overlap_days
where is_same_provider and is_infusion
union all
select *, 'infusion_but_tpn' as kind from per_diem_overlap_days
where is_same_provider and is_infusion and family <> 'tpn'
union all
select *, family as kind from per_diem_overlap_days
where is_same_provider
