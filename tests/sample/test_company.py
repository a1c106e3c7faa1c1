"""The people with a story are there, and everybody else is ordinary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from kaohe.sample import SampleReport

Rows = list[dict[str, str]]
Read = Callable[[str], Rows]


def _days_of(read: Read, account: str) -> set[str]:
    """The days on which an account's conversations began, of those written as 2026-01-05."""
    began = {row["started_at"][:10] for row in read("raw/conversations-*.csv.gz") if row["agent_account"] == account}
    return {day for day in began if day.startswith("2026-")}


def test_exactly_two_people_share_a_name_and_not_an_id(rows_of: Read, expected: dict[str, Any]) -> None:
    people = rows_of("people.csv")
    names = Counter(person["name"] for person in people)
    shared = [name for name, count in names.items() if count > 1]
    assert len(shared) == 1
    assert [person["id"] for person in people if person["name"] == shared[0]] == expected["cast"]["same_name"]


def test_there_are_the_agents_asked_for_three_leads_two_inspectors_and_a_manager(rows_of: Read) -> None:
    roles = Counter(person["role"] for person in rows_of("people.csv"))
    assert roles == {"agent": 20, "lead": 3, "inspector": 2, "manager": 1}


def test_every_team_has_agents_and_one_lead(rows_of: Read) -> None:
    people = rows_of("people.csv")
    assert {person["team"] for person in people if person["role"] == "agent"} == {"售前组", "售后组", "晚班组"}
    assert [person["team"] for person in people if person["role"] == "lead"] == ["售前组", "售后组", "晚班组"]


def test_pay_is_kept_for_agents_and_leads_only(rows_of: Read) -> None:
    paid = {person["role"] for person in rows_of("people.csv") if person["base_pay"] and person["performance_pay"]}
    assert paid == {"agent", "lead"}


def test_who_left_is_in_the_months_up_to_then_and_who_joined_from_then(rows_of: Read, expected: dict[str, Any]) -> None:
    left, joined = expected["cast"]["left"], expected["cast"]["joined"]
    last = {person["id"]: person for person in rows_of("months/2026-03/people.csv")}
    first = {person["id"] for person in rows_of("months/2026-01/people.csv")}
    assert (last[left["person"]]["left_on"], last[joined["person"]]["hired_on"]) == (left["on"], joined["on"])
    assert (left["on"], joined["on"]) == ("2026-03-12", "2026-03-16")
    assert left["person"] in first
    assert joined["person"] not in first


def test_who_left_answers_nobody_afterwards_and_who_joined_nobody_before(rows_of: Read, expected: dict[str, Any]) -> None:
    cast = expected["cast"]
    account = next(row["agent_account"] for row in rows_of("accounts.csv") if row["person"] == cast["left"]["person"])
    days = _days_of(rows_of, account)
    between = {day for day in days if cast["left"]["on"] < day < cast["joined"]["on"]}
    assert not between
    assert min(days) < cast["left"]["on"]
    assert max(days) > cast["joined"]["on"]


def test_who_is_on_leave_has_no_conversations_no_ratings_and_absences_in_that_month(rows_of: Read, expected: dict[str, Any]) -> None:
    leave = expected["cast"]["on_leave"]
    month, person = leave["month"], leave["person"]
    absences = [row for row in rows_of(f"months/{month}/events.csv") if row["subject"] == person]
    assert expected["by_conversation"][month][person]["conversations"] == 0
    assert person not in {row["subject"] for row in rows_of(f"months/{month}/ratings.csv")}
    assert {(row["type"], row["days"]) for row in absences} == {("absence", "1")}
    assert len(absences) >= 18


def test_the_renamed_account_is_used_under_each_name_in_its_own_time(rows_of: Read, expected: dict[str, Any]) -> None:
    renamed = expected["cast"]["renamed"]
    old, new = (row["agent_account"] for row in rows_of("accounts.csv") if row["person"] == renamed["person"])
    assert "" < max(_days_of(rows_of, old)) < renamed["on"] <= min(_days_of(rows_of, new))


def test_an_account_is_one_persons_at_a_time_whether_its_last_day_counts_or_not(rows_of: Read) -> None:
    spans: dict[str, list[tuple[str, str]]] = {}
    for row in rows_of("accounts.csv"):
        spans.setdefault(row["agent_account"], []).append((row["from"], row["to"] or "9999"))
    twice = {name: sorted(dates) for name, dates in spans.items() if len(dates) > 1}
    assert len(twice) == 1
    assert all(earlier[1] < later[0] for earlier, later in twice.values())


def test_everybody_who_worked_is_rated_by_the_lead_two_peers_and_an_inspector(rows_of: Read, small: SampleReport) -> None:
    ratings = rows_of("months/2026-01/ratings.csv")
    relations = Counter((row["subject"], row["item"], row["relation"]) for row in ratings)
    subjects = {row["subject"] for row in ratings}
    assert len(subjects) == 19  # one joins later
    assert all(relations[subject, "attitude", "peer"] == relations[subject, "teamwork", "peer"] == 2 for subject in subjects)
    assert all(relations[subject, "attitude", "lead"] == relations[subject, "attitude", "inspector"] == 1 for subject in subjects)
    assert all(0 <= int(row["score"]) <= 100 and row["subject"] != row["rater"] for row in ratings)
    assert small.rows["months/2026-01/ratings.csv"] == len(ratings)


def test_nobody_chats_on_a_day_of_absence(rows_of: Read) -> None:
    person = {row["agent_account"]: row["person"] for row in rows_of("accounts.csv")}
    absent = {(row["subject"], row["at"]) for row in rows_of("months/*/events.csv") if row["days"] == "1"}
    chatted = {(person.get(row["agent_account"], ""), row["started_at"][:10]) for row in rows_of("raw/conversations-2026-0?.csv.gz")}
    handed_over = {row["person"] for row in rows_of("accounts.csv") if row["to"]}
    assert {pair for pair in absent & chatted if pair[0] not in handed_over} == set()


def test_conduct_records_fill_the_cells_of_their_own_kind_only(rows_of: Read) -> None:
    told = {"late": {"minutes"}, "absence": {"days"}, "praise": {"level"}, "violation": {"points"}}
    events = rows_of("months/*/events.csv")
    assert {row["type"] for row in events} == set(told)
    for row in events:
        assert {name for name in ("minutes", "days", "points", "level") if row[name]} == told[row["type"]]
