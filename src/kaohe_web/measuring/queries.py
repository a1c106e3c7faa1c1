"""A unit's events as a round's HR sees them: definitions, files, rows that wait, which measure feeds which figure."""

from __future__ import annotations

from dataclasses import dataclass, field

from kaohe_web.engine.measuring import (
    AsideRow,
    Events,
    Outline,
    Untold,
    aside_of,
    aside_workbook,
    bindings_of,
    events_of,
    outline_of_definitions,
)
from kaohe_web.engine.schemes import value_fields
from kaohe_web.intake.models import Meaning
from kaohe_web.measuring.actions import MEASURES, texts_of, workspace_of
from kaohe_web.measuring.models import DefinitionFile, EventFile
from kaohe_web.rounds.models import Round

Pair = tuple[str, str]
MOST = 20


@dataclass(frozen=True)
class Feed:
    """A measure, and the figure that it feeds."""

    id: str
    name: Pair
    unit: str
    key: str


@dataclass
class EventsPage:
    """Everything about a unit's events."""

    definitions: list[DefinitionFile]
    outline: Outline
    files: list[EventFile]
    kept: list[Events]
    aside: list[AsideRow]
    feeds: list[Feed]
    figures: list[tuple[str, Pair]]
    wrong: list[Pair] = field(default_factory=list)

    @property
    def open_rows(self) -> int:
        """How many rows of events wait in all."""
        return sum(one.open for one in self.kept)

    @property
    def is_reading(self) -> bool:
        """Whether a file is being read."""
        return any(one.state in (EventFile.WAITING, EventFile.READING) for one in self.files)


def events_page(round: Round) -> EventsPage:
    """A unit's events; what cannot be read is told instead."""
    unit = round.unit
    page = EventsPage(
        list(unit.definition_files.select_related("by__person")),
        Outline(),
        list(unit.event_files.select_related("by__person")[:MOST]),
        [],
        [],
        [],
        [],
    )
    try:
        page.outline = outline_of_definitions(texts_of(unit))
        page.kept = events_of(workspace_of(unit))
        page.aside = aside_of(workspace_of(unit))
    except Untold as untold:
        page.wrong = [(one.say("zh"), one.say("en")) for one in untold.told]
    page.figures = [(one.key, (one.name.zh, one.name.en)) for one in value_fields(round.version.plan)]
    page.feeds = _feeds(round, page.outline)
    return page


def _feeds(round: Round, outline: Outline) -> list[Feed]:
    guessed = bindings_of(round.version.plan, [id for id, _, _ in outline.measures])
    remembered = Meaning.objects.filter(scheme=round.version.scheme_id, table=MEASURES).values_list("heading", "column")
    known = {**guessed, **dict(remembered)}
    return [Feed(id, (name.zh, name.en), unit, known.get(id, "")) for id, name, unit in outline.measures]


def waiting_rows(round: Round) -> bytes:
    """The waiting rows as a workbook to mend."""
    return aside_workbook(workspace_of(round.unit), texts_of(round.unit))
