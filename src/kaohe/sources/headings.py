"""What headings, sheets and words are called: ids, and the Chinese and English names that stand for them.

An id always means itself. A name of something that the scheme declares comes next, then the names
that every table knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kaohe.checking.rated import rated_items
from kaohe.fact_problems import HeadingTwice, HeadingUnclear
from kaohe.numbers import plain_text
from kaohe.problems import Place, Problem
from kaohe.scheme import Declared, Scheme
from kaohe.texts import Text, listed

TABLES = {
    "people": ("人员", "人员名单", "People"),
    "values": ("数值", "指标数值", "Values"),
    "ratings": ("评分", "Ratings"),
    "events": ("记录", "事件", "Records", "Events"),
    "history": ("历史", "往期", "History"),
    "config": ("方案设置", "设置", "Settings", "Config"),
    "period": ("周期", "考核周期", "Period"),
    "measured": ("度量", "度量值", "Measured"),
}

# What each table itself is made of, under the names that it is read by; the first two head a template.
STRUCTURE: dict[str, dict[str, tuple[str, ...]]] = {
    "people": {"id": ("编号", "Id", "工号", "员工编号"), "name": ("姓名", "Name", "名称"), "role": ("岗位", "Role", "角色")},
    "values": {"subject": ("被考核人", "Subject", "考核对象")},
    "ratings": {
        "item": ("指标", "Item", "考核指标"),
        "subject": ("被考核人", "Subject", "考核对象"),
        "rater": ("评分人", "Rater"),
        "relation": ("关系", "Relation"),
        "score": ("得分", "Score", "分数"),
        "call": ("通话", "Call", "通话编号"),
        "not_applicable": ("不适用", "Not applicable"),
    },
    "events": {
        "type": ("类型", "Type"),
        "subject": ("被考核人", "Subject", "考核对象"),
        "at": ("日期", "Date", "发生日期"),
        "count": ("次数", "Count"),
    },
    "history": {
        "subject": ("被考核人", "Subject", "考核对象"),
        "period_end": ("期末", "Period end", "期末日期"),
        "total": ("总分", "Total"),
        "rank": ("名次", "Rank"),
        "of": ("参评人数", "Of"),
        "grade": ("等级", "Grade"),
        "status": ("状态", "Status"),
        "last": ("是否末位", "Last"),
    },
    "config": {"key": ("设置项", "Setting"), "part": ("部分", "Part"), "value": ("值", "Value")},
    "period": {
        "start": ("开始日期", "First day", "开始"),
        "end": ("结束日期", "Last day", "结束"),
        "as_of": ("数据截至", "Known up to", "截至日"),
    },
    "measured": {
        "subject": ("被考核人", "Subject"),
        "value": ("数值", "Value"),
        "numerator": ("分子", "Numerator"),
        "denominator": ("分母", "Denominator"),
        "measure": ("度量", "Measure"),
        "version": ("版本", "Version"),
        "start": ("开始日期", "First day", "开始"),
        "end": ("结束日期", "Last day", "结束"),
        "rows": ("来源记录", "Rows"),
    },
}

# Columns that many schemes look at, for when the scheme gives them no name or is not at hand.
COMMON: dict[str, dict[str, tuple[str, ...]]] = {
    "people": {
        "team": ("班组", "团队"),
        "department": ("部门",),
        "group": ("组别",),
        "hired_on": ("入职日期",),
        "left_on": ("离职日期",),
        "status": ("状态",),
        "base_pay": ("基本工资",),
        "performance_pay": ("绩效工资",),
    },
    "events": {
        "points": ("分值",),
        "minutes": ("分钟",),
        "days": ("天数",),
        "amount": ("金额",),
        "level": ("级别",),
        "severity": ("情节",),
        "code": ("代码",),
        "kind": ("类别",),
        "week": ("周",),
    },
}

Names = Mapping[str, Sequence[str]]


def folded(word: object) -> str:
    """A name as it is compared: half-width, without blanks or a star for what must be filled, in one case."""
    return "".join(plain_text(str(word)).rstrip("*").split()).casefold()


def names_of(text: Text | None) -> tuple[str, ...]:
    """A name in both languages."""
    return () if text is None else (text.zh, text.en)


@dataclass(frozen=True)
class Lexicon:
    """From what is written to the ids that it may mean: the ids themselves first, then names, tier after tier."""

    tiers: tuple[Mapping[str, tuple[str, ...]], ...]
    written: Names

    @classmethod
    def of(cls, *tiers: Names) -> Lexicon:
        """A lexicon of ids with their names; earlier tiers go before later ones."""
        ids = {id: (id,) for tier in tiers for id in tier}
        return cls((ids, *(_tier(tier) for tier in tiers)), {id: tuple(words) for tier in tiers for id, words in tier.items()})

    def ids(self, word: object) -> tuple[str, ...]:
        """The ids that a word may mean: none, one, or several."""
        plain = str(word).strip()
        for tier, mapping in enumerate(self.tiers):
            found = mapping.get(folded(word) if tier else plain)
            if found:
                return found
        return ()

    def id(self, word: str) -> str:
        """The id that a word means; the word itself where it means none, or several."""
        found = self.ids(word)
        return found[0] if len(found) == 1 else word


def _tier(names: Names) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for id, words in names.items():
        for word in dict.fromkeys(folded(word) for word in (id, *words)):
            found[word] = (*found.get(word, ()), id)
    return found


KINDS = Lexicon.of(TABLES)


# --- headings -------------------------------------------------------------------------------------


def heading_lexicon(kind: str, scheme: Scheme | None, event: str | None = None) -> Lexicon:
    """What headings of a table mean; `event` where all its records are of one type."""
    declared: dict[str, tuple[str, ...]] = {}
    for name, fact in () if scheme is None else declared_columns(kind, scheme, event):
        declared[name] = (*declared.get(name, ()), *names_of(fact.name))
    return Lexicon.of(
        {**STRUCTURE[kind], **{name: (*STRUCTURE[kind].get(name, ()), *words) for name, words in declared.items()}}, COMMON.get(kind, {})
    )


def declared_columns(kind: str, scheme: Scheme, event: str | None = None) -> list[tuple[str, Declared]]:
    """The facts that the scheme declares for a table, each with the column that holds it; a person's and a unit's may share one."""
    if kind == "people":
        return list(scheme.people.items())
    if kind == "values":
        return [(name.rpartition(".")[2], declared) for name, declared in scheme.values.items()]
    if kind == "history":
        return list(scheme.history.items())
    if kind == "events":
        kinds = [event] if event in scheme.events else list(scheme.events)
        windows = [(window.column, Declared(kind="number", name=window.name)) for window in scheme.windows.values() if window.column]
        return windows + [pair for one in kinds for pair in scheme.events[one].columns.items()]
    return []


def read_headings(headings: list[str], lexicon: Lexicon, place: Place, shared: bool = False) -> tuple[list[str], list[Problem]]:
    """The column that each heading means; a heading that means none stands for itself.

    Where columns may be `shared`, two headings may mean one: the figure of a person and that of a unit.
    """
    problems: list[Problem] = []
    found: dict[str, str] = {}
    columns: list[str] = []
    for heading in headings:
        ids = lexicon.ids(heading) or lexicon.ids(heading.rpartition(".")[2])
        column = ids[0] if len(ids) == 1 else heading
        at = place.at(row=1, column=heading)
        if len(ids) > 1:
            problems.append(HeadingUnclear(at, [heading, *ids], found=heading, known=listed(ids)))
        elif column in found and not (shared and column != "subject"):
            problems.append(HeadingTwice(at, [column, heading], found=heading, first=found[column]))
        found.setdefault(column, heading)
        columns.append(column)
    return columns, problems


# --- words in cells -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Vocabularies:
    """The words that each column of a scheme's tables takes, by their names."""

    scheme: Scheme

    def of(self, kind: str, event: str | None = None) -> dict[str, Lexicon]:
        """A lexicon for every column of a table whose cells are ids or words with names."""
        scheme = self.scheme
        named: dict[str, Names] = {}
        for name, declared in declared_columns(kind, scheme, event):
            if isinstance(declared.words, str) and declared.words in scheme.words:
                named[name] = {word: names_of(text) for word, text in scheme.words[declared.words].names.items()}
        if kind != "people":
            named["subject"] = {name: names_of(unit.name) for name, unit in scheme.units.items() if unit.by is None}
        return {name: Lexicon.of(words) for name, words in (named | self._structural(kind)).items() if words}

    def _structural(self, kind: str) -> dict[str, Names]:
        scheme, roles = self.scheme, self.scheme.roles
        if kind == "people" and isinstance(roles.assessed, dict):
            return {"role": {role: names_of(text) for role, text in (roles.assessed | roles.rate_only).items()}}
        if kind == "events":
            return {"type": {name: names_of(event.name) for name, event in scheme.events.items()}}
        if kind == "history" and scheme.grades is not None:
            return {"grade": {name: names_of(row.name) for name, row in scheme.grades.rows.items()}}
        return {"item": self.items(), "relation": self.relations()} if kind == "ratings" else {}

    def items(self) -> dict[str, tuple[str, ...]]:
        """The rated items with their names."""
        scheme = self.scheme
        bodies = {**scheme.figures, **scheme.items}
        return {item: names_of(bodies[item].name) if item in bodies else () for item in rated_items(scheme)}

    def relations(self) -> dict[str, tuple[str, ...]]:
        """Who may rate, with the names of these parties."""
        found: dict[str, tuple[str, ...]] = {}
        for by_form in rated_items(self.scheme).values():
            for reading in by_form.values():
                if reading.rating.raters != "any":
                    found |= {relation: names_of(text) for relation, text in reading.rating.raters.items()}
        return found

    def several(self, kind: str, event: str | None = None) -> set[str]:
        """The columns whose cells may hold several words."""
        return {name for name, declared in declared_columns(kind, self.scheme, event) if declared.several}

    def settings(self) -> Lexicon:
        """The choices of the company by their names."""
        return Lexicon.of({key: names_of(entry.name) for key, entry in self.scheme.config.items()})

    def parts(self) -> Lexicon:
        """The parts of a choice: items, or parts with names of their own."""
        named = {part: names_of(text) for entry in self.scheme.config.values() for part, text in entry.called.items()}
        return Lexicon.of({item: names_of(body.name) for item, body in self.scheme.items.items()} | named)
