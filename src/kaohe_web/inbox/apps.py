"""The app's name for Django."""

from django.apps import AppConfig


class Config(AppConfig):
    """Notices of what waits for somebody; never with figures in them."""

    name = "kaohe_web.inbox"
    label = "inbox"
