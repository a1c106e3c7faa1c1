"""Public data sets: every figure that is known of them comes out, to the row.

The rows are not ours to carry; KAOHE_DATA names the folder that holds them.
"""

from __future__ import annotations

import os
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from kaohe.measuring import Measured, Period, Workspace, import_files, measure, read_definitions, rows_behind

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
QUARTER = Period(date(2021, 1, 1), date(2021, 3, 31))
ALL_DAYS = Period(date(2016, 1, 1), date(2017, 12, 31))


def data_file(name: str) -> Path:
    """A file of the public data sets, or a skipped test."""
    folder = os.environ.get("KAOHE_DATA")
    if not folder or not (Path(folder) / name).exists():
        pytest.skip(f"KAOHE_DATA names no folder that holds {name}")
    return Path(folder) / name


def definitions_of(example: str):
    """The definitions of an example."""
    return read_definitions(*(path for path in sorted((EXAMPLES / example).glob("*.yaml")) if path.name != "scheme.yaml"))


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The workspace of the call centre."""
    workspace = Workspace(tmp_path_factory.mktemp("calls"))
    path = data_file("pwc-call-center/Call-Center-Dataset.xlsx")
    (taken,) = import_files(workspace, definitions_of("pwc-call-center"), "calls", [path])
    assert (taken.rows_taken, taken.rows_set_aside, taken.unused_headers) == (5000, 0, ())
    return workspace


@pytest.fixture(scope="module")
def calls_measured(calls: Workspace) -> Measured:
    """The figures of the call centre."""
    return measure(calls, definitions_of("pwc-call-center"), QUARTER)


@pytest.fixture(scope="module")
def tickets(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The workspace of the service desk."""
    workspace = Workspace(tmp_path_factory.mktemp("tickets"))
    path = data_file("servicenow-incident-log/incident_event_log.csv.zst")
    (taken,) = import_files(workspace, definitions_of("servicenow-incidents"), "updates", [path])
    assert (taken.rows_taken, taken.rows_set_aside) == (119_998, 0)
    return workspace


@pytest.fixture(scope="module")
def tickets_measured(tickets: Workspace) -> Measured:
    """The figures of the service desk."""
    return measure(tickets, definitions_of("servicenow-incidents"), ALL_DAYS)


def rounded(pair: tuple[int, int] | None, places: int) -> str:
    """A figure as a report prints it."""
    assert pair
    return str((Decimal(pair[0]) / Decimal(pair[1])).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def total(measured: Measured, id: str) -> tuple[int, int]:
    """All agents' numerators and denominators together."""
    return sum(measured[id].numerators), sum(measured[id].denominators)


@pytest.mark.parametrize(
    ("id", "pair", "printed"),
    [
        ("answer_share", (4054, 5000), "0.8108"),
        ("answer_speed_seconds", (273_729, 4054), "67.521"),
        ("talk_seconds_mean", (911_837, 4054), "224.923"),
        ("satisfaction", (13_798, 4054), "3.4036"),
        ("within_20_seconds_share", (374, 5000), "0.0748"),
        ("resolution_share", (3646, 4054), "0.8994"),  # the report that gives 0.8993 has cut 0.89936 off
    ],
)
def test_the_call_centre_as_a_whole(calls_measured: Measured, id: str, pair: tuple[int, int], printed: str) -> None:
    found = total(calls_measured, id)
    assert (found, rounded(found, len(printed.split(".")[1]))) == (pair, printed)


def test_unanswered_calls_are_left_out_and_none_of_them_is_resolved(calls_measured: Measured) -> None:
    assert sum(calls_measured["answer_speed_seconds"].excluded["abandoned"]) == 946
    assert sum(calls_measured["answer_speed_seconds"].excluded["no_value"]) == 0
    assert set(calls_measured["unanswered_but_resolved"].numerators) == {0}


@pytest.mark.parametrize(
    ("agent", "counts", "speed", "talk", "satisfaction"),
    [
        ("Becky", (631, 517, 462), "65.331", "220.010", "3.371"),
        ("Martha", (638, 514, 461), "69.488", "223.726", "3.471"),
    ],
)
def test_an_agent_of_the_call_centre(
    calls_measured: Measured, agent: str, counts: tuple[int, ...], speed: str, talk: str, satisfaction: str
) -> None:
    found = [calls_measured[id].pair(agent) for id in ("calls_offered", "calls_answered", "calls_resolved")]
    assert found == [(count, 1) for count in counts]
    printed = [rounded(calls_measured[id].pair(agent), 3) for id in ("answer_speed_seconds", "talk_seconds_mean", "satisfaction")]
    assert printed == [speed, talk, satisfaction]


def test_the_call_centre_has_eight_agents(calls_measured: Measured) -> None:
    assert calls_measured["calls_offered"].subjects == ("Becky", "Dan", "Diane", "Greg", "Jim", "Joe", "Martha", "Stewart")


def test_a_figure_of_an_agent_leads_back_to_the_calls(calls: Workspace) -> None:
    found = rows_behind(calls, definitions_of("pwc-call-center"), "answer_speed_seconds", "Becky", QUARTER, limit=1000)
    assert sum(int(row.cells["wait_seconds"] or 0) for row in found.numerator) == 33_776
    assert (found.denominator_count, found.excluded_count) == (517, {"abandoned": 114})


@pytest.mark.parametrize(
    ("id", "pair", "printed"),
    [
        ("desk_tickets_closed", (20_768, 1), "20768"),
        ("desk_sla_share", (12_594, 20_768), "0.6064"),
        ("desk_reopened_share", (234, 20_768), "0.0113"),
        ("desk_first_contact_share", (10_874, 20_768), "0.5236"),
        ("desk_resolved_at_missing", (1418, 1), "1418"),
    ],
)
def test_the_service_desk_as_a_whole(tickets_measured: Measured, id: str, pair: tuple[int, int], printed: str) -> None:
    found = tickets_measured[id].pair("service_desk")
    assert (found, rounded(found, len(printed.partition(".")[2]))) == (pair, printed)


def test_tickets_without_a_resolver_are_told_apart(tickets_measured: Measured) -> None:
    closed = tickets_measured["tickets_closed"]
    assert sum(closed.numerators) + closed.without_subject == 20_768
    assert closed.without_subject == 89


def test_the_service_desk_has_190_resolvers_of_whom_104_closed_thirty(tickets_measured: Measured) -> None:
    closed = tickets_measured["tickets_closed"]
    assert (len(closed.subjects), sum(count >= 30 for count in closed.numerators)) == (190, 104)


@pytest.mark.parametrize(
    ("resolver", "closed", "median_hours", "sla", "reopened"),
    [
        ("Resolved by 11", 2425, (2160, 2 * 3600, "0.30"), (2019, 2425, "0.8326"), (15, 2425, "0.0062")),
        ("Resolved by 15", 2208, (350_340, 2 * 3600, "48.658"), (1265, 2208, "0.5729"), (31, 2208, "0.0140")),
    ],
)
def test_a_resolver_of_the_service_desk(
    tickets_measured: Measured,
    resolver: str,
    closed: int,
    median_hours: tuple[int, int, str],
    sla: tuple[int, int, str],
    reopened: tuple[int, int, str],
) -> None:
    assert tickets_measured["tickets_closed"].pair(resolver) == (closed, 1)
    top, bottom = tickets_measured["resolution_seconds_median"].pair(resolver) or (0, 0)
    found = [(top, bottom * 3600), tickets_measured["sla_share"].pair(resolver), tickets_measured["reopened_share"].pair(resolver)]
    for pair, (numerator, denominator, printed) in zip(found, (median_hours, sla, reopened), strict=True):
        assert (pair, rounded(pair, len(printed.split(".")[1]))) == ((numerator, denominator), printed)


def test_a_median_leads_back_to_the_tickets_in_the_middle(tickets: Workspace) -> None:
    found = rows_behind(tickets, definitions_of("servicenow-incidents"), "resolution_seconds_median", "Resolved by 15", ALL_DAYS, limit=5)
    assert found.denominator_count == 2138
    assert found.excluded_count == {"no_value": 70}
    assert found.numerator_count >= 1


@pytest.mark.parametrize(
    "example", sorted(path.parent.name for path in EXAMPLES.glob("*/sources.yaml") if (path.parent / "measures.yaml").exists())
)
def test_an_example_can_be_read(example: str) -> None:
    definitions = definitions_of(example)
    assert definitions.sources
    assert definitions.measures
