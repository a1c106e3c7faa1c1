"""A draft: the items of a sheet with the answers that were given, the questions that remain, and the scheme once none does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from kaohe.drafting.asking import Choice, Question, is_writable, questions_of
from kaohe.drafting.describing import describe
from kaohe.drafting.items import Item, counts_apart, items_of
from kaohe.drafting.problems import AnswerUnknown, AnswerUnreadable, NothingToDraft
from kaohe.drafting.rows import Sheet, Typed
from kaohe.drafting.writing import scheme_text
from kaohe.numbers import parse_number, write_number
from kaohe.problems import Place, Problem, Problems
from kaohe.scheme_problems import did_you_mean
from kaohe.texts import Text

PERIODS = {
    "week": (Text("周", "week"), re.compile(r"周度|每周|按周|周考核|^周$")),
    "month": (Text("月", "month"), re.compile(r"月度|每月|按月|月考核|^月$|\d月|月份")),
    "quarter": (Text("季度", "quarter"), re.compile(r"季度|每季|按季")),
    "half_year": (Text("半年", "half a year"), re.compile(r"半年")),
    "year": (Text("年", "year"), re.compile(r"年度|每年|年终|^年$")),
}
WAYS = {
    "by_hand": Text("自己写，原文留在注释里", "to be written by hand, the text is kept as a comment"),
    "entered": Text("每期由人填写得分", "points are entered by somebody each period"),
}


@dataclass
class Answers:
    """What was answered: question to answer, and what the draft is called; `lines` tell where each stands."""

    given: dict[str, str] = field(default_factory=dict)
    name: str = ""
    id: str = ""
    period: str = ""
    file: str = ""
    lines: dict[str, int] = field(default_factory=dict)

    def place(self, question: str) -> Place:
        """Where an answer stands."""
        return Place(file=self.file, line=self.lines.get(question))


@dataclass
class Draft:
    """What was understood of a sheet, and what is still asked."""

    sheet: Sheet
    name: str
    id: str
    period: str
    items: list[Item]
    questions: list[Question]
    asked: dict[str, list[str]]
    problems: list[Problem]

    def scheme(self) -> str:
        """The scheme; only where no question remains. Problems where nothing is left to write."""
        if all(item.way == "by_hand" for item in self.items):
            raise Problems([NothingToDraft(self.sheet.place(), [self.sheet.file])])
        remarks = [f"{remark.at}  {remark.text}" for remark in self.sheet.remarks]
        source = Path(self.sheet.file).name or self.name
        return scheme_text(self.name, self.id, self.period, source, self.sheet.name, self.items, remarks)

    def lines(self) -> list[Line]:
        """What was understood beside what was read, a line for every item."""
        return [line_of(item, len(self.asked.get(item.id, []))) for item in self.items]


@dataclass(frozen=True)
class Line:
    """One item as it is shown: its cell, what was read, what was understood, and how sure that is."""

    item: str
    at: str
    read: str
    understood: Text
    note: str
    sure: Text
    worth: str = ""


def line_of(item: Item, waiting: int) -> Line:
    """An item as it is shown; `waiting` questions of it have no answer yet."""
    understood = WAYS.get(item.way) or (
        describe(item.reading, item.unit) if item.reading is not None else Text("（没有读懂）", "(not understood)")
    )
    answered = len(item.settled)
    sure = Text("确定", "sure")
    if item.way:
        sure = Text("人工", "by people")
    if answered and not item.way:
        sure = Text(f"已答 {answered} 问", f"{answered} answered")
    if waiting:
        sure = Text(f"待答 {waiting} 问", f"{waiting} asked")
    return Line(item.name, item.at, item.text, understood, item.note, sure, "" if item.worth is None else write_number(item.worth))


def draft_of(sheet: Sheet, answers: Answers) -> Draft:
    """The draft of a sheet with the answers so far."""
    used, problems, asked = {"period", "weights"}, list[Problem](), dict[str, list[str]]()
    items, open_questions = [], dict[str, Question]()
    period, questions = _period(sheet, answers, used, problems)
    for found in items_of(sheet.items):
        item, waiting = _settled(found, answers, used, problems)
        items.append(item)
        asked[item.id] = [question.id for question in waiting]
        open_questions |= {question.id: question for question in waiting if question.id not in open_questions}
    questions += list(open_questions.values()) or _weights(sheet, items, answers, used, problems)
    problems += _unknown(answers, used, [*questions])
    name = answers.name or next(iter(sheet.titles), "") or Path(sheet.file).stem or "考核方案"
    return Draft(sheet, name, answers.id or _scheme_id(sheet), period, items, questions, asked, list(dict.fromkeys(problems)))


def _settled(item: Item, answers: Answers, used: set[str], problems: list[Problem]) -> tuple[Item, list[Question]]:
    """The item with every answer built in, and the questions that have none."""
    waiting: dict[str, Question] = {}
    while True:
        question = next((found for found in questions_of(item) if found.id not in waiting), None)
        if question is None:
            still = {found.id for found in questions_of(item)}
            return item, [found for found in waiting.values() if found.id in still]
        again = _answered(item, question, answers, used, problems)
        if again is None:
            waiting[question.id] = question
        else:
            item = again


def _answered(item: Item, question: Question, answers: Answers, used: set[str], problems: list[Problem]) -> Item | None:
    answer = answers.given.get(question.id)
    if answer is None:
        return None
    used.add(question.id)
    found = question.settle(item, answer.strip())
    if found is None:
        known = question.allowed()
        problems.append(
            AnswerUnreadable(
                answers.place(question.id), [question.id], name=question.id, found=answer, known_zh=known.zh, known_en=known.en
            )
        )
    return found


def _unknown(answers: Answers, used: set[str], questions: Iterable[Question]) -> list[Problem]:
    known = [question.id for question in questions]
    return [
        AnswerUnknown(answers.place(name), [name], name=name, **did_you_mean(name, known))
        for name in answers.given
        if name not in used and name not in known
    ]


# --- what is asked of the whole ------------------------------------------------------------------------------


def _whole(sheet: Sheet, kind: str, ask: Text, choices: list[Choice]) -> Question:
    keys = {choice.key for choice in choices}
    return Question(
        kind, "", Typed(sheet.titles[0] if sheet.titles else ""), ask, tuple(choices), lambda item, answer: item if answer in keys else None
    )


def _period(sheet: Sheet, answers: Answers, used: set[str], problems: list[Problem]) -> tuple[str, list[Question]]:
    """How often is appraised: as answered, as the columns or the title tell."""
    told = answers.period or answers.given.get("period", "")
    if told in PERIODS:
        return told, []
    if told:
        place = answers.place("period")
        problems.append(
            AnswerUnreadable(place, ["period"], name="period", found=told, known_zh="、".join(PERIODS), known_en=", ".join(PERIODS))
        )
    texts = (
        [item.of("period").text for item in sheet.items] if any(item.of("period") for item in sheet.items) else [sheet.name, *sheet.titles]
    )
    found = {period for text in texts for period, (_, words) in PERIODS.items() if words.search(text)}
    if len(found) == 1:
        return found.pop(), []
    choices = [Choice(period, means) for period, (means, _) in PERIODS.items()]
    return "", [_whole(sheet, "period", Text("多久考核一次？", "how often is appraised?"), choices)]


def _weights(sheet: Sheet, items: list[Item], answers: Answers, used: set[str], problems: list[Problem]) -> list[Question]:
    """Weights that do not come to what the row of totals says, or to a hundred: a mistake, or meant so?"""
    worths = [item.worth for item in items if not counts_apart(item.reading)]
    known = [worth for worth in worths if worth is not None]
    total, told = sum(known, Fraction(0)), _told_total(sheet, items)
    if not known or len(known) < len(worths) or total == (told if told is not None else 100):
        return []
    goal = told if told is not None else Fraction(100)
    said = Text("合计行", "the row of totals") if told is not None else Text("通常", "usually")
    ask = Text(
        f"各项合计 {write_number(total)}，{said.zh}是 {write_number(goal)}，照此计分吗？",
        f"the items come to {write_number(total)}, {said.en} it is {write_number(goal)}: keep it so?",
    )
    question = _whole(
        sheet, "weights", ask, [Choice("yes", Text("就照各项计分（否则请改表）", "yes, as the items are (or mend the sheet)"))]
    )
    return [] if items and _answered(items[0], question, answers, used, problems) is not None else [question]


def _told_total(sheet: Sheet, items: list[Item]) -> Fraction | None:
    text = sheet.total.text.strip().rstrip("%分")
    number = parse_number(text) if text else None
    if number is None or isinstance(number, Problem):
        return None
    return number * 100 if number <= 1 and any(item.in_percent for item in items) else number


def _scheme_id(sheet: Sheet) -> str:
    """An id of small letters, digits and dashes from the file's name."""
    plain = re.sub(r"[^a-z0-9]+", "-", Path(sheet.file).stem.lower()).strip("-")
    return plain if re.match(r"[a-z]", plain) else "drafted-scheme"


def with_answer(answers: Answers, question: str, answer: str) -> Answers:
    """The answers and one more."""
    return replace(answers, given={**answers.given, question: answer})


def data_of(draft: Draft) -> Mapping[str, object]:
    """A draft as plain data."""
    return {
        "name": draft.name,
        "scheme": draft.id,
        "period": draft.period,
        "items": [
            {
                "id": item.id,
                "name": line.item,
                "cell": line.at,
                "read": line.read,
                "understood": {"zh": line.understood.zh, "en": line.understood.en},
                "note": line.note,
                "worth": line.worth,
                "open": draft.asked.get(item.id, []),
                "writable": item.reading is not None and is_writable(item.reading),
            }
            for item, line in zip(draft.items, draft.lines(), strict=True)
        ],
        "questions": [
            {
                "id": question.id,
                "item": question.about,
                "cell": question.cell.at,
                "read": question.cell.text,
                "ask": {"zh": question.ask.zh, "en": question.ask.en},
                "choices": {choice.key: {"zh": choice.means.zh, "en": choice.means.en} for choice in question.choices},
                "free": None if question.free is None else {"zh": question.free.zh, "en": question.free.en},
            }
            for question in draft.questions
        ],
    }
