"""Results, plans, schemes and problems as tables for a terminal.

Figures are shown, not computed: an endless one is shown to four places behind ≈, every other in
full. Nothing that comes from a file may colour, move or hide what stands on the screen.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from kaohe.labels import Labels
from kaohe.linting import Finding
from kaohe.numbers import round_number, terminates, write_number
from kaohe.plan import PEOPLE, Node, Plan, walk
from kaohe.problems import Language, Problem
from kaohe.scoring import ASSESSED, INCOMPLETE, Results, Scorecard, Value
from kaohe.texts import Text

SHOWN_PLACES = Fraction(1, 10_000)
MOST_ROWS = 500
FOLDED_WIDTH = 24
HEADING_WIDTHS = (10, 8)
NOTHING = "–"
YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}


# --- figures and words ----------------------------------------------------------------------------


def plain(text: object) -> str:
    """A text without what a terminal would obey: control and invisible characters show as �.

    >>> plain("a\\x1b[31mb")
    'a�[31mb'
    """
    return "".join(letter if _is_harmless(letter) else "�" for letter in str(text))


def _is_harmless(letter: str) -> bool:
    return letter == " " or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def tell_number(value: Fraction) -> str:
    """A number in full, or to four places behind ≈ where it has no end.

    >>> tell_number(Fraction(197, 2)), tell_number(Fraction(2, 3))
    ('98.5', '≈0.6667')
    """
    return write_number(value) if terminates(value) else f"≈{write_number(round_number(value, SHOWN_PLACES))}"


def tell_money(value: Fraction) -> str:
    """An amount with separators and two places; more places where it has them.

    >>> tell_money(Fraction(2469, 2)), tell_money(Fraction(-1, 3))
    ('1,234.50', '≈-0.3333')
    """
    if not terminates(value):
        return tell_number(value)
    whole, _, part = write_number(abs(value)).partition(".")
    return f"{'-' if value < 0 else ''}{int(whole):,}.{part.ljust(2, '0')}"


def tell_value(value: Value, language: Language) -> str:
    """Any result for a person to read."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return YES_NO[value].tell(language)
    return tell_number(value) if isinstance(value, Fraction) else plain(value)


def aligned(figures: Sequence[str]) -> list[str]:
    """Figures padded so that their decimal points stand below one another when set flush right.

    >>> aligned(["98.5", "100", "–"])
    ['98.5', '100  ', '–  ']
    """
    parts = [len(figure.partition(".")[2]) for figure in figures]
    most = max(parts, default=0)
    return [figure + " " * (most - part + (1 if most and not part else 0)) for figure, part in zip(figures, parts, strict=True)]


# --- tables ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stack:
    """One column of a table: its heading, its cells, what stands below them, how they stand."""

    heading: str
    cells: Sequence[str]
    right: bool = False
    style: str = ""
    folds: bool = False
    foot: str = ""

    def width(self) -> int:
        """The places that it needs on a screen; one that folds is content with fewer."""
        widest = max(cell_len(text) for part in (self.heading, self.foot, *self.cells) for text in part.split("\n"))
        return min(widest, FOLDED_WIDTH) if self.folds else widest

    def narrow(self, width: int) -> Stack:
        """The same column under a heading of several lines, as narrow as its cells or this width allow."""
        cells = max((cell_len(cell) for cell in (self.foot, *self.cells)), default=0)
        return replace(self, heading="\n".join(broken(self.heading, max(cells, width))))


def table_of(columns: Iterable[Stack]) -> Table:
    """A table without colours of its own; only columns that say so may fold."""
    shown = list(columns)
    footed = any(column.foot for column in shown)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_footer=footed, footer_style="bold")
    for column in shown:
        side: Literal["left", "right"] = "right" if column.right else "left"
        look = {"no_wrap": not column.folds, "style": column.style, "vertical": "top"}
        table.add_column(Line(column.heading), Line(column.foot), justify=side, overflow="fold", **look)  # type: ignore[arg-type]
    for row in zip(*(column.cells for column in shown), strict=True):
        table.add_row(*(Line(cell) for cell in row))
    return table


def width_of(columns: Iterable[Stack]) -> int:
    """How many places a table takes at least."""
    return 2 + sum(column.width() + 2 for column in columns)


def broken(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` places: between words, and between Chinese letters anywhere.

    >>> broken("Work to standard", 8)
    ['Work to', 'standard']
    """
    if " " not in text:  # lines of about one length
        width = min(width, -(-cell_len(text) // -(-cell_len(text) // width)) + 1)
    lines = [""]
    for piece in _PIECES.findall(text):
        if cell_len((lines[-1] + piece).rstrip()) > width and lines[-1]:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines if line.strip()]


_PIECES = re.compile(r"[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+")


# --- results --------------------------------------------------------------------------------------


class ResultTables:
    """The tables of one run for a console's width."""

    def __init__(self, results: Results, language: Language, console: Console) -> None:
        self.results = results
        self.labels = Labels(results.plan, language)
        self.language = language
        self.console = console
        cards = [results.scorecard(subject) for subject in results.subjects()]
        units = {member for unit in self._units() for member in results.facts.units[unit]}
        self.people = [card for card in cards if card.subject not in units]
        self.units = [card for card in cards if card.subject in units]
        self.cut = self.people[:MOST_ROWS]

    def _units(self) -> list[str]:
        return [name for name, unit in self.results.plan.scheme.units.items() if unit.results]

    def render(self) -> RenderableType:
        """Heading, table, what was left out of it, units, totals."""
        return Group(*(part for part in (self._heading(), *self._people_parts(), *self._unit_parts(), *self._foot()) if part is not None))

    def _say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def _heading(self) -> Line:
        facts, scheme = self.results.facts, self.results.plan.scheme
        return Line.assemble((plain(scheme.name.tell(self.language)), "bold"), f"  {facts.start} – {facts.end}")

    def _people_parts(self) -> Iterable[RenderableType]:
        if not self.people:
            yield Line(self._say("无人在考核范围内。", "Nobody is in the scope of this scheme."))
            return
        columns, left_out = self._fitting()
        yield table_of(columns)
        if len(self.cut) < len(self.people):
            told = f"只显示前 {len(self.cut)} 人，共 {len(self.people)} 人；合计含全部。"
            yield Line(self._say(told, f"The first {len(self.cut)} of {len(self.people)} people; the totals are of all."))
        if left_out:
            yield Line(left_out, style="dim")

    def _fitting(self) -> tuple[list[Stack], str]:
        """The fullest table that fits, and what to say of what is not in it."""
        choices = list(self._choices())
        return next((choice for choice in choices if width_of(choice[0]) <= self.console.width), choices[-1])

    def _choices(self) -> Iterable[tuple[list[Stack], str]]:
        """The table in full, then with narrow headings, then without what can be looked up elsewhere."""
        who, items, outcome, pay, rest = self._who(), self._items(), self._outcome(), self._pay(), self._rest()
        yield [*who, *items, *outcome, *pay, *rest], ""
        for width in HEADING_WIDTHS:
            yield [*who, *_narrow(items, width), *outcome, *_narrow(pay, width), *rest], ""
        hint = self._say("加 -o 文件夹 可得全部明细", "-o FOLDER writes everything")
        no_items = self._say(f"宽度不够，未列各项指标；{hint}。", f"Too narrow for the items; {hint}.") if items else ""
        yield [*who, *outcome, *pay, *rest], no_items
        pay = _narrow(pay, HEADING_WIDTHS[-1])
        yield [*who, *outcome, *pay, *rest], no_items
        for kept in range(len(pay) - 1, 0, -1):
            left = self._say(f"宽度不够，只列部分薪酬项；{hint}。", f"Too narrow for the items and some pay lines; {hint}.")
            yield [*who, *outcome, *pay[-kept:], *rest], left

    def _who(self) -> list[Stack]:
        cards, heading = self.cut, self.labels.heading
        names = [Stack(heading("name"), [plain(card.name) for card in cards], style="bold")] if self._have_names() else []
        first, *others = [*names, Stack(heading("subject"), [plain(card.subject) for card in cards])]
        columns = [replace(first, foot=heading("sum") if pay_sums(self.people) else ""), *others]
        if len({card.form for card in cards}) > 1:
            columns.append(Stack(heading("form"), [plain(self.labels.form(card.form)) for card in cards], folds=True))
        return columns

    def _have_names(self) -> bool:
        return any(card.name != card.subject for card in self.cut)

    def _items(self) -> list[Stack]:
        used = [id for id in self.labels.items() if any(id in card.items for card in self.cut)]
        return [self._figures(self.labels.item(id), [self._item(card, id) for card in self.cut]) for id in used]

    def _item(self, card: Scorecard, id: str) -> str:
        if id in card.items:
            return tell_value(card.items[id], self.language)
        return "?" if id in card.missing else ""

    def _figures(self, heading: str, figures: Sequence[str], style: str = "", foot: str = "") -> Stack:
        *cells, last = aligned([*figures, foot])
        return Stack(plain(heading), cells, right=True, style=style, foot=last if foot else "")

    def _outcome(self) -> list[Stack]:
        """Total, grade and rank, where anybody has one."""
        cards, heading = self.cut, self.labels.heading
        columns = [
            self._figures(heading("total"), [tell_value(card.total, self.language) for card in cards], "bold"),
            Stack(heading("grade"), [plain(self.labels.grade(card.grade)) or NOTHING for card in cards]),
            Stack(heading("rank"), [f"{card.rank}/{card.of}" if card.rank else NOTHING for card in cards], right=True),
        ]
        return [column for column in columns if any(cell.strip() != NOTHING for cell in column.cells)]

    def _pay(self) -> list[Stack]:
        sums = pay_sums(self.people)
        return [
            self._figures(self.labels.pay(line), [_money(card.pay.get(line)) for card in self.cut], foot=tell_money(sums[line]))
            for line in self.labels.pay_lines(PEOPLE)
            if line in sums
        ]

    def _rest(self) -> list[Stack]:
        cards, labels = self.cut, self.labels
        told = [
            Stack(labels.heading("actions"), [plain(labels.join(map(labels.action, card.actions))) for card in cards], folds=True),
            Stack(labels.heading("warnings"), [plain(labels.join(map(labels.warning, card.warnings))) for card in cards], folds=True),
        ]
        status = Stack(labels.heading("status"), [self._status(card) for card in cards], folds=True)
        return [column for column in told if any(column.cells)] + [status]

    def _status(self, card: Scorecard) -> str:
        why = plain(self.labels.why(card))
        word = self.labels.status(card)
        return f"{word}{self._say(f'（{why}）', f' ({why})')}" if why else word

    def _unit_parts(self) -> Iterable[RenderableType]:
        if not self.units:
            return
        shown = [(card, *figure) for card in self.units for figure in self._unit_figures(card)]
        cells = [
            [plain(self.labels.unit(card.subject)) for card, _, _ in shown],
            [plain(name) for _, name, _ in shown],
            aligned([text for *_, text in shown]),
        ]
        headings = [self.labels.heading("unit"), self._say("项目", "figure"), self._say("数值", "amount")]
        yield table_of(
            Stack(heading, column, right=number == 2) for number, (heading, column) in enumerate(zip(headings, cells, strict=True))
        )

    def _unit_figures(self, card: Scorecard) -> Iterable[tuple[str, str]]:
        for line, amount in card.pay.items():
            yield self.labels.pay(line), _money(amount)
        for name, value in card.metrics.items():
            yield self.labels.metric(name), tell_value(value, self.language)

    def _foot(self) -> Iterable[RenderableType]:
        """Sums of pay that the table had no room for, and how many in each status."""
        columns, _ = self._fitting()
        sums, shown = pay_sums(self.people), {column.foot for column in columns}
        lines = [(plain(self.labels.pay(line)), tell_money(amount)) for line, amount in sums.items()]
        if any(amount not in {foot.strip() for foot in shown} for _, amount in lines):
            title = self._say("薪酬合计（元）", "Pay in all (yuan)")
            yield table_of([Stack(title, [name for name, _ in lines]), Stack("", aligned([amount for _, amount in lines]), right=True)])
        yield Line(self.status_line())

    def status_line(self) -> str:
        """How many people, and how many in each status: `3 人：已考核 2，数据不全 1`."""
        counts = status_counts(self.people)
        told = [f"{self.labels.status_word(status)} {count}" for status, count in counts.items()]
        if self.language == "zh":
            return f"{len(self.people)} 人：{'，'.join(told)}"
        return f"{len(self.people)} {'person' if len(self.people) == 1 else 'people'}: {', '.join(told)}"


def _narrow(columns: Iterable[Stack], width: int) -> list[Stack]:
    return [column.narrow(width) for column in columns]


def _money(value: Value) -> str:
    return tell_money(value) if isinstance(value, Fraction) else NOTHING


def pay_sums(cards: Iterable[Scorecard]) -> dict[str, Fraction]:
    """Each pay line's sum over all cards, exact."""
    sums: dict[str, Fraction] = {}
    for card in cards:
        for line, amount in card.pay.items():
            if isinstance(amount, Fraction):
                sums[line] = sums.get(line, Fraction(0)) + amount
    return sums


def status_counts(cards: Iterable[Scorecard]) -> dict[str, int]:
    """How many in each status: assessed first, then incomplete, then the scheme's own."""
    counts = Counter(card.status for card in cards)
    order = [ASSESSED, INCOMPLETE, *sorted(set(counts) - {ASSESSED, INCOMPLETE})]
    return {status: counts[status] for status in order if counts[status]}


# --- problems -------------------------------------------------------------------------------------


def problems_text(problems: Sequence[Problem], language: Language) -> RenderableType:
    """How many, then each: place, code, sentence, what to do."""
    count = len(problems)
    head = f"共 {count} 处问题" if language == "zh" else f"{count} {'problem' if count == 1 else 'problems'}"
    return Group(Line(head, style="bold red"), *(_problem_text(problem, language) for problem in problems))


def _problem_text(problem: Problem, language: Language, style: str = "red") -> RenderableType:
    place = plain(problem.place.tell(language))
    head = Line.assemble((place + "  " if place else "", "bold"), (problem.code + "  ", style))
    first, *rest = _lines(problem.sentence(language))
    mend = [Line(line, style="dim") for line in _lines(problem.mend(language)) if line]
    return Group(_Hanging(head.append(first)), *(Padding(line, (0, 0, 0, 4), expand=False) for line in [*map(Line, rest), *mend]))


def findings_text(findings: Sequence[Finding], language: Language) -> RenderableType:
    """What a linter tells: place, code, clause, sentence, a way out; where it is accepted, why."""
    return Group(*(part for finding in findings for part in _finding_text(finding, language)))


def _finding_text(finding: Finding, language: Language) -> Iterable[RenderableType]:
    yield _problem_text(finding, language, "yellow" if finding.accepted is None else "dim")
    if finding.accepted is not None:
        why = ("已接受：" if language == "zh" else "accepted: ") + plain(finding.accepted.tell(language))
        yield Padding(Line(why, style="green"), (0, 0, 0, 4), expand=False)


@dataclass(frozen=True)
class _Hanging:
    """A line that stands out to the left of those into which it is wrapped."""

    line: Line

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The line, wrapped where it must be."""
        first, *more = self.line.wrap(console, max(options.max_width - 4, 20))
        yield first
        yield from (Padding(line, (0, 0, 0, 4), expand=False) for line in more)


def _lines(text: str) -> list[str]:
    return [plain(line) for line in text.split("\n")]


# --- plans and schemes ----------------------------------------------------------------------------


def plan_table(plan: Plan, language: Language, width: int) -> Table:
    """The figures of a plan in the order in which they are computed, and what each is made from.

    Where the screen is too narrow, unit, frame and clause are left out, in this order.
    """
    words = ("数项 | figure", "名称 | name", "每 | per", "计分方法 | rule", "单位 | unit", "取自 | from", "条款 | clause")
    nodes = list(plan.nodes.values())
    cells = [
        [node.id for node in nodes],
        [plain(Text.read(node.name).tell(language)) for node in nodes],
        [node.frame for node in nodes],
        [node.rule for node in nodes],
        [node.unit or node.kind for node in nodes],
        [", ".join(_sources(node)) for node in nodes],
        [plain(node.clause) for node in nodes],
    ]
    headings = [Text.read(word).tell(language) for word in words]
    folding = {1, 5, 6}
    stacks = {place: Stack(headings[place], cells[place], folds=place in folding) for place in range(len(cells))}
    for place in (4, 2, 6):
        if width_of(stacks.values()) > width:
            del stacks[place]
    return table_of(stacks.values())


def _sources(node: Node) -> list[str]:
    """The figures, facts and choices that a figure looks at, each once."""
    words = {"node": "{}", "fact": "{}", "config": "config.{}"}
    found = (words[part[0]].format(part[1]) for part in walk([node.inputs, list(node.params.values())]) if part[0] in words)
    return list(dict.fromkeys(name for name in found if name != node.id))


def pairs_table(headings: Sequence[str], rows: Sequence[Sequence[str]], folding: Iterable[int] = ()) -> Table:
    """A table of texts; the columns of these numbers may fold."""
    folds = set(folding)
    return table_of(replace(stack, folds=number in folds) for number, stack in enumerate(stacks_of(headings, rows)))


def stacks_of(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Stack]:
    """Rows of texts as columns."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(headings)
    return [Stack(heading, [plain(cell) for cell in column]) for heading, column in zip(headings, columns, strict=True)]


def counts_line(counts: Mapping[str, int]) -> str:
    """`items 8 · grades 5`, without what there is none of."""
    return " · ".join(f"{name} {count}" for name, count in counts.items() if count)
