"""The chapters of what follows from the total: grades and ranks, pay, consequences."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.phrasing.describing import Result
from kaohe.phrasing.phrases import Phrases
from kaohe.regulations.blocks import Article, Block, Column, Listing, Paragraph, Table, line, tabled
from kaohe.rules.bands import Band
from kaohe.scheme import GradeColumn, GradeRow, Grades

# --- grades and ranks ---------------------------------------------------------------------------


def grades(phrases: Phrases) -> Iterator[Block]:
    """The table of grades, and ranks."""
    if phrases.scheme.grades is not None:
        yield from _grades(phrases, phrases.scheme.grades)
    if phrases.scheme.rank is not None:
        yield Article(phrases.say("名次", "Ranks"), phrases.scheme.rank.clause)
        yield Paragraph(line(_ranked(phrases)))


def _grades(phrases: Phrases, grades: Grades) -> Iterator[Block]:
    by_condition = any(row.when is not None for row in grades.rows.values())
    by = phrases.formula(grades.by, "grades")
    yield Article(phrases.say("等级", "Grades"), grades.clause)
    if by_condition:
        told = phrases.say("自上而下，第一个符合条件的等级即为所定等级。", "From the top, the first grade whose condition holds.")
    else:
        told = phrases.say(f"按{by}评定等级。", f"By {by}.")
    hidden = (
        ""
        if grades.shown
        else phrases.say("等级只用于计算，不在结果中列出。", "Grades only serve computing and are not shown in the results.")
    )
    yield Paragraph(line(phrases.say(told + hidden, f"{told} {hidden}".strip())))
    yield _table(phrases, grades, by_condition)


def _table(phrases: Phrases, grades: Grades, by_condition: bool) -> Table:
    edges = phrases.say("条件", "Condition") if by_condition else phrases.formula(grades.by, "grades")
    columns = [Column(phrases.say("等级", "Grade"), 14), Column(edges, 30)]
    columns += [Column(phrases.names.tell(column.name, key), 14) for key, column in grades.columns.items()]
    columns += [Column(phrases.say("说明", "Meaning"), 34), Column(phrases.say("条款", "Clause"), 9)]
    rows = []
    for place, (name, row) in enumerate(grades.rows.items()):
        cells = [cell(phrases, column, row, key) for key, column in grades.columns.items()]
        meaning = "" if row.text is None else row.text.tell(phrases.language)
        rows.append([line(text) for text in (grade_name(phrases, name), grade_edge(phrases, grades, place), *cells, meaning, row.clause)])
    return tabled(columns, rows)


def grade_name(phrases: Phrases, name: str) -> str:
    """A grade with the name that people give it."""
    called = phrases.names.of("grade", name)
    return called if called == name or not _is_short(name) else phrases.say(f"{name}（{called}）", f"{name} ({called})")


def _is_short(name: str) -> bool:
    """Whether an id is one that people see: A, B, C, 卓越."""
    return len(name) <= 2 or not name.isascii()


def grade_edge(phrases: Phrases, grades: Grades, place: int) -> str:
    """From what on, or under which condition, a grade is given."""
    rows = list(grades.rows.items())
    name, row = rows[place]
    if any(other.when is not None for other in grades.rows.values()):
        return phrases.say("其余", "otherwise") if row.when is None else phrases.condition(row.when, f"grade.{name}")
    bands = [Band.of(other) for _, other in rows]
    describing = phrases.describing(phrases.meanings.anywhere("grades"), Result())
    return describing.band(bands, place, grades.by)


def cell(phrases: Phrases, column: GradeColumn, row: GradeRow, key: str) -> str:
    """What a grade has in a further column of its table."""
    written = (row.model_extra or {}).get(key)
    if written is None:
        return "—"
    if column.kind in ("text", "words"):
        return phrases.calling.of_declared(str(written), column)
    return phrases.formulas.measured(phrases.formula(str(written)), phrases.formulas.unit_word(column.kind))


def _ranked(phrases: Phrases) -> str:
    rank = phrases.scheme.rank
    assert rank is not None
    by = phrases.formula(rank.by, "rank")
    among = phrases.say("全体人员", "everybody") if rank.among is None else phrases.quoted(phrases.names.of("group", rank.among))
    lower = rank.better == "lower"
    return phrases.say(
        f"在{among}中按{by}由{'低到高' if lower else '高到低'}排名，并列者取较好的名次。",
        f"Places among {among} by {by}, the {'lowest' if lower else 'highest'} first; ties share the better place.",
    )


# --- pay ----------------------------------------------------------------------------------------


def pay(phrases: Phrases) -> Iterator[Block]:
    """The lines of the pay sheet."""
    pay = phrases.scheme.pay
    if pay is None:
        return
    yield Article(phrases.say("薪酬项", "Pay lines"), pay.clause)
    yield Listing(tuple(line(text) for text in _of_all(phrases)))
    columns = (
        Column(phrases.say("薪酬项", "Pay line"), 18),
        Column(phrases.say("计算办法", "How it comes about"), 62),
        Column(phrases.say("条款", "Clause"), 9),
    )
    rows = [
        (line(phrases.pay_name(name)), tuple(phrases.pay_line(name)), line(entry.clause or pay.clause)) for name, entry in pay.lines.items()
    ]
    yield tabled(columns, rows)


def _of_all(phrases: Phrases) -> Iterator[str]:
    pay, say = phrases.scheme.pay, phrases.say
    assert pay is not None
    if pay.round is not None:
        rounded = phrases.bodies.rounding(pay.round)
        yield say(
            f"每个薪酬项各自{rounded}；相互引用时用取整之前的数。",
            f"Each line is {rounded}; where one line uses another it uses the figure before rounding.",
        )
    yield say("本人没有登记所需金额的，不列该项。", "A line whose amount on the person is absent is left out.")


# --- consequences -------------------------------------------------------------------------------


def consequences(phrases: Phrases) -> Iterator[Block]:
    """Actions and warnings, each with its condition."""
    scheme = phrases.scheme
    if scheme.actions:
        yield Article(phrases.say("后续措施", "Consequences"))
        yield Paragraph(line(phrases.say("符合条件的，提出下列措施：", "Proposed where the condition holds:")))
        yield _actions(phrases)
    if scheme.warnings:
        yield Article(phrases.say("提示", "Warnings"))
        yield Paragraph(line(phrases.say("出现下列情形时予以提示，不改变任何分数：", "Told where the condition holds; no figure changes:")))
        columns = (
            Column(phrases.say("提示", "Warning"), 24),
            Column(phrases.say("条件", "Condition"), 60),
            Column(phrases.say("条款", "Clause"), 10),
        )
        rows = [
            (line(entry.name.tell(phrases.language)), line(phrases.condition(entry.when, f"warning.{name}")), line(entry.clause))
            for name, entry in scheme.warnings.items()
        ]
        yield tabled(columns, rows)


def _actions(phrases: Phrases) -> Table:
    columns = (
        Column(phrases.say("措施", "Consequence"), 24),
        Column(phrases.say("条件", "Condition"), 48),
        Column(phrases.say("取代", "Instead of"), 16),
        Column(phrases.say("条款", "Clause"), 10),
    )
    rows = []
    for name, action in phrases.scheme.actions.items():
        condition = phrases.condition(action.when, f"action.{name}")
        told = (action.name.tell(phrases.language), condition, replaced(phrases, action.instead_of), action.clause)
        rows.append([line(text) for text in told])
    return tabled(columns, rows)


def replaced(phrases: Phrases, others: tuple[str, ...]) -> str:
    """Which consequences another takes the place of."""
    if "all" in others:
        return phrases.say("其他全部措施", "all others")
    return phrases.listed(phrases.names.of("action", other) for other in others)
