"""The rules of a scheme and its results, one subject at a time: what the engine must agree with.

Everything is looked up when somebody asks for it and kept for that row; nothing is compiled and
nothing knows of columns. `Oracle(scheme, case).card(subject)` has the keys that a case may expect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from kaohe.numbers import parse_date, parse_number, round_number, terminates
from kaohe.scheme import Body, GradeRow, Item, PayLine, PerEvent, Rating, Ratio, Rounding, Scheme, Story, Tier
from tests.oracle.language import Env, Language, exact, worst
from tests.oracle.world import PEOPLE, Gap, Row, Value, World

Card = dict[str, Any]
COMPARED = ("status", "reason", "items", "total", "grade", "rank", "of", "pay", "metrics", "actions", "warnings", "missing")
MODES = ("sum", "weighted sum", "mean")


class Oracle:
    """One scheme over the facts of one case."""

    def __init__(self, scheme: Scheme, case: Mapping[str, Any]) -> None:
        self.scheme = scheme
        self.world = World(scheme, case)
        self.language = Language(self.world, self)
        self.known: dict[tuple[object, ...], Value] = {}
        self.world.as_of = self._as_of(case.get("as_of"))
        self.world.events(case.get("events") or ())

    def _as_of(self, written: object) -> Any:
        """The day up to which data is known: as written, or as the scheme reckons it."""
        if written is not None:
            return parse_date(written)
        if self.scheme.as_of == "end" or self.world.end.year == 9999:
            return self.world.end
        return self.language.truth(self.scheme.as_of, Row(PEOPLE, (PEOPLE, "")), Env())

    # --- figures by name ----------------------------------------------------------------------

    def figure(self, id: str, row: Row) -> Value:
        """A figure of one row, computed once."""
        key = (id, row.frame, row.key)
        if key not in self.known:
            self.known[key] = self._figure(id, row)
        return self.known[key]

    def let(self, item: str, name: str, row: Row) -> Value:
        """A figure that an item keeps for itself."""
        key = (item, name, row.frame, row.key)
        if key not in self.known:
            self.known[key] = self.body(self.scheme.items[item].let[name], row, self._env(item))
        return self.known[key]

    def nothing_applies(self, person: Row) -> Value:
        """Whether no item of a person's form is scored and none is owed."""
        items = self._items_of(person)
        return bool(items) and all(self.figure(f"item.{item}", person) is Gap.NONE for item in items)

    def _env(self, item: str) -> Env:
        return Env(item, {"this": item, **self.scheme.items[item].given})

    def _figure(self, id: str, row: Row) -> Value:
        head, _, rest = id.partition(".")
        if head == "figure":
            figure = self.scheme.figures[rest]
            return self.body(figure, row, Env("", {**figure.given, "this": rest}), rest)
        if head == "past":
            return self._past(rest, row)
        if head == "state":
            return self.language.truth(self.scheme.states[rest].when, row, Env())
        if head == "grade" and rest:
            return self._grade_cell(rest, row)
        return {"item": self._item, "pay": self._pay, "total": self._total, "grade": self._grade, "rank": self._rank, "of": self._of}[head](
            rest, row
        )

    def _past(self, name: str, row: Row) -> Value:
        """A figure of an earlier period; its grade as recorded, or by its total."""
        if name != "grade":
            figure = self.scheme.figures[name]
            return self.language.truth(figure.past or figure.is_, row, Env("", figure.given))
        grades = self.scheme.grades
        assert grades is not None
        recorded = row.cells["grade"]
        if isinstance(recorded, str):
            return recorded if recorded in grades.rows else Gap.NONE
        total = row.cells["total"]
        return next((word for word, band in grades.rows.items() if not isinstance(total, Gap) and _holds(band, total)), Gap.NONE)

    # --- bodies -------------------------------------------------------------------------------

    def body(self, body: Body, row: Row, env: Env, owner: str = "") -> Value:
        """What a body gives in one row: its rule, then what is added, bounded and rounded."""
        env = replace(env, blanks={**env.blanks, **body.given})
        found = self._base(body, row, env, owner or env.item)
        if body.then is not None:
            found = self.language.number(body.then, row, replace(env, score=found))
        env = replace(env, score=found) if body.then is not None else env
        for plus in body.plus:
            more = self.body(plus, row, env) if isinstance(plus, Body) else self.language.number(plus, row, env)
            found = worst(found, more) or exact(found) + exact(more)
        for text, act in ((body.floor, max), (body.cap, min)):
            if text is not None and text != "none":
                end = self.language.number(text, row, env)
                found = worst(found, end) or act(exact(found), exact(end))
        if body.round is not None and not isinstance(found, Gap):
            found = _reported(exact(found), body.round)
        return self._absence(body, found, row, env)

    def _absence(self, body: Body, found: Value, row: Row, env: Env) -> Value:
        if not isinstance(found, Gap):
            return found
        if body.if_absent is not None:
            return self.language.number(body.if_absent, row, env)
        head, _, condition = (body.if_none or "").partition(" if ")
        if found is Gap.NONE and condition:
            holds = self.language.truth(condition.rpartition(" else ")[0], row, env) is True
            return Gap.MISSING if holds == (head == "missing") else Gap.NONE
        return found

    def _base(self, body: Body, row: Row, env: Env, owner: str) -> Value:
        if body.tiers is not None:
            return self._tiers(body.tiers, body.by, row, env)
        if body.line is not None:
            return _on_line(body.line, self.language.number(body.by, row, env))
        if body.ratio is not None:
            return self._ratio(body.ratio, row, env)
        if body.per_event is not None or body.once is not None:
            return self._records(body, row, env)
        if body.rating is not None:
            return self._rating(body.rating, row, env, body.rating.item or owner)
        if body.places is not None:
            return self._places(body, row, env)
        if body.story is not None:
            return self._story(body.story, row, env)
        if body.share is not None:
            return self._share(body, row, env)
        return self.language.truth(body.is_ if body.is_ is not None else body.full, row, env)

    def _tiers(self, tiers: tuple[Tier, ...], by: str | None, row: Row, env: Env) -> Value:
        value = self.language.number(by, row, env)
        if isinstance(value, Gap):
            return value
        return self.language.number(next(tier.points for tier in tiers if _holds(tier, value)), row, env)

    def _ratio(self, ratio: Ratio, row: Row, env: Env) -> Value:
        if ratio.direct is not None:
            direct = self.language.number(ratio.direct, row, env)
            if not isinstance(direct, Gap):
                return direct
        part, whole = self.language.number(ratio.part, row, env), self.language.number(ratio.whole, row, env)
        if isinstance(part, Gap) or isinstance(whole, Gap):
            both = isinstance(part, Gap) and isinstance(whole, Gap)
            return Gap[(ratio.both_absent if both else ratio.absent).upper()]
        if whole == 0:
            return Gap[ratio.zero.upper()] if isinstance(ratio.zero, str) else ratio.zero
        return exact(part) / exact(whole)

    def _records(self, body: Body, row: Row, env: Env) -> Value:
        total = self.language.number(body.full or "0", row, env)
        for kinds, entry in (body.per_event or {}).items():
            for kind in kinds.split(","):
                total = self._add(total, self._of_records(kind.strip(), entry, row, env))
        for kind, points in (body.once or {}).items():
            for one in kind.split(","):
                total = self._add(total, self._of_records(one.strip(), PerEvent(points=points, once=True), row, env))
        return total

    @staticmethod
    def _add(a: Value, b: Value) -> Value:
        return worst(a, b) or exact(a) + exact(b)

    def _of_records(self, kind: str, entry: PerEvent, row: Row, env: Env) -> Value:
        rows = self.world.below(row, f"event.{kind}")
        rows = [record for record in rows if entry.where is None or self.language.truth(entry.where, record, env) is True]
        if entry.once:
            return self.language.number(entry.points or "0", row, env) if rows else Fraction(0)
        total: Value = Fraction(0)
        for record in rows:
            points = self._points(entry, record, env)
            if points is not Gap.NONE:
                total = self._add(total, points if isinstance(points, Gap) else exact(points) * exact(record.cells["count"]))
        return total

    def _points(self, entry: PerEvent, record: Row, env: Env) -> Value:
        if entry.tiers is not None:
            return self._tiers(entry.tiers, entry.by, record, env)
        return self.language.number(entry.points or "0", record, env)

    # --- ratings ------------------------------------------------------------------------------

    def _rating(self, rating: Rating, row: Row, env: Env, item: str) -> Value:
        rows = [rated for rated in self.world.below(row, f"rating.{item}") if rated.cells["relation"] not in rating.mute]
        if self._form(row) is None:
            rows = []
        there = {rated.cells["relation"] for rated in rows}
        due = [party for party, condition in rating.all_of.items() if self.language.truth(condition, row, env) is True]
        if any(party not in there for party in due) or self._left_out(item, row):
            return Gap.MISSING
        if rating.not_applicable == "allowed" and not rows:
            return Gap.MISSING
        rows = [rated for rated in rows if not isinstance(rated.cells["score"], Gap)]
        parties: dict[str, list[Fraction]] = {}
        for rated in rows:
            parties.setdefault(str(rated.cells["relation"]), []).append(exact(rated.cells["score"]))
        if rating.per is not None:
            calls: dict[Value, list[Fraction]] = {}
            for rated in rows:
                calls.setdefault(rated.cells["call"], []).append(exact(rated.cells["score"]))
            return _mean([_mean(scores) for scores in calls.values()])
        if rating.mean == "pooled":
            return _mean([score for scores in parties.values() for score in scores])
        means = {party: _mean(scores) for party, scores in parties.items()}
        return _shared(rating, means) if isinstance(rating.mean, dict) else _mean(list(means.values()))

    def _left_out(self, item: str, row: Row) -> bool:
        """Whether somebody who began this person's form left the item out."""
        whole = {name for name in self._items_of(row) if (found := self._reading(name, row).rating) is not None and found.whole_form}
        sheets: dict[tuple[Value, Value | None], set[str]] = {}
        for name in whole:
            for rated in self.world.below(row, f"rating.{name}"):
                mute = self._reading(name, row).rating.mute  # type: ignore[union-attr]
                if rated.cells["relation"] not in mute:
                    call = rated.cells["call"] if self._reading(name, row).rating.per else None  # type: ignore[union-attr]
                    sheets.setdefault((rated.cells["rater"], call), set()).add(name)
        return item in whole and any(item not in given for given in sheets.values())

    # --- places, stories, shares --------------------------------------------------------------

    def _places(self, body: Body, row: Row, env: Env) -> Value:
        places = body.places
        assert places is not None
        gate = True if places.only is None else self.language.truth(places.only, row, env)
        mine = self.language.number(places.by, row, env)
        if mine is Gap.MISSING and gate is not False:
            return Gap.MISSING
        peers = self.language.members(places.among, row)
        if gate is not True or row not in peers or isinstance(mine, Gap):
            return Fraction(0)
        figures = [self.language.number(places.by, peer, env) for peer in peers]
        gives = self._gives(places.points, row, env)
        return gives.get(_place(mine, figures, places.better), Fraction(0))

    def _gives(self, points: Mapping[str, str] | str, row: Row, env: Env) -> dict[int, Value]:
        """What each place gives: formulas, or the parts of a choice of the company."""
        if isinstance(points, str):
            return {int(place): give for place, give in self.world.config[points.removeprefix("config.")].items() if place.isdigit()}
        return {int(exact(parse_number(place))): self.language.number(text, row, env) for place, text in points.items()}  # type: ignore[arg-type]

    def _story(self, story: Story, row: Row, env: Env) -> Value:
        if story.rule == "steps@1":
            done = [step for step in story.settings["order"] if self.world.below(row, f"event.{step}")]
            return done[-1] if done else Gap.NONE
        settings = story.settings
        assert story.rule == "matched_within@1", story.rule
        first = self.world.below(row, f"event.{settings['first']}")
        names = {record.cells[settings["same"]] for record in first} - {Gap.NONE, Gap.MISSING}
        if settings["gives"] == "first":
            unnamed = [record.cells["count"] for record in first if isinstance(record.cells[settings["same"]], Gap)]
            return Fraction(len(names)) + sum((exact(count) for count in unnamed), Fraction(0))
        most = self.language.number(settings["days"], row, env)
        where, then = settings.get("where", "yes"), self.world.below(row, f"event.{settings['then']}")
        then = [later for later in then if self.language.truth(where, later, env) is True]
        pairs = [(before, later) for before in first for later in then if before.cells[settings["same"]] == later.cells[settings["same"]]]
        pairs = [(before, later) for before, later in pairs if before is not later or exact(later.cells["count"]) > 1]
        return Fraction(len(names & {later.cells[settings["same"]] for before, later in pairs if 0 <= _days(before, later) <= exact(most)}))

    def _share(self, body: Body, row: Row, env: Env) -> Value:
        """A person's line of a pool: their part of it, and with largest remainders the cents that are left."""
        share = body.share
        assert share is not None
        people = sorted(self.language.members(share.among, row), key=lambda other: str(other.key[1]))
        parts = {other: self.language.number(share.by, other, env) for other in people}
        pool, total = (
            self.language.number(share.pool, row, env),
            sum((exact(p) for p in parts.values() if not isinstance(p, Gap)), Fraction(0)),
        )
        gap = worst(pool, *(part for part in parts.values() if part is Gap.MISSING), parts.get(row, Gap.NONE))
        if gap is not None or not total:
            return gap or Gap.NONE
        lines = {other: exact(pool) * exact(part) / total for other, part in parts.items() if not isinstance(part, Gap)}
        if share.rounding == "half_up":
            return lines[row]
        whole = {other: (line / share.to).__floor__() for other, line in lines.items()}
        left = int(round_number(exact(pool), share.to) / share.to) - sum(whole.values())
        first = sorted(lines, key=lambda other: (whole[other] * share.to - lines[other], str(other.key[1])))[:left]
        return (whole[row] + (row in first)) * share.to

    # --- items and forms ----------------------------------------------------------------------

    def _form(self, person: Row) -> str | None:
        """The person's form; the nameless one where the scheme has none, None for who has none."""
        if not self.scheme.forms:
            return "" if self._has_role(person) else None
        for name, form in self.scheme.forms.items():
            if self.language.truth(form.for_ if form.for_ is not None else f"role == '{name}'", person, Env()) is True:
                return name
        return None

    def _items_of(self, person: Row) -> list[str]:
        form = self._form(person)
        return [item for item in self.scheme.items if not self.scheme.forms or (form and item in self.scheme.forms[form].items)]

    def _reading(self, item: str, person: Row) -> Item:
        """The item as the person's form reads it."""
        form = self._form(person)
        forms = [self.scheme.forms[form]] if form and item in self.scheme.forms[form].items else list(self.scheme.forms.values())
        own = [entry.items[item].own for entry in forms if item in entry.items]
        return own[0] or self.scheme.items[item] if own else self.scheme.items[item]

    def _item(self, name: str, row: Row) -> Value:
        item = self._reading(name, row)
        env = Env(name, {"this": name, **item.given})
        frame = self.language.frame_for(item.per)
        if frame == PEOPLE:
            found = self.body(item, row, env, name)
        else:
            parts = [self.body(item, part, env, name) for part in self.world.below(row, frame)]
            found = Gap.MISSING if Gap.MISSING in parts else sum((exact(part) for part in parts if not isinstance(part, Gap)), Fraction(0))
        if item.in_use is not None:
            used = self.language.truth(item.in_use, row, env)
            found = used if isinstance(used, Gap) else found if used else Gap.NONE
        drops = item.rating is not None and item.rating.not_applicable == "allowed"
        owed = (item.if_none or "missing") == "missing" and item.in_use is None and not drops
        return Gap.MISSING if found is Gap.NONE and owed else found

    # --- total, grade, rank -------------------------------------------------------------------

    def _has_role(self, person: Row) -> bool:
        assessed = self.scheme.roles.assessed
        return assessed == "all" or person.cells["person.role"] in assessed or person.key[1] in self.world.named

    def _assessed(self, person: Row) -> bool:
        inside = any(self.figure(f"state.{state}", person) is True for state in self.scheme.states)
        return self._has_role(person) and not inside and self._form(person) is not None

    def _lacking(self, person: Row) -> list[str]:
        return [item for item in self._items_of(person) if self.figure(f"item.{item}", person) is Gap.MISSING]

    def _incomplete(self, person: Row) -> bool:
        if not self._assessed(person):
            return False
        if not self.scheme.items and self._absent_values(person):
            return True
        return bool(self._lacking(person)) or (self.scheme.total is not None and isinstance(self.figure("total", person), Gap))

    def _total(self, _: str, person: Row) -> Value:
        total = self.scheme.total
        assert total is not None
        if not self._assessed(person):
            return Gap.NONE
        found = self._of_items(person) if total.is_ in MODES else self.language.number(total.is_, person, Env())
        if total.then is not None:
            found = self.language.number(total.then, person, Env(score=found))
        ends = {"floor": None if total.floor is None else str(total.floor), "cap": None if total.cap is None else str(total.cap)}
        held = Body(is_="score", round=total.round, **ends)
        found = self.body(held, person, Env(score=found))
        owed = total.is_ not in MODES and found is Gap.NONE
        return Gap.MISSING if owed or (not self.scheme.items and self._absent_values(person)) else found

    def _of_items(self, person: Row) -> Value:
        items = [item for item in self._items_of(person) if self.scheme.items[item].in_total]
        scores = {item: self.figure(f"item.{item}", person) for item in items}
        if Gap.MISSING in scores.values():
            return Gap.MISSING
        weights = self._weights(person, items)
        spread = [item for item in self.scheme.items if "spread" in (self.scheme.items[item].if_none or "")]
        given = {item: exact(score) for item, score in scores.items() if not isinstance(score, Gap)}
        plain = sum((score * weights[item] for item, score in given.items()), Fraction(0))
        found = self._spread(given, weights) if spread else plain
        form = self.scheme.forms.get(self._form(person) or "")
        scaled = Fraction(form.scaled) if form is not None and form.scaled is not None else Fraction(1)
        return found if isinstance(found, Gap) else exact(found) * scaled

    def _weights(self, person: Row, items: list[str]) -> dict[str, Fraction]:
        total = self.scheme.total
        assert total is not None
        if total.is_ == "sum":
            return dict.fromkeys(items, Fraction(1))
        if total.is_ == "mean":
            return {item: Fraction(1, len(items)) for item in items}
        if total.weights.startswith("config."):
            key = total.weights.partition(".")[2]
            full = self.scheme.config[key].sum or Fraction(1)
            return {item: self.world.config[key][item] / full for item in items}
        printed = {item: self._printed(person, item) for item in items}
        whole = sum(printed.values(), Fraction(0))
        full = whole if total.weights == "scaled" else Fraction(100 if whole > 2 else 1)
        return {item: weight / full for item, weight in printed.items()}

    def _printed(self, person: Row, item: str) -> Fraction:
        form = self.scheme.forms.get(self._form(person) or "")
        own = form.items[item].weight if form is not None else None
        found = parse_number(self.scheme.items[item].weight or "0") if own is None else own
        assert isinstance(found, Fraction)
        return found

    def _spread(self, given: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> Value:
        """Within each section the weights that are there stand for all of it; then the sections likewise."""
        sections = [list(section.items) for section in self.scheme.sections.values()] or [list(weights)]
        points, there, full = Fraction(0), Fraction(0), Fraction(0)
        for section in sections:
            whole = sum((weights.get(item, Fraction(0)) for item in section), Fraction(0))
            known = sum((weights[item] for item in section if item in given), Fraction(0))
            full += whole
            if known:
                there += whole
                points += whole * sum((given[item] * weights[item] for item in section if item in given), Fraction(0)) / known
        return points / there * full if there else Gap.NONE

    def _grade(self, _: str, person: Row) -> Value:
        grades = self.scheme.grades
        assert grades is not None
        if any(row.when is not None for row in grades.rows.values()):
            holds = {name: row.else_ or self.language.truth(row.when, person, Env()) is True for name, row in grades.rows.items()}
            return next((name for name, held in holds.items() if held), Gap.NONE)
        value = self.language.number(grades.by, person, Env())
        if isinstance(value, Gap):
            return Gap.NONE
        return next((name for name, row in grades.rows.items() if _holds(row, value)), Gap.NONE)

    def _grade_cell(self, column: str, person: Row) -> Value:
        grades, grade = self.scheme.grades, self.figure("grade", person)
        assert grades is not None
        written = None if isinstance(grade, Gap) else (grades.rows[str(grade)].model_extra or {}).get(column)
        if written is None:
            return Gap.NONE
        return str(written) if grades.columns[column].kind in ("text", "words") else self.language.number(written, person, Env())

    def _ranked(self, person: Row) -> list[Value]:
        """The figures of everybody who is ranked together with a person; none for who is not ranked."""
        rank = self.scheme.rank
        assert rank is not None
        peers = self.world.rows[PEOPLE] if rank.among is None else self.language.members(rank.among, person)
        peers = [peer for peer in peers if self._assessed(peer) and not self._incomplete(peer)]
        figures = {peer: self.language.number(rank.by, peer, Env()) for peer in peers}
        if person not in figures or isinstance(figures[person], Gap):
            return []
        return [figures[person], *(figure for peer, figure in figures.items() if peer is not person and not isinstance(figure, Gap))]

    def _rank(self, _: str, person: Row) -> Value:
        figures = self._ranked(person)
        assert self.scheme.rank is not None
        return Fraction(_place(figures[0], figures, self.scheme.rank.better)) if figures else Gap.NONE

    def _of(self, _: str, person: Row) -> Value:
        return Fraction(len(self._ranked(person))) or Gap.NONE

    # --- pay ----------------------------------------------------------------------------------

    def _pay(self, name: str, row: Row) -> Value:
        line = self._line(name)
        found = self.body(line, row, Env("", dict(line.given)), name)
        if line.complete is None:
            return found
        waiting = [person for person in self.world.rows[PEOPLE] if person in self.language.members(line.complete, person)]
        waiting = [person for person in waiting if self._incomplete(person) and (row.frame == PEOPLE or person.up(row.frame) is row)]
        return Gap.MISSING if waiting else found

    def _line(self, name: str) -> PayLine:
        assert self.scheme.pay is not None
        return self.scheme.pay.lines[name]

    def _pay_of(self, row: Row) -> dict[str, Fraction]:
        pay = self.scheme.pay
        lines = [] if pay is None else [name for name, line in pay.lines.items() if self.language.frame_for(line.per) == row.frame]
        found = {name: self.figure(f"pay.{name}", row) for name in lines}
        return {name: _reported(exact(value), pay.round) for name, value in found.items() if pay and not isinstance(value, Gap)}

    # --- one subject's results ----------------------------------------------------------------

    def subjects(self) -> list[str]:
        """Everybody with a result, units included, in order."""
        people = [str(row.key[1]) for row in self.world.rows[PEOPLE] if self._has_role(row)]
        return people + [str(row.key[1]) for unit in self._units() for row in self.world.rows[unit]]

    def _units(self) -> list[str]:
        return [name for name, unit in self.scheme.units.items() if unit.results]

    def card(self, subject: str) -> Card:
        """One subject's results, with the keys that a case may expect."""
        for unit in self._units():
            row = self.world.one(unit, subject)
            if row is not None:
                return {"status": "assessed", "pay": self._pay_of(row), "metrics": self._metrics(row)}
        person = self.world.one(PEOPLE, subject)
        assert person is not None
        state = next((name for name in self.scheme.states if self.figure(f"state.{name}", person) is True), None)
        return self._taken_out(person, state) if state is not None else self._scored(person)

    def _taken_out(self, person: Row, state: str) -> Card:
        settings = self.scheme.states[state]
        pay = {name: parse_number(amount) for name, amount in settings.pay.items()}
        reason = state if settings.status == "not_assessed" else None
        return {**_EMPTY, "status": settings.status, "reason": reason, "pay": pay, "actions": self._actions(person)}

    def _scored(self, person: Row) -> Card:
        open_ = self._incomplete(person)
        whole = self._assessed(person) and not open_
        results = {name: self._result(name, person) for name in ("total", "grade", "rank", "of")} if whole else {}
        warnings = [name for name, entry in self.scheme.warnings.items() if self.language.truth(entry.when, person, Env()) is True]
        return {
            **_EMPTY,
            **results,
            "status": "incomplete" if open_ else "assessed",
            "items": self._items_shown(person),
            "pay": self._pay_of(person) if whole else {},
            "metrics": self._metrics(person),
            "actions": self._actions(person),
            "warnings": warnings if self._assessed(person) else [],
            "missing": self._missing(person) if open_ else [],
        }

    def _result(self, name: str, person: Row) -> Any:
        home = {"total": self.scheme.total, "grade": self.scheme.grades, "rank": self.scheme.rank, "of": self.scheme.rank}[name]
        if home is None or (name == "grade" and self.scheme.grades is not None and not self.scheme.grades.shown):
            return None
        found = self.figure(name, person)
        reported = self.scheme.total.reported if name == "total" and self.scheme.total is not None else None
        return None if isinstance(found, Gap) else _reported(found, reported) if isinstance(found, Fraction) else found

    def _items_shown(self, person: Row) -> dict[str, Any]:
        lacking = self._lacking(person)
        found = {item: self.figure(f"item.{item}", person) for item in self._items_of(person) if item not in lacking}
        return {
            name: None if isinstance(value, Gap) else _reported(exact(value), self.scheme.items[name].reported)
            for name, value in found.items()
        }

    def _metrics(self, row: Row) -> dict[str, Any]:
        shown = [name for name, figure in self.scheme.figures.items() if figure.show and self.language.frame_for(figure.per) == row.frame]
        found = {name: self.figure(f"figure.{name}", row) for name in shown}
        columns = self.scheme.grades.columns if self.scheme.grades is not None and row.frame == PEOPLE else {}
        found |= {name: self.figure(f"grade.{name}", row) for name, column in columns.items() if column.show}
        return {name: None if isinstance(value, Gap) else value for name, value in found.items()}

    def _actions(self, person: Row) -> list[str]:
        entries = self.scheme.actions
        held = [name for name, entry in entries.items() if self.language.truth(entry.when, person, Env()) is True]
        for name in list(held):
            instead = entries[name].instead_of if name in held else ()
            held = [other for other in held if other == name or not (other in instead or "all" in instead)]
        return held

    def _missing(self, person: Row) -> list[str]:
        if not self.scheme.items:
            return self._absent_values(person)
        shown = self._items_shown(person)
        return self._lacking(person) or [name for name, value in shown.items() if value is None]

    def _absent_values(self, person: Row) -> list[str]:
        owed = [name for name, declared in self.scheme.values.items() if declared.of is None and declared.for_roles is None]
        return [name for name in owed if person.cells[f"value.{name}"] is Gap.MISSING]


_EMPTY: Card = {"reason": None, "total": None, "grade": None, "rank": None, "of": None, "items": {}, "pay": {}, "metrics": {}} | {
    key: [] for key in ("actions", "warnings", "missing")
}


def _holds(band: Tier | GradeRow, value: Value) -> bool:
    """Whether a figure is in a band."""
    figure = exact(value)
    edges = ((band.below, figure.__lt__), (band.up_to, figure.__le__), (band.above, figure.__gt__), (band.from_, figure.__ge__))
    return all(test(edge) for edge, test in edges if edge is not None)


def _on_line(line: Mapping[str, Fraction], value: Value) -> Value:
    """The height of a line of straight pieces, flat before its first point and after its last."""
    if isinstance(value, Gap):
        return value
    points = sorted((exact(parse_number(x)), y) for x, y in line.items())  # type: ignore[arg-type]
    x = min(max(exact(value), points[0][0]), points[-1][0])
    (x1, y1), (x2, y2) = next((a, b) for a, b in pairwise(points) if a[0] <= x <= b[0])
    return y1 + (y2 - y1) * (x - x1) / (x2 - x1)


def _days(before: Row, later: Row) -> int:
    """How many days lie between two records."""
    first, then = before.cells["at"], later.cells["at"]
    assert isinstance(first, date)
    assert isinstance(then, date)
    return (then - first).days


def _mean(values: list[Any]) -> Value:
    there = [value for value in values if not isinstance(value, Gap)]
    return sum(there, Fraction(0)) / len(there) if there else Gap.NONE


def _shared(rating: Rating, means: Mapping[str, Value]) -> Value:
    """Each party's mean times its share; an absent party's share goes to its heir."""
    assert isinstance(rating.mean, dict)
    shares = dict(rating.mean)
    for party, heir in rating.absent_share.items():
        if party not in means:
            shares[heir] += shares.pop(party)
    if any(party not in means for party in shares):
        return Gap.NONE
    return sum((exact(means[party]) * share for party, share in shares.items()), Fraction(0))


def _place(mine: Value, figures: list[Value], better: str) -> int:
    """One more than how many are better."""
    numbers = [exact(figure) for figure in figures if not isinstance(figure, Gap)]
    return 1 + sum(1 for figure in numbers if (figure > exact(mine) if better == "higher" else figure < exact(mine)))


def _reported(value: Fraction, rounding: Rounding | None) -> Fraction:
    if rounding is None or (rounding.only == "endless" and terminates(value)):
        return value
    return round_number(value, rounding.to, rounding.half)
