"""Other people, units, weeks, earlier periods, states, pay and actions."""

from fractions import Fraction

PEOPLE = """
people:
  - {id: a, role: waiter, team: x}
  - {id: b, role: waiter, team: x}
  - {id: c, role: waiter, team: y}
  - {id: w, role: lead, team: x}
"""
TEAM = """
people: {{team: {{is: text optional, name: 班组 | Team}}, away: {{is: yes_no default no, name: 休假 | Away}}}}
values: {{p: {{is: number optional, name: 甲 | P}}}}
groups: {{mates: {{others_of: team, where: not away}}, team_all: {{all_of: team}}}}
items: {{it: {{name: 项 | Item, clause: §1, is: "{text}", if_none: "null"}}}}
total: {{is: sum}}
"""
MARKS = "values: {a: {p: 80}, b: {p: 60}, c: {p: 90}, w: {p: 70}}\n"


def seen(tea_house, items, text, people=PEOPLE, marks=MARKS):
    return list(items(tea_house(TEAM.format(text=text), people + marks), "it").values())


def test_the_mean_of_the_others_leaves_oneself_out_and_who_is_alone_has_none(tea_house, items):
    assert seen(tea_house, items, "mean(p, over=mates)") == [65, 75, None, 70]


def test_a_colleague_without_a_figure_is_skipped_and_one_who_is_away_too(tea_house, items):
    away = PEOPLE.replace("{id: w, role: lead, team: x}", "{id: w, role: lead, team: x, away: yes}")
    assert seen(tea_house, items, "mean(p, over=mates)", away)[:2] == [60, 80]
    assert seen(tea_house, items, "mean(p, over=mates)", marks="values: {a: {p: 80}, b: {p: 60}}\n")[:2] == [60, 80]


def test_counts_shares_and_extremes_over_a_group(tea_house, items):
    assert seen(tea_house, items, "count(mates)") == [2, 2, 0, 2]
    assert seen(tea_house, items, "share(p >= 70, over=team_all)") == [Fraction(2, 3), Fraction(2, 3), 1, Fraction(2, 3)]
    assert seen(tea_house, items, "max(p, over=team_all) - min(p, over=team_all)") == [20, 20, 0, 20]


def test_who_has_no_team_has_no_team_mates(tea_house, items):
    people = "people: [{id: a, role: waiter}, {id: b, role: waiter}]\n"
    assert seen(tea_house, items, "count(mates)", people, "") == [0, 0]


UNIT = """
people: {team: {is: text optional, name: 班组 | Team}}
units: {team: {by: team, name: 班组 | Team}, house: {one: yes, results: yes, name: 茶馆 | House}}
values:
  p: {is: number, name: 甲 | P}
  team.target: {is: number above 0 optional, name: 目标 | Target}
  house.pool: {is: yuan 0.. optional, name: 奖金池 | Pool}
groups: {everyone: {all: yes}}
items: {it: {name: 项 | Item, clause: §1, is: 100 * p / team.target}}
total: {is: sum}
pay:
  round: 0.01
  lines:
    pot: {name: 池 | Pot, per: house, complete: everyone, clause: §2, is: pool}
    part: {name: 份 | Part, clause: §2, is: "pot * p / sum(p, over=everyone)"}
"""


def test_a_unit_has_figures_of_its_own_and_its_people_see_them(tea_house):
    facts = PEOPLE + "values: {a: {p: 10}, b: {p: 20}, c: {p: 30}, w: {p: 40}, x: {target: 50}, y: {target: 60}, house: {pool: 100}}\n"
    results = tea_house(UNIT, facts)
    assert [results.scorecard(who).total for who in "abc"] == [20, 40, 50]
    assert [results.scorecard(who).pay["part"] for who in "abcw"] == [10, 20, 30, 40]
    assert results.scorecard("house").pay == {"pot": 100}


def test_a_pool_waits_while_somebody_is_incomplete(tea_house):
    facts = PEOPLE + "values: {a: {p: 10}, b: {p: 20}, c: {p: 30}, x: {target: 50}, y: {target: 60}, house: {pool: 100}}\n"
    results = tea_house(UNIT, facts)
    assert (results.scorecard("house").pay, results.scorecard("a").pay, results.scorecard("a").total) == ({}, {}, 20)


WEEKS = """
windows: {week: {starts_on_days: [1, 8, 15, 22], column: week, name: 周 | Week}}
groups: {everyone: {all: yes}}
events:
  figures: {name: 周数 | Figures, one_per: week, columns: {sold: {is: whole 0.. optional, name: 壶 | Pots}}}
items:
  place: {name: 名次 | Place, clause: §1, per: week, places: {by: sold, among: everyone, points: {1: 3, 2: 2, 3: 1}, only: sold > 0}}
total: {is: sum}
"""


def weeks(*rows):
    return PEOPLE + "events:\n" + "".join(f"  - {{type: figures, subject: {who}, at: {day}, sold: {sold}}}\n" for who, day, sold in rows)


def test_places_are_taken_each_week_and_ties_share_the_better_points(tea_house):
    facts = weeks(("a", "2026-03-07", 5), ("b", "2026-03-01", 5), ("c", "2026-03-02", 1), ("a", "2026-03-08", 2), ("b", "2026-03-31", 0))
    assert [tea_house(WEEKS, facts).scorecard(who).total for who in "abcw"] == [6, 3, 1, 0]


def test_a_second_row_of_the_same_week_is_refused(refused):
    found = refused(WEEKS, weeks(("a", "2026-03-07", 5), ("a", "2026-03-01", 5)))
    assert [(problem.reason, "week" in problem.about) for problem in found] == [("duplicate", True)]


RUNS = """
values: {p: {is: number 0..100, name: 甲 | P}}
total: {is: p}
rank: {by: total}
grades: {clause: §1, rows: {good: {from: 60}, poor: {else: yes}}}
figures: {low: {name: 差 | Low, per: period, is: grade == poor}}
history: {status: text optional}
actions:
  talk: {name: 谈话 | Talk, when: low, clause: §2}
  warn: {name: 警告 | Warn, when: run(low) >= 3, instead_of: [talk], clause: §3}
  count_year: {name: 累计 | In the year, when: "low and times(low, within=year) >= 3", clause: §4}
pay: {round: 0.01, lines: {runs: {name: 连续 | Runs, is: run(low), clause: §5}}}
"""


def months(*rows, p=50):
    past = "".join(f"  - {{subject: a, period_end: {end}, total: {total}}}\n" for end, total in rows)
    return f"people: [{{id: a, role: waiter}}]\nvalues: {{a: {{p: {p}}}}}\nhistory:\n{past}"


def test_a_run_counts_back_over_adjoining_months_and_the_year_end(tea_house):
    january = "period: {start: 2026-01-01, end: 2026-01-31}\n"
    card = tea_house(RUNS, months(("2025-12-31", 10), ("2025-11-30", 20), ("2025-10-31", 70)), month=january).scorecard("a")
    assert (card.pay["runs"], card.actions) == (3, ["warn"])


def test_a_month_without_a_row_breaks_the_run_but_not_the_count_of_the_year(tea_house):
    card = tea_house(RUNS, months(("2026-02-28", 10), ("2025-12-31", 20))).scorecard("a")
    assert (card.pay["runs"], card.actions) == (2, ["talk"])
    card = tea_house(
        RUNS, months(("2026-02-28", 80), ("2026-01-31", 20)), month="period: {start: 2026-04-01, end: 2026-04-30}\n"
    ).scorecard("a")
    assert (card.pay["runs"], card.actions) == (1, ["talk"])


def test_rows_of_this_and_later_periods_are_left_alone(tea_house):
    card = tea_house(RUNS, months(("2026-03-31", 10), ("2026-04-30", 20))).scorecard("a")
    assert card.pay["runs"] == 1


STATES = """
people: {hired_on: {is: date optional, name: 入职 | Hired on}}
states: {new: {name: 新人 | New, when: hired_on > start, clause: §1, pay: {bonus: 0}}}
values: {p: {is: number optional, name: 甲 | P}}
groups: {settled: {all: yes, where: not new}}
items: {it: {name: 项 | Item, clause: §2, is: p}}
total: {is: sum}
rank: {by: total, among: settled}
pay: {round: 0.01, lines: {bonus: {name: 奖 | Bonus, is: 10 * total, clause: §3}}}
"""


def test_who_is_in_a_state_has_its_status_and_what_it_pays_and_takes_no_rank(tea_house):
    facts = "people: [{id: a, role: waiter, hired_on: 2026-03-01}, {id: b, role: waiter, hired_on: 2026-03-02}]\nvalues: {a: {p: 1}, b: {p: 9}}\n"
    results = tea_house(STATES, facts)
    mine, theirs = results.scorecard("a"), results.scorecard("b")
    assert (mine.status, mine.rank, mine.of, mine.pay) == ("assessed", 1, 1, {"bonus": 10})
    assert (theirs.status, theirs.reason, theirs.items, theirs.total, theirs.rank, theirs.pay) == (
        "not_assessed",
        "new",
        {},
        None,
        None,
        {"bonus": 0},
    )


def test_a_pay_line_whose_amount_is_absent_is_simply_not_there(tea_house):
    body = """
people: {base: {is: yuan 0.. optional, name: 底薪 | Base}}
values: {p: {is: number, name: 甲 | P}}
total: {is: p}
pay: {round: 0.01, lines: {wage: {name: 工资 | Wage, is: base * total / 3, clause: §1}}}
"""
    results = tea_house(body, "people: [{id: a, role: waiter, base: 100}, {id: b, role: waiter}]\nvalues: {a: {p: 2}, b: {p: 2}}\n")
    assert [(results.scorecard(who).pay, results.scorecard(who).status) for who in "ab"] == [
        ({"wage": Fraction("66.67")}, "assessed"),
        ({}, "assessed"),
    ]
