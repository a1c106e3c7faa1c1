"""What the tests of the indicators share: the library that ships, and a small one of the tea-house."""

from __future__ import annotations

import pytest

from kaohe.indicators import read_indicators, read_library

GREETING = """
  greeting_share:
    name: 迎客率 | Share greeted
    definition: 进门时有人招呼的客人占比。 | Share of guests greeted at the door.
    formula: 被招呼的客人数 ÷ 客人数 | guests greeted ÷ guests
    unit: ratio
    direction: higher
    perspective: customer
    cycle: [day, month]
    roles: [agent, lead]
    source: 门口的登记 | The book at the door
    usual: 常要求 90% 以上。 | Often 90% or more.
    fed_by: greeting_share
    scored: {rule: line, full: 90%, zero: 50%}
    pitfalls: [常客不必招呼。 | Regulars need no greeting.]
"""
CUPS = """
  broken_cups:
    name: 打碎茶具 | Cups broken
    definition: 打碎的茶具数。 | Number of cups broken.
    formula: 打碎的茶具数 | number of cups broken
    unit: whole
    counted_in: 只 | cups
    direction: lower
    perspective: process
    cycle: [month, year]
    roles: [agent]
    source: 领班的登记 | The lead's book
    usual: 一只也嫌多。 | One is too many.
    fed_by: entered
    entered_by: 领班 | The lead
    scored: {rule: each, start: 100, each: 10}
    pitfalls: [客人打碎的不算。 | What guests broke does not count.]
"""
SALES = """
  target_reached:
    name: 茶点达成率 | Attainment of tea-cakes
    definition: 茶点销售额与计划相比。 | Sales of tea-cakes against plan.
    formula: 实际 ÷ 计划 | actual ÷ planned
    unit: ratio
    may_exceed: yes
    direction: higher
    perspective: financial
    cycle: [year]
    roles: [manager]
    source: 账房 | The books
    usual: 目标就是 100%。 | The target is 100%.
    fed_by: entered
    entered_by: 账房 | The bookkeeper
    parts:
      cakes_sold: {name: 茶点销售额 | Tea-cakes sold, unit: yuan}
      cakes_planned: {name: 茶点计划 | Tea-cakes planned, unit: yuan}
    scored: {rule: attained, target: 100%, cap: 120}
    pitfalls: [计划为 0 时没有达成率。 | A plan of 0 gives none.]
"""
HEAD = "theme: {id}\norder: {order}\nname: 茶馆 | Tea-house\nabout: 茶馆的事。 | What a tea-house does.\nindicators:\n"


@pytest.fixture(scope="session")
def library():
    """The library that ships."""
    return read_library()


@pytest.fixture
def written(tmp_path):
    """Writes a theme's file of cards into a folder, and gives the folder."""

    def write(*cards, id="service", order=1, name="service.yaml"):
        (tmp_path / name).write_text(HEAD.format(id=id, order=order) + "".join(cards), encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def tea_house(written):
    """A library of three indicators in two themes."""
    written(SALES, id="trade", order=2, name="a-trade.yaml")
    return read_indicators(written(GREETING, CUPS))
