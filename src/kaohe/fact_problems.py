"""What can be wrong with facts: configuration, period, people, values, ratings, records, history."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.problems import NOWHERE, Place, Problem


class FactMissing(Problem):
    """A cell, column or choice that cannot be done without."""

    code = "F001"
    reason = "missing"
    zh = "{what} 缺少 {column}"
    en = "{what} lacks {column}"
    mend_zh = "请补上 {column}。"
    mend_en = "Fill in {column}."


class FactOutOfRange(Problem):
    """A number outside its bounds."""

    code = "F002"
    reason = "out_of_range"
    zh = "{what} 的 {column} 为 {found}，应为 {allowed}"
    en = "{column} of {what} is {found}; it must be {allowed}"
    mend_zh = "请核对数值；比率请填小数，例如 98.5% 填 0.985。"
    mend_en = "Check the figure; a rate is a share, 98.5% is 0.985."


class FactNotWhole(Problem):
    """A fraction where only whole numbers are allowed."""

    code = "F003"
    reason = "not_whole"
    zh = "{what} 的 {column} 为 {found}，应为整数"
    en = "{column} of {what} is {found}; it must be a whole number"
    mend_zh = "请填整数。"
    mend_en = "Write a whole number."


class FactUnknown(Problem):
    """A word, level, role or type that the scheme does not know."""

    code = "F004"
    reason = "unknown"
    zh = "{what} 的 {column}：不认识 {found}{guess_zh}"
    en = "{column} of {what}: {found} is not known{guess_en}"
    mend_zh = "可填：{known}"
    mend_en = "Known are: {known}"

    def __init__(self, place: Place = NOWHERE, about: Iterable[str] = (), **found: object) -> None:
        """The text that was not known is one of the names under which the problem is looked for."""
        super().__init__(place, (*about, str(found.get("found", ""))), **found)


class FactNotAllowed(Problem):
    """Something known, but not for this item, role, relation or choice."""

    code = "F005"
    reason = "not_allowed"
    zh = "{what} 的 {column}：此处不允许 {found}{why_zh}"
    en = "{column} of {what}: {found} is not allowed here{why_en}"
    mend_zh = "请改正或删除这一行。"
    mend_en = "Mend or remove this row."


class FactDuplicate(Problem):
    """The same thing twice."""

    code = "F006"
    reason = "duplicate"
    zh = "{what}:{found} 重复(前一次在{first})"
    en = "{what}: {found} comes twice (first at {first})"
    mend_zh = "请删除其中一行。"
    mend_en = "Remove one of the rows."


class WeightsOff(Problem):
    """Chosen weights that do not add up."""

    code = "F007"
    reason = "weights_sum"
    zh = "{column} 合计为 {found}，应为 {wanted}"
    en = "{column} adds up to {found}, not {wanted}"
    mend_zh = "请调整，使合计正好为 {wanted}。"
    mend_en = "Change them so that they add up to exactly {wanted}."


class PeriodWrong(Problem):
    """A period that is not of the scheme's kind."""

    code = "F008"
    reason = "period"
    zh = "考核周期 {found} 不是{wanted_zh}"
    en = "the period {found} is not {wanted}"
    mend_zh = "请改为{wanted_zh}的起止日。"
    mend_en = "Give the first and last day of {wanted}."


class OutOfOrder(Problem):
    """A step before the step that it needs."""

    code = "F009"
    reason = "out_of_order"
    zh = "{what}:{found} 之前应先有 {needed}"
    en = "{what}: {found} needs {needed} before it"
    mend_zh = "请核对日期与先后。"
    mend_en = "Check the dates and their order."


class FactMalformed(Problem):
    """A cell that cannot be read as what its column holds."""

    code = "F010"
    reason = "malformed"
    zh = "{what} 的 {column}:{detail_zh}"
    en = "{column} of {what}: {detail_en}"
    mend_zh = "{mend_zh}"
    mend_en = "{mend_en}"


class FactCrossed(Problem):
    """Figures that contradict one another."""

    code = "F011"
    reason = "out_of_range"
    zh = "{what} 的 {column} 不成立：应满足 {condition_zh}"
    en = "{column} of {what} cannot be: {condition_en} must hold"
    mend_zh = "请核对这几个数。"
    mend_en = "Check these figures."


class FactCrossedNotAllowed(FactCrossed):
    """A row that breaks a condition of the scheme."""

    code = "F012"
    reason = "not_allowed"


class FactCrossedUnknown(FactCrossed):
    """A row that breaks a condition of the scheme about what is known."""

    code = "F013"
    reason = "unknown"


class FactCrossedMissing(FactCrossed):
    """A row that lacks what a condition asks for."""

    code = "F014"
    reason = "missing"


class FactCrossedNotWhole(FactCrossed):
    """A row that breaks a condition about whole numbers."""

    code = "F015"
    reason = "not_whole"


# --- where facts come from: files, sheets, headings -----------------------------------------------


class SourceUnreadable(Problem):
    """A file or table that cannot be read as what it should be."""

    code = "F020"
    reason = "malformed"
    zh = "无法读取：{why_zh}"
    en = "this cannot be read: {why_en}"
    mend_zh = "请重新导出或另存为 CSV(UTF-8)或 XLSX。"
    mend_en = "Export it again, or save it as CSV (UTF-8) or XLSX."


class SourceTooLarge(Problem):
    """A file that is, or unpacks to, more than facts ever need."""

    code = "F021"
    reason = "out_of_range"
    zh = "{what_zh}为 {found}，最多 {most}"
    en = "{what_en} is {found}, at most {most} is read"
    mend_zh = "请检查是否选错了文件；原始记录请用度量导入。"
    mend_en = "Check whether this is the right file; raw records are imported by measuring."


class HeadingTwice(Problem):
    """Two columns of one table that mean the same."""

    code = "F022"
    reason = "duplicate"
    zh = "列“{found}”与列“{first}”是同一列"
    en = "the column {found} is the same as the column {first}"
    mend_zh = "请删除其中一列。"
    mend_en = "Remove one of the columns."


class HeadingUnclear(Problem):
    """A heading that is the name of two different facts."""

    code = "F023"
    reason = "not_allowed"
    zh = "列名“{found}”可指 {known} 中任何一个"
    en = "the heading {found} may mean any of {known}"
    mend_zh = "请改用英文代号：{known}。"
    mend_en = "Head it with the id that is meant: {known}."


class SourceUnknown(Problem):
    """A sheet or file whose name is nearly that of a table."""

    code = "F024"
    reason = "unknown"
    zh = "不认识“{found}”，是否为 {guess}?"
    en = "{found} is not a table of facts; did you mean {guess}?"
    mend_zh = "请改名；可用：{known}。"
    mend_en = "Rename it; known are {known}."


class SourceEmpty(Problem):
    """A source in which no table of facts was found."""

    code = "F025"
    reason = "missing"
    zh = "没有找到任何事实表"
    en = "there is no table of facts here"
    mend_zh = "请提供以下任一张表：{known}。"
    mend_en = "Give at least one of these tables: {known}."


class CellsBeyond(Problem):
    """A row with more cells than there are headings."""

    code = "F026"
    reason = "malformed"
    zh = "这一行有 {found} 个单元格，表头只有 {most} 列"
    en = "this row has {found} cells and the headings are {most}"
    mend_zh = "请检查是否多了分隔符，或缺少表头。"
    mend_en = "Look for a stray separator, or a missing heading."


class MeasuredPeriod(Problem):
    """Figures that were measured over other days than the period."""

    code = "F027"
    reason = "period"
    zh = "度量的起止日为 {found}，考核周期为 {wanted}"
    en = "these figures were measured over {found}, the period is {wanted}"
    mend_zh = "请按考核周期重新度量。"
    mend_en = "Measure again for the period."


CROSSED: dict[str, type[FactCrossed]] = {
    "out_of_range": FactCrossed,
    "not_allowed": FactCrossedNotAllowed,
    "unknown": FactCrossedUnknown,
    "missing": FactCrossedMissing,
    "not_whole": FactCrossedNotWhole,
}
