"""Bringing files into a round: read, preview, mend, take in batches, undo; rows that cannot go in wait for a named person."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kaohe_web.audit.actions import record
from kaohe_web.collect.models import Import, Rating, Record, SetAside, ValueEntry
from kaohe_web.engine.importing import MOST_BYTES, Choices, Line, Reading, finished_line, kind_of_file, read_file, sheet_key
from kaohe_web.engine.row_words import Fault
from kaohe_web.intake.comparing import (
    CHANGED,
    NEW,
    SAME,
    Held,
    check_one,
    columns_of,
    figures_of,
    judge,
    more_of,
    people_of,
    rating_key,
)
from kaohe_web.intake.models import ImportedRow, Meaning
from kaohe_web.people.models import Right, User
from kaohe_web.rounds.actions import locked, may, must_be
from kaohe_web.rounds.models import Round
from kaohe_web.rounds.stages import OPEN
from kaohe_web.site.refusals import Forbidden, Refused

BATCH = 500
AT_ONCE = 500
CHUNK = 1 << 16
Data = dict[str, object]


# --- a file comes in ------------------------------------------------------------------------------


def upload(by: User, round: Round, name: str, stream: BinaryIO, size: int) -> Import:
    """A file read and previewed; nothing of it is in the round yet. The file that was taken before is not taken again."""
    may(by, round, Right.HR)
    must_be(round, *OPEN)
    content, suffix = _content(name, stream, size)
    digest = sha256(content).hexdigest()
    known = round.imports.filter(digest=digest).exclude(state=Import.State.UNDONE).first()
    if known is not None:
        return known
    made = Import(round=round, file_name=Path(name).name[:200], digest=digest, by=by, mapping={"tables": {}, "columns": {}, "mends": {}})
    made.file.save(f"{secrets.token_hex(16)}{suffix}", ContentFile(content), save=False)
    reading = _read(made)
    fatal = [one for one in reading.refusals if not reading.sheets]
    if fatal:
        made.file.delete(save=False)
        first, *more = [(one.say("zh"), one.say("en")) for one in fatal]
        raise Refused(*first, *more)
    with transaction.atomic():
        locked(round.id)
        made.save()
        _stage(made, reading)
        record(by, "import.upload", made, after=_data(made), round_id=round.id)
    return made


def _content(name: str, stream: BinaryIO, size: int) -> tuple[bytes, str]:
    """The bytes of an upload and the ending that they deserve; too large or of another kind is refused before anything reads it."""
    if size > MOST_BYTES:
        most = MOST_BYTES >> 20
        raise Refused(f"文件太大：最多 {most} MB。", f"The file is too large: {most} MB at most.")
    content = stream.read(MOST_BYTES + 1)
    suffix = kind_of_file(content[:CHUNK])
    if not suffix or Path(name).suffix.lower() not in (".xlsx", ".xlsm", ".csv", ".tsv", ".txt"):
        raise Refused(
            "只收 XLSX 工作簿或 CSV 文本；旧的 XLS 请另存为 XLSX。", "An XLSX workbook or a CSV text is taken; save an old XLS as XLSX."
        )
    return content, suffix


def _data(source: Import) -> Data:
    return {"file": source.file_name, "sha256": source.digest, "rows": source.rows, "state": str(source.state)}


def _read(source: Import) -> Reading:
    """The file as it stands under the choices made so far."""
    mapping = source.mapping
    scheme = source.round.version.scheme_id
    remembered = {(one.table, one.heading): one.column for one in Meaning.objects.filter(scheme=scheme)}
    choices = Choices(mapping.get("tables", {}), mapping.get("columns", {}), mapping.get("mends", {}), remembered)
    return read_file(source.round.version.plan, Path(source.file.path), source.file_name, choices, people_of(source.round))


def _stage(source: Import, reading: Reading) -> None:
    """Write down what every row would do; what was written down before is forgotten."""
    judged = judge(source.round, reading)
    source.lines.all().delete()
    source.set_aside.all().delete()
    ImportedRow.objects.bulk_create(
        [
            ImportedRow(
                source=source,
                sheet=line.sheet,
                row=line.row,
                table=line.table,
                cells=line.cells,
                number=line.number,
                note=line.note,
                mends=line.set_aside[:20],
                kind=kind,
                counts=(line.sheet, line.row) not in judged.outside,
            )
            for line, kind in judged.good
        ],
        batch_size=BATCH,
    )
    people = people_of(source.round)
    SetAside.objects.bulk_create([_set_aside(source, line, fault, people) for line, fault in judged.bad], batch_size=BATCH)
    source.rows, source.same, source.taken, source.done = reading.rows, 0, 0, 0
    source.mapping = {
        **source.mapping,
        "sheets": [_told_sheet(sheet) for sheet in reading.sheets],
        "refusals": [_told(one) for one in reading.refusals],
    }
    source.save()


def _set_aside(source: Import, line: Line, fault: Fault, people: Mapping[str, str]) -> SetAside:
    subject = line.cells.get("subject", "")
    return SetAside(
        source=source,
        table=line.table,
        row=line.row,
        cells=_kept(line, fault),
        column=fault.column[:100],
        code=fault.code,
        told=fault.zh,
        told_en=fault.en,
        subject=subject if subject in people else "",
    )


def _kept(line: Line, fault: Fault) -> dict[str, str]:
    """A row's cells with what else belongs to it, under names that no column bears."""
    extras = {"#sheet": line.sheet, "#number": line.number, "#note": line.note, "#set_aside": line.set_aside, "#guess": fault.guess}
    return {**line.cells, **{name: text for name, text in extras.items() if text}, "#written": fault.written}


def _told_sheet(sheet: object) -> Data:
    return {**vars(sheet), "headings": [{**vars(one), "name": vars(one.name), "reading": vars(one.reading)} for one in sheet.headings]}  # type: ignore[attr-defined]


def _told(one: object) -> Data:
    return {name: getattr(one, name) for name in ("code", "zh", "en", "mend_zh", "mend_en", "sheet", "column")}


# --- what the preview changes ---------------------------------------------------------------------


def _again(by: User, source: Import, mapping: Data, action: str, after: Data) -> Import:
    """Read the file once more under other choices."""
    may(by, source.round, Right.HR)
    _must_be_preview(source)
    source.mapping = {**source.mapping, **mapping}
    reading = _read(source)
    with transaction.atomic():
        locked(source.round_id)
        _must_be_preview(Import.objects.get(pk=source.pk))
        _stage(source, reading)
        record(by, action, source, after=after, round_id=source.round_id)
    return source


def _must_be_preview(source: Import) -> None:
    if source.state != Import.State.PREVIEW:
        raise Refused("这个文件已经收入或撤销了。", "This file was taken in, or undone, already.")
    must_be(source.round, *OPEN)


def choose_meanings(by: User, source: Import, tables: Mapping[str, str], columns: Mapping[str, Mapping[str, str]]) -> Import:
    """Say what sheets and headings mean, and remember it for the next file of the scheme."""
    may(by, source.round, Right.HR)
    told = {str(sheet["name"]): sheet for sheet in source.mapping.get("sheets", ())}
    chosen = {
        **source.mapping.get("tables", {}),
        **{name: table for name, table in tables.items() if name in told and table != told[name]["table"]},
    }
    kept = {**source.mapping.get("columns", {})}
    for name, headings in columns.items():
        if name in told and name not in (set(tables) & set(chosen) - set(source.mapping.get("tables", {}))):
            before = {one["text"]: one["column"] for one in told[name]["headings"]}
            changed = {text: column for text, column in headings.items() if text in before and column != before[text]}
            kept[name] = {**kept.get(name, {}), **changed}
            _remember(by, source, str(told[name]["table"]), changed)
    _remember(by, source, "", {name: table for name, table in chosen.items() if name in tables})
    return _again(by, source, {"tables": chosen, "columns": kept}, "import.map", {"tables": chosen, "columns": kept})


def _remember(by: User, source: Import, table: str, meanings: Mapping[str, str]) -> None:
    for heading, column in meanings.items():
        key = sheet_key(heading) if not table else "".join(heading.split()).casefold()
        if key:
            Meaning.objects.update_or_create(
                scheme_id=source.round.version.scheme_id, table=table, heading=key[:200], defaults={"column": column, "by": by}
            )


def _remember_guesses(by: User, source: Import) -> None:
    """What was only a guess, and was taken in like that, is known from now on."""
    for sheet in source.mapping.get("sheets", ()):
        if sheet["origin"] == "suggested":
            _remember(by, source, "", {sheet["name"]: sheet["table"]})
        _remember(by, source, sheet["table"], {one["text"]: one["column"] for one in sheet["headings"] if one["origin"] == "suggested"})


def mend_in_preview(by: User, source: Import, row_id: int, cells: Mapping[str, str]) -> Import:
    """Write cells of a set-aside row anew before anything is taken."""
    found = _row_of(source.set_aside.all(), row_id)
    at = f"{found.cells.get('#sheet', '')}|{found.row}"
    mends = dict(source.mapping.get("mends", {}))
    mends[at] = {**mends.get(at, {}), **_columns_only(cells)}
    return _again(by, source, {"mends": mends}, "import.mend", {"row": at, **_columns_only(cells)})


def _row_of(rows: QuerySet[SetAside], row_id: int) -> SetAside:
    found = rows.filter(pk=row_id).first()
    if found is None:
        raise Forbidden
    return found


def _columns_only(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: text.strip()[:2000] for name, text in cells.items() if not name.startswith("#")}


# --- taking in ------------------------------------------------------------------------------------


def commit(by: User, source: Import) -> Import:
    """Take the good rows in and set the others aside; few rows at once, many in batches beside the pages."""
    may(by, source.round, Right.HR)
    _must_be_preview(source)
    reading = _read(source)
    with transaction.atomic():
        round = locked(source.round_id)
        must_be(round, *OPEN)
        source = Import.objects.select_for_update().select_related("round__version__scheme").get(pk=source.pk)
        _must_be_preview(source)
        _stage(source, reading)
        _refuse_whole(source)
        _settle_sent_again(by, source)
        _remember_guesses(by, source)
        source.state, source.by = Import.State.RUNNING, by
        source.save()
        after = {**_data(source), "set_aside": source.set_aside.count()}
        record(by, "import.take", source, after=after, round_id=source.round_id)
    if source.lines.count() <= AT_ONCE:
        while take_batch(source.pk):
            pass
    return Import.objects.get(pk=source.pk)


@transaction.atomic
def go_on(by: User, source: Import) -> Import:
    """Let an import that stopped on the way go on: what is in stays in, the rest follows."""
    round = locked(source.round_id)
    may(by, round, Right.HR)
    must_be(round, *OPEN)
    source = Import.objects.select_for_update().get(pk=source.pk)
    if source.state not in (Import.State.RUNNING, Import.State.FAILED):
        raise Refused("这次导入没有停在半路。", "This import did not stop on the way.")
    before, source.state = {"state": str(source.state)}, Import.State.RUNNING
    source.save()
    record(by, "import.go_on", source, before=before, after={"done": source.done}, round_id=round.id)
    return source


def _refuse_whole(source: Import) -> None:
    refusals = source.mapping.get("refusals", ())
    if refusals:
        first, *more = [(f"{one['zh']} {one['mend_zh']}".strip(), f"{one['en']} {one['mend_en']}".strip()) for one in refusals]
        raise Refused(*first, *more)
    if not source.rows:
        raise Refused("文件里没有要收入的行。", "No row of the file would go in.")


def _settle_sent_again(by: User, source: Import) -> None:
    """Rows that were set aside before and come again mended: settled where they are good, else told anew where they were."""
    waiting = {
        str(one.pk): one for one in SetAside.objects.filter(source__round=source.round, state=SetAside.State.OPEN).exclude(source=source)
    }
    for line in source.lines.exclude(mends=""):
        earlier = waiting.get(line.mends)
        if earlier is not None:
            _settle(by, earlier, SetAside.State.MENDED, line.cells, f"{source.file_name} · {line.row}")
    for row in source.set_aside.all():
        earlier = waiting.get(row.cells.get("#set_aside", ""))
        if earlier is not None:
            earlier.cells, earlier.column, earlier.code = {**row.cells, "#set_aside": ""}, row.column, row.code
            earlier.told, earlier.told_en, earlier.subject = row.told, row.told_en, row.subject
            earlier.save()
            row.delete()


def take_batch(import_id: int) -> bool:
    """Take the next rows in; whether there are more. Each batch is whole or not there; a batch that was taken is not taken again."""
    with transaction.atomic():
        round = locked(Import.objects.values_list("round_id", flat=True).get(pk=import_id))
        source = Import.objects.select_for_update().select_related("round__version", "by").get(pk=import_id)
        if source.state not in (Import.State.WAITING, Import.State.RUNNING):
            return False
        if round.stage not in OPEN:
            source.state = Import.State.FAILED
            source.save()
            return False
        rows = list(source.lines.filter(is_taken=False).order_by("id")[:BATCH])
        changes = _take(source, rows)
        source.done += len(rows)
        source.same += sum(row.kind == SAME for row in rows)
        source.taken += sum(row.kind != SAME for row in rows)
        more = source.lines.filter(is_taken=False).exists()
        source.state = Import.State.RUNNING if more else Import.State.DONE
        source.save()
        _write_down(source, rows, changes)
    return more


def _write_down(source: Import, rows: Sequence[ImportedRow], changes: Iterable[tuple[ImportedRow, Data]]) -> None:
    """One entry a batch, sealed by the digest of its rows, which stay beside it; one entry for every change of what was there."""
    text = json.dumps([[row.sheet, row.row, row.cells] for row in rows], ensure_ascii=False, sort_keys=True)
    after = {"rows": len(rows), "sha256": sha256(text.encode()).hexdigest(), "done": source.done, "state": str(source.state)}
    record(source.by, "import.batch", source, after=after, round_id=source.round_id)
    for row, before in changes:
        told = {"sheet": row.sheet, "row": row.row, **row.cells}
        record(source.by, "import.change", row, before=before, after=told, round_id=source.round_id, about=row.cells.get("subject", ""))


def _take(source: Import, rows: Sequence[ImportedRow]) -> list[tuple[ImportedRow, Data]]:
    """Write rows into the round; returns those that changed what was there, with that."""
    held = Held.of(source.round, [_line(row) for row in rows])
    changes: list[tuple[ImportedRow, Data]] = []
    takers = {"values": _take_values, "ratings": _take_ratings, "events": _take_records}
    for row in rows:
        row.kind, row.fact = held.judge(_line(row))
        row.is_taken = True
    for table, taker in takers.items():
        own = [row for row in rows if row.table == table and row.kind != SAME]
        if own:
            taker(source, own, held)
            changes += [(row, {"was": row.before}) for row in own if row.kind == CHANGED]
    told = ["kind", "fact", "is_taken", "before"]
    ImportedRow.objects.bulk_create(rows, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=told)
    return changes


def _line(row: ImportedRow) -> Line:
    return Line(row.sheet, row.row, row.table, row.cells, row.number, row.note)


def _was(fact: ValueEntry | Rating | Record, *names: str) -> Data:
    """What a fact said, and where from, so that it can be said again."""
    return {**{name: getattr(fact, name) for name in names}, "source": fact.source_id, "row": fact.row, "by": fact.by_id}


def _mark(fact: ValueEntry | Rating | Record, source: Import, row: ImportedRow) -> None:
    fact.source, fact.row, fact.by, fact.at = source, row.row, source.by, timezone.now()


def _take_values(source: Import, rows: Sequence[ImportedRow], held: Held) -> None:
    fresh: list[ValueEntry] = []
    changed: list[ValueEntry] = []
    for row in rows:
        row.before = {}
        subject = row.cells["subject"]
        for key, text in figures_of(row.cells).items():
            entry = held.values.get((subject, key))
            row.before[key] = None if entry is None else _was(entry, "text")
            if entry is None:
                entry = ValueEntry(round=source.round, subject=subject, key=key)
                held.values[subject, key] = entry
                fresh.append(entry)
            elif entry.pk is not None:
                changed.append(entry)
            entry.text = text
            _mark(entry, source, row)
    ValueEntry.objects.bulk_create(fresh, batch_size=BATCH)
    told = ["text", "source", "row", "by", "at"]
    ValueEntry.objects.bulk_create(changed, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=told)


def _take_ratings(source: Import, rows: Sequence[ImportedRow], held: Held) -> None:
    for row in rows:
        key = rating_key(row.cells)
        rating = held.ratings.get(key)
        row.before = None if rating is None else _was(rating, "text", "more", "comment")
        if rating is None:
            item, subject, rater, relation, call = key
            rating = Rating(round=source.round, item=item, subject=subject, rater=rater, relation=relation, call=call)
        rating.text, rating.more = row.cells.get("score", ""), more_of(row.cells)
        _mark(rating, source, row)
        rating.save()
        row.fact = rating.pk


def _take_records(source: Import, rows: Sequence[ImportedRow], held: Held) -> None:
    known = {one.id: one for one in held.numbered.values()}
    fresh = []
    for row in rows:
        made = known.get(row.fact or 0)
        row.before = None if made is None else _was(made, "subject", "day", "cells", "note")
        made = made or Record(round=source.round, kind=row.cells["type"])
        made.subject, made.day, made.cells = row.cells["subject"], row.cells.get("at", ""), columns_of(row.cells)
        made.note = row.note or made.note
        _mark(made, source, row)
        if made.pk is None:
            fresh.append((row, made))
        else:
            made.save()
    for (row, _), made in zip(fresh, Record.objects.bulk_create([made for _, made in fresh], batch_size=BATCH), strict=True):
        row.fact = made.pk


# --- taking back ----------------------------------------------------------------------------------


@transaction.atomic
def cancel(by: User, source: Import) -> None:
    """Leave a preview: its rows are forgotten and its file is removed. A running import is undone as far as it came."""
    may(by, source.round, Right.HR)
    source = Import.objects.select_for_update().select_related("round").get(pk=source.pk)
    if source.state in (Import.State.WAITING, Import.State.RUNNING):
        undo(by, source, "中途取消 · cancelled on the way")
        return
    _must_be_preview(source)
    record(by, "import.cancel", source, before=_data(source), round_id=source.round_id)
    file = source.file
    source.set_aside.all().delete()
    source.delete()
    transaction.on_commit(lambda: file.delete(save=False))


@transaction.atomic
def undo(by: User, source: Import, reason: str) -> Import:
    """Take an import out again: what it brought goes, what it replaced comes back. Not once a published result rests on it."""
    round = locked(source.round_id)
    may(by, round, Right.HR)
    must_be(round, *OPEN)
    source = Import.objects.select_for_update().get(pk=source.pk)
    if source.state not in (Import.State.DONE, Import.State.RUNNING, Import.State.WAITING, Import.State.FAILED):
        raise Refused("这次导入没有收入任何行，或已经撤销。", "This import took nothing in, or is undone already.")
    if not reason.strip():
        raise Refused("撤销要写明理由。", "Undoing takes a reason.")
    if round.runs.filter(version__isnull=False, at__gte=source.at).exists():
        raise Refused("已公布的结果用到了这次导入，不能撤销；请用更正。", "A published result rests on this import; correct it instead.")
    _refuse_later(source)
    left = _put_back(source)
    source.state = Import.State.UNDONE
    source.save()
    after = {"rows": source.taken, "changed_since_and_left": left}
    record(by, "import.undo", source, before={"state": "done"}, after=after, reason=reason, round_id=round.id)
    return source


def _refuse_later(source: Import) -> None:
    """A later import that replaced something of this one is undone first."""
    later = ImportedRow.objects.filter(source__round=source.round_id, source__gt=source.pk, is_taken=True, kind=CHANGED)
    later = later.filter(source__state__in=(Import.State.DONE, Import.State.RUNNING)).select_related("source")
    for row in later.iterator():
        before = row.before or {}
        if source.pk in {one.get("source") for one in (before, *before.values()) if isinstance(one, dict)}:
            name = row.source.file_name
            raise Refused(f"后来的“{name}”改过这里的数据，请先撤销它。", f"{name} changed some of this later; undo that one first.")


def _put_back(source: Import) -> int:
    """Put back what stood there before every row, the last first; what somebody changed since stays. Returns how much stayed."""
    rows = list(source.lines.filter(is_taken=True).exclude(kind=SAME).order_by("-id"))
    own = {table: [row for row in rows if row.table == table] for table in ("values", "ratings", "events")}
    return (
        sum(_put_back_values(source, some) for some in batched(own["values"]))
        + sum(_put_back_facts(Rating, source, some) for some in batched(own["ratings"]))
        + sum(_put_back_facts(Record, source, some) for some in batched(own["events"]))
    )


def batched(rows: Sequence[ImportedRow]) -> Iterator[Sequence[ImportedRow]]:
    """Rows, a batch at a time."""
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _return(fact: ValueEntry | Rating | Record, before: Mapping[str, object]) -> None:
    """Let a fact say what it said before."""
    for name, said in before.items():
        setattr(fact, f"{name}_id" if name in ("source", "by") else name, said)
    fact.save()


def _put_back_values(source: Import, rows: Sequence[ImportedRow]) -> int:
    subjects = {row.cells["subject"] for row in rows}
    held = {(one.subject, one.key): one for one in ValueEntry.objects.filter(round=source.round_id, source=source, subject__in=subjects)}
    gone, left = [], 0
    for row in rows:
        for key, before in (row.before or {}).items():
            entry = held.pop((row.cells["subject"], key), None)
            if entry is None:
                left += 1
            elif before is None:
                gone.append(entry.pk)
            else:
                _return(entry, before)
                held[entry.subject, entry.key] = entry
    ValueEntry.objects.filter(pk__in=gone).delete()
    return left


def _put_back_facts(kind: type[Rating] | type[Record], source: Import, rows: Sequence[ImportedRow]) -> int:
    held = {one.pk: one for one in kind.objects.filter(pk__in=[row.fact for row in rows], source=source)}
    gone = [row.fact for row in rows if row.before is None and row.fact in held]
    for row in rows:
        if row.before is not None and row.fact in held:
            _return(held[row.fact], row.before)
    kind.objects.filter(pk__in=gone).delete()
    return sum(row.fact not in held for row in rows)


# --- rows that were set aside ---------------------------------------------------------------------


def mend(by: User, round: Round, row_id: int, cells: Mapping[str, str]) -> SetAside:
    """Write cells of a set-aside row anew; where the row is sound then, it goes in. What was typed is kept either way."""
    with transaction.atomic():
        round = locked(round.id)
        may(by, round, Right.HR)
        must_be(round, *OPEN)
        found = _open_row(round, row_id)
        line = finished_line(round.version.plan, _line_of(found), _columns_only(cells), people_of(round))
        fault = check_one(round, line)
        if fault is None:
            _take_mended(by, found, line)
            return found
        found.cells, found.column, found.code = _kept(line, fault), fault.column[:100], fault.code
        found.told, found.told_en = fault.zh, fault.en
        subject = line.cells.get("subject", "")
        found.subject = subject if subject in people_of(round) else ""
        found.save()
    raise Refused(f"第{found.row}行还不能收入：{fault.zh}。", f"Row {found.row} cannot go in yet: {fault.en}.")


def _open_row(round: Round, row_id: int) -> SetAside:
    rows = SetAside.objects.select_for_update().select_related("source__round").filter(source__round=round, state=SetAside.State.OPEN)
    return _row_of(rows.exclude(source__state__in=(Import.State.UNDONE, Import.State.PREVIEW)), row_id)


def _line_of(row: SetAside) -> Line:
    cells = {name: text for name, text in row.cells.items() if not name.startswith("#")}
    return Line(row.cells.get("#sheet", ""), row.row, row.table, cells, row.cells.get("#number", ""), row.cells.get("#note", ""))


def _take_mended(by: User, found: SetAside, line: Line) -> None:
    source = found.source
    row = ImportedRow.objects.create(
        source=source, sheet=line.sheet, row=line.row, table=line.table, cells=line.cells, number=line.number, note=line.note, kind=NEW
    )
    before = source.by
    source.by = by  # whoever mended a row is who wrote its facts
    _take(source, [row])
    source.by = before
    source.taken += row.kind != SAME
    source.same += row.kind == SAME
    source.done += 1
    source.save()
    _settle(by, found, SetAside.State.MENDED, line.cells)


def _settle(by: User, found: SetAside, state: str, cells: Mapping[str, str] | None = None, reason: str = "") -> None:
    before = {name: text for name, text in found.cells.items() if not name.startswith("#")}
    found.state, found.settled_by, found.settled_at, found.reason = state, by, timezone.now(), reason
    if cells is not None:
        found.cells = {**{name: text for name, text in found.cells.items() if name.startswith("#")}, **cells}
    found.save()
    action = "set_aside.waive" if state == SetAside.State.WAIVED else "set_aside.mend"
    after = {"row": found.row, "state": state, **({} if cells is None else dict(cells))}
    record(by, action, found, before=before, after=after, reason=reason, round_id=found.source.round_id, about=found.subject)


@transaction.atomic
def waive(by: User, round: Round, row_ids: Sequence[int], reason: str) -> int:
    """Do without rows that were set aside, by name and with a reason. Returns how many."""
    round = locked(round.id)
    may(by, round, Right.HR)
    if not reason.strip():
        raise Refused("豁免要写明理由。", "Doing without a row takes a reason.")
    if by.person is None:
        raise Refused("豁免要有姓名：请用自己的账号登录。", "Somebody must answer for this by name: sign in as yourself.")
    found = [_open_row(round, row_id) for row_id in row_ids]
    for row in found:
        _settle(by, row, SetAside.State.WAIVED, reason=reason)
    return len(found)


@transaction.atomic
def check_again(by: User, round: Round) -> int:
    """Take in the set-aside rows that are sound by now, since people or facts changed. Returns how many."""
    round = locked(round.id)
    may(by, round, Right.HR)
    must_be(round, *OPEN)
    people, taken = people_of(round), 0
    rows = SetAside.objects.filter(source__round=round, state=SetAside.State.OPEN, source__state=Import.State.DONE).select_related(
        "source__round"
    )
    for found in rows:
        line = finished_line(round.version.plan, _line_of(found), {}, people)
        if check_one(round, line) is None:
            _take_mended(by, found, line)
            taken += 1
    return taken
