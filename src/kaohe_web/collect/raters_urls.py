"""Who rates whom in a round."""

from django.urls import path

from kaohe_web.collect import raters_views as views

urlpatterns = [
    path("", views.raters, name="raters"),
    path("propose/", views.propose, name="raters_propose"),
    path("change/", views.change, name="raters_change"),
    path("template/", views.template, name="raters_template"),
    path("upload/", views.upload, name="raters_upload"),
]
