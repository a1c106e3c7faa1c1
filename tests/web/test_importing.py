"""Files of facts come into a round: previewed, mended, taken in once, undone; what cannot go in waits for a named person."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
import python_calamine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from kaohe_web.audit.models import Entry
from kaohe_web.audit.queries import verify
from kaohe_web.collect.models import Import, Rating, Record, SetAside, ValueEntry
from kaohe_web.intake import actions
from kaohe_web.intake.models import ImportedRow, Meaning
from kaohe_web.intake.queries import grid_of, preview_of, problems_of
from kaohe_web.results.actions import preview as score
from kaohe_web.rounds.blockers import blockers_of
from kaohe_web.rounds.models import Round
from kaohe_web.site.refusals import Forbidden, Refused

SURVEY = ("回访编号", "员工工号", "回访日期", "满意程度", "客户原话")


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Uploads of a test are kept in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    """A real workbook; dates are dates, texts are texts."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        page.write_datetime(row, column, cell, day)
                    elif isinstance(cell, str):
                        page.write_string(row, column, cell)
                    elif cell is not None:
                        page.write(row, column, cell)
    return held.getvalue()


def survey(*rows: tuple[object, ...]) -> bytes:
    return workbook({"回访明细": [list(SURVEY), *[list(row) for row in rows]]})


GOOD = ("HF-1", "KF0101", date(2026, 9, 8), "非常满意", "处理很快")
OTHER = ("HF-2", "KF0102", date(2026, 9, 9), "一般", "")
WORD = ("HF-3", "KF0103", date(2026, 9, 9), "很好", "")
LETTER = ("HF-4", "KFO104", date(2026, 9, 9), "一般", "")
EMPTY = ("HF-5", "KF0105", date(2026, 9, 9), "", "")
NO_DAY = ("HF-6", "KF0106", "2026/9/31", "一般", "")
LATE = ("HF-7", "KF0107", date(2026, 10, 2), "一般", "")
MIXED = (GOOD, WORD, LETTER, EMPTY, NO_DAY, OTHER, LATE)


def send(user, round: Round, content: bytes, name: str = "客户回访_2026Q3.xlsx") -> Import:
    return actions.upload(user, round, name, io.BytesIO(content), len(content))


def told(source: Import) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.told) for one in source.set_aside.all()]


def values_file(*rows: tuple[str, ...], heads: tuple[str, ...] = ("工号", "已解决投诉数", "投诉总数")) -> bytes:
    return "\n".join(",".join(row) for row in (heads, *rows)).encode("utf-8-sig")


class TestPreview:
    def test_four_counts_add_up_to_the_rows_of_the_file(self, company):
        page = preview_of(send(company.user("hr"), company.collecting, survey(*MIXED)))
        assert (page.new, page.same, page.changed, page.aside) == (3, 0, 0, 4)
        assert page.new + page.same + page.changed + page.aside == page.total == 7
        assert page.outside == 1

    def test_each_bad_row_is_told_with_its_number_as_in_excel(self, company):
        assert told(send(company.user("hr"), company.collecting, survey(*MIXED))) == [
            (3, "level", "不在选项之内：非常不满、不满、一般、比较满意、非常满意"),
            (4, "subject", "不在册：第3位是字母O"),
            (5, "level", "没有填，不当作0分"),
            (6, "at", "'2026/9/31' 不是日期"),
        ]

    def test_nothing_is_in_the_round_before_it_is_taken_in(self, company):
        before = Record.objects.filter(round=company.collecting).count()
        send(company.user("hr"), company.collecting, survey(*MIXED))
        assert Record.objects.filter(round=company.collecting).count() == before
        assert not [one for one in blockers_of(company.collecting) if one.kind == "set_aside"]

    def test_a_row_is_mended_in_place_and_checked_again(self, company):
        hr, source = company.user("hr"), send(company.user("hr"), company.collecting, survey(*MIXED))
        letter = source.set_aside.get(row=4)
        actions.mend_in_preview(hr, source, letter.pk, {"subject": letter.cells["#guess"]})
        assert [row for row, _, _ in told(source)] == [3, 5, 6]
        word = source.set_aside.get(row=3)
        actions.mend_in_preview(hr, source, word.pk, {"level": "比较满意"})
        assert [row for row, _, _ in told(source)] == [5, 6]
        assert source.lines.get(row=4).cells["subject"] == "KF0104"
        assert source.lines.get(row=3).cells["level"] == "fairly_satisfied"

    def test_figures_that_contradict_what_is_there_already_are_told_at_their_row(self, company):
        held = ValueEntry.objects.get(round=company.collecting, subject="KF0101", key="complaints_total")
        content = values_file(("KF0101", str(int(held.text) + 1)), heads=("工号", "已解决投诉数"))
        source = send(company.user("hr"), company.collecting, content, "投诉.csv")
        assert told(source) == [(2, "complaints_resolved", "应满足：已解决投诉数 ≤ 投诉总数")]

    def test_a_figure_of_nobody_is_not_let_pass_as_a_unit_s(self, company):
        source = send(company.user("hr"), company.collecting, values_file(("KF9999", "1", "2")), "投诉.csv")
        assert told(source) == [(2, "subject", "不在册")]

    def test_a_unit_s_figure_in_a_person_s_row_is_told(self, company):
        source = send(company.user("hr"), company.collecting, values_file(("KF0101", "0.1%"), heads=("被考核人", "掉线率")), "掉线.csv")
        assert told(source) == [(2, "drop_rate", "这里不能填：要写在部门的行")]

    def test_somebody_is_known_by_a_name_that_only_she_bears(self, company):
        source = send(
            company.user("hr"),
            company.collecting,
            values_file(("陈雨桐", "1", "2"), heads=("姓名", "已解决投诉数", "投诉总数")),
            "投诉.csv",
        )
        assert [line.cells["subject"] for line in source.lines.all()] == ["KF0101"]

    def test_the_same_figure_written_otherwise_is_the_same(self, company):
        source = send(
            company.user("hr"), company.collecting, values_file(("客户服务部", "0.15%"), heads=("被考核人", "掉线率")), "掉线.csv"
        )
        assert [line.kind for line in source.lines.all()] == [ImportedRow.SAME]

    def test_a_gbk_text_from_an_old_system_is_read(self, company):
        content = "工号,已解决投诉数,投诉总数\nKF0101,9,10\n".encode("gb18030")
        assert send(company.user("hr"), company.collecting, content, "投诉.csv").lines.count() == 1


class TestMeaning:
    def test_unknown_columns_are_shown_and_left_out(self, company):
        rows = [["员工工号", "回访日期", "满意程度", "天气"], ["KF0101", "2026-09-08", "一般", "晴"]]
        source = send(company.user("hr"), company.collecting, workbook({"表1": rows}))
        headings = {one["text"]: (one["column"], one["origin"]) for one in source.mapping["sheets"][0]["headings"]}
        assert headings["天气"] == ("-", "none")
        assert headings["满意程度"] == ("level", "known")
        assert source.lines.get().cells == {"subject": "KF0101", "at": "2026-09-08", "level": "neutral", "type": "survey_response"}

    def test_what_a_heading_was_said_to_mean_is_remembered_for_the_next_file(self, company):
        hr = company.user("hr")
        rows = [["谁", "哪天", "满意程度"], ["KF0101", "2026-09-08", "一般"]]
        source = send(hr, company.collecting, workbook({"用户满意度回访": rows}))
        assert source.mapping["refusals"][0]["zh"] == "“用户满意度回访”没有一列对应到被考核人。"
        with pytest.raises(Refused):
            actions.commit(hr, source)
        actions.choose_meanings(hr, source, {}, {"用户满意度回访": {"谁": "subject", "哪天": "at"}})
        assert (source.mapping["refusals"], source.lines.count()) == ([], 1)
        again = send(hr, company.collecting, workbook({"用户满意度回访": [*rows, ["KF0102", "2026-09-09", "一般"]]}))
        assert [one["origin"] for one in again.mapping["sheets"][0]["headings"]] == ["remembered", "remembered", "known"]

    def test_a_guess_that_was_taken_in_is_known_the_next_time(self, company):
        hr = company.user("hr")
        actions.commit(hr, send(hr, company.collecting, survey(GOOD)))
        assert set(Meaning.objects.filter(table="events:survey_response").values_list("heading", "column")) == {
            ("回访编号", "#number"), ("员工工号", "subject"), ("回访日期", "at"), ("客户原话", "#note"),
        }  # fmt: skip

    def test_a_sheet_may_be_left_out(self, company):
        hr, source = company.user("hr"), send(company.user("hr"), company.collecting, survey(GOOD))
        actions.choose_meanings(hr, source, {"回访明细": "-"}, {})
        assert source.lines.count() == 0

    def test_people_and_period_of_a_filled_in_workbook_are_not_taken_from_it(self, company, signed_in):
        content = signed_in("hr").get(f"/rounds/{company.collecting.id}/data/workbook/").content
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        people = book.get_sheet_by_name("人员").to_python()
        assert next(row[:2] for row in people if row[0] == "KF0101") == ["KF0101", "陈雨桐"]
        with pytest.raises(Refused):
            actions.commit(company.user("hr"), send(company.user("hr"), company.collecting, content))


class TestTakingIn:
    def test_good_rows_go_in_and_bad_ones_block_the_round(self, company):
        hr, round = company.user("hr"), company.collecting
        before = Record.objects.filter(round=round).count()
        source = actions.commit(hr, send(hr, round, survey(*MIXED)))
        assert (source.state, source.taken, source.same, source.set_aside.count()) == (Import.State.DONE, 3, 0, 4)
        assert Record.objects.filter(round=round).count() == before + 3
        taken = Record.objects.get(source=source, row=2)
        assert (taken.kind, taken.subject, taken.day, taken.cells, taken.note) == (
            "survey_response",
            "KF0101",
            "2026-09-08",
            {"level": "very_satisfied"},
            "处理很快",
        )
        blocker = next(one for one in blockers_of(round) if one.kind == "set_aside")
        assert (blocker.zh, blocker.whom) == ("4 行被搁置，未收入", ("KF0103", "KF0105", "KF0106"))

    def test_the_same_file_twice_changes_nothing(self, company):
        hr, round, content = company.user("hr"), company.collecting, survey(GOOD, OTHER)
        source = actions.commit(hr, send(hr, round, content))
        count, entries = Record.objects.count(), Entry.objects.count()
        assert send(hr, round, content, "另一个名字.xlsx").pk == source.pk
        assert (Record.objects.count(), Entry.objects.count()) == (count, entries)

    def test_a_longer_export_brings_only_what_is_new(self, company):
        hr, round = company.user("hr"), company.collecting
        actions.commit(hr, send(hr, round, survey(GOOD, OTHER)))
        changed = ("HF-2", "KF0102", date(2026, 9, 9), "不满", "")
        source = send(hr, round, survey(GOOD, changed, LATE))
        page = preview_of(source)
        assert (page.new, page.same, page.changed, page.aside) == (1, 1, 1, 0)
        before = Record.objects.count()
        actions.commit(hr, source)
        assert Record.objects.count() == before + 1
        assert Record.objects.get(source=source, row=3).cells == {"level": "dissatisfied"}

    def test_rows_without_a_number_meet_each_equal_record_once(self, company):
        hr, round = company.user("hr"), company.collecting
        row = ["KF0101", "2026-09-20", "一般"]
        heads = ["员工工号", "回访日期", "满意程度"]
        actions.commit(hr, send(hr, round, workbook({"表": [heads, row, row]})))
        page = preview_of(send(hr, round, workbook({"表": [heads, row, row, row]})))
        assert (page.new, page.same) == (1, 2)

    def test_many_rows_go_in_batch_by_batch_and_go_on_where_they_stopped(self, company):
        hr, round = company.user("hr"), company.collecting
        rows = [(f"HF-{n}", "KF0101", date(2026, 9, 1 + n % 28), "一般", "") for n in range(1200)]
        before = Record.objects.count()
        source = actions.commit(hr, send(hr, round, survey(*rows)))
        assert (source.state, source.done) == (Import.State.RUNNING, 0)
        assert actions.take_batch(source.pk) is True
        source.refresh_from_db()
        assert (source.state, source.done, Record.objects.count()) == (Import.State.RUNNING, 500, before + 500)
        while actions.take_batch(source.pk):
            pass
        assert actions.take_batch(source.pk) is False
        source.refresh_from_db()
        assert (source.state, source.done, Record.objects.count()) == (Import.State.DONE, 1200, before + 1200)

    def test_an_import_that_was_killed_on_the_way_goes_on(self, company, signed_in):
        hr, round = company.user("hr"), company.collecting
        rows = [(f"HF-{n}", "KF0101", date(2026, 9, 1 + n % 28), "一般", "") for n in range(700)]
        source = actions.commit(hr, send(hr, round, survey(*rows)))
        actions.take_batch(source.pk)
        assert next(one.kind for one in blockers_of(round)) == "import"
        page = f"/rounds/{round.id}/data/imports/{source.id}/"
        assert "正在收入：500行，共700行" in signed_in("hr").get(page).content.decode()
        assert signed_in("hr").post(f"{page}go-on/").status_code == 302
        actions.take_batch(source.pk)
        assert Record.objects.filter(source=source).count() == 700

    def test_a_running_import_is_stopped_and_undone(self, company):
        hr, round = company.user("hr"), company.collecting
        before = Record.objects.count()
        rows = [(f"HF-{n}", "KF0101", date(2026, 9, 1 + n % 28), "一般", "") for n in range(700)]
        source = actions.commit(hr, send(hr, round, survey(*rows)))
        actions.take_batch(source.pk)
        actions.cancel(hr, source)
        assert (actions.take_batch(source.pk), Record.objects.count()) == (False, before)

    def test_a_cancelled_preview_leaves_nothing(self, company, files, django_capture_on_commit_callbacks):
        hr = company.user("hr")
        source = send(hr, company.collecting, survey(*MIXED))
        with django_capture_on_commit_callbacks(execute=True):
            actions.cancel(hr, source)
        assert (Import.objects.count(), SetAside.objects.count(), [one for one in files.rglob("*") if one.is_file()]) == (0, 0, [])

    def test_ratings_come_in_with_their_relation(self, company):
        hr, round = company.user("hr"), company.collecting
        held = Rating.objects.filter(round=round, item="innovation", relation="manager").first()
        other = "0.5" if held.text != "0.5" else "1"
        rows = [["考核指标", "被考核人", "评分人", "关系", "得分"], ["创新力", held.subject, held.rater, "manager", other]]
        source = send(hr, round, workbook({"评分": rows}))
        assert [line.kind for line in source.lines.all()] == [ImportedRow.CHANGED]
        actions.commit(hr, source)
        held.refresh_from_db()
        assert held.text == other

    def test_what_was_taken_in_is_scored(self, company):
        hr, round = company.user("hr"), company.collecting
        actions.commit(hr, send(hr, round, survey(GOOD, OTHER)))
        run, problems = score(hr, round)
        assert (problems, run is not None) == ([], True)

    def test_every_act_is_in_the_chain(self, company):
        hr = company.user("hr")
        actions.undo(hr, actions.commit(hr, send(hr, company.collecting, survey(*MIXED))), "发错了季度")
        assert list(Entry.objects.order_by("-number").values_list("action", flat=True)[:4]) == [
            "import.undo",
            "import.batch",
            "import.take",
            "import.upload",
        ]
        assert verify().holds


class TestUndo:
    def test_what_it_brought_goes_and_what_it_changed_comes_back(self, company):
        hr, round = company.user("hr"), company.collecting
        before = list(ValueEntry.objects.filter(round=round).order_by("id").values("id", "subject", "key", "text", "source", "row", "by"))
        source = actions.commit(hr, send(hr, round, values_file(("KF0101", "9", "10"), ("KF0118", "1", "2")), "投诉.csv"))
        assert ValueEntry.objects.get(round=round, subject="KF0101", key="complaints_total").text == "10"
        assert actions.undo(hr, source, "发错了季度").state == Import.State.UNDONE
        assert (
            list(ValueEntry.objects.filter(round=round).order_by("id").values("id", "subject", "key", "text", "source", "row", "by"))
            == before
        )

    def test_records_and_waiting_rows_go_with_it(self, company):
        hr, round = company.user("hr"), company.collecting
        before = Record.objects.count()
        actions.undo(hr, actions.commit(hr, send(hr, round, survey(*MIXED))), "发错了")
        assert (Record.objects.count(), problems_of(round).count()) == (before, 0)
        assert not [one for one in blockers_of(round) if one.kind == "set_aside"]

    def test_a_later_import_that_replaced_something_is_undone_first(self, company):
        hr, round = company.user("hr"), company.collecting
        first = actions.commit(hr, send(hr, round, values_file(("KF0101", "9", "10")), "一.csv"))
        second = actions.commit(hr, send(hr, round, values_file(("KF0101", "8", "10")), "二.csv"))
        with pytest.raises(Refused, match=r"二\.csv changed some of this later"):
            actions.undo(hr, first, "错")
        actions.undo(hr, second, "错")
        actions.undo(hr, first, "错")

    def test_what_somebody_changed_by_hand_since_stays(self, company):
        hr, round = company.user("hr"), company.collecting
        source = actions.commit(hr, send(hr, round, values_file(("KF0101", "9", "10")), "一.csv"))
        ValueEntry.objects.filter(round=round, subject="KF0101", key="complaints_resolved").update(text="10", source=None)
        actions.undo(hr, source, "错")
        assert ValueEntry.objects.get(round=round, subject="KF0101", key="complaints_resolved").text == "10"

    def test_it_takes_a_reason(self, company):
        hr = company.user("hr")
        source = actions.commit(hr, send(hr, company.collecting, survey(GOOD)))
        with pytest.raises(Refused):
            actions.undo(hr, source, " ")

    def test_nothing_of_a_published_round_is_undone_or_taken_in(self, company):
        with pytest.raises(Refused):
            send(company.user("hr"), company.published, survey(GOOD))
        source = actions.commit(company.user("hr"), send(company.user("hr"), company.collecting, survey(GOOD)))
        Round.objects.filter(pk=source.round_id).update(stage="confirming")
        with pytest.raises(Refused):
            actions.undo(company.user("hr"), source, "错")


class TestRowsSetAside:
    @pytest.fixture
    def taken(self, company):
        return actions.commit(company.user("hr"), send(company.user("hr"), company.collecting, survey(*MIXED)))

    def test_a_mended_row_goes_in(self, company, taken):
        hr = company.user("hr")
        row = actions.mend(hr, company.collecting, taken.set_aside.get(row=3).pk, {"level": "非常满意"})
        assert (row.state, row.settled_by) == (SetAside.State.MENDED, hr)
        assert Record.objects.get(source=taken, row=3).cells == {"level": "very_satisfied"}
        assert Entry.objects.order_by("-number").first().action == "set_aside.mend"

    def test_what_was_typed_is_kept_where_it_is_still_wrong(self, company, taken):
        with pytest.raises(Refused):
            actions.mend(company.user("hr"), company.collecting, taken.set_aside.get(row=4).pk, {"subject": "KF0999"})
        row = taken.set_aside.get(row=4)
        assert (row.state, row.cells["subject"], row.told) == (SetAside.State.OPEN, "KF0999", "不在册")

    def test_it_is_waived_by_name_and_with_a_reason(self, company, taken):
        hr, ids = company.user("hr"), list(taken.set_aside.values_list("pk", flat=True))
        with pytest.raises(Refused):
            actions.waive(hr, company.collecting, ids, "")
        assert actions.waive(hr, company.collecting, ids, "客户已撤回") == 4
        row = taken.set_aside.first()
        assert (row.state, row.settled_by.person.name, row.reason) == (SetAside.State.WAIVED, "林静", "客户已撤回")
        assert not [one for one in blockers_of(company.collecting) if one.kind == "set_aside"]

    def test_rows_downloaded_mended_and_sent_again_settle_those_that_waited(self, company, taken, signed_in):
        hr, round = company.user("hr"), company.collecting
        content = signed_in("hr").get(f"/rounds/{round.id}/problems/rows/").content
        rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        heads = rows[0]
        for row in rows[1:]:
            row[heads.index("满意程度")] = "一般"
            row[heads.index("日期")] = "2026-09-30"
        source = actions.commit(hr, send(hr, round, workbook({"用户满意度回访": rows}), "改好.xlsx"))
        assert (source.taken, source.set_aside.count()) == (3, 0)
        assert {one.row: one.state for one in taken.set_aside.all()} == {3: "mended", 4: "open", 5: "mended", 6: "mended"}

    def test_rows_that_are_sound_by_now_go_in_when_all_are_checked_again(self, company, taken):
        SetAside.objects.filter(source=taken, row=3).update(cells={**taken.set_aside.get(row=3).cells, "level": "neutral"})
        assert actions.check_again(company.user("hr"), company.collecting) == 1

    def test_a_formula_in_a_cell_stays_a_text_in_what_is_downloaded(self, company, signed_in):
        hr, round = company.user("hr"), company.collecting
        bad = ("HF-8", "KF0101", date(2026, 9, 9), '=HYPERLINK("http://x","y")', "")
        source = send(hr, round, survey(bad))
        content = signed_in("hr").get(f"/rounds/{round.id}/data/imports/{source.id}/rows/").content
        sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("name", "content"), [("a.xlsx", b"%PDF-1.7"), ("a.csv", b"a,b\0c"), ("a.exe", b"a,b\n1,2\n"), ("a.xlsx", b"")]
    )
    def test_what_is_no_table_is_refused_unread(self, company, name, content, files):
        with pytest.raises(Refused):
            send(company.user("hr"), company.collecting, content, name)
        assert not files.exists()

    def test_a_workbook_that_unpacks_to_more_than_the_bounds_is_refused_and_not_kept(self, company, files):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * (120 << 20))
        with pytest.raises(Refused) as refused:
            send(company.user("hr"), company.collecting, held.getvalue())
        assert "解压后大小" in refused.value.reasons[0][0]
        assert [path for path in files.rglob("*") if path.is_file()] == []

    def test_a_file_is_kept_under_a_name_of_chance_and_only_ever_downloaded(self, company, signed_in):
        source = send(company.user("hr"), company.collecting, survey(GOOD), "../../x 回访.xlsx")
        assert (source.file_name, len(source.file.name)) == ("x 回访.xlsx", len("imports/") + 32 + len(".xlsx"))
        answer = signed_in("hr").get(f"/rounds/{source.round_id}/data/imports/{source.id}/file/")
        assert answer["Content-Disposition"].startswith("attachment")


class TestWhoMay:
    @pytest.mark.parametrize("user", ["lead", "agent", "finance", "admin"])
    @pytest.mark.parametrize("place", ["data/", "problems/", "values/", "data/workbook/"])
    def test_for_others_the_pages_do_not_exist(self, company, signed_in, user, place):
        assert signed_in(user).get(f"/rounds/{company.collecting.id}/{place}").status_code == 404

    def test_the_auditor_reads_and_changes_nothing(self, company, signed_in):
        assert signed_in("auditor").get(f"/rounds/{company.collecting.id}/data/").status_code == 200
        with pytest.raises(Forbidden):
            send(company.user("auditor"), company.collecting, survey(GOOD))

    def test_the_auditor_does_not_see_who_rated(self, company, signed_in):
        hr, round = company.user("hr"), company.collecting
        rows = [["考核指标", "被考核人", "评分人", "关系", "得分"], ["创新力", "KF0101", "KF0001", "manager", "7"]]
        source = send(hr, round, workbook({"评分": rows}))
        auditor = signed_in("auditor")
        page = auditor.get(f"/rounds/{round.id}/data/imports/{source.id}/")
        assert (page.status_code, "KF0101" in page.content.decode(), "KF0001" in page.content.decode()) == (200, True, False)
        rows = auditor.get(f"/rounds/{round.id}/data/imports/{source.id}/rows/").content
        assert "KF0001" not in str(python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(rows)).get_sheet_by_index(0).to_python())
        assert signed_in("auditor").get(f"/rounds/{round.id}/data/imports/{source.id}/file/").status_code == 404


class TestPages:
    def test_a_workbook_with_mistakes_walks_through_the_pages(self, company, signed_in):
        hr, here = signed_in("hr"), f"/rounds/{company.collecting.id}"
        answer = hr.post(f"{here}/data/upload/", {"file": SimpleUploadedFile("客户回访.xlsx", survey(*MIXED))}, follow=True)
        page = answer.redirect_chain[-1][0]
        assert "收入3行，搁置4行" in answer.content.decode()
        row = SetAside.objects.get(source__round=company.collecting, row=4)
        answer = hr.post(f"{page}mend/{row.pk}/", {"cell.subject": "KF0104"}, follow=True)
        assert "收入4行，搁置3行" in answer.content.decode()
        answer = hr.post(f"{page}take/", follow=True)
        assert "已收入" in answer.content.decode()
        answer = hr.get(f"{here}/problems/")
        assert "3行待办" in answer.content.decode()
        row = SetAside.objects.get(source__round=company.collecting, row=3)
        hr.post(f"{here}/problems/{row.pk}/mend/", {"cell.level": "neutral"})
        ids = list(SetAside.objects.filter(state="open").values_list("pk", flat=True))
        answer = hr.post(f"{here}/problems/waive/", {"row": ids, "reason": "无法核实"}, follow=True)
        assert "没有搁置的行" in answer.content.decode()
        assert hr.get(f"{here}/problems/?show=waived").content.decode().count("无法核实") == 2

    def test_the_pages_are_in_english_for_whoever_reads_english(self, company, signed_in):
        hr = signed_in("hr")
        hr.cookies["kaohe_language"] = "en"
        source = send(company.user("hr"), company.collecting, survey(*MIXED))
        text = hr.get(f"/rounds/{company.collecting.id}/data/imports/{source.id}/").content.decode()
        assert "Import 3 rows, set 4 aside" in text
        assert "Nobody has this number: character 3 is the letter O" in text

    def test_an_unknown_import_is_not_there(self, company, signed_in):
        assert signed_in("hr").get(f"/rounds/{company.collecting.id}/data/imports/999999/").status_code == 404


class TestFiguresByHand:
    def test_figures_are_kept_all_at_once(self, company, signed_in):
        here = f"/rounds/{company.collecting.id}/values/save/"
        signed_in("hr").post(here, {"cell.complaints_total.KF0101": "300", "cell.complaints_resolved.KF0101": "299"})
        kept = dict(ValueEntry.objects.filter(round=company.collecting, subject="KF0101").values_list("key", "text"))
        assert kept == {"complaints_total": "300", "complaints_resolved": "299"}

    def test_every_problem_stands_at_its_cell_and_what_was_typed_stays(self, company, signed_in):
        here = f"/rounds/{company.collecting.id}/values/save/"
        before = dict(ValueEntry.objects.filter(round=company.collecting, subject="KF0101").values_list("key", "text"))
        typed = {"cell.complaints_total.KF0101": "很多", "cell.complaints_resolved.KF0102": "1.5"}
        answer = signed_in("hr").post(here, typed)
        text = answer.content.decode()
        assert (answer.status_code, text.count('aria-invalid="true"')) == (200, 2)
        assert 'value="很多"' in text
        assert "应为整数" in text
        assert dict(ValueEntry.objects.filter(round=company.collecting, subject="KF0101").values_list("key", "text")) == before

    def test_an_emptied_cell_takes_the_figure_out(self, company, signed_in):
        signed_in("hr").post(f"/rounds/{company.collecting.id}/values/save/", {"cell.drop_rate.客户服务部": ""})
        assert not ValueEntry.objects.filter(round=company.collecting, key="drop_rate").exists()

    def test_only_figures_of_a_person_s_form_are_open(self, company):
        people = list(company.collecting.participants.select_related("person", "unit").filter(person__number="KF0101"))
        row = grid_of(company.collecting, people).people[0]
        assert [cell.name for cell in row.cells if cell.is_open] == [
            "cell.complaint_resolution_rate.KF0101", "cell.complaints_resolved.KF0101", "cell.complaints_total.KF0101",
        ]  # fmt: skip
