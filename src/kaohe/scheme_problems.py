"""What can be wrong with a scheme that is well-formed YAML: one class each."""

from __future__ import annotations

from kaohe.problems import Problem


class SchemeKeyUnknown(Problem):
    """A key that schemes do not have."""

    code = "S001"
    reason = "unknown"
    zh = "{where} 里没有 {key} 这个键{guess_zh}"
    en = "there is no key {key} in {where}{guess_en}"
    mend_zh = "可用的键:{known}"
    mend_en = "The keys are: {known}"


class SchemeKeyMissing(Problem):
    """A key that a scheme cannot do without."""

    code = "S002"
    reason = "missing"
    zh = "{where} 缺少 {key}"
    en = "{where} lacks {key}"
    mend_zh = "请补上 {key}。"
    mend_en = "Add {key}."


class SchemeValueWrong(Problem):
    """A value that its key cannot take."""

    code = "S003"
    zh = "{where} 的写法不对:{found}({detail})"
    en = "{where} cannot be {found}: {detail}"
    mend_zh = "请对照 docs/reference/language.md 修改。"
    mend_en = "See docs/reference/language.md."


class NameUnknown(Problem):
    """A formula names something that the scheme does not have."""

    code = "S004"
    reason = "unknown"
    zh = "{where} 用到了 {name},方案里没有{guess_zh}"
    en = "{where} uses {name}, which the scheme does not have{guess_en}"
    mend_zh = "请在 values、people、events、figures 或 items 中声明它,或改正拼写。"
    mend_en = "Declare it under values, people, events, figures or items, or mend the spelling."


class NameAmbiguous(Problem):
    """A bare name that means two things."""

    code = "S005"
    reason = "not_allowed"
    zh = "{where} 中的 {name} 有两种意思:{choices}"
    en = "{name} in {where} means two things: {choices}"
    mend_zh = "请写全,例如 {first}。"
    mend_en = "Write it in full, for example {first}."


class WordUnknown(Problem):
    """A word compared with a list that lacks it."""

    code = "S006"
    reason = "unknown"
    zh = "{where}:{word} 不在可选的词里({known}){guess_zh}"
    en = "{where}: {word} is not among {known}{guess_en}"
    mend_zh = "请改正拼写,或把它加进词表。"
    mend_en = "Mend the spelling or add it to the list of words."


class Circle(Problem):
    """Figures that need one another in a ring."""

    code = "S007"
    reason = "not_allowed"
    zh = "循环:{ring}"
    en = "a circle: {ring}"
    mend_zh = "请断开其中一环。"
    mend_en = "Break the ring at one place."


class UnitClash(Problem):
    """Two units added or compared that do not go together."""

    code = "S008"
    reason = "not_allowed"
    zh = "{where} 把 {one} 与 {other} 相加减或比较"
    en = "{where} adds or compares {one} and {other}"
    mend_zh = "请先换算成同一单位。"
    mend_en = "Convert them to one unit first."


class KindWrong(Problem):
    """A formula that gives another kind of thing than is needed there."""

    code = "S009"
    reason = "not_allowed"
    zh = "{where} 需要{wanted_zh},公式 {text} 给出的是{got_zh}"
    en = "{where} needs {wanted}, but {text} gives {got}"
    mend_zh = "请改写公式。"
    mend_en = "Rewrite the formula."


class TiersGap(Problem):
    """A table that says nothing about some values."""

    code = "S010"
    reason = "missing"
    zh = "{where} 没有规定 {gap} 时是多少"
    en = "{where} does not say what {gap} gives"
    mend_zh = "请补一档,或在最后写 {{else: 0}}。相邻两档只写一个边界即可,例如 from: 95、from: 85。"
    mend_en = "Add a band, or {{else: 0}} at the end. Write one edge for each band, such as from: 95, from: 85."


class TiersOverlap(Problem):
    """Two bands of a table that both hold."""

    code = "S011"
    reason = "duplicate"
    zh = "{where}:{value} 同时属于第 {one} 档与第 {other} 档"
    en = "{where}: {value} belongs to band {one} and to band {other}"
    mend_zh = "“以下”含本数写 up_to,不含写 below;“以上”含本数写 from,不含写 above。"
    mend_en = "up_to and from include the edge, below and above do not."


class TierUnreachable(Problem):
    """A band that no value can reach."""

    code = "S012"
    reason = "not_allowed"
    zh = "{where} 的第 {tier} 档永远到不了"
    en = "band {tier} of {where} can never be reached"
    mend_zh = "第一个成立的档生效,请从严到宽排列,并核对数值范围。"
    mend_en = "The first band that holds counts: order them from strict to wide, and check the bounds of the figure."


class GradeUnreachable(Problem):
    """A grade that nobody can reach."""

    code = "S013"
    reason = "not_allowed"
    zh = "等级 {grade} 无人可达:{by} 的范围是 {low} 到 {high}"
    en = "nobody can reach grade {grade}: {by} runs from {low} to {high}"
    mend_zh = "请核对等级界限与各项满分;若确实如此,请写 accept: {{grade_{grade}: 理由}}。"
    mend_en = "Check the edge and the full marks; if it is meant so, write accept: {{grade_{grade}: why}}."


class WeightsSum(Problem):
    """Weights that do not add up to what they must."""

    code = "S014"
    reason = "weights_sum"
    zh = "{form} 的权重合计为 {found},应为 {wanted}"
    en = "the weights of {form} add up to {found}, not {wanted}"
    mend_zh = "若照原文,请写 accept: {{{key}: 理由}};若按比例放大,请写 total: {{weights: scaled}}。"
    mend_en = "If printed so, write accept: {{{key}: why}}; to scale them write total: {{weights: scaled}}."


class NothingFeeds(Problem):
    """An item without a rule."""

    code = "S015"
    reason = "missing"
    zh = "{where} 没有计分方法"
    en = "{where} has no rule"
    mend_zh = "请写 is、tiers、line、per_event、rating 等其中之一。"
    mend_en = "Give it is, tiers, line, per_event, rating or another rule."


class TwoRules(Problem):
    """An item with two rules at once."""

    code = "S016"
    reason = "not_allowed"
    zh = "{where} 同时写了 {rules}"
    en = "{where} has {rules} at once"
    mend_zh = "只留一个,其余写进 plus 或另立 figures。"
    mend_en = "Keep one; put the others under plus or into figures."


class EventUnknown(Problem):
    """An event type that the scheme does not declare."""

    code = "S017"
    reason = "unknown"
    zh = "{where} 用到事件 {name},events 里没有{guess_zh}"
    en = "{where} uses the event {name}, which events does not declare{guess_en}"
    mend_zh = "请在 events 中声明它。"
    mend_en = "Declare it under events."


class ItemUnknown(Problem):
    """A form, section or action that names an item which is not there."""

    code = "S018"
    reason = "unknown"
    zh = "{where} 提到 {name},items 里没有{guess_zh}"
    en = "{where} names {name}, which is no item{guess_en}"
    mend_zh = "请改正拼写或补上该指标。"
    mend_en = "Mend the spelling or add the item."


class WrongFrame(Problem):
    """A figure used where it exists many times, without saying how these become one."""

    code = "S019"
    reason = "not_allowed"
    zh = "{where} 中的 {name} 是按{frame}逐条存在的"
    en = "{name} in {where} exists once per {frame}"
    mend_zh = "请说明如何合成一个数,例如 sum({name})、mean({name})、any({name})。"
    mend_en = "Say how it becomes one figure, for example sum({name}), mean({name}) or any({name})."


class FunctionMisused(Problem):
    """A function with the wrong number or kind of arguments."""

    code = "S020"
    reason = "not_allowed"
    zh = "{where} 中 {name}(…) 的用法不对:{detail_zh}"
    en = "{name}(…) in {where} is not used rightly: {detail_en}"
    mend_zh = "用法见 docs/reference/formulas.md。"
    mend_en = "docs/reference/formulas.md shows how."


class ScaleNeedsPoints(Problem):
    """A rating whose scale is given by points that the item does not have."""

    code = "S021"
    reason = "missing"
    zh = "{where} 的评分范围没有写明"
    en = "{where} does not say which scores are allowed"
    mend_zh = "请写 allowed: 0..100 或 allowed: [0, 0.5, 1]。"
    mend_en = "Write allowed: 0..100 or allowed: [0, 0.5, 1]."


class DatesWrong(Problem):
    """A scheme that ends before it begins."""

    code = "S022"
    reason = "out_of_range"
    zh = "生效期 {start} 晚于失效期 {end}"
    en = "the scheme takes effect on {start}, after its end on {end}"
    mend_zh = "请核对日期。"
    mend_en = "Check the dates."


class LineWrong(Problem):
    """A straight line with fewer than two points."""

    code = "S023"
    reason = "missing"
    zh = "{where} 的折线至少要有两个点,现有 {count} 个"
    en = "the line of {where} needs two points, it has {count}"
    mend_zh = "例如 line: {{60: 100, 300: 0}}。"
    mend_en = "For example line: {{60: 100, 300: 0}}."


class BoundsWrong(Problem):
    """Bounds of which the lower is above the upper."""

    code = "S024"
    reason = "out_of_range"
    zh = "{where} 的下限 {low} 大于上限 {high}"
    en = "the lower bound {low} of {where} is above the upper bound {high}"
    mend_zh = "请对调。"
    mend_en = "Swap them."


class NeverMoves(Problem):
    """An item that no form asks for, or whose weight is nothing."""

    code = "S025"
    reason = "not_allowed"
    zh = "指标 {item} 不在任何考核表里"
    en = "no form asks for the item {item}"
    mend_zh = "请把它写进 forms,或写 in_total: no。"
    mend_en = "Put it into a form, or write in_total: no."


class RatersWrong(Problem):
    """A party that must rate but may not, or shares of raters that do not add up."""

    code = "S026"
    reason = "not_allowed"
    zh = "{where} 的评分人不一致:{detail}"
    en = "the raters of {where} do not fit together: {detail}"
    mend_zh = "请核对 raters、all_of 与 mean。"
    mend_en = "Check raters, all_of and mean."


class RuleUnknown(Problem):
    """A named rule that is not there."""

    code = "S027"
    reason = "unknown"
    zh = "{where} 用到规则 {name},方案和程序里都没有{guess_zh}"
    en = "{where} uses the rule {name}, which neither the scheme nor Kaohe has{guess_en}"
    mend_zh = "请在 rules 中写出,或改正拼写。"
    mend_en = "Write it under rules, or mend the spelling."


class AcceptUnused(Problem):
    """An oddity that is accepted but not there."""

    code = "S028"
    reason = "unknown"
    zh = "accept 里的 {key} 没有对应的问题"
    en = "nothing is wrong that accept: {key} would allow"
    mend_zh = "请删除,或改正拼写。"
    mend_en = "Remove it or mend the spelling."


class WordsNumberless(Problem):
    """A word used as a number without having one."""

    code = "S029"
    reason = "not_allowed"
    zh = "{where} 把 {name} 当数字用,词表里没有给它数值"
    en = "{where} uses {name} as a number, but its words carry none"
    mend_zh = "请在 words 中写出每个词的数值,例如 {{很满意: 1}}。"
    mend_en = "Give the words numbers, such as {{very_satisfied: 1}}."


class GroupWrong(Problem):
    """A group that does not say who is in it."""

    code = "S030"
    reason = "missing"
    zh = "{where} 没有说明按什么分组"
    en = "{where} does not say who belongs to it"
    mend_zh = "请写 others_of、all_of 或 all: yes 其中之一。"
    mend_en = "Give it one of others_of, all_of, all: yes."
