"""The guards of paid sheets in the database itself."""

from __future__ import annotations

from kaohe_web.site.guards import Guard, never

MIGRATION = "0004_freeze"
TOLD = "a locked pay sheet never changes; differences go on the next one"


def _locked(sheet: str) -> str:
    return f"EXISTS (SELECT 1 FROM pay_paysheet WHERE id = {sheet} AND locked_at IS NOT NULL)"


GUARDS: tuple[Guard, ...] = (
    *never("pay_paysheet", TOLD, "UPDATE", "DELETE", when="OLD.locked_at IS NOT NULL"),
    Guard("pay_payentry", "INSERT", _locked("NEW.sheet_id"), TOLD),
    Guard("pay_payentry", "UPDATE", f"{_locked('OLD.sheet_id')} OR {_locked('NEW.sheet_id')}", TOLD),
    Guard("pay_payentry", "DELETE", _locked("OLD.sheet_id"), TOLD),
)
