"""What somebody may see and do: asked once a request, from dated rights over units and their parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.utils import timezone

from kaohe_web.people.models import Grant, Person, Right, Unit, User, during


@dataclass(frozen=True)
class Standing:
    """One user's rights today: for each right the units that it covers, None for the whole company."""

    user: User
    covered: dict[str, frozenset[int] | None] = field(default_factory=dict)

    @property
    def person(self) -> Person | None:
        """The person who the user is."""
        return self.user.person if self.user.is_authenticated else None

    def has(self, *rights: str) -> bool:
        """Whether the user holds one of these rights over anything."""
        return any(right in self.covered for right in rights)

    def covers(self, unit: int, *rights: str) -> bool:
        """Whether one of these rights reaches a unit."""
        return any(self._reaches(unit, right) for right in rights)

    def _reaches(self, unit: int, right: str) -> bool:
        units = self.covered.get(right, frozenset())
        return units is None or unit in units

    def units(self, *rights: str) -> frozenset[int] | None:
        """The units that these rights reach together; None for all of them."""
        found: set[int] = set()
        for right in rights:
            units = self.covered.get(right, frozenset())
            if units is None:
                return None
            found |= units
        return frozenset(found)

    @cached_property
    def sees_all(self) -> bool:
        """Whether nothing but money and raters is hidden from the user: the auditor."""
        return self._reaches(-1, Right.AUDITOR)

    def sees_money_of(self, unit: int) -> bool:
        """Whether yuan of a unit's people are shown to the user by a right of hers."""
        rights = [Right.HR, Right.FINANCE, Right.AUDITOR]
        return self.covers(unit, *rights, *([Right.LEAD] if settings.LEADS_SEE_MONEY else []))


def standing_of(user: User) -> Standing:
    """The rights that a user has today."""
    if not user.is_authenticated:
        return Standing(user)
    grants = list(Grant.objects.filter(during(timezone.localdate()), user=user))
    parts = _parts() if any(grant.unit_id for grant in grants) else {}
    return Standing(
        user,
        {right: _reach((grant.unit_id for grant in grants if grant.right == right), parts) for right in {grant.right for grant in grants}},
    )


def _reach(units: Iterable[int | None], parts: dict[int, list[int]]) -> frozenset[int] | None:
    """Units with all their parts; None where one of them is the whole company."""
    found: set[int] = set()
    waiting = list(units)
    while waiting:
        unit = waiting.pop()
        if unit is None:
            return None
        if unit not in found:
            found.add(unit)
            waiting += parts.get(unit, [])
    return frozenset(found)


def _parts() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for unit, parent in Unit.objects.filter(parent__isnull=False).values_list("id", "parent_id"):
        found.setdefault(parent, []).append(unit)
    return found


def unit_with_parts(unit: Unit) -> frozenset[int]:
    """A unit and everything below it."""
    return _reach([unit.id], _parts()) or frozenset()
