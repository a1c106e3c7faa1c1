"""Functions in words: of numbers and days, over records, groups and parts of the period, over earlier periods."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kaohe.compiling.formulas import Scope
from kaohe.expressions import Expression
from kaohe.phrasing.pieces import AND, LOOSE, OR, SUM, TEST, WHOLE, Piece
from kaohe.phrasing.speech import Speech, keywords
from kaohe.plan import HISTORY

Teller = Callable[[Speech, Expression, Scope], Piece]


def call(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """A function in words."""
    source = speech.source(this, scope)
    if source is not None:
        return _over(speech, this, source, scope, holds=True)
    return _CALLS[this.word](speech, this, scope)


def no_call(speech: Speech, this: Expression, scope: Scope) -> Piece:
    """A function that gives yes or no, turned round."""
    source = speech.source(this, scope)
    if source is not None and this.word == "any":
        return _over(speech, this, source, scope, holds=False)
    if this.word == "given":
        return _given(speech, this, scope, holds=False)
    inner = call(speech, this, scope).text
    return Piece(speech.say(f"并非（{inner}）", f"not ({inner})"), TEST)


# --- of numbers ---------------------------------------------------------------------------------


def _plain(this: Expression) -> list[Expression]:
    return [part for part in this.parts if part.kind != "keyword"]


def _texts(speech: Speech, this: Expression, scope: Scope) -> list[str]:
    return [speech.within(speech.piece(part, scope), OR) for part in _plain(this)]


def _chosen(zh: str, zh_many: str, zh_end: str, en: str, en_many: str, en_end: str) -> Teller:
    """The smaller of two, the smallest of many; a figure and the number beyond which it does not go."""

    def tell(speech: Speech, this: Expression, scope: Scope) -> Piece:
        ends = [part for part in this.parts if part.kind in ("number", "neg")]
        if len(this.parts) == 2 and len(ends) == 1:
            figure, end = (speech.piece(part, scope) for part in sorted(this.parts, key=lambda part: part is ends[0]))
            text = speech.within(figure, LOOSE)
            return Piece(speech.say(f"{text}，{zh_end}{end.text}", f"{text}, {en_end} {end.text}"), LOOSE)
        texts = _texts(speech, this, scope)
        two = len(texts) == 2
        words = speech.say("与".join(texts) if two else speech.listed(texts), speech.both(texts))
        return Piece(speech.say(f"{words}{zh if two else zh_many}", f"the {en if two else en_many} of {words}"), LOOSE)

    return tell


def _phrase(zh: str, en: str) -> Teller:
    """A phrase around the parts, which stand where the marks are."""

    def tell(speech: Speech, this: Expression, scope: Scope) -> Piece:
        texts = [speech.within(speech.piece(part, scope), WHOLE) for part in _plain(this)]
        return Piece(speech.say(zh, en).format(*texts), LOOSE)

    return tell


def _mean(speech: Speech, this: Expression, scope: Scope) -> Piece:
    texts = _texts(speech, this, scope)
    return Piece(speech.say(f"{speech.listed(texts)}的平均值", f"the mean of {speech.both(texts)}"), LOOSE)


def _mean_given(speech: Speech, this: Expression, scope: Scope) -> Piece:
    texts = _texts(speech, this, scope)
    return Piece(speech.say(f"{speech.listed(texts)}中有数据者的平均值", f"the mean of those given of {speech.both(texts)}"), LOOSE)


def _sum(speech: Speech, this: Expression, scope: Scope) -> Piece:
    texts = _texts(speech, this, scope)
    return Piece(speech.say(f"{speech.listed(texts)}之和", f"the sum of {speech.both(texts)}"), LOOSE)


def _first(speech: Speech, this: Expression, scope: Scope) -> Piece:
    first, *others = _texts(speech, this, scope)
    zh = "".join(f"，没有时取{other}" for other in others)
    en = "".join(f", or {other} where there is none" for other in others)
    return Piece(speech.say(f"{first}{zh}", f"{first}{en}"), LOOSE)


def _is_given(speech: Speech, this: Expression, scope: Scope) -> Piece:
    return _given(speech, this, scope, holds=True)


def _given(speech: Speech, this: Expression, scope: Scope, holds: bool) -> Piece:
    text = speech.called(this.parts[0], scope)
    return Piece(speech.say(f"{'有' if holds else '没有'}{text}", f"{text} is {'given' if holds else 'not given'}"), TEST)


def _multiple(speech: Speech, this: Expression, scope: Scope) -> Piece:
    one, other = _texts(speech, this, scope)
    return Piece(speech.say(f"{one}是{other}的整倍数", f"{one} is a multiple of {other}"), TEST)


# --- over earlier periods -----------------------------------------------------------------------


def _run(speech: Speech, this: Expression, scope: Scope) -> Piece:
    what = speech.truth(this.parts[0], scope).text
    return Piece(speech.say(f"{what}的连续期数", f"number of periods in a row with {what}"), LOOSE)


def _times(speech: Speech, this: Expression, scope: Scope) -> Piece:
    what = speech.truth(this.parts[0], scope).text
    year = "within" in keywords(this)
    zh, en = ("本年度内", "of the year ") if year else ("累计", "")
    return Piece(speech.say(f"{zh}{what}的期数", f"number of periods {en}with {what}"), LOOSE)


def _earlier(zh: str, en: str) -> Teller:
    """A figure of an earlier period."""

    def tell(speech: Speech, this: Expression, scope: Scope) -> Piece:
        past = scope.on(HISTORY)
        where = keywords(this).get("where")
        when = "" if where is None else _when(speech, speech.truth(where, past).text)
        value = speech.piece(this.parts[0], past)
        text = speech.within(value, TEST)
        if value.hold == TEST:
            return Piece(speech.say(f"{zh}{when}{text}", f"in {speech.spaced(en, when)} {text}"), TEST)
        return Piece(speech.say(f"{zh}{when}{'的' if when else ''}{text}", speech.spaced(f"{text} of", en, when)), LOOSE)

    return tell


_CALLS: dict[str, Teller] = {
    "min": _chosen("中较小者", "中最小者", "最高", "smaller", "smallest", "at most"),
    "max": _chosen("中较大者", "中最大者", "最低", "larger", "largest", "at least"),
    "mean": _mean,
    "mean_given": _mean_given,
    "sum": _sum,
    "first": _first,
    "given": _is_given,
    "sign": _phrase("{}的正负号（正为1，负为－1，零为0）", "the sign of {} (1, −1 or 0)"),
    "rounded": _phrase("{}四舍五入到0.01", "{} rounded half-up to 0.01"),
    "floor_of": _phrase("{}舍去小数取整", "{} rounded down to a whole number"),
    "abs": _phrase("{}的绝对值", "{} without its sign"),
    "is_multiple": _multiple,
    "months_between": _phrase("{}到{}的整月数", "whole months from {} to {}"),
    "days_between": _phrase("{}到{}的天数", "days from {} to {}"),
    "months_after": _phrase("{}满{}个月之日", "the day {1} months after {0}"),
    "run": _run,
    "times": _times,
    "latest": _earlier("最近一期", "the latest earlier period"),
    "previous": _earlier("上一期", "the period before"),
}


# --- over records, groups, parts ----------------------------------------------------------------


def _over(speech: Speech, this: Expression, source: tuple[str, str], scope: Scope, holds: bool) -> Piece:
    value, where = _value_and_where(speech, this, source)
    inner = speech.inside(source, scope)
    if this.word == "any":
        return _any(speech, source, None if where is None else speech.truth(where, inner), holds)
    condition = "" if where is None else speech.truth(where, inner).text
    if this.word == "share":
        return _share(speech, source, value, condition, inner)
    if this.word == "count":
        return _count(speech, source, condition)
    assert value is not None
    return _gathered(speech, this.word, source, speech.piece(value, inner), condition)


def _value_and_where(speech: Speech, this: Expression, source: tuple[str, str]) -> tuple[Expression | None, Expression | None]:
    """The figure that is looked at, None where rows are counted, and the condition on rows."""
    first, *rest = _plain(this)
    where = keywords(this).get("where", rest[0] if rest else None)
    if first.kind == "name" and (first.word in _row_names(speech) or (first.word.startswith("rating.") and first.word.count(".") == 1)):
        return None, where
    return (None, first) if this.word in ("any", "count") and where is None else (first, where)


def _row_names(speech: Speech) -> Sequence[str]:
    return [*speech.meanings.scheme.groups, *speech.meanings.scheme.events, HISTORY]


def _when(speech: Speech, condition: str) -> str:
    """A condition on rows, in brackets; nothing for none."""
    return speech.bracketed(speech.say(condition, f"where {condition}")) if condition else ""


def rows_of(speech: Speech, source: tuple[str, str]) -> str:
    """What the rows are called."""
    kind, over = source
    names = speech.calling.names
    if kind == "group":
        return speech.quoted(names.of("group", over))
    if over.startswith("rating."):
        return speech.say(f"{speech.quoted(names.source(over))}评分", f"ratings of {speech.quoted(names.source(over))}")
    if over.startswith("event."):
        return speech.say(speech.quoted(names.source(over)), f"{speech.quoted(names.source(over))} records")
    return speech.say("往期", "earlier periods") if over.startswith(HISTORY) else _each(speech, names.source(over))


def _each(speech: Speech, part: str) -> str:
    return speech.say(f"各{part}", f"every {part.lower()}")


def _any(speech: Speech, source: tuple[str, str], where: Piece | None, holds: bool) -> Piece:
    kind, over = source
    condition = "" if where is None else speech.within(where, AND)
    if kind == "rows" and "/" in over:
        part = speech.calling.names.source(over)
        zh = f"任一{part}{condition}" if holds else f"没有一{part}{condition}"
        return Piece(speech.say(zh, f"in {'any' if holds else 'no'} {part.lower()} {condition}"), AND)
    rows, when = rows_of(speech, source), _when(speech, "" if where is None else where.text)
    if over.startswith(HISTORY):
        return Piece(
            speech.say(f"往期中{'有' if holds else '没有'}一期{condition}", f"in {'an' if holds else 'no'} earlier period {condition}"), AND
        )
    zh = f"{'有' if holds else '没有'}{rows}{when}"
    return Piece(speech.say(zh, speech.spaced("there are" if holds else "there are no", rows, when)), TEST)


def _count(speech: Speech, source: tuple[str, str], condition: str) -> Piece:
    kind, over = source
    rows, when = rows_of(speech, source), _when(speech, condition)
    counted = "人数" if kind == "group" else "份数" if over.startswith("rating.") else "次数" if over.startswith("event.") else "数"
    return Piece(speech.say(f"{rows}{when}{counted}", speech.spaced("number of", rows, when)), WHOLE if speech.language == "zh" else LOOSE)


def _share(speech: Speech, source: tuple[str, str], value: Expression | None, condition: str, inner: Scope) -> Piece:
    what = condition if value is None else speech.truth(value, inner).text
    rows = rows_of(speech, source)
    return Piece(speech.say(f"{rows}中{what}者所占比例", f"share of {rows} for whom {what}"), LOOSE)


HOW = {"sum": ("合计", "sum"), "mean": ("平均值", "mean"), "min": ("最小值", "smallest"), "max": ("最大值", "largest")}


def _gathered(speech: Speech, how: str, source: tuple[str, str], value: Piece, condition: str) -> Piece:
    rows, when = rows_of(speech, source), _when(speech, condition)
    zh, en = HOW[how]
    if speech.language == "en":
        return Piece(speech.spaced(f"{en} of", speech.within(value, SUM), "over" if source[0] == "group" else "in", rows, when), LOOSE)
    if value.hold == WHOLE:
        return Piece(f"{rows}{when}{'的' if source[0] == 'group' or '/' in source[1] else ''}{value.text}{zh}")
    return Piece(f"{rows}{when}{_one_by_one(source)}（{value.text}）的{zh}")


def _one_by_one(source: tuple[str, str]) -> str:
    """How the figures of rows are looked at, one after another."""
    kind, over = source
    return "各人" if kind == "group" else "各期" if over.startswith(HISTORY) else "逐条" if "/" not in over else ""
