"""The inbox."""

from django.urls import path

from kaohe_web.inbox import views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="inbox_read_all"),
    path("inbox/<int:notice_id>/", views.follow, name="inbox_follow"),
    path("rounds/<int:round_id>/remind/", views.remind, name="remind"),
]
