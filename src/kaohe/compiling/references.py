"""Whether what a scheme names is there, and is called by a name that people see and formulas can say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kaohe.compiling.finished import Finished, Path, bodies, declarations, told
from kaohe.numbers import parse_number
from kaohe.problems import Problem
from kaohe.scheme import KINDS, EventType, GradeRow, Item
from kaohe.scheme_problems import (
    ActionUnknown,
    ChoiceUnknown,
    Circle,
    ClauseMissing,
    EventUnknown,
    GroupUnknown,
    IdWrong,
    ItemUnknown,
    KindUnknown,
    ListedTwice,
    NameUnknown,
    NeverMoves,
    PartUnknown,
    PayLineUnknown,
    RoleUnknown,
    SchemeKeyMissing,
    SchemeKeyUnknown,
    UnitUnknown,
    did_you_mean,
)
from kaohe.texts import listed


def names(finished: Finished) -> Iterator[Problem]:
    """Items, values, choices and pay lines without the words that people see."""
    scheme = finished.scheme
    named: list[tuple[Path, object]] = [(("items", name), item.name) for name, item in scheme.items.items()]
    named += [(("values", name), value.name) for name, value in scheme.values.items()]
    named += [(("config", name), entry.name) for name, entry in scheme.config.items()]
    named += [] if scheme.pay is None else [(("pay", "lines", name), line.name) for name, line in scheme.pay.lines.items()]
    for path, name in named:
        if name is None:
            yield SchemeKeyMissing(finished.place_of(path), ["name", str(path[-1])], where=told(path), key="name")


def clauses(finished: Finished) -> Iterator[Problem]:
    """Items, grade tables and pay lines that do not say which clause they come from."""
    scheme = finished.scheme
    lacking: list[Path] = [("items", name) for name, item in scheme.items.items() if not item.clause]
    if scheme.grades is not None and not scheme.grades.clause and not all(row.clause for row in scheme.grades.rows.values()):
        lacking.append(("grades",))
    if scheme.pay is not None and not scheme.pay.clause:
        lacking += [("pay", "lines", name) for name, line in scheme.pay.lines.items() if not line.clause]
    for path in lacking:
        yield ClauseMissing(finished.place_of(path), ["clause", str(path[-1])], where=told(path))


RESERVED = {"start", "end", "as_of", "yes", "no", "none", "nothing_applies", "and", "or", "not", "in", "if", "else"}
RESERVED |= {"config", "value", "person", "history", "rating"}


GRADE_KEYS = [field.alias or name for name, field in GradeRow.model_fields.items()]


def ids(finished: Finished) -> Iterator[Problem]:
    """Names that formulas could not say, or that mean something else there."""
    scheme = finished.scheme
    homes = ("people", "units", "words", "config", "events", "history", "groups", "windows", "states", "figures", "items")
    named: list[Path] = [(home, name) for home in homes for name in getattr(scheme, home)]
    named += [("values", name) for name in scheme.values]
    named += [(*path[:2], "let", let) for path, body in bodies(scheme) if isinstance(body, Item) for let in body.let]
    named += [] if scheme.pay is None else [("pay", "lines", name) for name in scheme.pay.lines]
    named += [("events", kind, "columns", name) for kind, event in scheme.events.items() for name in event.columns]
    for path in named:
        name = str(path[-1])
        bare = name.rpartition(".")[2] if path[0] == "values" else name
        if not bare.isidentifier():
            why = {"why_zh": "公式里写不出来", "why_en": "no formula could say it"}
        elif bare in RESERVED:
            why = {"why_zh": "它在公式里另有含义", "why_en": "it means something else in formulas"}
        else:
            continue
        yield IdWrong(finished.place_of(path), [name], where=told(path[:-1]), name=name, **why)


def groups(finished: Finished) -> Iterator[Problem]:
    """Groups to rank or wait for that are not there."""
    scheme = finished.scheme
    asked: list[tuple[Path, str]] = []
    if scheme.rank is not None and scheme.rank.among is not None:
        asked.append((("rank",), scheme.rank.among))
    asked += [(path, body.places.among) for path, body in bodies(scheme) if body.places is not None]
    if scheme.pay is not None:
        asked += [(("pay", "lines", name), line.complete) for name, line in scheme.pay.lines.items() if line.complete is not None]
    for path, name in asked:
        if name not in scheme.groups:
            yield GroupUnknown(finished.place_of(path), [name], where=told(path), name=name, **did_you_mean(name, scheme.groups))


def parts(finished: Finished) -> Iterator[Problem]:
    """Figures per a week, a unit or another part that is not there."""
    scheme = finished.scheme
    known = [*scheme.windows, *scheme.units, *scheme.words]
    asked: list[tuple[Path, str]] = [(path, body.per) for path, body in bodies(scheme) if body.per is not None]
    asked += [(("events", kind), event.one_per) for kind, event in scheme.events.items() if event.one_per is not None]
    for path, per in asked:
        base, _, window = per.rpartition("/")
        unknown = [part for part in (base, window) if part and part not in ("period", "people", *known)]
        for name in unknown:
            more = {"known": listed(["period", *known], 20), **did_you_mean(name, known)}
            yield PartUnknown(finished.place_of(path), [name], where=told(path), name=name, **more)


def kinds(finished: Finished) -> Iterator[Problem]:
    """Declarations that name neither a kind nor a list of words."""
    scheme = finished.scheme
    for path, declared in declarations(scheme):
        name = declared.words
        if isinstance(name, str) and name not in scheme.words:
            more = {"known": ", ".join(KINDS[:-1]), **did_you_mean(name, (*KINDS, *scheme.words))}
            yield KindUnknown(finished.place_of(path), [name], where=told(path), name=name, **more)


def units(finished: Finished) -> Iterator[Problem]:
    """Values of a unit that is not there, and units told apart by a column that people do not have."""
    scheme = finished.scheme
    owned = [(path, declared.of) for path, declared in declarations(scheme) if path[0] in ("values", "history")]
    for path, unit in owned:
        if unit is not None and unit not in scheme.units:
            yield UnitUnknown(finished.place_of(path), [unit], where=told(path), name=unit, **did_you_mean(unit, scheme.units))
    for name, entry in scheme.units.items():
        if entry.by is not None and entry.by not in scheme.people:
            place = finished.place_of(("units", name))
            yield NameUnknown(place, [entry.by], where=f"units.{name}", name=entry.by, **did_you_mean(entry.by, scheme.people))


def roles(finished: Finished) -> Iterator[Problem]:
    """Forms without a condition, and values, for a role that nobody has."""
    scheme = finished.scheme
    if scheme.roles.assessed == "all":
        return
    known = [*scheme.roles.assessed, *scheme.roles.rate_only]
    asked: list[tuple[Path, str]] = [(("forms", form), form) for form, entry in scheme.forms.items() if entry.for_ is None]
    if scheme.roles.others == "refused":
        asked += [(path, role) for path, declared in declarations(scheme) for role in declared.for_roles or ()]
    for path, role in asked:
        if role not in known:
            yield RoleUnknown(finished.place_of(path), [role], where=told(path), name=role, **did_you_mean(role, known))


def grade_columns(finished: Finished) -> Iterator[Problem]:
    """Entries of a grade in a column that the table does not have."""
    grades = finished.scheme.grades
    for name, row in ({} if grades is None else grades.rows).items():
        known = list(grades.columns) if grades is not None else []
        for key in row.model_extra or {}:
            if key not in known:
                place = finished.place_of(("grades", "rows", name, key))
                more = {"known": listed([*GRADE_KEYS, *known]), **did_you_mean(key, [*GRADE_KEYS, *known])}
                yield SchemeKeyUnknown(place, [key, name], where=f"grades.rows.{name}", key=key, **more)


def actions(finished: Finished) -> Iterator[Problem]:
    """Actions that replace one which is not there."""
    known = finished.scheme.actions
    for name, action in known.items():
        for other in action.instead_of:
            if other != "all" and other not in known:
                place = finished.place_of(("actions", name))
                yield ActionUnknown(place, [other], where=f"actions.{name}", name=other, **did_you_mean(other, known))


def paid_states(finished: Finished) -> Iterator[Problem]:
    """States that pay a line which is not there, or something that is no amount."""
    scheme = finished.scheme
    lines = {} if scheme.pay is None else scheme.pay.lines
    for name, state in scheme.states.items():
        for line, amount in state.pay.items():
            place = finished.place_of(("states", name, "pay", line))
            number = parse_number(amount)
            if isinstance(number, Problem):
                yield type(number)(place, [line, name], **{**number.found, "text": f"states.{name}.pay.{line}: {amount}"})
            if line not in lines:
                yield PayLineUnknown(place, [line], where=f"states.{name}", name=line, **did_you_mean(line, lines))


def item_names(finished: Finished) -> Iterator[Problem]:
    """Forms and sections that name an item which is not there."""
    scheme = finished.scheme
    named = [(("forms", form), item) for form, entry in scheme.forms.items() for item in entry.items]
    named += [(("sections", name), item) for name, section in scheme.sections.items() for item in section.items]
    for path, item in named:
        if item not in scheme.items:
            more = did_you_mean(item, scheme.items)
            yield ItemUnknown(finished.place_of((*path, "items", item)), [item], where=told(path), name=item, **more)


def sections(finished: Finished) -> Iterator[Problem]:
    """Items in two sections, or twice in one."""
    seen: dict[str, str] = {}
    for name, section in finished.scheme.sections.items():
        for item in section.items:
            if item in seen:
                place = finished.place_of(("sections", name))
                yield ListedTwice(place, [item], what=item, where=f"sections.{name}", first=f"sections.{seen[item]}")
            seen[item] = name


def asked_for(finished: Finished) -> Iterator[Problem]:
    """Items that no form asks for."""
    scheme = finished.scheme
    on_forms = {item for entry in scheme.forms.values() for item in entry.items}
    for name in scheme.items:
        if scheme.forms and name not in on_forms:
            yield NeverMoves(finished.place_of(("items", name)), [name], item=name)


WEIGHTS = ("full", "printed", "scaled")


ABSENCES = ("missing", "spread", "null")


def choices(finished: Finished) -> Iterator[Problem]:
    """Words beside which a formula or a choice of the company may stand, and which are neither."""
    scheme = finished.scheme
    total = scheme.total
    if total is not None and total.weights not in WEIGHTS:
        yield from _chosen_weights(finished, total.weights)
    for path, body in bodies(scheme):
        written = body.if_none
        first, _, rest = (written or "").partition(" if ")
        if (written is not None and first not in ABSENCES) or (rest and " else " not in rest):
            more = {"known": f"{', '.join(ABSENCES)}, spread if … else missing", **did_you_mean(first, ABSENCES)}
            yield ChoiceUnknown(finished.place_of((*path, "if_none")), [str(written)], where=f"{told(path)}.if_none", found=written, **more)


def _chosen_weights(finished: Finished, written: str) -> Iterator[Problem]:
    place = finished.place_of(("total",))
    head, _, key = written.partition(".")
    config = finished.scheme.config
    if head != "config":
        known = [*WEIGHTS, *(f"config.{name}" for name in config)]
        yield ChoiceUnknown(place, [written], where="total.weights", found=written, known=listed(known), **did_you_mean(written, known))
    elif key not in config:
        yield NameUnknown(place, [key], where="total.weights", name=written, **did_you_mean(key, config))


def calls(finished: Finished) -> Iterator[Problem]:
    """Ratings per something other than a call."""
    for path, body in bodies(finished.scheme):
        if body.rating is not None and body.rating.per not in (None, "call"):
            place, where = finished.place_of((*path, "rating", "per")), told((*path, "rating", "per"))
            yield ChoiceUnknown(
                place, [body.rating.per], where=where, found=body.rating.per, known="call", **did_you_mean(body.rating.per, ["call"])
            )


def steps_in_order(finished: Finished) -> Iterator[Problem]:
    """Records that wait for a type which is not declared, or for themselves in a ring."""
    events = finished.scheme.events
    for kind, event in events.items():
        place = finished.place_of(("events", kind, "after"))
        for step in event.after:
            if step not in events:
                yield EventUnknown(place, [step, kind], where=f"events.{kind}.after", name=step, **did_you_mean(step, events))
        if kind in waits_for(kind, events):
            yield Circle(place, [kind, *event.after], ring=f"{kind} → {' → '.join(event.after)} → {kind}")


def waits_for(kind: str, events: Mapping[str, EventType]) -> set[str]:
    """Every step that must come before a step, directly or by way of others."""
    found: set[str] = set()
    waiting = list(events[kind].after)
    while waiting:
        step = waiting.pop()
        if step not in found:
            found.add(step)
            waiting += events[step].after if step in events else ()
    return found
