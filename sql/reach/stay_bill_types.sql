-- The bill types of stays in a hospital or a skilled nursing facility, which last however long.
select distinct bill_type_prefix from bill_type_places
where is_stay
