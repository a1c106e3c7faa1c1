"""The rows of an appraisal sheet: headings found by the words of the trade, one row an item, titles, totals and remarks told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kaohe.drafting.letters import listed
from kaohe.drafting.problems import NoHeadings, SheetNotNamed, SheetUnknown
from kaohe.drafting.tables import Table, address, even, read_tables
from kaohe.problems import Place, Problems

HEADINGS: dict[str, tuple[str, ...]] = {
    "number": listed("序号 编号 no no. 序 #"),
    "category": listed(
        "维度 类别 考核维度 指标类别 考核类别 类型 指标类型 模块 "
        "大类 一级指标 考核大类 指标维度 分类 项目类别 考核模块 category perspective"
    ),
    "name": listed(
        "指标 考核指标 考核项目 kpi kpi指标 指标名称 项目 考核项 "
        "二级指标 关键指标 kpi名称 关键绩效指标 考核指标名称 绩效指标 考核要素 评价指标 "
        "考评项目 考评指标 指标项 项目名称 三级指标 item indicator measure"
    ),
    "content": listed("考核内容 内容 指标内容 工作内容 考核要点 要求 考核要求 工作要求 content requirement"),
    "weight": listed("权重 占比 比重 权重占比 指标权重 weight"),
    "full": listed("分值 满分 标准分 配分 分数 考核分值 权重分 权重分值 满分值 基本分 总分值 标准分值 points full"),
    "target": listed("目标 目标值 指标值 达标值 计划值 考核目标 目标要求 标准值 月度目标 目标指标 target"),
    "unit": listed("单位 计量单位 指标单位 unit"),
    "formula": listed(
        "计算公式 公式 计算方法 指标定义 定义 计算方式 指标说明 口径 统计口径 计算口径 指标公式 指标解释 考核公式 formula definition"
    ),
    "standard": listed(
        "评分标准 考核标准 扣分标准 评分方法 计分方法 评分细则 考核办法 "
        "计分标准 评分规则 加分标准 奖惩标准 考核细则 得分标准 评价标准 计分规则 "
        "考核方法 评分办法 计分办法 加扣分标准 加减分标准 打分标准 评分依据 "
        "考核方式 评分说明 标准 评分方式 考核评分标准 scoring standard rule"
    ),
    "source": listed("数据来源 来源 数据提供 数据提供部门 信息来源 取数来源 数据出处 提供部门 考核依据 数据口径 source"),
    "note": listed("备注 说明 注 注释 其他 note notes remark"),
    "rater": listed("评分人 考核人 评价人 打分人 评分主体 考核部门 评估人 考核主体 评价主体 评分者 评分部门 考核者 责任部门 rater"),
    "period": listed("考核周期 周期 考核频率 频次 考核频次 统计周期 评价周期 period"),
}
KIND_OF = {word: kind for kind, words in HEADINGS.items() for word in words}
SCORING = ("standard", "formula")
_TOTAL = re.compile(r"^(?:合计|总计|总分|小计|合\s*计|total|sum)", re.IGNORECASE)
_REMARK = re.compile(r"^(?:注|备注|说明|附注|※|\*|被考核人|考核人|审批|签字|签名|制表|日期|填表)")
FIRST_ROWS = 40


@dataclass(frozen=True)
class Typed:
    """What was typed into a cell, and which cell that is."""

    text: str = ""
    at: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True)
class ItemRow:
    """One item of a sheet: what its row says under each heading."""

    number: int
    cells: dict[str, Typed]

    def of(self, kind: str) -> Typed:
        """What stands under a heading; nothing where there is none."""
        return self.cells.get(kind, Typed())

    @property
    def name(self) -> str:
        """The item's name, without what follows in the same cell."""
        return re.split(r"[\n(（]", self.of("name").text)[0].strip(" ：:") or self.of("name").text.strip()


@dataclass
class Sheet:
    """All that was found in a sheet: titles above, items, the row of totals, remarks, columns that nobody knew."""

    file: str = ""
    name: str = ""
    titles: list[str] = field(default_factory=list)
    items: list[ItemRow] = field(default_factory=list)
    total: Typed = Typed()
    remarks: list[Typed] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def place(self, row: int | None = None) -> Place:
        """Where it stands."""
        return Place(file=self.file, sheet=self.name, row=row)


def read_sheet(path: Path, name: str | None = None) -> Sheet:
    """The appraisal sheet of a file; Problems where there is none, or nobody can tell which."""
    tables = read_tables(path)
    place = Place(file=str(path))
    if name is not None and name not in [table.name for table in tables]:
        raise Problems([SheetUnknown(place, [name], name=name, known="、".join(table.name for table in tables))])
    tables = [table for table in tables if name is None or table.name == name]
    headed = [(table, row) for table in tables if (row := _heading_row(table)) is not None]
    if not headed:
        raise Problems([NoHeadings(place.at(sheet=tables[0].name if len(tables) == 1 else ""), [str(path)])])
    if len(headed) > 1:
        known = [table.name for table, _ in headed]
        raise Problems([SheetNotNamed(place, known, known="、".join(known))])
    return _sheet(str(path), *headed[0])


def _heading_row(table: Table) -> int | None:
    """The row with most of the headings, items and scoring among them."""
    best, most = None, 1
    for row in range(min(len(table.rows), FIRST_ROWS)):
        kinds = set(_columns(table, row).values())
        if {"name", "content"} & kinds and kinds & set(SCORING) and len(kinds) > most:
            best, most = row, len(kinds)
    return best


def _columns(table: Table, row: int) -> dict[int, str]:
    """Which column holds what, by the headings of a row."""
    found = {column: KIND_OF.get(even(table.text(row, column)), "") for column in range(table.width)}
    kinds = {column: kind for column, kind in found.items() if kind}
    if "name" not in kinds.values() and "content" in kinds.values():
        kinds = {column: "name" if kind == "content" else kind for column, kind in kinds.items()}
    return kinds


def _sheet(file: str, table: Table, head: int) -> Sheet:
    columns = _columns(table, head)
    sheet = Sheet(file, table.name)
    sheet.titles = list(dict.fromkeys(text for row in range(head) for column in range(table.width) if (text := table.text(row, column))))
    sheet.unknown = [table.text(head, column) for column in range(table.width) if column not in columns and table.text(head, column)]
    groups = _grouped(table, columns, head)
    for rows in groups:
        _take(sheet, table, columns, rows)
    return sheet


def _grouped(table: Table, columns: dict[int, str], head: int) -> Iterator[list[int]]:
    """Rows that belong to one item: its name is merged over them, or stands empty below it."""
    name = next(column for column, kind in columns.items() if kind == "name")
    group: list[int] = []
    for row in range(head + 1, len(table.rows)):
        if not any(table.text(row, column) for column in range(table.width)):
            continue
        same = bool(group) and table.origin(row, name) == table.origin(group[0], name)
        if group and (same or _goes_on(table, columns, row)):
            group.append(row)
            continue
        if group:
            yield group
        group = [row]
    if group:
        yield group


def _goes_on(table: Table, columns: dict[int, str], row: int) -> bool:
    """Whether a row says more of the item above it: it has no name, and says how something is scored."""
    if any(table.text(row, column) for column, kind in columns.items() if kind == "name"):
        return False
    scores = any(table.text(row, column) for column, kind in columns.items() if kind in SCORING and table.origin(row, column)[1] == column)
    texts = _texts(table, row)
    return scores and not _TOTAL.match(texts[0]) and not _REMARK.match(texts[0])


def _texts(table: Table, row: int) -> list[str]:
    return list(dict.fromkeys(text for column in range(table.width) if (text := table.text(row, column))))


def _take(sheet: Sheet, table: Table, columns: dict[int, str], rows: list[int]) -> None:
    texts = _texts(table, rows[0])
    cells = _cells(table, columns, rows)
    if any(_TOTAL.match(text) for text in texts[:2]):
        sheet.total = cells.get("weight") or cells.get("full") or Typed()
        return
    if len(texts) == 1 or _REMARK.match(texts[0]) or "name" not in cells:
        sheet.remarks.append(Typed(" ".join(texts), address(rows[0], 0)))
        return
    sheet.items.append(ItemRow(rows[0] + 1, cells))


def _cells(table: Table, columns: dict[int, str], rows: Iterable[int]) -> dict[str, Typed]:
    """What an item's rows say by kind: each cell once, several put together line by line."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    for row in rows:
        for column, kind in columns.items():
            text = table.text(row, column)
            if text:
                found.setdefault(kind, {})[table.origin(row, column)] = text
    return {kind: Typed("\n".join(dict.fromkeys(cells.values())), address(*next(iter(cells)))) for kind, cells in found.items()}
