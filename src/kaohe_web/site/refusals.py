"""What an act refuses: told to the person in her language; nothing was changed."""

from __future__ import annotations

from collections.abc import Sequence


class Refused(Exception):
    """An act that may not be done now, with every reason in both languages."""

    def __init__(self, zh: str, en: str, *more: tuple[str, str]) -> None:
        super().__init__(en)
        self.reasons: Sequence[tuple[str, str]] = ((zh, en), *more)

    def tell(self, language: str) -> list[str]:
        """The reasons in a language."""
        return [en if language == "en" else zh for zh, en in self.reasons]


class Forbidden(Exception):
    """An act that is not the user's to do. What she may see, she may see; what she may not, does not exist for her."""
