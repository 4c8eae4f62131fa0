"""Days of the proleptic Gregorian calendar for any year, as FEEL allows years from -999,999,999 to 999,999,999.

Python's `date` ends at the years 1 and 9999. The day number counts from 1970-01-01 = 0.
"""

from __future__ import annotations

#: Largest absolute year of a FEEL date (DMN 1.3, 10.3.2.3.5).
MAX_YEAR = 999_999_999
#: Day number of Python's `date.min` is 1 in its own count; this turns it into ours.
ORDINAL_OF_EPOCH = 719_163

_DAYS_IN_400_YEARS = 146_097
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Whether a year has a 29 February; year 0 exists and is one."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Length of a month, 28 to 31."""
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01.

    The year is counted from 1 March, so that the leap day is its last one: 2000-03-01 is 11017.
    """
    shifted = year - (month <= 2)
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * _DAYS_IN_400_YEARS + day_of_era - 719_468


def civil(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day number; the inverse of `day_number`."""
    era, day_of_era = divmod(number + 719_468, _DAYS_IN_400_YEARS)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = (shifted_month + 2) % 12 + 1
    return year_of_era + era * 400 + (month <= 2), month, day


def plus_months(year: int, month: int, day: int, months: int) -> tuple[int, int, int]:
    """A date moved by months, the day cut to the month's last: 31 January plus one month is 28 or 29 February."""
    year, month_index = divmod(year * 12 + month - 1 + months, 12)
    return year, month_index + 1, min(day, days_in_month(year, month_index + 1))
