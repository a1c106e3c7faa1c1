"""The app's name for Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Raw events of a unit: its definitions, files read into its workspace, rows set aside, figures measured into a round."""

    name = "kaohe_web.measuring"
    label = "measuring"
