"""Resolved formulas over checked facts, a whole column at a time.

The evaluator keeps the column of every figure: scoring reads its results from them, and an
explanation is one row of each.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from kaohe.columns import MISSING, NONE, AnyColumn, Array, Column, Ints, Links, Marks, Truth, Words
from kaohe.facts import Facts
from kaohe.numbers import day_number, number
from kaohe.plan import PEOPLE, Node, Plan, Tree
from kaohe.rules import rules
from kaohe.rules.bands import Band
from kaohe.rules.tiers import points_of_bands

PERIOD_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12, "any": 1}


class Evaluator:
    """The figures of one plan over one set of facts."""

    def __init__(self, plan: Plan, facts: Facts) -> None:
        self.plan = plan
        self.facts = facts
        self.columns: dict[str, AnyColumn] = {}
        self._links: dict[tuple[str, str], Links] = {}
        self._groups: dict[tuple[str, str], tuple[Array, Array]] = {}

    # --- what rules may ask -------------------------------------------------------------------

    def size(self, frame: str) -> int:
        """How many rows a frame has."""
        return self.facts.frames[frame].size

    def config(self, key: str) -> Any:
        """What the company chose."""
        return self.facts.config[key]

    def number(self, tree: Tree, frame: str) -> Column:
        """A formula that gives numbers."""
        found = self.value(tree, frame)
        assert isinstance(found, Column), tree
        return found

    def truth(self, tree: Tree, frame: str) -> Truth:
        """A formula that gives yes and no."""
        found = self.value(tree, frame)
        assert isinstance(found, Truth), tree
        return found

    def words(self, tree: Tree, frame: str) -> Words:
        """A formula that gives words."""
        found = self.value(tree, frame)
        assert isinstance(found, Words), tree
        return found

    def node(self, id: str) -> AnyColumn:
        """The column of a figure, computed once."""
        if id not in self.columns:
            node = self.plan.nodes[id]
            self.columns[id] = self._settled(node, rules()[node.rule].apply(self, node))
        return self.columns[id]

    def _settled(self, node: Node, found: AnyColumn) -> AnyColumn:
        """A figure that is owed turns nothing-to-measure into missing."""
        if node.params.get("owed") and isinstance(found, Column):
            return found.marked_as(NONE, MISSING)
        return found

    def links(self, child: str, parent: str) -> Links:
        """Which row of `parent` each row of `child` belongs to, over several steps if need be."""
        key = (child, parent)
        if key not in self._links:
            self._links[key] = self._find_links(child, parent)
        return self._links[key]

    def _find_links(self, child: str, parent: str) -> Links:
        own = self.facts.frames[child].links
        if parent in own:
            return own[parent]
        for middle in own:
            if parent in self.facts.frames[middle].links:
                first, second = own[middle], self.links(middle, parent)
                through = np.where(first.parent >= 0, second.parent[first.parent], -1)
                return Links(through, second.size)
        raise KeyError(f"{child} does not lead to {parent}")

    def group_codes(self, group: str, frame: str) -> tuple[Array, Array]:
        """For each row the number of its group (-1: none), and whether it is a member.

        In a frame of weeks (or other parts) the same week of the same group is one group.
        """
        key = (group, frame)
        if key not in self._groups:
            self._groups[key] = self._find_codes(group, frame)
        return self._groups[key]

    def _find_codes(self, group: str, frame: str) -> tuple[Array, Array]:
        if frame != PEOPLE:
            codes, members = self.group_codes(group, PEOPLE)
            person, parts = self.links(frame, PEOPLE).parent, self.facts.frames[frame].columns["part"]
            assert isinstance(parts, Column)
            width = int(parts.n.v.max(initial=0)) + 1
            return np.where(codes[person] < 0, -1, codes[person] * width + parts.n.v), members[person]
        settings = self.plan.groups[group]
        codes = self._key_codes(settings)
        members = codes >= 0
        if settings["where"] is not None:
            members = members & np.broadcast_to(self.truth(settings["where"], PEOPLE).yes, members.shape)
        return codes, members

    def _key_codes(self, settings: dict[str, Any]) -> Array:
        size = self.size(PEOPLE)
        if settings["key"] is None:
            return np.zeros(size, dtype=np.int64)
        words = self.words(settings["key"], PEOPLE)
        codes = np.broadcast_to(words.codes, (size,)).astype(np.int64)
        return np.where(codes < 0, len(words.vocabulary), codes) if settings["blank"] == "one group" else codes

    # --- trees --------------------------------------------------------------------------------

    def value(self, tree: Tree, frame: str) -> AnyColumn:
        """The column that a resolved formula gives on a frame."""
        return _OPERATIONS[tree[0]](self, tree, frame)

    def _fact(self, tree: Tree, frame: str) -> AnyColumn:
        return self.facts.frames[frame].columns[tree[1]]

    def _at(self, tree: Tree, frame: str) -> AnyColumn:
        inner = tree[1]
        found, links = self.value(tree[2], inner), self.links(frame, inner)
        return lift(found, links)

    def _config(self, tree: Tree, frame: str) -> AnyColumn:
        value = self.facts.config.get(tree[1])
        if len(tree) > 2 and value is not None:
            value = value.get(tree[2])
        if isinstance(value, bool):
            return Truth(np.array([value]))
        if isinstance(value, Fraction):
            return Column.const(value)
        return Words.of([value]) if isinstance(value, str) else self._absent(tree[1])

    def _absent(self, key: str) -> AnyColumn:
        declared = self.plan.scheme.config[key]
        if declared.kind in ("text", "words", "month"):
            return Words.of([None])
        return Truth(np.array([False]), np.array([NONE], dtype=np.uint8)) if declared.kind == "yes_no" else Column.none()

    def _owed(self, tree: Tree, frame: str) -> AnyColumn:
        found = self.number(tree[1], frame)
        if found.absent is None:
            return found
        needed = self.truth(tree[2], frame).yes
        marks = np.where(found.absent == 0, 0, np.where(needed, MISSING, NONE)).astype(np.uint8)
        return Column(found.n, found.d, found.v, np.broadcast_to(marks, (found.size,)).copy())

    def _number_of(self, tree: Tree, frame: str) -> AnyColumn:
        words = self.words(tree[1], frame)
        table = Column.of([number(tree[2][word]) if word in tree[2] else None for word in words.vocabulary] + [None], NONE)
        return table.take(words.codes)

    def _arithmetic(self, tree: Tree, frame: str) -> AnyColumn:
        a, b = self.number(tree[1], frame), self.number(tree[2], frame)
        return {"+": Column.__add__, "-": Column.__sub__, "*": Column.__mul__, "/": Column.__truediv__}[tree[0]](a, b)

    def _compare(self, tree: Tree, frame: str) -> AnyColumn:
        a, b = self.number(tree[1], frame), self.number(tree[2], frame)
        return _COMPARE[tree[0]](a, b)

    def _and(self, tree: Tree, frame: str) -> AnyColumn:
        found = self.truth(tree[1], frame)
        for part in tree[2:]:
            found = found & self.truth(part, frame)
        return found

    def _or(self, tree: Tree, frame: str) -> AnyColumn:
        found = self.truth(tree[1], frame)
        for part in tree[2:]:
            found = found | self.truth(part, frame)
        return found

    def _if(self, tree: Tree, frame: str) -> AnyColumn:
        test = self.truth(tree[1], frame)
        yes, no = self.value(tree[2], frame), self.value(tree[3], frame)
        if isinstance(yes, Words) and isinstance(no, Words):
            vocabulary = tuple(dict.fromkeys((*yes.vocabulary, *no.vocabulary)))
            return Words(np.where(test.yes, yes.recoded(vocabulary), no.recoded(vocabulary)), vocabulary)
        if isinstance(yes, Truth) and isinstance(no, Truth):
            return (test & yes) | (~test & no)
        assert isinstance(yes, Column)
        assert isinstance(no, Column)
        found = yes.where(test.yes, no)
        return found if test.absent is None else found.remark(test.absent)

    def _among(self, tree: Tree, frame: str) -> AnyColumn:
        words = self.words(tree[1], frame)
        wanted = [code for code, word in enumerate(words.vocabulary) if word in tree[2]]
        return Truth(np.isin(words.codes, wanted))

    def _member(self, tree: Tree, frame: str) -> AnyColumn:
        """Is the person named in this row a member of the group, seen from the row's subject."""
        codes, members = self.group_codes(tree[2], PEOPLE)
        subject = self.links(frame, PEOPLE).parent
        named = self.links(frame, f"{PEOPLE}.{tree[1]}").parent
        both = (subject >= 0) & (named >= 0)
        same = both & (codes[subject] == codes[named]) & (codes[subject] >= 0) & members[named]
        return Truth(same & (subject != named) if self.plan.groups[tree[2]]["others"] else same)

    def _call(self, tree: Tree, frame: str) -> AnyColumn:
        if tree[1] == "first":
            return self._first([self.value(part, frame) for part in tree[2:]])
        return FUNCTIONS[tree[1]](*(self.number(part, frame) for part in tree[2:]))

    def _first(self, parts: list[AnyColumn]) -> AnyColumn:
        found = parts[0]
        for part in parts[1:]:
            if isinstance(found, Words) and isinstance(part, Words):
                vocabulary = tuple(dict.fromkeys((*found.vocabulary, *part.vocabulary)))
                mine = found.recoded(vocabulary)
                found = Words(np.where(mine >= 0, mine, part.recoded(vocabulary)), vocabulary)
            elif isinstance(found, Truth) and isinstance(part, Truth):
                known = np.ones(1, dtype=bool) if found.absent is None else found.absent == 0
                marks = None if part.absent is None else np.where(known, 0, part.absent).astype(np.uint8)
                found = Truth(np.where(known, found.yes, part.yes), marks)
            elif isinstance(found, Column) and isinstance(part, Column):
                found = found.or_else(part)
        return found

    # --- aggregates ---------------------------------------------------------------------------

    def _aggregate(self, tree: Tree, frame: str) -> AnyColumn:
        _, how, child, value, where = tree
        links = self.links(child, frame)
        chosen = None if where is None else self.truth(where, child).yes
        if how == "share":
            return self._share(child, links, value, chosen)
        if value is not None and how in ("count", "any"):
            chosen = self.truth(value, child).yes if chosen is None else chosen & self.truth(value, child).yes
        kept = links if chosen is None else Links(np.where(chosen, links.parent, -1), links.size)
        if how == "any":
            return Truth(kept.count().v > 0)
        times = self._times_of(child)
        if how == "count":
            return Column(kept.count() if times is None else kept.total(times))
        return self._of_rows(how, self.number(value, child), kept, times)

    def _times_of(self, child: str) -> Ints | None:
        """How often each row counts: its `count`, where the rows have one."""
        count = self.facts.frames[child].columns.get("count")
        return count.n if isinstance(count, Column) and child.startswith("event.") else None

    def _of_rows(self, how: str, value: Column, links: Links, times: Ints | None) -> Column:
        if how in ("min", "max"):
            return links.extreme(value, how == "max")
        weighted = value if times is None else value * Column(times)
        total = links.sum(weighted)
        if how == "sum":
            return total
        given = value.given().yes
        counted = links.count(given) if times is None else links.total(Ints(np.where(given, times.v, 0), times.hi))
        return (total / Column(counted)).settled()

    def _share(self, child: str, links: Links, value: Tree, chosen: Array | None) -> Column:
        holds = self.truth(value, child).yes
        kept = links if chosen is None else Links(np.where(chosen, links.parent, -1), links.size)
        return Column(kept.count(holds)) / Column(kept.count())

    def _over(self, tree: Tree, frame: str) -> AnyColumn:
        """An aggregate over a group of people, seen from each of them, or from a unit."""
        _, how, group, value, where = tree
        inner = frame if frame.startswith(PEOPLE) else PEOPLE
        codes, members = self.group_codes(group, inner)
        if where is not None:
            members = members & self.truth(where, inner).yes
        groups = Links(np.where(members, codes, -1), int(codes.max(initial=-1)) + 1)
        others = self.plan.groups[group]["others"] and frame.startswith(PEOPLE)
        if frame.startswith(PEOPLE):
            return self._seen(how, value, inner, groups, codes, members if others else None)
        return self._from_unit(how, value, inner, members, frame)

    def _from_unit(self, how: str, value: Tree | None, inner: str, members: Array, frame: str) -> AnyColumn:
        links = Links(np.where(members, self.links(inner, frame).parent, -1), self.size(frame))
        if how in ("count", "any"):
            chosen = None if value is None else self.truth(value, inner).yes
            counted = links.count(chosen)
            return Truth(counted.v > 0) if how == "any" else Column(counted)
        if how == "share":
            assert value is not None
            return Column(links.count(self.truth(value, inner).yes)) / Column(links.count())
        assert value is not None
        return self._of_rows(how, self.number(value, inner), links, None)

    def _seen(self, how: str, value: Tree | None, inner: str, groups: Links, codes: Array, own: Array | None) -> AnyColumn:
        """The aggregate of each row's group; without the row itself where `own` says who is in it."""
        if how in ("count", "any", "share"):
            return self._seen_counts(how, value, inner, groups, codes, own)
        assert value is not None
        column = self.number(value, inner)
        if how in ("min", "max"):
            return lift(groups.extreme(column, how == "max"), Links(codes, groups.size))
        given = column.given().yes
        mine = (np.zeros(1, dtype=bool) if own is None else own) & given
        total = lift_number(groups.sum(column), codes)
        if own is not None:
            total = total - column.or_else(Column.const(0)).where(mine, Column.const(0))
        if how == "sum":
            return total
        count = lift_ints(groups.given(column), codes) - Ints(mine.astype(np.int64), 1)
        return total / Column(count)

    def _seen_counts(self, how: str, value: Tree | None, inner: str, groups: Links, codes: Array, own: Array | None) -> AnyColumn:
        holds = np.ones(codes.size, dtype=bool) if value is None else np.broadcast_to(self.truth(value, inner).yes, codes.shape)
        mine = np.zeros(codes.size, dtype=bool) if own is None else own
        count = lift_ints(groups.count(holds), codes) - Ints((mine & holds).astype(np.int64), 1)
        if how == "any":
            return Truth(count.v > 0)
        if how == "count":
            return Column(count)
        whole = lift_ints(groups.count(), codes) - Ints(mine.astype(np.int64), 1)
        return Column(count) / Column(whole)

    # --- earlier periods ----------------------------------------------------------------------

    def _run(self, tree: Tree, frame: str) -> AnyColumn:
        """How many adjoining periods, counted back from this one, the condition holds in."""
        _, now, past, _, history = tree
        current = np.broadcast_to(self.truth(now, frame).yes, (self.size(frame),))
        links, back = self.links(history, frame), self._back(history)
        holds = np.broadcast_to(self.truth(past, history).yes, back.shape)
        length = np.zeros(self.size(frame), dtype=np.int64)
        for step in range(1, int(back.max(initial=0)) + 1):
            hit = Links(np.where(holds & (back == step), links.parent, -1), links.size).count().v > 0
            growing = hit & (length == step - 1)
            if not growing.any():
                break
            length[growing] = step
        return Column(Ints(np.where(current, length + 1, 0), int(length.max(initial=0)) + 1))

    def _times(self, tree: Tree, frame: str) -> AnyColumn:
        """In how many periods the condition holds: this one and earlier ones, all or of this calendar year."""
        _, now, past, within, history = tree
        current = self.truth(now, frame).yes.astype(np.int64)
        holds = np.broadcast_to(self.truth(past, history).yes, (self.size(history),))
        if within == "year":
            days = self.number(["fact", "period_end"], history).n.v
            holds = holds & (_years(days) == self.facts.end.year)
        counted = self.links(history, frame).count(holds)
        return Column(counted + Ints(current, 1))

    def _latest(self, tree: Tree, frame: str) -> AnyColumn:
        """The value of the latest earlier period for which the condition holds."""
        _, value, where, history = tree
        return self._of_period(value, where, history, frame, None)

    def _previous(self, tree: Tree, frame: str) -> AnyColumn:
        """The value of the period just before this one."""
        _, value, where, history = tree
        return self._of_period(value, where, history, frame, 1)

    def _of_period(self, value: Tree, where: Tree | None, history: str, frame: str, step: int | None) -> AnyColumn:
        size, links, back = self.size(frame), self.links(history, frame), self._back(history)
        chosen = np.ones(back.size, dtype=bool) if step is None else back == step
        if where is not None:
            chosen = chosen & self.truth(where, history).yes
        days = self.number(["fact", "period_end"], history).n.v
        rows = np.flatnonzero(chosen & (links.parent >= 0))
        rows = rows[np.argsort(days[rows], kind="stable")]
        place = np.full(size, -1, dtype=np.int64)
        place[links.parent[rows]] = rows
        return lift(self.value(value, history), Links(place, back.size))

    def _back(self, history: str) -> Array:
        """How many periods ago each earlier period was."""
        months = PERIOD_MONTHS.get(self.plan.scheme.period.unit, 1)
        days = self.number(["fact", "period_end"], history).n.v
        if self.plan.scheme.period.unit == "week":
            return (day_number(self.facts.end) - days) // 7
        end = self.facts.end.year * 12 + self.facts.end.month - 1
        return end // months - _month_numbers(days) // months

    def _assessed(self, tree: Tree, frame: str) -> AnyColumn:
        """Who gets a result: the role is assessed, no state takes the person out, a form is there."""
        if "assessed" not in self.columns:
            self.columns["assessed"] = self._find_assessed()
        return self.columns["assessed"]

    def _find_assessed(self) -> Truth:
        people = self.facts.frames[PEOPLE].columns
        found = people["assessed"]
        assert isinstance(found, Truth)
        for state in self.plan.scheme.states:
            found = found & Truth(~self.truth(["node", f"state.{state}"], PEOPLE).yes)
        if "form" in self.plan.nodes:
            found = found & Truth(self.words(["node", "form"], PEOPLE).codes >= 0)
        return found

    def owed_items(self) -> dict[str, Array]:
        """For each item the people whose form has it and who lack it."""
        found: dict[str, Array] = {}
        assessed = self.truth(["assessed"], PEOPLE).yes
        for item in self.plan.scheme.items:
            column = self.number(["node", f"item.{item}"], PEOPLE)
            if column.absent is None:
                continue
            missing = np.broadcast_to(column.absent == MISSING, assessed.shape) & assessed & self.having(item)
            if missing.any():
                found[item] = missing
        return found

    def having(self, item: str) -> Array:
        """Whose form has the item."""
        if "form" not in self.plan.nodes:
            return np.ones(self.size(PEOPLE), dtype=bool)
        forms = self.words(["node", "form"], PEOPLE)
        codes = [code for code, form in enumerate(forms.vocabulary) if item in self.plan.forms[form]["items"]]
        return np.asarray(np.isin(forms.codes, codes))

    def incomplete(self) -> Array:
        """Who is assessed but lacks something."""
        assessed = self.truth(["assessed"], PEOPLE).yes
        found = np.zeros(self.size(PEOPLE), dtype=bool)
        for missing in self.owed_items().values():
            found = found | missing
        if self.plan.scheme.total is not None:
            total = self.number(["node", "total"], PEOPLE)
            found = found | (assessed & ~total.given().yes)
        return found & assessed

    def _whole(self, tree: Tree, frame: str) -> AnyColumn:
        """Is nobody of a group incomplete."""
        if "incomplete" not in self.columns:
            self.columns["incomplete"] = Truth(self.incomplete())
        _, members = self.group_codes(tree[1], PEOPLE)
        open_rows = members & self.truth(["incomplete"], PEOPLE).yes
        links = self.links(PEOPLE, frame) if frame != PEOPLE else Links(np.zeros(open_rows.size, dtype=np.int64), 1)
        waiting = links.any(open_rows)
        return Truth(~waiting if frame != PEOPLE else np.full(open_rows.size, not waiting.any()))


def lift(found: AnyColumn, links: Links) -> AnyColumn:
    """A parent's column seen from the children; a child without a parent has none."""
    if found_size(found) == 1 and links.size != 1:
        return found
    parent = links.parent
    if (parent >= 0).all():
        return found.take(parent)
    rows = np.where(parent < 0, 0, parent)
    orphan = np.where(parent < 0, NONE, 0).astype(np.uint8)
    if isinstance(found, Words):
        codes = found.codes[rows] if found.codes.size else np.full(rows.size, -1, dtype=np.int64)
        return Words(np.where(parent < 0, -1, codes), found.vocabulary)
    if found_size(found) == 0 or (isinstance(found, Column) and found.n.v.size == 0):
        return _nothing(found, orphan)
    taken = found.take(rows)
    return taken.remark(orphan) if isinstance(taken, Column) else _marked(taken, orphan)


def _nothing(found: AnyColumn, orphan: Marks) -> AnyColumn:
    if isinstance(found, Truth):
        return Truth(np.zeros(orphan.size, dtype=bool), orphan)
    return Column(Ints(np.zeros(orphan.size, dtype=np.int64), 0), 1, None, orphan)


def _marked(found: AnyColumn, marks: Marks) -> AnyColumn:
    assert isinstance(found, Truth)
    return Truth(found.yes, marks if found.absent is None else np.maximum(found.absent, marks))


def found_size(found: AnyColumn) -> int:
    """How many rows a column has; one for a constant."""
    return found.size


def lift_number(column: Column, codes: Array) -> Column:
    """A group's figure seen from its members; none for who is in no group."""
    found = lift(column, Links(codes, max(column.size, 1)))
    assert isinstance(found, Column)
    return found


def lift_ints(numbers: Ints, codes: Array) -> Ints:
    """A group's count seen from its members; 0 for who is in no group."""
    if numbers.v.size == 0:
        return Ints(np.zeros(codes.size, dtype=np.int64), 0)
    return Ints(np.where(codes < 0, 0, numbers.v[np.where(codes < 0, 0, codes)]), numbers.hi)


def _years(days: Array) -> Array:
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def _month_numbers(days: Array) -> Array:
    """Months since year 0."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12


def _parts(days: Array) -> tuple[Array, Array]:
    """Month number and day of the month."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    return months.astype(np.int64), (days.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64) + 1


def _last_day(months: Array) -> Array:
    first, after = (month.astype("datetime64[M]").astype("datetime64[D]") for month in (months, months + 1))
    return np.asarray((after - first).astype(np.int64))


def months_between(first: Column, last: Column) -> Column:
    """Whole calendar months from one day to another; the 31st reaches its month on a shorter month's last day."""
    month_a, day_a = _parts(first.n.v)
    month_b, day_b = _parts(last.n.v)
    whole = month_b - month_a - (day_b < np.minimum(day_a, _last_day(month_b)))
    return Column(Ints.of(whole)).remark(_marks_of(first, last, whole.size))


def months_after(day: Column, months: Column) -> Column:
    """The same day n months on, or that month's last day where it has no such day."""
    month, dom = _parts(day.n.v)
    target = month + months.n.v
    days = target.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + np.minimum(dom, _last_day(target)) - 1
    return Column(Ints.of(days)).remark(_marks_of(day, months, days.size))


def _marks_of(a: Column, b: Column, size: int) -> Marks:
    zero = np.zeros(size, dtype=np.uint8)
    return np.maximum(zero if a.absent is None else a.absent, zero if b.absent is None else b.absent)


def _mean(*parts: Column) -> Column:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total / Column.const(len(parts))


def _mean_given(*parts: Column) -> Column:
    """The mean of those parts that are there; a part somebody owes is still owed."""
    total, count, owed = Column.const(0), Column.const(0), np.zeros(1, dtype=np.uint8)
    for part in parts:
        total = total + part.or_else(Column.const(0))
        count = count + Column(Ints.of(part.given().yes.astype(np.int64)))
        if part.absent is not None:
            owed = np.maximum(owed, np.where(part.absent == MISSING, MISSING, 0).astype(np.uint8))
    return (total / count).remark(owed) if owed.any() else total / count


def _folded(act: Callable[[Column, Column], Column]) -> Callable[..., Column]:
    def fold(*parts: Column) -> Column:
        found = parts[0]
        for part in parts[1:]:
            found = act(found, part)
        return found

    return fold


def _is_multiple(value: Column, step: Column) -> Truth:
    quotient = value / step
    return Truth((quotient.n.v > 0) & (quotient.round(Fraction(1), "down").equals(quotient)).yes, quotient.absent)


def _sign(value: Column) -> Column:
    return Column(Ints(np.sign(value.n.v).astype(np.int64), 1), 1, None, value.absent)


def _floor(value: Column) -> Column:
    down = value.round(Fraction(1), "down")
    return down - Column(Ints.of((value < down).yes.astype(np.int64)))


_COMPARE: dict[str, Callable[[Column, Column], Truth]] = {
    "<": Column.__lt__,
    "<=": Column.__le__,
    ">": Column.__gt__,
    ">=": Column.__ge__,
    "==": Column.equals,
}
FUNCTIONS: dict[str, Callable[..., AnyColumn]] = {
    "min": _folded(Column.least),
    "max": _folded(Column.most),
    "sum": _folded(Column.__add__),
    "mean": _mean,
    "mean_given": _mean_given,
    "sign": _sign,
    "rounded": lambda value: value.round(Fraction(1, 100)),
    "floor_of": _floor,
    "abs": Column.__abs__,
    "is_multiple": _is_multiple,
    "months_between": months_between,
    "months_after": months_after,
    "days_between": lambda first, last: last - first,
}


def _bands(self: Evaluator, tree: Tree, frame: str) -> AnyColumn:
    _, figure, bands, gives = tree
    columns = [self.number(give, frame) for give in gives]
    return points_of_bands(self.number(figure, frame), [Band.read(band) for band in bands], columns)


def _has(self: Evaluator, tree: Tree, frame: str) -> AnyColumn:
    """Is a word among the words of a cell; cells hold them with `|` between."""
    words = self.words(tree[1], frame)
    having = [code for code, cell in enumerate(words.vocabulary) if tree[2] in cell.split("|")]
    return Truth(np.isin(words.codes, having))


def _day(name: str) -> Callable[[Evaluator, Tree, str], AnyColumn]:
    return lambda self, tree, frame: Column.const(day_number(getattr(self.facts, name)))


_OPERATIONS: dict[str, Callable[[Evaluator, Tree, str], AnyColumn]] = {
    "num": lambda self, tree, frame: Column.const(Fraction(tree[1])),
    "yes": lambda self, tree, frame: Truth(np.array([True])),
    "no": lambda self, tree, frame: Truth(np.array([False])),
    "none": lambda self, tree, frame: Column.none(),
    "word": lambda self, tree, frame: Words.of([tree[1]]),
    "start": _day("start"),
    "end": _day("end"),
    "as_of": _day("as_of"),
    "fact": Evaluator._fact,
    "node": lambda self, tree, frame: self.node(tree[1]),
    "at": Evaluator._at,
    "config": Evaluator._config,
    "owed": Evaluator._owed,
    "number_of": Evaluator._number_of,
    "+": Evaluator._arithmetic,
    "-": Evaluator._arithmetic,
    "*": Evaluator._arithmetic,
    "/": Evaluator._arithmetic,
    "neg": lambda self, tree, frame: -self.number(tree[1], frame),
    "<": Evaluator._compare,
    "<=": Evaluator._compare,
    ">": Evaluator._compare,
    ">=": Evaluator._compare,
    "==": Evaluator._compare,
    "is": lambda self, tree, frame: self.words(tree[1], frame).equals(tree[2]),
    "same": lambda self, tree, frame: self.words(tree[1], frame).same(self.words(tree[2], frame)),
    "among": Evaluator._among,
    "has": _has,
    "member": Evaluator._member,
    "and": Evaluator._and,
    "or": Evaluator._or,
    "not": lambda self, tree, frame: ~self.truth(tree[1], frame),
    "if": Evaluator._if,
    "given": lambda self, tree, frame: _given(self.value(tree[1], frame)),
    "call": Evaluator._call,
    "bands": _bands,
    "agg": Evaluator._aggregate,
    "over": Evaluator._over,
    "run": Evaluator._run,
    "times": Evaluator._times,
    "latest": Evaluator._latest,
    "previous": Evaluator._previous,
    "assessed": Evaluator._assessed,
    "incomplete": lambda self, tree, frame: self.columns["incomplete"],
    "whole": Evaluator._whole,
}


def _given(found: AnyColumn) -> Truth:
    if isinstance(found, Column):
        return found.given()
    if isinstance(found, Words):
        return Truth(found.codes >= 0)
    return Truth(np.ones(found.yes.size, dtype=bool) if found.absent is None else found.absent == 0)
