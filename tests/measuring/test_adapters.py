"""Adapters: a small made-up export of each product is read by it, and gives what the canonical tables promise."""

# ruff: noqa: DTZ001 - stored instants are naive UTC

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime

import pyarrow.parquet as pq
import pytest

from kaohe.measuring import read_definitions
from kaohe.measuring.adapters import read_adapters, read_data
from kaohe.measuring.suggesting import canonical_tables
from kaohe.problems import Problems


def define(house, adapter: str, *tables: str, more: str = "") -> None:
    house.define(
        sources="company_zone: Asia/Shanghai\nsources:\n" + "".join(f"  {table}: {{adapter: {adapter}{more}}}\n" for table in tables)
    )


def take(house, name: str, text: str, table: str):
    house.write(name, text)
    (entry,) = house.take(name, table=table)
    assert entry.faults == {}
    rows = sorted(pq.read_table(house.workspace.path(entry)).to_pylist(), key=lambda row: row["_row"])
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


def as_csv(*rows: dict[str, object]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(key for row in rows for key in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def as_lines(*rows: dict[str, object]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


# --- what all adapters keep to ----------------------------------------------------------------------


@pytest.mark.parametrize("adapter", read_adapters().values(), ids=lambda adapter: adapter.reference)
def test_an_adapter_fills_canonical_tables_with_columns_of_their_kind(house, adapter) -> None:
    define(house, adapter.reference, *adapter.sources)
    tables = canonical_tables()
    for id, source in house.definitions.sources.items():
        for name, column in source.columns.items():
            if name == "offer":
                continue  # what tells an invitation from none, for an exclusion
            known = tables[id].columns[name]
            assert (id, name, column.type) == (id, name, known.type)
            assert set(column.words) <= set(known.words) or not known.words or name == "kind"
    assert adapter.name.zh != adapter.name.en


def test_every_adapter_is_one_file_of_its_own_name() -> None:
    assert len(read_data("adapters")) == len(read_adapters()) == 6


def test_an_adapter_that_is_not_there_is_told_with_those_that_are(house) -> None:
    for wrong in ("zendes@1", "zendesk@2", "zendesk@1 callz"):
        with pytest.raises(Problems) as caught:
            define(house, wrong, "tickets")
        (problem,) = caught.value
        assert (problem.code, problem.place.line) == ("M004", 3)


def test_what_the_company_writes_comes_instead_of_what_the_adapter_says(house) -> None:
    define(house, "zendesk@1", "tickets", more=", zone: UTC, columns: {topic: {from: 业务类型}}")
    source = house.definitions.sources["tickets"]
    assert (source.zone, source.columns["topic"].from_, source.columns["ticket_id"].needed) == ("UTC", (("业务类型",),), True)


def test_a_table_may_have_another_name_than_the_adapter_gives_it(house) -> None:
    define(house, "acd@1 calls", "hotline")
    assert house.definitions.sources["hotline"].adapter == "acd@1 calls"


# --- Zendesk --------------------------------------------------------------------------------------

ZENDESK = {
    "Summation column": 1,
    "Id": 4711,
    "Requester": "王先生",
    "Requester id": 360012345678,
    "Assignee": "张三",
    "Status": "Closed",
    "Priority": "High",
    "Via": "Mail",
    "Ticket type": "Question",
    "Created at": "2026-03-01 09:00",
    "Due date": "",
    "Solved at": "2026-03-02 10:30",
    "Satisfaction Score": "Good",
    "Reopens": 1,
    "First reply time in minutes": 12,
    "Full resolution time in minutes": 1530,
    "Requester wait time in minutes": 200,
}


def test_a_view_of_zendesk(house) -> None:
    define(house, "zendesk@1", "tickets")
    assert take(house, "view.csv", as_csv(ZENDESK), "tickets") == [
        {
            "_row": 2,
            "ticket_id": "4711",
            "customer_id": "360012345678",
            "owner": "张三",
            "channel": "Mail",
            "topic": "Question",
            "priority": "High",
            "created_at": datetime(2026, 3, 1, 1),
            "full_solved_at": datetime(2026, 3, 2, 2, 30),
            "reopened_count": 1,
            "waiting_seconds": 12_000,
            "state": "Closed",
            "first_reply_seconds": 720,
            "full_resolution_seconds": 91_800,
        }
    ]


def test_zendesk_tickets_as_json_lines(house) -> None:
    define(house, "zendesk@1", "tickets")
    ticket = {
        "id": 4711,
        "created_at": "2026-03-01T01:00:00Z",
        "status": "solved",
        "assignee": {"name": "张三"},
        "via": {"channel": "web"},
        "metric_set": {"solved_at": "2026-03-02T02:30:00Z", "reopens": 0, "reply_time_in_minutes": {"calendar": 12, "business": 5}},
    }
    (row,) = take(house, "tickets.jsonl", as_lines(ticket), "tickets")
    assert (row["owner"], row["channel"], row["first_reply_seconds"], row["reopened_count"]) == ("张三", "web", 720, 0)
    assert (row["created_at"], row["full_solved_at"]) == (datetime(2026, 3, 1, 1), datetime(2026, 3, 2, 2, 30))


def test_zendesk_ratings_and_who_was_never_asked(house) -> None:
    define(house, "zendesk@1", "surveys")
    scores = ["Good", "Bad", "Offered", "Not Offered"]
    rows = take(house, "view.csv", as_csv(*({**ZENDESK, "Satisfaction Score": score} for score in scores)), "surveys")
    assert [row.get("score") for row in rows] == [1, 0, None, None]
    assert [exclusion.reason for exclusion in house.definitions.sources["surveys"].exclusions] == ["not_offered"]


# --- Zammad ---------------------------------------------------------------------------------------


def test_a_report_of_zammad(house) -> None:
    define(house, "zammad@1", "tickets")
    ticket = {
        "#": 67001,
        "Title": "退款",
        "State": "closed",
        "Priority": "2 normal",
        "Group": "售后",
        "Owner": "张三",
        "Customer": "王先生",
        "Create Channel": "email",
        "Sender": "Customer",
        "Created At": "2026-03-01 09:00:00",
        "Closed At": "2026-03-02 10:30:00",
        "Close In Min": 1530,
        "First Response At": "2026-03-01 09:12:00",
        "First Response In Min": 12,
        "Escalation At": "-",
    }
    (row,) = take(house, "2026-3.csv", as_csv(ticket), "tickets")
    assert (row["ticket_id"], row["topic"], row["created_by"], row["first_reply_seconds"]) == ("67001", "售后", "customer", 720)
    assert (row["first_reply_at"], row["closed_at"]) == (datetime(2026, 3, 1, 1, 12), datetime(2026, 3, 2, 2, 30))


def test_the_history_of_a_zammad_ticket(house) -> None:
    define(house, "zammad@1", "ticket_changes")
    change = {
        "o_id": 7,
        "attribute": "owner",
        "value_from": "-",
        "value_to": "张三",
        "created_at": "2026-03-01T01:00:00.123Z",
        "created_by": "李四",
    }
    (row,) = take(house, "history.jsonl", as_lines(change), "ticket_changes")
    assert (row["person"], row["field"], row["new_value"], row["changed_at"]) == (
        "李四",
        "owner",
        "张三",
        datetime(2026, 3, 1, 1, 0, 0, 123000),
    )


# --- Chatwoot -------------------------------------------------------------------------------------


def test_rows_of_chatwoots_messages(house) -> None:
    define(house, "chatwoot@1", "messages")
    common = {"conversation_id": 9, "created_at": "2026-03-01 01:00:00.123456", "private": "f", "inbox_id": 2}
    rows = [
        {**common, "message_type": 0, "sender_type": "Contact", "sender_id": 77, "assignee_id": 5},
        {**common, "message_type": 1, "sender_type": "User", "sender_id": 5, "assignee_id": 5},
        {**common, "message_type": 1, "sender_type": "AgentBot", "sender_id": 1, "assignee_id": ""},
        {**common, "message_type": 2, "sender_type": "", "sender_id": "", "assignee_id": 5},
        {**common, "message_type": 1, "sender_type": "User", "sender_id": 5, "assignee_id": 5, "private": "t"},
    ]
    read = take(house, "messages.csv", as_csv(*rows), "messages")
    assert [(row.get("sender"), row["kind"], row["internal"], row.get("account")) for row in read] == [
        ("customer", "incoming", False, "5"),
        ("agent", "outgoing", False, "5"),
        ("bot", "outgoing", False, None),
        (None, "activity", False, "5"),
        ("agent", "outgoing", True, "5"),
    ]
    assert read[0]["sent_at"] == datetime(2026, 3, 1, 1, 0, 0, 123456)


def test_a_message_of_chatwoots_api_counts_seconds_since_1970(house) -> None:
    define(house, "chatwoot@1", "messages")
    message = {
        "id": 1,
        "conversation_id": 9,
        "message_type": 0,
        "created_at": 1772326800,
        "private": False,
        "sender": {"id": 77, "type": "contact"},
    }
    (row,) = take(house, "messages.jsonl", as_lines(message), "messages")
    assert (row["sent_at"], row["sender"], row["internal"]) == (datetime(2026, 3, 1, 1), "customer", False)


def test_chatwoots_conversations_and_ratings(house) -> None:
    define(house, "chatwoot@1", "sessions", "surveys")
    conversation = {"id": 9, "contact_id": 77, "assignee_id": 5, "inbox_id": 2, "status": 1, "created_at": "2026-03-01 01:00:00"}
    (session,) = take(house, "conversations.csv", as_csv({**conversation, "first_reply_created_at": "2026-03-01 01:02:00"}), "sessions")
    assert (session["resolved"], session["first_reply_at"]) == (True, datetime(2026, 3, 1, 1, 2))
    rating = {"id": 3, "conversation_id": 9, "rating": 5, "contact_id": 77, "assigned_agent_id": 5, "created_at": "2026-03-01 02:00:00"}
    (survey,) = take(house, "csat.csv", as_csv(rating), "surveys")
    assert (survey["score"], survey["account"], survey["answered_at"]) == (5, "5", datetime(2026, 3, 1, 2))


# --- ServiceNow -----------------------------------------------------------------------------------


@pytest.mark.parametrize("labels", [True, False])
def test_incidents_of_servicenow_under_labels_or_field_names(house, labels: bool) -> None:
    define(house, "servicenow@1", "tickets")
    said = {
        "number": "INC001",
        "caller_id": "王先生",
        "assigned_to": "张三",
        "resolved_by": "李四",
        "contact_type": "Phone",
        "opened_at": "2026-03-01 09:00:00",
    }
    said |= {"resolved_at": "2026-03-01 11:00:00", "reopen_count": "0", "incident_state": "Resolved", "due_date": "?"}
    names = [
        "Number",
        "Caller",
        "Assigned to",
        "Resolved by",
        "Contact type",
        "Opened",
        "Resolved",
        "Reopen count",
        "Incident state",
        "Due date",
    ]
    (row,) = take(house, "incident.csv", as_csv(dict(zip(names, said.values(), strict=True)) if labels else said), "tickets")
    assert (row["ticket_id"], row["owner"], row["solver"], row["state"]) == ("INC001", "张三", "李四", "Resolved")
    assert (row["full_solved_at"], row["reopened_count"], "due_at" in row) == (datetime(2026, 3, 1, 3), 0, False)


def test_the_audit_of_servicenow(house) -> None:
    define(house, "servicenow@1", "ticket_changes")
    change = {
        "documentkey": "INC001",
        "fieldname": "assigned_to",
        "oldvalue": "张三",
        "newvalue": "李四",
        "user": "admin",
        "sys_created_on": "2026-03-01 09:00:00",
    }
    (row,) = take(house, "sys_audit.csv", as_csv(change), "ticket_changes")
    assert (row["field"], row["old_value"], row["new_value"]) == ("assigned_to", "张三", "李四")


# --- call centres -----------------------------------------------------------------------------------


def test_call_details_of_a_chinese_call_centre(house) -> None:
    define(house, "acd@1", "calls")
    call = {
        "呼叫流水号": "20260301-1",
        "主叫号码": "13800000000",
        "坐席工号": "8001",
        "技能组": "售后",
        "进入队列时间": "2026-03-01 09:00:00",
        "应答时间": "2026-03-01 09:00:15",
        "挂机时间": "2026-03-01 09:05:15",
        "排队时长": "00:00:15",
        "通话时长": "0:05:00",
        "话后时长": "30",
        "通话结果": "接通",
    }
    answered, lost = take(house, "cdr.csv", as_csv(call, {**call, "坐席工号": "", "应答时间": "", "通话结果": "放弃"}), "calls")
    assert (answered["wait_seconds"], answered["talk_seconds"], answered["wrap_seconds"]) == (15, 300, 30)
    assert (answered["abandoned"], lost["abandoned"], "account" in lost) == (False, True, False)


def test_contact_records_of_amazon_connect(house) -> None:
    define(house, "acd@1", "calls")
    record = {
        "ContactId": "a-b-c",
        "InitiationTimestamp": "2026-03-01T01:00:00Z",
        "DisconnectTimestamp": "2026-03-01T01:06:00Z",
        "CustomerEndpoint": {"Address": "+861380000"},
        "Queue": {"Name": "after-sales", "EnqueueTimestamp": "2026-03-01T01:00:05Z", "Duration": 10},
        "Agent": {"Username": "zhang", "ConnectedToAgentTimestamp": "2026-03-01T01:00:15Z", "AfterContactWorkDuration": 20},
    }
    (row,) = take(house, "ctr.jsonl", as_lines(record), "calls")
    assert (row["queue"], row["account"], row["wait_seconds"], row["wrap_seconds"]) == ("after-sales", "zhang", 10, 20)
    assert (row["offered_at"], row["answered_at"]) == (datetime(2026, 3, 1, 1, 0, 5), datetime(2026, 3, 1, 1, 0, 15))


def test_states_of_agents(house) -> None:
    define(house, "acd@1", "states")
    states = ["示闲", "通话中", "话后", "示忙", "会议", "签出"]
    rows = [
        {"坐席工号": "8001", "坐席状态": state, "开始时间": f"2026-03-01 09:{i:02}:00", "结束时间": ""} for i, state in enumerate(states)
    ]
    assert [row["state"] for row in take(house, "states.csv", as_csv(*rows), "states")] == [
        "available",
        "talking",
        "wrap",
        "break",
        "training",
        "offline",
    ]


# --- Taobao -----------------------------------------------------------------------------------------


def test_orders_of_a_shop(house) -> None:
    define(house, "taobao_chitu@1", "orders")
    order = {
        "订单编号": "3300000000000000001",
        "买家会员名": "tb_1",
        "客服旺旺": "西溪茶具:小雨",
        "店铺名称": "西溪茶具",
        "订单创建时间": "2026-03-01 09:00:00",
        "订单付款时间": "2026/3/1 9:05",
        "买家实际支付金额": "128.50",
        "宝贝总数量": "2",
        "退款金额": "0.00",
    }
    (row,) = take(house, "ExportOrderList.csv", as_csv(order), "orders")
    assert (row["order_id"], row["amount"], row["quantity"], row["paid_at"]) == (
        "3300000000000000001",
        12850,
        2,
        datetime(2026, 3, 1, 1, 5),
    )


def test_the_daily_report_of_a_performance_tool(house) -> None:
    define(house, "taobao_chitu@1", "account_days")
    report = {
        "旺旺": "西溪茶具:小雨",
        "日期": "2026-03-01",
        "咨询人数": "120",
        "接待人数": "118",
        "询单人数": "80",
        "最终付款人数": "暂无数据",
    }
    (row,) = take(
        house, "绩效.csv", as_csv({**report, "销售额": "12,800.50", "首次响应时间(秒)": "6.52", "平均响应时间(秒)": "-"}), "account_days"
    )
    assert (row["day"], row["consulted"], row["amount"], row["first_reply_seconds"]) == (date(2026, 3, 1), 120, 1_280_050, 652)
    assert not {"paying", "average_reply_seconds"} & row.keys()


def test_chats_receptions_and_ratings_of_a_shop(house) -> None:
    define(house, "taobao_chitu@1", "messages", "sessions", "surveys")
    (message,) = take(
        house,
        "chat.csv",
        as_csv({"买家旺旺": "tb_1", "客服旺旺": "小雨", "消息方向": "买家", "发送时间": "2026-03-01 09:00:00"}),
        "messages",
    )
    assert (message["sender"], message["session_id"], message["sent_at"]) == ("customer", "tb_1", datetime(2026, 3, 1, 1))
    reception = {"接待编号": "j1", "买家旺旺": "tb_1", "接待客服": "小雨", "接待开始时间": "2026-03-01 09:00:00", "发起方": "买家"}
    (session,) = take(house, "接待.csv", as_csv(reception), "sessions")
    assert (session["account"], session["initiated_by"]) == ("小雨", "customer")
    rating = {"客服旺旺": "小雨", "买家旺旺": "tb_1", "评价时间": "2026-03-01 10:00", "评价结果": "很满意"}
    (survey,) = take(house, "评价.csv", as_csv(rating), "surveys")
    assert survey["score"] == 5


# --- from an export to a figure ---------------------------------------------------------------------


def test_a_ready_measure_takes_what_an_adapter_reads(house) -> None:
    sources = "company_zone: Asia/Shanghai\nsources:\n  calls: {adapter: acd@1}\n  tickets: {adapter: zendesk@1}\n"
    measures = "measures:\n  quick: {preset: service_level@1, with: {limit: 20}}\n  handled: {preset: calls_handled@1}\n"
    house.definitions = read_definitions(house.write("definitions.yaml", sources + measures))
    lines = ["呼叫流水号,坐席工号,进线时间,应答时间,等待时长,是否放弃"]
    lines += [f"c{i},8001,2026-03-0{i} 09:00:00,2026-03-0{i} 09:00:{wait},{wait},否" for i, wait in ((1, 10), (2, 20), (3, 30))]
    take(house, "cdr.csv", "\n".join([*lines, ""]), "calls")
    assert (house.figures("quick").pair("8001"), house.figures("handled").pair("8001")) == ((2, 3), (3, 1))
    assert house.definitions.sources["tickets"].subject.account == "owner"
