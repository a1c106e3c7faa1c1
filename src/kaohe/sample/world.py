"""Everything that happened in the sample, before it is written down: who, when, what, and what got dirty."""

from __future__ import annotations

from dataclasses import dataclass

from kaohe.sample.calendar import Calendar, make_calendar
from kaohe.sample.conversations import Conversations, draw_conversations
from kaohe.sample.dirt import (
    Marks,
    kept_rows,
    mark_complaints,
    mark_conversations,
    mark_orders,
    mark_surveys,
    repeat_complaints,
    soil_conversations,
)
from kaohe.sample.followups import (
    Complaints,
    Inspections,
    Orders,
    Surveys,
    draw_complaints,
    draw_inspections,
    draw_orders,
    draw_surveys,
)
from kaohe.sample.roster import Roster, Skills, draw_roster, draw_skills, duty_weights
from kaohe.sample.staff import Company, make_company


@dataclass(frozen=True)
class World:
    """The tables of a sample with the marks of their dirt; conversations have their wrong instants already."""

    seed: int
    calendar: Calendar
    company: Company
    skills: Skills
    roster: Roster
    talks: Conversations
    talk_marks: Marks
    orders: Orders
    order_marks: Marks
    surveys: Surveys
    survey_marks: Marks
    complaints: Complaints
    complaint_marks: Marks
    inspections: Inspections

    def marks(self) -> dict[str, Marks]:
        """The marks of each table that has dirt."""
        return {
            "conversations": self.talk_marks,
            "orders": self.order_marks,
            "surveys": self.survey_marks,
            "complaints": self.complaint_marks,
        }


def make_world(seed: int, start_month: str, months: int, agents: int, conversations: int) -> World:
    """The world of a seed."""
    calendar = make_calendar(start_month, months)
    company, skills = make_company(seed, calendar, agents), draw_skills(seed, agents)
    roster = draw_roster(seed, calendar, company)
    duty = duty_weights(calendar, company, roster, skills)
    talks = draw_conversations(seed, calendar, company, skills, duty, conversations)
    return _follow_up(seed, calendar, company, skills, roster, talks)


def _follow_up(seed: int, calendar: Calendar, company: Company, skills: Skills, roster: Roster, talks: Conversations) -> World:
    """What came of the conversations. Their instants are soiled last: what followed them followed the true ones."""
    marks = mark_conversations(seed, calendar, talks)
    kept = kept_rows(marks)
    orders, surveys = draw_orders(seed, talks, skills), draw_surveys(seed, talks, skills)
    first_complaints = draw_complaints(seed, calendar, company, talks, kept)
    complaints, complaint_marks = repeat_complaints(first_complaints, mark_complaints(seed, first_complaints))
    inspections = draw_inspections(seed, calendar, company, talks, kept)
    soil_conversations(seed, talks, marks)
    return World(
        seed=seed,
        calendar=calendar,
        company=company,
        skills=skills,
        roster=roster,
        talks=talks,
        talk_marks=marks,
        orders=orders,
        order_marks=mark_orders(seed, orders),
        surveys=surveys,
        survey_marks=mark_surveys(seed, surveys),
        complaints=complaints,
        complaint_marks=complaint_marks,
        inspections=inspections,
    )
