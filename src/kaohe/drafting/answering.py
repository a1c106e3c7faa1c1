"""Files of answers: the questions written with room for an answer, and read again with what was filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from kaohe.documents import Branch, Row, line_of, read_document
from kaohe.drafting.asking import Question
from kaohe.drafting.drafts import Answers
from kaohe.drafting.problems import AnswersShape
from kaohe.drafting.rows import HEADINGS, ItemRow, Sheet, Typed
from kaohe.problems import Language, Place, Problem, Problems
from kaohe.texts import Text

TOP = {"id", "name", "period", "items", "answers"}


def read_answers(path: Path) -> tuple[Answers, Sheet | None]:
    """The answers of a file, and the items that it lists, if any; Problems where it is none."""
    tree, problems = read_document(path)
    if tree is None or problems:
        raise Problems(problems)
    place = Place(file=str(path))
    wrong: list[Problem] = [_shape(place, tree, key) for key in tree if key not in TOP]
    answers = _answers(tree, place, wrong)
    items = list(_items(tree, place, wrong))
    if wrong:
        raise Problems(wrong)
    sheet = Sheet(str(path), titles=[answers.name] if answers.name else [], items=items)
    return answers, sheet if items else None


def _shape(place: Place, tree: Branch, *path: str) -> AnswersShape:
    return AnswersShape(place.at(line=line_of(tree, path)), list(path), name=".".join(path))


def _answers(tree: Branch, place: Place, wrong: list[Problem]) -> Answers:
    given = tree.get("answers")
    found = Answers(file=place.file)
    if isinstance(given, Branch):
        for key, value in given.items():
            if isinstance(value, (Branch, Row)):
                wrong.append(_shape(place, tree, "answers", key))
            elif value is not None and str(value).strip():
                found.given[key] = str(value)
                found.lines[key] = line_of(tree, ("answers", key)) or 0
    elif given is not None:
        wrong.append(_shape(place, tree, "answers"))
    for key in ("id", "name", "period"):
        value = tree.get(key)
        if isinstance(value, (Branch, Row)):
            wrong.append(_shape(place, tree, key))
        elif value is not None:
            setattr(found, key, str(value))
    return found


def _items(tree: Branch, place: Place, wrong: list[Problem]) -> Iterator[ItemRow]:
    """The items listed in the file itself, each like a row of a sheet."""
    rows = tree.get("items")
    if rows is None:
        return
    if not isinstance(rows, Row):
        wrong.append(_shape(place, tree, "items"))
        return
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, Branch) or not row.get("name") or any(key not in HEADINGS for key in row):
            wrong.append(AnswersShape(place, ["items"], name=f"items[{number}]"))
            continue
        cells = {key: Typed(str(value), f"第 {number} 项") for key, value in row.items() if value is not None}
        yield ItemRow(number, cells)


def questions_text(questions: Iterable[Question], answers: Answers, command: str, language: Language) -> str:
    """The questions as a file to fill in, beside what was answered already."""
    return "\n".join(_lines(list(questions), answers, command, language)) + "\n"


def _lines(questions: list[Question], answers: Answers, command: str, language: Language) -> Iterator[str]:
    head = Text(
        "在冒号后面填写答案，然后运行：",
        "Write an answer behind each colon, then run:",
    )
    yield f"# {head.tell(language)}"
    yield f"#   {command}"
    for key, value in (("id", answers.id), ("name", answers.name), ("period", answers.period)):
        if value:
            yield f"{key}: {_scalar(value)}"
    yield "answers:"
    for name, answer in answers.given.items():
        if name not in [question.id for question in questions]:
            yield f"  {_scalar(name)}: {_scalar(answer)}"
    for question in questions:
        yield ""
        yield from _question(question, language)
        answer = answers.given.get(question.id, "")
        yield f"  {_scalar(question.id)}:{' ' + _scalar(answer) if answer else ''}"


def _question(question: Question, language: Language) -> Iterator[str]:
    where = f"{question.about} {question.cell.at}".strip()
    text = " / ".join(question.cell.text.split("\n"))
    if where or text:
        yield f"  # {where}{'：' if where and text else ''}{text}"
    yield f"  # {question.ask.tell(language)}"
    width = max((len(choice.key) for choice in question.choices), default=1)
    for choice in question.choices:
        yield f"  #   {choice.key:<{width}}  {choice.means.tell(language)}"
    if question.free is not None:
        yield f"  #   {'…':<{width}}  {question.free.tell(language)}"


def _scalar(text: str) -> str:
    plain = (
        re.fullmatch(r"[\w\u4e00-\u9fff.]+", text) and not text[0].isdigit() and text.lower() not in ("yes", "no", "null", "true", "false")
    )
    return text if plain else json.dumps(text, ensure_ascii=False)
