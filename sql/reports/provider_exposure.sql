-- Every provider with findings, the most potential overpayment (then under review) first, and a total.
select * exclude (grain) from provider_places
where grain in ('rank', 'all')
order by is_total, position
