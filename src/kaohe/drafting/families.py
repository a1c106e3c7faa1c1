"""The families of phrases that the reader knows, each with an example: what the page of the reference is made from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kaohe.drafting.readings import Given
from kaohe.texts import Text


@dataclass(frozen=True)
class Family:
    """One manner of speaking: its name, a phrase, and what the other columns of the row tell."""

    id: str
    name: Text
    phrase: str
    given: Given


TEN = Fraction(10)


def _family(name: str, zh: str, en: str, phrase: str, unit: str = "", full: Fraction | None = TEN, target: str = "") -> Family:
    return Family(name, Text(zh, en), phrase, Given(unit=unit, full=full, target=target))


FAMILIES: tuple[Family, ...] = (
    _family("tiers_above", "用符号分档", "bands by signs", ">99%为10分；>97%为5分；其余0分", "ratio"),
    _family("tiers_words", "用词分档", "bands by words", "达到95%得10分，达到90%得6分，不足90%不得分", "ratio"),
    _family("tiers_below", "越低越好的分档", "bands where lower is better", "投诉率≤1%得10分，≤2%得6分，>2%得0分", "ratio"),
    _family("ranges_closed", "首尾相接的区间", "ranges from and to", "60～80分得3分，80分以上（不含80分）得5分，不足60分得0分", "points"),
    _family("ranges_brackets", "数学区间", "intervals in brackets", "[95,100]得10分，[90,95)得8分，[0,90)得0分", "points"),
    _family("counts", "按次数分档", "bands by a count", "0次满分；1-2次得5分；3次及以上0分", "count"),
    _family("per_event_plain", "按次扣分", "points off for each", "每出现一次扣20分"),
    _family("per_event_floor", "扣完为止", "off, until nothing is left", "每例扣2分，扣完为止"),
    _family("per_event_most", "扣分有上限", "off, up to so much", "每漏单一笔扣1分，最多扣10分"),
    _family("per_event_bonus", "按次加分", "points on for each", "每获表扬一次加2分"),
    _family("per_step_ratio", "每低 1% 扣几分", "off for each percent", "每低于目标1个百分点扣0.5分", "ratio", target="≥95%"),
    _family("per_step_time", "每超几秒扣几分", "off for each stretch of time", "超过30秒后每5秒扣1分，扣完为止", "seconds"),
    _family("per_step_bonus", "每高 1% 加几分", "on for each percent", "每高1%加1分，最多加10分", "ratio", target="95%"),
    _family(
        "per_step_rounding", "零头怎么计", "what a part of a step counts", "每低1%扣2分，不足1%按1%计，扣完为止", "ratio", target="95%"
    ),
    _family("late_delivery", "逾期", "late delivery", "每月5日前报送，逾期每日扣0.5分，最多扣3分"),
    _family("all_or_nothing", "达到才得分", "all or nothing", "满意率高于90%得10分，否则不得分", "ratio"),
    _family("target_only", "以目标为线", "by the target", "达标得满分，不达标0分", "ratio", target="≥95%"),
    _family("proportion", "按完成率得分", "in proportion", "得分=实际/目标×权重", "count", target="100"),
    _family("proportion_capped", "按完成率，有上限", "in proportion, capped", "按完成比例计算，最高120%", "count", target="100"),
    _family("line", "线性插值", "on a straight line", "80%得0分，100%得满分，中间按线性插值", "ratio"),
    _family("rating_scale", "由人打分", "rated by people", "由班组长在0~10分之间打分"),
    _family("rating_words", "由人评等", "rated in words", "优：10分，良：8分，中：6分，差：0分，由主管评定"),
    _family("rating_shares", "几方评分", "rated by several", "上级打分占60%，同事占40%"),
    _family("veto", "一票否决", "what takes everything", "发生重大投诉本项0分"),
    _family("veto_with_deduction", "扣分并否决", "points off, and a veto", "一般投诉每起扣2分，扣完为止；重大投诉本项为0"),
    _family("places", "按名次", "by place", "第一名得5分，第二名3分，其余0分"),
    _family("pay", "提成与奖金", "money", "每成交一单奖励10元，封顶500元", full=None),
    _family("thousandths", "千分率", "thousandths", "≤2‰得10分；≤5‰得6分；>5‰得0分", "ratio"),
    _family("durations", "时长", "durations", "30秒内得10分，1分钟内得5分，超过1分钟0分", "seconds"),
    _family("full_width", "全角数字与符号", "full-width digits", "９５％以上得１０分，９０％以上得８分，９０％以下得０分", "ratio"),
    _family("chinese_numerals", "中文数字", "Chinese numerals", "九成以上得十分，八成以上得六分，八成以下零分", "ratio"),
    _family("notes", "同格备注", "notes in the same cell", "≥95%得10分，<95%得0分（以系统导出数据为准）", "ratio"),
    _family("numbered_lines", "编号分行", "numbered lines", "1. ≥95%，10分\n2. ≥90%，6分\n3. <90%，0分", "ratio"),
    _family("base_points", "基础分", "a base", "基础分60分，每完成1单加1分，满分100分", full=None),
    _family("limits", "上下限", "floors and caps", "完成率×分值，保底5分，封顶15分", "count", target="100"),
    _family("missing_parts", "缺项扣分", "off for what is missing", "资料缺一份扣1分，扣完为止"),
    _family("note_only", "只是说明", "a remark and no rule", "以系统统计为准"),
    _family("qualitative", "没有数的要求", "nothing that computes", "酌情扣1-5分"),
    _family("shared_edge", "两档都占的边界", "an edge that two bands claim", "90分-95分得8分，95-100分得10分，90分以下0分", "points"),
    _family("gap", "没有说到的一段", "a stretch that nobody spoke of", "≥95%得10分，<90%得0分", "ratio"),
    _family("whole_number_ranges", "整数区间之间的小数", "decimals between whole numbers", "90-100得10分，80-89得8分，80以下0分", "points"),
    _family("rest_unsaid", "没有说其余", "the rest unsaid", "≥98%得满分；≥95%得8分", "ratio"),
    _family("boundary", "边界归谁没有说", "whose the edge is, unsaid", "高于95%得10分，低于95%得5分", "ratio"),
    _family("unit_unsaid", "没有单位", "no unit", "≥95得5分，≥90得3分，其余0分"),
    _family("share_of_points", "得分值的几成", "shares of the points", "≤2%得全部分数，≤4%得80%的分数，>4%得0分", "ratio"),
    _family("formula_of_value", "指标的算法", "how a value comes about", "满意数/评价总数×100%，达到90%得10分，否则0分", "ratio"),
)
