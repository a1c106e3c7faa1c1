"""Pages of appeals."""

from django.urls import path

from kaohe_web.appeals import views

urlpatterns = [
    path("appeals/", views.appeals, name="appeals"),
    path("appeals/<int:appeal_id>/", views.appeal, name="appeal"),
    path("appeals/<int:appeal_id>/decide/", views.decide, name="decide_appeal"),
    path("appeals/<int:appeal_id>/withdraw/", views.withdraw, name="withdraw_appeal"),
    path("appeals/<int:appeal_id>/files/<int:file_id>/", views.file, name="appeal_file"),
    path("rounds/<int:round_id>/appeal/", views.form, name="appeal_form"),
]
