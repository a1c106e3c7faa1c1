"""Changes of the facts that would give what is wanted: a value, records, answers, ratings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from kaohe.checking.rated import rated_items
from kaohe.explaining.rows import RowReader
from kaohe.improving.backwards import Demand
from kaohe.improving.circle import Circle, Edit
from kaohe.improving.findings import NOBODY, Change
from kaohe.improving.naming import BothNames
from kaohe.improving.wanting import Want
from kaohe.numbers import write_number
from kaohe.plan import PEOPLE, Node, Tree
from kaohe.scheme import Declared
from kaohe.texts import Text

STEPS = {"ratio": Fraction(1, 10000), "yuan": Fraction(1, 100)}
STEP = Fraction(1, 100)


@dataclass(frozen=True)
class Proposal:
    """A change to try, and the edits that make it."""

    change: Change
    edits: tuple[Edit, ...]


class Proposals:
    """What could be changed for one subject, so that a demand of the rules is met."""

    def __init__(self, reader: RowReader, names: BothNames, circle: Circle, form: str) -> None:
        self.reader = reader
        self.plan = reader.plan
        self.facts = reader.facts
        self.names = names
        self.circle = circle
        self.form = form

    def of(self, demand: Demand) -> Iterator[Proposal]:
        """The changes that would meet a demand."""
        if demand.tree[0] == "fact":
            yield from self._of_fact(demand)
        elif demand.tree[0] == "agg":
            yield from self._of_records(demand)
        else:
            yield from self._of_ratings(demand)

    def _of_fact(self, demand: Demand) -> Iterator[Proposal]:
        """A value at the next step of its precision that would do, within its bounds."""
        column = demand.tree[1]
        declared = self.names.declared(demand.frame, column)
        now = self.reader.number(demand.tree, demand.frame, demand.row)
        if declared is None or now is None or column.startswith("person."):
            return
        to = demand.want.stepped(_step(declared))
        if not _within(declared, to):
            return
        edit = self._edit(demand.frame, demand.row, column, write_number(to))
        if edit is not None:
            name = self.names.text(lambda names: names.fact(demand.frame, column))
            whose = NOBODY if demand.frame == PEOPLE else self._whose(demand.frame, demand.row)
            yield Proposal(Change("value", column, name, whose, now, to), (edit,))

    def _whose(self, frame: str, row: int) -> Text:
        if frame in self.facts.units:
            return Text.read(self.facts.units[frame][row])
        part = self.reader.number(["fact", "part"], frame, row)
        return self.names.text(lambda names: names.part(frame, int(part or 0)))

    def _edit(self, frame: str, row: int, column: str, cell: str) -> Edit | None:
        """A fact written where it stands."""
        name = column.rpartition(".")[2]
        if "/" in frame:
            source = f"event.{column.partition('.')[0]}"
            rows = self.reader.below(source, frame, row) if source in self.facts.frames else []
            return self._written("events", source, rows[0], name, cell) if rows else None
        subject = self.facts.subjects[row] if frame == PEOPLE else self.facts.units[frame][row]
        return self.circle.edit_of_value(subject, name, cell)

    def _written(self, kind: str, frame: str, row: int, column: str = "", cell: str = "") -> Edit:
        """A cell of a record written; the record left out where no column is named."""
        rows = self.facts.frames[frame].rows
        return self.circle.edit_of_row(kind, row if rows is None else int(rows[row]), column, cell)

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
                edits.append(self._written("events", child, row, *(("count", str(left)) if left else ())))
        if edits and demand.want.met(total):
            name = self.names.text(lambda names: names.source(child))
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
                edits.append(self._written("events", child, row, column, cell))
        if edits and demand.want.met(total / size):
            name = self.names.text(lambda names: names.source(child))
            yield Proposal(Change("better", child, name, now=now, to=top, count=count), tuple(edits))

    def _best(self, child: str, value: Tree) -> tuple[str, str, Fraction] | None:
        """The column, the cell and the number of the best answer that a record may hold."""
        if value[0] == "number_of" and value[1][0] == "fact":
            word = max(value[2], key=lambda known: Fraction(value[2][known]))
            return value[1][1], word, Fraction(value[2][word])
        declared = self.names.declared(child, value[1]) if value[0] == "fact" else None
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
        edits = [self._written("ratings", frame, row, "score", write_number(floor)) for row in low]
        name = self.names.text(lambda names: names.source(frame))
        now = self.reader.number(demand.tree, node.frame, demand.row)
        yield Proposal(Change("ratings", frame, name, now=now, to=floor, count=len(edits)), tuple(edits))

    def _heard(self, node: Node, frame: str, row: int) -> bool:
        return self.reader.value(["fact", "relation"], frame, row) not in node.params["mute"]

    def _scale(self, item: str) -> Declared | None:
        """Which scores the subject's form allows."""
        readings = rated_items(self.plan.scheme).get(item, {})
        reading = readings.get(self.form) or readings.get("")
        return None if reading is None else reading.scale()


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
