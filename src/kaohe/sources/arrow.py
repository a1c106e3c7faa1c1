"""Tables that other programs hold in memory, pandas, polars and Arrow among them, taken over as machine words.

All of them come through Arrow. Whole numbers and decimals keep their integers; a binary float is
read through its shortest decimal text; NaN is an empty cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kaohe.facts import Table
from kaohe.packed import Array, Cells, Coded, Days, Scaled, compact, nothing
from kaohe.problems import Place
from kaohe.sources.bounds import unreadable

try:
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow.interchange import from_dataframe
except ImportError:  # an installation without the extra `tables` reads files only
    pa = None

MOST_PLACES = 18
NO_ARROW = ("读取内存中的表需要 pyarrow：请安装 kaohe[tables]", "tables in memory need pyarrow: install kaohe[tables]")
UNEVEN = ("各列长短不一：{sizes}", "the columns are not of one length: {sizes}")
NO_TABLE = ("{kind} 不是表", "{kind} is not a table")


def table_of(source: object, place: Place) -> Table:
    """A table from rows, from columns, or from anything that speaks Arrow or the dataframe protocol."""
    if isinstance(source, Table):
        return source
    if isinstance(source, Mapping):
        columns = {str(name): list(cells) if isinstance(cells, tuple) else cells for name, cells in source.items()}
        sizes = sorted(set(map(len, columns.values())))
        if len(sizes) > 1:
            raise unreadable(place, *(text.format(sizes=sizes) for text in UNEVEN))
        return Table(columns, sizes[0] if sizes else 0, place)
    if isinstance(source, Sequence) and all(isinstance(row, Mapping) for row in source):
        return Table.of_rows(source, place)
    if pa is None:
        raise unreadable(place, *NO_ARROW)
    table = _arrow(source, place)
    columns = {str(name): _cells(column) for name, column in zip(table.column_names, table.columns, strict=True)}
    return Table(columns, table.num_rows, place)


def _arrow(source: object, place: Place) -> Any:
    if isinstance(source, pa.Table):
        return source
    if hasattr(source, "__arrow_c_stream__"):
        return pa.table(source)
    if hasattr(source, "__dataframe__"):
        return from_dataframe(source)
    kind = type(source).__name__
    raise unreadable(place, *(text.format(kind=kind) for text in NO_TABLE))


def _cells(column: Any) -> Cells:
    """The cells of an Arrow column, kept in machine words where its type has any."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks)
    for asks, read in _READERS:
        if asks(array.type):
            cells: Cells = read(array)
            return cells
    return list(array.to_pylist())


def _empty(array: Any) -> Array | None:
    return np.asarray(array.is_null().to_numpy(zero_copy_only=False)) if array.null_count else None


def _whole(array: Any) -> Cells:
    if pa.types.is_uint64(array.type):
        return list(array.to_pylist())
    words = array.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
    return Scaled(words, 1, _empty(array))


def _decimals(array: Any) -> Cells:
    """Decimals as whole numbers over one scale; those beyond 64 bits as single numbers."""
    if not pa.types.is_decimal128(array.type) or not 0 <= array.type.scale <= MOST_PLACES:
        return list(array.to_pylist())
    words = np.frombuffer(array.buffers()[1], dtype=np.int64)[2 * array.offset : 2 * (array.offset + len(array))].reshape(-1, 2)
    empty = _empty(array)
    low, high = words[:, 0], words[:, 1]
    if empty is not None:
        low, high = np.where(empty, 0, low), np.where(empty, 0, high)
    if not np.array_equal(high, low >> 63):
        return list(array.to_pylist())
    return Scaled(low, 10**array.type.scale, empty)


def _floats(array: Any) -> Cells:
    """Binary floats by their shortest decimal text, never by arithmetic on them."""
    known = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    texts = known.cast(pa.string())
    point = pc.find_substring(texts, ".")
    after = pc.if_else(pc.less(point, 0), 0, pc.subtract(pc.subtract(pc.utf8_length(texts), point), 1))
    places = pc.max(after).as_py() or 0
    if places > MOST_PLACES or pc.any(pc.match_substring_regex(texts, "[a-zA-Z]")).as_py():
        return _texts(texts)
    try:
        return _decimals(texts.cast(pa.decimal128(38, places)))
    except pa.ArrowInvalid:
        return _texts(texts)


def _texts(array: Any) -> Cells:
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return compact(Coded(codes, encoded.dictionary.to_pylist()))


def _days(array: Any) -> Cells:
    if pa.types.is_timestamp(array.type) and array.type.tz:
        array = pc.local_timestamp(array)
    days = array.cast(pa.date32(), safe=False).cast(pa.int32())
    return Days(days.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64), _empty(array))


def _truths(array: Any) -> Cells:
    yes = array.fill_null(False).to_numpy(zero_copy_only=False).astype(np.int64)
    empty = _empty(array)
    return Coded(yes if empty is None else np.where(empty, -1, yes), (False, True))


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind) or kind == pa.string_view())


_READERS: tuple[tuple[Any, Any], ...] = (
    ()
    if pa is None
    else (
        (pa.types.is_integer, _whole),
        (pa.types.is_decimal, _decimals),
        (pa.types.is_floating, _floats),
        (pa.types.is_boolean, _truths),
        (pa.types.is_date, _days),
        (pa.types.is_timestamp, _days),
        (_is_text, _texts),
        (pa.types.is_null, lambda array: nothing(len(array))),
    )
)
