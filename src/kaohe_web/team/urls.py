"""Pages of a lead's people."""

from django.urls import path

from kaohe_web.team import views

urlpatterns = [
    path("team/", views.latest, name="team"),
    path("team/<int:round_id>/", views.board, name="board"),
    path("team/<int:round_id>/export/", views.export, name="board_export"),
]
