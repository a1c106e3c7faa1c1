"""The app's name for Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Schemes and their versions, as they were read and compiled."""

    name = "kaohe_web.library"
    label = "library"
