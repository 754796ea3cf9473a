-- The common days of a line and a per diem laid out, so that days covered by several per diems count once.
select per_diem_overlaps.*, calendar.calendar_date as service_date
from per_diem_overlaps
inner join calendar
    on calendar.calendar_date between per_diem_overlaps.first_common_date and per_diem_overlaps.last_common_date
