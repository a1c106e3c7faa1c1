"""One subject's story, from the items to the actions, told from the columns that scoring computed."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import get_args
from weakref import WeakKeyDictionary

from kaohe.explaining.leaves import Leaves, shown_value
from kaohe.explaining.lines import Explanation, Line, Shown
from kaohe.explaining.names import Names
from kaohe.explaining.rows import RowReader
from kaohe.explaining.telling import Leaf, Telling
from kaohe.numbers import write_number
from kaohe.plan import PEOPLE
from kaohe.problems import Language
from kaohe.rules import rules
from kaohe.rules.adjust import HALVES
from kaohe.rules.arithmetic import rounded, shortly
from kaohe.rules.door import Part
from kaohe.scheme import Rounding
from kaohe.scoring import ASSESSED, INCOMPLETE, Results, Scorecard, Value
from kaohe.texts import Text

SILENT_RULES = ("masked", "pick", "gather")
Readers = tuple[RowReader, dict[Language, Names]]
READERS: WeakKeyDictionary[Results, Readers] = WeakKeyDictionary()


def explain(results: Results, subject: str, language: Language) -> Explanation:
    """One subject's results with all that they rest on; a KeyError for somebody without any.

    Nothing is computed but this one explanation; what a group or an earlier period gives is read
    from a column, made at the first look and kept as long as the results are.
    """
    if results not in READERS:
        known: dict[Language, Names] = {side: Names(results.plan, side) for side in get_args(Language)}
        READERS[results] = RowReader(results.evaluator), known
    reader, names = READERS[results]
    return Story(results, reader, names[language]).of(subject)


class Story:
    """One explanation being told."""

    def __init__(self, results: Results, reader: RowReader, names: Names) -> None:
        self.results = results
        self.plan = results.plan
        self.reader = reader
        reader.forget()
        self.language: Language = names.language
        self.names = names
        self.seen: dict[tuple[str, int], Line] = {}
        self.leaves = Leaves(lambda: Telling(reader, self.names, None), self.beneath)
        self.say = self.leaves.say
        self.stop = self.say("；", "; ")

    def of(self, subject: str) -> Explanation:
        """The explanation of one subject."""
        card = self.results.scorecard(subject)
        unit = self._unit_of(subject)
        row = self.results.facts.row_of(subject) if unit is None else self.results.facts.units[unit].index(subject)
        lines = self._person(card, row) if unit is None else self._unit(unit, card, row)
        scheme, facts = self.plan.scheme, self.results.facts
        period = (facts.start.isoformat(), facts.end.isoformat())
        return Explanation(
            subject, card.name, self.language, scheme.name.tell(self.language), scheme.version, period, card.status, tuple(lines)
        )

    def _unit_of(self, subject: str) -> str | None:
        """The kind of unit that a subject is, where units have results."""
        shown = [name for name, unit in self.plan.scheme.units.items() if unit.results]
        return next((name for name in shown if subject in self.results.facts.units[name]), None)

    # --- the scorecard's lines ----------------------------------------------------------------

    def _person(self, card: Scorecard, row: int) -> list[Line]:
        lines = [self._item(name, card, row) for name in self.results.form_items(row)] if card.status in (ASSESSED, INCOMPLETE) else []
        if card.status == ASSESSED:
            lines += self._outcome(card, row)
        lines += self._metrics(card, row, PEOPLE)
        lines += [self.line(f"action.{name}", row) for name in card.actions]
        lines += [self.line(f"warning.{name}", row) for name in card.warnings]
        if card.status == ASSESSED:
            return lines
        return (
            [self._incomplete(card, lines, row), *lines]
            if card.status == INCOMPLETE
            else [self._state(card, row), *self._fixed_pay(card), *lines]
        )

    def _outcome(self, card: Scorecard, row: int) -> list[Line]:
        """Total, grade, rank and pay."""
        scheme = self.plan.scheme
        lines = [] if scheme.total is None else [self._reported(self.line("total", row), scheme.total.reported, card.total)]
        lines += [self.line("grade", row)] if card.grade is not None else []
        lines += [self.line("rank", row)] if card.rank is not None else []
        return lines + self._pay(card, row, PEOPLE)

    def _item(self, name: str, card: Scorecard, row: int) -> Line:
        item = self.plan.scheme.items[name]
        line = self._reported(self.line(f"item.{name}", row), item.reported, card.items.get(name))
        if item.source is None and item.reviewer is None:
            return line
        told = [line.phrase, self._party("数据来源", "source", item.source), self._party("复核", "reviewed by", item.reviewer)]
        return line._replace(phrase=self.say("，", ", ").join(filter(None, told)))

    def _party(self, zh: str, en: str, name: Text | None) -> str:
        """Who supplies an item's figures or reviews them, where the scheme says so."""
        return "" if name is None else self.say(f"{zh}：{name.zh}", f"{en}: {name.en}")

    def _pay(self, card: Scorecard, row: int, frame: str) -> list[Line]:
        pay = self.plan.scheme.pay
        if pay is None:
            return []
        told = [(name, id) for name, id, own in self.plan.outputs["pay"] if own == frame and name in card.pay]
        lines = [self._reported(self.line(id, row), pay.round, card.pay[name], self.say("实发", "Paid")) for name, id in told]
        return [line if line.clause else line._replace(clause=pay.clause) for line in lines]

    def _metrics(self, card: Scorecard, row: int, frame: str) -> list[Line]:
        told = [id for name, id, own in self.plan.outputs["metrics"] if own == frame and name in card.metrics]
        return [line for id in told if not (line := self.line(id, row)).seen]

    def _unit(self, unit: str, card: Scorecard, row: int) -> list[Line]:
        return [*self._pay(card, row, unit), *self._metrics(card, row, unit)]

    def _reported(self, line: Line, rounding: Rounding | None, reported: Value, name: str = "") -> Line:
        """The line with a last line that shows its rounding, where that changed the figure."""
        if rounding is None or not isinstance(line.value, Fraction) or not isinstance(reported, Fraction) or reported == line.value:
            return line
        zh, en = HALVES[rounding.half]
        place, change = write_number(rounding.to), f"{shortly(line.value)} → {write_number(reported)}"
        last = Line(
            f"{line.id}.reported",
            name or self.say("公布", "Reported"),
            reported,
            clause=rounding.clause or line.clause,
            phrase=self.say(f"{change}（{zh}到 {place}）", f"{change} ({en} to {place})"),
            arithmetic=rounded(write_number(line.value), place, rounding.half),
        )
        return line._replace(reported=reported, children=(*line.children, last))

    # --- who has no full result ---------------------------------------------------------------

    def _state(self, card: Scorecard, row: int) -> Line:
        """The state that takes somebody out of scoring, and why it holds."""
        names = [name for name, state in self.plan.scheme.states.items() if state.status == card.status]
        held = [self.line(f"state.{name}", row) for name in names if self.reader.node(f"state.{name}", row) is True]
        line = held[0] if held else Line("status", card.status)
        return line._replace(id="status", value=card.status)

    def _fixed_pay(self, card: Scorecard) -> list[Line]:
        """What a state pays all the same."""
        state = next((state for state in self.plan.scheme.states.values() if state.status == card.status and state.pay), None)
        if state is None:
            return []
        names = {name: self.names.node(f"pay.{name}") for name in card.pay}
        return [
            Line(f"pay.{name}", names[name], value, clause=state.clause, phrase=state.name.tell(self.language))
            for name, value in card.pay.items()
        ]

    def _incomplete(self, card: Scorecard, lines: list[Line], row: int) -> Line:
        """What is missing, and which fact would mend it."""
        ids = [f"item.{name}" for name in card.missing if name in self.plan.scheme.items] or (
            ["total"] if self.plan.scheme.total is not None else []
        )
        values = [name for name in card.missing if name in self.plan.scheme.values and not ids]
        told = [self.seen.get((id, row)) or self.line(id, row) for id in ids]
        told += [self.leaves.line((["fact", f"value.{name}"], PEOPLE, row)) for name in values]
        owed = {(line.id, line.whose): line for found in told for line in self._owed(found)}
        names = "、" if self.language == "zh" else ", "
        lacking = names.join(dict.fromkeys(line.name if not line.phrase else f"{line.name} ({line.phrase})" for line in owed.values()))
        phrase = self.say(f"缺：{lacking}", f"owed: {lacking}") if lacking else ""
        return Line("status", self.say("资料不全", "Incomplete"), INCOMPLETE, phrase=phrase, children=tuple(owed.values()))

    def _owed(self, line: Line) -> list[Line]:
        """The absent facts beneath an absent line; the line itself where it rests on none."""
        below = [owed for child in line.children if child.mark for owed in self._owed(self._whole(child))]
        return below or [line._replace(children=(), seen=True)]

    def _whole(self, line: Line) -> Line:
        """A line that was told before, as it was then."""
        told = [found for (id, _), found in self.seen.items() if id == line.id] if line.seen else []
        return told[0] if told else line

    # --- one figure ---------------------------------------------------------------------------

    def line(self, id: str, row: int) -> Line:
        """One figure of one row and all that it rests on."""
        told_before = self.seen.get((id, row))
        if told_before is not None:
            return told_before.again()
        node = self.plan.nodes[id]
        value, mark = shown_value(self.reader.node(id, row))
        if isinstance(value, str):
            value = self.names.of("grade", value) if id == "grade" else value
        telling = Telling(self.reader, self.names, node)
        told = rules()[node.rule].tell(telling, node, row)
        telling.parts += told.parts
        telling.rows_told += [told.rows] if told.rows is not None else []
        found = Line(
            id,
            self.names.node(id),
            value,
            mark=mark,
            clause=node.clause,
            rule=_chain(*telling.chain, node.rule),
            phrase=self.stop.join(dict.fromkeys([word for word in [*telling.asides, told.words] if word])),
            arithmetic=_worth_writing(told.arithmetic, value),
            whose=self.leaves.whose(node.frame, row),
            children=self.beneath(telling),
            records=tuple([record for rows in telling.rows_told for record in self.leaves.records(rows)]),
        )
        self.seen[id, row] = found
        return found

    def beneath(self, telling: Telling) -> tuple[Line, ...]:
        """The lines of what was written: the parts that a rule made, then the figures and facts."""
        return tuple([self._part(part) for part in telling.parts] + [self._leaf(leaf) for leaf in telling.leaves.values()])

    def _leaf(self, leaf: Leaf) -> Line:
        tree, _, row = leaf
        return self.line(tree[1], row) if tree[0] == "node" else self.leaves.line(leaf)

    def _part(self, part: Part) -> Line:
        records = () if part.rows is None else self.leaves.records(part.rows)
        text = _worth_writing(part.arithmetic, part.value)
        return Line(
            "part", part.name, part.value, phrase=part.words, arithmetic=text, children=tuple(map(self._part, part.parts)), records=records
        )


def _worth_writing(text: str, value: Shown) -> str:
    """The arithmetic, unless it says no more than the number itself."""
    if not text or not isinstance(value, Fraction):
        return ""
    # a text with a blank is more than a number
    return text if " " in text or text != write_number(value) else ""


@lru_cache(maxsize=1024)
def _chain(*keys: str) -> str:
    """The rules of a figure, in the order in which they were followed; those that only pass a figure on are left out."""
    telling = [key for key in dict.fromkeys(keys) if key.partition("@")[0] not in SILENT_RULES]
    return " → ".join(telling or keys[-1:])
