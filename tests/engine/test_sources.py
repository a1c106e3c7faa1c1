"""Facts of the tea-house read from folders, workbooks, cases and other programs' tables: the same facts, the same results."""

from __future__ import annotations

import gzip
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import zstandard

from kaohe.checking import check_facts
from kaohe.facts import Facts, Measured
from kaohe.plan import Plan
from kaohe.problems import Problem, Problems
from kaohe.reading import read_plan
from kaohe.scoring import score
from kaohe.sources import read_facts

CASE = """
period: {start: 2026-03-01, end: 2026-03-31}
config: {free_pours: 2, shares: {taste: 70, manners: 30}}
people:
  - {id: z, name: 张三, role: waiter, team: 早, grade_card: red, hired_on: 2024-05-01, base_pay: 3200.50}
  - {id: l, name: 李四, role: waiter, team: 晚, grade_card: green, hired_on: 2025-01-31}
  - {id: w, name: 王五, role: lead, grade_card: red, hired_on: 2020-01-01}
values:
  z: {served: 120, praised: 30, refill_rate: 0.985}
  l: {served: 98, refill_rate: 2/3}
  house: {takings: 88000}
ratings:
  - {item: manners, subject: z, rater: w, relation: lead, score: 8.5}
  - {item: manners, subject: l, rater: w, relation: lead, score: 9}
  - {item: manners, subject: z, rater: l, relation: peer, score: 7}
events:
  - {type: spilt, subject: z, at: 2026-03-05, severity: grave, cups: 2, excuses: [prompt, kind]}
  - {type: late, subject: z, at: 2026-03-06, count: 2}
  - {type: spilt, subject: l, at: 2026-03-07, severity: light, cups: 1}
history:
  - {subject: z, period_end: 2026-02-28, total: 95.5, mood: 3}
"""
CHINESE = {
    "people": [
        ["编号", "姓名", "岗位", "班次", "茶艺证", "入职日期", "底薪"],
        ["z", "张三", "茶博士", "早", "red", "2024/5/1", "3,200.50"],
        ["l", "李四", "茶博士", "晚", "green", "2025年1月31日", ""],
        ["w", "王五", "领班", "", "red", "2020-01-01 0:00", ""],
    ],
    "values": [
        ["被考核人", "接待桌数", "表扬桌数", "续水及时率", "茶楼营业额"],
        ["z", "120", "30", "98.5%", ""],
        ["l", "98", "", "2/3", ""],
        ["茶楼", "", "", "", "88000"],
    ],
    "ratings": [
        ["指标", "被考核人", "评分人", "关系", "得分"],
        ["礼仪", "z", "w", "领班", "8.5"],
        ["礼仪", "l", "w", "领班", "9"],
        ["礼仪", "z", "l", "同事", "7"],
    ],
    "events": [
        ["类型", "被考核人", "日期", "次数", "轻重", "杯数", "酌情"],
        ["打翻茶水", "z", "2026-03-05", "", "严重", "2", "勤快、和气"],
        ["迟到", "z", "2026-03-06", "2", "", "", ""],
        ["打翻茶水", "l", "2026-03-07", "1", "轻微", "1", ""],
    ],
    "history": [["被考核人", "期末", "总分", "心气"], ["z", "2026-02-28", "95.5", "3"]],
}
SETTINGS = "period: {start: 2026-03-01, end: 2026-03-31}\nconfig: {免扣次数: 2, shares: {taste: 70, manners: 30}}\n"
KINDS = {"people": "人员", "values": "数值", "ratings": "评分", "events": "记录", "history": "历史"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return read_plan(Path(__file__).parent / "facts_tea_house.yaml")


@pytest.fixture
def wanted(plan: Plan, tmp_path: Path) -> list[Any]:
    """What the case scores: what every other source must score too."""
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return scored(plan, path)


def scored(plan: Plan, source: object) -> list[Any]:
    results = score(plan, check_facts(plan, read_facts(source, plan)))
    return [results.scorecard(subject) for subject in results.subjects()]


def facts(plan: Plan, source: object) -> Facts:
    return check_facts(plan, read_facts(source, plan))


def problems(plan: Plan, source: object) -> list[Problem]:
    with pytest.raises(Problems) as found:
        facts(plan, source)
    return list(found.value)


def told(plan: Plan, source: object) -> list[tuple[str, str, str, int | None, str]]:
    """Code, file, sheet, row and column of each problem."""
    places = ((problem.code, problem.place) for problem in problems(plan, source))
    return [(code, Path(place.file).name, place.sheet, place.row, place.column) for code, place in places]


def folder(path: Path, tables: dict[str, list[list[str]]], separator: str = ",", encoding: str = "utf-8", **more: str) -> Path:
    """A folder of CSV files with these tables, and further files by name."""
    path.mkdir(exist_ok=True)
    for name, rows in tables.items():
        text = "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
        (path / f"{name}.csv").write_bytes(text.encode(encoding))
    for name, text in {"facts.yaml": SETTINGS, **more}.items():
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_text(text, encoding="utf-8")
    return path


def changed(kind: str, row: int, column: int, cell: str) -> dict[str, list[list[str]]]:
    """The Chinese tables with one cell changed."""
    rows = [list(cells) for cells in CHINESE[kind]]
    rows[row][column] = cell
    return {**CHINESE, kind: rows}


# --- the same facts from everywhere ---------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_folder_of_csv_files_in_chinese_scores_as_the_case(plan, wanted, tmp_path, encoding, separator) -> None:
    assert scored(plan, folder(tmp_path / "facts", CHINESE, separator, encoding)) == wanted


def test_files_may_bear_chinese_names(plan, wanted, tmp_path) -> None:
    assert scored(plan, folder(tmp_path / "facts", {KINDS[kind]: rows for kind, rows in CHINESE.items()})) == wanted


def test_ids_are_read_without_a_plan(plan, wanted, tmp_path) -> None:
    tables = {
        "people": [
            ["id", "name", "role", "team", "grade_card", "hired_on", "base_pay"],
            ["z", "张三", "waiter", "早", "red", "2024-05-01", "3200.50"],
            ["l", "李四", "waiter", "晚", "green", "2025-01-31", ""],
            ["w", "王五", "lead", "", "red", "2020-01-01", ""],
        ],
        "values": [["subject", "served", "praised", "refill_rate"], ["z", "120", "30", "0.985"], ["l", "98", "", "2/3"]],
        "ratings": [["item", "subject", "rater", "relation", "score"], *([cell.replace("礼仪", "manners") for cell in row] for row in ())],
    }
    raw = read_facts(folder(tmp_path / "facts", tables, **{"facts.yaml": SETTINGS.replace("免扣次数", "free_pours")}))
    assert check_facts(plan, raw).subjects == ["z", "l", "w"]


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_csv_files_may_be_packed(plan, wanted, tmp_path, packing) -> None:
    path = folder(tmp_path / "facts", CHINESE)
    plain = path / "events.csv"
    pack = gzip.compress if packing == "gz" else zstandard.compress
    (path / f"events.csv.{packing}").write_bytes(pack(plain.read_bytes()))
    plain.unlink()
    assert scored(plan, path) == wanted


def test_records_may_stand_in_a_file_for_each_type(plan, wanted, tmp_path) -> None:
    tables = {kind: rows for kind, rows in CHINESE.items() if kind != "events"}
    spilt = "subject,日期,轻重,杯数,酌情\nz,2026-03-05,严重,2,勤快;和气\nl,2026-03-07,light,1,\n"
    late = "被考核人,at,次数\nz,2026-03-06,2\n"
    assert scored(plan, folder(tmp_path / "facts", tables, **{"events/spilt.csv": spilt, "events/迟到.csv": late})) == wanted


def test_a_workbook_with_a_sheet_each_scores_as_the_case(plan, wanted, tmp_path) -> None:
    assert scored(plan, workbook(tmp_path / "facts.xlsx", CHINESE)) == wanted


def workbook(path: Path, tables: dict[str, list[list[Any]]]) -> Path:
    """A workbook such as people make: numbers as numbers, days as days, the period and the choices on sheets of their own."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheets = {KINDS[kind]: rows for kind, rows in tables.items()}
    sheets["周期"] = [["开始日期", "结束日期"], [datetime.fromisoformat("2026-03-01"), date(2026, 3, 31)]]
    sheets["方案设置"] = [
        ["设置项", "部分", "值"],
        ["免扣次数", None, 2],
        ["口味与礼仪比例", "taste", 70],
        ["口味与礼仪比例", "manners", 30],
    ]
    sheets["我的草稿"] = [["随便"], ["写写"]]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_natural(cell) for cell in row])
    book.save(path)
    return path


def _natural(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    try:
        return Decimal(cell)
    except ArithmeticError:
        return date.fromisoformat(cell) if len(cell) == 10 and cell[4] == "-" else cell or None


def test_a_number_of_a_workbook_is_its_shortest_decimal(plan, tmp_path) -> None:
    tables = changed("values", 1, 3, "0.1")
    column = facts(plan, workbook(tmp_path / "facts.xlsx", tables)).frames["people"].columns["value.refill_rate"]
    assert column[0] == Fraction(1, 10)


def memory(make: Any) -> dict[str, Any]:
    """The tables of the case as another program holds them."""
    return {
        "people": make(
            {
                "id": ["z", "l", "w"],
                "姓名": ["张三", "李四", "王五"],
                "role": ["waiter", "waiter", "lead"],
                "team": ["早", "晚", None],
                "grade_card": ["red", "green", "red"],
                "hired_on": [date(2024, 5, 1), date(2025, 1, 31), date(2020, 1, 1)],
                "base_pay": [3200.5, None, None],
            }
        ),
        "values": make(
            {"subject": ["z", "l", "house"], "served": [120, 98, None], "praised": [30, None, None], "refill_rate": ["0.985", "2/3", None]}
        ),
        "ratings": make(
            {
                "item": ["manners"] * 3,
                "subject": ["z", "l", "z"],
                "rater": ["w", "w", "l"],
                "relation": ["lead", "lead", "peer"],
                "score": [8.5, 9.0, 7.0],
            }
        ),
        "events": {
            "spilt": make(
                {
                    "subject": ["z", "l"],
                    "at": [datetime.fromisoformat("2026-03-05T09:30"), datetime.fromisoformat("2026-03-07")],
                    "severity": ["grave", "轻微"],
                    "cups": [2, 1],
                    "excuses": ["prompt|kind", None],
                }
            ),
            "late": make({"subject": ["z"], "at": [date(2026, 3, 6)], "count": [2]}),
        },
        "history": make({"subject": ["z"], "period_end": ["2026-02-28"], "total": [95.5], "mood": [3]}),
        "period": ("2026-03-01", "2026-03-31"),
        "config": {"free_pours": 2, "shares": {"taste": 70, "manners": 30}},
    }


class OnlyStreams:
    """A table of some other program: all that it speaks is Arrow's stream."""

    def __init__(self, columns: dict[str, Any]) -> None:
        self.table = pa.table(columns)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize(
    "make", [dict, pd.DataFrame, pl.DataFrame, pa.table, OnlyStreams], ids=["columns", "pandas", "polars", "arrow", "stream"]
)
def test_tables_in_memory_score_as_the_case(plan, wanted, make) -> None:
    if make is dict:
        tables = memory(dict)
        tables["people"]["base_pay"] = [Decimal("3200.5"), None, None]
        tables["ratings"]["score"] = [Decimal("8.5"), 9, 7]
        tables["history"]["total"] = [Decimal("95.5")]
        assert scored(plan, tables) == wanted
        return
    assert scored(plan, memory(make)) == wanted


def test_a_mapping_like_a_case_is_read_as_one(plan, wanted) -> None:
    rows = memory(lambda columns: [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)])
    rows["people"][0]["base_pay"], rows["history"][0]["total"] = "3200.5", "95.5"
    for row in rows["ratings"]:
        row["score"] = str(row["score"])
    rows["values"] = {row.pop("subject"): row for row in rows["values"]}
    rows["period"] = {"start": "2026-03-01", "end": "2026-03-31"}
    assert scored(plan, rows) == wanted


@pytest.mark.parametrize(
    ("cells", "exact"),
    [
        (pa.array([1, None, 3]), [1, None, 3]),
        (pa.array([2**63], pa.uint64()), [2**63]),
        (pa.array([0.1, None, float("nan"), 1e-7, 12345.678]), [Fraction(1, 10), None, None, Fraction(1, 10**7), Fraction(12345678, 1000)]),
        (pa.array([0.1, 2.0, 100.25]), [Fraction(1, 10), 2, Fraction(401, 4)]),
        (pa.array([0.1], pa.float32()), [Fraction(1, 10)]),
        (pa.array([Decimal("1.25"), None, Decimal("-3.50")]), [Fraction(5, 4), None, Fraction(-7, 2)]),
        (pa.array([Decimal(10**30)]), [10**30]),
        (pa.chunked_array([[1, 2], [3]]), [1, 2, 3]),
        (pa.array([Decimal("9.5"), Decimal("1.5"), Decimal("2.5")]).slice(1), [Fraction(3, 2), Fraction(5, 2)]),
        (pa.array(["1.5", "2", "1.5", None]).dictionary_encode(), [Fraction(3, 2), 2, Fraction(3, 2), None]),
        (pa.nulls(2), [None, None]),
        (np.array([4, 5], dtype=np.int32), [4, 5]),
    ],
    ids=str,
)
def test_numbers_of_arrow_columns_are_exact(plan, cells, exact) -> None:
    size = len(exact)
    ids = [f"p{row}" for row in range(size)]
    people = {"id": ids, "role": ["waiter"] * size, "grade_card": ["red"] * size, "hired_on": ["2025-01-01"] * size}
    values = pa.table({"subject": ids, "mood": cells})
    source = {
        "people": people,
        "history": values.append_column("period_end", pa.array([date(2026, 2, 28)] * size)),
        "period": ("2026-03-01", "2026-03-31"),
        "config": {"free_pours": 0},
    }
    assert facts(plan, source).frames["history"].columns["mood"].values() == exact


def test_an_infinite_float_is_told_as_no_number(plan) -> None:
    source = memory(pa.table)
    source["ratings"] = source["ratings"].set_column(4, "score", pa.array([float("inf"), 9.0, 7.0]))
    assert [(problem.reason, problem.place.row) for problem in problems(plan, source)] == [("malformed", 1)]


def test_a_category_that_nobody_has_makes_no_unit(plan) -> None:
    source = memory(pd.DataFrame)
    source["people"]["team"] = pd.Categorical(["早", "晚", None], categories=["夜", "晚", "早"])
    assert facts(plan, source).frames["people"].columns["person.team"].vocabulary == ("早", "晚")


def test_something_that_is_no_table_is_refused(plan) -> None:
    assert [problem.code for problem in problems(plan, {"people": 3})] == ["F020"]
    assert [problem.code for problem in problems(plan, {"people": {"id": ["z", "l"], "name": ["张三"]}})] == ["F020"]


# --- which rows and columns are read --------------------------------------------------------------


def test_empty_rows_notes_and_the_example_are_left_out_and_rows_keep_their_number(plan, tmp_path) -> None:
    rows = [
        CHINESE["values"][0],
        ["※ 单位", "桌", "", "", ""],
        ["例:a01", "999", "", "", ""],
        ["", "", "", "", ""],
        ["z", "很多", "", "", ""],
    ]
    assert told(plan, folder(tmp_path / "facts", {**CHINESE, "values": rows})) == [("F010", "values.csv", "", 5, "接待桌数")]


def test_a_column_that_no_rule_needs_is_ignored(plan, wanted, tmp_path) -> None:
    rows = [[*row, "心情不错"] for row in CHINESE["values"]]
    assert scored(plan, folder(tmp_path / "facts", {**CHINESE, "values": rows})) == wanted


def test_full_width_digits_are_read(plan, wanted, tmp_path) -> None:
    assert scored(plan, folder(tmp_path / "facts", changed("values", 1, 1, "120"))) == wanted


def test_an_id_that_a_workbook_took_for_a_number_is_its_digits(plan, tmp_path) -> None:
    tables = changed("people", 1, 0, "10001")
    tables |= {
        kind: [["10001" if cell == "z" else cell for cell in row] for row in tables[kind]]
        for kind in ("values", "ratings", "events", "history")
    }
    assert facts(plan, workbook(tmp_path / "facts.xlsx", tables)).subjects[0] == "10001"


@pytest.mark.parametrize("case", ["", "#second"])
def test_a_case_of_a_file_is_chosen_by_its_name(plan, wanted, tmp_path, case) -> None:
    indented = CASE.strip().replace("\n", "\n    ")
    path = tmp_path / "cases.yaml"
    path.write_text(f"cases:\n  - name: first\n    {indented}\n  - name: second\n    {indented}\n", encoding="utf-8")
    if case:
        assert scored(plan, f"{path}{case}") == wanted
    else:
        assert [problem.code for problem in problems(plan, path)] == ["F020"]


# --- measured figures -----------------------------------------------------------------------------

MEASURED = "subject,value,numerator,denominator,measure,version,start,end,rows\n"


def measured(path: Path, *rows: str, **more: str) -> Path:
    """The folder of the tea-house with its refill rate measured rather than written."""
    values = [[cell for place, cell in enumerate(row) if place != 3] for row in CHINESE["values"]]
    return folder(path, {**CHINESE, "values": values}, **{"measured.csv": MEASURED + "\n".join(rows) + "\n", **more})


def test_a_measured_figure_is_the_exact_fraction_and_keeps_its_reference(plan, tmp_path) -> None:
    source = measured(
        tmp_path / "facts",
        "z,refill_rate,2,3,refills,1.2,2026-03-01,2026-03-31,files/abc#refills",
        "l,refill_rate,0,0,refills,1.2,2026-03-01,2026-03-31,files/abc#refills",
    )
    found = facts(plan, source)
    assert found.frames["people"].columns["value.refill_rate"].values(3) == [Fraction(2, 3), None, None]
    assert found.measured[("z", "refill_rate")] == Measured(2, 3, "refills", "1.2", "files/abc#refills")
    assert found.measured[("l", "refill_rate")].denominator == 0


def test_a_figure_measured_twice_or_also_written_is_told_with_both_places(plan, tmp_path) -> None:
    row = "z,refill_rate,2,3,refills,1,2026-03-01,2026-03-31,a"
    served = "l,served,98,1,tables,1,2026-03-01,2026-03-31,a"
    found = problems(plan, measured(tmp_path / "facts", row, row, served))
    assert [
        (problem.reason, problem.place.row, set(problem.about) >= {key, subject})
        for problem, key, subject in zip(found, ("refill_rate", "served"), "zl", strict=True)
    ] == [
        ("duplicate", 3, True),
        ("duplicate", 4, True),
    ]
    assert "values.csv, row 3, column 接待桌数" in found[1].sentence("en")


def test_figures_of_other_days_are_told_as_a_wrong_period(plan, tmp_path) -> None:
    found = problems(plan, measured(tmp_path / "facts", "z,refill_rate,2,3,refills,1,2026-02-01,2026-02-28,a"))
    assert [(problem.code, problem.reason, problem.about[0], problem.place.row) for problem in found] == [("F027", "period", "period", 2)]


@pytest.mark.parametrize(
    ("row", "reason", "about"),
    [
        ("z,refill_rate,x,3,m,1,2026-03-01,2026-03-31,a", "malformed", "numerator"),
        ("z,refill_rate,1.5,3,m,1,2026-03-01,2026-03-31,a", "not_whole", "numerator"),
        ("z,refill_rate,1,-3,m,1,2026-03-01,2026-03-31,a", "out_of_range", "denominator"),
        ("z,refill_rate,1,,m,1,2026-03-01,2026-03-31,a", "missing", "denominator"),
        (",refill_rate,1,2,m,1,2026-03-01,2026-03-31,a", "missing", "subject"),
        ("z,,1,2,m,1,2026-03-01,2026-03-31,a", "missing", "value"),
        ("z,refill_rate,4,3,m,1,2026-03-01,2026-03-31,a", "out_of_range", "refill_rate"),
    ],
)
def test_a_malformed_measured_row_is_told(plan, tmp_path, row, reason, about) -> None:
    found = problems(plan, measured(tmp_path / "facts", row))
    assert [(problem.reason, about in problem.about, problem.place.row) for problem in found] == [(reason, True, 2)]


# --- what is wrong with a source ------------------------------------------------------------------


def test_a_column_that_stands_twice_is_told(plan, tmp_path) -> None:
    tables = {**CHINESE, "values": [[*row, row[0]] for row in CHINESE["values"]]}
    tables["values"][0] = [*CHINESE["values"][0], "subject"]
    assert told(plan, folder(tmp_path / "facts", tables)) == [("F022", "values.csv", "", 1, "subject")]


def test_a_heading_that_may_mean_two_things_is_told(tmp_path, plan) -> None:
    scheme = plan.scheme
    both = scheme.values | {"patience": scheme.values["served"]}
    unclear = Plan(**{**vars(plan), "scheme": scheme.model_copy(update={"values": both})})
    found = problems(unclear, folder(tmp_path / "facts", CHINESE))
    assert [(problem.code, problem.about) for problem in found] == [("F023", ("接待桌数", "served", "patience"))]


def test_cells_beyond_the_headings_are_told(plan, tmp_path) -> None:
    tables = {**CHINESE, "history": [CHINESE["history"][0], [*CHINESE["history"][1], "9", "9"]]}
    assert told(plan, folder(tmp_path / "facts", tables)) == [("F026", "history.csv", "", 2, "")]


def test_a_file_with_nearly_the_name_of_a_table_is_told(plan, tmp_path) -> None:
    tables = {kind if kind != "history" else "histroy": rows for kind, rows in CHINESE.items()}
    found = problems(plan, folder(tmp_path / "facts", tables))
    assert [(problem.code, problem.about, problem.found["guess"]) for problem in found] == [("F024", ("histroy",), "history")]


def test_a_sheet_with_nearly_the_name_of_a_table_is_told(plan, tmp_path) -> None:
    path = workbook(tmp_path / "facts.xlsx", CHINESE)
    book = openpyxl.load_workbook(path)
    book["历史"].title = "历史表"
    book.save(path)
    assert told(plan, path) == [("F024", "facts.xlsx", "历史表", None, "")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("facts.xlsx", b"no workbook at all"),
        ("facts.xlsx", b"PK\x05\x06" + bytes(18)),
        ("people.csv", b"\xff\xff\x00\xfe\x81\x20"),
        ("people.csv", b"\xff\xfei\x00d"),
        ("facts.docx", b""),
        ("people.csv.gz", b"\x1f\x8bxx"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(plan, tmp_path, name, data) -> None:
    (tmp_path / name).write_bytes(data)
    assert [(problem.code, Path(problem.place.file).name) for problem in problems(plan, tmp_path / name)] == [("F020", name)]


def test_a_file_that_is_not_there_and_a_folder_without_facts_are_refused(plan, tmp_path) -> None:
    assert [problem.code for problem in problems(plan, tmp_path / "none.xlsx")] == ["F020"]
    assert [problem.code for problem in problems(plan, tmp_path)] == ["F025"]


def test_all_files_with_problems_are_told_at_once_in_order(plan, tmp_path) -> None:
    tables = changed("people", 2, 4, "blue") | {"values": changed("values", 1, 1, "很多")["values"]}
    tables |= {"ratings": changed("ratings", 3, 4, "11")["ratings"], "events": changed("events", 1, 4, "惨重")["events"]}
    source = folder(tmp_path / "facts", tables, **{"events/late.csv": "subject,at\nnobody,2026-03-01\n"})
    assert told(plan, source) == [
        ("F004", "people.csv", "", 3, "茶艺证"),
        ("F010", "values.csv", "", 2, "接待桌数"),
        ("F002", "ratings.csv", "", 4, "得分"),
        ("F004", "events.csv", "", 2, "轻重"),
        ("F004", "late.csv", "", 2, "subject"),
    ]


def test_a_file_that_cannot_be_read_does_not_hide_another(plan, tmp_path) -> None:
    source = folder(tmp_path / "facts", CHINESE)
    (source / "ratings.csv").write_bytes(b"\xff\xff\x00\xfe\x81\x20")
    (source / "values.csv").write_bytes(b'"a" b,c\n"x\n')
    assert told(plan, source) == [("F020", "ratings.csv", "", None, ""), ("F020", "values.csv", "", None, "")]
