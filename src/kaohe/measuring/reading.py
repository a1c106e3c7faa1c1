"""From definitions files to Definitions, or to every problem in them with its line.

A company may spread its sources, accounts and measures over several files; an id is defined once. This
module checks what the files say, not whether events agree with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kaohe.documents import Branch, line_of, read_document
from kaohe.measuring.adapters import adapted
from kaohe.measuring.definitions import (
    Accounts,
    Calendar,
    Clock,
    Column,
    Credits,
    Database,
    Definitions,
    Derived,
    Exclusion,
    Followed,
    Grouped,
    Matched,
    Measure,
    OneRow,
    Owner,
    Parts,
    PlatformFigures,
    Reconciliation,
    Rounds,
    Source,
    Step,
)
from kaohe.measuring.deriving.tables import Tables
from kaohe.measuring.plans import PlaceOf, check_accounts, check_calendar, check_derived, compile_measure
from kaohe.measuring.platforms import check_figures
from kaohe.measuring.presets import lacking, read_presets, tables_below, taken
from kaohe.measuring.problems import FieldMissing, FieldWrong, KeyTwice, unknown_name
from kaohe.measuring.stepping import check_accounts_of, ladder, stepped
from kaohe.problems import Place, Problem, Problems, refuse

SECTIONS = ("sources", "derived", "accounts", "calendars", "measures", "reconciliations")
NOTHING: Mapping[str, str] = MappingProxyType({})
LARGEST = 1_000_000  # bytes of a definitions file
WAYS = (Rounds, Parts, Followed, Matched, Grouped, Credits)
TABLES = (Source, Database, Column, Derived, *WAYS, Accounts, Calendar)
MEASURES = (Measure, Clock, Exclusion, OneRow, Owner, Reconciliation, PlatformFigures, Step)
PARTS = (Definitions, *TABLES, *MEASURES)
FIELDS = sorted({"with", *(info.alias or name for model in PARTS for name, info in model.model_fields.items())})
REASONS_ZH = {
    "string_pattern_mismatch": "只能用小写英文字母、数字和下划线，以字母开头",
    "literal_error": "不在可选值之中",
    "int_parsing": "应是整数",
    "bool_parsing": "应是 true 或 false",
    "dict_type": "应是一组“键： 值”",
    "model_type": "应是一组“键： 值”",
    "tuple_type": "应是列表",
    "string_type": "应是文本",
    "too_short": "不能为空",
    "string_too_short": "不能为空",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
}


Path_ = tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """What a definitions file says, and where everything stands in it."""

    file: str
    data: Branch

    def place(self, path: Path_) -> Place:
        """Where `path` stands: its own line or that of the nearest thing around it."""
        steps = tuple(int(step) if step.isdigit() else step for step in path)
        return Place(self.file, line=line_of(self.data, steps) or 1)


def read_definitions(*paths: Path, presets: Mapping[str, str] = NOTHING) -> Definitions:
    """The sources, accounts and measures of some files taken together; raises Problems, all of them at once.

    `presets` are ready measures taken as they are, beside those of the files: the id of each, and the preset's.
    """
    documents: list[Document] = []
    problems: list[Problem] = []
    for path in map(Path, paths):
        data, found = read_document(path, LARGEST)
        problems += found
        documents += [] if data is None else [Document(str(path), data)]
    refuse(problems)
    return _checked([*documents, *(_taken_alone(id, reference) for id, reference in presets.items())])


def _taken_alone(id: str, reference: str) -> Document:
    """A ready measure as a file of its own would take it."""
    measures, measure, data = Branch(1), Branch(1), Branch(1)
    for branch, key, value in ((measure, "preset", reference), (measures, id, measure), (data, "measures", measures)):
        branch[key] = value
        branch.lines[key] = 1
    return Document(f"preset {reference}", data)


def _checked(documents: list[Document]) -> Definitions:
    problems: list[Problem] = []
    merged: dict[str, object] = {}
    homes: dict[Path_, Document] = {}
    for document in documents:
        problems += _merge(document, merged, homes)
    problems += _adapt(merged, homes)
    problems += _expand(merged, homes)
    refuse(problems)
    problems += _step(merged, homes)
    refuse(problems)
    definitions = _validated(merged, homes, documents, problems)
    refuse(problems)
    problems += _unsound(definitions, homes)
    refuse(problems)
    return definitions


def _merge(document: Document, merged: dict[str, object], homes: dict[Path_, Document]) -> Iterator[Problem]:
    """Add one file's sections to the whole; an id that another file defines is a problem."""
    for key, value in document.data.items():
        homes.setdefault((key,), document)
        if key not in SECTIONS or not isinstance(value, dict):
            merged.setdefault(key, value)
            continue
        section = merged.setdefault(key, {})
        for id, item in value.items():
            if (key, id) in homes:
                yield KeyTwice(document.place((key, id)), [id], name=id)
            homes[(key, id)] = document
            if isinstance(section, dict):
                section[id] = item


def _adapt(merged: dict[str, object], homes: dict[Path_, Document]) -> Iterator[Problem]:
    """Put what the adapters say into the sources that name one."""
    sources = merged.get("sources")
    if not isinstance(sources, dict):
        return
    for id, item in sources.items():
        if isinstance(item, dict) and "adapter" in item:
            sources[id], problems = adapted(item, id, homes[("sources", id)].place(("sources", id, "adapter")))
            yield from problems


def _expand(merged: dict[str, object], homes: dict[Path_, Document]) -> Iterator[Problem]:
    """Put what the presets say into the measures that name one, and the tables that they derive beside the company's."""
    measures, presets = merged.get("measures"), read_presets()
    if not isinstance(measures, dict):
        return
    for id, item in measures.items():
        if not isinstance(item, dict) or "preset" not in item:
            continue
        place = homes[("measures", id)].place(("measures", id, "preset"))
        measures[id], problems = taken(presets, item, place)
        yield from problems
        if not problems:
            table = str(measures[id].get("table"))
            known = {**_section(merged, "sources"), **_section(merged, "derived")}
            yield from lacking(presets, str(item["preset"]), table, known, place)
            _bring_tables(merged, table)


def _step(merged: dict[str, object], homes: dict[Path_, Document]) -> Iterator[Problem]:
    """Put into each step of a reconciliation the measure that it leads to."""
    measures, reconciliations = _section(merged, "measures"), _section(merged, "reconciliations")
    for id, item in reconciliations.items():
        if not isinstance(item, dict) or not isinstance(item.get("steps"), list):
            continue
        place_of = _placed(homes, "reconciliations", id)
        measure = measures.get(str(item.get("measure")))
        if not isinstance(measure, dict):
            yield unknown_name(place_of(("measure",)), str(item.get("measure")), ("度量", "measure"), measures)
            continue
        steps: list[object] = []
        for number, step in enumerate(item["steps"]):
            if isinstance(step, dict):
                measure, problems = stepped(measure, step, partial(_within, place_of, ("steps", str(number))))
                yield from problems
                _bring_tables(merged, str(measure.get("table")))
                step = {**step, "measure": measure}
            steps.append(step)
        reconciliations[id] = {**item, "steps": steps}


def _within(place_of: PlaceOf, path: Path_, inner: Path_) -> Place:
    """Where a part of a part stands."""
    return place_of((*path, *inner))


def _bring_tables(merged: dict[str, object], table: str) -> None:
    """Put the tables that presets derive beside the company's, where a measure looks at one of them."""
    derived = _section(merged, "derived")
    known = {**_section(merged, "sources"), **derived}
    merged["derived"] = {**derived, **tables_below(read_presets(), table, known)}


def _section(merged: dict[str, object], name: str) -> dict[str, object]:
    section = merged.get(name)
    return section if isinstance(section, dict) else {}


def _validated(merged: dict[str, object], homes: dict[Path_, Document], documents: list[Document], problems: list[Problem]) -> Definitions:
    given = {key: value for key, value in merged.items() if value is not None}
    try:
        return Definitions.model_validate(given)
    except ValidationError as error:
        told: set[Path_] = set()
        for detail in error.errors():
            path = tuple(str(part) for part in detail["loc"])
            if _apart_from_steps(path) not in told:
                told.add(_apart_from_steps(path))
                problems.append(_field_problem(detail, path, _place(path, homes, documents)))
        return Definitions()


def _apart_from_steps(path: Path_) -> Path_:
    """The path of a field of a step's measure, whatever the step: what one step writes wrongly, those after it have too."""
    return (*path[:3], *path[4:]) if path[0] == "reconciliations" and path[4:5] == ("measure",) else path


def _place(path: Path_, homes: dict[Path_, Document], documents: list[Document]) -> Place:
    home = homes.get(path[:2]) or homes.get(path[:1])
    return home.place(path) if home else Place(documents[0].file if documents else "")


def _field_problem(detail: ErrorDetails, path: Path_, place: Place) -> Problem:
    field = next((part for part in reversed(path) if not part.isdigit() and part != "[key]"), "")
    if detail["type"] == "extra_forbidden":
        return unknown_name(place, field, ("字段", "field"), FIELDS)
    if detail["type"] == "missing":
        return FieldMissing(place, path, field=field)
    english = detail["msg"].removeprefix("Value error, ")
    return FieldWrong(place, path, field=field, why_zh=REASONS_ZH.get(detail["type"], english), why_en=english)


def _unsound(definitions: Definitions, homes: dict[Path_, Document]) -> Iterator[Problem]:
    """What the accounts, calendars, derived tables and measures say that their tables do not bear out."""
    tables = Tables(definitions)
    for id in definitions.accounts:
        yield from check_accounts(definitions, id, _placed(homes, "accounts", id))
    calendars = [problem for id in definitions.calendars for problem in check_calendar(definitions, id, _placed(homes, "calendars", id))]
    yield from calendars
    if calendars:
        return
    broken: set[str] = set()
    for id in definitions.derived:
        problems = list(check_derived(tables, id, _placed(homes, "derived", id)))
        broken |= {id} if problems else set()
        yield from problems
    unsound = [
        problem
        for id, measure in definitions.measures.items()
        if not broken & {measure.table, *definitions.below(measure.table)}
        for problem in _unsound_measure(tables, id, _placed(homes, "measures", id))
    ]
    yield from unsound
    if not unsound and not broken:
        for id in definitions.reconciliations:
            yield from _unsound_reconciliation(definitions, id, _placed(homes, "reconciliations", id))


def _unsound_measure(tables: Tables, id: str, place_of: PlaceOf) -> Iterator[Problem]:
    try:
        compile_measure(tables, id, place_of)
    except Problems as found:
        yield from found


def _unsound_reconciliation(definitions: Definitions, id: str, place_of: PlaceOf) -> Iterator[Problem]:
    """What is wrong with the platform's figures of a reconciliation, and with the measure after each step."""
    tables, reconciliation = Tables(definitions), definitions.reconciliations[id]
    yield from check_figures(tables, reconciliation.figures, partial(_within, place_of, ("figures",)))
    varied, ids = ladder(definitions, reconciliation)
    for number, step in enumerate(reconciliation.steps):
        place_of_step = partial(_within, place_of, ("steps", str(number)))
        problems = [*check_accounts_of(tables, step, place_of_step)]
        problems += _unsound_measure(Tables(varied), ids[number + 1], partial(_in_step, place_of_step))
        yield from problems
        if problems:  # the steps after it have the same ones
            return


def _in_step(place_of: PlaceOf, path: Path_) -> Place:
    """Where a field of a measure stands in the step that changes it."""
    return place_of(("change", *path))


def _placed(homes: dict[Path_, Document], section: str, id: str) -> PlaceOf:
    """Where the parts of a definition stand; a table that came with a preset stands where nobody wrote it."""
    home = homes.get((section, id))
    return (lambda path: home.place((section, id, *path))) if home else (lambda path: Place(f"preset {id}"))
