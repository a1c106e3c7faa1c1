"""`audit verify [--head HASH]` proves the record; `audit erase NUMBER --reason` removes what it says of a person, by an act of its own."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kaohe_web.audit.actions import erase
from kaohe_web.audit.queries import Proof, verify
from kaohe_web.site.speaking import spoken

SHOWN = 20


class Command(BaseCommand):
    """Exit code 1 where the record does not prove itself."""

    help = "Prove the record of what was done, or erase what it says of a person."

    def add_arguments(self, parser: CommandParser) -> None:
        """The two things that can be done."""
        commands = parser.add_subparsers(dest="what", required=True)
        check = commands.add_parser("verify", help="walk the whole chain")
        check.add_argument("--head", default="", help="a head that was kept outside; it must stand in the chain")
        gone = commands.add_parser("erase", help="remove what the record says of a person; the chain stays whole")
        gone.add_argument("number", help="the person's work number")
        gone.add_argument("--reason", required=True, help="why, as it will stand in the record")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove, or erase and say how much."""
        if options["what"] == "erase":
            return self._erase(str(options["number"]), str(options["reason"]))
        proof = verify(str(options["head"]).strip().lower())
        self._tell(proof)
        if not proof.holds:
            sys.exit(1)
        return None

    def _tell(self, proof: Proof) -> None:
        self.stdout.write(spoken(f"审计记录 {proof.entries} 条", f"{proof.entries} entries"))
        if proof.erased:
            numbers = ", ".join(map(str, proof.erased[:SHOWN])) + (" …" if len(proof.erased) > SHOWN else "")
            self.stdout.write(
                spoken(f"内容已按规定删除 {len(proof.erased)} 条：{numbers}", f"contents erased, {len(proof.erased)} entries: {numbers}")
            )
        for number, zh, en in proof.broken:
            self.stdout.write(spoken(f"有问题：第 {number} 条，{zh}", f"WRONG: entry {number}, {en}"))
        self.stdout.write(spoken(f"链头 {proof.head}", f"head {proof.head}"))
        if proof.holds:
            self.stdout.write(spoken("完整：没有改动、缺失或插入。", "Whole: nothing was changed, removed or inserted."))

    def _erase(self, number: str, reason: str) -> None:
        if not reason.strip():
            raise CommandError(spoken("要写明理由。", "a reason is needed"))
        count = erase(None, number, reason.strip())
        self.stdout.write(
            spoken(
                f"已删除关于 {number} 的内容 {count} 条；链仍完整。",
                f"erased the contents of {count} entries about {number}; the chain stays whole.",
            )
        )
