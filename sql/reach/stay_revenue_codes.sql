-- The revenue codes of room and board, which may make a claim without a bill type one of a stay.
select distinct code from room_revenue_codes
