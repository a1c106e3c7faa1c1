"""Raw events of a unit are read, their bad rows mended or waived by name, and measured into a round as exact quotients."""

from __future__ import annotations

import io

import pytest
import python_calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from kaohe_web.audit.queries import verify
from kaohe_web.collect.models import Import, ValueEntry
from kaohe_web.intake.actions import commit
from kaohe_web.measuring import actions
from kaohe_web.measuring.models import EventFile
from kaohe_web.measuring.queries import events_page, waiting_rows
from kaohe_web.rounds.models import Round
from kaohe_web.site.refusals import Refused

DEFINITIONS = """
company_zone: Asia/Shanghai
sources:
  complaints:
    name: 投诉 | Complaints
    subject: agent
    time: day
    columns:
      id: {from: 投诉单号, needed: true}
      agent: {from: 工号}
      day: {from: 日期, type: date, needed: true}
      resolved: {from: 是否解决, type: yes_no, yes: [是], no: [否], needed: true}
measures:
  resolution:
    name: 投诉解决率 | Complaints resolved
    version: 1
    unit: share
    direction: higher
    table: complaints
    kind: ratio
    numerator: resolved
  complaints_total:
    name: 投诉总数 | Complaints
    version: 1
    unit: complaint
    table: complaints
    kind: count
"""
HEAD = "投诉单号,工号,日期,是否解决"
GOOD = (
    "T1,KF0101,2026-07-02,是",
    "T2,KF0101,2026-07-03,是",
    "T3,KF0101,2026-08-03,否",
    "T4,ZZ0001,2026-08-04,是",
    "T5,KF0101,2026-05-01,是",
)
BAD = ("T6,KF0101,2026-13-01,是", "T7,KF0102,2026-08-03,也许")


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    """Uploads and the workspace of a test stand in its own folder."""
    settings.MEDIA_ROOT, settings.WORKSPACE = tmp_path / "files", tmp_path / "workspace"
    return tmp_path


@pytest.fixture
def round(company) -> Round:
    """A round whose unit has definitions, and nobody's figures of complaints yet."""
    found = company.collecting
    actions.keep_definitions(company.user("hr"), found, "complaints.yaml", DEFINITIONS)
    ValueEntry.objects.filter(round=found, subject__startswith="KF01").delete()
    return found


def send(company, round: Round, *rows: str, name: str = "投诉.csv") -> EventFile:
    content = "\n".join([HEAD, *rows]).encode()
    return actions.take_file(company.user("hr"), round, "complaints", name, io.BytesIO(content), len(content))


def test_a_file_is_read_and_its_upload_is_not_kept_twice(company, round, folders):
    made = send(company, round, *GOOD, *BAD)
    assert (made.state, made.taken, made.aside) == (EventFile.DONE, 5, 2)
    assert [path for path in (folders / "files").rglob("*") if path.is_file()] == []
    page = events_page(round)
    assert [(one.file, one.row, one.columns, one.found, one.why.zh) for one in page.aside] == [
        ("投诉.csv", 7, "day", "2026-13-01", "不是日期或时刻"),
        ("投诉.csv", 8, "resolved", "也许", "既不是“是”也不是“否”"),
    ]


def test_figures_are_exact_quotients_that_are_previewed_and_taken_in(company, round):
    send(company, round, *GOOD)
    hr = company.user("hr")
    source = actions.measure_into(hr, round, {"resolution": "complaint_resolution_rate", "complaints_total": "complaints_total"})
    assert (source.state, [line.cells for line in source.lines.all()]) == (
        Import.State.PREVIEW,
        [{"subject": "KF0101", "complaint_resolution_rate": "2/3", "complaints_total": "3"}],
    )
    told = source.mapping["measured"][0]
    assert (told["subjects"], told["counted"], told["strangers"]) == (1, 3, ["ZZ0001"])
    commit(hr, source)
    assert dict(ValueEntry.objects.filter(round=round, subject="KF0101").values_list("key", "text")) == {
        "complaint_resolution_rate": "2/3",
        "complaints_total": "3",
    }
    assert verify().holds


def test_measuring_again_without_anything_new_changes_nothing(company, round):
    send(company, round, *GOOD)
    hr, keys = company.user("hr"), {"complaints_total": "complaints_total"}
    first = commit(hr, actions.measure_into(hr, round, keys))
    assert actions.measure_into(hr, round, keys).pk == first.pk


def test_nothing_is_measured_while_rows_are_set_aside(company, round):
    send(company, round, *GOOD, *BAD)
    with pytest.raises(Refused) as refused:
        actions.measure_into(company.user("hr"), round, {"resolution": "complaint_resolution_rate"})
    assert refused.value.tell("zh") == ["还有 2 行原始记录搁置着。 请先改正，或写明理由豁免。"]


def test_rows_are_mended_in_a_workbook_and_handed_back(company, round):
    send(company, round, *GOOD, *BAD)
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(waiting_rows(round))).get_sheet_by_index(0).to_python()
    heads = rows[0]
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            mended = [{"2026-13-01": "2026-09-01", "也许": "否"}.get(str(cell), str(cell)) for cell in row]
            for place, cell in enumerate(mended):
                page.write_string(number, place, cell)
    assert "投诉单号" in heads
    content = held.getvalue()
    assert actions.mend_rows(company.user("hr"), round, "改好.xlsx", io.BytesIO(content), len(content)) == (2, 0)
    assert events_page(round).open_rows == 0


def test_rows_are_waived_by_name_and_with_a_reason(company, round):
    made = send(company, round, *GOOD, *BAD)
    hr = company.user("hr")
    with pytest.raises(Refused):
        actions.waive_rows(hr, round, {made.key: [7, 8]}, " ")
    actions.waive_rows(hr, round, {made.key: [7, 8]}, "客户撤回")
    kept = events_page(round).kept[0]
    assert (kept.open, kept.waived) == (0, 2)


def test_definitions_that_cannot_be_right_are_told_with_their_line(company, round):
    with pytest.raises(Refused) as refused:
        actions.keep_definitions(
            company.user("hr"),
            round,
            "more.yaml",
            "measures:\n  x:\n    name: 某 | x\n    version: 1\n    unit: share\n    table: nowhere\n    kind: count\n",
        )
    assert refused.value.tell("zh")[0].startswith("第6行：")


def test_a_page_reaches_no_other_server(company, round):
    text = "sources:\n  far:\n    name: 远 | far\n    subject: a\n    time: t\n    database: {url: 'postgresql://db/x', table: t}\n    columns: {a: {from: a}, t: {from: t, type: date, needed: true}}\n"
    with pytest.raises(Refused):
        actions.keep_definitions(company.user("hr"), round, "far.yaml", text)
    assert set(actions.texts_of(round.unit)) == {"complaints.yaml"}


@pytest.mark.parametrize(
    ("name", "content"), [("a.parquet", b"nothing"), ("a.xlsx", b"a,b"), ("a.csv", b"a\0b"), ("a.sh", b"a,b"), ("a.csv", b"")]
)
def test_what_is_not_what_its_name_says_is_refused_unread(company, round, name, content):
    with pytest.raises(Refused):
        actions.take_file(company.user("hr"), round, "complaints", name, io.BytesIO(content), len(content))


def test_a_file_s_headings_suggest_definitions(company, round):
    content = b"Conversation ID,Agent,Started at\nc1,KF0101,2026-07-01 10:00\n"
    draft = actions.suggest_definitions(company.user("hr"), round, "chats.csv", io.BytesIO(content), len(content))
    assert "sources:" in draft


def test_the_pages_walk_from_definitions_to_figures(company, signed_in):
    hr, here = signed_in("hr"), f"/rounds/{company.collecting.id}/events/"
    ValueEntry.objects.filter(round=company.collecting, subject="KF0101").delete()
    hr.post(f"{here}define/", {"file": SimpleUploadedFile("c.yaml", DEFINITIONS.encode())})
    content = "\n".join([HEAD, *GOOD, *BAD]).encode()
    hr.post(f"{here}upload/", {"table": "complaints", "file": SimpleUploadedFile("投诉.csv", content)})
    text = hr.get(here).content.decode()
    assert "2行搁置" in text
    key = events_page(company.collecting).aside[0].key
    hr.post(f"{here}waive/", {"row": [f"{key}:7", f"{key}:8"], "reason": "无法核实"})
    answer = hr.post(f"{here}measure/", {"feeds.resolution": "complaint_resolution_rate", "feeds.complaints_total": ""}, follow=True)
    assert "怎么量出来的" in answer.content.decode()
    assert hr.get(f"{here}rows/").status_code == 200


@pytest.mark.parametrize("user", ["lead", "agent", "finance", "admin"])
def test_for_others_the_page_does_not_exist(company, signed_in, user):
    assert signed_in(user).get(f"/rounds/{company.collecting.id}/events/").status_code == 404


def test_the_auditor_reads_and_sends_nothing(company, round, signed_in):
    auditor, here = signed_in("auditor"), f"/rounds/{round.id}/events/"
    assert auditor.get(here).status_code == 200
    answer = auditor.post(f"{here}upload/", {"table": "complaints", "file": SimpleUploadedFile("投诉.csv", HEAD.encode())})
    assert answer.status_code == 404
