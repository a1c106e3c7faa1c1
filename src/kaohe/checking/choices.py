"""What the company chose, and the period: checked before any table."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from kaohe.checking.cells import malformed, number_fault, read_cells, unknown_word
from kaohe.checking.inspection import condition_of
from kaohe.evaluating import Evaluator
from kaohe.fact_problems import CROSSED, FactMissing, FactNotAllowed, FactUnknown, PeriodWrong, WeightsOff
from kaohe.facts import Facts, RawFacts, is_blank
from kaohe.numbers import number, parse_date, write_number
from kaohe.plan import PEOPLE, Plan, Tree, walk
from kaohe.problems import Place, Problem
from kaohe.scheme import ConfigEntry, Declared, Period, Scheme
from kaohe.texts import listed, nearest

PERIOD_WORDS = {
    "week": ("一个自然周", "a calendar week"),
    "month": ("一个自然月", "a calendar month"),
    "quarter": ("一个自然季度", "a calendar quarter"),
    "half_year": ("一个自然半年", "a calendar half-year"),
    "year": ("一个自然年", "a calendar year"),
    "any": ("一段日期", "a span of days"),
}
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


class Choices:
    """Reads configuration and period; keeps problems in the order in which they are found."""

    def __init__(self, plan: Plan, raw: RawFacts) -> None:
        self.plan = plan
        self.scheme: Scheme = plan.scheme
        self.raw = raw
        self.place = raw.place
        self.problems: list[Problem] = []

    # --- configuration ------------------------------------------------------------------------

    def config(self) -> dict[str, Any]:
        """Every choice with its value; defaults filled in, None where nothing was chosen."""
        chosen = self.raw.config
        found = {key: self._entry(key, entry, chosen.get(key)) for key, entry in self.scheme.config.items()}
        for key in chosen:
            if key not in self.scheme.config:
                kind, words = unknown_word(key, list(self.scheme.config))
                self.problems.append(kind(self._at(key), [key, "config"], what="config", column=key, **words))
        return found

    def _at(self, column: str) -> Place:
        return self.place.at(column=column)

    def _entry(self, key: str, entry: ConfigEntry, chosen: object) -> Any:
        if entry.for_ is not None or entry.parts is not None:
            return self._parts(key, entry, chosen)
        if is_blank(chosen) and entry.default is None:
            if not entry.optional:
                self.problems.append(FactMissing(self._at(key), [key], what="config", column=key))
            return None
        return self._single(key, entry, entry.default if is_blank(chosen) else chosen)

    def _single(self, key: str, entry: ConfigEntry, chosen: object) -> Any:
        if entry.one_of is not None:
            return self._one_of(key, entry.one_of, chosen)
        words = self._vocabulary(entry)
        cells = read_cells([chosen], entry, words)
        for _, kind, found in cells.faults:
            self.problems.append(kind(self._at(key), [key, str(chosen)], what="config", column=key, **found))
        return None if cells.faults else _plain(cells.column[0])

    def _vocabulary(self, entry: Declared) -> tuple[str, ...] | None:
        if isinstance(entry.words, str):
            return tuple(self.scheme.words[entry.words].names)
        return entry.words

    def _one_of(self, key: str, options: tuple[str, ...], chosen: object) -> Any:
        word = "true" if chosen is True else "false" if chosen is False else str(chosen).strip()
        if word in options:
            return _number_or_word(word)
        more = {"why_zh": f"(只能是 {listed(options)})", "why_en": f" (only {listed(options)})"}
        self.problems.append(FactNotAllowed(self._at(key), [key, word], what="config", column=key, found=word, **more))
        return None

    def _parts(self, key: str, entry: ConfigEntry, chosen: object) -> Any:
        """One figure for each part: the parts' own bounds, then sections, then the sum.

        Every part must be chosen or none; where the parts are optional, one left out takes the default.
        """
        wanted = list(self.scheme.items) if entry.parts is None else list(entry.parts)
        if not is_blank(chosen) and not isinstance(chosen, Mapping):
            chosen = {}
        if is_blank(chosen) or not isinstance(chosen, Mapping):
            if entry.defaults is None and entry.default is None:
                self.problems.append(FactMissing(self._at(key), [key], what="config", column=key))
                return None
            chosen = entry.defaults or {part: str(entry.default) for part in wanted}
        self._unknown_parts(key, wanted, chosen)
        if entry.optional and entry.default is not None and chosen:
            chosen = {part: str(entry.default) for part in wanted} | {part: cell for part, cell in chosen.items() if not is_blank(cell)}
        missing = [part for part in wanted if is_blank(chosen.get(part))]
        for part in missing:
            self.problems.append(FactMissing(self._at(key), [part, key], what=f"config.{key}", column=part))
        found = {part: self._part(key, entry, part, chosen.get(part)) for part in wanted if part not in missing}
        if missing or None in found.values():
            return None
        numbers: dict[str, Fraction] = {part: value for part, value in found.items() if value is not None}
        self._sections(key, entry, numbers)
        total = sum(numbers.values(), Fraction(0))
        if entry.sum is not None and total != entry.sum:
            more = {"found": write_number(total), "wanted": write_number(entry.sum)}
            self.problems.append(WeightsOff(self._at(key), [key], what="config", column=key, **more))
        return numbers

    def _unknown_parts(self, key: str, wanted: list[str], chosen: Mapping[str, object]) -> None:
        for part in chosen:
            if part not in wanted:
                guess = nearest(part, wanted)
                more = {"guess_zh": f"，是否为 {guess}?" if guess else "", "guess_en": f"; did you mean {guess}?" if guess else ""}
                self.problems.append(
                    FactUnknown(self._at(key), [part, key], what=f"config.{key}", column=key, found=part, known=listed(wanted, 40), **more)
                )

    def _part(self, key: str, entry: ConfigEntry, part: str, chosen: object) -> Fraction | None:
        bounds = self._bounds(entry, part)
        cells = read_cells([chosen], bounds, None)
        for _, kind, found in cells.faults:
            self.problems.append(kind(self._at(key), [part, key], what=f"config.{key}", column=part, **found))
        value = cells.column[0]
        return value if isinstance(value, Fraction) else None

    def _bounds(self, entry: ConfigEntry, part: str) -> Declared:
        """The range of an item's weight, where items have ranges; else that of the entry."""
        item = self.scheme.items.get(part) if entry.for_ is not None else None
        if item is not None and item.weight is not None and ".." in item.weight:
            return Declared.model_validate(f"number {item.weight}")
        return entry

    def _sections(self, key: str, entry: ConfigEntry, numbers: dict[str, Fraction]) -> None:
        for name, section in self.scheme.sections.items():
            if entry.for_ is None or section.weight is None or ".." not in section.weight:
                continue
            total = sum((numbers[item] for item in section.items), Fraction(0))
            fault = number_fault(total, Declared.model_validate(f"number {section.weight}"))
            if fault is not None:
                kind, found = fault
                self.problems.append(kind(self._at(key), [name, key], what=f"config.{key}", column=name, **found))

    def contradictions(self, draft: Facts) -> None:
        """Choices that contradict one another: conditions of the scheme that look at nothing but what the company chose."""
        evaluator = Evaluator(self.plan, draft)
        for must in self.plan.musts:
            if only_of_choices(must["tree"]) and evaluator.truth(must["tree"], PEOPLE).no.any():
                about = must["about"]
                crossed = CROSSED[must["reason"]]
                self.problems.append(crossed(self._at(about[0]), about, what="config", column=about[0], **condition_of(must)))

    # --- the period ---------------------------------------------------------------------------

    def period(self) -> tuple[date, date]:
        """First and last day; a problem where the scheme asks for a whole calendar period and this is none."""
        days = [self._day(side, cell) for side, cell in (("start", self.raw.start), ("end", self.raw.end))]
        start, end = days
        if start is None or end is None:
            if self.scheme.period.checked and not self.problems_about("period"):
                self._wrong("—")
            return start or date(1, 1, 1), end or date(9999, 12, 31)
        if end < start or (self.scheme.period.checked and not self._is_whole(start, end)):
            self._wrong(f"{start} … {end}")
        return start, end

    def problems_about(self, name: str) -> bool:
        """Whether a problem of this name was told already."""
        return any(name in problem.about for problem in self.problems)

    def as_of(self, default: date) -> date:
        """The day up to which data is known."""
        return self._day("as_of", self.raw.as_of) or default

    def _day(self, side: str, cell: object) -> date | None:
        if is_blank(cell):
            return None
        day = parse_date(cell)
        if isinstance(day, Problem):
            kind, found = malformed(day)
            self.problems.append(kind(self._at(side), ["period", side], what="period", column=side, **found))
            return None
        return day

    def _wrong(self, found: str) -> None:
        zh, en = period_words(self.scheme.period)
        if self.scheme.period.starts_on > 1:
            zh, en = f"每月 {self.scheme.period.starts_on} 日起的一个月", f"a month from the {self.scheme.period.starts_on}th"
        self.problems.append(PeriodWrong(self._at("period"), ["period"], found=found, wanted_zh=zh, wanted=en))

    def _is_whole(self, start: date, end: date) -> bool:
        """Whether this is one whole calendar period of a kind that the scheme takes."""
        period = self.scheme.period
        return any(_is_span(span, period.starts_on, start, end) for span in period.spans)


def only_of_choices(tree: Tree) -> bool:
    """Whether a condition looks at what the company chose, and at nothing else."""
    heads = {part[0] for part in walk(tree)}
    return "config" in heads and not heads & {"fact", "node", "at", "agg", "over", "member", "start", "end", "as_of"}


def period_words(period: Period) -> tuple[str, str]:
    """The span of a round as people call it, Chinese and English; several of them with `or` between."""
    zh, en = zip(*(PERIOD_WORDS[span] for span in period.spans), strict=True)
    return "或".join(zh), " or ".join(en)


def _is_span(span: str, starts_on: int, start: date, end: date) -> bool:
    """Whether two days are the first and last of one whole calendar span."""
    if span == "any":
        return True
    if span == "week":
        return start.weekday() == 0 and end == start + timedelta(days=6)
    months = MONTHS[span]
    if starts_on > 1:
        return start.day == starts_on and end == _months_on(start, months) - timedelta(days=1)
    if start.day != 1 or (start.month - 1) % months:
        return False
    last = _months_on(start, months - 1)
    return end == date(last.year, last.month, monthrange(last.year, last.month)[1])


def _months_on(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, day.day)


def _plain(value: object) -> Any:
    return value


def _number_or_word(word: str) -> Any:
    if word in ("yes", "true", "no", "false"):
        return word in ("yes", "true")
    return number(word) if word.replace(".", "", 1).isdigit() else word
