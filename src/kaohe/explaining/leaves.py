"""What a figure rests on that is no figure of the plan: facts, records, groups, choices, earlier periods."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from kaohe.columns import AnyColumn
from kaohe.explaining.lines import Line, Origin, Record, Shown
from kaohe.explaining.rows import Absent, Value, cell
from kaohe.explaining.telling import Leaf, Telling, day
from kaohe.numbers import write_number
from kaohe.plan import PEOPLE, Tree
from kaohe.rules.arithmetic import counted, mean_of, over
from kaohe.rules.door import Rows


class Leaves:
    """Lines of leaves, told in the words of one explanation."""

    def __init__(self, new: Callable[[], Telling], beneath: Callable[[Telling], tuple[Line, ...]]) -> None:
        self.new = new
        self.beneath = beneath
        self.teller = new()
        self.reader = self.teller.reader
        self.names = self.teller.names
        self.say = self.teller.say

    def line(self, leaf: Leaf) -> Line:
        """The line of one leaf."""
        tree, frame, row = leaf
        return _KINDS.get(tree[0], Leaves._other)(self, tree, frame, row)

    def _line(self, id: str, tree: Tree, frame: str, value: Value, **more: object) -> Line:
        shown, mark = shown_value(value)
        return Line(id, self.teller.name_of(tree, frame), shown, mark=mark, **more)  # type: ignore[arg-type]

    def whose(self, frame: str, row: int) -> str:
        """Whose a figure is, where it is not the explained subject's of the whole period."""
        if frame == PEOPLE:
            return ""
        base, _, window = frame.partition("/")
        if window:
            part = self.reader.fact(frame, "part", row)
            place = self.names.part(frame, int(part) if isinstance(part, Fraction) else 0)
            return place if base == PEOPLE else f"{self.whose(base, self.reader.parent(frame, row, base))} {place}"
        if frame not in self.reader.facts.units:
            return ""
        member = self.reader.facts.units[frame][row]
        return self.names.of("unit", frame) if member == frame else member

    # --- facts --------------------------------------------------------------------------------

    def _fact(self, tree: Tree, frame: str, row: int) -> Line:
        column: str = tree[1]
        value = self.reader.fact(frame, column, row)
        if isinstance(value, Fraction) and self.names.is_day(frame, column):
            value = day(value).isoformat()
        elif isinstance(value, str):
            value = self.names.word(tree, frame, value)
        facts = self.reader.facts
        measured = facts.measured.get((self._subject(frame, row), column.partition(".")[2])) if facts.measured else None
        shown, mark = shown_value(value)
        return Line(
            column,
            self.names.fact(frame, column),
            shown,
            mark=mark,
            whose=self.whose(frame, row),
            records=self._week_record(tree, frame, row),
            measured=measured,
            origin=Origin(facts.frames[frame], column, row),
        )

    def _subject(self, frame: str, row: int) -> str:
        if frame == PEOPLE:
            return self.reader.facts.subjects[row]
        return self.reader.facts.units[frame][row] if frame in self.reader.facts.units else ""

    def _week_record(self, tree: Tree, frame: str, row: int) -> tuple[Record, ...]:
        """The one record of a week that a week's fact was written in."""
        source = f"event.{tree[1].partition('.')[0]}" if "/" in frame else ""
        if source not in self.reader.facts.frames:
            return ()
        return self.records(Rows(source, tuple(self.reader.below(source, frame, row))))

    def records(self, rows: Rows) -> tuple[Record, ...]:
        """The records of some rows, with what each gives."""
        frame = self.reader.facts.frames[rows.frame]
        gives = rows.gives or (None,) * len(rows.rows)
        told = partial(self.names.cells, rows.frame)
        return tuple(Record(frame, row, give, self.reader.times(rows.frame, row), told) for row, give in zip(rows.rows, gives, strict=True))

    def _config(self, tree: Tree, frame: str, row: int) -> Line:
        words = self.say("公司的选择", "chosen by the company")
        return self._line(".".join(map(str, tree)), tree, frame, self.reader.value(tree, frame, row), phrase=words)

    # --- records ------------------------------------------------------------------------------

    def _aggregate(self, tree: Tree, frame: str, row: int) -> Line:
        """A look at records: how many, what each gives, and how that adds up."""
        _, how, child, value, where = tree
        rows = self.reader.chosen(tree, frame, row)
        found = self.reader.value(tree, frame, row)
        whose = self.whose(frame, row)
        if "/" in child:
            parts = tuple(self._part(child, below, value or where) for below in rows)
            return self._line(child, tree, frame, found, whose=whose, children=parts)
        given = [(self._gives(how, value, child, below), self.reader.times(child, below)) for below in rows]
        text = self._share(value, child, rows) if how == "share" else self._arithmetic(how, found, given)
        effects = tuple(None if give is None else give * (count if how in ("sum", "count") else 1) for give, count in given)
        records = self.records(Rows(child, tuple(rows), effects))
        phrase = self._how_many(child, sum(count for _, count in given))
        return self._line(child, tree, frame, found, phrase=phrase, arithmetic=text, whose=whose, records=records)

    def _gives(self, how: str, value: Tree | None, child: str, row: int) -> Fraction | None:
        """What one record gives, once."""
        if how == "count":
            return Fraction(1)
        return None if value is None or how in ("any", "share") else self.reader.number(value, child, row)

    def _share(self, value: Tree, child: str, rows: list[int]) -> str:
        holding = sum(self.reader.times(child, below) for below in rows if self.reader.holds(value, child, below))
        return over(str(holding), str(sum(self.reader.times(child, below) for below in rows))) if rows else ""

    def _how_many(self, child: str, count: int) -> str:
        if not count:
            return self.say("没有记录", "no records")
        if child.startswith("event."):
            return self.say(f"{count} 次", f"{count} {'time' if count == 1 else 'times'}")
        return self.say(f"{count} 条", f"{count} {'row' if count == 1 else 'rows'}")

    @staticmethod
    def _arithmetic(how: str, found: Value, given: list[tuple[Fraction | None, int]]) -> str:
        """The records' effects added up, equal ones together; nothing where that would say no more than the number."""
        known = [(give, count) for give, count in given if give is not None]
        if not isinstance(found, Fraction) or not known or how not in ("sum", "mean"):
            return ""
        if how == "sum":
            text = counted(known)
        elif all(count == 1 for _, count in known):
            text = mean_of([give for give, _ in known])
        else:
            total = sum((give * count for give, count in known), Fraction(0))
            text = over(write_number(total), str(sum(count for _, count in known)))
        return "" if text == write_number(found) else text

    def _part(self, frame: str, row: int, tree: Tree | None) -> Line:
        """One of the parts that an aggregate runs over: a week, a list's entry."""
        told = self.new()
        value = True if tree is None else self.reader.value(tree, frame, row)
        phrase = "" if tree is None or not isinstance(value, bool) else told.reason(tree, frame, row)
        if tree is not None and not phrase:
            told.shown(tree, frame, row)
        shown, mark = shown_value(value)
        return Line(frame, self.whose(frame, row), shown, mark=mark, phrase=phrase, children=self.beneath(told))

    # --- groups -------------------------------------------------------------------------------

    def _group(self, tree: Tree, frame: str, row: int) -> Line:
        """A look at a group: how many are in it and their sum; colleagues are not named."""
        _, how, group, value, _ = tree
        found = self.reader.value(tree, frame, row)
        many = self._beside(tree, frame, row, "count", None if value is None or how in ("count", "any", "share") else ["given", value])
        text = ""
        if isinstance(found, Fraction) and isinstance(many, Fraction) and many:
            if how == "mean":
                text = over(write_number(self._number(self._beside(tree, frame, row, "sum", value))), write_number(many))
            elif how == "share":
                text = over(write_number(self._number(self._beside(tree, frame, row, "count", value))), write_number(many))
        phrase = self.say(f"{self._number(many)} 人", f"{self._number(many)} people")
        text = "" if isinstance(found, Fraction) and text == write_number(found) else text
        return self._line(f"group.{group}", tree, frame, found, phrase=phrase, arithmetic=text, whose=self.whose(frame, row))

    def _beside(self, tree: Tree, frame: str, row: int, how: str, value: Tree | None) -> Value:
        column: AnyColumn = self.reader.beside(tree, frame, how, value)
        return cell(column, row)

    @staticmethod
    def _number(value: Value) -> Fraction:
        return value if isinstance(value, Fraction) else Fraction(0)

    # --- earlier periods ----------------------------------------------------------------------

    def _spell(self, tree: Tree, frame: str, row: int) -> Line:
        """Over how many periods a condition held: this one, and each earlier one that counts."""
        head, now, past, _, history = tree
        found = self.reader.value(tree, frame, row)
        told = self.new()
        current = self.reader.holds(now, frame, row)
        first = Line("period", self.say("本期", "This period"), current, phrase=told.reason(now, frame, row), children=self.beneath(told))
        rows = sorted(self.reader.below(history, frame, row), key=lambda below: self._end_of(history, below), reverse=True)
        earlier = [self._period(history, below, past) for below in rows] if current or head == "times" else []
        counting = [line for line in earlier if line.value is True][: max(int(self._number(found)), 0)]
        broke = next((line for line in earlier if line.value is not True), None) if head == "run" else None
        shown = [line for line in earlier if line in counting or line is broke]
        return self._line(head, tree, frame, found, children=(first, *shown))

    def _end_of(self, history: str, row: int) -> Fraction:
        return self._number(self.reader.fact(history, "period_end", row))

    def _period(self, history: str, row: int, past: Tree) -> Line:
        told = self.new()
        holds = self.reader.holds(past, history, row)
        name = day(self._end_of(history, row)).isoformat()
        phrase = told.reason(past, history, row)
        return Line("history", name, holds, phrase=phrase, records=self.records(Rows(history, (row,))))

    def _earlier(self, tree: Tree, frame: str, row: int) -> Line:
        """A value of an earlier period."""
        history = tree[3]
        value = self.reader.value(tree, frame, row)
        rows = self.reader.below(history, frame, row)
        chosen = [below for below in rows if self.reader.holds(tree[2], history, below)]
        chosen = sorted(chosen, key=lambda below: self._end_of(history, below))[-1:]
        phrase = "".join(day(self._end_of(history, below)).isoformat() for below in chosen)
        return self._line(tree[0], tree, frame, value, phrase=phrase, records=self.records(Rows(history, tuple(chosen))))

    def _other(self, tree: Tree, frame: str, row: int) -> Line:
        return self._line(str(tree[0]), tree, frame, self.reader.value(tree, frame, row))


def shown_value(value: Value) -> tuple[Shown, str]:
    """A value as a line holds it, and the kind of its absence."""
    return (None, value.word) if isinstance(value, Absent) else (value, "")


_KINDS: dict[str, Callable[[Leaves, Tree, str, int], Line]] = {
    "fact": Leaves._fact,
    "config": Leaves._config,
    "agg": Leaves._aggregate,
    "over": Leaves._group,
    "run": Leaves._spell,
    "times": Leaves._spell,
    "latest": Leaves._earlier,
    "previous": Leaves._earlier,
}
