"""The pay sheet as a workbook: a line each with subtotals by team, checks that add up on both sides, and what differs from before.

Sums are formulas, so that a spreadsheet shows where they come from; beside each stands the figure
that Kaohe computed from exact amounts. An amount that a spreadsheet cannot hold exactly is text,
and then the check says that the sheet is short of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from kaohe.papers.earlier import EarlierRound
from kaohe.papers.figures import MINUS, money, period_words
from kaohe.papers.rounds import Round
from kaohe.scoring import Scorecard, Value
from kaohe.texts import Text
from kaohe.workbooks import (
    BAD,
    BOLD,
    BOLD_MONEY,
    FINE_MONEY,
    GOOD,
    MONEY,
    PLAIN,
    QUIET,
    WRITTEN,
    Sheet,
    new_book,
    sheet_formats,
    sheet_number,
)

PAY_SHEET = "pay-sheet.xlsx"
CENT = Fraction(1, 100)
FIRST = 6  # the first column of amounts

CHECK_HEADS = (
    Text("核对", "check"),
    Text("写出来", "written out"),
    Text("左边（公式）", "left (formula)"),
    Text("右边（公式）", "right (formula)"),
    Text("算得", "as computed"),
    Text("差", "difference"),
    Text("结论", "result"),
)


@dataclass(frozen=True)
class Line:
    """One line of the sheet: who, and what of each pay line."""

    subject: str
    name: str
    team: str
    post: str
    grade: str
    status: str
    pay: Mapping[str, Fraction]
    why: str

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands before the amounts."""
        return self.subject, self.name, self.team, self.post, self.grade, self.status


class Change(NamedTuple):
    """A pay line of which somebody gets another amount than before; None where there was, or is, none."""

    subject: str
    name: str
    line: str
    old: Fraction | None
    new: Fraction | None

    @property
    def by(self) -> Fraction:
        """By how much."""
        return (self.new or Fraction(0)) - (self.old or Fraction(0))


WAS_AND_NOW = {True: (Text("原发", "paid"), Text("应为", "due")), False: (Text("上期", "before"), Text("本期", "now"))}


def write_pay_sheet(paper: Round, path: Path) -> Path:
    """The pay sheet of a round; a scheme that pays nothing gives sheets without amounts."""
    with new_book(path) as book:
        PaySheet(paper, book).write()
    return path


class PaySheet:
    """A pay sheet being written."""

    def __init__(self, paper: Round, book: Any) -> None:
        self.paper = paper
        self.book = book
        self.say = paper.say
        self.formats = sheet_formats(book)
        self.lines = [name for name, _, _ in paper.plan.outputs["pay"]]
        self.groups = self._groups()
        self.main = self.say("工资表", "pay sheet")
        self.rows: dict[str, tuple[int, int]] = {}
        self.total_row = 0

    def write(self) -> None:
        """All sheets in the order in which they are read."""
        self._sheet(self.main, self._main)
        self._sheet(self.say("核对", "checks"), self._checks)
        if self._grades():
            self._sheet(self.say("按等级", "by grade"), self._by_grade)
        back = self.paper.back
        if back.replaced is not None and back.replaced.pay:
            self._sheet(self.say("更正差额", "restatement"), lambda sheet: self._differences(sheet, back.replaced, corrections=True))
        if back.last is not None and any(back.last.pay.values()):
            self._sheet(self.say("与上期相比", "beside last period"), lambda sheet: self._differences(sheet, back.last, corrections=False))

    def _sheet(self, name: str, fill: Any) -> None:
        sheet = Sheet(self.book, self.formats, name, self._title())
        fill(sheet)
        sheet.close()

    def _title(self) -> str:
        return "  ".join(part for part in (self.paper.wishes.company, self.paper.scheme_words, self.paper.period) if part)

    # --- lines --------------------------------------------------------------------------------

    def _groups(self) -> dict[str, list[Line]]:
        """Everybody's lines by team, then those of units, under a name that says so."""
        found = {team: [self._line(card, team) for card in cards] for team, cards in self.paper.teams.items()}
        units = [self._unit(self.paper.results.scorecard(member)) for member in self._units()]
        return found | ({self.say("单位", "Units"): units} if units else {})

    def _units(self) -> list[str]:
        return [subject for subject in self.paper.results.subjects() if subject in self.paper.unit_members]

    def _line(self, card: Scorecard, team: str) -> Line:
        labels = self.paper.labels
        grade = "" if card.grade is None else self.paper.grade(card.grade)
        return Line(card.subject, card.name, team, self.paper.post(card), grade, labels.status(card), _amounts(card.pay), labels.why(card))

    def _unit(self, card: Scorecard) -> Line:
        name = self.paper.labels.unit(card.subject)
        return Line(card.subject, name, self.say("单位", "Units"), "", "", self.paper.labels.status(card), _amounts(card.pay), "")

    def _all(self) -> list[Line]:
        return [line for lines in self.groups.values() for line in lines]

    def _columns(self) -> range:
        return range(FIRST, FIRST + len(self.lines))

    # --- the sheet ----------------------------------------------------------------------------

    def _main(self, sheet: Sheet) -> None:
        """The lines with subtotals, the total, and who signs."""
        labels = self.paper.labels
        team, post = self.paper.team_word or self.say("班组", "team"), self.say("岗位", "post")
        who = [labels.heading("subject"), labels.heading("name"), team, post, labels.heading("grade"), labels.heading("status")]
        sheet.head([*who, *map(labels.pay, self.lines), self.say("说明", "note")], frozen=2)
        for group, lines in self.groups.items():
            self._group(sheet, group, lines)
        self._total(sheet)
        self._signatures(sheet)

    def _group(self, sheet: Sheet, team: str, lines: Sequence[Line]) -> None:
        first = sheet.row
        for line in lines:
            amounts = [line.pay.get(name) for name in self.lines]
            styles = [PLAIN] * FIRST + [MONEY if amount is None or amount % CENT == 0 else FINE_MONEY for amount in amounts] + [QUIET]
            sheet.sheet.set_row(sheet.row, None, None, {"level": 1})
            sheet.add([*line.cells, *amounts, line.why], styles)
        self.rows[team] = (first, sheet.row)
        if len(self.groups) > 1:
            self._subtotal(sheet, team, lines, first)

    def _subtotal(self, sheet: Sheet, team: str, lines: Sequence[Line], first: int) -> None:
        """A team's sum, by a formula over its rows."""
        self._label(sheet, f"{self.say('小计', 'Subtotal')} {team or self.say('（未填）', '(none)')}", len(lines))
        for column, name in zip(self._columns(), self.lines, strict=True):
            letter = xl_col_to_name(column)
            sheet.formula(column, f"=SUM({letter}{first + 1}:{letter}{sheet.row})", held(line.pay.get(name) for line in lines), BOLD_MONEY)
        sheet.row += 1

    def _label(self, sheet: Sheet, text: str, people: int) -> None:
        sheet.put(1, text, BOLD)
        sheet.put(3, self.say(f"{people}人", f"{people} people"), BOLD)

    def _total(self, sheet: Sheet) -> None:
        """The sum of the subtotals, or of the rows where there is one group."""
        self.total_row = sheet.row
        lines = self._all()
        self._label(sheet, self.say("合计", "Total"), len(lines))
        for column, name in zip(self._columns(), self.lines, strict=True):
            sheet.formula(column, f"={self._sum_of_groups(xl_col_to_name(column))}", held(line.pay.get(name) for line in lines), BOLD_MONEY)
        sheet.row += 1

    def _sum_of_groups(self, letter: str) -> str:
        if len(self.groups) > 1:
            return "+".join(f"{letter}{end + 1}" for _, end in self.rows.values())
        return next((f"SUM({letter}{first + 1}:{letter}{end})" for first, end in self.rows.values() if end > first), "0")

    def _signatures(self, sheet: Sheet) -> None:
        sheet.row += 1
        who = (("制表", "Prepared by"), ("复核", "Checked by"), ("审批", "Approved by"), ("日期", "Date"))
        words = "".join(f"{self.say(f'{zh}：', f'{en}:')}{' ' * 14}" for zh, en in who)
        sheet.sheet.write_string(sheet.row, 1, words, self.formats[PLAIN])

    # --- checks -------------------------------------------------------------------------------

    def _checks(self, sheet: Sheet) -> None:
        """Each check with both sides: written out, by formula over the pay sheet, and as Kaohe computed it."""
        sheet.head([self.paper.tell(head) for head in CHECK_HEADS], frozen=1)
        self._check_people(sheet)
        self._check_grades(sheet)
        for column, name in zip(self._columns(), self.lines, strict=True):
            self._check_line(sheet, column, name)

    def _range(self, column: int) -> str:
        letter = xl_col_to_name(column)
        return f"'{self.main}'!${letter}$2:${letter}${max(self.total_row, 2)}"

    def _check_people(self, sheet: Sheet) -> None:
        lines = self._all()
        counts = _counted(line.status for line in lines)
        written = f"{self._sum_words(f'{word} {count}' for word, count in counts.items())} = {len(lines)}"
        left = "+".join(f'COUNTIF({self._range(5)},"{_quoted(word)}")' for word in counts) or "0"
        right = f"COUNTA({self._range(0)})"
        self._check(sheet, self.say("人数", "people"), written, left, right, Fraction(len(lines)), Fraction(len(lines)), PLAIN)

    def _check_grades(self, sheet: Sheet) -> None:
        """The grades' counts add up to how many have one."""
        counts = self._grades()
        if not counts:
            return
        size = sum(counts.values())
        written = f"{self._sum_words(f'{grade} {count}' for grade, count in counts.items())} = {size}"
        left = "+".join(f'COUNTIF({self._range(4)},"{_quoted(grade)}")' for grade in counts)
        self._check(sheet, self.say("等级", "grades"), written, left, f"COUNTA({self._range(4)})", Fraction(size), Fraction(size), PLAIN)

    def _grades(self) -> dict[str, int]:
        """How many have each grade, in the scheme's order."""
        found = _counted(line.grade for line in self._all() if line.grade)
        scheme = self.paper.plan.scheme.grades
        order = [] if scheme is None else [self.paper.grade(grade) for grade in scheme.rows]
        return {grade: found[grade] for grade in order if grade in found}

    def _check_line(self, sheet: Sheet, column: int, name: str) -> None:
        """A pay line: the rows one by one beside the total; and by grade beside the total."""
        lines, letter, label = self._all(), xl_col_to_name(column), self.paper.labels.pay(name)
        exact = _summed(line.pay.get(name) for line in lines)
        total = f"'{self.main}'!{letter}{self.total_row + 1}"
        rows = f'SUMIF({self._range(5)},"<>",{self._range(column)})'
        groups = [_summed(line.pay.get(name) for line in group) for group in self.groups.values()]
        told = f"{self._sum_words(map(money, groups))} = {money(exact)}" if len(groups) > 1 else money(exact)
        in_sheet = held(line.pay.get(name) for line in lines)
        self._check(sheet, self.say(f"{label}：各行 = 合计", f"{label}: rows = total"), told, rows, total, in_sheet, exact, BOLD_MONEY)
        if self._grades():
            self._check_by_grade(sheet, column, name, total)

    def _check_by_grade(self, sheet: Sheet, column: int, name: str, total: str) -> None:
        """A pay line added up by grade, those without one at the end, beside the total."""
        lines, label = self._all(), self.paper.labels.pay(name)
        grades = [*self._grades(), *([""] if any(not line.grade for line in lines) else [])]
        sums = [_summed(line.pay.get(name) for line in lines if line.grade == grade) for grade in grades]
        exact, in_sheet = _summed(line.pay.get(name) for line in lines), held(line.pay.get(name) for line in lines)
        told = f"{self._sum_words(map(money, sums))} = {money(exact)}"
        formula = "+".join(self._sum_of_grade(column, grade) for grade in grades)
        head = self.say(f"{label}：按等级 = 合计", f"{label}: by grade = total")
        self._check(sheet, head, told, formula, total, in_sheet, exact, BOLD_MONEY)

    def _sum_of_grade(self, column: int, grade: str) -> str:
        """What those of a grade are paid; rows of sums have no status, and are left out by that."""
        return f'SUMIFS({self._range(column)},{self._range(4)},"{_quoted(grade)}",{self._range(5)},"<>")'

    def _check(self, sheet: Sheet, name: str, written: str, left: str, right: str, in_sheet: Fraction, exact: Fraction, style: str) -> None:
        """One check: both sides by formula, the exact figure, what lies between, and the verdict."""
        row = sheet.row + 1
        sheet.put(0, name, BOLD)
        sheet.put(1, written, WRITTEN)
        sheet.formula(2, f"={left}", in_sheet, style)
        sheet.formula(3, f"={right}", in_sheet, style)
        sheet.put(4, exact, style)
        short = abs(in_sheet - exact) if sheet_number(exact) is not None else in_sheet  # a figure that is text counts as none
        sheet.formula(5, f"=ABS(ROUND(C{row}-D{row},6))+ABS(ROUND(D{row}-N(E{row}),6))", short, style)
        yes, no = self.say("相符", "agrees"), self.say("不符", "differs")
        sheet.formula(6, f'=IF(F{row}=0,"{yes}","{no}")', no if short else yes, BAD if short else GOOD)
        sheet.row += 1

    def _sum_words(self, parts: Iterable[str]) -> str:
        """Figures added up as people write it, what is taken away with a minus."""
        return " + ".join(parts).replace(f"+ {MINUS}", f"{MINUS} ")

    # --- by grade -----------------------------------------------------------------------------

    def _by_grade(self, sheet: Sheet) -> None:
        """How many have each grade and what they are paid, by formulas over the pay sheet."""
        labels, lines = self.paper.labels, self._all()
        sheet.head([labels.heading("grade"), self.say("人数", "people"), *map(labels.pay, self.lines)], frozen=1)
        none = self.say("无等级", "no grade")
        for grade in (*self._grades(), ""):
            mine = [line for line in lines if line.grade == grade]
            if not mine:
                continue
            sheet.put(0, grade or none, BOLD)
            count = f'COUNTIFS({self._range(4)},"{_quoted(grade)}",{self._range(5)},"<>")'
            sheet.formula(1, f"={count}", Fraction(len(mine)), PLAIN)
            for place, (column, name) in enumerate(zip(self._columns(), self.lines, strict=True), start=2):
                sheet.formula(place, f"={self._sum_of_grade(column, grade)}", held(line.pay.get(name) for line in mine), MONEY)
            sheet.row += 1
        sheet.put(0, labels.heading("sum"), BOLD)
        for place, name in enumerate((None, *self.lines), start=1):
            letter = xl_col_to_name(place)
            value = Fraction(len(lines)) if name is None else held(line.pay.get(name) for line in lines)
            sheet.formula(place, f"=SUM({letter}2:{letter}{sheet.row})", value, BOLD if name is None else BOLD_MONEY)
        sheet.row += 1

    # --- what differs -------------------------------------------------------------------------

    def _differences(self, sheet: Sheet, before: EarlierRound | None, corrections: bool) -> None:
        """Who gets another amount than before, line by line; the differences add up below."""
        assert before is not None
        labels, (was, now) = self.paper.labels, WAS_AND_NOW[corrections]
        who = [labels.heading(key) for key in ("subject", "name", "line_name")]
        sheet.head([*who, self.paper.tell(was), self.paper.tell(now), labels.heading("difference")], frozen=2)
        changes = list(self._changes(before))
        for change in changes:
            row = sheet.row + 1
            sheet.add([change.subject, change.name, labels.pay(change.line), change.old, change.new], [PLAIN] * 3 + [MONEY] * 2)
            sheet.row -= 1
            sheet.formula(5, f"=ROUND(N(E{row})-N(D{row}),6)", change.by, MONEY)
            sheet.row += 1
        if not changes:
            sheet.add([self.say("没有差别", "no difference")])
        self._difference_sums(sheet, changes)
        span = "" if before.start is None else period_words(before.start, before.end, self.paper.language)
        told = f"{self.paper.tell(was)}{self.say('：', ': ')}{span or before.end.isoformat()}"
        sheet.sheet.write_string(sheet.row + 1, 1, told, self.formats[QUIET])

    def _difference_sums(self, sheet: Sheet, changes: Sequence[Change]) -> None:
        """Below the rows each pay line's sums, by formula."""
        last = sheet.row
        for line in self.lines:
            mine = [change for change in changes if change.line == line]
            if mine:
                label = self.paper.labels.pay(line)
                sheet.put(1, self.paper.labels.heading("sum"), BOLD)
                sheet.put(2, label, BOLD)
                for column, values in enumerate(zip(*((change.old, change.new, change.by) for change in mine), strict=True), start=3):
                    letter = xl_col_to_name(column)
                    formula = f'=SUMIF($C$2:$C${last},"{_quoted(label)}",{letter}$2:{letter}${last})'
                    sheet.formula(column, formula, held(values), BOLD_MONEY)
                sheet.row += 1

    def _changes(self, before: EarlierRound) -> Iterable[Change]:
        """Whose amounts differ; who is on one sheet only has no amount on the other."""
        now = {line.subject: line for line in self._all()}
        for subject in dict.fromkeys((*now, *before.pay)):
            old, new = before.pay.get(subject, {}), now[subject].pay if subject in now else {}
            name = now[subject].name if subject in now else before.names.get(subject, "")
            for line in self.lines:
                if old.get(line) != new.get(line):
                    yield Change(subject, name, line, old.get(line), new.get(line))


def _amounts(pay: Mapping[str, Value]) -> dict[str, Fraction]:
    return {line: amount for line, amount in pay.items() if isinstance(amount, Fraction)}


def held(amounts: Iterable[Fraction | None]) -> Fraction:
    """What a spreadsheet sums: the amounts that it holds as numbers."""
    return sum((amount for amount in amounts if amount is not None and sheet_number(amount) is not None), Fraction(0))


def _summed(amounts: Iterable[Fraction | None]) -> Fraction:
    return sum((amount for amount in amounts if amount is not None), Fraction(0))


def _counted(words: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return counts


def _quoted(text: str) -> str:
    """A text as a formula has it between quotes; its wildcards stand for themselves."""
    kept = text.replace("~", "~~").replace("*", "~*").replace("?", "~?")
    return kept.replace('"', '""')
