"""Checks raw tables against a plan and builds the frames that scoring looks at.

All problems are found in one go and told in the order configuration, period, people, values,
ratings, events, history, and within a table in the order of its rows.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from kaohe.checking.choices import Choices
from kaohe.checking.events import Events
from kaohe.checking.history import History
from kaohe.checking.inspection import Inspection
from kaohe.checking.people import People
from kaohe.checking.ratings import Ratings
from kaohe.checking.values import Values
from kaohe.facts import Facts, RawFacts
from kaohe.numbers import day_number, day_of
from kaohe.plan import Plan
from kaohe.problems import refuse


def check_facts(plan: Plan, raw: RawFacts) -> Facts:
    """The checked facts; `Problems` with everything that is wrong otherwise."""
    work = Inspection(plan, raw, list(raw.problems))
    choices = Choices(plan, raw)
    config = choices.config()
    start, end = choices.period()
    draft = work.draft(start, end, end, config)
    choices.contradictions(draft)
    work.problems += choices.problems
    People(work, work.table("people")).build()
    Values(work, draft).build()
    draft = work.draft(start, end, end, config)
    draft = replace(draft, as_of=choices.as_of(_default_as_of(plan, draft, end)))
    Ratings(work, draft, work.table("ratings")).build()
    Events(work, draft, work.table("events")).build()
    History(work, draft, work.table("history")).build()
    refuse(work.problems)
    return draft


def _default_as_of(plan: Plan, draft: Facts, end: date) -> date:
    """The day that the scheme gives for `as_of`; the period's end unless it says otherwise."""
    text = plan.scheme.as_of
    if text == "end" or draft.end.year == 9999:
        return end
    days = str(text).partition("+")[2].strip()
    chosen = draft.config.get(days.removeprefix("config.")) if days.startswith("config.") else days
    return end if chosen is None else day_of(day_number(end) + int(Fraction(str(chosen))))
