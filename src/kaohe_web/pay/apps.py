"""The app's name for Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Pay sheets: what is due by published results, and the differences that corrections leave."""

    name = "kaohe_web.pay"
    label = "pay"
