"""Taking schemes in, by HR."""

from __future__ import annotations

from kaohe_web.engine.schemes import Read
from kaohe_web.library.actions import take_in
from kaohe_web.library.models import SchemeVersion
from kaohe_web.people.models import Right, User
from kaohe_web.people.standing import standing_of
from kaohe_web.site.refusals import Forbidden


def take(by: User, text: str) -> tuple[SchemeVersion | None, Read]:
    """The version of a text, new or known; none, and every problem by its line, where it cannot be right."""
    if not standing_of(by).has(Right.HR):
        raise Forbidden
    return take_in(text, by)
