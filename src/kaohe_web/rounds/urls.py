"""Pages of rounds."""

from django.urls import path

from kaohe_web.rounds import setting_views, views

urlpatterns = [
    path("rounds/", views.rounds, name="rounds"),
    path("rounds/new/", setting_views.new, name="round_new"),
    path("rounds/open/", setting_views.open_round, name="round_open"),
    path("rounds/<int:round_id>/setup/", setting_views.setup, name="setup"),
    path("rounds/<int:round_id>/setup/<str:part>/", setting_views.setup_part, name="setup_part"),
    path("rounds/<int:round_id>/", views.round, name="round"),
    path("rounds/<int:round_id>/people/", views.people, name="round_people"),
    path("rounds/<int:round_id>/goals/", views.goals, name="goals"),
    path("rounds/<int:round_id>/sign/", views.sign, name="sign"),
    path("rounds/<int:round_id>/score/", views.score, name="score"),
    path("rounds/<int:round_id>/approve/", views.approve, name="approve"),
    path("rounds/<int:round_id>/back/", views.send_back, name="send_back"),
    path("rounds/<int:round_id>/move/<str:to>/", views.move, name="move"),
]
