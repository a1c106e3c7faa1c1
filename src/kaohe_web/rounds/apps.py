"""The app's name for Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Appraisal rounds: one period of one scheme version for one group of people, from opening to closing."""

    name = "kaohe_web.rounds"
    label = "rounds"
