"""What follows from the total: grades and their further columns, ranks, pay lines."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from kaohe.compiling.building import Builds, name_of
from kaohe.compiling.formulas import Scope
from kaohe.numbers import write_number
from kaohe.plan import PEOPLE, Typed
from kaohe.problems import Place
from kaohe.rules.bands import Band, examine
from kaohe.scheme import GradeRow, Grades
from kaohe.scheme_problems import GradeUnreachable, SchemeKeyMissing, TiersGap, TiersOverlap, TierUnreachable


def grade(home: Builds, column: str) -> Typed:
    """The grade, or one of the further columns of its table."""
    grades = home.scheme.grades
    assert grades is not None
    if column:
        return _grade_column(home, column)
    place = home.place_of(("grades",))
    names = tuple(grades.rows)
    texts = {"clause": grades.clause, "name": "等级 | Grade"}
    if any(row.when is not None for row in grades.rows.values()):
        conditions = [_condition(home, name, row) for name, row in grades.rows.items()]
        return home.add("grade", PEOPLE, "cases@1", conditions, {"assessed": True}, kind="words", vocabulary=names, **texts)
    figure = home.resolve(grades.by, Scope(PEOPLE, place, "grades"), "number")
    bands = [Band.of(row) for row in grades.rows.values()]
    _check_grades(home, grades, bands, figure, place)
    params = {"bands": [band.write() for band in bands]}
    return home.add("grade", PEOPLE, "grades@1", [figure], params, kind="words", vocabulary=names, **texts)


def _condition(home: Builds, name: str, row: GradeRow) -> Typed:
    place = home.place_of(("grades", "rows", name))
    if row.when is None and not row.else_:
        home.tell(SchemeKeyMissing(place, ["when", name], where=f"grades.rows.{name}", key="when"))
    return home.resolve("yes" if row.else_ else row.when, Scope(PEOPLE, place, f"grade.{name}"), "truth")


def _check_grades(home: Builds, grades: Grades, bands: list[Band], figure: Typed, place: Place) -> None:
    found, names = examine(bands, figure.low, figure.high), list(grades.rows)
    if found.gap:
        home.tell(TiersGap(place, ["grades"], where="grades", gap=found.gap.replace("…", grades.by)))
    if found.overlap is not None:
        one, other, value = found.overlap
        home.tell(TiersOverlap(place, ["grades"], where="grades", one=names[one], other=names[other], value=write_number(value)))
    never = examine(bands, None, None).unreachable
    for row in found.unreachable:
        here = home.place_of(("grades", "rows", names[row]))
        if row in never:
            home.tell(TierUnreachable(here, [names[row]], where="grades", tier=names[row]))
        elif not home.accepts(f"grade_{names[row]}"):
            low, high = ("?" if end is None else write_number(end) for end in (figure.low, figure.high))
            home.tell(GradeUnreachable(here, [names[row]], grade=names[row], by=grades.by, low=low, high=high))


def _grade_column(home: Builds, column: str) -> Typed:
    grades = home.scheme.grades
    assert grades is not None
    declared = grades.columns[column]
    table = {name: _cell(row.model_extra or {}, column) for name, row in grades.rows.items()}
    grade = home.figure("grade")
    texts = {"name": name_of(declared), "clause": grades.clause}
    if declared.kind in ("text", "words"):
        words = tuple(dict.fromkeys(word for word in table.values() if word is not None))
        return home.add(f"grade.{column}", PEOPLE, "lookup@1", [grade], {"table": table}, kind="words", vocabulary=words, **texts)
    numbers = {name: None if word is None else _cell_number(home, word, name) for name, word in table.items()}
    known = [Fraction(number) for number in numbers.values() if number is not None]
    ends = {"low": min(known, default=None), "high": max(known, default=None)}
    return home.add(f"grade.{column}", PEOPLE, "lookup@1", [grade], {"table": numbers}, unit=declared.kind, **ends, **texts)


def _cell_number(home: Builds, word: str, grade: str) -> str:
    found = home.resolve(word, Scope(PEOPLE, home.place_of(("grades", "rows", grade)), f"grade.{grade}"), "number")
    return "0" if found.low is None else str(found.low)


def rank(home: Builds) -> Typed:
    """Each place among a group."""
    rank = home.scheme.rank
    assert rank is not None
    place = home.place_of(("rank",))
    figure = home.resolve(rank.by, Scope(PEOPLE, place, "rank"), "number")
    params = {"among": rank.among or "", "better": rank.better}
    return home.add("rank", PEOPLE, "rank@1", [figure], params, clause=rank.clause, name="名次 | Rank", low=Fraction(1))


def ranked(home: Builds) -> Typed:
    """How many are ranked."""
    assert home.scheme.rank is not None
    params = {"among": home.scheme.rank.among or ""}
    return home.add("of", PEOPLE, "ranked@1", [home.figure("rank")], params, name="参加排名人数 | Ranked", low=Fraction(0))


def pay_line(home: Builds, name: str, place: Place) -> Typed:
    """A pay line, which may wait for a whole group."""
    assert home.scheme.pay is not None
    line = home.scheme.pay.lines[name]
    frame = home.frame_for(line.per)
    full = f"pay.{name}"
    inner = full if line.complete is None else f"{full}.whole"
    found = home.body(inner, line, frame, place, full, {**line.given})
    if line.complete is None:
        return found
    texts = {"clause": line.clause, "name": name_of(line)}
    return home.add(full, frame, "masked@1", [found], {"complete": line.complete}, unit="yuan", low=found.low, high=found.high, **texts)


def _cell(cells: dict[str, Any], column: str) -> str | None:
    value = cells.get(column)
    return None if value is None else str(value)
