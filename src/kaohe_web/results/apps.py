"""The app's name for Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """What a round's scoring gave: previews, frozen results, their explanations, acknowledgements."""

    name = "kaohe_web.results"
    label = "results"
