"""The command that drafts a scheme: from a sheet that HR has, from a file of answers, or item by item at the terminal."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text as Styled

from kaohe.cli.options import Json, Lang
from kaohe.cli.problems import FileThere, PathNotFound
from kaohe.cli.talking import WRONG, Talk, stop, talk_of
from kaohe.drafting.answering import questions_text, read_answers
from kaohe.drafting.asking import Question
from kaohe.drafting.drafts import PERIODS, Answers, Draft, data_of, draft_of, with_answer
from kaohe.drafting.problems import QuestionsOpen
from kaohe.drafting.rows import ItemRow, Sheet, Typed, read_sheet
from kaohe.measuring.writing import write_text
from kaohe.problems import Place
from kaohe.reading import plan_of_text
from kaohe.showing import Stack, plain, table_of
from kaohe.texts import Text

SCHEME, QUESTIONS = "scheme.yaml", "questions.yaml"
HEADINGS = (
    Text("指标", "item"),
    Text("分值", "worth"),
    Text("单元格", "cell"),
    Text("原文", "read"),
    Text("理解为", "understood"),
    Text("把握", "sure"),
)
ENOUGH = 4  # headings a narrow terminal keeps


def new_scheme(
    context: typer.Context,
    sheet: Annotated[
        Path | None,
        typer.Option("--from", metavar="SHEET", help="考核表：XLSX 工作簿或 CSV | The appraisal sheet: a workbook or CSV"),
    ] = None,
    answers: Annotated[
        Path | None, typer.Option("--answers", metavar="FILE", help="填好答案的文件（YAML） | A file with answers filled in (YAML)")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FOLDER", help="方案写到哪个文件夹 | The folder that the scheme is written to")
    ] = None,
    name: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="工作簿里的哪一张表 | Which sheet of the workbook")] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的文件 | Replace what is there")] = False,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Draft a scheme from a sheet or from answers."""
    talk = talk_of(context, as_json)
    for path in (sheet, answers):
        if path is not None and not path.is_file():
            talk.refuse(PathNotFound(Place(str(path)), [str(path)]))
    at_terminal = sys.stdin.isatty() and sys.stderr.isatty() and not as_json
    given, listed = read_answers(answers) if answers is not None else (Answers(), None)
    found = read_sheet(sheet, name) if sheet is not None else listed or _dialogue(talk, at_terminal)
    given = replace(given, name=given.name or (found.titles[0] if sheet is None and found.titles else ""))
    draft = draft_of(found, given)
    if not as_json:
        _tell(talk, draft)
    if draft.problems:
        talk.refuse(*draft.problems)
    if draft.questions and at_terminal:
        draft, given = _ask_all(talk, found, given, draft)
    folder = out or Path(draft.id)
    if draft.questions:
        _leave_questions(talk, draft, given, folder, force, (sheet, answers, name))
    else:
        _write(talk, draft, folder, force)


# --- what was understood ----------------------------------------------------------------------------------


def _tell(talk: Talk, draft: Draft) -> None:
    """What was understood beside what was read, and what stands beside the table."""
    lines = draft.lines()
    rows = [[line.item, line.worth, line.at, _one_line(line.read), talk.tell(line.understood), talk.tell(line.sure)] for line in lines]
    headings = [talk.tell(heading) for heading in HEADINGS]
    stacked = list(zip(headings, zip(*rows, strict=True), strict=True)) if rows else []
    talk.show(plain(draft.name))
    talk.show(
        table_of(
            Stack(heading, [plain(cell) for cell in cells], folds=place in (0, 3, 4)) for place, (heading, cells) in enumerate(stacked)
        )
    )
    for line in lines:
        if line.note:
            talk.note(talk.say(f"备注 {line.at}：{line.note}", f"note {line.at}: {line.note}"))
    for remark in draft.sheet.remarks:
        talk.note(talk.say(f"备注 {remark.at}：{remark.text}", f"note {remark.at}: {remark.text}"))
    if draft.sheet.unknown:
        columns = "、".join(draft.sheet.unknown)
        talk.note(talk.say(f"没有用到的列：{columns}", f"columns not used: {columns}"))


def _one_line(text: str) -> str:
    return " / ".join(part.strip() for part in text.splitlines() if part.strip())


# --- asking at the terminal -----------------------------------------------------------------------------


def _ask_all(talk: Talk, sheet: Sheet, given: Answers, draft: Draft) -> tuple[Draft, Answers]:
    """Ask one question after another until none is left; an empty line leaves the rest for later."""
    while draft.questions:
        question = draft.questions[0]
        answer = _ask(talk, question, len(draft.questions))
        if not answer:
            return draft, given
        tried = draft_of(sheet, with_answer(given, question.id, answer))
        if tried.problems:
            talk.err.print(
                plain(
                    talk.say(
                        f"看不懂 {answer!r}，可以写：{question.allowed().zh}",
                        f"{answer!r} is no answer; there are: {question.allowed().en}",
                    )
                ),
                style="red",
            )
            continue
        draft, given = tried, with_answer(given, question.id, answer)
    return draft, given


def _ask(talk: Talk, question: Question, waiting: int) -> str:
    where = f"{question.about} {question.cell.at}".strip()
    talk.err.print()
    talk.err.print(Styled(plain(f"[{waiting}] {where}"), style="bold"), Styled(plain(_one_line(question.cell.text)), style="dim"))
    talk.err.print(plain(talk.tell(question.ask)), soft_wrap=True)
    for choice in question.choices:
        talk.err.print(plain(f"  {choice.key:<8}  {talk.tell(choice.means)}"), soft_wrap=True)
    if question.free is not None:
        talk.err.print(plain(f"  …         {talk.tell(question.free)}"), soft_wrap=True)
    return _typed(talk, talk.say("答案（空行留到以后）", "answer (empty: later)"))


def _typed(talk: Talk, prompt: str) -> str:
    """One line from the terminal."""
    talk.err.print(f"{prompt}: ", end="")
    return sys.stdin.readline().strip()


def _dialogue(talk: Talk, at_terminal: bool) -> Sheet:
    """A name and items, asked one by one."""
    if not at_terminal:
        raise typer.BadParameter(
            talk.say(
                "不在终端里，请用 --from 给出考核表，或用 --answers 给出答案文件。",
                "This is no terminal: give a sheet with --from, or answers with --answers.",
            )
        )
    title = _typed(talk, talk.say("方案名称", "name of the scheme")) or talk.say("考核方案", "Scheme")
    talk.note(talk.say("逐个填写指标；名称空着就结束。", "Items one by one; an empty name ends the list."))
    return Sheet("", titles=[title], items=list(_typed_items(talk)))


FIELDS = (
    ("name", Text("指标名称", "item")),
    ("weight", Text("权重或分值", "weight or points")),
    ("unit", Text("数值的单位（可空）", "unit of its value (may be empty)")),
    ("target", Text("目标（可空）", "target (may be empty)")),
    ("standard", Text("评分标准，照平常的话写", "how it is scored, in ordinary words")),
)


def _typed_items(talk: Talk) -> Iterator[ItemRow]:
    number = 1
    while True:
        cells: dict[str, Typed] = {}
        for kind, prompt in FIELDS:
            text = _typed(talk, f"{number}. {talk.tell(prompt)}")
            if kind == "name" and not text:
                return
            if text:
                cells[kind] = Typed(text, talk.say(f"第 {number} 项", f"item {number}"))
        yield ItemRow(number, cells)
        number += 1


# --- what is left behind ----------------------------------------------------------------------------------


def _leave_questions(
    talk: Talk, draft: Draft, given: Answers, folder: Path, force: bool, called: tuple[Path | None, Path | None, str | None]
) -> None:
    """The questions as a file to fill in, and what to type then."""
    sheet, answers, name = called
    path = folder / QUESTIONS
    words = [
        "kaohe",
        "new",
        *(["--from", str(sheet)] if sheet else []),
        *(["--sheet", name] if name else []),
        "--answers",
        str(path),
        "-o",
        str(folder),
    ]
    command = shlex.join(words)
    updates = answers is not None and path.exists() and path.samefile(answers)
    if path.exists() and not force and not updates:
        talk.refuse(FileThere(Place(str(path)), [str(path)]))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, questions_text(draft.questions, given, command, talk.language) + (_items_text(draft) if sheet is None else ""))
    talk.note(talk.say(f"{'已更新' if updates else '已写入'} {path}", f"{'updated' if updates else 'wrote'} {path}"))
    if talk.as_json:
        talk.data({**data_of(draft), "written": [str(path)]})
        stop(WRONG)
    talk.refuse(
        QuestionsOpen(
            Place(str(path)), [question.id for question in draft.questions], count=len(draft.questions), file=path, command=command
        )
    )


def _items_text(draft: Draft) -> str:
    """Items that were typed, for a file of answers that has no sheet beside it."""
    rows = ["items:"]
    for row in draft.sheet.items:
        fields = [f"{kind}: {_quoted(cell.text)}" for kind, cell in row.cells.items()]
        rows.append("  - {" + ", ".join(fields) + "}")
    return "\n".join(rows) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _write(talk: Talk, draft: Draft, folder: Path, force: bool) -> None:
    """The scheme, once it compiles; what is left by hand is told."""
    path = folder / SCHEME
    if path.exists() and not force:
        talk.refuse(FileThere(Place(str(path)), [str(path)]))
    text = draft.scheme()
    plan_of_text(text, Place(file=str(path)))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text)
    by_hand = [item.name for item in draft.items if item.way == "by_hand"]
    if talk.as_json:
        talk.data({**data_of(draft), "written": [str(path)], "by_hand": by_hand})
        return
    if by_hand:
        talk.note(
            talk.say(
                f"要自己写的：{'、'.join(by_hand)}（原文在方案末尾的注释里）",
                f"to be written by hand: {', '.join(by_hand)} (their text stands in comments at the end)",
            )
        )
    talk.wrote([path])
    talk.show(talk.say(f"接下来：kaohe check {path}", f"Next: kaohe check {path}"), f"      kaohe template {path} -o facts.xlsx")


__all__ = ["PERIODS", "new_scheme"]
