"""What is legal in a scheme and odd all the same: every lint in one tuple, their findings with lines and reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kaohe.linting import adding_up, edges, evidence, idle, labour, money, reach
from kaohe.linting.finding import Finding, Lint
from kaohe.linting.idle import AcceptedForNothing
from kaohe.linting.studying import Studied
from kaohe.plan import Plan
from kaohe.problems import NOWHERE
from kaohe.reading import PlaceOf
from kaohe.texts import Text

LINTS: tuple[Lint, ...] = (
    *adding_up.LINTS,
    *reach.LINTS,
    *edges.LINTS,
    *money.LINTS,
    *labour.LINTS,
    *evidence.LINTS,
    *idle.LINTS,
)
CODE = re.compile(r"L\d{3}(_.*)?")


def lint_scheme(plan: Plan, place_of: PlaceOf = lambda path: NOWHERE) -> tuple[Finding, ...]:
    """Every finding, each once, by code; those that the scheme accepts bear its reason."""
    studied = Studied(plan)
    found = {(finding.code, finding.key): finding for lint in LINTS for finding in lint(studied)}
    findings = [found[key] for key in sorted(found)]
    for finding in findings:
        finding.place = place_of(finding.path)
        reason = next((plan.scheme.accept[key] for key in finding.keys if key in plan.scheme.accept), None)
        finding.accepted = None if reason is None else Text.read(reason)
    return (*findings, *_accepted_for_nothing(plan, findings, place_of))


def _accepted_for_nothing(plan: Plan, findings: list[Finding], place_of: PlaceOf) -> Iterator[Finding]:
    """Accepts of findings that there are not."""
    known = {key for finding in findings for key in finding.keys}
    for key in plan.scheme.accept:
        if CODE.fullmatch(key) and key not in known:
            finding = AcceptedForNothing(("accept", key), accepted=key)
            finding.place = place_of(finding.path)
            yield finding
