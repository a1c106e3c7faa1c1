"""Words and fields of appeals and corrections in templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import template
from django.utils.safestring import SafeString

from kaohe_web.appeals.models import Appeal
from kaohe_web.audit.words import ACTS
from kaohe_web.corrections.changes import Change, Kind
from kaohe_web.corrections.facts import OUT
from kaohe_web.engine.schemes import outline_of
from kaohe_web.engine.telling import Told
from kaohe_web.site.language import language, say
from kaohe_web.site.templatetags.kaohe import MINUS, yuan

register = template.Library()


@register.simple_tag
def item_name(appeal: Appeal) -> str:
    """The name of the item that an appeal is about."""
    found = dict(outline_of(appeal.result.run.round.version.plan).items).get(appeal.item)
    return appeal.item if found is None else found.tell(language())


@register.simple_tag
def act_name(act: str) -> str:
    """What an act is called."""
    return say(*ACTS.get(act, (act, act)))


@register.filter
def gain(fen: int) -> str:
    """A difference of money with its sign before the yuan."""
    return f"{'+' if fen > 0 else MINUS if fen < 0 else ''}¥{yuan(abs(fen))}"


@register.simple_tag
def token(tokens: Mapping[int, str], number: int) -> str:
    """The name by which a form speaks of a rating."""
    return tokens.get(number, "")


@register.simple_tag
def sentence(told: Told) -> str:
    """A problem and its way out in the page's language."""
    return told.say(language())


@register.simple_tag
def now_text(changes: Iterable[Change], subject: str, key: str, text: str) -> str:
    """What stands in a field: what was typed there, else what stands now."""
    return next((one.text for one in changes if (one.subject, one.key) == (subject, key) and one.kind in (Kind.VALUE, Kind.PERSON)), text)


@register.simple_tag
def rating_text(changes: Iterable[Change], number: int) -> str:
    """What was asked for a rating: a score, the sign for taking it out, or nothing."""
    return next((one.text or OUT for one in changes if one.kind == Kind.RATING and one.number == number), "")


@register.simple_tag
def if_withdrawn(changes: Iterable[Change], number: int) -> SafeString:
    """`checked` for a record that is to be left out."""
    asked = any(one.kind == Kind.WITHDRAW and one.number == number for one in changes)
    return SafeString(" checked") if asked else SafeString("")
