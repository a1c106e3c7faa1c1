"""A cell read: its words covered by statements, the statements put together to a reading, remarks kept, questions named.

Reading never raises, whatever the cell holds, and takes nothing for granted: a word that no rule explains makes the whole cell a question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from kaohe.drafting.bands import Doubt
from kaohe.drafting.composing import banded, counted, proportional
from kaohe.drafting.composing.heard import Heard, Understood, doubts
from kaohe.drafting.composing.others import compose_money, compose_places, compose_rating, compose_veto, veto_of
from kaohe.drafting.grammar import Rule, Statement, Tokens, Unread, cover
from kaohe.drafting.letters import Script, script
from kaohe.drafting.phrases import banding, counting, ends, formulas, paying, ranking, rating, remarks, vetoes
from kaohe.drafting.readings import AllOrNothing, Given, PerEvent, PerStep, Proportion, Reading, Value
from kaohe.drafting.statements import Deadline, Formula, Heading, Raters, Remark
from kaohe.drafting.tokens import MOST_LETTERS, Token, tokenize

RULES: tuple[Rule, ...] = (
    *banding.RULES,
    *counting.RULES,
    *ends.RULES,
    *formulas.RULES,
    *rating.RULES,
    *vetoes.RULES,
    *ranking.RULES,
    *paying.RULES,
    *remarks.RULES,
)
# The first that can account for all that was said has it.
COMPOSERS: tuple[Callable[[Heard], Understood | None], ...] = (
    compose_rating,
    compose_places,
    compose_money,
    proportional.compose_line,
    proportional.compose_share,
    counted.compose_steps,
    counted.compose_events,
    banded.compose,
    compose_veto,
)


@dataclass(frozen=True)
class Read:
    """One cell read: the reading, where there is one, what must be asked, and the remarks that it also holds."""

    phrase: str
    given: Given
    reading: Reading | None
    doubts: tuple[Doubt, ...]
    note: str

    @property
    def asks(self) -> tuple[str, ...]:
        """The kinds of questions, each once."""
        return tuple(dict.fromkeys(doubt.kind for doubt in self.doubts))


def read_phrase(phrase: str, given: Given | None = None) -> Read:
    """What a cell says, beside what the other columns of its row tell."""
    given = given or Given()
    if not phrase.strip():
        return Read(phrase, given, None, (), "")
    written = script(phrase[:MOST_LETTERS])
    if len(phrase) > MOST_LETTERS or written.is_oddly_numbered:
        return Read(phrase, given, None, doubts("meaning"), "")
    tokens = tokenize(written)
    statements = cover(tokens, RULES)
    if any(isinstance(statement, Unread) for statement in statements):
        tokens, statements = _without_asides(tokens, statements)
    found = _understand(statements, given)
    return Read(phrase, given, found.reading, found.doubts, _note(statements, tokens, written))


def _without_asides(tokens: list[Token], statements: list[Statement]) -> tuple[list[Token], list[Statement]]:
    """24小时内（不含节假日）完成: read again without remarks in brackets, if all can be read then."""
    spans = list(remarks.asides(tokens))
    kept = [token for place, token in enumerate(tokens) if not any(start <= place < end for start, end in spans)]
    again = cover(kept, RULES) if spans else []
    if not again or any(isinstance(statement, Unread) for statement in again):
        return tokens, statements
    aside = [token for start, end in spans for token in tokens[start:end]]
    return [*kept, *aside], [*again, Remark(start=len(kept), end=len(kept) + len(aside))]


def _understand(statements: Sequence[Statement], given: Given) -> Understood:
    told = [statement for statement in statements if not isinstance(statement, (Heading, Remark))]
    remarks = [statement for statement in statements if isinstance(statement, Remark)]
    elsewhere = any(remark.elsewhere for remark in remarks) or not any(remark.speaks for remark in remarks)
    if told and all(isinstance(statement, Deadline) for statement in told):
        return Understood(None, doubts("" if all(statement.done for statement in told if isinstance(statement, Deadline)) else "meaning"))
    if not told:
        return Understood(None, doubts("meaning" if elsewhere else ""))
    if any(isinstance(statement, Unread) or _is_doubtful(statement) for statement in told):
        return Understood(None, doubts("meaning"))
    heard = counted.settled(Heard.of(statements, given))
    found = _with_value(heard) or _composed(heard)
    return Understood(None, doubts("meaning")) if found is None or not all(map(may_name, _names(found.reading))) else found


# What a name of an occurrence never holds: it would be a piece of a rule that was not understood.
_RULING = re.compile(
    r"扣|得分|总分|本项|该项|满分|否则|其余|封顶|为止|保底|上限|下限|允许|超出后|超过后|以下|下列|(?:以上|以内|部分|达到)$|^(?:从|后|时|的|者|再|降至|升至)"
)


def may_name(event: str) -> bool:
    """Whether words may name an occurrence."""
    return _RULING.search(event) is None


def _names(reading: Reading | None) -> Iterator[str]:
    """The names of occurrences in a reading."""
    if isinstance(reading, PerEvent):
        yield from (row.event for row in reading.events)
    if isinstance(reading, (AllOrNothing, PerStep)):
        yield reading.event
    if reading is not None and reading.veto is not None:
        yield reading.veto.event


def _is_doubtful(statement: Statement) -> bool:
    """Whether a word in it leaves the figure to somebody's mood; raters may well judge 酌情."""
    if isinstance(statement, Raters):
        return not {"或", "或者", "且", "并且"}.isdisjoint(statement.doubts)
    return bool(statement.doubts) and not isinstance(statement, Deadline)


def _composed(heard: Heard) -> Understood | None:
    """The first composer that can account for everything; what takes everything is added."""
    found = next((result for compose in COMPOSERS if (result := compose(heard)) is not None), None)
    if found is None or not heard.vetoes or found.reading is None or found.reading.veto is not None:
        return found
    veto = veto_of(heard)
    if veto is None:
        return None
    with_veto = Understood(replace(found.reading, veto=veto), found.doubts)
    return with_veto if veto.scope else with_veto.asking("meaning")


def _with_value(heard: Heard) -> Understood | None:
    """A cell that first defines its value and then scores it."""
    formulas = [formula for formula in heard.all(Formula) if formula.kind == "value" and not formula.times]
    if len(formulas) != 1 or len(heard.without(Formula, Remark).statements) == 0:
        return None
    found = _composed(heard.without(Formula))
    if found is None or found.reading is None or isinstance(found.reading, Proportion):
        return None
    value = Value(formulas[0].part, formulas[0].of)
    return Understood(replace(found.reading, value=value), found.doubts)


def _note(statements: Sequence[Statement], tokens: Tokens, written: Script) -> str:
    """The remarks as they were typed, without their brackets and 注：."""
    pieces = []
    for is_remark, group in groupby(
        statements,
        key=lambda statement: (
            isinstance(statement, Remark) or (isinstance(statement, Deadline) and statement.done and len(statements) == 1)
        ),
    ):
        row = list(group)
        if is_remark:
            start, end = row[0].start, row[-1].end
            while start < end - 1 and tokens[start].of("NOTE", "COLON", "OPEN"):
                start += 1
            pieces.append(written.original(tokens[start].start, tokens[end - 1].end).strip(" \n()（）[]【】；;。，,"))
    return "；".join(piece for piece in pieces if piece)


__all__ = ["AllOrNothing", "Read", "read_phrase"]
