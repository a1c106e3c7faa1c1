"""Each row with what one row of another table says: the order after an inquiry, the survey of a session."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe.measuring.conditions import Expression
from kaohe.measuring.definitions import Matched
from kaohe.measuring.deriving.making import FILE, KEYS, MOMENTS, PLACE, ROW, Maker, Shape, looked_up, lookups_of, may_miss, selected
from kaohe.measuring.dialects import Dialect
from kaohe.measuring.problems import FieldWrong


def make_matched(way: Matched, maker: Maker) -> Shape:
    """The rows, each with what its match says."""
    own, other = maker.scopes
    bounded = way.from_seconds is not None or way.to_seconds is not None
    maker.column(way.with_at, MOMENTS, "with_at", other)
    if bounded and way.at is not None:
        maker.column(way.at, ("datetime",), "at")
    for mine, theirs in way.same.items():
        maker.column(mine, KEYS, "same")
        maker.column(theirs, KEYS, "same", other)
    taken = {name: may_miss(maker.column(column, (), "take", other)) for name, column in way.take.items()}
    when = maker.other_condition(way.when, "when")
    if bounded and way.at is None:
        maker.problems.append(
            FieldWrong(
                maker.place_of(("at",)),
                ["at"],
                field="at",
                why_zh="与 from_seconds、to_seconds 同写",
                why_en="is needed beside from_seconds or to_seconds",
            )
        )

    def write(tables: Sequence[str]) -> str:
        return _matched_sql(way, tables, maker.dialect, list(own.columns), when)

    return Shape({**own.columns, **taken}, write)


def _matched_sql(way: Matched, tables: Sequence[str], dialect: Dialect, columns: list[str], when: Expression | None) -> str:
    quoted = dialect.quoted
    theirs = [f"{quoted(column)} AS _k{i}" for i, column in enumerate(way.same.values())]
    theirs += [f"{quoted(column)} AS _t{i}" for i, column in enumerate(way.take.values())]
    where = f" WHERE {dialect.surely(when.sql)}" if when else ""
    place = f"{quoted(way.with_at)} AS _with_at, {FILE} AS _with_file, {ROW} AS _with_row"
    other = f"SELECT {', '.join(theirs)}, {place} FROM {looked_up(tables[1], lookups_of(when))} AS _all{where}"
    on = [f"_own.{quoted(column)} = _other._k{i}" for i, column in enumerate(way.same)]
    if way.at is not None:
        distance = f"({dialect.micros('_other._with_at')} - {dialect.micros(f'_own.{quoted(way.at)}')})"
        bounds = ((way.from_seconds, ">="), (way.to_seconds, "<="))
        on += [f"{distance} {sign} {seconds * 10**6}" for seconds, sign in bounds if seconds is not None]
    ways = "ASC" if way.pick == "first" else "DESC"
    order = f"_other._with_at {ways} NULLS LAST, _other._with_file {ways}, _other._with_row {ways}"
    nth = f"row_number() OVER (PARTITION BY _own.{FILE}, _own.{ROW} ORDER BY {order}) AS _nth"
    taken = ", ".join(f"_other._t{i} AS {quoted(name)}" for i, name in enumerate(way.take))
    mine = ", ".join(f"_own.{quoted(name)} AS {quoted(name)}" for name in [*columns, *PLACE] if name not in way.take)
    joined = f"SELECT {mine}, {taken}, {nth} FROM {tables[0]} AS _own LEFT JOIN ({other}) AS _other ON {' AND '.join(on)}"
    kept = [*(name for name in columns if name not in way.take), *way.take]
    return f"SELECT {selected(kept, dialect)} FROM ({joined}) AS _joined WHERE _nth = 1"
