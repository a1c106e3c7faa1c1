"""The app's name for Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """What is collected for a round: values, ratings, records, imports and the rows that they set aside."""

    name = "kaohe_web.collect"
    label = "collect"
