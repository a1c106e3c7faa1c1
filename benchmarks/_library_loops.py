"""Two schemes of the library at size: their facts, and the same rules as a loop over fractions.

guoan-cs: reception teams of one supervisor and eleven agents. everbright-csr: card units of fifty.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

import numpy as np

from kaohe.facts import RawFacts, Table

LEVELS = ("very_dissatisfied", "dissatisfied", "neutral", "fairly_satisfied", "very_satisfied")
HALF = ("0", "0.5", "1")


def _table(columns: dict[str, Any]) -> Table:
    return Table(columns, len(next(iter(columns.values()))))


def guoan_facts(people: int, seed: int = 3) -> RawFacts:
    """Facts of so many people of the reception teams."""
    draw = np.random.default_rng(seed)
    ids = [f"e{row}" for row in range(people)]
    supervisors = [row for row in range(people) if row % 12 == 0]
    agents = [row for row in range(people) if row % 12]
    roles = ["reception_supervisor" if row % 12 == 0 else "reception_agent" for row in range(people)]
    totals = draw.integers(50, 200, people)
    values = {"subject": [*ids, "long_distance"]}
    values["complaints_total"] = [*map(str, totals.tolist()), None]
    values["complaints_resolved"] = [*map(str, (totals * draw.integers(96, 101, people) // 100).tolist()), None]
    values["ld_performance"] = [*[None] * people, "1.03"]
    survey = {
        "type": ["survey_response"] * (2 * people),
        "subject": [id for id in ids for _ in range(2)],
        "at": ["2026-02-10"] * (2 * people),
    }
    survey["level"] = [LEVELS[code] for code in draw.integers(1, 5, 2 * people).tolist()]
    survey["count"] = ["5"] * (2 * people)
    ratings = _guoan_ratings(draw, ids, supervisors, agents)
    person = {"id": ids, "name": ids, "role": roles, "team": [f"t{row // 12}" for row in range(people)], "department": ["cs"] * people}
    person |= {"hired_on": ["2024-03-01"] * people, "performance_pay": ["1000"] * people}
    tables = {"people": [_table(person)], "values": [_table(values)], "ratings": [_table(ratings)], "events": [_table(survey)]}
    return RawFacts("2026-01-01", "2026-03-31", None, {}, tables)


def _guoan_ratings(draw: Any, ids: list[str], supervisors: list[int], agents: list[int]) -> dict[str, list[str]]:
    rows: list[tuple[str, str, str, str]] = []
    for row in agents:
        rows += [("work_standardization", ids[row], "sv", "supervisor"), ("work_standardization", ids[row], "m1", "manager")]
    for row in supervisors:
        rows += [("staff_satisfaction", ids[row], f"r{place}", "team_member") for place in range(3)]
    for row in (*agents, *supervisors):
        rows += [("internal_customer_satisfaction", ids[row], f"o{place}", "other_team") for place in range(3)]
        rows += [("innovation", ids[row], "m1", "manager"), ("innovation", ids[row], "gm", "general_manager")]
    scores = draw.integers(0, 3, len(rows)).tolist()
    item, subject, rater, relation = (list(column) for column in zip(*rows, strict=True))
    return {"item": item, "subject": subject, "rater": rater, "relation": relation, "score": [HALF[score] for score in scores]}


def guoan_by_loop(raw: RawFacts) -> list[tuple[Fraction, str, Fraction]]:
    """Total, grade and pay of each person, one after another."""
    people, values, ratings, events = (raw.tables[kind][0].columns for kind in ("people", "values", "ratings", "events"))
    worth = dict(zip(LEVELS, (Fraction(step, 4) for step in range(5)), strict=True))
    answers: dict[str, list[Fraction]] = defaultdict(list)
    for subject, level, count in zip(events["subject"], events["level"], events["count"], strict=True):
        answers[str(subject)] += [worth[str(level)]] * int(str(count))
    scores: dict[tuple[str, str], list[Fraction]] = defaultdict(list)
    for item, subject, score in zip(ratings["item"], ratings["subject"], ratings["score"], strict=True):
        scores[str(item), str(subject)].append(Fraction(str(score)))
    means = {key: sum(given, Fraction(0)) / len(given) for key, given in scores.items()}
    survey = {subject: sum(given, Fraction(0)) / len(given) for subject, given in answers.items()}
    teams: dict[str, list[str]] = defaultdict(list)
    for subject, team in zip(people["id"], people["team"], strict=True):
        teams[str(team)].append(str(subject))
    found = []
    for row, subject in enumerate(map(str, people["id"])):
        solved = Fraction(str(values["complaints_resolved"][row])) / Fraction(str(values["complaints_total"][row]))
        total = _guoan_total(subject, str(people["role"][row]), solved, means, survey, teams[str(people["team"][row])])
        grade = "A" if total >= Fraction(4, 5) else "B" if total >= Fraction(3, 5) else "C"
        pay = 1000 * {"A": Fraction(1), "B": Fraction(1, 2), "C": Fraction(0)}[grade]
        found.append((total, grade, Fraction((2 * pay.numerator * 100 + pay.denominator) // (2 * pay.denominator), 100)))
    return found


def _guoan_total(
    subject: str, role: str, solved: Fraction, means: dict[tuple[str, str], Fraction], survey: dict[str, Fraction], team: list[str]
) -> Fraction:
    internal, innovation = means["internal_customer_satisfaction", subject], means["innovation", subject]
    if role == "reception_agent":
        rate = Fraction(1) if solved > Fraction(99, 100) else Fraction(1, 2) if solved > Fraction(97, 100) else Fraction(0)
        parts = (survey[subject], Fraction(3, 10)), (rate, Fraction(1, 5)), (means["work_standardization", subject], Fraction(1, 5))
        parts += (internal, Fraction(1, 5)), (innovation, Fraction(1, 10))
    else:
        others = [survey[other] for other in team if other != subject and other in survey]
        blend = Fraction(2, 5) * survey[subject] + Fraction(3, 5) * (sum(others, Fraction(0)) / len(others))
        parts = (blend, Fraction(2, 5)), (Fraction(1), Fraction(1, 5)), (means["staff_satisfaction", subject], Fraction(1, 10))
        parts += (internal, Fraction(1, 10)), (innovation, Fraction(1, 10))
    return sum((score * weight for score, weight in parts), Fraction(0))


AREAS = (("business", "base"), ("business", "bonus"), ("quality", "base"), ("site", "base"), ("satisfaction", "bonus"))
FULL = {"business": 40, "quality": 40, "site": 15, "satisfaction": 5}
CAPS = {"business": 15, "satisfaction": 5}


def everbright_facts(people: int, seed: int = 5) -> RawFacts:
    """Facts of so many card agents: five point changes each, and two earlier months."""
    draw = np.random.default_rng(seed)
    ids = [f"e{row}" for row in range(people)]
    person = {
        "id": ids,
        "name": ids,
        "role": ["csr"] * people,
        "group": ["card"] * people,
        "unit": [f"u{row // 50}" for row in range(people)],
    }
    person["performance_pay"] = ["1000"] * people
    size = people * len(AREAS)
    subjects = [id for id in ids for _ in AREAS]
    kinds = [area for _ in ids for area in AREAS]
    base, bonus = draw.integers(-9, 1, size).tolist(), draw.integers(0, 9, size).tolist()
    points = [str(bonus[row] if kind == "bonus" else base[row]) for row, (_, kind) in enumerate(kinds)]
    events = {"type": ["score_change"] * size, "subject": subjects, "at": ["2026-03-05"] * size, "points": points, "record": ["R"] * size}
    events |= {"item": [item for item, _ in kinds], "kind": [kind for _, kind in kinds]}
    ranks = draw.integers(1, 51, 2 * people).tolist()
    history = {"subject": [id for id in ids for _ in range(2)], "period_end": ["2026-02-28", "2026-01-31"] * people}
    history |= {"rank": [str(rank) for rank in ranks], "of": ["50"] * (2 * people)}
    tables = {"people": [_table(person)], "events": [_table(events)], "history": [_table(history)]}
    return RawFacts("2026-03-01", "2026-03-31", None, {}, tables)


def everbright_by_loop(raw: RawFacts) -> list[tuple[Fraction, int, Fraction, list[str]]]:
    """Total, rank, bonus and actions of each person, one after another."""
    people, events, history = (raw.tables[kind][0].columns for kind in ("people", "events", "history"))
    changes: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    for subject, item, kind, points in zip(events["subject"], events["item"], events["kind"], events["points"], strict=True):
        changes[str(subject), str(item), str(kind)] += Fraction(str(points))
    earlier: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for subject, end, rank, of in zip(history["subject"], history["period_end"], history["rank"], history["of"], strict=True):
        earlier[str(subject)][str(end)] = int(str(rank)), int(str(of))
    ids = [str(id) for id in people["id"]]
    totals = {id: _everbright_total(id, changes) for id in ids}
    units: dict[str, list[str]] = defaultdict(list)
    for id, unit in zip(ids, people["unit"], strict=True):
        units[str(unit)].append(id)
    found = []
    for id, unit in zip(ids, people["unit"], strict=True):
        members = units[str(unit)]
        rank = 1 + sum(totals[other] > totals[id] for other in members)
        pay = 1000 * totals[id] / 100
        cents = Fraction((2 * pay.numerator * 100 + pay.denominator) // (2 * pay.denominator), 100)
        found.append((totals[id], rank, cents, _everbright_actions((rank, len(members)), earlier[id])))
    return found


def _everbright_total(id: str, changes: dict[tuple[str, str, str], Fraction]) -> Fraction:
    base = sum((min(max(full + changes[id, item, "base"], Fraction(0)), Fraction(full)) for item, full in FULL.items()), Fraction(0))
    bonus = sum((min(max(changes[id, item, "bonus"], Fraction(0)), Fraction(cap)) for item, cap in CAPS.items()), Fraction(0))
    return min(max(base + bonus, Fraction(0)), Fraction(120))


def _everbright_actions(now: tuple[int, int], earlier: dict[str, tuple[int, int]]) -> list[str]:
    months = [now, earlier.get("2026-02-28"), earlier.get("2026-01-31")]

    def run(bottom: int) -> int:
        length = 0
        for month in months:
            if month is None or month[1] <= bottom or month[0] <= month[1] - bottom:
                break
            length += 1
        return length

    talk = ["department_head_talk"] if run(3) >= 2 else ["room_manager_talk"] if run(3) == 1 else []
    return talk + (["standby_one_month", "report_to_hr"] if run(5) >= 3 else [])
