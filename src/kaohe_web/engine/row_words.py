"""What is wrong with one row, told shortly beside the row: the column as its file heads it, what was written, why not, how to mend."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kaohe.plan import Plan
from kaohe.problems import Language, Problem
from kaohe.scheme import Declared
from kaohe.sheets import UNIT_NOTES
from kaohe.sources.headings import COMMON, STRUCTURE, Vocabularies, declared_columns
from kaohe.texts import Text, nearest

LOOK_ALIKE = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "Z": "2", "S": "5", "B": "8"})
LETTERS = {"O": "字母O", "o": "字母o", "I": "字母I", "l": "字母l", "Z": "字母Z", "S": "字母S", "B": "字母B"}
TEXT = Text("文字", "text")
READINGS = {
    "subject": Text("工号或单位，须在册", "a number or unit of this round"),
    "rater": Text("评分人工号", "the rater's number"),
    "item": Text("考核指标", "an item"),
    "relation": Text("与被考核人的关系", "how the rater stands to the person"),
    "score": Text("分数", "a score"),
    "at": Text("年-月-日", "year-month-day"),
    "count": Text("整数，不填按1次", "a whole number; empty counts as 1"),
    "not_applicable": Text("是或否", "yes or no"),
    "type": Text("记录的类型", "the kind of record"),
}
_ROW = re.compile(r"row (\d+)")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row."""

    code: str
    column: str
    heading: str
    written: str
    zh: str
    en: str
    guess: str = ""

    def tell(self, language: str) -> str:
        """The sentence in a language."""
        return self.en if language == "en" else self.zh


def names_of_columns(plan: Plan, table: str) -> dict[str, tuple[Text, Text]]:
    """The name of each column of a table, and how its cells are read."""
    kind, _, event = table.partition(":")
    found: dict[str, tuple[Text, Text]] = {}
    for column, words in {**STRUCTURE[kind], **COMMON.get(kind, {})}.items():
        found[column] = (Text(words[0], words[1] if len(words) > 1 else column), READINGS.get(column, TEXT))
    for column, declared in declared_columns(kind, plan.scheme, event or None):
        name = declared.name or (found[column][0] if column in found else Text(column, column))
        found[column] = (name, _reading(plan, declared))
    return found


def _reading(plan: Plan, declared: Declared) -> Text:
    """How cells of a declared column are read, in a few words."""
    if isinstance(declared.words, str) and declared.words in plan.scheme.words:
        names = list(plan.scheme.words[declared.words].names.values())
        return Text(f"选项：{'、'.join(one.zh for one in names[:6])}", f"one of {', '.join(one.en for one in names[:6])}")
    unit = UNIT_NOTES.get(declared.kind, TEXT)
    return Text(f"{unit.zh}，整数", f"{unit.en}, whole") if declared.whole else unit


def fault_of(
    plan: Plan, problem: Problem, cells: Mapping[str, str] | None, headings: Mapping[str, str], people: Mapping[str, str] | None = None
) -> Fault:
    """A problem of one row in words for its row."""
    column = _column(problem, headings)
    found = problem.found
    own = cells or {}
    written = own.get(column, "") if column in own else str(found.get("found", "")) if problem.reason == "unknown" else ""
    zh, en, guess = _sentence(plan, problem, column, written, people or {})
    return Fault(problem.code, column, headings.get(column, ""), written, zh, en, guess)


def _column(problem: Problem, headings: Mapping[str, str]) -> str:
    """The id of the column where a problem stands."""
    back = {heading: column for column, heading in headings.items()}
    place = back.get(problem.place.column, problem.place.column)
    return place or str(problem.found.get("column", ""))


def _sentence(plan: Plan, problem: Problem, column: str, written: str, people: Mapping[str, str]) -> tuple[str, str, str]:
    """Chinese, English, and what was probably meant."""
    found = problem.found
    match problem.code:
        case "F001":
            return "没有填，不当作0分", "Empty; not taken as 0", ""
        case "F002":
            return f"超出范围，应为 {found['allowed']}", f"Out of range: must be {found['allowed']}", ""
        case "F003":
            return "应为整数", "Must be a whole number", ""
        case "F004" if column in ("subject", "rater"):
            return _nobody(written or str(found.get("found", "")), people)
        case "F004":
            return _unknown(plan, problem, column)
        case "F005":
            return f"这里不能填{_bare(found['why_zh'])}", f"Not allowed here{_bare(found['why_en'], ': ')}", ""
        case "F006":
            row = _ROW.search(str(found.get("first", "")))
            return (f"与第{row[1]}行重复", f"The same as row {row[1]}", "") if row else ("与已有的重复", "It is there already", "")
        case "F010":
            return f"{found['detail_zh']}", f"{found['detail_en']}", ""
        case "F011" | "F012" | "F013" | "F014" | "F015":
            zh, en = _named(plan, str(found["condition_zh"]), "zh"), _named(plan, str(found["condition_en"]), "en")
            return f"应满足：{zh}", f"Must hold: {en}", ""
    return problem.sentence("zh"), problem.sentence("en"), ""


def _bare(why: object, glue: str = "：") -> str:
    """A reason without the brackets around it."""
    text = str(why).strip().strip("()（）")
    return f"{glue}{text}" if text else ""


def _nobody(written: str, people: Mapping[str, str]) -> tuple[str, str, str]:
    """Somebody who is not in the round; a letter typed for a figure is pointed at."""
    meant = next((number for number in people if number.translate(LOOK_ALIKE) == written.translate(LOOK_ALIKE)), "")
    wrong = [place for place, (one, other) in enumerate(zip(written, meant, strict=False)) if one != other]
    if meant and len(wrong) == 1 and written[wrong[0]] in LETTERS:
        letter = written[wrong[0]]
        return (
            f"不在册：第{wrong[0] + 1}位是{LETTERS[letter]}",
            f"Nobody has this number: character {wrong[0] + 1} is the letter {letter}",
            meant,
        )
    return "不在册", "Not in this round", meant or nearest(written, people)


def _unknown(plan: Plan, problem: Problem, column: str) -> tuple[str, str, str]:
    """A word that a column does not take, with those that it does."""
    names = _choices(plan, column)
    if not names:
        guess = nearest(str(problem.found.get("found", "")), str(problem.found.get("known", "")).split(", "))
        return "没有这个词", "Not a known word", guess
    zh, en = "、".join(name.zh for name in list(names.values())[:8]), ", ".join(name.en for name in list(names.values())[:8])
    return f"不在选项之内：{zh}", f"Not one of: {en}", ""


def _choices(plan: Plan, column: str) -> dict[str, Text]:
    vocabularies = Vocabularies(plan.scheme)
    for kind in ("events", "values", "ratings"):
        lexicon = vocabularies.of(kind).get(column)
        if lexicon is not None:
            return {id: Text(names[0], names[-1]) if (names := lexicon.written.get(id, ())) else Text(id, id) for id in lexicon.tiers[0]}
    return {}


SIGNS = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}


def _named(plan: Plan, condition: str, language: Language) -> str:
    """A condition of the scheme with names for ids and signs as people write them."""
    names = {key: name.tell(language) for table in ("values", "events") for key, (name, _) in names_of_columns(plan, table).items()}
    text = re.sub(r"[A-Za-z_]\w*", lambda word: names.get(word[0], word[0]), condition)
    return re.sub(r"[<>=!]=", lambda sign: SIGNS[sign[0]], text)
