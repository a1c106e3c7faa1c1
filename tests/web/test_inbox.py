"""Reminders: to those who owe something, near a deadline, once a day; in the inbox and by letter, never with a figure of anybody's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from kaohe_web.appeals.models import Appeal
from kaohe_web.audit.models import Entry
from kaohe_web.inbox.models import Notice
from kaohe_web.inbox.owing import owing
from kaohe_web.inbox.reminding import remind_all, send_letters, tick
from kaohe_web.inbox.words import KINDS
from kaohe_web.library.models import SchemeVersion
from kaohe_web.people.models import Person, Unit
from kaohe_web.results.models import PayLine, Result
from kaohe_web.rounds import actions
from kaohe_web.rounds.models import Deadline
from kaohe_web.site.refusals import Forbidden, Refused


@pytest.fixture
def quiet(company):
    """Nobody was told anything yet, and only the round that is collected has a deadline."""
    Notice.objects.all().delete()
    Deadline.objects.exclude(round=company.collecting).delete()
    return company


def due_in(company, **span) -> None:
    Deadline.objects.filter(round=company.collecting, stage=company.collecting.stage).update(at=timezone.now() + timedelta(**span))


def test_raters_owe_what_they_have_not_given(quiet):
    assert [(one.person.number, one.kind, one.count) for one in owing(quiet.collecting)] == [("GA0001", "rate", 1), ("KF0002", "rate", 10)]


def test_subjects_owe_a_confirmation_after_publication_unless_they_appealed(quiet):
    owed = owing(quiet.published)
    appealed = {one.result.subject for one in Appeal.objects.filter(result__run__round=quiet.published)}
    assert {one.kind for one in owed} == {"confirm"}
    assert {one.person.number for one in owed} == set(quiet.published.participants.values_list("person__number", flat=True)) - appealed


@pytest.mark.parametrize(("days", "told"), [(3, 0), (1, 2), (-4, 2)])
def test_near_or_past_the_deadline_they_are_reminded_before_it_not(quiet, days, told):
    due_in(quiet, days=days)
    assert tick(timezone.now()) == told
    assert Notice.objects.count() == told


def test_at_most_once_a_day_however_often_it_is_looked(quiet):
    due_in(quiet, days=1)
    now = timezone.now()
    assert [tick(now), tick(now), tick(now + timedelta(days=1)), tick(now + timedelta(days=1))] == [2, 0, 2, 0]
    assert Notice.objects.count() == 2


def test_what_was_read_is_told_anew_the_next_day(quiet):
    due_in(quiet, days=1)
    now = timezone.now()
    tick(now)
    Notice.objects.update(read_at=now)
    tick(now + timedelta(days=1))
    assert Notice.objects.filter(read_at__isnull=True).count() == 2


def test_hr_reminds_everybody_at_once_and_is_told_when_all_were_reminded_today(quiet, signed_in):
    hr = signed_in("hr")
    assert "已提醒2人。" in hr.post(f"/rounds/{quiet.collecting.id}/remind/", follow=True).content.decode()
    assert "今天都已经提醒过了。" in hr.post(f"/rounds/{quiet.collecting.id}/remind/", follow=True).content.decode()
    assert Entry.objects.filter(action="round.remind").count() == 1


def test_nobody_but_hr_reminds(quiet, signed_in):
    for user in ("lead", "agent", "finance", "auditor"):
        assert signed_in(user).post(f"/rounds/{quiet.collecting.id}/remind/").status_code == 404
    with pytest.raises(Forbidden):
        remind_all(quiet.user("lead"), quiet.collecting)
    remind_all(quiet.user("hr"), quiet.collecting)
    with pytest.raises(Refused, match="reminded today"):
        remind_all(quiet.user("hr"), quiet.collecting)


def test_letters_go_out_once_where_mail_is_set_up(quiet, settings):
    Person.objects.filter(number="KF0002").update(email="lead@example.com")
    due_in(quiet, days=1)
    tick(timezone.now())
    assert send_letters(timezone.now()) == 0
    settings.MAILS = True
    assert [send_letters(timezone.now()), send_letters(timezone.now())] == [1, 0]
    (letter,) = mail.outbox
    assert letter.to == ["lead@example.com"]
    assert "有评分等您给：客户服务部2026年第三季度" in letter.body
    assert "Ratings wait for you" in letter.body


def test_no_letter_and_no_inbox_holds_a_score_or_an_amount(quiet, settings, signed_in):
    settings.MAILS = True
    Person.objects.update(email="all@example.com")
    remind_all(quiet.user("hr"), quiet.published)
    remind_all(quiet.user("hr"), quiet.collecting)
    send_letters(timezone.now())
    assert len(mail.outbox) == len({one.person.id for round in (quiet.published, quiet.collecting) for one in owing(round)})
    page = signed_in("agent").get("/inbox/").content.decode()
    figures = {one.shown for one in Result.objects.exclude(shown="") if len(one.shown) > 3}
    figures |= {f"{one.fen // 100}.{one.fen % 100:02}" for one in PayLine.objects.filter(fen__gt=0)}
    told = page + "".join(letter.subject + letter.body for letter in mail.outbox)
    assert [one for one in figures if one in told] == []


def test_a_letter_that_fails_waits_for_the_next_look(quiet, settings):
    settings.MAILS, settings.EMAIL_BACKEND = True, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    Person.objects.filter(number="KF0002").update(email="lead@example.com")
    remind_all(quiet.user("hr"), quiet.collecting)
    assert send_letters(timezone.now()) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_letters(timezone.now()) == 1


def test_the_command_does_both(quiet, settings, capsys):
    settings.MAILS = True
    Person.objects.filter(number="KF0002").update(email="lead@example.com")
    due_in(quiet, days=1)
    call_command("tick")
    assert capsys.readouterr().out == "2 reminded, 1 letters\n"


def test_the_inbox_lists_leads_on_and_is_read(quiet, signed_in):
    remind_all(quiet.user("hr"), quiet.published)
    agent = signed_in("agent")
    assert KINDS["confirm"][0] in agent.get("/inbox/").content.decode()
    notice = Notice.objects.get(person=quiet.user("agent").person)
    assert agent.post(f"/inbox/{notice.id}/").url == f"/rounds/{quiet.published.id}/card/"
    assert Notice.objects.get(pk=notice.pk).read_at is not None
    assert KINDS["confirm"][0] not in agent.get("/inbox/?show=unread").content.decode()


def test_nobody_reads_what_is_told_to_others(quiet, signed_in):
    remind_all(quiet.user("hr"), quiet.published)
    notice = Notice.objects.get(person=quiet.user("agent").person)
    assert signed_in("lead").post(f"/inbox/{notice.id}/").status_code == 404
    assert signed_in("admin").post("/inbox/read/").status_code == 404
    assert Notice.objects.get(pk=notice.pk).read_at is None


def test_every_kind_that_anybody_is_told_has_words(company):
    assert set(Notice.objects.values_list("kind", flat=True)) <= set(KINDS)


def test_signing_settles_the_notice_that_asked_for_it(company):
    hr, agent = company.user("hr"), company.user("agent")
    round = actions.open_round(
        hr, "四季度", SchemeVersion.objects.get(), Unit.objects.get(code="CS"), date(2026, 10, 1), date(2026, 12, 31)
    )
    actions.plan_approvals(hr, round, [(Person.objects.get(number="GA0001"), True)])
    actions.ask_for_agreement(hr, round)
    asked = Notice.objects.get(person=agent.person, round=round)
    assert (asked.kind, asked.read_at) == ("sign", None)
    actions.sign(agent, round)
    assert Notice.objects.get(pk=asked.pk).read_at is not None
