"""Grades, ranks, pay lines, consequences and warnings, entry by entry."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.comparing.bodies import Place, body_aspects, rounding
from kaohe.comparing.data import declared_part
from kaohe.comparing.entries import EMPTY, Aspect, Entry, Part
from kaohe.comparing.side import Side, part
from kaohe.phrasing.describing import AMOUNT, Result
from kaohe.phrasing.phrases import Phrases
from kaohe.regulations.outcomes import cell, grade_name, replaced
from kaohe.rules.bands import Band
from kaohe.scheme import Action, GradeColumn, GradeRow, PayLine
from kaohe.texts import Text

GRADES, PAY, RANKS = Text("等级", "Grades"), Text("薪酬", "Pay"), Text("名次", "Ranks")
SHOWN = (Text("列出", "shown"), Text("不列出", "not shown"))


# --- grades and ranks ---------------------------------------------------------------------------


def grades(side: Side) -> Iterator[Part]:
    """What grades look at, the grades, and the columns of their table."""
    grades = side.scheme.grades
    if grades is None:
        return
    aspects = [
        side.formula("by", Text("评定依据", "figure that grades look at"), grades.by, ("grades",), "grades"),
        side.either("shown", Text("是否在结果中列出", "whether they are shown"), grades.shown, SHOWN, ("grades",)),
        *side.claused(grades.clause, ("grades",)),
    ]
    rows = part("grades", GRADES, [_grade(side, name, row) for name, row in grades.rows.items()], ordered=True)
    whole = Entry("", EMPTY, ("grades",), tuple(aspects), grades.clause)
    yield Part("grades", GRADES, {**rows.entries, "": whole}, ordered=True)
    yield declared_part(side, "columns", Text("等级表的栏目", "Columns of the grade table"), grades.columns, ("grades", "columns"))


def _grade(side: Side, name: str, row: GradeRow) -> Entry:
    assert side.scheme.grades is not None
    path = ("grades", "rows", name)
    aspects = [*side.named(row.name, path), *side.plain("text", Text("说明", "meaning"), row.text, path), *side.claused(row.clause, path)]
    aspects.append(_edge(side, name, row, path))
    aspects += [_cell(side, row, key, column, path) for key, column in side.scheme.grades.columns.items()]
    return side.entry(
        "grades", name, side.text(lambda phrases: grade_name(phrases, name)), path, aspects, row.clause or side.scheme.grades.clause
    )


def _edge(side: Side, name: str, row: GradeRow, path: tuple[str, ...]) -> Aspect:
    """From what on, or under which condition, a grade is given."""
    assert side.scheme.grades is not None
    if row.when is not None:
        return side.condition(row.when, path, f"grade.{name}")
    band, by = Band.of(row), side.scheme.grades.by

    def tell(phrases: Phrases) -> str:
        return phrases.describing(phrases.meanings.anywhere("grades"), Result()).band([band], 0, by)

    edge = band.edges[0][0] if band.edges else "else"
    return side.aspect("edge", Text("分数线", "edge"), band.edges, tell, (*path, edge))


def _cell(side: Side, row: GradeRow, key: str, column: GradeColumn, path: tuple[str, ...]) -> Aspect:
    """What a grade has in a further column of its table."""
    written = (row.model_extra or {}).get(key)
    value: object = None if written is None else str(written)
    if value is not None and column.kind not in ("text", "words"):
        value = side.canon.formula(written)
    label = column.name or Text(key, key)
    return side.aspect(
        f"cell {side.renamed.id('columns', key)}", label, value, lambda phrases: cell(phrases, column, row, key), (*path, key)
    )


BETTER = (Text("由高到低", "the highest first"), Text("由低到高", "the lowest first"))


def rank(side: Side) -> Part:
    """How places are taken."""
    rank = side.scheme.rank
    if rank is None:
        return Part("rank", RANKS, {})
    among = None if rank.among is None else side.renamed.id("groups", rank.among)
    aspects = [
        side.formula("by", Text("排名依据", "figure that ranks look at"), rank.by, ("rank",), "rank"),
        side.aspect("among", Text("排名范围", "among whom"), among, lambda phrases: _among(phrases, rank.among), ("rank", "among")),
        side.either("better", Text("排名方向", "which is better"), rank.better == "higher", BETTER, ("rank",)),
        *side.claused(rank.clause, ("rank",)),
    ]
    return Part("rank", RANKS, {"": Entry("", EMPTY, ("rank",), tuple(aspects), rank.clause)})


def _among(phrases: Phrases, group: str | None) -> str:
    return phrases.say("全体", "everybody") if group is None else phrases.names.of("group", group)


# --- pay ----------------------------------------------------------------------------------------


def pay(side: Side) -> Part:
    """The pay lines, and what holds of all of them."""
    pay = side.scheme.pay
    if pay is None:
        return Part("pay", PAY, {})
    rest = side.claused(pay.clause, ("pay",))
    if pay.round is not None:
        whole = Place(side.version, ("pay",), side.meanings.anywhere(), side.canon, AMOUNT)
        rest.append(rounding(whole, "round", Text("各项的取整", "rounding of each line"), pay.round))
    lines = part("pay", PAY, [_line(side, id, line) for id, line in pay.lines.items()])
    return Part("pay", PAY, {**lines.entries, "": Entry("", EMPTY, ("pay",), tuple(rest), pay.clause)}, ordered=True)


def _line(side: Side, id: str, line: PayLine) -> Entry:
    place = Place(side.version, ("pay", "lines", id), side.meanings.of_pay(id), side.canon.within(line.given), AMOUNT)
    aspects = list(body_aspects(place, line))
    if line.complete is not None:
        group = side.renamed.id("groups", line.complete)
        label = Text("须先全部有结果的人群", "who must all have a result first")
        aspects.append(side.aspect("complete", label, group, lambda phrases: _among(phrases, line.complete), (*place.path, "complete")))
    assert side.scheme.pay is not None
    clause = line.clause or side.scheme.pay.clause
    return side.entry("pay", id, line.name, place.path, aspects, clause, lambda language: side.version.phrases[language].pay_line(id))


# --- consequences -------------------------------------------------------------------------------


def actions(side: Side) -> Part:
    """Consequences."""
    entries = [_action(side, id, action) for id, action in side.scheme.actions.items()]
    return part("actions", Text("后续措施", "Consequences"), entries, ordered=True)


def _action(side: Side, id: str, action: Action) -> Entry:
    path = ("actions", id)
    aspects = [*side.named(action.name, path), side.condition(action.when, path, f"action.{id}"), *side.claused(action.clause, path)]
    if action.instead_of:
        others = tuple(sorted(side.canon.ids("actions", action.instead_of)))
        label = Text("取代的措施", "what it takes the place of")
        aspects.append(
            side.aspect("instead_of", label, others, lambda phrases: replaced(phrases, action.instead_of), (*path, "instead_of"))
        )
    return side.entry("actions", id, action.name, path, aspects, action.clause)


def warnings(side: Side) -> Part:
    """What is told and changes nothing."""
    entries = []
    for id, warning in side.scheme.warnings.items():
        path = ("warnings", id)
        aspects = [
            *side.named(warning.name, path),
            side.condition(warning.when, path, f"warning.{id}"),
            *side.claused(warning.clause, path),
        ]
        entries.append(side.entry("warnings", id, warning.name, path, aspects, warning.clause))
    return part("warnings", Text("提示", "Warnings"), entries)
