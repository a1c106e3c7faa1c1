"""The app's name for Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """People, the organisation, who holds which post when, and who may do what."""

    name = "kaohe_web.people"
    label = "people"
