"""An engine without an exact quantile counts the values instead, and finds the same place."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from kaohe.measuring.clocks import Period
from kaohe.measuring.dialects import Dialect
from kaohe.measuring.engine import Embedded, embedded
from kaohe.measuring.measuring import measure_on
from kaohe.measuring.queries import Tally

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
HEAD = "通话编号,坐席,来电时间,接听,等待,评分,金额,主题\n"


class Plain(Dialect):
    """DuckDB without its quantile."""

    def at_place(self, value: str, share: Fraction, condition: str | None) -> str | None:
        return None


class PlainEngine(Embedded):
    @property
    def dialect(self) -> Dialect:
        return Plain()


@given(st.dictionaries(st.integers(-50, 50), st.integers(1, 9), min_size=1), st.fractions(0, 1), st.booleans())
def test_a_tally_gives_the_value_at_its_place(counts, share, mirrored):
    values = sorted((value for value, count in counts.items() for _ in range(count)), reverse=mirrored)
    place = max(1, -(-share.numerator * len(values) // share.denominator))
    rows = [("e1", value, count) for value, count in counts.items()]
    assert Tally("", "t1", share, mirrored).found(rows) == {"e1": values[place - 1]}


def test_counted_values_give_the_same_quantiles_as_the_engines_own(house):
    house.define(
        "median: {kind: quantile, value: wait_seconds, p: 0.5}",
        "middle: {kind: quantile, value: wait_seconds, p: 0.5, between: midpoint}",
        "ninth: {kind: quantile, value: wait_seconds, p: 0.9, where: answered}",
    )
    lines = [
        f"c{i},{'张三李四王五'[i % 3 * 2 :][:2]},2026-03-0{i % 9 + 1} 10:00,{'是' if i % 4 else '否'},{i * i % 37 or ''},,,"
        for i in range(120)
    ]
    house.take_text(HEAD + "\n".join(lines) + "\n")
    own = house.measure()
    with embedded(house.workspace, house.definitions) as engine:
        counted = measure_on(PlainEngine(engine.connection, engine.workspace, engine.definitions), house.definitions, MARCH)
    assert [figures.numerators for figures in counted.figures] == [figures.numerators for figures in own.figures]
    assert [figures.denominators for figures in counted.figures] == [figures.denominators for figures in own.figures]
