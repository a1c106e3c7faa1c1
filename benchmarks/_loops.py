"""What else one could use: the tea-house scheme as plain loops over Fractions or Decimals, and as inexact numpy.

Each gives (grades, ranks, bonuses, commissions), one entry a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
from _tea_house import Company

Outcome = tuple[list[str], list[int], list[Any], list[Any]]
WEIGHTS = (15, 10, 10, 10, 10, 10, 10, 10, 5, 10)
GRADES = ((85, "A", 12), (75, "B", 10), (60, "C", 8))


def by_loop(company: Company, number: Callable[[int], Any], rounded: Callable[[Any], Any], cents: Callable[[Any], Any]) -> Outcome:
    """The scheme, one person after another, in any exact-looking number type."""
    values = {name: column.tolist() for name, column in company.values.items()}
    attitude, knowledge = (company.ratings[item].reshape(-1, 3).tolist() for item in ("attitude", "knowledge"))
    teams = company.team.tolist()
    own = [rounded(number(sum(scores)) / number(30)) for scores in attitude]
    sums: dict[int, Any] = defaultdict(lambda: number(0))
    sizes: dict[int, int] = defaultdict(int)
    for team, mark in zip(teams, own, strict=True):
        sums[team] += mark
        sizes[team] += 1
    totals = []
    for person, team in enumerate(teams):
        row = {name: number(column[person]) for name, column in values.items()}
        items = _items(row, own[person], number(sum(knowledge[person])) / number(30), number, rounded)
        others = sizes[team] - 1
        together = (
            (number(40) * own[person] + number(60) * (sums[team] - own[person]) / number(others)) / number(100) if others else own[person]
        )
        totals.append(
            sum((item * number(w) for item, w in zip((*items, rounded(together)), WEIGHTS, strict=True)), number(0)) / number(100)
        )
    grades = [next((grade for floor, grade, _ in GRADES if total >= floor), "D") for total in totals]
    return grades, _ranks(totals, teams), *_pay(company, totals, grades, number, cents)


def _items(
    row: dict[str, Any], attitude: Any, knowledge: Any, number: Callable[[int], Any], rounded: Callable[[Any], Any]
) -> tuple[Any, ...]:
    hundred = number(100)
    return (
        rounded(hundred * row["solved"] / row["asked"]),
        rounded(hundred * row["quick"] / row["served"]),
        rounded(hundred * row["paid"] / row["ordered"]),
        rounded(_line(row["seconds"], 30, 300, number)),
        rounded(_line(row["hours"], 24, 72, number)),
        number(100 if row["faults"] <= 0 else 80 if row["faults"] <= 2 else 50 if row["faults"] <= 5 else 0),
        number(100 if row["calls"] >= 900 else 85 if row["calls"] >= 600 else 60 if row["calls"] >= 300 else 20),
        attitude,
        rounded(knowledge),
    )


def _line(x: Any, full: int, none: int, number: Callable[[int], Any]) -> Any:
    if x <= full:
        return number(100)
    return number(0) if x >= none else number(100) - (x - number(full)) * number(100) / number(none - full)


def _ranks(totals: list[Any], teams: list[int]) -> list[int]:
    members: dict[int, list[int]] = defaultdict(list)
    for person, team in enumerate(teams):
        members[team].append(person)
    ranks = [0] * len(totals)
    for people in members.values():
        for person in people:
            ranks[person] = 1 + sum(totals[other] > totals[person] for other in people)
    return ranks


def _pay(
    company: Company, totals: list[Any], grades: list[str], number: Callable[[int], Any], cents: Callable[[Any], Any]
) -> tuple[list[Any], list[Any]]:
    share = {grade: number(tenths) / number(10) for _, grade, tenths in GRADES} | {"D": number(5) / number(10)}
    bases, sales = company.base_fen.tolist(), company.values["sales"].tolist()
    bonus = [
        cents(number(base) / number(100) * share[grade] * total / number(100))
        for base, grade, total in zip(bases, grades, totals, strict=True)
    ]
    return bonus, [cents(_commission(number(fen) / number(100), number)) for fen in sales]


def _commission(sales: Any, number: Callable[[int], Any]) -> Any:
    hundred = number(100)
    if sales <= 10000:
        return sales / hundred
    if sales <= 30000:
        return hundred + (sales - number(10000)) * number(2) / hundred
    return number(500) + (sales - number(30000)) * number(3) / hundred


def fractions(company: Company, rounding: bool) -> Outcome:
    """Exact: a loop over fractions."""

    def to(place: int) -> Callable[[Fraction], Fraction]:
        return lambda value: Fraction((2 * value.numerator * place + value.denominator) // (2 * value.denominator), place)

    return by_loop(company, Fraction, to(10_000) if rounding else (lambda value: value), to(100))


def decimals(company: Company, rounding: bool) -> Outcome:
    """Nearly exact: a loop over decimals of 38 digits."""
    with localcontext() as context:
        context.prec = 38

        def to(place: str) -> Callable[[Decimal], Decimal]:
            return lambda value: value.quantize(Decimal(place), ROUND_HALF_UP)

        return by_loop(company, Decimal, to("0.0001") if rounding else (lambda value: value), to("0.01"))


def inexact(company: Company, rounding: bool) -> tuple[Any, ...]:
    """Inexact: whole columns of binary floats, as a spreadsheet would."""

    def to(value: Any, places: int) -> Any:
        return np.floor(value * 10**places + 0.5) / 10**places

    def item(value: Any) -> Any:
        return to(value, 4) if rounding else value

    v = company.values
    attitude, knowledge = (item(company.ratings[name].reshape(-1, 3).sum(axis=1) / 30) for name in ("attitude", "knowledge"))
    sizes = np.bincount(company.team)
    sums = np.bincount(company.team, weights=attitude)
    others = sizes[company.team] - 1
    mean = np.where(others > 0, (sums[company.team] - attitude) / np.maximum(others, 1), attitude)
    items = (
        item(100 * v["solved"] / v["asked"]),
        item(100 * v["quick"] / v["served"]),
        item(100 * v["paid"] / v["ordered"]),
        item(np.interp(v["seconds"], [30, 300], [100, 0])),
        item(np.interp(v["hours"], [24, 72], [100, 0])),
        np.select([v["faults"] <= 0, v["faults"] <= 2, v["faults"] <= 5], [100.0, 80.0, 50.0], 0.0),
        np.select([v["calls"] >= 900, v["calls"] >= 600, v["calls"] >= 300], [100.0, 85.0, 60.0], 20.0),
        attitude,
        knowledge,
        item(0.4 * attitude + 0.6 * mean),
    )
    total = sum(score * weight / 100 for score, weight in zip(items, WEIGHTS, strict=True))
    grade = np.select([total >= 85, total >= 75, total >= 60], [0, 1, 2], 3)
    share = np.array([1.2, 1.0, 0.8, 0.5])[grade]
    sales = v["sales"] / 100
    steps = [sales * 0.01, 100 + (sales - 10000) * 0.02]
    commission = np.select([sales <= 10000, sales <= 30000], steps, 500 + (sales - 30000) * 0.03)
    return grade, _inexact_ranks(total, company.team), to(company.base_fen / 100 * share * total / 100, 2), to(commission, 2), *items


def _inexact_ranks(total: Any, team: Any) -> Any:
    order = np.lexsort([-total, team])
    ranked, marks = team[order], total[order]
    starts = np.r_[True, ranked[1:] != ranked[:-1]]
    changes = starts | np.r_[True, marks[1:] != marks[:-1]]
    place = np.arange(total.size)
    first, tie = (np.maximum.accumulate(np.where(flag, place, 0)) for flag in (starts, changes))
    ranks = np.empty(total.size, dtype=np.int64)
    ranks[order] = tie - first + 1
    return ranks
