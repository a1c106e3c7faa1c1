"""From the words of a command to what they name: a scheme, facts, a subject, a period."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from kaohe.checking import check_facts
from kaohe.cli.problems import CodeNotFound, ItemNotFound, PeriodUnreadable, SchemeNotFound, SubjectAmbiguous, SubjectNotFound
from kaohe.explaining import Explanation, Line
from kaohe.facts import RawFacts
from kaohe.library import scheme_file, scheme_ids
from kaohe.measuring import Period
from kaohe.numbers import parse_date
from kaohe.plan import Plan
from kaohe.problems import Problem, Problems, every_problem
from kaohe.reading import read_plan
from kaohe.scoring import Results, score
from kaohe.sources import read_facts
from kaohe.texts import listed, nearest


def guesses(name: str, known: Iterable[str]) -> dict[str, Any]:
    """The `did you mean` of a sentence, in both languages; empty where nothing is near."""
    guess = nearest(name, known)
    return {"guess_zh": f"，是否为 {guess}？" if guess else "", "guess_en": f"; did you mean {guess}?" if guess else ""}


def find_scheme(name: str) -> Path:
    """The file of a scheme, by its id in the library or by a path; Problems for none."""
    path = scheme_file(name)
    if path is None:
        raise Problems([SchemeNotFound(about=[name], name=name, **guesses(name, scheme_ids()))])
    return path


def find_plan(name: str) -> Plan:
    """The plan of a scheme named at the shell; Problems with all that is wrong."""
    return read_plan(find_scheme(name))


def find_results(scheme: str, facts: str) -> tuple[RawFacts, Results]:
    """Facts as they were read, and a scheme's results over them; Problems with all that is wrong in either."""
    plan = find_plan(scheme)
    raw = read_facts(facts, plan)
    return raw, score(plan, check_facts(plan, raw))


def find_subject(results: Results, name: str) -> str:
    """A subject by id, or by a name that only one bears; Problems otherwise."""
    known = results.subjects()
    if name in known:
        return name
    names = dict(zip(results.facts.subjects, results.facts.names, strict=True))
    called = [subject for subject in known if names.get(subject) == name]
    if len(called) == 1:
        return called[0]
    if called:
        raise Problems([SubjectAmbiguous(about=[name], name=name, count=len(called), known=listed(called))])
    near = guesses(name, [*known, *names.values()])
    raise Problems([SubjectNotFound(about=[name], name=name, known=listed(known), **near)])


def find_line(explanation: Explanation, name: str) -> Line:
    """A line of an explanation by id (`total`, `pay.bonus`, or just `bonus`) or by name; Problems for none."""
    lines = [*explanation.lines, *explanation.walk()]
    for line in lines:
        if not line.seen and name in (line.id, line.id.partition(".")[2], line.name):
            return line
    known = dict.fromkeys(line.id for line in explanation.lines)
    near = guesses(name, [*known, *(line.name for line in lines)])
    raise Problems([ItemNotFound(about=[name], subject=explanation.subject, name=name, known=listed(known, 40), **near)])


def find_code(code: str) -> type[Problem]:
    """The class of problem of a code, however it is written; Problems for none."""
    known = every_problem()
    if code.upper() in known:
        return known[code.upper()]
    raise Problems([CodeNotFound(about=[code], name=code, **guesses(code.upper(), known))])


_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])")


def find_period(text: str) -> Period:
    """A period written 2026-01, 2026-Q1, 2026 or 2026-01-21..2026-02-20; Problems for anything else.

    >>> find_period("2026-Q1").end
    datetime.date(2026, 3, 31)
    """
    start, _, end = text.partition("..")
    first, last = parse_date(start), parse_date(end or start)
    if not isinstance(first, Problem) and not isinstance(last, Problem):
        return Period(first, last)
    months = _months(text)
    if months is None:
        raise Problems([PeriodUnreadable(about=[text], text=text)])
    year, begin, finish = months
    return Period(date(year, begin, 1), date(year, finish, calendar.monthrange(year, finish)[1]))


def find_day(text: str | None) -> date | None:
    """A day; None where none is given; Problems for anything else."""
    return None if text is None else find_period(f"{text}..{text}").end


def _months(text: str) -> tuple[int, int, int] | None:
    """The year, the first and the last month that a text says."""
    month, quarter = _MONTH.fullmatch(text), _QUARTER.fullmatch(text)
    if month and 1 <= int(month[2]) <= 12 and int(month[1]) > 0:
        return int(month[1]), int(month[2]), int(month[2])
    if quarter and int(quarter[1]) > 0:
        return int(quarter[1]), 3 * int(quarter[2]) - 2, 3 * int(quarter[2])
    return (int(text), 1, 12) if re.fullmatch(r"\d{4}", text) and int(text) > 0 else None
