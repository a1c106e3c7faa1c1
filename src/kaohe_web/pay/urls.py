"""Pages of pay sheets."""

from django.urls import path

from kaohe_web.pay import views

urlpatterns = [
    path("pay/", views.sheets, name="pay_sheets"),
    path("pay/new/", views.new, name="new_pay_sheet"),
    path("pay/columns/", views.columns, name="pay_columns"),
    path("pay/<int:sheet_id>/", views.sheet, name="pay_sheet"),
    path("pay/<int:sheet_id>/refresh/", views.refresh, name="refresh_pay_sheet"),
    path("pay/<int:sheet_id>/discard/", views.discard, name="discard_pay_sheet"),
    path("pay/<int:sheet_id>/lock/", views.lock, name="lock_pay_sheet"),
    path("pay/<int:sheet_id>/export/<str:kind>/", views.export, name="export_pay_sheet"),
]
