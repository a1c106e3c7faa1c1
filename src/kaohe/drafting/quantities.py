"""Quantities as people write them: 95%, 九成五, 千分之三, 4分30秒, 两次, 半分, 0.5个百分点, 1.2倍, 2万元.

A quantity keeps what is measured, the number in the smallest unit of it (a share of one, seconds, yuan, points, a count), and how large
one step of its last digit is, so that 89 and 90 can be told from 89.99 and 90.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from kaohe.drafting.letters import listed

SECONDS = {
    "秒": 1,
    "秒钟": 1,
    "s": 1,
    "S": 1,
    "sec": 1,
    '"': 1,
    "分钟": 60,
    "min": 60,
    "'": 60,
    "小时": 3600,
    "h": 3600,
    "H": 3600,
    "个小时": 3600,
    "钟头": 3600,
    "个钟头": 3600,
}
DAYS = ("天", "日", "个工作日", "工作日", "个自然日", "自然日")
SHARES = {
    "%": Fraction(1, 100),
    "‰": Fraction(1, 1000),
    "个百分点": Fraction(1, 100),
    "百分点": Fraction(1, 100),
    "个点": Fraction(1, 100),
    "个千分点": Fraction(1, 1000),
    "pp": Fraction(1, 100),
    "PP": Fraction(1, 100),
    "pct": Fraction(1, 100),
}
MONEY = {"元": 1, "元整": 1, "块": 1, "块钱": 1, "元钱": 1, "RMB": 1, "万元": 10_000, "千元": 1000, "百元": 100}
FACTORS = {"倍": Fraction(1), "折": Fraction(1, 10)}
MEASURE_WORDS = listed(
    "人次 件次 单次 例次 通次 次 单 件 起 例 条 笔 人 位 名 通 封 项 处 份 面 套 台 户 票 家 篇 场 宗 桩 回 页 个 批 道 题 张 "
    "班次 枚 本 款 只 期 遍 样 种 段 句 趟 节 门 课 组 部 宗次 字 期次 个名次 名次 轮 盒 瓶 箱 包 双 副 幅 间 栋 桌 床 袋 根 支 "
    "头 车 辆 座 区 店 队"
)
SPANS = ("个月", "月", "年", "周", "个星期", "星期", "季度", "个季度")

_DIGITS = {
    letter: value
    for value, letters in enumerate(("〇零", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for letter in letters
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_ARABIC = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,40})(?:\.\d{1,20})?")
_HAN = re.compile(r"[〇零一壹二两贰三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万]{1,12}(?:点[〇零一二三四五六七八九]{1,8})?")
_PARTS = re.compile(r"(百|千|万)分之")
_TENTHS = re.compile(r"([一二两三四五六七八九十])成(?:([一二三四五六七八九半]))?(?![功交员绩本长熟立品单果都])")
_CLOCK = re.compile(r"(\d{1,3})(?:分钟?|')(\d{1,2})(?:秒|\")")
_HOURS = re.compile(r"(\d{1,3}(?:\.\d+)?)(?:个?小时|h)(\d{1,2})(?:分钟|分(?=以|之|内|及))")
_BIG = {"万": 10_000, "千": 1000, "百": 100, "亿": 100_000_000}


@dataclass(frozen=True)
class Quantity:
    """A number with what it measures: share, time (in seconds), days, points, yuan, count, factor, span, or bare.

    `unit` is the word written and `size` what one of it is; `digit` is one step of the last digit written; `implied` where only the measure
    word was (每次).
    """

    number: Fraction
    measure: str
    unit: str = ""
    digit: Fraction = Fraction(1)
    size: Fraction = Fraction(1)
    implied: bool = False

    @property
    def written(self) -> Fraction:
        """The number as it stands before its unit."""
        return self.number / self.size

    def within(self, other: Quantity) -> Quantity:
        """The same figure in the unit of another: the 90 of 90-95% is 90%."""
        return replace(other, number=self.written * other.size, digit=self.digit / self.size * other.size, implied=False)


UNITS: dict[str, tuple[str, Fraction]] = {
    **{unit: ("time", Fraction(size)) for unit, size in SECONDS.items()},
    **{unit: ("days", Fraction(1)) for unit in DAYS},
    **{unit: ("share", size) for unit, size in SHARES.items()},
    **{unit: ("yuan", Fraction(size)) for unit, size in MONEY.items()},
    **{unit: ("factor", size) for unit, size in FACTORS.items()},
    **{unit: ("span", Fraction(1)) for unit in SPANS},
    "号": ("date", Fraction(1)),
    **{unit: ("count", Fraction(1)) for unit in MEASURE_WORDS},
    "分": ("points", Fraction(1)),
    "点": ("share", Fraction(1, 100)),
}
_LONGEST = max(map(len, UNITS))
# Words that begin with the letter of a unit.
_NOT_UNITS = re.compile(
    r"分(?:别|析|配|类|享|公司|机|工|值|数线)|单(?:元|号|价|据|项|独|一)|"
    r"件(?:数|均)|次(?:月|日|年|数|要|品)|日(?:报|常|志|期|均)|"
    r"月(?:报|度|均|底|末|初)|人(?:员|事|力|工|均|为)|项(?:目|次)|名(?:次|单)|"
    r"家(?:长|属)|本(?:项|月|人|季|年|期|次|岗)|期(?:间|末|内)|部(?:门|分)|"
    r"年(?:度|底|终)|点(?:前|后|钟|半|以前|之前|评|击)|部(?:门|分)|题(?:目|库)|"
    r"组(?:长|员|内)|条(?:件|款|例)|头(?:像)|位(?:置)|段(?:落)|"
    r"处(?:理|罚|以|于)|面(?:谈|试)|通(?:话|报|知|过|讯)|场(?:景|地)|"
    r"回(?:访|复|答|款|电)|份(?:额)|户(?:外)|区(?:间|域)|店(?:长|内|铺)|"
    r"车(?:间)|队(?:长|员)|支(?:付|持)|包(?:含|括|装)|门(?:店)|课(?:程)|"
    r"个(?:人)|字(?:数)|节(?:假日)|周(?:报|期|末)|天(?:猫)|H[A-Za-z]|"
    r"[hsS][A-Za-z]"
)


def quantity_at(text: str, at: int, after_each: bool) -> tuple[Quantity, int] | None:
    """The quantity that begins at a place, and where it ends; after 每 or / a measure word alone means one of it."""
    if after_each and not _PARTS.match(text, at):
        many = _BIG.get(text[at : at + 1], 1)
        unit = _unit_at(text, at + (many > 1))
        if unit is not None and unit[0] != "factor":
            measure, size, end = unit
            return Quantity(size * many, measure, text[at:end], size * many, size, implied=True), end
    return _compound(text, at) or _fraction(text, at) or _tenths(text, at) or _parts(text, at) or _half(text, at) or _plain(text, at)


def _compound(text: str, at: int) -> tuple[Quantity, int] | None:
    """4分30秒, 1小时30分."""
    for pattern, high, low in ((_CLOCK, 60, 1), (_HOURS, 3600, 60)):
        match = pattern.match(text, at)
        if match:
            number = Fraction(match[1]) * high + Fraction(match[2]) * low
            return Quantity(number, "time", "秒", Fraction(low), Fraction(1)), match.end()
    return None


def _tenths(text: str, at: int) -> tuple[Quantity, int] | None:
    """九成, 九成五."""
    match = _TENTHS.match(text, at)
    if not match:
        return None
    number = Fraction(whole_of(match[1]) or 0) / 10
    if match[2]:
        number += (Fraction(1, 2) if match[2] == "半" else Fraction(whole_of(match[2]) or 0)) / Fraction(10 if match[2] == "半" else 100)
    return Quantity(number, "share", "%", Fraction(1, 100), Fraction(1, 100)), match.end()


def _parts(text: str, at: int) -> tuple[Quantity, int] | None:
    """百分之九十五, 千分之三, 万分之五."""
    match = _PARTS.match(text, at)
    number = _number(text, match.end()) if match else None
    if match is not None and text.startswith("百", match.end()):
        number = Fraction(100), Fraction(1), match.end() + 1
    if match is None or number is None:
        return None
    value, digit, end = number
    whole = _BIG[match[1]]
    return Quantity(value / whole, "share", "%" if whole == 100 else "‰", digit / whole, Fraction(1, 100 if whole == 100 else 1000)), end


_FRACTION = re.compile(r"([二三四五六七八九十])分之([一二三四五六七八九])")


def _fraction(text: str, at: int) -> tuple[Quantity, int] | None:
    """三分之二."""
    match = _FRACTION.match(text, at)
    if not match:
        return None
    return Quantity(
        Fraction(whole_of(match[2]) or 0, whole_of(match[1]) or 1), "share", "%", Fraction(1, 100), Fraction(1, 100)
    ), match.end()


def _half(text: str, at: int) -> tuple[Quantity, int] | None:
    """半分, 半小时, 半天."""
    if not text.startswith("半", at):
        return None
    unit = _unit_at(text, at + 1)
    if unit is None or unit[0] not in ("points", "time", "days", "share"):
        return None
    measure, size, end = unit
    return Quantity(size / 2, measure, text[at + 1 : end], size / 2, size), end


def _plain(text: str, at: int) -> tuple[Quantity, int] | None:
    number = _number(text, at)
    if number is None:
        return None
    value, digit, end = number
    big = _BIG.get(text[end : end + 1])
    if big and text[at].isdigit() and text[end + 1 : end + 2] not in ("分", "牛"):
        value, digit, end = value * big, digit * big, end + 1
    half = text.startswith(("个半", "分半"), end)
    unit = _unit_at(text, end)
    if unit is None:
        han = not text[at].isdigit()
        return None if han and not _may_stand_alone(text, at, end) else (Quantity(value, "bare", "", digit), end)
    measure, size, stop = unit
    if measure == "factor" and text[end] == "折" and text[at].isdigit() and value > 10:
        size = Fraction(1, 100)
    if half and measure in ("points",):
        return Quantity(value + Fraction(1, 2), measure, text[end:stop], Fraction(1, 2)), stop + 1
    return Quantity(value * size, measure, text[end:stop], digit * size, size), stop


def _may_stand_alone(text: str, at: int, end: int) -> bool:
    """Whether a Chinese number without a unit is one: after a comparison or a place, never inside a word."""
    if text[end : end + 1] in ("-", "~", "至", "到") and _HAN.match(text, end + 1):
        return True
    return text[at - 1 : at] in ("第", "前", "后") or (end - at > 1 and text[at - 1 : at] in ("于", "到", "过", "足"))


def _number(text: str, at: int) -> tuple[Fraction, Fraction, int] | None:
    """A number, the size of one step of its last digit, and where it ends."""
    match = _ARABIC.match(text, at)
    if match:
        written = match[0].replace(",", "")
        places = len(written.partition(".")[2])
        return Fraction(written), Fraction(1, 10**places), match.end()
    match = _HAN.match(text, at)
    if not match:
        return None
    whole, _, part = match[0].partition("点")
    value = whole_of(whole)
    if value is None:
        return None
    number = Fraction(value) + (Fraction("0." + "".join(str(_DIGITS[letter]) for letter in part)) if part else 0)
    return number, Fraction(1, 10 ** len(part)), match.end()


def whole_of(text: str) -> int | None:
    """The whole number that Chinese numerals say: 二十, 一百零五, 两; None for what is none, such as 二三."""
    if text in ("万", "千"):
        return None
    high, _, low = text.rpartition("万")
    if high or text.startswith("万"):
        top, rest = whole_of(high) if high else None, whole_of(low) if low else 0
        return None if top is None or rest is None else top * 10_000 + rest
    total, digit = 0, None
    for letter in text:
        if letter in _TENS:
            total += (1 if digit is None else digit) * _TENS[letter]
            digit = None
        elif digit is not None and digit != 0:
            return None
        else:
            digit = _DIGITS[letter]
    return total + (digit or 0)


def _unit_at(text: str, at: int) -> tuple[str, Fraction, int] | None:
    """The measure, its size in the smallest unit and the end of the unit that stands here."""
    if (text.startswith(" ", at) and not text[at + 1 : at + 2].isascii()) or (
        text[at + 1 : at + 2] in ("%", "‰") and text.startswith(" ", at)
    ):
        at += 1
    for length in range(min(_LONGEST, len(text) - at), 0, -1):
        unit = text[at : at + length]
        if unit in UNITS and not _NOT_UNITS.match(text, at):
            measure, size = UNITS[unit]
            return measure, size, at + length
    return None
