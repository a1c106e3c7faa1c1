"""A pool shared out by largest remainder: the lines add up to the pool, nobody is a cent off, order does not matter."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kaohe.cases import case_of
from kaohe.checking import check_facts
from kaohe.numbers import round_number, write_number
from kaohe.reading import plan_of_text
from kaohe.scoring import score

PLAN = plan_of_text("""
scheme: tea-house
name: 茶馆 | Tea-house
period: month
roles: {assessed: {waiter: 茶博士 | Waiter}}
people: {house: {is: text optional, name: 店 | House}}
units: {house: {by: house, name: 店 | House}}
groups: {staff: {all_of: house, name: 全店 | The house}}
values: {cups: {is: number 0.., name: 杯 | Cups}, house.pool: {is: yuan, name: 奖金池 | Pool}}
total: {is: cups, clause: §1}
pay: {lines: {bonus: {name: 奖金 | Bonus, clause: §2, share: {pool: house.pool, by: cups, among: staff, rounding: largest_remainder}}}}
""")
CENT = Fraction(1, 100)
parts = st.one_of(st.integers(0, 3).map(Fraction), st.builds(Fraction, st.integers(0, 10**12), st.sampled_from([1, 3, 7, 999983, 10**9])))
pools = st.one_of(
    st.integers(-500, 500).map(lambda cents: cents * CENT),
    st.builds(Fraction, st.integers(-(10**15), 10**15), st.sampled_from([1, 3, 700])),
)


@given(st.lists(st.tuples(parts, st.booleans()), min_size=1, max_size=8), pools, pools, st.randoms(use_true_random=False))
def test_lines_add_up_to_the_pool_and_nobody_is_a_cent_off(
    people: list[tuple[Fraction, bool]], east: Fraction, west: Fraction, random: np.random.Generator
) -> None:
    names = [f"w{place}" for place in range(len(people))]
    houses = {name: "east" if east_side else "west" for name, (_, east_side) in zip(names, people, strict=True)}
    cups = {name: part for name, (part, _) in zip(names, people, strict=True)}
    lines = _lines(names, houses, cups, {"east": east, "west": west})
    shuffled = list(names)
    random.shuffle(shuffled)
    assert _lines(shuffled, houses, cups, {"east": east, "west": west}) == lines
    for house, pool in (("east", east), ("west", west)):
        total = sum((cups[name] for name in names if houses[name] == house), Fraction(0))
        if total:
            mine = {name: lines[name] for name in names if houses[name] == house}
            assert sum(mine.values()) == round_number(pool, CENT)
            assert all(abs(line - pool * cups[name] / total) < CENT and (line / CENT).denominator == 1 for name, line in mine.items())


def _lines(names: list[str], houses: dict[str, str], cups: dict[str, Fraction], pools_: dict[str, Fraction]) -> dict[str, Fraction]:
    values = {name: {"cups": write_number(cups[name])} for name in names} | {
        house: {"pool": write_number(pool)} for house, pool in pools_.items()
    }
    case = {
        "period": {"start": "2026-03-01", "end": "2026-03-31"},
        "people": [{"id": name, "role": "waiter", "house": houses[name]} for name in names],
        "values": values,
    }
    results = score(PLAN, check_facts(PLAN, case_of(case).facts))
    return {name: results.scorecard(name).pay.get("bonus", Fraction(-1)) for name in names}  # type: ignore[misc]
