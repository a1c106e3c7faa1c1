"""One person's change carried through her team equals the full run."""

from fractions import Fraction

import pytest

from kaohe.rescoring import Rescorer

BODY = """
people: {team: {is: text optional, name: 班组 | Team}}
values: {p: {is: number 0..100, name: 甲 | P}}
groups: {mates: {others_of: team}, team_all: {all_of: team}}
items:
  own: {name: 己 | Own, weight: 50%, clause: §1, is: p}
  others: {name: 人 | Others, weight: 50%, clause: §2, is: "first(mean(p, over=mates), p)"}
total: {is: weighted sum}
rank: {by: total, among: team_all}
"""


def facts(**changed):
    marks = {f"e{row}": (row * 37) % 101 for row in range(30)} | changed
    people = "".join(f"  - {{id: {who}, role: waiter, team: t{place % 4}}}\n" for place, who in enumerate(marks))
    values = "".join(f"  {who}: {{p: {mark}}}\n" for who, mark in marks.items())
    return f"people:\n{people}values:\n{values}"


def test_a_change_is_carried_to_everybody_whom_it_can_move_and_equals_the_full_run(tea_house):
    near = Rescorer(tea_house(BODY, facts())).around("e5", {"p": Fraction(99)})
    full = tea_house(BODY, facts(e5=99))
    assert len(near.facts.subjects) == 8
    assert [near.scorecard(who) for who in near.facts.subjects] == [full.scorecard(who) for who in near.facts.subjects]


def test_whoever_is_not_in_the_neighbourhood_is_not_moved(tea_house):
    before, after = tea_house(BODY, facts()), tea_house(BODY, facts(e5=99))
    near = set(Rescorer(before).around("e5", {"p": Fraction(99)}).facts.subjects)
    others = [who for who in before.subjects() if who not in near]
    assert [before.scorecard(who) for who in others] == [after.scorecard(who) for who in others]


def test_a_rank_among_all_makes_the_neighbourhood_everybody(tea_house):
    body = BODY.replace("among: team_all", "among: whole").replace("groups: {", "groups: {whole: {all: yes}, ")
    assert len(Rescorer(tea_house(body, facts())).around("e5", {"p": Fraction(99)}).facts.subjects) == 30


def test_somebody_who_is_not_there_is_a_key_error(tea_house):
    with pytest.raises(KeyError):
        Rescorer(tea_house(BODY, facts())).around("nobody", {"p": Fraction(1)})
