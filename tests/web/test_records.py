"""A lead records what happened in her team, with evidence that is what it says; a record is withdrawn with a reason and stays readable."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kaohe_web.audit.models import Entry
from kaohe_web.collect.actions import add_record, withdraw_record
from kaohe_web.collect.models import Record
from kaohe_web.people.standing import standing_of
from kaohe_web.records.actions import Event, record_event
from kaohe_web.records.evidence import MOST_BYTES, kind_of
from kaohe_web.records.queries import records_page
from kaohe_web.results.rows import rows_of
from kaohe_web.site.refusals import Forbidden, Refused

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def form(subject="KF0102", **more):
    return {
        "person": subject,
        "kind": "survey_response",
        "day": "2026-08-03",
        "survey_response-level": "neutral",
        "note": "电话回访",
        **more,
    }


def link(round):
    return f"/rounds/{round.id}/records/"


def file(content, name="x.png"):
    return SimpleUploadedFile(name, content)


def archive(*names, content=b"x"):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        for name in names:
            packed.writestr(name, content)
    return kept.getvalue()


@pytest.fixture
def made(company):
    """One record by the lead, with a picture."""
    event = Event("survey_response", "KF0102", "2026-08-03", {"level": "neutral"}, "电话回访")
    return record_event(company.user("lead"), company.collecting, event, file(PNG))


# --- recording --------------------------------------------------------------------------------------


def test_a_lead_records_something_of_her_team_in_one_form(company, signed_in):
    answer = signed_in("lead").post(f"{link(company.collecting)}add/", form(evidence=file(PNG), **{"from": "team"}))
    assert answer.url == f"/team/{company.collecting.id}/"
    kept = Record.objects.get(round=company.collecting, note="电话回访")
    assert (kept.kind, kept.subject, kept.day, kept.cells) == ("survey_response", "KF0102", "2026-08-03", {"level": "neutral"})
    assert kept.evidence.name.endswith(".png")
    assert "x.png" not in kept.evidence.name


def test_a_record_counts_in_the_next_scoring(company, made):
    rows = rows_of(company.collecting).tables["events"]
    assert [row["level"] for row in rows if row["#"] == made.id] == ["neutral"]


def test_nobody_records_of_another_team_or_of_herself(company, signed_in):
    assert signed_in("lead").post(f"{link(company.collecting)}add/", form("KF0201")).status_code == 404
    assert signed_in("lead").post(f"{link(company.collecting)}add/", form("KF0002")).status_code == 422
    for name in ("agent", "finance", "auditor"):
        assert signed_in(name).post(f"{link(company.collecting)}add/", form()).status_code == 404
    assert not Record.objects.filter(note="电话回访").exists()


def test_what_the_scheme_does_not_know_is_refused_and_what_was_typed_stays(company, signed_in):
    answer = signed_in("lead").post(f"{link(company.collecting)}add/", form(**{"survey_response-level": "thrilled"}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "thrilled" in page
    assert "电话回访" in page
    assert not Record.objects.filter(note="电话回访").exists()


@pytest.mark.parametrize("day", ["2026-13-40", "gestern", "2026-05-01"])
def test_a_day_that_is_none_or_lies_outside_the_period_is_refused(company, day):
    with pytest.raises(Refused):
        record_event(company.user("lead"), company.collecting, Event("survey_response", "KF0102", day, {"level": "neutral"}))


def test_nothing_is_recorded_once_the_round_went_on(company):
    with pytest.raises(Refused, match="stage"):
        add_record(company.user("lead"), company.published, "survey_response", "KF0102", date(2026, 5, 3), {"level": "neutral"})


# --- evidence ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "png"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"\xff\xd8\xff\xe0....", "jpg"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "wav"),
        (b"ID3\x04....", "mp3"),
        ("通话要点：客户两次来电".encode(), "txt"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (archive("[Content_Types].xml", "word/document.xml"), "docx"),
        (b"MZ\x90\x00 program", ""),
        (b"<html><script>alert(1)</script>", ""),
        (b"  <svg onload=alert(1)>", ""),
        (archive("a.txt"), ""),
        (archive("[Content_Types].xml", "xl/vbaProject.bin"), ""),
        (b"\x00\x01\x02", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_its_bytes_say(content, kind):
    assert kind_of(file(content, "anything.png")) == kind


def test_a_program_under_a_pictures_name_is_refused(company):
    event = Event("survey_response", "KF0102", "2026-08-03", {"level": "neutral"}, "坏文件")
    with pytest.raises(Refused, match="by what is in the file"):
        record_event(company.user("lead"), company.collecting, event, file(b"MZ\x90\x00", "photo.png"))
    assert not Record.objects.filter(note="坏文件").exists()


def test_a_file_that_is_too_large_is_refused(company):
    event = Event("survey_response", "KF0102", "2026-08-03", {"level": "neutral"})
    with pytest.raises(Refused, match="at most 10 MB"):
        record_event(company.user("lead"), company.collecting, event, file(PNG + b"0" * MOST_BYTES))


def test_evidence_is_handed_out_to_be_saved_and_only_to_who_may_see_the_record(company, signed_in, made):
    path = f"{link(company.collecting)}{made.id}/evidence/"
    for name in ("lead", "manager", "hr", "auditor"):
        answer = signed_in(name).get(path)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert b"".join(answer.streaming_content) == PNG
    for name in ("agent", "lead2", "finance", "admin"):
        assert signed_in(name).get(path).status_code == 404


def test_no_address_leads_to_the_folder_of_files(company, signed_in, made):
    assert signed_in("hr").get(f"/media/{made.evidence.name}").status_code == 404
    assert signed_in("hr").get(f"/files/{made.evidence.name}").status_code == 404


# --- reading and withdrawing ------------------------------------------------------------------------


def subjects(company, name, round, **asked):
    return {row.record.subject for row in records_page(standing_of(company.user(name)), round.id, asked).rows}


def test_everybody_sees_her_own_and_a_lead_her_teams(company):
    assert subjects(company, "agent", company.collecting) == {"KF0101"}
    assert {subject[:4] for subject in subjects(company, "lead", company.collecting)} <= {"KF00", "KF01"}
    assert "KF0201" not in subjects(company, "lead", company.collecting, person="KF0201")
    assert subjects(company, "hr", company.collecting, person="KF0201") == {"KF0201"}


def test_a_subject_is_not_told_who_recorded(company, signed_in, made):
    made.subject = "KF0101"
    made.save()
    page = signed_in("agent").get(link(company.collecting)).content.decode()
    assert "电话回访" in page
    assert "周倩" not in page


def test_a_withdrawn_record_counts_no_more_and_stays_with_its_reason(company, signed_in, made):
    lead = signed_in("lead")
    lead.post(f"{link(company.collecting)}{made.id}/withdraw/", {"reason": "记错了人"})
    made.refresh_from_db()
    assert (made.withdrawn, made.withdrawn_because) == (True, "记错了人")
    assert made.id not in {row["#"] for row in rows_of(company.collecting).tables["events"]}
    assert "撤销：记错了人" in lead.get(f"{link(company.collecting)}?show=withdrawn").content.decode()
    assert Entry.objects.order_by("-number").first().content.reason == "记错了人"


def test_withdrawing_takes_a_reason(company, made):
    with pytest.raises(Refused, match="reason"):
        withdraw_record(company.user("lead"), company.collecting, made.id, "  ")


def test_withdrawing_twice_is_withdrawing_once(company, made):
    withdraw_record(company.user("lead"), company.collecting, made.id, "重复")
    entries = Entry.objects.count()
    withdraw_record(company.user("lead"), company.collecting, made.id, "又一次")
    made.refresh_from_db()
    assert (made.withdrawn_because, Entry.objects.count()) == ("重复", entries)


def test_a_lead_does_not_withdraw_what_somebody_else_recorded(company):
    imported = Record.objects.filter(round=company.collecting, subject="KF0102").first()
    with pytest.raises(Refused, match="by HR"):
        withdraw_record(company.user("lead"), company.collecting, imported.id, "不好看")
    withdraw_record(company.user("hr"), company.collecting, imported.id, "客户撤回")
    imported.refresh_from_db()
    assert imported.withdrawn


def test_another_lead_does_not_find_the_record(company, signed_in, made):
    assert signed_in("lead2").post(f"{link(company.collecting)}{made.id}/withdraw/", {"reason": "x"}).status_code == 404
    with pytest.raises(Forbidden):
        withdraw_record(company.user("lead2"), company.collecting, made.id, "x")


def test_the_list_costs_the_same_number_of_queries_for_few_as_for_many(company, signed_in):
    hr = signed_in("hr")
    hr.get(link(company.collecting))
    with CaptureQueriesContext(connection) as many:
        hr.get(link(company.collecting))
    with CaptureQueriesContext(connection) as few:
        hr.get(f"{link(company.collecting)}?person=KF0401")
    assert len(few) == len(many)
