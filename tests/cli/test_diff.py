"""Two versions of a scheme told apart, from the shell."""

from __future__ import annotations

from tests.cli.conftest import FACTS, SCHEME


def test_changes_are_told_by_part_with_clause_and_line(house):
    newer = house.write("v2.yaml", SCHEME.replace("points: 60", "points: 70").replace("B: {from: 75", "B: {from: 70"))
    said = house.run("diff", house.scheme, newer, "--lang", "zh")
    assert said.code == 0, said.err
    assert "考核指标\n  · “续水时长”“不超过120秒”一档由得60分改为得70分   〔§2〕 第18行" in said.out
    assert "等级\n  · “B（良好）”的分数线由达到75分改为达到70分   〔§6〕 第24行" in said.out
    assert said.out.rstrip().endswith("共 2 处不同")


def test_lines_of_both_files_are_told_where_they_differ(house):
    newer = house.write("v2.yaml", "\n# a comment\n" + SCHEME.replace("points: 60", "points: 70"))
    assert "line 18 → line 20" in house.run("diff", house.scheme, newer).out


def test_versions_that_say_the_same_are_told_so_and_the_exit_code_is_0(house):
    said = house.run("diff", house.scheme, house.write("v2.yaml", SCHEME.replace("greeting_share * 100", "(greeting_share)*100")))
    assert (said.code, "Both say the same." in said.out) == (0, True)


def test_facts_tell_who_changes(house):
    newer = house.write("v2.yaml", SCHEME.replace("bonus_base * total / 100", "bonus_base * total / 50"))
    said = house.run("diff", house.scheme, newer, "--facts", house.facts)
    assert "2 of 3 change." in said.out
    assert "张三" in said.out
    assert "王五" not in said.out


def test_changes_are_plain_data_for_machines(house):
    newer = house.write(
        "v2.yaml",
        SCHEME.replace("weight: 40%", "weight: 60%").replace("    weight: 60%\n    clause: §2", "    weight: 40%\n    clause: §2"),
    )
    data = house.run("diff", house.scheme, newer, "--json", "--facts", house.facts).data
    assert data["same"] is False
    assert [(change["kind"], change["zh"]) for change in data["changes"]] == [
        ("changed", "“迎客”的权重由40%改为60%"),
        ("changed", "“续水时长”的权重由60%改为40%"),
    ]
    assert data["changes"][0]["new"] == [{"path": "items.greeting.weight", "clause": "§1", "line": 12}]
    assert data["effects"]["subjects"] == 3


def test_what_is_wrong_with_either_is_told_together(house):
    broken = SCHEME.replace("by: refill_seconds", "by: refill_second")
    said = house.run(
        "diff", house.write("a.yaml", broken), house.write("b.yaml", broken.replace("total: {is: weighted sum", "total: {is: wieghted sum"))
    )
    assert said.code == 1
    assert ("a.yaml:" in said.err, "b.yaml:" in said.err) == (True, True)


def test_facts_that_one_version_refuses_are_told(house):
    newer = house.write("v2.yaml", SCHEME.replace("refill_seconds: {is: seconds 0.. ", "refill_seconds: {is: seconds 50.. "))
    said = house.run("diff", house.scheme, newer, "--facts", house.facts)
    assert said.code == 1
    assert "F" in said.err


def test_the_facts_of_the_test_house_are_those_of_scoring(house):
    assert FACTS.count("张三") == 1
