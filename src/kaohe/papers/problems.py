"""What can be wrong with the earlier results that a report looks back at."""

from __future__ import annotations

from kaohe.problems import Problem


class EarlierUnreadable(Problem):
    """A folder without the results.json of an earlier scoring, or one that does not hold results."""

    code = "P001"
    reason = "malformed"
    zh = "读不出以前的结果：{why_zh}"
    en = "no earlier results can be read here: {why_en}"
    mend_zh = "请写 kaohe score -o 写过的文件夹，或其中的 results.json。"
    mend_en = "Name a folder that kaohe score -o wrote, or the results.json in it."


class EarlierOfAnotherScheme(Problem):
    """Earlier results that another scheme gave: their totals cannot stand beside these."""

    code = "P002"
    reason = "not_allowed"
    zh = "以前的结果出自方案 {found}，现在的方案是 {wanted}"
    en = "the earlier results are those of the scheme {found}; this one is {wanted}"
    mend_zh = "不同方案的总分不能放在一起比较；请写同一方案的结果。"
    mend_en = "Totals of different schemes do not compare; name results of the same scheme."


class EarlierIsLater(Problem):
    """Results of a later period where earlier ones were asked for."""

    code = "P003"
    reason = "not_allowed"
    zh = "这份结果的周期到 {end} 为止，晚于现在的周期"
    en = "the period of these results ends on {end}, after the one that is reported"
    mend_zh = "请写更早的周期；同一周期的旧结果也可以，那样会列出更正差额。"
    mend_en = "Name earlier periods, or an earlier version of the same one, for which differences are listed."
