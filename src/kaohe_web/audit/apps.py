"""The app's name for Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Who did what, when and why, in a chain that shows tampering."""

    name = "kaohe_web.audit"
    label = "audit"
