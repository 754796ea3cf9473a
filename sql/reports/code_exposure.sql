-- Every procedure code with findings, the most potential overpayment (then most under review) first, and a total.
select * exclude (grain) from code_places
where grain in ('rank', 'all')
order by is_total, position
