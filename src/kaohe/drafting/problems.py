"""What may be wrong with a sheet, with answers, or with a draft that cannot be finished."""

from __future__ import annotations

from kaohe.problems import Problem


class NoHeadings(Problem):
    """A sheet in which no row of headings was found."""

    code = "W001"
    reason = "missing"
    zh = "没有找到表头：需要一行里同时有指标和评分标准（或计算公式）"
    en = "no row of headings was found: one row must head both the items and how they are scored"
    mend_zh = "表头可写作：指标、考核指标、考核项目、KPI；评分标准、考核标准、扣分标准、计算公式。工作簿有几张表时用 --sheet 指明。"
    mend_en = (
        "Headings may be 指标, 考核指标, KPI or item; 评分标准, 考核标准, 计算公式 or scoring. Name one of several sheets with --sheet."
    )


class SheetUnknown(Problem):
    """A sheet that the workbook does not have."""

    code = "W002"
    reason = "unknown"
    zh = "工作簿里没有名为 {name} 的表"
    en = "the workbook has no sheet called {name}"
    mend_zh = "有这些表：{known}。"
    mend_en = "There are: {known}."


class SheetNotNamed(Problem):
    """A workbook in which several sheets have headings."""

    code = "W003"
    reason = "missing"
    zh = "有几张表都像考核表：{known}"
    en = "several sheets look like appraisal sheets: {known}"
    mend_zh = "请用 --sheet 指明一张。"
    mend_en = "Name one with --sheet."


class AnswerUnknown(Problem):
    """An answer to something that was not asked."""

    code = "W004"
    reason = "unknown"
    zh = "没有问过 {name}{guess_zh}"
    en = "{name} was not asked{guess_en}"
    mend_zh = "题目见 questions.yaml；表改过以后，请先重新生成题目。"
    mend_en = "The questions stand in questions.yaml; after the sheet changed, have them written again."


class AnswerUnreadable(Problem):
    """An answer that is none of the choices."""

    code = "W005"
    reason = "malformed"
    zh = "{name} 的答案 {found!r} 看不懂"
    en = "the answer {found!r} to {name} cannot be read"
    mend_zh = "可以写：{known_zh}。"
    mend_en = "It may be: {known_en}."


class QuestionsOpen(Problem):
    """A draft that waits for answers."""

    code = "W006"
    reason = "missing"
    zh = "还有 {count} 个问题没有回答，方案尚未写出"
    en = "questions without an answer: {count}; the scheme is not written yet"
    mend_zh = "请在 {file} 里逐条填写，再运行：{command}"
    mend_en = "Answer them in {file}, then run: {command}"


class NothingToDraft(Problem):
    """A draft without any item that can be written."""

    code = "W007"
    reason = "missing"
    zh = "没有一个指标可以写进方案"
    en = "there is no item that a scheme could be written from"
    mend_zh = "请检查表里有没有写评分标准的行，或改变“自己写”的答案。"
    mend_en = "Check whether any row of the sheet says how it is scored, or change answers that leave all to be written by hand."


class AnswersShape(Problem):
    """A file of answers with something else in it."""

    code = "W008"
    reason = "malformed"
    zh = "答案文件的 {name} 写法不对"
    en = "{name} of the answers is not written as it should be"
    mend_zh = "文件里可有 id、name、period、items（一列指标，每个有 name 与 standard）和 answers（题目: 答案）。"
    mend_en = "A file may have id, name, period, items (rows with a name and a standard) and answers (question: answer)."
