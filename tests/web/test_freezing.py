"""What was published never changes: models, managers and the database refuse; only a restatement adds a version."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaohe_web.appeals import actions as appeals
from kaohe_web.audit.actions import erase
from kaohe_web.audit.guards import GUARDS as OF_AUDIT
from kaohe_web.audit.models import Content, Entry
from kaohe_web.collect.actions import enter_values, withdraw_record
from kaohe_web.corrections.actions import amend
from kaohe_web.corrections.changes import Change, Kind
from kaohe_web.library.models import SchemeVersion
from kaohe_web.pay import actions as pay
from kaohe_web.pay.checks import total_of
from kaohe_web.pay.models import PaySheet
from kaohe_web.people.models import Person, Unit, User
from kaohe_web.results.actions import acknowledge, preview, prove, publish, restate
from kaohe_web.results.corpus import FrozenRound, frozen_round
from kaohe_web.results.freezing import FrozenError, frozen_by
from kaohe_web.results.guards import GUARDS as OF_RESULTS
from kaohe_web.results.models import Acknowledgement, Card, PayLine, Result, Run
from kaohe_web.rounds import actions as rounds
from kaohe_web.rounds.models import Participant, Round
from kaohe_web.site.guards import install, remove, standing
from kaohe_web.site.refusals import Forbidden, Refused

CORPUS = Path(__file__).parent / "frozen"

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(company):
    return company.published.runs.get(version=1)


def published_rows(run):
    """One row of each kind that belongs to a published run."""
    result = run.results.filter(pay__isnull=False).first()
    return [run, result, result.pay.first(), result.cards.first()]


# --- models and managers --------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(4), ids=["run", "result", "pay line", "card"])
def test_a_published_row_is_neither_saved_nor_deleted(run, place):
    row = published_rows(run)[place]
    with pytest.raises(FrozenError):
        row.save()
    with pytest.raises(FrozenError):
        row.delete()


def test_a_copy_that_was_read_before_publication_is_refused_as_well(run):
    stale = Run(pk=run.pk, round=run.round, at=timezone.now(), by=run.by, version=None)
    with pytest.raises(FrozenError):
        stale.save()


@pytest.mark.parametrize(
    ("model", "changed"),
    [(Run, {"reason": "x"}), (Result, {"grade": "A"}), (PayLine, {"fen": 1}), (Card, {"money": b""})],
    ids=["run", "result", "pay line", "card"],
)
def test_a_manager_neither_updates_nor_deletes_published_rows(run, model, changed):
    rows = model.objects.filter(**{model.seal: 1})
    with pytest.raises(FrozenError):
        rows.update(**changed)
    with pytest.raises(FrozenError):
        rows.delete()
    with pytest.raises(FrozenError):
        model.objects.bulk_update(list(rows[:3]), list(changed))


def test_nothing_joins_a_published_run(run):
    result = run.results.first()
    with pytest.raises(FrozenError):
        Result(run=run, subject="KF9999", name="新来的", status="assessed").save()
    with pytest.raises(FrozenError):
        Result.objects.bulk_create([Result(run=run, subject="KF9999", name="新来的", status="assessed")])
    with pytest.raises(FrozenError):
        PayLine(result=result, line="gift", fen=1, exact="0.01").save()
    with pytest.raises(FrozenError):
        run.results.create(subject="KF9999", name="新来的", status="assessed")


def test_previews_are_still_written_and_forgotten(company):
    preview = company.collecting.runs.get()
    preview.reason = "看看"
    preview.save()
    assert preview.results.update(why="") == preview.results.count()


def test_a_confirmation_is_given_once_and_stays(company):
    agent = company.user("agent")
    result = Result.objects.get(run__round=company.published, subject="KF0101", run__version=1)
    given = acknowledge(agent, result.id)
    for refused in (
        given.save,
        given.delete,
        Acknowledgement.objects.all().delete,
        lambda: Acknowledgement.objects.update(at=timezone.now()),
    ):
        with pytest.raises(FrozenError):
            refused()
    assert acknowledge(agent, result.id) == given


# --- the database itself --------------------------------------------------------------------------


def refused_by_the_database(sql, *values):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE results_run SET reason = 'x' WHERE id = {run}",
        "UPDATE results_run SET version = NULL WHERE id = {run}",
        "DELETE FROM results_run WHERE id = {run}",
        "UPDATE results_result SET grade = 'A' WHERE id = {result}",
        "UPDATE results_result SET run_id = {run} WHERE id = {other}",
        "UPDATE results_result SET run_id = {preview} WHERE id = {result}",
        "DELETE FROM results_result WHERE id = {result}",
        "UPDATE results_payline SET fen = fen + 1 WHERE result_id = {result}",
        "DELETE FROM results_payline WHERE result_id = {result}",
        "INSERT INTO results_payline (result_id, line, fen, exact) VALUES ({result}, 'gift', 1, '0.01')",
        "UPDATE results_card SET money = body WHERE result_id = {result}",
        "DELETE FROM results_card WHERE result_id = {result}",
        "INSERT INTO results_card (result_id, language, body, money) SELECT {result}, 'xx', body, money FROM results_card WHERE result_id = {result}",
        "DELETE FROM results_acknowledgement WHERE id > 0",
        "UPDATE results_acknowledgement SET result_id = {result} WHERE id > 0",
        "UPDATE audit_entry SET action = 'x' WHERE number = 3",
        "DELETE FROM audit_entry WHERE number = 3",
        "UPDATE audit_content SET reason = 'x'",
    ],
)
def test_sql_past_all_of_python_is_refused_too(company, run, sql):
    preview = company.collecting.runs.get()
    names = {
        "run": run.id,
        "result": run.results.filter(pay__isnull=False).first().id,
        "preview": preview.id,
        "other": preview.results.first().id,
    }
    assert refused_by_the_database(sql.format(**names))


def test_the_database_lets_previews_change_and_an_erasure_remove_contents(company):
    preview = company.collecting.runs.get()
    assert not refused_by_the_database(f"UPDATE results_result SET grade = 'A' WHERE run_id = {preview.id}")
    assert not refused_by_the_database(f"DELETE FROM results_card WHERE result_id = {preview.results.first().id}")
    assert not refused_by_the_database(f"DELETE FROM audit_content WHERE entry_id = {Content.objects.first().pk}")


def test_a_run_is_not_inserted_as_a_version(run):
    assert refused_by_the_database(
        "INSERT INTO results_run (round_id, at, by_id, version, reason, plan, facts, engine, facts_digest, results_digest, complete, incomplete, others, told) "
        f"SELECT round_id, at, by_id, 9, reason, plan, facts, engine, facts_digest, results_digest, complete, incomplete, others, told FROM results_run WHERE id = {run.id}"
    )


def test_all_guards_stand_and_can_be_taken_down_and_set_up_again(db):
    names = {guard.name for guard in (*OF_RESULTS, *OF_AUDIT)}
    assert names <= standing(connection)
    remove(connection, OF_RESULTS)
    assert names & standing(connection) == {guard.name for guard in OF_AUDIT}
    install(connection, OF_RESULTS)
    install(connection, OF_RESULTS)
    assert names <= standing(connection)


# --- whatever anybody does ------------------------------------------------------------------------

LET_BE = (Refused, Forbidden, FrozenError, IntegrityError, ProtectedError)
USERS = ("hr", "lead", "lead2", "agent", "manager", "boss", "finance", "auditor", "admin")


def frozen_rows():
    """Everything that belongs to a published version, to the last byte."""
    kept = {}
    for model in (Run, Result, PayLine, Card):
        for row in model._base_manager.filter(frozen_by(model)):
            values = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
            kept[model, row.pk] = {name: bytes(value) if isinstance(value, memoryview) else value for name, value in values.items()}
    return kept


def any_published(draw, model):
    return draw.draw(st.sampled_from(list(model._base_manager.filter(frozen_by(model)).order_by("pk"))))


def save_changed(draw, user):
    row = any_published(draw, draw.draw(st.sampled_from([Run, Result, PayLine, Card])))
    field = draw.draw(st.sampled_from([field.attname for field in row._meta.concrete_fields if not field.primary_key]))
    setattr(row, field, None if getattr(row, field) is not None else 1)
    draw.draw(st.sampled_from([row.save, lambda: row.save_base(raw=True), lambda: row.save(force_insert=True)]))()


def update_rows(draw, user):
    model = draw.draw(st.sampled_from([Run, Result, PayLine, Card]))
    name = {Run: "reason", Result: "grade", PayLine: "exact", Card: "language"}[model]
    manager = draw.draw(st.sampled_from([model.objects, model._base_manager]))
    manager.filter(pk=any_published(draw, model).pk).update(**{name: "x"})


def delete_rows(draw, user):
    model = draw.draw(st.sampled_from([Run, Result, PayLine, Card]))
    row = any_published(draw, model)
    draw.draw(st.sampled_from([row.delete, model.objects.filter(pk=row.pk).delete, model._base_manager.filter(pk=row.pk).delete]))()


def delete_above(draw, user):
    model = draw.draw(st.sampled_from([Round, Participant, SchemeVersion, User, Person, Unit]))
    model.objects.all()[0].delete()


def join_what_is_published(draw, user):
    run = any_published(draw, Run)
    Result._base_manager.bulk_create([Result(run=run, subject="X1", name="x", status="assessed")])


def correct(draw, user):
    round = draw.draw(st.sampled_from(list(Round.objects.filter(published_at__isnull=False))))
    value = draw.draw(st.sampled_from(list(round.values.filter(key="complaints_total")[:8])))
    text = draw.draw(st.sampled_from(["150", "250", "1", "x", ""]))
    amend(user, round, [Change(Kind.VALUE, subject=value.subject, key=value.key, text=text)], "更正")


def appeal_and_decide(draw, user):
    round = Round.objects.get(end="2026-06-30")
    result = round.runs.filter(version__isnull=False).order_by("-version").first().results.get(subject="KF0101")
    made = appeals.open_appeal(User.objects.get(username="agent"), result.id, "item", "innovation", "", "请核对")
    rating = round.ratings.filter(subject="KF0101", item="innovation").first()
    appeals.uphold(user, made.id, [Change(Kind.RATING, number=rating.id)], "支持")


def move_round(draw, user):
    round = draw.draw(st.sampled_from(list(Round.objects.all())))
    value = round.values.first()
    acts = [
        lambda: preview(user, round),
        lambda: publish(user, round),
        lambda: restate(user, round, "再算一次"),
        lambda: rounds.send_back(user, round, draw.draw(st.sampled_from(["collecting", "confirming", "scored"])), "退回"),
        lambda: rounds.close(user, round),
        lambda: rounds.submit(user, round),
        lambda: rounds.take_people(user, round),
        lambda: rounds.configure(user, round, {}),
        lambda: rounds.set_deadlines(user, round, {}, 90),
        lambda: enter_values(user, round, {(value.subject, value.key): "1"}),
        lambda: withdraw_record(user, round, round.records.first().id, "撤销"),
    ]
    draw.draw(st.sampled_from(acts))()


def pay_out(draw, user):
    sheet = PaySheet.objects.filter(locked_at=None).first() or pay.open_sheet(user, Unit.objects.get(code="CS"), "发放")
    acts = [
        lambda: pay.lock(user, sheet.id, total_of(sheet)),
        lambda: pay.refresh(user, sheet.id),
        lambda: pay.discard(user, sheet.id, "作废"),
    ]
    draw.draw(st.sampled_from(acts))()


def erase_somebody(draw, user):
    erase(user, "KF0101", "本人申请")


STEPS = (
    save_changed,
    update_rows,
    delete_rows,
    delete_above,
    join_what_is_published,
    correct,
    appeal_and_decide,
    move_round,
    pay_out,
    erase_somebody,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(draw=st.data())
def test_after_publication_nothing_but_a_restatement_adds_and_nothing_changes(company, draw):
    """Sequences of acts by anybody, of model saves, of writes past the models: published rows stay as they are, to the byte."""
    with transaction.atomic():
        before, versions = frozen_rows(), Run.objects.filter(version__isnull=False).count()
        for _ in range(draw.draw(st.integers(1, 6))):
            step, user = draw.draw(st.sampled_from(STEPS)), User.objects.get(username=draw.draw(st.sampled_from(USERS)))
            with suppress(*LET_BE), transaction.atomic():
                step(draw, user)
        after = frozen_rows()
        assert {key: after.get(key) for key in before} == before
        fresh = [row for (model, _), row in after.items() if model is Run and (model, row["id"]) not in before]
        assert {row["version"] > 1 and row["replaces_id"] is not None for row in fresh} <= {True}
        assert {key[1] if key[0] is Run else None for key in after.keys() - before.keys() if key[0] is Run} == {row["id"] for row in fresh}
        assert Run.objects.filter(version__isnull=False).count() == versions + len(fresh)
        restated = set(Entry.objects.filter(action="run.restate").values_list("object_id", flat=True))
        assert {str(row["id"]) for row in fresh} <= restated
        transaction.set_rollback(True)


# --- the same figures for ever --------------------------------------------------------------------


def test_a_published_round_is_proved_by_scoring_it_again(company):
    assert [run.version for run in prove(company.user("hr"), company.published)] == [1]
    assert [run.version for run in prove(company.user("auditor"), company.closed)] == [1]
    with pytest.raises(Forbidden):
        prove(company.user("lead"), company.published)
    with pytest.raises(Refused):
        prove(company.user("hr"), company.collecting)


def test_the_button_says_how_many_results_were_compared(company, signed_in):
    page = signed_in("auditor").post(f"/rounds/{company.published.id}/recompute/", follow=True)
    results = company.published.runs.get(version=1).results.count()
    assert f"已用冻结的方案与数据重算 1 个版本、{results} 份结果，每个数字都一致。" in page.content.decode()
    assert signed_in("lead").post(f"/rounds/{company.published.id}/recompute/").status_code == 404


def test_a_figure_changed_behind_everybodys_back_is_found_by_recomputing(company, run):
    remove(connection, OF_RESULTS)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE results_payline SET fen = fen + 100 WHERE result_id = %s", [run.results.get(subject="KF0101").id])
    with pytest.raises(Refused) as refused:
        prove(company.user("hr"), company.published)
    assert refused.value.reasons[0][0] == "第1版有 1 人的数字与重算不一致：陈雨桐。请联系管理员。"


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.json.gz")), ids=lambda path: path.name.removesuffix(".json.gz"))
def test_frozen_rounds_of_earlier_releases_give_the_same_figures(path):
    assert FrozenRound.read(path).differences() == []


def test_the_corpus_is_not_empty():
    assert len(list(CORPUS.glob("*.json.gz"))) >= 3


def test_a_round_is_added_to_the_corpus_once(company, tmp_path, capsys):
    call_command("keep_frozen", company.published.id, tmp_path)
    call_command("keep_frozen", company.published.id, tmp_path)
    path = tmp_path / "guoan-cs-2026-06-30-v1.json.gz"
    assert capsys.readouterr().out == f"wrote  {path}\nkept   {path}\n"
    assert FrozenRound.read(path) == frozen_round(company.published.runs.get(version=1))
    assert FrozenRound.read(path).differences() == []


def test_a_frozen_round_whose_facts_were_touched_is_found(company, tmp_path):
    kept = frozen_round(company.published.runs.get(version=1))
    touched = FrozenRound(
        **{**vars(kept), "facts": type(kept.facts)(**{**vars(kept.facts), "tables": {**kept.facts.tables, "events": []}})}
    )
    assert len(touched.differences()) > 10
