"""Days as whole numbers: whole months between them, the same day months on, years and months."""

from __future__ import annotations

import numpy as np

from kaohe.columns import Array, Column, Ints, Marks


def years(days: Array) -> Array:
    """The calendar year of each day."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def month_numbers(days: Array) -> Array:
    """Months since year 0."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


def _parts(days: Array) -> tuple[Array, Array]:
    """Month number and day of the month."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    return months.astype(np.int64), (days.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64) + 1


def _last_day(months: Array) -> Array:
    first, after = (month.astype("datetime64[M]").astype("datetime64[D]") for month in (months, months + 1))
    return np.asarray((after - first).astype(np.int64))


def months_between(first: Column, last: Column) -> Column:
    """Whole calendar months from one day to another; the 31st reaches its month on a shorter month's last day."""
    month_a, day_a = _parts(first.n.v)
    month_b, day_b = _parts(last.n.v)
    whole = month_b - month_a - (day_b < np.minimum(day_a, _last_day(month_b)))
    return Column(Ints.of(whole)).remark(_marks_of(first, last, whole.size))


def months_after(day: Column, months: Column) -> Column:
    """The same day n months on, or that month's last day where it has no such day."""
    month, dom = _parts(day.n.v)
    target = month + months.n.v
    days = target.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + np.minimum(dom, _last_day(target)) - 1
    return Column(Ints.of(days)).remark(_marks_of(day, months, days.size))


def _marks_of(a: Column, b: Column, size: int) -> Marks:
    zero = np.zeros(size, dtype=np.uint8)
    return np.maximum(zero if a.absent is None else a.absent, zero if b.absent is None else b.absent)
