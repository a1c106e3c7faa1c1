"""The shell's own pages."""

from django.urls import path

from kaohe_web.site import views

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.choose_language, name="language"),
]
