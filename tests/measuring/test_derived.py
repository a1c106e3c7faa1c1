"""Tables made of tables: rounds, parts, what follows, what matches, groups and credits, against plain Python."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe.measuring import Period, Workspace, import_files, measure, read_definitions, rows_behind
from kaohe.problems import Problems

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
SOURCES = """
company_zone: Asia/Shanghai
sources:
  messages:
    name: 消息 | Messages
    columns:
      session: {from: session, needed: true}
      sender: {from: sender, needed: true}
      account: {from: account, needed: true}
      sent_at: {from: sent_at, type: datetime, needed: true}
  contacts:
    name: 来访 | Contacts
    subject: agent
    time: at
    columns:
      id: {from: id, needed: true}
      agent: {from: agent, needed: true}
      customer: {from: customer}
      topic: {from: topic}
      at: {from: at, type: datetime, needed: true}
  orders:
    name: 订单 | Orders
    columns:
      order: {from: order, needed: true}
      buyer: {from: buyer}
      paid_at: {from: paid_at, type: datetime}
      amount: {from: amount, type: number, places: 2}
  touches:
    name: 经手 | Touches
    columns:
      ticket: {from: ticket, needed: true}
      person: {from: person, needed: true}
      at: {from: at, type: datetime, needed: true}
      seconds: {from: seconds, type: seconds}
"""
DERIVED = """
derived:
  rounds:
    name: 回合 | Rounds
    subject: account
    time: asked_at
    rounds: {of: messages, per: [session, account], at: sent_at, asks: 'sender == "customer"', answers: 'sender == "agent"'}
  visits:
    name: 分段 | Parts
    subject: account
    time: sent_at
    parts: {of: messages, per: [account, session], at: sent_at, idle_seconds: 600}
  visits_counted:
    name: 每段 | A part each
    subject: account
    time: begun_at
    grouped: {of: visits, per: [account, session, part], columns: {begun_at: {first: sent_at}, messages: {count: 'yes'}, asked: {any: 'sender == "customer"'}}}
  again:
    name: 再来 | Come again
    subject: agent
    time: at
    followed: {of: contacts, per: [customer, topic], at: at}
  bought:
    name: 成交 | Bought
    subject: agent
    time: at
    matched: {of: contacts, with: orders, same: {customer: buyer}, at: at, with_at: paid_at, from_seconds: 0, to_seconds: 86400, take: {paid_at: paid_at, amount: amount}}
  people:
    name: 人天 | People by day
    subject: agent
    time: day
    grouped: {of: contacts, per: [agent, customer], days: {day: at}, columns: {contacts: {count: 'yes'}}}
  first: {name: 首位 | First, subject: person, time: at, credits: {of: touches, per: ticket, who: person, at: at, policy: first}}
  last: {name: 末位 | Last, subject: person, time: at, credits: {of: touches, per: ticket, who: person, at: at, policy: last}}
  equal: {name: 均分 | Equal, subject: person, time: at, credits: {of: touches, per: ticket, who: person, at: at, policy: equal}}
  by_time: {name: 按时 | By time, subject: person, time: at, credits: {of: touches, per: ticket, who: person, at: at, policy: time, seconds: seconds}}
measures:
  rounds: {name: 回合数 | Rounds, version: 1, table: rounds, kind: count}
  unanswered: {name: 未回 | Unanswered, version: 1, table: rounds, kind: count, where: not given(replied_at)}
  reply: {name: 平响 | Reply, version: 1, table: rounds, kind: mean, clock: {start: asked_at, stop: replied_at, unanswered: 600, cap: 600}}
  visits: {name: 段数 | Visits, version: 1, table: visits_counted, kind: count, where: asked}
  repeated: {name: 三日内再来 | Again within three days, version: 1, table: again, kind: ratio, numerator: 'given(next_at) and seconds_between(at, next_at) <= 259200'}
  paid: {name: 成交 | Paid, version: 1, table: bought, kind: ratio, numerator: known(paid_at), settles_after: 1}
  persons: {name: 人次 | Persons, version: 1, table: people, kind: count}
  credit_first: {name: 首位 | First, version: 1, table: first, kind: sum, value: credit, parts: 720720}
  credit_last: {name: 末位 | Last, version: 1, table: last, kind: sum, value: credit, parts: 720720}
  credit_equal: {name: 均分 | Equal, version: 1, table: equal, kind: sum, value: credit, parts: 720720}
  credit_time: {name: 按时 | By time, version: 1, table: by_time, kind: sum, value: credit, parts: 720720}
"""
START = datetime(2026, 3, 2, 9, 0, 0)  # noqa: DTZ001 - as the company's clock shows it


class Shop:
    """A workspace of its own with the tables above."""

    def __init__(self, folder: Path, definitions: str = SOURCES + DERIVED) -> None:
        self.folder = folder
        (folder / "definitions.yaml").write_text(definitions, encoding="utf-8")
        self.definitions = read_definitions(folder / "definitions.yaml")
        self.workspace = Workspace(folder / "workspace")

    def take(self, table: str, *lines: str) -> None:
        path = self.folder / f"{table}.csv"
        heads = ",".join(header for column in self.definitions.sources[table].columns.values() for header in column.from_[0])
        path.write_text("\n".join([heads, *lines]) + "\n", encoding="utf-8")
        import_files(self.workspace, self.definitions, table, [path])

    def figure(self, id: str, **options) -> dict[str, Fraction]:
        figures = measure(self.workspace, self.definitions, MARCH, measures=[id], **options)[id]
        pairs = zip(figures.subjects, figures.numerators, figures.denominators, strict=True)
        return {subject: Fraction(top, bottom) for subject, top, bottom in pairs if bottom}


@pytest.fixture
def shop(tmp_path):
    return Shop(tmp_path)


def at(seconds: int) -> str:
    return (START + timedelta(seconds=seconds)).isoformat(sep=" ")


def test_several_lines_of_a_customer_are_one_round_answered_by_the_first_reply(shop):
    shop.take("messages", f"s1,customer,小雨,{at(0)}", f"s1,customer,小雨,{at(20)}", f"s1,agent,小雨,{at(30)}", f"s1,agent,小雨,{at(90)}")
    assert shop.figure("rounds") == {"小雨": 1}
    assert shop.figure("reply") == {"小雨": 30}


def test_a_hand_over_without_a_reply_is_an_unanswered_round_of_the_first_account(shop):
    shop.take("messages", f"s1,customer,小雨,{at(0)}", f"s1,customer,小禾,{at(60)}", f"s1,agent,小禾,{at(75)}")
    assert shop.figure("unanswered") == {"小雨": 1, "小禾": 0}
    assert shop.figure("reply") == {"小雨": 600, "小禾": 15}


@pytest.mark.parametrize(("waited", "counted"), [(599, 599), (600, 600), (601, 600)])
def test_a_round_counts_up_to_its_cap(shop, waited, counted):
    shop.take("messages", f"s1,customer,小雨,{at(0)}", f"s1,agent,小雨,{at(waited)}")
    assert shop.figure("reply") == {"小雨": counted}


def test_a_reply_without_a_question_is_no_round(shop):
    shop.take("messages", f"s1,agent,小雨,{at(0)}", f"s2,customer,小雨,{at(1)}")
    assert shop.figure("rounds") == {"小雨": 1}


@pytest.mark.parametrize(("gap", "visits"), [(599, 1), (600, 2)])
def test_an_idle_gap_begins_another_part(shop, gap, visits):
    shop.take("messages", f"s1,customer,小雨,{at(0)}", f"s1,agent,小雨,{at(10)}", f"s1,customer,小雨,{at(10 + gap)}")
    assert shop.figure("visits") == {"小雨": visits}


def test_the_next_contact_of_the_same_customer_and_topic_follows(shop):
    days = 86400
    shop.take(
        "contacts",
        f"c1,a1,k1,退款,{at(0)}",
        f"c2,a2,k1,退款,{at(3 * days)}",
        f"c3,a1,k1,换货,{at(1)}",
        f"c4,a2,k2,退款,{at(5)}",
        f"c5,a2,,退款,{at(6)}",
        f"c6,a1,,退款,{at(7)}",
    )
    assert shop.figure("repeated") == {"a1": Fraction(1, 3), "a2": 0}


def test_an_order_matches_within_its_window_and_the_first_one_counts(shop):
    shop.take("contacts", f"c1,a1,k1,,{at(0)}", f"c2,a1,k2,,{at(0)}", f"c3,a1,k3,,{at(0)}", f"c4,a2,k4,,{at(0)}")
    shop.take("orders", f"o1,k1,{at(86400)},9.90", f"o2,k2,{at(86401)},1.00", "o3,k4,,5.00", f"o4,k1,{at(5)},2.00", f"o5,k3,{at(-1)},2.00")
    assert shop.figure("paid") == {"a1": Fraction(1, 3), "a2": 0}


def test_what_is_paid_after_the_day_as_of_which_is_measured_is_not_yet_known(shop):
    shop.take("contacts", "c1,a1,k1,,2026-03-31 22:00", "c2,a1,k2,,2026-03-02 09:00")
    shop.take("orders", "o1,k1,2026-04-01 08:00,9.90", "o2,k2,2026-03-02 10:00,1.00")
    assert shop.figure("paid") == {"a1": 1}
    assert shop.figure("paid", as_of=date(2026, 3, 31)) == {"a1": Fraction(1, 2)}
    assert shop.figure("paid", as_of=date(2026, 4, 1)) == {"a1": 1}
    unsettled = measure(shop.workspace, shop.definitions, MARCH, measures=["paid"], as_of=date(2026, 3, 31))["paid"].unsettled
    assert unsettled == (1,)


def test_people_count_once_a_day(shop):
    shop.take("contacts", f"c1,a1,k1,,{at(0)}", f"c2,a1,k1,,{at(100)}", f"c3,a1,k1,,{at(86400)}", f"c4,a1,k2,,{at(3)}")
    assert shop.figure("persons") == {"a1": 3}


def test_a_case_of_three_is_credited_in_thirds_that_add_up(shop):
    shop.take("touches", f"t1,a1,{at(0)},10", f"t1,a2,{at(5)},20", f"t1,a3,{at(9)},30", f"t1,a2,{at(12)},0", f"t2,a1,{at(1)},5")
    assert shop.figure("credit_first") == {"a1": 2, "a2": 0, "a3": 0}
    assert shop.figure("credit_last") == {"a1": 1, "a2": 1, "a3": 0}
    assert shop.figure("credit_equal") == {"a1": Fraction(4, 3), "a2": Fraction(1, 3), "a3": Fraction(1, 3)}
    assert shop.figure("credit_time") == {"a1": Fraction(7, 6), "a2": Fraction(1, 3), "a3": Fraction(1, 2)}


TOUCHES = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 20), st.integers(0, 50), st.integers(0, 9)), min_size=1, max_size=60)


@settings(max_examples=15, deadline=None)
@given(TOUCHES)
def test_the_credits_of_every_policy_add_up_to_the_cases(touches):
    with TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        shop.take("touches", *(f"t{ticket},a{person},{at(second)},{spent}" for ticket, person, second, spent in touches))
        cases = len({ticket for ticket, *_ in touches})
        for id in ("credit_first", "credit_last", "credit_equal", "credit_time"):
            assert sum(shop.figure(id).values()) == cases


MESSAGES = st.lists(
    st.tuples(st.integers(1, 2), st.sampled_from(["customer", "agent", "bot"]), st.sampled_from(["小雨", "小禾"]), st.integers(0, 400)),
    max_size=40,
)


@settings(max_examples=15, deadline=None)
@given(MESSAGES)
def test_rounds_are_those_that_one_would_count_by_hand(messages):
    with TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        shop.take(
            "messages",
            f"s9,bot,机器人,{at(0)}",
            *(f"s{session},{sender},{account},{at(second)}" for session, sender, account, second in messages),
        )
        waits: dict[str, list[int]] = defaultdict(list)
        for (_, account), lines in by_session(messages).items():
            waits[account] += rounds_of(lines)
        assert shop.figure("reply") == {account: Fraction(sum(found), len(found)) for account, found in waits.items() if found}


def by_session(messages):
    found = defaultdict(list)
    for i, (session, sender, account, second) in enumerate(messages):
        found[(session, account)].append((second, i, sender))
    return {key: sorted(lines) for key, lines in found.items()}


def rounds_of(lines):
    waits, asked = [], None
    for second, _, sender in lines:
        if sender == "customer" and asked is None:
            asked = second
        elif sender == "agent" and asked is not None:
            waits.append(min(600, second - asked))
            asked = None
    return waits + ([600] if asked is not None else [])


def test_the_rows_behind_a_derived_figure_are_told_by_their_place_in_the_file(shop):
    shop.take("messages", f"s1,customer,小雨,{at(0)}", f"s1,agent,小雨,{at(30)}", f"s1,customer,小雨,{at(40)}")
    behind = rows_behind(shop.workspace, shop.definitions, "unanswered", "小雨", MARCH)
    assert [(row.file, row.row) for row in behind.numerator] == [("messages.csv", 4)]
    assert behind.numerator[0].cells["asked_at"] == "2026-03-02 09:00:40"


BROKEN = {
    "a table of itself": ("x: {name: x, followed: {of: x, per: id, at: at}}", "M002"),
    "two ways at once": (
        "x: {name: x, followed: {of: contacts, per: id, at: at}, parts: {of: contacts, per: id, at: at, idle_seconds: 5}}",
        "M002",
    ),
    "an unknown table": ("x: {name: x, followed: {of: contact, per: id, at: at}}", "M004"),
    "an unknown column": ("x: {name: x, followed: {of: contacts, per: idd, at: at}}", "M004"),
    "a key that may be missing": ("x: {name: x, parts: {of: contacts, per: customer, at: at, idle_seconds: 5}}", "M002"),
    "a time that is none": ("x: {name: x, followed: {of: contacts, per: id, at: topic}}", "M002"),
    "shares of time without a time": ("x: {name: x, credits: {of: touches, per: ticket, who: person, at: at, policy: time}}", "M002"),
    "a bound without a time": (
        "x: {name: x, matched: {of: contacts, with: orders, same: {customer: buyer}, with_at: paid_at, to_seconds: 5, take: {a: amount}}}",
        "M002",
    ),
    "a sum of texts": ("x: {name: x, grouped: {of: contacts, per: id, columns: {a: {sum: topic}}}}", "M002"),
    "two sums in one column": ("x: {name: x, grouped: {of: contacts, per: id, columns: {a: {first: at, last: at}}}}", "M002"),
    "a condition that is none": ("x: {name: x, followed: {of: contacts, per: id, at: at, when: topic}}", "M006"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_table_that_cannot_be_made_is_refused(tmp_path, name):
    text, code = BROKEN[name]
    with pytest.raises(Problems) as caught:
        Shop(tmp_path, SOURCES + f"derived:\n  {text}\nmeasures: {{}}\n")
    assert code in {problem.code for problem in caught.value}
    assert all(problem.place.line for problem in caught.value)
