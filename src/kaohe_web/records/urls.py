"""Pages of records."""

from django.urls import path

from kaohe_web.records import views

urlpatterns = [
    path("rounds/<int:round_id>/records/", views.records, name="records"),
    path("rounds/<int:round_id>/records/add/", views.add, name="record_add"),
    path("rounds/<int:round_id>/records/<int:record_id>/withdraw/", views.withdraw, name="record_withdraw"),
    path("rounds/<int:round_id>/records/<int:record_id>/evidence/", views.evidence, name="record_evidence"),
]
