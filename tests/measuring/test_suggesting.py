"""Mappings suggested from names and contents: what is not sure is asked, and nothing is taken before it is confirmed."""

from __future__ import annotations

import pytest

from kaohe.measuring import read_definitions
from kaohe.measuring.adapters import read_adapters
from kaohe.measuring.suggesting import canonical_tables, fitting_tables, sources_text, suggest
from kaohe.problems import Problems

CALLS = (
    "呼叫流水号,坐席工号,进线时间,应答时间,等待时长(毫秒),通话时长,是否接通,备注,主叫\n"
    "c1,8001,2026-03-01 09:00:00.250,2026-03-01 09:00:10,10250,00:04:50,接通,好,138\n"
    "c2,8002,2026-03-01 09:01:00.500,-,60000,0:00:00,未接通,,139\n"
)
IDS = ("messages", "sessions", "calls", "tickets", "ticket_changes", "orders", "surveys", "inspections", "complaints")
IDS += ("shifts", "attendance", "states", "accounts", "account_days")


def found(house, text: str, table: str = "calls", name: str = "export.csv"):
    suggestion = suggest(house.write(name, text), table)
    return {one.id: one for one in suggestion.columns}


def test_headers_are_found_by_their_names_whatever_stands_in_brackets(house) -> None:
    columns = found(house, CALLS)
    assert {id: one.header for id, one in columns.items()} == {
        "call_id": "呼叫流水号",
        "customer_id": "主叫",
        "account": "坐席工号",
        "offered_at": "进线时间",
        "answered_at": "应答时间",
        "wait_seconds": "等待时长(毫秒)",
        "talk_seconds": "通话时长",
        "answered": "是否接通",
    }
    assert all(one.is_sure for one in columns.values())


def test_units_places_words_and_marks_are_read_from_the_contents(house) -> None:
    columns = found(house, CALLS)
    assert (columns["wait_seconds"].column.unit, columns["wait_seconds"].column.places) == ("milliseconds", 3)
    assert (columns["offered_at"].column.places, columns["answered_at"].column.missing) == (3, ("-",))
    assert (columns["answered"].column.yes, columns["answered"].column.no) == (("接通",), ("未接通",))
    assert columns["talk_seconds"].samples == ("00:04:50", "0:00:00")


def test_a_suggestion_reads_its_own_file_once_it_is_confirmed(house) -> None:
    path = house.write("export.csv", CALLS)
    text = sources_text(suggest(path, "calls"), "Asia/Shanghai")
    house.definitions = read_definitions(house.write("sources.yaml", text))
    with pytest.raises(Problems) as caught:
        house.take("export.csv")
    assert [problem.code for problem in caught.value] == ["M057"]
    house.definitions = read_definitions(house.write("sources.yaml", text.replace("confirmed: no", "confirmed: yes")))
    (taken,) = house.take("export.csv")
    assert (taken.rows_taken, taken.rows_set_aside, taken.unused_headers) == (2, 0, ("备注",))
    source = house.definitions.sources["calls"]
    assert (source.subject.account, source.time) == ("account", "offered_at")


def test_confirming_asks_for_no_new_import(house) -> None:
    path = house.write("export.csv", CALLS)
    text = sources_text(suggest(path, "calls"))
    hashes = {read_definitions(house.write("s.yaml", text.replace("no\n", f"{word}\n", 1))).mapping_hash("calls") for word in ("yes", "no")}
    assert len(hashes) == 1


@pytest.mark.parametrize(
    ("header", "cells", "formats", "doubtful"),
    [
        ("来电时间", ["03/04/2026 10:00", "05/06/2026 11:00"], ("%d/%m/%Y %H:%M",), True),
        ("来电时间", ["13/04/2026 10:00", "05/06/2026 11:00"], ("%d/%m/%Y %H:%M",), False),
        ("来电时间", ["04/13/2026 10:00", "05/06/2026 11:00"], ("%m/%d/%Y %H:%M",), False),
        ("来电时间", ["2026-03-01 10:00", "2026/3/2 9:05"], (), False),
        ("来电时间", ["1772326800", "1772326801"], ("unix",), False),
        ("来电时间", ["20260301100000", "20260302100000"], ("%Y%m%d%H%M%S",), False),
    ],
)
def test_how_times_are_written_is_found_or_asked(house, header: str, cells: list[str], formats: tuple[str, ...], doubtful: bool) -> None:
    column = found(house, f"通话编号,{header}\n" + "".join(f"c,{cell}\n" for cell in cells))["offered_at"]
    assert (column.column.formats, bool(column.doubts), column.is_sure) == (formats, doubtful, not doubtful)


def test_a_column_whose_contents_cannot_be_it_is_not_suggested(house) -> None:
    assert "offered_at" not in found(house, "通话编号,来电时间\nc1,上午\nc2,下午\n")
    assert "wait_seconds" not in found(house, "通话编号,等待时长\nc1,长\nc2,短\n")


def test_minutes_or_hours_is_asked(house) -> None:
    assert [doubt.en[:9] for doubt in found(house, "通话编号,通话时长\nc1,12:30\n")["talk_seconds"].doubts] == ["is 12:30 "]


def test_a_few_cells_that_cannot_be_read_are_told(house) -> None:
    cells = [f"2026-03-{day:02}" for day in range(1, 29)] + ["待定"]
    column = found(house, "通话编号,来电时间\n" + "".join(f"c,{cell}\n" for cell in cells))["offered_at"]
    assert (column.is_sure, "待定" in column.doubts[0].zh) == (False, True)


def test_words_are_mapped_and_strange_ones_asked(house) -> None:
    text = "会话ID,发送方,发送时间\ns,买家,2026-03-01\ns,客服,2026-03-01\n"
    assert found(house, text, "messages")["sender"].column.words == {"customer": ("买家",), "agent": ("客服",)}
    strange = found(house, text + "s,主播,2026-03-01\n", "messages")["sender"]
    assert (strange.is_sure, "主播" in strange.doubts[0].zh) == (False, True)


def test_a_header_that_stands_twice_is_a_doubt(house) -> None:
    assert not found(house, "通话编号,来电时间,来电时间\nc,2026-03-01,2026-03-02\n")["offered_at"].is_sure


def test_doubtful_columns_are_written_as_comments_with_their_question(house) -> None:
    text = sources_text(suggest(house.write("x.csv", "通话编号,来电时间\nc,03/04/2026 10:00\n"), "calls"))
    assert '      # offered_at: {from: 来电时间, type: datetime, formats: ["%d/%m/%Y %H:%M"], needed: true}' in text
    assert "      #   ? 日在前还是月在前？" in text
    assert "    # time: offered_at" in text


def test_headers_with_any_letters_are_written_so_that_they_read_back(house) -> None:
    headers = ['通话编号 "id": #1', "来电时间（GMT+8）", "yes"]
    path = house.write("x.csv", ",".join('"' + header.replace('"', '""') + '"' for header in headers) + "\nc1,2026-03-01,1\n")
    text = sources_text(suggest(path, "calls")).replace("confirmed: no", "confirmed: yes")
    assert "# 没有用到的表头 | headers not used: " in text
    source = read_definitions(house.write("s.yaml", text)).sources["calls"]
    assert source.columns["offered_at"].from_ == ((headers[1],),)


def test_no_cell_is_written_into_the_definitions(house) -> None:
    assert "138" not in sources_text(suggest(house.write("x.csv", CALLS), "calls"))


def test_a_table_that_is_none_is_told_with_the_nearest(house) -> None:
    with pytest.raises(Problems) as caught:
        suggest(house.write("x.csv", CALLS), "call")
    assert caught.value.problems[0].found["hint_en"] == " (did you mean `calls`?)"


def test_the_table_that_fits_best_comes_first(house) -> None:
    assert fitting_tables(house.write("x.csv", CALLS))[0].table == "calls"
    chats = "会话ID,发送方,发送时间,客服旺旺\ns,买家,2026-03-01 09:00,小雨\n"
    assert fitting_tables(house.write("y.csv", chats))[0].table == "messages"


def test_json_lines_are_suggested_by_their_paths(house) -> None:
    line = '{"ContactId": "a", "InitiationTimestamp": "2026-03-01T01:00:00Z", "Queue": {"Name": "q", "Duration": 10}}\n'
    columns = found(house, line, name="ctr.jsonl")
    assert {id: one.header for id, one in columns.items()}.items() >= {"queue": "Queue.Name", "wait_seconds": "Queue.Duration"}.items()


def test_an_empty_file_suggests_nothing(house) -> None:
    assert suggest(house.write("x.csv", "a,b\n"), "calls").columns == ()


# --- the canonical tables themselves ----------------------------------------------------------------


def test_the_canonical_tables_are_those_that_measures_speak_of() -> None:
    assert set(canonical_tables()) == set(IDS)


@pytest.mark.parametrize("table", IDS)
def test_a_canonical_table_has_names_in_both_languages_and_no_header_twice_for_one_column(table: str) -> None:
    source = canonical_tables()[table]
    assert source.name_zh != source.name_en
    for id, column in source.columns.items():
        assert "|" in str(column.name), id
        headers = [alias[0] for alias in column.from_]
        assert len(headers) == len(set(headers)), id
        assert id in headers or id in ("starts_at", "person", "answered"), id


@pytest.mark.parametrize("adapter", read_adapters().values(), ids=lambda adapter: adapter.reference)
def test_an_adapter_says_where_its_exports_come_from_in_both_languages(adapter) -> None:
    assert adapter.about.zh != adapter.about.en
