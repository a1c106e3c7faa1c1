"""The chain's own guards: entries are only ever added; contents are never rewritten, and go only by an erasure."""

from __future__ import annotations

from kaohe_web.site.guards import Guard, never

MIGRATION = "0002_freeze"
GUARDS: tuple[Guard, ...] = (
    *never("audit_entry", "the record of what was done is only ever added to", "UPDATE", "DELETE"),
    *never("audit_content", "what was recorded is never rewritten", "UPDATE"),
)
