"""Scoring a round's rows: figures for the database at once, the told cards when they are asked for."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from typing import get_args

from kaohe.checking import check_facts
from kaohe.explaining import Explanation, Line, Record, explain
from kaohe.improving import next_band
from kaohe.labels import Labels
from kaohe.numbers import parse_number, write_number
from kaohe.papers.earlier import EarlierRound, LookBack
from kaohe.papers.rounds import Round, Wishes
from kaohe.papers.scorecards import Card
from kaohe.problems import Language, Problems
from kaohe.scoring import ASSESSED, INCOMPLETE, Results, Scorecard, Value, score
from kaohe_web.engine.facts import Rows
from kaohe_web.engine.schemes import plan_of
from kaohe_web.engine.telling import Told, told_of

Data = dict[str, object]
HUNDRED = 100
AXIS = 10_000
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True)
class Figure:
    """A figure as reported and, exactly, as text."""

    id: str
    shown: str
    exact: str


@dataclass(frozen=True)
class Amount:
    """A pay line: whole fen, and the exact yuan."""

    line: str
    fen: int
    exact: str


@dataclass(frozen=True)
class Outcome:
    """One subject's figures, ready for a row."""

    subject: str
    name: str
    status: str
    why: str = ""
    why_en: str = ""
    total: str = ""
    shown: str = ""
    key: int | None = None
    grade: str = ""
    rank: int | None = None
    of: int | None = None
    items: tuple[Figure, ...] = ()
    pay: tuple[Amount, ...] = ()
    actions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def figures(self) -> list[object]:
        """What is figures and not words: by this two scorings are the same or not."""
        items, pay = [[one.id, one.exact] for one in self.items], [[one.line, one.fen, one.exact] for one in self.pay]
        told = (self.actions, self.warnings, self.missing)
        return [self.subject, self.status, self.total, self.grade, self.rank, self.of, items, pay, *(list(one) for one in told)]

    @property
    def is_complete(self) -> bool:
        """Whether the subject has a result that may be published."""
        return self.status == ASSESSED

    @property
    def is_incomplete(self) -> bool:
        """Whether somebody still owes a fact."""
        return self.status == INCOMPLETE


@dataclass(frozen=True)
class Earlier:
    """An earlier period's totals and grades by subject, for the trend."""

    start: date
    end: date
    totals: dict[str, str] = field(default_factory=dict)
    grades: dict[str, str] = field(default_factory=dict)


class Scored:
    """A round's results; what is told of them is made on demand."""

    def __init__(self, results: Results, rows: Rows) -> None:
        self.results = results
        self.rows = rows

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """Everybody's figures, in the order of the facts."""
        cards = [self.results.scorecard(subject) for subject in self.results.subjects()]
        keys = _keys(cards)
        labels = Labels(self.results.plan, "zh"), Labels(self.results.plan, "en")
        return [_outcome(card, keys.get(card.subject), labels) for card in cards]

    @cached_property
    def digest(self) -> str:
        """The hash of all figures: equal for equal results, in whatever words a later engine tells them."""
        return digest_of([outcome.figures for outcome in self.outcomes])

    @cached_property
    def fractions_of_fen(self) -> list[tuple[str, str]]:
        """Pay lines that are no whole fen, by subject: such a scheme must say how it rounds before anybody is paid."""
        return [
            (card.subject, line)
            for card in (self.results.scorecard(subject) for subject in self.results.subjects())
            for line, amount in card.pay.items()
            if isinstance(amount, Fraction) and (amount * HUNDRED).denominator != 1
        ]

    def told(
        self, language: Language, company: str, earlier: Sequence[Earlier] = (), provisional: bool = True, ways: bool = True
    ) -> Telling:
        """Cards and explanations in a language."""
        back = LookBack(tuple(_earlier(one) for one in earlier))
        return Telling(self, language, company, back, provisional, ways)


class Telling:
    """What is told of a round in one language: each subject's card and explanation, money apart."""

    def __init__(self, scored: Scored, language: Language, company: str, back: LookBack, provisional: bool, ways: bool) -> None:
        self.results, raw = scored.results, scored.rows.raw()
        self.language = language
        self.plain = Round(self.results, raw, Wishes(language, company, money=False, provisional=provisional, ways=ways), back)
        self.rich = Round(self.results, raw, Wishes(language, company, money=True, provisional=provisional, ways=ways), back)

    def subjects(self) -> list[str]:
        """Who has a card: people, not units."""
        return list(self.plain.cards)

    def card(self, subject: str) -> tuple[Data, Data]:
        """A subject's card without money, and what money adds to it."""
        made = Card(self.plain, self.plain.cards[subject])
        told = made.told
        lines = {False: [], True: []}  # type: dict[bool, list[Data]]
        for line in told.lines:
            lines[line.id.startswith("pay.")].append(_line(line))
        body = {**made.data(), "lines": lines[False], "parts": [part.item for part in made.making.parts]}
        return body, {"pay": self._pay(subject), "lines": lines[True]}

    def _pay(self, subject: str) -> list[Data]:
        card = Card(self.rich, self.rich.cards[subject])
        return [{**card._pay_row(line, amount), "line": line} for line, amount in card.card.pay.items()]


def digest_of(figures: Sequence[object]) -> str:
    """The hash by which a round's figures are known."""
    return sha256(json.dumps(figures, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def score_rows(written: str, rows: Rows) -> tuple[Scored | None, list[Told]]:
    """The results of rows by a kept plan, or every problem in the rows."""
    plan = plan_of(written)
    try:
        return Scored(score(plan, check_facts(plan, rows.raw())), rows), []
    except Problems as refused:
        return None, told_of(refused.problems)


def place_on(total: str, low: str, high: str) -> int | None:
    """Where a total stands between two ends, in the ten thousand parts of a drawn axis; None where they are no numbers."""
    ends = [parse_number(text) for text in (total, low, high)]
    if not all(isinstance(end, Fraction) for end in ends) or ends[1] == ends[2]:
        return None
    at, start, end = (one for one in ends if isinstance(one, Fraction))
    return min(max(((at - start) / (end - start) * AXIS).__floor__(), 0), AXIS)


def pack(data: Data) -> bytes:
    """Plain data, compressed."""
    return zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpack(packed: bytes) -> Data:
    """The data that `pack` packed."""
    found: Data = json.loads(zlib.decompress(bytes(packed)))
    return found


# --- figures --------------------------------------------------------------------------------------


def _outcome(card: Scorecard, key: int | None, labels: tuple[Labels, Labels]) -> Outcome:
    zh, en = labels
    return Outcome(
        subject=card.subject,
        name=card.name,
        status=card.status,
        why=zh.why(card) if card.status not in (ASSESSED, INCOMPLETE) else zh.missing(card),
        why_en=en.why(card) if card.status not in (ASSESSED, INCOMPLETE) else en.missing(card),
        total=_exact(card.exact.get("total", card.total)),
        shown=_shown(card.total),
        key=key,
        grade=card.grade or "",
        rank=card.rank,
        of=card.of,
        items=tuple(Figure(name, _shown(value), _exact(card.exact.get(f"item.{name}", value))) for name, value in card.items.items()),
        pay=tuple(_amount(line, amount, card) for line, amount in card.pay.items() if isinstance(amount, Fraction)),
        actions=tuple(card.actions),
        warnings=tuple(card.warnings),
        missing=tuple(card.missing),
    )


def _amount(line: str, amount: Fraction, card: Scorecard) -> Amount:
    # Lines of broken fen never reach a sheet: `fractions_of_fen` keeps the round from being published.
    return Amount(line, (amount * HUNDRED).__floor__(), _exact(card.exact.get(f"pay.{line}", amount)))


def _keys(cards: Sequence[Scorecard]) -> dict[str, int]:
    """A place to sort by: the highest exact total first, equal totals alike."""
    totals = {card.subject: total for card in cards if isinstance(total := card.exact.get("total", card.total), Fraction)}
    places = {total: place for place, total in enumerate(sorted(set(totals.values()), reverse=True), start=1)}
    return {subject: places[total] for subject, total in totals.items()}


def _exact(value: Value) -> str:
    if value is None:
        return ""
    return write_number(value) if isinstance(value, Fraction) else str(value)


def _shown(value: Value) -> str:
    """A figure as people read it: at most four decimals; the exact text stands beside it."""
    if not isinstance(value, Fraction):
        return "" if value is None else str(value)
    scaled = value * 10_000
    whole = (abs(scaled) + Fraction(1, 2)).__floor__()
    text = f"{whole // 10_000}.{whole % 10_000:04}".rstrip("0").rstrip(".")
    return f"−{text}" if scaled < 0 and whole else text


def _earlier(one: Earlier) -> EarlierRound:
    totals = {subject: number for subject, text in one.totals.items() if isinstance(number := parse_number(text), Fraction)}
    return EarlierRound(one.start, one.end, totals, one.grades)


# --- explanations ---------------------------------------------------------------------------------


def _line(line: Line) -> Data:
    """A line of an explanation with all beneath it."""
    data = {key: value for key, value in line.as_data().items() if key not in ("children", "records")}
    children = [_line(child) for child in line.children]
    records = [_record(record) for record in line.records]
    return {**data, **({"children": children} if children else {}), **({"records": records} if records else {})}


def _record(record: Record) -> Data:
    """A record behind a figure; who gave a rating is left out, and its place with it, so that nobody finds her by it."""
    place = record.place
    words = dict(record.words)
    found: Data = {"sheet": place.sheet, "words": words}
    if place.sheet == "ratings":
        cells = record.cells
        found["words"] = {"relation": str(cells.get("relation", "")), "score": str(cells.get("score", ""))}
        found["item"] = str(cells.get("item", ""))
    else:
        found["number"] = place.row
    if record.effect is not None:
        found["effect"] = _shown(record.effect)
    if record.times != 1:
        found["times"] = record.times
    return found


def explanation_of(scored: Scored, subject: str, language: Language) -> Explanation:
    """One subject's explanation."""
    return explain(scored.results, subject, language)


def ways_of(scored: Scored, subject: str) -> Iterator[str]:
    """What the next better grade takes, in Chinese."""
    for way in next_band(scored.results.plan, scored.rows.raw(), scored.results, subject):
        yield way.tell("zh")
