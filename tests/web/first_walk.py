"""The first hour of an installation, page by page, as its administrator walks it; run inside a site that holds nothing yet."""

from __future__ import annotations

from io import BytesIO

from django.test import Client

from kaohe_web.library.models import SchemeVersion
from kaohe_web.people.models import Unit
from kaohe_web.rounds.models import Round
from kaohe_web.site.preparing import prepare

OWN = "own-words-2026-x"
PEOPLE = "工号,姓名,组/部门,上级部门,岗位,入职,季度绩效薪资\n" + "".join(
    f"K{place:03},员工{place},{'受理组' if place % 2 else '技术组'},客户服务部,{'受理岗位' if place % 2 else '技术工程师'},2024-01-02,3200\n"
    for place in range(1, 51)
)


class Walk:
    """A browser without a window, which keeps what each page said comes next."""

    def __init__(self) -> None:
        self.client = Client(HTTP_HOST="localhost")
        self.told: list[str] = []

    def sign_in(self, password: str) -> None:
        """Sign in with the password that was printed, and change it, as one must."""
        self.client.post("/sign-in/", {"login": "admin", "password": password})
        self.client.post("/account/password/", {"oldpassword": password, "password1": OWN, "password2": OWN})

    def sees(self, path: str, words: str) -> None:
        """A page that says these words."""
        page = self.client.get(path, follow=True).content.decode()
        assert words in page, f"{path} does not say {words}"
        self.told.append(words)

    def bring_in(self) -> None:
        """Fifty people from a CSV file: compared, then taken in."""
        file = BytesIO(PEOPLE.encode("gbk"))
        file.name = "人员.csv"
        shown = self.client.post("/people/import/upload/", {"file": file, "since": "2026-01-01"}).url
        self.sees(shown, "确认收入")
        self.client.post(shown.partition("?")[0] + "apply/", {"since": "2026-01-01"})


def walk() -> list[str]:
    """From nothing to everybody being asked to agree; what the pages said on the way."""
    here = Walk()
    here.sign_in(prepare())
    here.sees("/", "从一轮考核开始")
    here.bring_in()
    here.sees("/people/", "选一个考核方案")
    here.sees(here.client.post("/schemes/library/guoan-cs/take/").url, "用它新建一轮考核")
    here.sees("/", "新建一轮")
    version, unit = SchemeVersion.objects.get(), Unit.objects.get(name="客户服务部")
    typed = {"name": "第三季度", "version": version.id, "unit": unit.id, "start": "2026-07-01", "end": "2026-09-30"}
    setup = here.client.post("/rounds/open/", typed).url
    here.sees(setup, "参评50人")
    round = Round.objects.get()
    here.sees(f"/rounds/{round.id}/", "下一步：")
    assert {(one.role, one.attributes["performance_pay"]) for one in round.participants.all()} == {
        ("reception_agent", "3200"),
        ("technical_engineer", "3200"),
    }
    here.client.post(f"{setup}approvers/", {"approver.1": "K001", "money.1": "on"})
    here.sees(setup, "还没有账号")
    here.client.post(f"{setup}deadlines/", {"appeal_days": "7", "at.collecting": "2026-10-10T18:00"})
    here.client.post(f"/rounds/{round.id}/move/agree/")
    here.sees(f"/rounds/{round.id}/", "50人中0人已签字")
    return here.told
