"""`kaohe new`: a sheet becomes questions, answers become a scheme, and nothing is overwritten in silence."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter
import yaml

from kaohe.reading import read_plan

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "appraisal-sheet"
ROWS = [
    ["指标", "权重", "评分标准"],
    ["接通率", 0.4, "≥95%得40分，≥90%得20分，其余0分"],
    ["有效投诉", 0.6, "每次扣５分\n注：以核实结果为准"],
]


@pytest.fixture(autouse=True)
def _at_home(house, monkeypatch):
    monkeypatch.chdir(house.folder)


@pytest.fixture
def sheet(house):
    book = xlsxwriter.Workbook(house.folder / "kpi.xlsx")
    page = book.add_worksheet("月度考核")
    for at, row in enumerate(ROWS):
        page.write_row(at, 0, row)
    book.close()
    return "kpi.xlsx"


def answers(house, **given):
    (house.folder / "answers.yaml").write_text(yaml.safe_dump({"answers": given}, allow_unicode=True), encoding="utf-8")
    return "answers.yaml"


def test_what_was_understood_stands_beside_what_was_read(house, sheet):
    said = house.run("new", "--from", sheet, "-o", "out")
    assert "≥95%得40分，≥90%得20分，其余0分" in said.out
    assert "≥ 95% → 40 points; ≥ 90% → 20 points; otherwise → 0 points" in said.out
    assert "note C3: 以核实结果为准" in said.err


def test_open_questions_are_written_down_and_no_scheme_is(house, sheet):
    said = house.run("new", "--from", sheet, "-o", "out")
    assert said.code == 1
    assert "W006" in said.err
    assert "kaohe new --from kpi.xlsx --answers out/questions.yaml -o out" in said.err
    questions = yaml.load((house.folder / "out" / "questions.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert questions == {"answers": {"有效投诉.floor": "", "scale": ""}}
    assert not (house.folder / "out" / "scheme.yaml").exists()


def test_the_questions_filled_in_give_a_scheme_that_passes(house, sheet):
    house.run("new", "--from", sheet, "-o", "out")
    path = house.folder / "out" / "questions.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("floor:", "floor: 0").replace("scale:", "scale: written"), encoding="utf-8")
    said = house.run("new", "--from", sheet, "--answers", "out/questions.yaml", "-o", "out")
    assert said.code == 0, said.err
    assert house.run("check", "out").code == 0
    assert set(read_plan(house.folder / "out" / "scheme.yaml").scheme.items) == {"接通率", "有效投诉"}


def test_every_number_has_the_cell_it_comes_from(house, sheet):
    house.run("new", "--from", sheet, "--answers", answers(house, **{"有效投诉.floor": "0", "scale": "written"}), "-o", "out")
    items = read_plan(house.folder / "out" / "scheme.yaml").scheme.items
    assert [item.clause for item in items.values()] == ["月度考核 C2", "月度考核 C3"]
    assert "# C2  ≥95%得40分，≥90%得20分，其余0分" in (house.folder / "out" / "scheme.yaml").read_text(encoding="utf-8")


def test_a_file_of_questions_that_is_answered_in_part_keeps_its_answers(house, sheet):
    house.run("new", "--from", sheet, "-o", "out")
    path = house.folder / "out" / "questions.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("floor:", "floor: 0"), encoding="utf-8")
    said = house.run("new", "--from", sheet, "--answers", "out/questions.yaml", "-o", "out")
    assert said.code == 1
    assert "updated out/questions.yaml" in said.err
    kept = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert kept == {"answers": {"有效投诉.floor": "0", "scale": ""}}


@pytest.mark.parametrize("there", ["questions.yaml", "scheme.yaml"])
def test_nothing_is_overwritten_unless_asked(house, sheet, there):
    (house.folder / "out").mkdir()
    (house.folder / "out" / there).write_text("mine", encoding="utf-8")
    given = ["--answers", answers(house, **{"有效投诉.floor": "0", "scale": "written"})] if there == "scheme.yaml" else []
    said = house.run("new", "--from", sheet, *given, "-o", "out")
    assert said.code == 1
    assert "C012" in said.err
    assert (house.folder / "out" / there).read_text(encoding="utf-8") == "mine"
    assert "C012" not in house.run("new", "--from", sheet, *given, "-o", "out", "--force").err


def test_wrong_answers_are_told_with_their_lines(house, sheet):
    said = house.run("new", "--from", sheet, "--answers", answers(house, **{"有效投诉.floor": "看情况", "有效投诉.flor": "0"}), "-o", "out")
    assert said.code == 1
    assert "answers.yaml:3  W004" in said.err
    assert "answers.yaml:2  W005" in said.err


def test_everything_is_there_as_json(house, sheet):
    said = house.run("new", "--from", sheet, "-o", "out", "--json")
    assert said.code == 1
    assert {question["id"] for question in said.data["questions"]} == {"scale", "有效投诉.floor"}
    assert [item["open"] for item in said.data["items"]] == [[], ["scale", "有效投诉.floor"]]


def test_items_may_stand_in_the_file_of_answers(house):
    rows = [
        {"name": "connect_rate", "full": "20", "unit": "%", "standard": "≥95%得20分，否则0分"},
        {"name": "态度", "full": "80", "standard": "主管打分"},
    ]
    tree = {"id": "own", "name": "Own scheme", "period": "month", "items": rows}
    (house.folder / "own.yaml").write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    assert house.run("new", "--answers", "own.yaml", "-o", "out").code == 0
    assert set(read_plan(house.folder / "out" / "scheme.yaml").scheme.items) == {"connect_rate", "态度"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("items: {a: 1}\n", "W008"),
        ("wrong: 1\n", "W008"),
        ("answers: [1]\n", "W008"),
        ("items: [{standard: x}]\n", "W008"),
        ("a: [\n", "D002"),
    ],
)
def test_a_file_of_answers_that_is_none_is_refused(house, text, code):
    (house.folder / "own.yaml").write_text(text, encoding="utf-8")
    said = house.run("new", "--answers", "own.yaml", "-o", "out")
    assert said.code == 1
    assert code in said.err


def test_items_of_a_file_stay_in_the_questions_that_are_left(house):
    rows = [{"name": "投诉", "full": "100", "standard": "每次扣5分"}]
    (house.folder / "own.yaml").write_text(yaml.safe_dump({"period": "month", "items": rows}, allow_unicode=True), encoding="utf-8")
    assert house.run("new", "--answers", "own.yaml", "-o", "out").code == 1
    path = house.folder / "out" / "questions.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("floor:", "floor: 0"), encoding="utf-8")
    assert house.run("new", "--answers", "out/questions.yaml", "-o", "out").code == 0


def test_without_a_terminal_something_must_be_given(house):
    assert house.run("new").code == 2


def test_a_sheet_that_is_not_there_is_refused(house):
    assert "C002" in house.run("new", "--from", "none.xlsx").err


def test_nothing_but_comments_is_no_scheme(house):
    tree = {"period": "month", "items": [{"name": "态度", "standard": "工作认真"}], "answers": {"态度.meaning": "by_hand"}}
    (house.folder / "own.yaml").write_text(yaml.safe_dump(tree, allow_unicode=True), encoding="utf-8")
    assert "W007" in house.run("new", "--answers", "own.yaml", "-o", "out").err


def test_the_example_is_what_comes_out_now(house):
    said = house.run("new", "--from", str(EXAMPLE / "kefu-kpi.csv"), "--answers", str(EXAMPLE / "answers.yaml"), "-o", "out")
    assert said.code == 0, said.err
    written = (house.folder / "out" / "scheme.yaml").read_text(encoding="utf-8")
    assert written == (EXAMPLE / "scheme.yaml").read_text(encoding="utf-8")


# --- at a terminal ------------------------------------------------------------------------------------


END_OF_INPUT = "\x04"


def at_terminal(folder: Path, typed: list[str], *words: str) -> tuple[int, str]:
    """What a terminal shows while somebody types these lines, and how the command ended."""
    master, slave = pty.openpty()
    environment = {**os.environ, "KAOHE_LANG": "en", "COLUMNS": "120"}
    command = [sys.executable, "-c", "import sys; from kaohe.cli import main; sys.exit(main())", "new", *words]
    with subprocess.Popen(command, cwd=folder, stdin=slave, stdout=slave, stderr=slave, env=environment, close_fds=True) as process:
        os.close(slave)
        os.write(master, "".join(f"{line}\n" for line in [*typed, END_OF_INPUT]).encode())
        shown = b""
        while True:
            try:
                part = os.read(master, 65_536)
            except OSError:
                break
            if not part:
                break
            shown += part
        code = process.wait(timeout=60)
    os.close(master)
    return code, shown.decode()


def test_at_a_terminal_questions_are_asked_one_by_one(house, sheet):
    code, shown = at_terminal(house.folder, ["written", "nonsense", "0"], "--from", sheet, "-o", "out")
    assert code == 0, shown
    assert "how far down may it go?" in shown
    assert "'nonsense' is no answer" in shown
    assert read_plan(house.folder / "out" / "scheme.yaml").scheme.items["有效投诉"].floor is not None


def test_at_a_terminal_the_rest_may_be_left_for_later(house, sheet):
    code, shown = at_terminal(house.folder, ["written", ""], "--from", sheet, "-o", "out")
    assert code == 1, shown
    kept = yaml.load((house.folder / "out" / "questions.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert kept == {"answers": {"scale": "written", "有效投诉.floor": ""}}


def test_at_a_terminal_items_may_be_typed(house):
    typed = ["Shop", "connect_rate", "100", "%", "", "≥95%得100分，否则0分", "", "month"]
    code, shown = at_terminal(house.folder, typed, "-o", "out")
    assert code == 0, shown
    assert read_plan(house.folder / "out" / "scheme.yaml").scheme.name.en == "Shop"
