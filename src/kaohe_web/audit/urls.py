"""Pages of the record."""

from django.urls import path

from kaohe_web.audit import views

urlpatterns = [
    path("audit/", views.entries, name="audit"),
    path("audit/proof/", views.proof, name="audit_proof"),
]
