"""The app's name for Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Data in: files of values, ratings and records, their preview, the rows set aside, and raw events that are measured."""

    name = "kaohe_web.intake"
    label = "intake"
