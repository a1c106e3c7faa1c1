"""The app's name for Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Appeals of a subject against an item, a record or a rating, and what was decided."""

    name = "kaohe_web.appeals"
    label = "appeals"
