"""The round's summary as a workbook without any money: the summary's figures, and everybody's where the pages cut their lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

from kaohe.numbers import round_number
from kaohe.papers.rounds import Round
from kaohe.papers.summing import Open, Summary, TeamSum
from kaohe.scoring import Scorecard
from kaohe.texts import Text
from kaohe.workbooks import BOLD, NUMBER, PLAIN, QUIET, Cell, Sheet, new_book, sheet_formats

SUMMARY_BOOK = "summary.xlsx"
PLACE = Fraction(1, 10_000)
ITEM_HEADS = (
    Text("指标", "item"),
    Text("人数", "people"),
    Text("平均", "mean"),
    Text("最低", "least"),
    Text("最高", "most"),
    Text("满分", "full"),
    Text("平均占满分", "mean as a share"),
)
MOVE_HEADS = (
    Text("上期", "before"),
    Text("本期", "now"),
    Text("变动", "change"),
    Text("上期等级", "grade before"),
    Text("本期等级", "grade now"),
)


def write_summary_book(summary: Summary, path: Path) -> Path:
    """The summary of a round as one XLSX file."""
    with new_book(path) as book:
        SummaryBook(summary, book).write()
    return path


class SummaryBook:
    """A summary being written into a workbook."""

    def __init__(self, summary: Summary, book: Any) -> None:
        self.summary = summary
        self.paper: Round = summary.paper
        self.book = book
        self.say = self.paper.say
        self.labels = self.paper.labels
        self.formats = sheet_formats(book)

    def write(self) -> None:
        """The sheets for which there is something to say."""
        sheets: tuple[tuple[str, Callable[[Sheet], None], object], ...] = (
            (self.say("汇总", "summary"), self._overview, True),
            (self.say("成绩", "results"), self._people, self.summary.cards),
            (self.say("指标", "items"), self._items, self.summary.items),
            (self.say("班组", "teams"), self._teams, self.summary.teams),
            (self.say("变动", "changes"), self._moves, self.summary.moves),
            (self.say("待办与提示", "to do"), self._open, self._everything_open()),
        )
        title = "  ".join(part for part in (self.paper.wishes.company, self.paper.scheme_words, self.paper.period) if part)
        for name, fill, there in sheets:
            if there:
                sheet = Sheet(self.book, self.formats, name, title)
                fill(sheet)
                sheet.close()

    def _overview(self, sheet: Sheet) -> None:
        """How many in each status, the mean, the grades and the distribution."""
        everybody = self.summary.everybody
        sheet.head([self.say("项目", "figure"), self.say("数", "number"), self.say("说明", "note")], frozen=1)
        sheet.add([self.say("考核范围人数", "people in scope"), everybody.people])
        for status in self.paper.status_order:
            sheet.add([self.labels.status_word(status), len(self.paper.with_status(status))])
        if everybody.mean is not None:
            sheet.add([self.say("平均总分", "mean total"), seen(everybody.mean)], [PLAIN, NUMBER])
        for grade, count in everybody.grades.items():
            name = f"{self.labels.heading('grade')} {self.paper.grade(grade)}"
            sheet.add([name, count, self.paper.band_words(grade)], [PLAIN, PLAIN, QUIET])
        spread = self.summary.spread
        for bar in () if spread is None else spread.bars:
            low, high = self.paper.figure(bar.low), self.paper.figure(bar.high)
            words = self.say(f"总分 {low} 到 {high}", f"totals from {low} to {high}")
            sheet.add([words, bar.count, self._ends(bar.closed)], [PLAIN, PLAIN, QUIET])

    def _ends(self, closed: bool) -> str:
        return self.say("含上端", "with the upper end") if closed else self.say("不含上端", "without the upper end")

    def _people(self, sheet: Sheet) -> None:
        """Everybody: who, status, total, grade, place, change, items."""
        items = [id for id in self.labels.items() if any(id in card.items for card in self.summary.cards)]
        moved = {move.subject: move.by for move in self.summary.moves}
        keys = ("status", "total", "grade", "rank", "of")
        heads = [*self._who_heads(), self.say("岗位", "post"), *map(self.labels.heading, keys), self.say("比上期", "change")]
        sheet.head([*heads, *map(self.labels.item, items)], frozen=2)
        looks = [PLAIN] * 5 + [NUMBER] + [PLAIN] * 3 + [NUMBER] * (1 + len(items))
        for card in self.summary.cards:
            sheet.add([*self._who(card), moved.get(card.subject), *(_cell(card.items.get(id)) for id in items)], looks)
        if self.summary.cards:
            sheet.sheet.autofilter(0, 0, len(self.summary.cards), len(heads) + len(items) - 1)

    def _who_heads(self) -> list[str]:
        return [self.labels.heading("subject"), self.labels.heading("name"), self.paper.team_word or self.say("班组", "team")]

    def _who(self, card: Scorecard) -> list[Cell]:
        grade = "" if card.grade is None else self.paper.grade(card.grade)
        who: list[Cell] = [card.subject, card.name, self.paper.team(card.subject), self.paper.post(card), self.labels.status(card)]
        return [*who, self.paper.total(card.subject), grade, card.rank, card.of]

    def _items(self, sheet: Sheet) -> None:
        sheet.head([self.paper.tell(head) for head in ITEM_HEADS], frozen=1)
        for item in self.summary.items:
            figures: list[Cell] = [seen(item.mean), item.least, item.most, item.full, seen(item.share)]
            sheet.add([self.labels.item(item.item), item.count, *figures], [PLAIN, PLAIN] + [NUMBER] * 5)

    def _teams(self, sheet: Sheet) -> None:
        grades = list(self.summary.everybody.grades)
        heads = [self.paper.team_word, self.say("人数", "people"), self.say("已有结果", "with results"), self.say("平均总分", "mean total")]
        sheet.head([*heads, *map(self.paper.grade, grades)], frozen=1)
        for team in self.summary.teams:
            sheet.add(self._team(team, grades), [PLAIN] * 3 + [NUMBER] + [PLAIN] * len(grades))
        total = self._team(self.summary.everybody, grades)
        sheet.add([self.say("全体", "everybody"), *total[1:]], [BOLD] * len(total))

    def _team(self, team: TeamSum, grades: Iterable[str]) -> list[Cell]:
        name = team.team or self.say("（未填）", "(none)")
        return [name, team.people, team.complete, seen(team.mean), *(team.grades.get(grade, 0) for grade in grades)]

    def _moves(self, sheet: Sheet) -> None:
        """Everybody with totals in both periods; the change is a formula."""
        sheet.head([*self._who_heads()[:2], *(self.paper.tell(head) for head in MOVE_HEADS)], frozen=2)
        for move in self.summary.moves:
            row = sheet.row + 1
            name = self.paper.cards[move.subject].name
            sheet.add([move.subject, name, move.before, move.now, None, move.grade_before, move.grade], [PLAIN] * 2 + [NUMBER] * 3)
            sheet.row -= 1
            sheet.formula(4, f"=ROUND(N(D{row})-N(C{row}),6)", move.by, NUMBER)
            sheet.row += 1

    def _everything_open(self) -> list[tuple[str, Open]]:
        summary = self.summary
        kinds = (
            (self.say("待补数据", "to be supplied"), summary.lacking),
            (self.say("不考核", "not appraised"), summary.out),
            (self.say("措施", "action"), summary.actions),
            (self.say("提示", "note"), summary.warnings),
        )
        return [(kind, one) for kind, rows in kinds for one in rows]

    def _open(self, sheet: Sheet) -> None:
        """A row for each person and thing."""
        heads = [self.say("类别", "kind"), self.say("事项", "what"), self.labels.heading("clause"), *self._who_heads()]
        sheet.head(heads, frozen=2)
        for kind, one in self._everything_open():
            for subject in one.subjects:
                sheet.add([kind, one.text, one.clause, subject, self.paper.cards[subject].name, self.paper.team(subject)])
        sheet.sheet.autofilter(0, 0, sheet.row - 1, len(heads) - 1)


def _cell(value: object) -> Cell:
    return value if isinstance(value, (Fraction, str)) else None


def seen(value: Fraction | None) -> Fraction | None:
    """A mean or a share to four places: nothing is decided by it."""
    return None if value is None else round_number(value, PLACE)
