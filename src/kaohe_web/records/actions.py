"""Recording an event with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.core.files.uploadedfile import UploadedFile

from kaohe_web.collect.actions import add_record
from kaohe_web.collect.models import Record
from kaohe_web.engine.schemes import record_kinds
from kaohe_web.people.models import User
from kaohe_web.records.evidence import taken_in
from kaohe_web.rounds.models import Round
from kaohe_web.site.refusals import Refused

LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Event:
    """What somebody records."""

    kind: str
    subject: str
    day: str
    cells: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


def record_event(by: User, round: Round, event: Event, evidence: UploadedFile | None = None) -> Record:
    """One record of somebody of one's team, with a file where one is handed in."""
    if len(event.note) > LONGEST_NOTE:
        raise Refused(f"说明最多{LONGEST_NOTE}字。", f"A note takes at most {LONGEST_NOTE} characters.")
    day = _day(event.day)
    _refuse_outside(round, event.kind, day)
    cells = {key: text.strip() for key, text in event.cells.items()}
    return add_record(by, round, event.kind, event.subject, day, cells, event.note.strip(), taken_in(evidence))


def _refuse_outside(round: Round, kind: str, day: date | None) -> None:
    """A kind that is of the period has a day within it; otherwise it would be kept and never count."""
    of_period = any(one.key == kind and one.in_period for one in record_kinds(round.version.plan))
    if not of_period:
        return
    if day is None or not round.start <= day <= round.end:
        raise Refused(f"日期要在考核期内：{round.start} 至 {round.end}。", f"The day lies within the period: {round.start} to {round.end}.")


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused(
            f"日期“{text[:20]}”读不懂，请写成 2026-07-31。", f"The day “{text[:20]}” is not readable; write 2026-07-31."
        ) from error
