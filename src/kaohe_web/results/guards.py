"""The guards of published rows in the database itself, beneath models and managers."""

from __future__ import annotations

from kaohe_web.site.guards import Guard, never

MIGRATION = "0003_freeze"
TOLD = "published results never change; a correction is a new version"


def _published(run: str) -> str:
    return f"EXISTS (SELECT 1 FROM results_run WHERE id = {run} AND version IS NOT NULL)"


def _beneath(row: str) -> str:
    joined = "results_result t JOIN results_run r ON r.id = t.run_id"
    return f"EXISTS (SELECT 1 FROM {joined} WHERE t.id = {row}.result_id AND r.version IS NOT NULL)"


def _of_results() -> list[Guard]:
    old, new = _published("OLD.run_id"), _published("NEW.run_id")
    return [
        Guard("results_result", "INSERT", new, TOLD),
        Guard("results_result", "UPDATE", f"{old} OR {new}", TOLD),
        Guard("results_result", "DELETE", old, TOLD),
    ]


def _of_parts(table: str) -> list[Guard]:
    old, new = _beneath("OLD"), _beneath("NEW")
    return [
        Guard(table, "INSERT", new, TOLD),
        Guard(table, "UPDATE", f"{old} OR {new}", TOLD),
        Guard(table, "DELETE", old, TOLD),
    ]


GUARDS: tuple[Guard, ...] = (
    Guard("results_run", "INSERT", "NEW.version IS NOT NULL", "a version is published by giving its number to a run that was scored"),
    *never("results_run", TOLD, "UPDATE", "DELETE", when="OLD.version IS NOT NULL"),
    *_of_results(),
    *_of_parts("results_payline"),
    *_of_parts("results_card"),
    *never("results_acknowledgement", "a confirmation is given once", "UPDATE", "DELETE"),
)
