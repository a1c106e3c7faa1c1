"""Schemes."""

from django.urls import path

from kaohe_web.schemes import views

urlpatterns = [
    path("schemes/", views.schemes, name="schemes"),
    path("schemes/new/", views.new, name="scheme_new"),
    path("schemes/upload/", views.upload, name="scheme_upload"),
    path("schemes/compare/", views.compare, name="scheme_compare"),
    path("schemes/library/<slug:code>/", views.shelved, name="scheme_shelved"),
    path("schemes/library/<slug:code>/take/", views.take_shelved, name="scheme_take"),
    path("schemes/versions/<int:version_id>/", views.version, name="scheme_version"),
    path("schemes/versions/<int:version_id>/text/", views.text, name="scheme_text"),
    path("schemes/versions/<int:version_id>/paper/", views.paper, name="scheme_paper"),
]
