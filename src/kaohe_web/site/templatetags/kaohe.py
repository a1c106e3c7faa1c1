"""Words and figures in templates: both languages side by side, numbers as the trade writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kaohe_web.audit.models import Entry
from kaohe_web.audit.words import ACTS
from kaohe_web.engine.schemes import Choice, Field, RecordKind, warning_names
from kaohe_web.engine.telling import Told
from kaohe_web.rounds.stages import NAMES, Stage
from kaohe_web.site import drawing
from kaohe_web.site.icons import SHAPES
from kaohe_web.site.language import language
from kaohe_web.site.language import say as said
from kaohe_web.staff.words import Words

register = template.Library()
MINUS = "\u2212"


@register.simple_tag
def say(zh: object, en: object, *figures: object) -> str:
    """The words of the page's language; `{}` in them takes the figures in turn."""
    told = said(str(zh), str(en))
    return told.format(*figures) if figures else told


@register.filter
def tell(text: object) -> str:
    """A text of the engine, or a pair, in the page's language."""
    if isinstance(text, (tuple, list)):
        return said(str(text[0]), str(text[1]))
    teller = getattr(text, "tell", None)
    return str(text or "") if teller is None else str(teller(language()))


@register.filter
def told(problem: Told) -> str:
    """A problem and the way out."""
    return problem.say(language())


@register.filter
def stage(value: str) -> str:
    """The name of a stage."""
    return said(*NAMES[Stage(value)])


@register.filter
def yuan(fen: int | None) -> str:
    """Whole fen as yuan with two decimals; a dash where there is nothing."""
    if fen is None:
        return "–"
    whole, rest = divmod(abs(int(fen)), 100)
    return f"{MINUS if fen < 0 else ''}{whole:,}.{rest:02}"


@register.filter
def signed(fen: int | None) -> str:
    """Fen as a difference: with its sign, and 0.00 for none."""
    if fen is None:
        return "–"
    return f"+{yuan(fen)}" if fen > 0 else yuan(fen)


@register.filter
def day(value: date | datetime | None) -> str:
    """A day as a sentence says it."""
    if value is None:
        return ""
    moment = timezone.localtime(value) if isinstance(value, datetime) else value
    return said(f"{moment.month}月{moment.day}日", f"{moment.day} {moment:%b}")


@register.filter
def moment(value: datetime | None) -> str:
    """A day and a time as a sentence says them."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return said(f"{local.month}月{local.day}日{local:%H:%M}", f"{local.day} {local:%b}, {local:%H:%M}")


@register.filter
def iso(value: date | datetime | None) -> str:
    """A day as a table writes it."""
    if value is None:
        return "–"
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value.isoformat()


@register.filter
def period(round: object) -> str:
    """A round's period in words: a month, a quarter, a year, else its two days."""
    start, end = round.start, round.end  # type: ignore[attr-defined]
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if start.day == 1 and months == 1:
        return said(f"{start.year}年{start.month}月", f"{start:%B %Y}")
    if start.day == 1 and months == 3 and start.month % 3 == 1:
        return said(f"{start.year}年第{'一二三四'[start.month // 3]}季度", f"Q{start.month // 3 + 1} {start.year}")
    return f"{start:%Y-%m-%d} – {end:%Y-%m-%d}"


@register.filter
def get(mapping: Mapping[object, object] | None, key: object) -> object:
    """What a mapping holds under a key; nothing where it does not."""
    return None if mapping is None else mapping.get(key)


@register.filter
def at(row: Sequence[object], place: int) -> object:
    """What stands at a place of a row."""
    return row[place] if 0 <= place < len(row) else ""


RIGHTS = {
    "admin": ("管理员", "administrator"),
    "hr": ("人力资源", "HR"),
    "lead": ("主管", "lead"),
    "manager": ("经理", "manager"),
    "finance": ("财务", "finance"),
    "auditor": ("审计", "auditor"),
}


SPANS = {
    "week": ("周", "week"),
    "month": ("月", "month"),
    "quarter": ("季度", "quarter"),
    "half_year": ("半年", "half-year"),
    "year": ("年", "year"),
    "any": ("任意", "any"),
}


@register.filter
def spans(found: Sequence[str]) -> str:
    """The spans that a scheme takes."""
    return said("、", ", ").join(said(*SPANS[one]) for one in found)


@register.simple_tag
def short_right(right: str) -> str:
    """A right in a word."""
    return said(*RIGHTS.get(right, (right, right)))


@register.simple_tag
def role(words: Words, text: str) -> str:
    """What a role is called, where a scheme has a name for it."""
    names = words.role_names.get(words.role(text))
    return said(*names) if names else text


@register.simple_tag
def cell_name(kind: RecordKind, field: Field) -> str:
    """The name under which a form asks for a column of a record."""
    return f"{kind.key}-{field.key}"


@register.simple_tag
def drawn(kind: str, data: Any, you: str = "", gap: str = "", width: int = 0) -> drawing.Drawing:
    """A chart of the engine's as shapes, in another width where one is given."""
    you = you or said("您", "you")
    wide = {"width": width} if width else {}
    return {
        "bar": lambda: drawing.bar(data, **wide),
        "ruler": lambda: drawing.ruler(data, you, said("总分在各等级中的位置", "Where the total stands among the grades"), gap=gap, **wide),
        "moved": lambda: drawing.moved(
            data, said("现在", "now"), said("若支持", "if upheld"), said("总分前后的位置", "Where the total stands before and after")
        ),
        "trend": lambda: drawing.trend(data, said("历期总分", "Totals over time")),
        "spread": lambda: drawing.spread(data, you, said("总分分布", "How totals are spread")),
    }[kind]()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawn sign beside a word."""
    return format_html('<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', SafeString(SHAPES[name]))


@register.simple_tag(takes_context=True)
def turned(context: template.Context, page: int) -> str:
    """This address at another page, its filters kept."""
    asked = context["request"].GET.copy()
    asked["page"] = str(page)
    return f"?{asked.urlencode()}"


@register.simple_tag
def paid(result: object) -> str:
    """All pay lines of a result together, in yuan."""
    lines = list(result.pay.all())  # type: ignore[attr-defined]
    return yuan(sum(line.fen for line in lines)) if lines else "–"


@register.simple_tag
def chosen(config: Mapping[str, object], choice: Choice) -> str:
    """What a round chose of what its scheme leaves open; the scheme's own default otherwise."""
    value = config.get(choice.key, choice.default)
    value = value.get(choice.part, choice.default) if isinstance(value, Mapping) else value
    names = {option: name.tell(language()) for option, name in choice.options}
    return names.get(str(value), str(value))


@register.simple_tag
def acted(entry: Entry) -> str:
    """What somebody did, in words, with the reason where one was given."""
    words = said(*ACTS.get(entry.action, (entry.action, entry.action)))
    content = getattr(entry, "content", None)
    if content is None:
        return said(f"{words}（内容已删除）", f"{words} (content erased)")
    return f"{words}{said('：', ': ')}{content.reason}" if content.reason else words


@register.simple_tag
def warning(round: object, word: str) -> str:
    """The name of a scheme's warning."""
    found = warning_names(round.version.plan).get(word)  # type: ignore[attr-defined]
    return word if found is None else found.tell(language())
