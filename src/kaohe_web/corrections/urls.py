"""The page of corrections."""

from django.urls import path

from kaohe_web.corrections import views

urlpatterns = [path("rounds/<int:round_id>/correct/", views.correct, name="correct")]
