"""The summary of a round on one or two pages: what a template sets of it, every word and figure ready.

Long lists of people are cut, and the page says how many there are; the workbook beside it has them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from kaohe.papers.charts import Data, spread_chart
from kaohe.papers.figures import NOTHING, length, money, most_places, shown
from kaohe.papers.rounds import Round
from kaohe.papers.sentences import for_paper, percent
from kaohe.papers.summing import ItemMean, Move, Open, Summary, TeamSum
from kaohe.scoring import INCOMPLETE, Scorecard

MOST_NAMES = 12
MOST_RANKED = 8
MOST_MOVES = 5
MOST_TEAMS = 14
MOST_OPEN = 8
MEAN_PLACES = 2


def summary_data(summary: Summary) -> Data:
    """The data of a round's summary."""
    return Page(summary).data()


class Page:
    """A summary being written."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        self.paper: Round = summary.paper
        self.say = self.paper.say

    def data(self) -> Data:
        """Everything that stands on the summary."""
        paper, title = self.paper, self.say("考核汇总", "Summary of the round")
        return {
            "language": paper.language,
            "title": f"{title}{self.say('：', ': ')}{paper.period or paper.scheme_words}",
            "heading": title,
            "dated": paper.dated,
            "foot": paper.foot,
            "company": paper.wishes.company,
            "scheme": paper.scheme_words,
            "about": [part for part in (paper.period, self._known()) if part],
            "state": self._state(),
            "strip": self._strip(),
            "spread": self._spread(),
            "grades": self._grades(),
            "items": self._items(),
            "teams": self._teams(),
            "ranked": self._ranked(),
            "moves": self._moves(),
            "pay": self._pay(),
            "open": self._open(),
        }

    def _known(self) -> str:
        day = self.paper.dated
        return "" if day is None else self.say(f"数据截至 {day}", f"facts known up to {day}")

    def _state(self) -> Data:
        """Whether these are the final figures; they are not while somebody's are incomplete."""
        waiting = len(self.paper.with_status(INCOMPLETE))
        if waiting:
            told = "1 person is incomplete; that total is" if waiting == 1 else f"{waiting} people are incomplete; their totals are"
            words = self.say(f"还有{waiting}人数据不全，以下各数不含他们的总分。", f"{told} not in these figures.")
            return {"kind": "provisional", "word": self.say("暂计", "Not final"), "sentence": words}
        if self.paper.wishes.provisional:
            words = self.say("本期还没有定稿，数字可能补充或更正。", "Figures may still be added or corrected.")
            return {"kind": "provisional", "word": self.say("暂计", "Not final"), "sentence": words}
        return {"kind": "final", "word": self.say("最终结果", "Final"), "sentence": ""}

    def _strip(self) -> list[Data]:
        """How many people in each status, and the mean total."""
        everybody, paper = self.summary.everybody, self.paper
        figures = [self._figure(self.say("考核范围", "In scope"), self._people(everybody.people))]
        figures += [
            self._figure(for_paper(paper.labels.status_word(status), paper.language), self._people(len(paper.with_status(status))))
            for status in paper.status_order
        ]
        if everybody.mean is not None:
            last = paper.back.last
            before = None if last is None or not last.totals else sum(last.totals.values(), Fraction(0)) / len(last.totals)
            note = "" if before is None else self.say(f"上期 {self._mean(before)}", f"before: {self._mean(before)}")
            figures.append(self._figure(self.say("平均总分", "Mean total"), self._mean(everybody.mean), note))
        return figures

    def _figure(self, label: str, figure: str, note: str = "") -> Data:
        return {"label": label, "figure": figure, "note": note, "big": False}

    def _people(self, count: int) -> str:
        return self.say(f"{count} 人", str(count))

    def _mean(self, value: Fraction) -> str:
        """A mean for the eye: two decimals, four on a scale of one."""
        return shown(value, MEAN_PLACES if abs(value) >= 2 else 4)

    # --- totals and grades --------------------------------------------------------------------

    def _spread(self) -> Data | None:
        spread = self.summary.spread
        if spread is None:
            return None
        return {"title": self.say(f"{spread.of}人的总分分布", f"Totals of {spread.of} people"), **spread_chart(self.paper, spread)}

    def _grades(self) -> Data | None:
        """How many have each grade, beside the period before."""
        counts, before = self.summary.everybody.grades, self.summary.grades_before
        if not counts or not any(counts.values()):
            return None
        most, size = max([*counts.values(), *before.values()]), sum(counts.values())
        rows = [
            {
                "name": self.paper.grade(grade),
                "edge": self.paper.band_words(grade),
                "count": str(count),
                "share": percent(Fraction(count, size)),
                "bar": length(Fraction(count), Fraction(most)),
                "before": str(before[grade]) if before else "",
            }
            for grade, count in counts.items()
        ]
        heads = [
            self.say("等级", "Grade"),
            self.say("总分", "Total"),
            self.say("人数", "People"),
            self.say("占比", "Share"),
            self.say("上期", "Before"),
        ]
        return {"title": self.say("等级人数", "Grades"), "heads": heads, "rows": rows, "before": bool(before)}

    # --- items and teams ----------------------------------------------------------------------

    def _items(self) -> Data | None:
        items = self.summary.items
        if not items:
            return None
        heads = [
            self.say("指标", "Item"),
            self.say("人数", "People"),
            self.say("平均", "Mean"),
            self.say("最低", "Least"),
            self.say("最高", "Most"),
            self.say("满分", "Full"),
            self.say("平均 / 满分", "Mean / full"),
        ]
        places = self._few(item.mean for item in items)
        return {"title": self.say("各项得分", "Items"), "heads": heads, "rows": [self._item(item, places) for item in items]}

    def _item(self, item: ItemMean, places: int) -> Data:
        share = item.share
        return {
            "name": self.paper.labels.item(item.item),
            "count": str(item.count),
            "mean": shown(item.mean, places),
            "least": shown(item.least, self._few([item.least])),
            "most": shown(item.most, self._few([item.most])),
            "full": NOTHING if item.full is None or item.full <= 0 else shown(item.full),
            "bar": None if share is None else length(share, Fraction(1)),
            "share": "" if share is None else percent_whole(share),
        }

    def _teams(self) -> Data | None:
        """Each team beside everybody; cut where there are many."""
        teams = self.summary.teams
        if not teams or self.paper.team_column is None:
            return None
        grades = [grade for grade, count in self.summary.everybody.grades.items() if count]
        heads = [self.paper.team_word, self.say("人数", "People"), self.say("已有结果", "With results"), self.say("平均总分", "Mean total")]
        rows = [self._team(team, grades) for team in teams[:MOST_TEAMS]]
        total = {**self._team(self.summary.everybody, grades), "name": self.say("全体", "Everybody")}
        more = len(teams) - len(rows)
        names = [self.paper.grade(grade, short=True) for grade in grades]
        return {
            "title": self.say("按班组", "By team"),
            "heads": heads,
            "grades": names,
            "rows": rows,
            "total": total,
            "more": self._more(more),
        }

    def _team(self, team: TeamSum, grades: Sequence[str]) -> Data:
        return {
            "name": team.team or self.say("（未填）", "(none)"),
            "people": str(team.people),
            "complete": str(team.complete),
            "mean": NOTHING if team.mean is None else self._mean(team.mean),
            "grades": [str(team.grades.get(grade, 0)) for grade in grades],
        }

    def _more(self, count: int) -> str:
        return self.say(f"另有{count}个，见汇总工作簿。", f"{count} more in the workbook.") if count > 0 else ""

    # --- people -------------------------------------------------------------------------------

    def _ranked(self) -> Data | None:
        """The first places; several groups that are ranked apart all have theirs."""
        ranked = self.summary.ranked
        if not ranked:
            return None
        first = ranked[:MOST_RANKED]
        places = self._few(self.paper.total(card.subject) for card in first)
        rows = [self._place(card, places) for card in first]
        heads = [
            self.say("名次", "Rank"),
            self.say("姓名", "Name"),
            self.paper.team_word,
            self.say("总分", "Total"),
            self.say("等级", "Grade"),
        ]
        return {
            "title": self.say("名次在前", "First places"),
            "heads": heads,
            "rows": rows,
            "more": self._more_people(len(ranked) - len(rows)),
        }

    def _place(self, card: Scorecard, places: int) -> Data:
        of = "" if card.of is None else f" / {card.of}"
        grade = "" if card.grade is None else self.paper.grade(card.grade, short=True)
        found, team = self.paper.total(card.subject), self.paper.team(card.subject)
        total = NOTHING if found is None else self.paper.seen_total(found, places)
        return {"place": f"{card.rank}{of}", "name": card.name, "team": team, "total": total, "grade": grade}

    def _more_people(self, count: int) -> str:
        return self.say(f"另有{count}人，见汇总工作簿。", f"{count} more in the workbook.") if count > 0 else ""

    def _moves(self) -> Data | None:
        """Who moved most since the period before, upwards and downwards."""
        moves = self.summary.moves
        up = [move for move in moves if move.by > 0][:MOST_MOVES]
        down = [move for move in reversed(moves) if move.by < 0][:MOST_MOVES]
        if not up and not down:
            return None
        heads = [self.say("姓名", "Name"), self.say("上期", "Before"), self.say("本期", "Now"), self.say("变动", "Change")]
        still = len(moves) - len([move for move in moves if move.by])
        note = self.say(
            f"两期都有总分的{len(moves)}人；持平{still}人。",
            f"{len(moves)} people have totals in both periods; {still} are where they were.",
        )
        title = self.say("比上期变动大", "Greatest changes")
        return {"title": title, "heads": heads, "up": list(map(self._move, up)), "down": list(map(self._move, down)), "note": note}

    def _move(self, move: Move) -> Data:
        grades = "" if move.grade_before == move.grade or not move.grade_before else f"{move.grade_before}→{move.grade}"
        name, places = self.paper.cards[move.subject].name, self._few([move.before, move.now])
        seen = self.paper.seen_total
        figures = {"before": seen(move.before, places), "now": seen(move.now, places), "by": shown(move.by, places, signed=True)}
        return {"name": name, "grades": grades, **figures}

    def _few(self, values: Iterable[Fraction | None]) -> int:
        """How many decimals a column of a summary shows: two at most, four on a scale of one."""
        known = [value for value in values if value is not None]
        return min(most_places(known), MEAN_PLACES if any(abs(value) >= 2 for value in known) else 4)

    # --- money and what is open ---------------------------------------------------------------

    def _pay(self) -> Data | None:
        """The sum of each pay line, where money is wished for."""
        if not self.paper.wishes.money or not self.summary.everybody.pay:
            return None
        rows = [{"name": self.paper.labels.pay(line), "amount": money(amount)} for line, amount in self.summary.everybody.pay.items()]
        return {"title": self.say("薪酬合计（元）", "Pay in all (yuan)"), "rows": rows}

    def _open(self) -> list[Data]:
        """What stands in the way, who is not appraised, what follows, what deserves a look; an empty list says that all is settled."""
        summary = self.summary
        parts = (
            (self.say("先补齐的数据", "To be supplied first"), "waiting", summary.lacking),
            (self.say("不考核", "Not appraised"), "quiet", summary.out),
            (self.say("后续措施", "Actions"), "ink", summary.actions),
            (self.say("提示", "Worth a look"), "waiting", summary.warnings),
        )
        return [
            {
                "title": title,
                "look": look,
                "rows": [self._row(one) for one in rows[:MOST_OPEN]],
                "more": self._more_things(len(rows) - MOST_OPEN),
            }
            for title, look, rows in parts
            if rows
        ]

    def _more_things(self, count: int) -> str:
        return self.say(f"另有{count}项，见汇总工作簿。", f"{count} more in the workbook.") if count > 0 else ""

    def _row(self, one: Open) -> Data:
        return {"text": one.text, "clause": one.clause, "count": self._people(len(one.subjects)), "names": self._names(one.subjects)}

    def _names(self, subjects: Iterable[str]) -> str:
        """Names in a row, cut where they are many."""
        names = [self.paper.cards[subject].name for subject in subjects]
        row = self.paper.joined(names[:MOST_NAMES])
        return row if len(names) <= MOST_NAMES else self.say(f"{row} 等", f"{row} …")


def percent_whole(value: Fraction) -> str:
    """A share as a percentage without decimals."""
    return f"{shown(value * 100, 0)}%"
