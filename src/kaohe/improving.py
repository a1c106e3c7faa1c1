"""What would be enough for the next better grade: the points that lack, and for each item alone the fact that would do.

Ways are looked for backwards along the rules, from the total's edge through an item down to a
value, to records or to ratings; then the changed facts are scored by the engine itself. A way
that does not hold there is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from kaohe.checking import check_facts
from kaohe.checking.rated import rated_items
from kaohe.explaining.names import Names
from kaohe.explaining.rows import RowReader
from kaohe.explaining.telling import Telling
from kaohe.facts import RawFacts, Table
from kaohe.numbers import round_number, write_number
from kaohe.plan import PEOPLE, Node, Plan, Tree
from kaohe.problems import Language, Problems
from kaohe.rescoring import Rescorer
from kaohe.rules.arithmetic import shortly
from kaohe.rules.bands import Band
from kaohe.rules.weighted import scale_of, shares_of
from kaohe.scheme import Declared
from kaohe.scoring import ASSESSED, Results, Scorecard, score
from kaohe.texts import Text

STEPS = {"ratio": Fraction(1, 10000), "yuan": Fraction(1, 100)}
STEP = Fraction(1, 100)
MOST_WAYS = 12
NOBODY = Text("", "")


@dataclass(frozen=True)
class Change:
    """One change of facts that would do: a value, fewer records, better answers, higher ratings.

    `now` and `to` are what the fact is and would be; for records `count` says how many are meant.
    """

    kind: str
    key: str
    name: Text
    whose: Text = NOBODY
    now: Fraction | None = None
    to: Fraction | None = None
    count: int = 0

    def tell(self, language: Language) -> str:
        """The change in a phrase."""
        whose = self.whose.tell(language)
        name = f"{self.name.tell(language)} ({whose})" if whose else self.name.tell(language)
        now, to = ("?" if end is None else shortly(end) for end in (self.now, self.to))
        zh, en = {
            "value": (f"{name}:{now} → {to}", f"{name}: {now} → {to}"),
            "fewer": (f"{name}少 {self.count} 次", f"{self.count} fewer of {name}"),
            "better": (f"{name}中 {self.count} 条提高到 {to}", f"{self.count} of {name} raised to {to}"),
            "ratings": (f"{name}:每份评分不低于 {to}", f"{name}: each rating at least {to}"),
        }[self.kind]
        return zh if language == "zh" else en


@dataclass(frozen=True)
class Way:
    """A change that the engine confirmed, and what it gives."""

    change: Change
    total: Fraction
    grade: str
    score: Fraction | None = None


@dataclass(frozen=True)
class Improvement:
    """What the next better grade asks of the total (`id` total) or of one item alone.

    `need` is the figure that would do (more than it where `strict`), `ways` the facts that give it,
    each confirmed by scoring. `cannot` says that the item alone is not enough even at its best.
    """

    id: str
    name: Text
    grade: str
    now: Fraction
    need: Fraction
    strict: bool = False
    best: Fraction | None = None
    cannot: bool = False
    ways: tuple[Way, ...] = ()

    @property
    def lacking(self) -> Fraction:
        """By how much the figure falls short."""
        return self.need - self.now

    def tell(self, language: Language) -> str:
        """The improvement in one sentence."""
        zh, en = self._cannot() if self.cannot else self._enough()
        ways = (";" if language == "zh" else "; ").join(_told(way, language) for way in self.ways)
        sentence = zh if language == "zh" else en
        return f"{sentence}{':' if language == 'zh' else ': '}{ways}" if ways else sentence

    def _enough(self) -> tuple[str, str]:
        lack, need, now = shortly(self.lacking), shortly(self.need), shortly(self.now)
        over_zh, over_en = ("超过", "more than") if self.strict else ("达到", "at least")
        if self.id == "total":
            zh = f"{self.grade} 须{over_zh} {need} 分,现为 {now},差 {lack}"
            return zh, f"{self.grade} takes {over_en} {need} points; {now} now, {lack} short"
        return f"仅靠 {self.name.zh}:{over_zh} {need}(现为 {now})", f"{self.name.en} alone: {over_en} {need} (now {now})"

    def _cannot(self) -> tuple[str, str]:
        best = "?" if self.best is None else shortly(self.best)
        more_zh, more_en = ("超过 ", "more than ") if self.strict else ("", "")
        zh = f"仅靠 {self.name.zh} 不够:最高 {best},须{more_zh or '达到 '}{shortly(self.need)}"
        return zh, f"{self.name.en} alone is not enough: at most {best}, {more_en}{shortly(self.need)} needed"

    def as_data(self) -> dict[str, object]:
        """The improvement as plain data, for JSON."""
        ways = [
            {
                "kind": way.change.kind,
                "fact": way.change.key,
                "whose": way.change.whose.write(),
                "now": _written(way.change.now),
                "to": _written(way.change.to),
                "count": way.change.count,
                "total": write_number(way.total),
                "grade": way.grade,
                "score": _written(way.score),
            }
            for way in self.ways
        ]
        figures = {"now": write_number(self.now), "need": write_number(self.need)}
        head = {"id": self.id, "name": self.name.write(), "grade": self.grade, **figures}
        return {**head, "lacking": write_number(self.lacking), "strict": self.strict, "cannot": self.cannot, "ways": ways}


def _told(way: Way, language: Language) -> str:
    total = shortly(way.total)
    then = f"(总分 {total},{way.grade})" if language == "zh" else f" (total {total}, {way.grade})"
    return f"{way.change.tell(language)}{then}"


def _written(value: Fraction | None) -> str | None:
    return None if value is None else write_number(value)


def next_band(plan: Plan, raw: RawFacts, results: Results, subject: str) -> list[Improvement]:
    """What lacks for the next better grade, first of the total, then of each item alone.

    Nothing for who is at the top, has no grade, or is graded by conditions rather than by an
    edge of the total. Raises KeyError for somebody without results.
    """
    card = results.scorecard(subject)
    if card.status != ASSESSED or card.grade is None or not isinstance(card.exact.get("total"), Fraction):
        return []
    return Search(plan, raw, results, card).improvements()


# --- what a figure would have to be -------------------------------------------------------------


@dataclass(frozen=True)
class Want:
    """An edge that a figure must reach or pass, upwards (`>=`, `>`) or downwards (`<=`, `<`)."""

    sign: str
    edge: Fraction

    @property
    def up(self) -> bool:
        """Whether more is wanted."""
        return self.sign in (">", ">=")

    def met(self, value: Fraction) -> bool:
        """Whether a value would do."""
        return {">": value > self.edge, ">=": value >= self.edge, "<": value < self.edge, "<=": value <= self.edge}[self.sign]

    def at(self, edge: Fraction, turned: bool = False) -> Want:
        """The same at another edge; turned round where a factor is below zero."""
        return Want(TURNED[self.sign] if turned else self.sign, edge)

    def stepped(self, step: Fraction) -> Fraction:
        """The nearest multiple of `step` that would do."""
        found = round_number(self.edge / step, Fraction(1), "down") * step
        direction = step if self.up else -step
        found -= direction
        while not self.met(found):
            found += direction
        return found


TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


@dataclass(frozen=True)
class Demand:
    """What a leaf of the rules would have to be: a fact, an aggregate, a rated item, or a figure that was asked for."""

    tree: Tree
    frame: str
    row: int
    want: Want


class Backwards:
    """Follows the rules from a figure down to what it rests on, one fact at a time, all others as they are."""

    def __init__(self, reader: RowReader, stop: str = "") -> None:
        self.reader = reader
        self.stop = stop

    def demands(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        """The leaves that, each alone, could meet the want."""
        if tree[0] == "node":
            yield from self.of_node(self.reader.plan.nodes[tree[1]], row, want)
        elif tree[0] in _STEPS:
            yield from _STEPS[tree[0]](self, tree, frame, row, want)
        elif tree[0] in ("fact", "agg"):
            yield Demand(tree, frame, row, want)

    def value(self, tree: Tree, frame: str, row: int) -> Fraction:
        """A number as it is now; 0 where there is none."""
        return self.reader.number(tree, frame, row) or Fraction(0)

    def of_node(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        """The leaves of a figure by its rule."""
        if node.id == self.stop or node.rule == "rating@1":
            yield Demand(["node", node.id], node.frame, row, want)
        elif node.rule in _RULES:
            yield from _RULES[node.rule](self, node, row, want)

    # --- rules --------------------------------------------------------------------------------

    def _first_input(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        yield from self.demands(node.inputs[0], node.frame, row, want)

    def _pick(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        form = self.reader.value(["node", "form"], node.frame, row)
        for tree, forms in zip(node.inputs, node.params["forms"], strict=True):
            if form in forms:
                yield from self.demands(tree, node.frame, row, want)

    def _adjust(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        inputs = dict(zip(node.params["roles"], node.inputs, strict=True))
        if "round" in node.params:
            want = _before_rounding(want, Fraction(node.params["round"]["to"]), node.params["round"]["half"])
        ends = {side: self.value(inputs[side], node.frame, row) for side in ("floor", "cap") if side in inputs}
        if ("cap" in ends and want.up and not want.met(ends["cap"])) or ("floor" in ends and not want.up and not want.met(ends["floor"])):
            return
        added = [tree for role, tree in inputs.items() if role[:4] in ("base", "plus")]
        yield from self._of_sum(added, node.frame, row, want)

    def _of_sum(self, parts: list[Tree], frame: str, row: int, want: Want) -> Iterator[Demand]:
        total = sum((self.value(part, frame, row) for part in parts), Fraction(0))
        for part in parts:
            yield from self.demands(part, frame, row, want.at(want.edge - total + self.value(part, frame, row)))

    def _per_event(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        yield from self._of_sum(node.inputs, node.frame, row, want)

    def _gather(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        parts = self.reader.below(node.params["from"], node.frame, row)
        values = [self.value(node.inputs[0], node.params["from"], part) for part in parts]
        for part, value in zip(parts, values, strict=True):
            yield from self.demands(node.inputs[0], node.params["from"], part, want.at(want.edge - sum(values, Fraction(0)) + value))

    def _tiers(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        """Into the nearest bands whose points would do, on either side."""
        figure = self.reader.number(node.inputs[0], node.frame, row)
        if figure is None:
            return
        bands = [Band.read(band) for band in node.params["bands"]]
        good = [want.met(self.value(gives, node.frame, row)) for gives in node.inputs[1:]]
        for into in _ways_into(bands, good, figure):
            yield from self.demands(node.inputs[0], node.frame, row, into)

    def _line(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        """Where the line reaches the points that would do."""
        figure = self.reader.number(node.inputs[0], node.frame, row)
        points = [(Fraction(x), Fraction(y)) for x, y in node.params["points"]]
        if figure is None:
            return
        for (x1, y1), (x2, y2) in pairwise(points):
            if y1 != y2 and min(y1, y2) <= want.edge <= max(y1, y2):
                edge = x1 + (want.edge - y1) * (x2 - x1) / (y2 - y1)
                yield from self.demands(node.inputs[0], node.frame, row, want.at(edge, turned=y2 < y1))

    def _ratio(self, node: Node, row: int, want: Want) -> Iterator[Demand]:
        part, whole, *direct = node.inputs
        if direct and self.reader.number(direct[0], node.frame, row) is not None:
            yield from self.demands(direct[0], node.frame, row, want)
        elif size := self.reader.number(whole, node.frame, row):
            yield from self.demands(part, node.frame, row, want.at(want.edge * size, turned=size < 0))

    # --- operations ---------------------------------------------------------------------------

    def _at(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        above = self.reader.parent(frame, row, tree[1])
        if above >= 0:
            yield from self.demands(tree[2], tree[1], above, want)

    def _passed(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        yield from self.demands(tree[1], frame, row, want)

    def _plus_minus(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        one, other = (self.value(part, frame, row) for part in tree[1:])
        if tree[0] == "+":
            yield from self.demands(tree[1], frame, row, want.at(want.edge - other))
            yield from self.demands(tree[2], frame, row, want.at(want.edge - one))
        else:
            yield from self.demands(tree[1], frame, row, want.at(want.edge + other))
            yield from self.demands(tree[2], frame, row, want.at(one - want.edge, turned=True))

    def _times(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        for this, that in ((tree[1], tree[2]), (tree[2], tree[1])):
            factor = self.value(that, frame, row)
            if factor:
                yield from self.demands(this, frame, row, want.at(want.edge / factor, turned=factor < 0))

    def _over(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        size = self.value(tree[2], frame, row)
        if size:
            yield from self.demands(tree[1], frame, row, want.at(want.edge * size, turned=size < 0))

    def _negative(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        yield from self.demands(tree[1], frame, row, want.at(-want.edge, turned=True))

    def _if(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        """What the branch taken would have to be; or the other branch, where that would do as it is."""
        test = self.reader.holds(tree[1], frame, row)
        yield from self.demands(tree[2 if test else 3], frame, row, want)
        other = self.reader.number(tree[3 if test else 2], frame, row)
        if other is not None and want.met(other):
            yield from self.turned(tree[1], frame, row, not test)

    def turned(self, tree: Tree, frame: str, row: int, wanted: bool) -> Iterator[Demand]:
        """What would make a condition hold, or fail."""
        if tree[0] == "not":
            yield from self.turned(tree[1], frame, row, not wanted)
        elif tree[0] in ("and", "or"):
            open_parts = [part for part in tree[1:] if self.reader.holds(part, frame, row) is not wanted]
            if len(open_parts) == 1 or wanted is (tree[0] == "or"):
                for part in open_parts:
                    yield from self.turned(part, frame, row, wanted)
        elif tree[0] == "agg" and tree[1] == "any" and not wanted:
            yield Demand(["agg", "count", *tree[2:]], frame, row, Want("<=", Fraction(0)))
        elif tree[0] in TURNED:
            sign = tree[0] if wanted else OPPOSITE[tree[0]]
            yield from self.demands(tree[1], frame, row, Want(sign, self.value(tree[2], frame, row)))
            yield from self.demands(tree[2], frame, row, Want(TURNED[sign], self.value(tree[1], frame, row)))

    def _call(self, tree: Tree, frame: str, row: int, want: Want) -> Iterator[Demand]:
        name, parts = tree[1], tree[2:]
        if name == "first":
            given = [part for part in parts if self.reader.number(part, frame, row) is not None]
            parts = given[:1]
        if name in ("first", "rounded") and parts:
            yield from self.demands(parts[0], frame, row, want)
        elif name == "sum":
            yield from self._of_sum(parts, frame, row, want)
        elif name in ("mean", "mean_given"):
            given = [part for part in parts if self.reader.number(part, frame, row) is not None]
            yield from self._of_sum(given, frame, row, want.at(want.edge * len(given)))
        elif name in ("min", "max"):
            yield from self._extreme(name, parts, frame, row, want)

    def _extreme(self, name: str, parts: list[Tree], frame: str, row: int, want: Want) -> Iterator[Demand]:
        """All must do where the smaller is to rise (or the larger to fall), one where it is the other way round."""
        short = [part for part in parts if not want.met(self.value(part, frame, row))]
        if (name == "min") is want.up and len(short) > 1:
            return
        for part in short:
            yield from self.demands(part, frame, row, want)


OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_STEPS: dict[str, Callable[[Backwards, Tree, str, int, Want], Iterator[Demand]]] = {
    "at": Backwards._at,
    "owed": Backwards._passed,
    "+": Backwards._plus_minus,
    "-": Backwards._plus_minus,
    "*": Backwards._times,
    "/": Backwards._over,
    "neg": Backwards._negative,
    "if": Backwards._if,
    "call": Backwards._call,
}
_RULES: dict[str, Callable[[Backwards, Node, int, Want], Iterator[Demand]]] = {
    "formula@1": Backwards._first_input,
    "masked@1": Backwards._first_input,
    "pick@1": Backwards._pick,
    "adjust@1": Backwards._adjust,
    "per_event@1": Backwards._per_event,
    "gather@1": Backwards._gather,
    "tiers@1": Backwards._tiers,
    "line@1": Backwards._line,
    "ratio@1": Backwards._ratio,
}


def _before_rounding(want: Want, place: Fraction, half: str) -> Want:
    """What a figure must be before it is rounded, so that it does afterwards."""
    least = want.stepped(place)
    if not want.up:
        return Want("<", least + place / 2) if half == "half_up" else Want("<=", least)
    return {
        "half_up": Want(">=", least - place / 2),
        "half_even": Want(">", least - place / 2),
        "up": Want(">", least - place),
        "down": Want(">=", least),
    }[half]


def _ways_into(bands: list[Band], good: list[bool], figure: Fraction) -> list[Want]:
    """The nearest edges, upwards and downwards, behind which a band stands that would do."""
    edges = sorted({edge for band in bands for _, edge in band.edges})
    found = []
    for up in (True, False):
        ahead = [edge for edge in edges if (edge >= figure if up else edge <= figure)]
        for edge in ahead if up else reversed(ahead):
            into = _entered(bands, good, edges, edge, up)
            if into is not None and not into.met(figure):
                found.append(into)
                break
    return found


def _entered(bands: list[Band], good: list[bool], edges: list[Fraction], edge: Fraction, up: bool) -> Want | None:
    """The edge itself, or what lies just behind it, if the band there would do."""
    further = [other for other in edges if (other > edge if up else other < edge)]
    near = (min(further) if up else max(further)) if further else edge + (1 if up else -1)
    for value, sign in ((edge, ">=" if up else "<="), ((edge + near) / 2, ">" if up else "<")):
        met = next((place for place, band in enumerate(bands) if band.holds(value)), None)
        if met is not None and good[met]:
            return Want(sign, edge)
    return None


# --- changing the facts -------------------------------------------------------------------------


@dataclass(frozen=True)
class Edit:
    """One change of a raw table: a cell written, or a row left out (no column)."""

    kind: str
    row: int
    column: str = ""
    cell: object = None


@dataclass(frozen=True)
class Proposal:
    """A change to try, and the edits that make it."""

    change: Change
    edits: tuple[Edit, ...]


class Search:
    """The search for one subject."""

    def __init__(self, plan: Plan, raw: RawFacts, results: Results, card: Scorecard) -> None:
        self.plan = plan
        self.results = results
        self.card = card
        self.facts = results.facts
        self.row = results.facts.row_of(card.subject)
        self.reader = RowReader(results.evaluator)
        self.names = {language: Names(plan, results.facts, language) for language in ("zh", "en")}
        self.teller = Telling(self.reader, self.names["zh"], None)
        self.circle = Circle.around(raw, results, self.row)

    def text(self, name: Callable[[Names], str]) -> Text:
        """A name in both languages."""
        return Text(name(self.names["zh"]), name(self.names["en"]))

    def improvements(self) -> list[Improvement]:
        """The total's lack, then each item's."""
        target = self._target()
        if target is None:
            return []
        grade, want = target
        total = self.card.exact["total"]
        assert isinstance(total, Fraction)
        whole = Improvement("total", self.text(lambda names: names.node("total")), grade, total, want.edge, want.sign == ">")
        raw = list(Backwards(self.reader, "total.raw").demands(["node", "total"], PEOPLE, self.row, want))
        if not raw or self.plan.nodes["total.raw"].rule != "weighted@1":
            return [replace(whole, ways=self._ways(["node", "total"], want, grade))]
        return [whole, *(found for item in self._items() if (found := self._alone(item, raw[0].want, grade)) is not None)]

    def _target(self) -> tuple[str, Want] | None:
        """The next better grade and the edge that leads into it."""
        node = self.plan.nodes["grade"]
        if node.rule != "grades@1" or node.inputs[0] != ["node", "total"]:
            return None
        grades = node.vocabulary or []
        place = grades.index(str(self.card.grade)) - 1
        edges = Band.read(node.params["bands"][place]).edges if place >= 0 else ()
        low = [(side, edge) for side, edge in edges if side in ("from", "above")]
        return (grades[place], Want(">=" if low[0][0] == "from" else ">", low[0][1])) if low else None

    def _items(self) -> list[str]:
        node = self.plan.nodes["total.raw"]
        return [item for item, share in shares_of(self.teller, node, self.row).items() if share]

    def _alone(self, item: str, raw: Want, grade: str) -> Improvement | None:
        """What one item alone would have to be, and the facts that make it so."""
        node = self.plan.nodes["total.raw"]
        share = shares_of(self.teller, node, self.row)[item] * scale_of(self.teller, node, self.row)
        total, now = self.reader.node("total.raw", self.row), self.reader.node(f"item.{item}", self.row)
        if not isinstance(total, Fraction) or not isinstance(now, Fraction) or not share:
            return None
        want = raw.at(now + (raw.edge - total) / share)
        high = self._reading(item).high
        best = None if high is None else Fraction(high)
        name = self.text(lambda names: names.of("item", item))
        found = Improvement(f"item.{item}", name, grade, now, want.edge, want.sign == ">", best)
        if best is not None and not want.met(best):
            return replace(found, cannot=True)
        return replace(found, ways=self._ways(["node", f"item.{item}"], want, grade, item))

    def _reading(self, item: str) -> Node:
        """The item as the subject's own form reads it."""
        node = self.plan.nodes[f"item.{item}"]
        if node.rule != "pick@1":
            return node
        mine = [tree for tree, forms in zip(node.inputs, node.params["forms"], strict=True) if self.card.form in forms]
        return self.plan.nodes[mine[0][1]] if mine and mine[0][0] == "node" else node

    # --- ways ---------------------------------------------------------------------------------

    def _ways(self, tree: Tree, want: Want, grade: str, item: str = "") -> tuple[Way, ...]:
        """The first way for each fact that the engine confirms."""
        found: dict[str, Way] = {}
        for place, proposal in enumerate(self._proposals(tree, want)):
            key = f"{proposal.change.key} {proposal.change.whose.zh}"
            if key not in found and place < MOST_WAYS:
                way = self._confirmed(proposal, grade, item)
                found |= {} if way is None else {key: way}
        return tuple(found.values())

    def _proposals(self, tree: Tree, want: Want) -> Iterator[Proposal]:
        for demand in Backwards(self.reader).demands(tree, PEOPLE, self.row, want):
            if demand.tree[0] == "fact":
                yield from self._of_fact(demand)
            elif demand.tree[0] == "agg":
                yield from self._of_records(demand)
            else:
                yield from self._of_ratings(demand)

    def _of_fact(self, demand: Demand) -> Iterator[Proposal]:
        """A value at the next step of its precision that would do, within its bounds."""
        column = demand.tree[1]
        declared = self.names["zh"].declared(demand.frame, column)
        now = self.reader.number(demand.tree, demand.frame, demand.row)
        if declared is None or now is None or column.startswith("person."):
            return
        to = demand.want.stepped(_step(declared))
        if not _within(declared, to):
            return
        home = self._home(demand.frame, demand.row, column)
        if home is not None:
            name = self.text(lambda names: names.fact(demand.frame, column))
            whose = NOBODY if demand.frame == PEOPLE else self._whose(demand.frame, demand.row)
            change = Change("value", column, name, whose, now, to)
            yield Proposal(change, (Edit(home[0], home[1], column.rpartition(".")[2], write_number(to)),))

    def _whose(self, frame: str, row: int) -> Text:
        if frame in self.facts.units:
            return Text.read(self.facts.units[frame][row])
        part = self.reader.number(["fact", "part"], frame, row)
        return self.text(lambda names: names.part(frame, int(part or 0)))

    def _home(self, frame: str, row: int, column: str) -> tuple[str, int] | None:
        """The raw table and row that a fact was written in."""
        if "/" in frame:
            source = f"event.{column.partition('.')[0]}"
            rows = self.reader.below(source, frame, row) if source in self.facts.frames else []
            return ("events", self._source(source, rows[0])) if rows else None
        subject = self.facts.subjects[row] if frame == PEOPLE else self.facts.units[frame][row]
        place = self.circle.values.get(subject)
        return None if place is None else ("values", place)

    def _source(self, frame: str, row: int) -> int:
        rows = self.facts.frames[frame].rows
        return row if rows is None else int(rows[row])

    def _of_records(self, demand: Demand) -> Iterator[Proposal]:
        _, how, child, value, _ = demand.tree
        if not child.startswith("event."):
            return
        rows = self.reader.chosen(demand.tree, demand.frame, demand.row)
        effects = [Fraction(1) if how == "count" else self.reader.number(value, child, row) or Fraction(0) for row in rows]
        if how in ("sum", "count"):
            yield from self._fewer(demand, child, rows, effects)
        elif how == "mean":
            yield from self._better(demand, child, value, rows, effects)

    def _fewer(self, demand: Demand, child: str, rows: list[int], effects: list[Fraction]) -> Iterator[Proposal]:
        """Records left out, those with the largest effect first, until the sum would do."""
        total = sum((effect * self.reader.times(child, row) for effect, row in zip(effects, rows, strict=True)), Fraction(0))
        now, edits, count = total, [], 0
        harmful = [(effect, row) for effect, row in zip(effects, rows, strict=True) if (effect < 0 if demand.want.up else effect > 0)]
        for effect, row in sorted(harmful, key=lambda pair: -abs(pair[0])):
            left = self.reader.times(child, row)
            while left and not demand.want.met(total):
                total, left, count = total - effect, left - 1, count + 1
            if left < self.reader.times(child, row):
                edits.append(Edit("events", self._source(child, row), *(("count", str(left)) if left else ())))
        if edits and demand.want.met(total):
            name = self.text(lambda names: names.source(child))
            yield Proposal(Change("fewer", child, name, now=now, to=total, count=count), tuple(edits))

    def _better(self, demand: Demand, child: str, value: Tree, rows: list[int], effects: list[Fraction]) -> Iterator[Proposal]:
        """The poorest answers raised to the best one, until the mean would do."""
        best = self._best(child, value) if demand.want.up else None
        if best is None or not rows:
            return
        column, cell, top = best
        times = [self.reader.times(child, row) for row in rows]
        total, size = sum((effect * count for effect, count in zip(effects, times, strict=True)), Fraction(0)), sum(times)
        now, edits, count = total / size, [], 0
        for effect, often, row in sorted(zip(effects, times, rows, strict=True)):
            if not demand.want.met(total / size) and effect < top:
                total, count = total + (top - effect) * often, count + often
                edits.append(Edit("events", self._source(child, row), column, cell))
        if edits and demand.want.met(total / size):
            name = self.text(lambda names: names.source(child))
            yield Proposal(Change("better", child, name, now=now, to=top, count=count), tuple(edits))

    def _best(self, child: str, value: Tree) -> tuple[str, str, Fraction] | None:
        """The column, the cell and the number of the best answer that a record may hold."""
        if value[0] == "number_of" and value[1][0] == "fact":
            word = max(value[2], key=lambda known: Fraction(value[2][known]))
            return value[1][1], word, Fraction(value[2][word])
        declared = self.names["zh"].declared(child, value[1]) if value[0] == "fact" else None
        if declared is None or declared.high is None:
            return None
        return value[1], write_number(declared.high), declared.high

    def _of_ratings(self, demand: Demand) -> Iterator[Proposal]:
        """Every rating lifted to a floor: the least that the scale allows and that would do."""
        node = self.plan.nodes[demand.tree[1]]
        item = node.params["item"]
        frame = f"rating.{item}"
        declared = self._scale(item)
        rows = [row for row in self.reader.below(frame, node.frame, demand.row) if self._heard(node, frame, row)]
        if not rows or declared is None or not demand.want.up:
            return
        scores = [self.reader.number(["fact", "score"], frame, row) or Fraction(0) for row in rows]
        pooled = node.params["mean"] == "pooled" and not node.params["per"]
        floor = next((floor for floor in _floors(declared, scores, demand.want, pooled)), None)
        if floor is None:
            return
        low = [row for row, old in zip(rows, scores, strict=True) if old < floor]
        edits = [Edit("ratings", self._source(frame, row), "score", write_number(floor)) for row in low]
        name = self.text(lambda names: names.source(frame))
        now = self.reader.number(demand.tree, node.frame, demand.row)
        yield Proposal(Change("ratings", frame, name, now=now, to=floor, count=len(edits)), tuple(edits))

    def _heard(self, node: Node, frame: str, row: int) -> bool:
        return self.reader.value(["fact", "relation"], frame, row) not in node.params["mute"]

    def _scale(self, item: str) -> Declared | None:
        """Which scores the subject's form allows."""
        readings = rated_items(self.plan.scheme).get(item, {})
        reading = readings.get(self.card.form or "") or readings.get("")
        return None if reading is None else reading.scale()

    # --- asking the engine --------------------------------------------------------------------

    def _confirmed(self, proposal: Proposal, grade: str, item: str) -> Way | None:
        """The way, if the engine gives the better grade for the changed facts."""
        try:
            results = score(self.plan, check_facts(self.plan, self.circle.edited(proposal.edits)))
        except Problems:
            return None
        card = results.scorecard(self.card.subject)
        grades = self.plan.nodes["grade"].vocabulary or []
        total = card.exact.get("total")
        if card.grade is None or not isinstance(total, Fraction) or grades.index(card.grade) > grades.index(grade):
            return None
        points = card.exact.get(f"item.{item}")
        return Way(proposal.change, total, card.grade, points if isinstance(points, Fraction) else None)


def _step(declared: Declared) -> Fraction:
    return Fraction(1) if declared.whole else STEPS.get(declared.kind, STEP)


def _within(declared: Declared, value: Fraction) -> bool:
    low = declared.low is None or value > declared.low or (value == declared.low and not declared.low_open)
    high = declared.high is None or value < declared.high or (value == declared.high and not declared.high_open)
    return low and high and (declared.allowed is None or value in declared.allowed)


def _floors(declared: Declared, scores: list[Fraction], want: Want, pooled: bool) -> Iterable[Fraction]:
    """Floors for all ratings that would do, the least first; where only the mean counts, as low as the others allow."""
    listed = declared.allowed or declared.steps
    if listed is None:
        step = Fraction(1) if declared.whole else STEP
        least = want.stepped(step)
        if pooled:
            least = _pooled_floor(scores, want, step)
        return [least] if _within(declared, least) else []

    def enough(floor: Fraction) -> bool:
        raised = [max(old, floor) for old in scores]
        return want.met(sum(raised, Fraction(0)) / len(raised)) if pooled else want.met(floor)

    return [floor for floor in sorted(listed) if enough(floor)]


def _pooled_floor(scores: list[Fraction], want: Want, step: Fraction) -> Fraction:
    """The least floor under all scores with which their mean would do."""
    ranked = sorted(scores)
    need = want.edge * len(ranked)
    for many in range(1, len(ranked) + 1):
        floor = want.at((need - sum(ranked[many:], Fraction(0))) / many).stepped(step)
        if many == len(ranked) or floor <= ranked[many]:
            return floor
    return want.stepped(step)


# --- raw tables ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Circle:
    """The raw facts of everybody whose results one person's facts can move, and of their units.

    `places` says for each kind of table which row of the whole became which row here; `values`
    holds the row of the whole in which each subject's values stand.
    """

    raw: RawFacts
    places: dict[str, dict[int, int]]
    values: dict[str, int]

    @classmethod
    def around(cls, raw: RawFacts, results: Results, row: int) -> Circle:
        """The circle of one person; the whole company where some figure is about all of it."""
        tables = {kind: Table.joined([table for table in found if table.size]) for kind, found in raw.tables.items()}
        near = Rescorer(results).neighbourhood(row)
        facts = results.facts
        units = [member for members in facts.units.values() for member in members]
        ids = {*(facts.subjects[other] for other in near.rows.tolist()), *units}
        places: dict[str, dict[int, int]] = {}
        kept: dict[str, list[Table]] = {}
        for kind, table in tables.items():
            rows = list(range(table.size)) if near.everybody else _rows_of(table, "id" if kind == "people" else "subject", ids)
            places[kind] = {source: place for place, source in enumerate(rows)}
            kept[kind] = [_taken(table, rows)]
        values = tables.get("values")
        homes = {} if values is None else {str(cell).strip(): place for place, cell in enumerate(values.cells("subject"))}
        return cls(replace(raw, tables=kept), places, homes)

    def edited(self, edits: Iterable[Edit]) -> RawFacts:
        """The facts of the circle with cells written and rows left out; edits name rows of the whole."""
        tables = dict(self.raw.tables)
        moved = [replace(edit, row=self.places[edit.kind][edit.row]) for edit in edits]
        for kind in {edit.kind for edit in moved}:
            tables[kind] = [_edited(tables[kind][0], [edit for edit in moved if edit.kind == kind])]
        return replace(self.raw, tables=tables)


def _rows_of(table: Table, column: str, ids: set[str]) -> list[int]:
    return [row for row, cell in enumerate(table.cells(column)) if str(cell).strip() in ids]


def _taken(table: Table, rows: list[int]) -> Table:
    return Table({name: [cells[row] for row in rows] for name, cells in table.columns.items()}, len(rows), table.place)


def _edited(table: Table, edits: list[Edit]) -> Table:
    columns: dict[str, list[object]] = {name: list(cells) for name, cells in table.columns.items()}
    for edit in edits:
        if edit.column:
            columns.setdefault(edit.column, [None] * table.size)[edit.row] = edit.cell
    gone = {edit.row for edit in edits if not edit.column}
    return _taken(replace(table, columns=columns), [row for row in range(table.size) if row not in gone])
