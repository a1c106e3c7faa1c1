"""Scorecards on paper: what a template sets of each subject's results, every word and figure ready.

A card that is not final says so before anything else, and shows no total, grade or money while a
fact is owed. Money stands on it only where it was wished for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from kaohe.explaining import Explanation, Line, explain
from kaohe.improving import next_band
from kaohe.numbers import write_number
from kaohe.papers.bettering import next_data
from kaohe.papers.charts import Data, item_bars, ruler, spread_chart, trend_chart
from kaohe.papers.contributing import HELD, RAW, THEN, Making, Part, Step
from kaohe.papers.figures import NOTHING, is_shown_whole, money, most_places, places_of, share, shown
from kaohe.papers.rounds import Round
from kaohe.papers.sentences import Sentences, arithmetic_words, for_paper
from kaohe.papers.typesetting import page_count, typeset
from kaohe.plan import PEOPLE
from kaohe.scheme import Rounding
from kaohe.scoring import ASSESSED, INCOMPLETE, Scorecard, Value
from kaohe.texts import Text

STEPS = {
    RAW: Text("各项相加", "Items added up"),
    THEN: Text("加减或折算后", "After additions or conversion"),
    HELD: Text("上下限与取整后", "After bounds and rounding"),
}
MOST_BESIDE = 4
STEPPED = "steps@"  # the rule whose result is one of the steps that its line names
_ROUNDED = re.compile(
    r"[^\s；;]+ → [^\s（]+ ?[（(](.+?)[）)]"
)  # the figure stands in the row above; how it was rounded is what is left to say

_HELD = re.compile(r"(?P<act>min|max)\(.*, (?P<end>[^,()]+)\)")  # the outermost call of a total that a formula keeps within an end


def scorecards_data(paper: Round, subjects: Sequence[str]) -> Data:
    """The data of a document with the cards of these subjects, one after another."""
    title = paper.say("考核成绩单", "Scorecard")
    return {
        "language": paper.language,
        "title": f"{title}{paper.say('：', ': ')}{paper.period or paper.scheme_words}",
        "dated": paper.dated,
        "foot": paper.foot,
        "cards": [Card(paper, paper.cards[subject]).data() for subject in subjects],
    }


def typeset_scorecards(data: Data) -> bytes:
    """The PDF of a document with cards, each of which counts its own pages.

    Nearly every card takes one page. It is set as if all did, and once more, its pages counted, where one did not.
    """
    pdf = typeset("scorecard", data)
    cards = data["cards"]
    assert isinstance(cards, list)
    return pdf if page_count(pdf) == len(cards) else typeset("scorecard", {**data, "counted": True})


class Card:
    """One subject's card being written."""

    def __init__(self, paper: Round, card: Scorecard) -> None:
        self.paper = paper
        self.card = card
        self.row = paper.row(card.subject)
        self.say = paper.say
        self.scheme = paper.plan.scheme

    def data(self) -> Data:
        """Everything that stands on the card."""
        return {
            "company": self.paper.wishes.company,
            "scheme": self.paper.scheme_words,
            "name": self.card.name,
            "about": self._about(),
            "state": self._state(),
            "you": self.say("您", "you") if self.scheme.subjects == "people" else "",
            "strip": self._strip(),
            "ruler": None if self._is_out() else ruler(self.paper, self._seen_total(), self._span()),
            "items": self._items(),
            "next": self._next(),
            "trend": self._trend(),
            "spread": self._spread(),
            "pay": self._pay(),
            "more": self._more(),
            "notes": self._notes(),
            "footnotes": self._footnotes(),
            "signatures": self._signatures(),
            "remarks": self.say("面谈记录与本人意见", "Interview and employee's remarks")
            if self._signatures() and self.scheme.subjects == "people"
            else "",
        }

    # --- what everything else looks at --------------------------------------------------------

    @cached_property
    def told(self) -> Explanation:
        """The explanation of the card."""
        return explain(self.paper.results, self.card.subject, self.paper.language)

    @cached_property
    def lines(self) -> dict[str, Line]:
        """The lines of the explanation by id."""
        return {line.id: line for line in self.told.lines}

    @cached_property
    def making(self) -> Making:
        """How the total comes about; without any items for who is not assessed."""
        return self.paper.makings.of(self.card, self.row)

    def _is_complete(self) -> bool:
        return self.card.status == ASSESSED

    def _is_waiting(self) -> bool:
        return self.card.status == INCOMPLETE

    def _is_out(self) -> bool:
        return self.card.status not in (ASSESSED, INCOMPLETE)

    def _seen_total(self) -> Fraction | None:
        return self.card.total if isinstance(self.card.total, Fraction) else None

    def _span(self) -> tuple[Fraction, Fraction] | None:
        return self.making.range() if self._is_waiting() else None

    # --- the head -----------------------------------------------------------------------------

    def _about(self) -> list[str]:
        """The period, the post, what else the facts say of the person in words, the id."""
        paper, subject = self.paper, self.card.subject
        words = [name for name, declared in self.scheme.people.items() if declared.kind in ("words", "text")]
        told = [f"{paper.names.fact(PEOPLE, f'person.{name}')} {value}" for name in words if (value := paper.attribute(subject, name))]
        number = f"{self.say('编号', 'id')} {subject}" if subject != self.card.name else ""
        return [part for part in (paper.period, paper.post(self.card), *told, number) if part]

    def _state(self) -> Data:
        """What the card is: final, provisional, waiting for something, or of somebody who is not appraised."""
        if self._is_out():
            reason = self.paper.labels.why(self.card)
            return {"kind": "out", "word": self._plain(self.paper.labels.status(self.card)), "sentence": self._why_out(reason)}
        if self._is_waiting():
            return {"kind": "waiting", "word": self.say("暂计", "Not final"), "sentence": self._why_waiting()}
        if self.paper.wishes.provisional:
            words = self.say(
                "这不是最终成绩：本期还没有定稿，数字可能补充或更正。",
                "These are not final results: figures may still be added or corrected.",
            )
            return {"kind": "provisional", "word": self.say("暂计", "Provisional"), "sentence": words}
        return {"kind": "final", "word": self.say("最终结果", "Final"), "sentence": ""}

    def _why_out(self, reason: str) -> str:
        line = self.lines.get("status")
        told = "" if line is None else self._plain(line.phrase)
        return self.say("：", ": ").join(part for part in (reason, "" if reason and reason in told else told) if part)

    def _why_waiting(self) -> str:
        """What is there, what is owed and what that withholds."""
        missing = self.paper.labels.missing(self.card)
        items, lacking = len(self.making.parts), len([part for part in self.making.parts if part.owed])
        head_zh = f"{items}项中已有{items - lacking}项，还缺：{missing}。" if items and lacking else f"还缺：{missing}。"
        head_en = (
            f"{items - lacking} of {items} items are there; still owed: {missing}." if items and lacking else f"Still owed: {missing}."
        )
        withheld = self._withheld()
        zh, en = f"这不是最终成绩。{head_zh}", f"This is no final result. {head_en}"
        return self.say(f"{zh}补齐之前不出{withheld}。" if withheld else zh, f"{en} Until then there is no {withheld}." if withheld else en)

    def _withheld(self) -> str:
        """What an incomplete card does not show."""
        scheme = self.scheme
        words = [
            self.say("总分", "total") if scheme.total is not None else "",
            self.say("等级", "grade") if scheme.grades is not None and scheme.grades.shown else "",
            self.say("名次", "rank") if scheme.rank is not None else "",
            self.say("金额", "amount") if scheme.pay is not None and self.paper.wishes.money else "",
        ]
        return self.say("、", " or ").join(word for word in words if word)

    # --- the strip ----------------------------------------------------------------------------

    def _strip(self) -> list[Data]:
        """The few figures that matter."""
        if self._is_out():
            return []
        if self._is_waiting():
            return self._waiting_strip()
        figures = (self._total_figure(), self._grade_figure(), self._rank_figure(), self._pay_figure())
        return [figure for figure in figures if figure is not None]

    def _total_figure(self) -> Data | None:
        total = self._seen_total()
        if total is None:
            return None
        exact = self.paper.exact_total(self.card.subject)
        figure = self.paper.seen_total(total, self._reported_places())
        note = "" if is_shown_whole(total) else self.say(f"精确值 {write_number(total)}", f"exactly {write_number(total)}")
        if exact is not None and exact != total:
            note = self.say(f"取整前 {shown(exact)}", f"{shown(exact)} before rounding")
        label = self.say("暂计总分", "Provisional total") if self.paper.wishes.provisional else self.say("总分", "Total")
        return {"label": label, "figure": figure, "note": note if len(note) < 40 else "", "big": True}

    def _reported_places(self) -> int | None:
        """How many decimals the scheme has totals shown with, where it says so."""
        scheme = self.scheme.total
        rounding: Rounding | None = None if scheme is None else scheme.reported or scheme.round
        if rounding is None or rounding.only != "always" or rounding.to >= 1:
            return None
        return places_of(rounding.to)

    def _grade_figure(self) -> Data | None:
        if self.card.grade is None:
            return None
        name = self.paper.grade(self.card.grade)
        return {"label": self.say("等级", "Grade"), "figure": name, "note": self.paper.band_words(self.card.grade), "big": True}

    def _rank_figure(self) -> Data | None:
        if self.card.rank is None:
            return None
        assert self.scheme.rank is not None
        among = self.scheme.rank.among
        group = self.paper.names.of("group", among) if among else self.say("全体", "everybody")
        figure = f"{self.card.rank}" if self.card.of is None else f"{self.card.rank} / {self.card.of}"
        return {"label": self.say("名次", "Rank"), "figure": figure, "note": self.say(f"在“{group}”中", f"among: {group}"), "big": True}

    def _pay_figure(self) -> Data | None:
        """The amount, where the scheme pays by a single line."""
        if not self.paper.wishes.money or len(self.card.pay) != 1:
            return None
        (line, amount), *_ = self.card.pay.items()
        return {"label": self.paper.labels.pay(line), "figure": self._yuan(amount), "note": "", "big": True}

    def _yuan(self, amount: Value) -> str:
        return f"¥{money(amount)}" if isinstance(amount, Fraction) else NOTHING

    def _waiting_strip(self) -> list[Data]:
        """What is earned so far, which is no total, and where the total may still come out."""
        if not self.making.is_of_items:
            return []
        earned, span = self.making.earned, self._span()
        notes = self.say("不是总分", "not a total")
        figures: list[Data] = [{"label": self.say("已得", "Earned so far"), "figure": shown(earned), "note": notes, "big": False}]
        if span is None:
            return figures
        low, high = (shown(end) for end in span)
        label = self.say("已有各项不变，总分在", "With these items the total will be")
        figures.append({"label": label, "figure": self.say(f"{low} 至 {high}", f"{low} to {high}"), "note": "", "big": False})
        grades = self.paper.grades_between(*span)
        if grades:
            word = self.say(" 或 ", " or ").join(grades)
            figures.append({"label": self.say("等级在", "Grade"), "figure": word, "note": "", "big": False})
        return figures

    # --- the items ----------------------------------------------------------------------------

    def _items(self) -> Data | None:
        """One line an item, then how their sum becomes the total."""
        making = self.making
        if not making.parts or self._is_out():
            return self._basis()
        weighs = making.is_of_items and making.mode != "sum"
        amounts = making.is_of_items and any(part.weight not in (None, Fraction(1)) for part in making.parts)
        points = [self._points(part) for part in making.parts]
        places = most_places(points)
        kept = most_places([part.amount for part in making.counted])
        bars = item_bars(self._lengths(points), self._tenth())
        rows = [
            {**self._item(part), "points": shown(point, places) if point is not None else "", "bar": bar}
            | ({"amount": "" if part.amount is None else shown(part.amount, kept)} if amounts else {})
            | {"weight": self._weight(part, weighs)}
            for part, point, bar in zip(making.parts, points, bars, strict=True)
        ]
        return {
            "title": self._items_title(),
            "weighs": weighs,
            "amounts": amounts,
            "bars": any(bars),
            "bars-head": self._bars_head(),
            "rows": rows,
            "steps": self._steps(),
            "total": self._total_row(weighs),
        }

    def _lengths(self, points: Sequence[Fraction | None]) -> list[tuple[Fraction | None, Fraction | None]]:
        """What each item gives and could give, in points of the total where that is their sum."""
        if self.making.is_of_items:
            return [(part.amount, part.full) for part in self.making.parts]
        return [(point, part.high) for part, point in zip(self.making.parts, points, strict=True)]

    def _tenth(self) -> Fraction:
        """A tenth of the scale: so much of what is taken away makes a bar of full length, where nothing is given."""
        high = self.paper.scale.high
        return Fraction(0) if high is None else high / 10

    def _bars_head(self) -> str:
        if any((part.high or 0) > 0 for part in self.making.parts):
            return self.say("已得 / 满分", "Earned / full")
        return self.say("加减分", "Points")

    def _items_title(self) -> str:
        if self._is_waiting():
            return self.say("已有的各项", "What is there so far")
        return self.say("总分怎么来的", "How the total comes about") if self.scheme.total is not None else self.say("各项结果", "Items")

    def _points(self, part: Part) -> Fraction | None:
        """The score as it is reported."""
        reported = self.card.items.get(part.item)
        return reported if isinstance(reported, Fraction) else None

    def _item(self, part: Part) -> Data:
        item = self.scheme.items[part.item]
        line = self.lines.get(f"item.{part.item}")
        told = "" if line is None else self.sentences.of_item(line, item)
        state = "owed" if part.owed else "none" if part.points is None else ""
        word = {"owed": self.say("未定", "owed"), "none": NOTHING, "": ""}[state]
        aside = self.say("不计入总分", "not in the total") if self.making.is_of_items and not item.in_total else ""
        told = self.paper.stop.join(words for words in (told, aside) if words)
        return {"name": self.paper.labels.item(part.item), "told": told, "clause": item.clause, "state": state, "word": word}

    @cached_property
    def sentences(self) -> Sentences:
        """Tells an item in a sentence."""
        return Sentences(self.paper.plan, self.paper.language)

    def _weight(self, part: Part, weighs: bool) -> str:
        """The weight; where scores are just added up, the full score."""
        if weighs:
            return NOTHING if part.weight is None else share(part.weight)
        return NOTHING if part.high is None or part.high <= 0 else shown(part.high)

    def _steps(self) -> list[Data]:
        """The figures between the items and the total."""
        steps: Sequence[Step] = self.making.steps
        total = self._seen_total()
        between = [step for step in steps[:-1] if step.id in STEPS] if steps and steps[-1].value == total else list(steps)
        between = between if self.making.is_of_items else between[1:]
        return [{"name": self.paper.tell(STEPS.get(step.id, STEPS[HELD])), "value": shown(step.value)} for step in between]

    def _total_row(self, weighs: bool) -> Data | None:
        if self.scheme.total is None:
            return None
        if self._is_waiting():
            earned = shown(self.making.earned) if self.making.is_of_items else ""
            return {
                "name": self.say("已得，不是总分", "Earned so far, not a total"),
                "told": "",
                "value": earned,
                "weight": "",
                "clause": "",
            }
        line, total = self.lines.get("total"), self._seen_total()
        weights = [part.weight for part in self.making.counted if part.weight is not None]
        return {
            "name": self.say("暂计总分", "Provisional total") if self.paper.wishes.provisional else self.say("总分", "Total"),
            "told": "" if line is None else self._total_words(line),
            "value": NOTHING if total is None else self.paper.seen_total(total, self._reported_places()),
            "weight": share(sum(weights, Fraction(0))) if weighs and weights else "",
            "clause": "" if line is None else line.clause,
        }

    def _total_words(self, line: Line) -> str:
        """What else made the total: figures beside the items, its ends and its rounding."""
        phrase = _ROUNDED.sub(r"\1", line.phrase)
        beside = [child for child in line.children if not child.id.startswith(("item.", "part", "total")) and child.name not in phrase]
        facts = [f"{child.name} {shown(child.value)}" for child in beside if isinstance(child.value, Fraction)][:MOST_BESIDE]
        words = [self.say("，", ", ").join(facts), phrase, self._held_at(line)]
        if not self.making.is_of_items:
            words.insert(0, arithmetic_words(line.arithmetic, self.paper.language))
        return self._plain(self.paper.stop.join(part for part in words if part))

    def _held_at(self, line: Line) -> str:
        """At what a formula of the scheme's own held the total; where an end of the total did, its phrase says so already."""
        found = _HELD.fullmatch(line.arithmetic)
        if found is None or not isinstance(line.value, Fraction) or found["end"] != write_number(line.value):
            return ""
        end = shown(line.value)
        words = self.say(f"不超过 {end}", f"not above {end}") if found["act"] == "min" else self.say(f"不低于 {end}", f"not below {end}")
        return "" if words in line.phrase else words

    def _basis(self) -> Data | None:
        """Where a scheme has no items: what its total rests on."""
        line = self.lines.get("total")
        if self._is_out() or self.scheme.items or line is None:
            return None
        rows: list[Data] = [
            {"name": child.name, "told": self._plain(child.phrase), "clause": child.clause, "state": "", "word": ""}
            | {
                "points": shown(child.value) if isinstance(child.value, Fraction) else str(child.value or NOTHING),
                "weight": "",
                "bar": None,
            }
            for child in line.children
            if not child.mark
        ]
        title = self.say("总分怎么来的", "How the total comes about")
        flags = {"weighs": False, "amounts": False, "bars": False, "bars-head": ""}
        return {"title": title, **flags, "rows": rows, "steps": [], "total": {**(self._total_row(False) or {}), "told": ""}}

    # --- beside the items ---------------------------------------------------------------------

    def _next(self) -> Data | None:
        if not self._is_complete():
            return None
        paper = self.paper
        return next_data(paper, next_band(paper.plan, paper.raw, paper.results, self.card.subject, ways=paper.wishes.ways))

    def _trend(self) -> Data | None:
        chart = trend_chart(self.paper, self.card.subject, self._seen_total())
        if chart is None:
            return None
        return {"title": self.say("历期总分", "Totals over time"), **chart}

    def _spread(self) -> Data | None:
        """Where the total stands among those of a group of at least five; nobody else is named or can be told."""
        exact, found = self.paper.exact_total(self.card.subject), self.paper.spread(self.card)
        if exact is None or found is None or not self._is_complete():
            return None
        group, spread = found
        title = self.say(f"{group}{spread.of}人的总分分布", f"Totals of {spread.of} people: {group}")
        return {"title": title, **spread_chart(self.paper, spread.marked(exact))}

    # --- money, other results, notes ----------------------------------------------------------

    def _pay(self) -> Data | None:
        """The pay lines, where money is wished for and there are any."""
        if not self.paper.wishes.money or not self.card.pay or (len(self.card.pay) == 1 and self._is_complete()):
            return None
        rows = [self._pay_row(line, amount) for line, amount in self.card.pay.items()]
        return {"title": self.say("薪酬（元）", "Pay (yuan)"), "rows": rows}

    def _pay_row(self, line: str, amount: Value) -> Data:
        found = self.lines.get(f"pay.{line}")
        told = "" if found is None else self._plain(arithmetic_words(found.arithmetic, self.paper.language) or found.phrase)
        clause = "" if found is None else found.clause
        figure = money(amount) if isinstance(amount, Fraction) else NOTHING
        return {"name": self.paper.labels.pay(line), "told": told, "clause": clause, "amount": figure}

    def _more(self) -> list[Data]:
        """Further results of the scheme's own: shown figures, columns of the grade."""
        found: list[Data] = []
        for name, value in self.card.metrics.items():
            line = next(
                (
                    line
                    for line in self.told.lines
                    if line.id.partition(".")[2] == name and line.id.partition(".")[0] in ("figure", "grade")
                ),
                None,
            )
            words = line.phrase if line is not None and line.rule.startswith(STEPPED) else ""
            text = shown(value) if isinstance(value, Fraction) else self._word(value)
            if value is not None:
                found.append({"name": self.paper.labels.metric(name), "value": self._plain(words) or text})
        return found

    def _word(self, value: Value) -> str:
        if isinstance(value, bool):
            return self.say("是", "yes") if value else self.say("否", "no")
        return str(value)

    def _notes(self) -> list[Data]:
        """Actions and warnings, each with its clause."""
        labels, scheme = self.paper.labels, self.scheme
        actions = [("action", labels.action(id), scheme.actions[id].clause) for id in self.card.actions]
        warnings = [("warning", labels.warning(id), scheme.warnings[id].clause) for id in self.card.warnings]
        words = {"action": self.say("措施", "Action"), "warning": self.say("提示", "Note")}
        return [{"kind": kind, "word": words[kind], "text": text, "clause": clause} for kind, text, clause in (*actions, *warnings)]

    def _footnotes(self) -> list[str]:
        """How to read the figures, where the clauses stand."""
        figures = [part.amount for part in self.making.counted] + [self._points(part) for part in self.making.parts]
        cut = any(value is not None and not is_shown_whole(value) for value in figures)
        clauses = any(self.scheme.items[part.item].clause for part in self.making.parts)
        notes = [
            self.say("小数最多显示四位，相加用精确值。", "Figures show four decimals at most; sums are of the exact ones.") if cut else "",
            self.say(f"条款号指{self.paper.scheme_words}的条款。", f"Clauses are those of {self.paper.scheme_words}.") if clauses else "",
        ]
        return [note for note in notes if note]

    def _signatures(self) -> list[str]:
        """Who signs; nobody signs what is not final."""
        if not self._is_complete() or self.paper.wishes.provisional:
            return []
        if self.scheme.subjects == "units":
            return [self.say("被考核方", "For the appraised"), self.say("考核人", "Appraised by"), self.say("负责人", "Approved by")]
        return [self.say("被考核人", "Employee"), self.say("直接主管", "Direct superior"), self.say("部门负责人", "Head of department")]

    def _plain(self, text: str) -> str:
        return for_paper(text, self.paper.language)
