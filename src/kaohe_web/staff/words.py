"""What the company's schemes call roles and what they ask of people: names in workbooks lead back to the schemes' own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kaohe_web.engine.schemes import Field, outline_of, people_fields
from kaohe_web.library.models import SchemeVersion

Language = Literal["zh", "en"]
# What the organisation itself says of somebody; nobody writes it a second time.
KNOWN = ("hired_on", "left_on", "team", "group", "unit", "department", "store")


@dataclass(frozen=True)
class Words:
    """Roles and fields of all schemes that were taken in, each by its word, its Chinese and its English name."""

    roles: Mapping[str, str]
    role_names: Mapping[str, tuple[str, str]]
    fields: Mapping[str, Field]
    keys: Mapping[str, str]

    def role(self, text: str) -> str:
        """The schemes' word for a role; a role that none of them knows stays as it is written."""
        return self.roles.get(text, text)

    def key(self, text: str) -> str:
        """The schemes' key for a heading; one that none of them knows stays as it is written."""
        return self.keys.get(text, text)

    def heading(self, key: str, language: Language) -> str:
        """What an attribute is called: by the scheme that asks for it, else as it was written."""
        field = self.fields.get(self.key(key))
        return key if field is None else field.name.tell(language)

    def is_money(self, key: str) -> bool:
        """Whether an attribute is an amount of money: by the schemes, else by its name."""
        field = self.fields.get(self.key(key))
        return field.is_money if field else any(word in key.lower() for word in ("薪", "工资", "奖金", "pay", "salary", "bonus"))


def company_words() -> Words:
    """The words of the newest version of every scheme that was taken in."""
    roles: dict[str, str] = {}
    names: dict[str, tuple[str, str]] = {}
    fields: dict[str, Field] = {}
    keys: dict[str, str] = {}
    for plan in newest_plans():
        outline = outline_of(plan)
        for role, name in (*outline.roles, *outline.rate_only):
            names.setdefault(role, (name.zh, name.en))
            for text in (role, name.zh, name.en):
                roles.setdefault(text, role)
        for field in people_fields(plan):
            fields.setdefault(field.key, field)
            for text in (field.key, field.name.zh, field.name.en):
                keys.setdefault(text, field.key)
    return Words(roles, names, fields, keys)


def newest_plans() -> list[str]:
    """The plans of the newest versions."""
    newest: dict[int, str] = {}
    for scheme, plan in SchemeVersion.objects.order_by("scheme_id", "-number").values_list("scheme_id", "plan"):
        newest.setdefault(scheme, plan)
    return list(newest.values())
