"""The chapter of indicators: a table for each form, and how items are gathered into sections."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from kaohe.compiling.totals import MODES
from kaohe.numbers import as_typed
from kaohe.phrasing import sourcing
from kaohe.phrasing.phrases import Phrases
from kaohe.phrasing.weighing import printed_weights, weight_range
from kaohe.regulations.blocks import Article, Block, Column, Lines, Listing, Note, Paragraph, Table, line, tabled
from kaohe.rules.arithmetic import percent
from kaohe.scheme import Form, Item
from kaohe.texts import Text


def indicators(phrases: Phrases) -> Iterator[Block]:
    """Every form with its items; sections; what was accepted about weights."""
    scheme = phrases.scheme
    if not scheme.items:
        return
    if not scheme.forms:
        yield Article(phrases.say("考核指标", "Indicators"))
        yield _Form(phrases, "", None).table()
    for name, form in scheme.forms.items():
        yield from _form(phrases, name, form)
    if scheme.sections:
        yield Article(phrases.say("指标的分部", "Sections"))
        yield _sections(phrases)


def _form(phrases: Phrases, name: str, form: Form) -> Iterator[Block]:
    called = phrases.calling.form(name)
    zh = called if called.endswith("表") else f"{called}考核表"
    yield Article(phrases.say(zh, called if "form" in called.lower() else f"Form: {called}"), form.clause)
    if form.for_ is not None:
        condition = phrases.condition(form.for_, f"form.{name}")
        yield Paragraph(line(phrases.say(f"适用于：{condition}。", f"For: {condition}.")))
    table = _Form(phrases, name, form)
    yield table.table()
    if form.scaled is not None:
        scaled = phrases.formula(as_typed(form.scaled))
        yield Paragraph(line(phrases.say(f"本表各项合计再乘以{scaled}。", f"The sum of this form is multiplied by {scaled}.")))


class _Form:
    """The table of one form; of all items where there is none."""

    def __init__(self, phrases: Phrases, name: str, form: Form | None) -> None:
        self.phrases = phrases
        self.name = name
        self.form = form
        self.items = {item: self._reading(item) for item in (phrases.scheme.items if form is None else form.items)}

    def _reading(self, item: str) -> Item:
        """The item as this form reads it."""
        own = None if self.form is None else self.form.items[item].own
        return self.phrases.scheme.items[item] if own is None else own

    def table(self) -> Table:
        """Indicator, weight or full marks, standard, source, clause."""
        say = self.phrases.say
        heading, sizes = self._sizes()
        columns = (
            Column(say("序号", "No."), 6, right=True),
            Column(say("考核指标", "Indicator"), 15),
            Column(heading, 11, right=True),
            Column(say("计分标准", "Standard"), 46),
            Column(say("来源与评分人", "Source, scorers"), 16),
            Column(say("条款", "Clause"), 9),
        )
        rows = _without_echoes(self.phrases, [self._row(number, item, sizes) for number, item in enumerate(self.items, start=1)])
        total = self._total()
        rows += [((), line(say("合计", "Total")), line(total), (), (), ())] if total else []
        return tabled(columns, rows, summed=bool(total))

    def _row(self, number: int, item: str, sizes: dict[str, str]) -> tuple[Lines, ...]:
        body = self.items[item]
        told = tuple(self.phrases.item(item, body)), sourcing.sources(self.phrases, item, body)
        return (line(str(number)), line(self.phrases.names.tell(body.name, item)), line(sizes.get(item, "")), *told, line(body.clause))

    # --- weights ------------------------------------------------------------------------------

    def _sizes(self) -> tuple[str, dict[str, str]]:
        """What the third column is called and holds: weights, or full marks."""
        total, say = self.phrases.scheme.total, self.phrases.say
        if total is not None and total.is_ == "weighted sum":
            return say("权重", "Weight"), self._weights()
        return say("满分", "Marks"), {item: self._marks(item, body) for item, body in self.items.items()}

    def _marks(self, item: str, body: Item) -> str:
        """The full marks of an item, where it says so."""
        if body.points is not None:
            return as_typed(body.points)
        full = "0" if body.full is None else self.phrases.formulas.formula(body.full, self.phrases.meanings.of_item(item, body))
        return "" if full == "0" else full

    def _weights(self) -> dict[str, str]:
        """Each weight as people write it; ranges where the company chooses."""
        if self.printed:
            return {item: percent(weight) for item, weight in self.printed.items()}
        chosen = self.phrases.say("公司选定", "chosen")
        return {item: weight_range(self.phrases, body.weight) or chosen for item, body in self.items.items()}

    @cached_property
    def printed(self) -> dict[str, Fraction]:
        """The printed weights, as shares."""
        return printed_weights(self.phrases.scheme, self.form)

    def _total(self) -> str:
        """What the weights add up to."""
        return percent(sum(self.printed.values(), Fraction(0))) if self.printed else ""


STANDARD = 3  # the place of the standard among the columns


def _without_echoes(phrases: Phrases, rows: list[tuple[Lines, ...]]) -> list[tuple[Lines, ...]]:
    """The rows, in which a long standard that is the same as the one above only says so."""
    same, above = line(phrases.say("同上", "as above")), [(), *(row[STANDARD] for row in rows)]
    echoes = [row[STANDARD] == before and len(before) > 1 for row, before in zip(rows, above, strict=False)]
    return [(*row[:STANDARD], same, *row[STANDARD + 1 :]) if echo else row for row, echo in zip(rows, echoes, strict=True)]


def _sections(phrases: Phrases) -> Table:
    columns = (
        Column(phrases.say("部分", "Section"), 24),
        Column(phrases.say("权重", "Weight"), 14, right=True),
        Column(phrases.say("包含的指标", "Items"), 50),
        Column(phrases.say("条款", "Clause"), 10),
    )
    rows = []
    for section in phrases.scheme.sections.values():
        items = phrases.listed(phrases.names.of("item", item) for item in section.items)
        told = (section.name.tell(phrases.language), weight_range(phrases, section.weight), items, section.clause)
        rows.append([line(text) for text in told])
    return tabled(columns, rows)


# --- the total ----------------------------------------------------------------------------------

TOTALS = {
    "sum": ("总分为各项得分之和", "The total is the sum of the items' scores"),
    "weighted sum": ("总分为各项得分乘以权重之和", "The total is the sum of the items' scores times their weights"),
    "mean": ("总分为各项得分的平均值，各项同等重要", "The total is the mean of the items' scores, each counting the same"),
}


def total(phrases: Phrases) -> Iterator[Block]:
    """How items become one figure."""
    total = phrases.scheme.total
    if total is None:
        return
    yield Article(phrases.say("总分", "The total"), total.clause)
    yield Listing(tuple(line(text) for text in _total(phrases)))
    for key, why in phrases.scheme.accept.items():
        if key.startswith("weights_"):
            yield accepted(phrases, why)


def accepted(phrases: Phrases, why: str, odd: str = "") -> Note:
    """An oddity that the scheme insists on, and its reason."""
    reason = Text.read(why).tell(phrases.language)
    told = phrases.say(f"{odd}；理由：{reason}", f"{odd}; the reason: {reason}") if odd else reason
    return Note(line(phrases.labelled(phrases.say("照原文执行", "Kept as it is"), told)))


def _total(phrases: Phrases) -> Iterator[str]:
    total, say = phrases.scheme.total, phrases.say
    assert total is not None
    stop = say("。", ".")
    if total.is_ in MODES:
        yield say(*TOTALS[total.is_]) + stop
        yield from (text + stop for text in _weights_told(phrases, total.weights, total.is_))
    else:
        yield say("总分＝", "Total = ") + phrases.formula(total.is_, "total") + stop
    yield from (text + stop for text in phrases.total_after())


def _weights_told(phrases: Phrases, weights: str, mode: str) -> Iterator[str]:
    """Where weights come from, and where those of items without data go."""
    say, items = phrases.say, phrases.scheme.items
    if weights == "scaled":
        yield say("各项权重按其合计放大到100%", "The weights are scaled up to 100%")
    elif weights == "printed":
        yield say("权重照表所列，不作放大", "The weights count as printed")
    elif weights.startswith("config."):
        name = phrases.names.of("config", weights.partition(".")[2])
        yield say(f"各项权重由公司在“{name}”中选定", f"The company chooses the weights ({name})")
    if any("spread" in (item.if_none or "") for item in items.values()):
        yield say(*SPREAD["sections" if phrases.scheme.sections else "items"])


# Where the weight of an item without data goes.
SPREAD = {
    "items": ("无数据而不计的指标，其权重按比例分给其他指标", "The weight of an item without data goes to the others in proportion"),
    "sections": (
        "无数据而不计的指标，其权重按比例分给本部分其他指标；本部分全无数据的，分给其他部分",
        "The weight of an item without data goes to the others of its section in proportion, that of a section without any to the others",
    ),
}
