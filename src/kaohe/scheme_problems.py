"""What can be wrong with a scheme that is well-formed YAML: one class each."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.problems import Problem
from kaohe.texts import nearest


def did_you_mean(word: str, known: Iterable[str]) -> dict[str, str]:
    """The end of a sentence about an unknown word, once a language; empty where nothing is like it."""
    guess = nearest(word, known)
    if not guess or guess == word:
        return {"guess_zh": "", "guess_en": ""}
    return {"guess_zh": f"，是否为 {guess}？", "guess_en": f"; did you mean {guess}?"}


class SchemeKeyUnknown(Problem):
    """A key that schemes do not have."""

    code = "S001"
    reason = "unknown"
    zh = "{where} 里没有 {key} 这个键{guess_zh}"
    en = "there is no key {key} in {where}{guess_en}"
    mend_zh = "可用的键：{known}"
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
    zh = "{where} 写成了 {found},{detail_zh}"
    en = "{where} is {found}; {detail_en}"
    mend_zh = "写法见 docs/reference/language.md。"
    mend_en = "docs/reference/language.md shows how it is written."


class NameUnknown(Problem):
    """A formula names something that the scheme does not have."""

    code = "S004"
    reason = "unknown"
    zh = "{where} 用到了 {name}，方案里没有{guess_zh}"
    en = "{where} uses {name}, which the scheme does not have{guess_en}"
    mend_zh = "请在 values、people、events、figures 或 items 中声明它，或改正拼写。"
    mend_en = "Declare it under values, people, events, figures or items, or mend the spelling."


class NameAmbiguous(Problem):
    """A bare name that means two things."""

    code = "S005"
    reason = "not_allowed"
    zh = "{where} 中的 {name} 有两种意思：{choices}"
    en = "{name} in {where} means two things: {choices}"
    mend_zh = "请写全，例如 {first}。"
    mend_en = "Write it in full, for example {first}."


class WordUnknown(Problem):
    """A word compared with a list that lacks it."""

    code = "S006"
    reason = "unknown"
    zh = "{where}:{word} 不在可选的词里({known}){guess_zh}"
    en = "{where}: {word} is not among {known}{guess_en}"
    mend_zh = "请改正拼写，或把它加进词表。"
    mend_en = "Mend the spelling or add it to the list of words."


class Circle(Problem):
    """Figures that need one another in a ring."""

    code = "S007"
    reason = "not_allowed"
    zh = "循环：{ring}"
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
    zh = "{where} 需要{wanted_zh}，公式 {text} 给出的是{got_zh}"
    en = "{where} needs {wanted}, but {text} gives {got}"
    mend_zh = "请改写公式。"
    mend_en = "Rewrite the formula."


class TiersGap(Problem):
    """A table that says nothing about some values."""

    code = "S010"
    reason = "missing"
    zh = "{where} 没有规定 {gap} 时是多少"
    en = "{where} does not say what {gap} gives"
    mend_zh = "请补一档，或在最后写 {{else: 0}}。相邻两档只写一个边界即可，例如 from: 95、from: 85。"
    mend_en = "Add a band, or {{else: 0}} at the end. Write one edge for each band, such as from: 95, from: 85."


class TiersOverlap(Problem):
    """Two bands of a table that both hold."""

    code = "S011"
    reason = "duplicate"
    zh = "{where}:{value} 同时属于第 {one} 档与第 {other} 档"
    en = "{where}: {value} belongs to band {one} and to band {other}"
    mend_zh = "“以下”含本数写 up_to，不含写 below；“以上”含本数写 from，不含写 above。"
    mend_en = "up_to and from include the edge, below and above do not."


class TierUnreachable(Problem):
    """A band that no value can reach."""

    code = "S012"
    reason = "not_allowed"
    zh = "{where} 的第 {tier} 档永远到不了"
    en = "band {tier} of {where} can never be reached"
    mend_zh = "第一个成立的档生效，请从严到宽排列，并核对数值范围。"
    mend_en = "The first band that holds counts: order them from strict to wide, and check the bounds of the figure."


class GradeUnreachable(Problem):
    """A grade that nobody can reach."""

    code = "S013"
    reason = "not_allowed"
    zh = "等级 {grade} 无人可达：{by} 的范围是 {low} 到 {high}"
    en = "nobody can reach grade {grade}: {by} runs from {low} to {high}"
    mend_zh = "请核对等级界限与各项满分；若确实如此，请写 accept: {{grade_{grade}: 理由}}。"
    mend_en = "Check the edge and the full marks; if it is meant so, write accept: {{grade_{grade}: why}}."


class WeightsSum(Problem):
    """Weights that do not add up to what they must."""

    code = "S014"
    reason = "weights_sum"
    zh = "{form} 的权重合计为 {found}，应为 {wanted}"
    en = "the weights of {form} add up to {found}, not {wanted}"
    mend_zh = "若照原文，请写 accept: {{{key}: 理由}}；若按比例放大，请写 total: {{weights: scaled}}。"
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
    mend_zh = "只留一个，其余写进 plus 或另立 figures。"
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
    mend_zh = "请说明如何合成一个数，例如 sum({name})、mean({name})、any({name})。"
    mend_en = "Say how it becomes one figure, for example sum({name}), mean({name}) or any({name})."


class FunctionMisused(Problem):
    """A function with the wrong number or kind of arguments."""

    code = "S020"
    reason = "not_allowed"
    zh = "{where} 中 {name} 的用法不对：{detail_zh}"
    en = "{name} in {where} is not used rightly: {detail_en}"
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
    zh = "{where} 的折线至少要有两个点，现有 {count} 个"
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
    """An item that no form asks for: nobody gets its points."""

    code = "S025"
    reason = "not_allowed"
    zh = "指标 {item} 不在任何考核表里"
    en = "no form asks for the item {item}"
    mend_zh = "请把它写进某张表（不计入总分的，在 items 里写 in_total: no）；只供公式用的数写在 figures 里。"
    mend_en = "Put it into a form (in_total: no keeps it out of the total); a figure that only formulas use belongs under figures."


class RatersWrong(Problem):
    """A party that must rate but may not, or shares of raters that do not add up."""

    code = "S026"
    reason = "not_allowed"
    zh = "{where} 的评分人不一致：{detail_zh}"
    en = "the raters of {where} do not fit together: {detail_en}"
    mend_zh = "请核对 raters、all_of 与 mean。"
    mend_en = "Check raters, all_of and mean."


class RuleUnknown(Problem):
    """A named rule that is not there."""

    code = "S027"
    reason = "unknown"
    zh = "{where} 用到规则 {name}，方案和程序里都没有{guess_zh}"
    en = "{where} uses the rule {name}, which neither the scheme nor Kaohe has{guess_en}"
    mend_zh = "请在 rules 中写出，或改正拼写。"
    mend_en = "Write it under rules, or mend the spelling."


class AcceptUnused(Problem):
    """An oddity that is accepted but not there."""

    code = "S028"
    reason = "unknown"
    zh = "accept 里的 {key} 没有对应的问题"
    en = "nothing is wrong that accept: {key} would allow"
    mend_zh = "请删除，或改正拼写。"
    mend_en = "Remove it or mend the spelling."


class WordsNumberless(Problem):
    """A word used as a number without having one."""

    code = "S029"
    reason = "not_allowed"
    zh = "{where} 把 {name} 当数字用，词表里没有给它数值"
    en = "{where} uses {name} as a number, but its words carry none"
    mend_zh = "请在 words 中写出每个词的数值，例如 {{很满意： 1}}。"
    mend_en = "Give the words numbers, such as {{very_satisfied: 1}}."


class GroupWrong(Problem):
    """A group that does not say who is in it."""

    code = "S030"
    reason = "missing"
    zh = "{where} 没有说明按什么分组"
    en = "{where} does not say who belongs to it"
    mend_zh = "请写 others_of、all_of 或 all: yes 其中之一。"
    mend_en = "Give it one of others_of, all_of, all: yes."


class ShapeWrong(Problem):
    """One kind of thing written where another belongs: a word for a list, a list for keys and values."""

    code = "S031"
    zh = "{where} 应写{wanted_zh}，现为 {found}"
    en = "{where} takes {wanted_en}, not {found}"
    mend_zh = "写法见 docs/reference/language.md。"
    mend_en = "docs/reference/language.md shows how it is written."


class ClauseMissing(Problem):
    """A number that does not say which clause of the document it comes from."""

    code = "S032"
    reason = "missing"
    zh = "{where} 没有写明出自哪一条"
    en = "{where} does not say which clause it comes from"
    mend_zh = "请写 clause，例如 clause: §3；原文没有条号时写它的标题。"
    mend_en = "Write clause, for example clause: §3; where the document has no numbers, the heading."


class UnitMissing(Problem):
    """A figure that does not say in what it is measured."""

    code = "S033"
    reason = "missing"
    zh = "{where} 没有说明单位"
    en = "{where} does not say in what it is measured"
    mend_zh = "请写明 ratio、yuan、points、seconds、minutes、hours、days 之一；只是计数写 whole，没有单位的数写 number。"
    mend_en = "Write ratio, yuan, points, seconds, minutes, hours or days; whole for a count, number for a plain figure."


class RestsOnNothing(Problem):
    """An item that looks at no fact, so that everybody always gets the same."""

    code = "S034"
    reason = "missing"
    zh = "指标 {item} 不看任何事实，人人永远都是 {gives}"
    en = "the item {item} looks at no fact: everybody always gets {gives}"
    mend_zh = "请让它用到某个值、事件或评分；若是固定加分，请写进 total: {{then: score + 5}}。"
    mend_en = "Let it use a value, an event or a rating; a fixed extra belongs to total: {{then: score + 5}}."


class EdgeOutside(Problem):
    """An edge of a table beyond what the figure can be: most often a percentage typed without its sign."""

    code = "S035"
    reason = "out_of_range"
    zh = "{where} 的界限 {edge} 超出 {by} 的范围 {low}..{high}{hint_zh}"
    en = "the edge {edge} of {where} lies outside {low}..{high}, all that {by} can be{hint_en}"
    mend_zh = "比率写 0.99 或 99%；否则请核对 {by} 声明的范围。"
    mend_en = "Write a share as 0.99 or 99%; otherwise check the bounds declared for {by}."


class GroupUnknown(Problem):
    """A group that the scheme does not have."""

    code = "S036"
    reason = "unknown"
    zh = "{where} 用到分组 {name},groups 里没有{guess_zh}"
    en = "{where} uses the group {name}, which groups does not have{guess_en}"
    mend_zh = "请在 groups 中声明它，或改正拼写。"
    mend_en = "Declare it under groups, or mend the spelling."


class PartUnknown(Problem):
    """A figure per something that is neither a window, a unit, nor the period."""

    code = "S037"
    reason = "unknown"
    zh = "{where} 写了 per: {name}，既不是时段(windows)也不是单位(units){guess_zh}"
    en = "{where} says per: {name}, which is neither a window nor a unit{guess_en}"
    mend_zh = "可用：{known}"
    mend_en = "There are: {known}"


class DefaultWrong(Problem):
    """A default that the declaration itself would refuse."""

    code = "S038"
    reason = "out_of_range"
    zh = "{where} 的默认值 {found} 不在允许的范围内({allowed})"
    en = "the default {found} of {where} is not allowed there ({allowed})"
    mend_zh = "请改默认值，或放宽范围。"
    mend_en = "Change the default or widen what is allowed."


class WeightsOutOfReach(Problem):
    """Ranges of weights that cannot be made to add up."""

    code = "S039"
    reason = "weights_sum"
    zh = "各权重区间合计最少 {low}、最多 {high}，凑不到 {wanted}"
    en = "the ranges of the weights add up to {low} at least and {high} at most; {wanted} cannot be reached"
    mend_zh = "请核对各项与各部分的权重区间。"
    mend_en = "Check the ranges of the items and of the sections."


class ListedTwice(Problem):
    """One thing listed twice where it may stand once."""

    code = "S040"
    reason = "duplicate"
    zh = "{what} 在 {where} 中出现两次（另一处：{first}）"
    en = "{what} stands twice in {where} (the other place: {first})"
    mend_zh = "请删去其中一处。"
    mend_en = "Remove one of the two."


class ActionUnknown(Problem):
    """An action that replaces one which is not there."""

    code = "S041"
    reason = "unknown"
    zh = "{where} 要取代 {name},actions 里没有{guess_zh}"
    en = "{where} is instead of {name}, which actions does not have{guess_en}"
    mend_zh = "请改正拼写；取代全部请写 all。"
    mend_en = "Mend the spelling; all stands for every other action."


class KeyEmpty(Problem):
    """A key with nothing behind it."""

    code = "S042"
    reason = "missing"
    zh = "{where} 的 {key} 后面是空的"
    en = "nothing is written after {key} in {where}"
    mend_zh = "请写上内容，或删去这个键。"
    mend_en = "Write what it should be, or remove the key."


class DividesByNothing(Problem):
    """A formula that always divides by zero."""

    code = "S043"
    reason = "not_allowed"
    zh = "{where} 除以 {text}，它永远是 0"
    en = "{where} divides by {text}, which is always 0"
    mend_zh = "请核对公式。"
    mend_en = "Check the formula."


class ByMissing(Problem):
    """A table without the figure that is looked up in it, or such a figure without a table."""

    code = "S044"
    reason = "missing"
    zh = "{where} 写了 {there}，却没有写 {lacking}"
    en = "{where} has {there} but no {lacking}"
    mend_zh = "by 写查表用的数，tiers 或 line 写表。"
    mend_en = "by names the figure that is looked up; tiers or line is the table."


class SettingWrong(Problem):
    """A named rule that lacks a setting, or has one that it does not know."""

    code = "S045"
    reason = "missing"
    zh = "{where} 的规则 {rule}:{detail_zh}"
    en = "the rule {rule} of {where}: {detail_en}"
    mend_zh = "该规则的设置：{known}"
    mend_en = "Its settings are: {known}"


class RoundingWrong(Problem):
    """A rounding to a place that is nothing or negative."""

    code = "S046"
    reason = "out_of_range"
    zh = "{where} 取整到 {found}，应为正数"
    en = "{where} is rounded to {found}; the place must be above 0"
    mend_zh = "例如 0.01 表示两位小数，1 表示整数。"
    mend_en = "0.01 keeps two decimals, 1 gives whole numbers."


class KindUnknown(Problem):
    """A declaration that names neither a kind nor a list of words."""

    code = "S047"
    reason = "unknown"
    zh = "{where} 写了 {name}，既不是种类也不是词表{guess_zh}"
    en = "{where} says {name}, which is neither a kind nor a list of words{guess_en}"
    mend_zh = "种类有：{known}"
    mend_en = "The kinds are: {known}"


class UnitUnknown(Problem):
    """A value, a column or a history of a department or store that the scheme does not have."""

    code = "S048"
    reason = "unknown"
    zh = "{where} 属于 {name},units 里没有{guess_zh}"
    en = "{where} belongs to {name}, which units does not have{guess_en}"
    mend_zh = "请在 units 中声明它，例如 {name}: {{one: yes}}。"
    mend_en = "Declare it under units, for example {name}: {{one: yes}}."


class RoleUnknown(Problem):
    """A form or a value for a role that nobody has."""

    code = "S049"
    reason = "unknown"
    zh = "{where} 针对角色 {name},roles 里没有{guess_zh}"
    en = "{where} is for the role {name}, which roles does not have{guess_en}"
    mend_zh = "请改正拼写；不按角色分的表请写 for: 条件。"
    mend_en = "Mend the spelling; a form for another kind of group needs for: and a condition."


class IdWrong(Problem):
    """A name that formulas cannot use."""

    code = "S050"
    reason = "not_allowed"
    zh = "{where} 里的 {name} 不能作名字：{why_zh}"
    en = "{name} in {where} cannot be a name: {why_en}"
    mend_zh = "用字母、汉字、数字和下划线，不以数字开头。"
    mend_en = "Use letters, digits and _, not a digit first; the words people see go into name."


class WindowWrong(Problem):
    """Parts of a month whose first days do not fit into one."""

    code = "S051"
    reason = "out_of_range"
    zh = "{where} 的起始日 {days} 不对"
    en = "the first days {days} of {where} cannot be"
    mend_zh = "从 1 号起，从小到大，不超过 28，例如 [1, 8, 15, 22]。"
    mend_en = "Begin with 1, go upwards, end at 28 at most: [1, 8, 15, 22]."


class TableEmpty(Problem):
    """A table or list with nothing in it."""

    code = "S052"
    reason = "missing"
    zh = "{where} 是空的"
    en = "{where} is empty"
    mend_zh = "请至少写一行，或删去它。"
    mend_en = "Write at least one row, or remove it."


class ChoiceUnknown(Problem):
    """A word that is not among those which a key may take."""

    code = "S053"
    reason = "unknown"
    zh = "{where} 不能是 {found}{guess_zh}"
    en = "{where} cannot be {found}{guess_en}"
    mend_zh = "可以是：{known}"
    mend_en = "It can be: {known}"


class DeclaredWrong(Problem):
    """A declaration of a fact with a word in it that means nothing there."""

    code = "S054"
    zh = "{where} 里的 {token} 看不懂"
    en = "{token} is not understood in {where}"
    mend_zh = "写法如：whole 0.. optional、ratio above 0 up_to 1 default 0.5、[card, general]。"
    mend_en = "Write it like: whole 0.. optional, ratio above 0 up_to 1 default 0.5, [card, general]."


class PayLineUnknown(Problem):
    """A state that pays a line which is not there."""

    code = "S055"
    reason = "unknown"
    zh = "{where} 发放 {name},pay 里没有{guess_zh}"
    en = "{where} pays {name}, which pay does not have{guess_en}"
    mend_zh = "请改正拼写，或在 pay 的 lines 中声明它。"
    mend_en = "Mend the spelling, or declare it under the lines of pay."


class CommaInBraces(Problem):
    """A formula or a text that a comma cut in two, because it stands inside braces without quotes."""

    code = "S056"
    zh = "{where} 里的公式或文字被逗号切断了，后半段是 {key}"
    en = "a comma cut a formula or text of {where} in two; its second half is {key}"
    mend_zh = '写在 {{ }} 里的公式或文字含逗号时要加引号，例如 is: "min(a, b)"。'
    mend_en = 'Inside {{ }} a formula or text with a comma needs quotes: is: "min(a, b)".'


class TooManyProblems(Problem):
    """More problems than anybody reads at once."""

    code = "S057"
    reason = "out_of_range"
    zh = "问题太多，只列出前 {most} 个"
    en = "there are too many problems; only the first {most} are listed"
    mend_zh = "请先改正上面的，再检查一次；也请核对是否选错了文件。"
    mend_en = "Mend the ones above and check again; or check whether this is the right file."


class ChainTooLong(Problem):
    """Figures that rest on figures that rest on figures, beyond what anybody could follow."""

    code = "S058"
    reason = "out_of_range"
    zh = "{where} 之下的数一层套一层，超过 {most} 层"
    en = "the figures below {where} rest on one another more than {most} deep"
    mend_zh = "请合并其中一些。"
    mend_en = "Join some of them."


class TooCostly(Problem):
    """Formulas that would take too long, or whose figures would grow beyond all bounds."""

    code = "S059"
    reason = "out_of_range"
    zh = "{where} 的计算量太大：{detail_zh}"
    en = "{where} takes too much computing: {detail_en}"
    mend_zh = "请简化公式。"
    mend_en = "Simplify the formulas."
