"""The columns that an exported pay sheet may have, and the company's own order of them."""

from __future__ import annotations

from dataclasses import dataclass

from kaohe_web.pay.models import PayFormat

LINE = "line:"  # before the name of a pay line: its amount alone
SOURCES: dict[str, tuple[str, str]] = {
    "number": ("工号", "Number"),
    "name": ("姓名", "Name"),
    "unit": ("部门", "Unit"),
    "role": ("岗位", "Post"),
    "period": ("考核周期", "Period"),
    "total": ("总分", "Total"),
    "grade": ("等级", "Grade"),
    "due": ("本期绩效", "Due this time"),
    "difference": ("更正差额", "Differences"),
    "payable": ("应发", "Payable"),
    "note": ("说明", "Note"),
}
MONEY = ("due", "difference", "payable")
STANDARD = ("number", "name", "unit", "role", "grade", "due", "difference", "payable", "note")


@dataclass(frozen=True)
class Column:
    """One column: what it holds, and its heading."""

    what: str
    head: str

    @property
    def is_money(self) -> bool:
        """Whether it holds amounts."""
        return self.what in MONEY or self.what.startswith(LINE)


def is_source(what: str) -> bool:
    """Whether a column can hold this."""
    return what in SOURCES or (what.startswith(LINE) and len(what) > len(LINE))


def columns_in_force() -> list[Column]:
    """The company's columns; the standard ones until somebody sets them."""
    kept = PayFormat.objects.order_by("id").first()
    if kept is None:
        return [Column(what, SOURCES[what][0]) for what in STANDARD]
    return [Column(one["what"], one["head"] or SOURCES.get(one["what"], (one["what"], ""))[0]) for one in kept.columns]
