"""The app's name for Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """The shell around every page: layout, language, words, static files."""

    name = "kaohe_web.site"
    label = "site"
