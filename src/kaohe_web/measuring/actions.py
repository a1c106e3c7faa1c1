"""Definitions kept, event files read, rows mended or done without, figures measured into a round as a file to preview."""

from __future__ import annotations

import io
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from kaohe_web.audit.actions import record
from kaohe_web.collect.models import Import
from kaohe_web.engine.importing import units_of
from kaohe_web.engine.measuring import (
    ENDINGS,
    MOST_BYTES,
    Events,
    Summary,
    Untold,
    draft_of,
    figures_of_period,
    kind_is_fine,
    mend_events,
    outline_of_definitions,
    take_events,
    waive_events,
)
from kaohe_web.engine.telling import Told
from kaohe_web.intake.actions import upload
from kaohe_web.intake.models import Meaning
from kaohe_web.measuring.models import DefinitionFile, EventFile
from kaohe_web.people.models import Right, Unit, User
from kaohe_web.results.rows import rows_of
from kaohe_web.rounds.actions import may, must_be
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.stages import OPEN
from kaohe_web.site.refusals import Refused

LONGEST_TEXT = 1_000_000
AT_ONCE = 2 << 20
CHUNK = 1 << 20
MEASURES = "measures"
UNSAFE = re.compile(r"[^\w\-.（）()]+")


def workspace_of(unit: Unit) -> Path:
    """The folder of a unit's events."""
    return Path(settings.WORKSPACE) / f"unit-{unit.pk}"


def texts_of(unit: Unit) -> dict[str, str]:
    """A unit's definitions by file."""
    return dict(unit.definition_files.order_by("name").values_list("name", "text"))


@contextmanager
def _telling() -> Iterator[None]:
    """What the engine refuses, the act refuses."""
    try:
        yield
    except Untold as untold:
        raise refusal(untold.told) from None


def refusal(told: Sequence[Told]) -> Refused:
    """A refusal with everything that is wrong, with the line where it stands."""
    first, *more = [(_at(one, "第{}行：") + one.say("zh"), _at(one, "line {}: ") + one.say("en")) for one in told]
    return Refused(*first, *more)


def _at(told: Told, words: str) -> str:
    return "" if told.line is None else words.format(told.line)


# --- definitions ----------------------------------------------------------------------------------


def keep_definitions(by: User, round: Round, name: str, text: str) -> DefinitionFile:
    """A text of definitions, kept where all of the unit's together can be right."""
    may(by, round, Right.HR)
    name = Path(name).name[:100]
    if not name.lower().endswith((".yaml", ".yml")) or len(text) > LONGEST_TEXT:
        raise Refused("定义是一个 YAML 文件，最多 1 MB。", "Definitions are a YAML file of 1 MB at most.")
    unit = round.unit
    with _telling():
        outline_of_definitions({**texts_of(unit), name: text})
    with transaction.atomic():
        before = unit.definition_files.filter(name=name).first()
        kept, _ = DefinitionFile.objects.update_or_create(unit=unit, name=name, defaults={"text": text, "by": by})
        was = None if before is None else {"sha256": sha256(before.text.encode()).hexdigest()}
        record(by, "events.define", kept, before=was, after={"name": name, "sha256": sha256(text.encode()).hexdigest()}, round_id=round.id)
    return kept


@transaction.atomic
def drop_definitions(by: User, round: Round, name: str) -> None:
    """Take a text of definitions away."""
    may(by, round, Right.HR)
    for found in round.unit.definition_files.filter(name=name):
        record(by, "events.define", found, before={"name": name, "text": found.text}, round_id=round.id)
        found.delete()


def suggest_definitions(by: User, round: Round, name: str, stream: BinaryIO, size: int) -> str:
    """Definitions that a file seems to ask for, for a person to look over; nothing is kept."""
    may(by, round, Right.HR)
    with TemporaryDirectory() as folder:
        path, _ = _received(Path(folder), name, stream, size)
        with _telling():
            draft = draft_of(path)
    if not draft:
        raise Refused("这个文件不像会话、工单、通话等任何一张标准表。", "The file looks like none of the known tables of events.")
    return draft


# --- files ----------------------------------------------------------------------------------------


def _received(folder: Path, name: str, stream: BinaryIO, size: int) -> tuple[Path, str]:
    """An upload written to a folder under a harmless name, and its digest; too large or of another kind is refused before it is read."""
    if size > MOST_BYTES:
        raise Refused(f"文件太大：最多 {MOST_BYTES >> 20} MB。", f"The file is too large: {MOST_BYTES >> 20} MB at most.")
    head = stream.read(CHUNK)
    if not kind_is_fine(name, head):
        known = "、".join(ENDINGS)
        raise Refused(f"内容与后缀不符，或不是这些文件：{known}。", f"Its content is not what its name says, or it is none of {known}.")
    path = folder / (UNSAFE.sub("_", Path(name).stem)[:80] + Path(name).suffix.lower())
    digest = sha256(head)
    with path.open("wb") as target:
        target.write(head)
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return path, digest.hexdigest()


def take_file(by: User, round: Round, table: str, name: str, stream: BinaryIO, size: int, same_name: str = "") -> EventFile:
    """A file of events on its way into the workspace; a small one is read at once, a large one beside the pages."""
    may(by, round, Right.HR)
    with _telling():
        tables = {id for id, _ in outline_of_definitions(texts_of(round.unit)).tables}
    if table not in tables:
        raise Refused("请先说明这个文件是哪一张表。", "Say first which table the file holds.")
    with TemporaryDirectory() as folder:
        path, digest = _received(Path(folder), name, stream, size)
        made = EventFile(unit=round.unit, table=table, file_name=path.name, digest=digest, by=by)
        made.same_name = same_name if same_name in ("replaces", "adds") else ""
        with path.open("rb") as content:
            made.file.save(f"{secrets.token_hex(16)}{path.suffix}", File(content), save=False)
    with transaction.atomic():
        made.save()
        record(by, "events.upload", made, after={"file": made.file_name, "sha256": digest, "table": table}, round_id=round.id)
    if size <= AT_ONCE:
        read_file(made.pk)
        made.refresh_from_db()
    return made


def read_file(pk: int) -> None:
    """Read a waiting file into its unit's workspace; what was read already, or fails, is told on its row. The upload itself is not kept."""
    changed = EventFile.objects.filter(pk=pk, state__in=(EventFile.WAITING, EventFile.READING)).update(state=EventFile.READING)
    if not changed:
        return
    made = EventFile.objects.select_related("unit", "by").get(pk=pk)
    try:
        found = _read(made)
    except Untold as untold:
        made.state, made.told = EventFile.FAILED, [{"zh": one.say("zh"), "en": one.say("en")} for one in untold.told]
    else:
        made.state, made.key, made.taken, made.aside = EventFile.DONE, found.key, found.taken, found.open
    with transaction.atomic():
        made.save()
        record(made.by, "events.read", made, after={"state": made.state, "taken": made.taken, "set_aside": made.aside})
    made.file.delete(save=False)


def _read(made: EventFile) -> Events:
    """Read under the name that people know the file by."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / made.file_name
        shutil.copyfile(made.file.path, path)
        at = timezone.localtime().isoformat(timespec="seconds")
        return take_events(workspace_of(made.unit), texts_of(made.unit), made.table, path, made.same_name, at)


# --- rows set aside -------------------------------------------------------------------------------


def _name(by: User) -> str:
    """Who answers for this by name."""
    if by.person is None:
        raise Refused("这要有姓名：请用自己的账号登录。", "Somebody must answer for this by name: sign in as yourself.")
    return f"{by.person.name} {by.person.number}"


def mend_rows(by: User, round: Round, name: str, stream: BinaryIO, size: int) -> tuple[int, int]:
    """A workbook of mended rows handed back: those that can be read now go in. Returns how many, and how many were as before."""
    may(by, round, Right.HR)
    with TemporaryDirectory() as folder:
        path, digest = _received(Path(folder), name, stream, size)
        with _telling():
            at = timezone.localtime().isoformat(timespec="seconds")
            mended, unchanged, told = mend_events(workspace_of(round.unit), texts_of(round.unit), path, _name(by), at)
    with transaction.atomic():
        record(by, "events.mend", round.unit, after={"rows": mended, "sha256": digest}, round_id=round.id)
    if told:
        raise refusal(told)
    return mended, unchanged


def waive_rows(by: User, round: Round, rows: Mapping[str, Sequence[int]], reason: str) -> None:
    """Do without rows of events, by name and with a reason."""
    may(by, round, Right.HR)
    if not reason.strip():
        raise Refused("豁免要写明理由。", "Doing without a row takes a reason.")
    at = timezone.localtime().isoformat(timespec="seconds")
    with _telling():
        for key, some in rows.items():
            waive_events(workspace_of(round.unit), key, some, _name(by), reason.strip(), at)
    with transaction.atomic():
        record(by, "events.waive", round.unit, after={key: list(some) for key, some in rows.items()}, reason=reason, round_id=round.id)


# --- figures --------------------------------------------------------------------------------------


def measure_into(by: User, round: Round, keys: Mapping[str, str]) -> Import:
    """Measure the round's period for its people and units; the exact figures come as a file, to be previewed and taken in like any."""
    may(by, round, Right.HR)
    must_be(round, *OPEN)
    chosen = {id: key for id, key in keys.items() if key}
    if not chosen:
        raise Refused("请先说明每个度量填到哪个数值。", "Say first which figure each measure feeds.")
    if len(set(chosen.values())) != len(chosen):
        raise Refused("两个度量不能填同一个数值。", "Two measures cannot feed one figure.")
    rows = rows_of(round)
    subjects = [*(str(row["id"]) for row in rows.tables.get("people", ())), *units_of(round.version.plan, rows)]
    with _telling():
        figures = figures_of_period(workspace_of(round.unit), texts_of(round.unit), round.start, round.end, chosen, subjects)
    if figures.content.count(b"\n") < 2:
        raise Refused("本轮的人在这段时间里没有任何记录。", "Nobody of the round has an event in the period.")
    _remember(by, round, chosen)
    name = f"度量_{round.start:%Y-%m-%d}_{round.end:%Y-%m-%d}.csv"
    made = upload(by, round, name, io.BytesIO(figures.content), len(figures.content))
    with transaction.atomic():
        made.mapping = {**made.mapping, "measured": [_told(one) for one in figures.summaries]}
        made.save(update_fields=["mapping"])
        record(by, "events.measure", made, after={"measures": chosen, "sha256": made.digest}, round_id=round.id)
    return made


def _told(one: Summary) -> dict[str, object]:
    return {**vars(one), "name": [one.name.zh, one.name.en], "strangers": list(one.strangers[:20]), "strangers_in_all": len(one.strangers)}


def _remember(by: User, round: Round, keys: Mapping[str, str]) -> None:
    """Which figure a measure feeds is known from now on."""
    for id, key in keys.items():
        Meaning.objects.update_or_create(
            scheme_id=round.version.scheme_id, table=MEASURES, heading=id[:200], defaults={"column": key, "by": by}
        )
