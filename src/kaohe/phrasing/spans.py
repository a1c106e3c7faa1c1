"""Spans in words: how often a scheme appraises, over which days, from when it holds, and the parts of a period."""

from __future__ import annotations

from kaohe.phrasing.phrases import Phrases
from kaohe.scheme import Window
from kaohe.texts import Text

EVERY = {
    "week": Text("每周", "every week"),
    "month": Text("每月", "every month"),
    "quarter": Text("每季度", "every quarter"),
    "half_year": Text("每半年", "every half-year"),
    "year": Text("每年", "every year"),
    "any": Text("不定期，每次由公司指定起止日期", "over a span of days that the company names each time"),
}
SPANS = {
    "week": Text("自然周", "calendar week"),
    "month": Text("自然月", "calendar month"),
    "quarter": Text("自然季度", "calendar quarter"),
    "half_year": Text("自然半年", "calendar half-year"),
    "year": Text("自然年", "calendar year"),
    "any": Text("一段日期", "span of days"),
}


def often(phrases: Phrases) -> str:
    """How often it is appraised: `每季度`, `every month or year`."""
    return phrases.either([EVERY[span].tell(phrases.language) for span in phrases.scheme.period.spans])


def period(phrases: Phrases) -> str:
    """The span that one round covers, in a sentence."""
    scheme = phrases.scheme
    told = [phrases.say(f"{often(phrases)}考核一次", f"Appraised {often(phrases)}")]
    if scheme.period.starts_on > 1:
        day = scheme.period.starts_on
        told.append(
            phrases.say(f"考核期自{day}日起，至下一个{day - 1}日止", f"a period runs from the {_nth(day)} to the next {_nth(day - 1)}")
        )
    elif scheme.period.checked:
        spans = phrases.either([SPANS[span].tell(phrases.language) for span in scheme.period.spans])
        told.append(phrases.say(f"考核期须为完整的{spans}", f"a period is a whole {spans}"))
    return phrases.comma(told)


def _nth(day: int) -> str:
    ending = "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def known_up_to(phrases: Phrases) -> str:
    """The day up to which data is known, where it is not the period's last."""
    if phrases.scheme.as_of == "end":
        return ""
    day = phrases.formula(phrases.scheme.as_of, "as_of")
    return phrases.say(f"数据截止日为{day}", f"Data is known up to {day}")


def effective(phrases: Phrases) -> str:
    """From when to when this version holds."""
    days = phrases.scheme.effective
    if days is None:
        return ""
    if days.to is None:
        return phrases.say(f"自{days.from_}起", f"from {days.from_}")
    return phrases.say(f"{days.from_}至{days.to}", f"{days.from_} to {days.to}")


def window(phrases: Phrases, entry: Window) -> str:
    """The days on which the parts of a period begin."""
    days = phrases.listed(str(day) for day in entry.starts_on_days)
    told = [phrases.say(f"每月{days}日起各为一段", f"a new one begins on days {days} of the month")]
    if entry.column is not None:
        events = phrases.listed(phrases.quoted(phrases.names.of("event", kind)) for kind in entry.of) or phrases.say("记录", "records")
        told.append(phrases.say(f"{events}写明属于哪一段的，从其所写", f"{events} that name theirs belong there"))
    if entry.any_date:
        told.append(phrases.say("不论日期", "whatever their date"))
    return phrases.comma(told)
