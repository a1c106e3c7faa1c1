"""The steps from our definition of a measure to that of a platform: one change after another, as data.

The reader turns each step into the whole measure that it leads to (`stepped`); measuring looks at
all of them as so many measures of one set of definitions (`ladder`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kaohe.measuring.definitions import Accounts, Definitions, Measure, Owner, Reconciliation, Step
from kaohe.measuring.deriving.tables import Tables
from kaohe.measuring.plans import PlaceOf, owner_of
from kaohe.measuring.problems import FieldMissing, FieldWrong, unknown_name
from kaohe.problems import Problem

Tree = dict[str, object]
KEPT = ("name", "version", "preset", "table", "kind")  # what a measure cannot be without
CHANGES = ("with", "change", "drop", "accounts")


def stepped(measure: Mapping[str, object], step: Mapping[str, object], place_of: PlaceOf) -> tuple[Tree, list[Problem]]:
    """The measure after a step, as a definitions file would write it, and what is wrong with the step."""
    problems: list[Problem] = []
    if not any(step.get(key) for key in CHANGES):
        problems.append(FieldMissing(place_of(()), [str(step.get("step")), "change"], field="change"))
    if "measure" in step:
        problems.append(unknown_name(place_of(("measure",)), "measure", ("字段", "field"), ("step", "name", *CHANGES)))
    after = dict(measure)
    for key, value in _tree(step.get("change")).items():
        after[key] = _changed(after.get(key), key, value)
    given, known = _tree(step.get("with")), _tree(after.get("parameters"))
    problems += [unknown_name(place_of(("with", name)), name, ("参数", "parameter"), known) for name in given if name not in known]
    if given:
        after["parameters"] = {**known, **given}
    for path in _list(step.get("drop")):
        problems += _dropped(after, str(path), place_of)
    return after, problems


def _changed(was: object, key: str, value: object) -> object:
    """A field as a step leaves it: clocks field by field, exclusions and reasons one after the others."""
    if key in ("clock", "parameters") and isinstance(value, dict):
        return {**_tree(was), **value}
    return [*_list(was), *_list(value)] if key in ("exclusions", "without") else value


def _dropped(after: Tree, path: str, place_of: PlaceOf) -> Iterator[Problem]:
    """Take one field away from a measure's tree; a reason that is not its own is its table's."""
    head, _, tail = path.partition(".")
    if head == "exclusions" and tail:
        own = _list(after.get("exclusions"))
        held = [one for one in own if not (isinstance(one, dict) and one.get("reason") == tail)]
        after["exclusions"] = held
        if len(held) == len(own):
            after["without"] = [*_list(after.get("without")), tail]
    elif head == "clock" and tail in _tree(after.get("clock")):
        after["clock"] = {name: value for name, value in _tree(after["clock"]).items() if name != tail}
    elif not tail and head in after and head not in KEPT:
        after.pop(head)
    else:
        yield unknown_name(place_of(("drop",)), path, ("可去掉的内容", "part to drop"), _droppable(after))


def _droppable(measure: Tree) -> list[str]:
    fields = [name for name in measure if name not in KEPT]
    clocks = [f"clock.{name}" for name in _tree(measure.get("clock"))]
    return [*fields, *clocks, *(f"exclusions.{one['reason']}" for one in _list(measure.get("exclusions")) if isinstance(one, dict))]


def _tree(value: object) -> Tree:
    return dict(value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


# --- the ladder -----------------------------------------------------------------------------------


def ladder(definitions: Definitions, reconciliation: Reconciliation) -> tuple[Definitions, list[str]]:
    """Definitions whose measures are ours and what it is after each step, and their ids in that order.

    What a step says of accounts holds for the steps after it too.
    """
    ours = reconciliation.measure
    measures, accounts = {ours: definitions.measures[ours]}, dict(definitions.accounts)
    tables, otherwise = Tables(definitions), dict[str, str]()
    for number, step in enumerate(reconciliation.steps, 1):
        otherwise |= step.accounts
        measure = step.measure
        owner = owner_of(tables, measure)
        if otherwise and owner is not None and owner.through in definitions.accounts:
            measure, accounts[f"{owner.through}__{number}"] = _with_accounts(measure, owner, accounts[owner.through], number, otherwise)
        measures[f"{ours}__{step.step}"] = measure
    return definitions.model_copy(update={"measures": measures, "accounts": accounts}), list(measures)


def _with_accounts(
    measure: Measure, owner: Owner, accounts: Accounts, number: int, otherwise: Mapping[str, str]
) -> tuple[Measure, Accounts]:
    """The measure through accounts that are somebody's on days on which they were nobody's."""
    through = Owner(account=owner.account, through=f"{owner.through}__{number}")
    filled = accounts.model_copy(update={"otherwise": {**accounts.otherwise, **otherwise}})
    return measure.model_copy(update={"subject": through}), filled


def check_accounts_of(tables: Tables, step: Step, place_of: PlaceOf) -> Iterator[Problem]:
    """A step that says whose accounts are needs rows that belong to people through accounts."""
    owner = owner_of(tables, step.measure)
    if step.accounts and (owner is None or owner.through is None):
        why = {"why_zh": "归属不经账号对照，用不到它", "why_en": "has no use where rows do not belong to people through accounts"}
        yield FieldWrong(place_of(("accounts",)), [step.step, "accounts"], field="accounts", **why)
