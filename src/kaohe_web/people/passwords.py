"""What a password must be, told in the page's language."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from kaohe_web.site.language import say


class LongEnough:
    """At least so many characters."""

    def __init__(self, min_length: int = 12) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: object = None) -> None:
        """Nothing where the password is long enough."""
        if len(password) < self.min_length:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        """What is asked for."""
        return say(f"密码至少要{self.min_length}个字符。", f"A password takes at least {self.min_length} characters.")
