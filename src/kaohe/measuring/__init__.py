"""From event tables to values by subject and period: whole numerators and denominators, nothing rounded.

    definitions = read_definitions(Path("sources.yaml"), Path("measures.yaml"))
    workspace = Workspace(Path("workspace"))
    import_files(workspace, definitions, "calls", ["exports/*.xlsx"])
    mend_rows(workspace, definitions, ["mended/*.csv"])
    measured = measure(workspace, definitions, Period(date(2026, 3, 1), date(2026, 3, 31)))
    write_facts_folder(measured, Path("facts/2026-03"), {"answer_share": "connect_rate"})
    rows_behind(workspace, definitions, "answer_share", "e1", measured.period)

Measuring neither scores nor rounds; it knows no scheme.
"""

from __future__ import annotations

from kaohe.measuring.accounts import AccountBook, AccountUse, Entry, Gap, read_accounts
from kaohe.measuring.clocks import Period
from kaohe.measuring.contrasting import Contrast, contrast
from kaohe.measuring.definitions import Accounts, Column, Definitions, Exclusion, Measure, OneRow, Owner, Source
from kaohe.measuring.engine import Settings
from kaohe.measuring.handed_back import Answer, ListedRow, listed_rows, mend_rows, waive_rows, write_open_rows
from kaohe.measuring.handing import write_facts_folder
from kaohe.measuring.importing import import_files
from kaohe.measuring.measuring import Figures, Measured, measure
from kaohe.measuring.opening import Limits, Progress
from kaohe.measuring.reading import read_definitions
from kaohe.measuring.reconciling import Reconciled, reconcile
from kaohe.measuring.tracing import EventRow, RowsBehind, rows_behind
from kaohe.measuring.workspace import MANIFEST, Import, Workspace

__all__ = [
    "MANIFEST",
    "AccountBook",
    "AccountUse",
    "Accounts",
    "Answer",
    "Column",
    "Contrast",
    "Definitions",
    "Entry",
    "EventRow",
    "Exclusion",
    "Figures",
    "Gap",
    "Import",
    "Limits",
    "ListedRow",
    "Measure",
    "Measured",
    "OneRow",
    "Owner",
    "Period",
    "Progress",
    "Reconciled",
    "RowsBehind",
    "Settings",
    "Source",
    "Workspace",
    "contrast",
    "import_files",
    "listed_rows",
    "measure",
    "mend_rows",
    "read_accounts",
    "read_definitions",
    "reconcile",
    "rows_behind",
    "waive_rows",
    "write_facts_folder",
    "write_open_rows",
]
