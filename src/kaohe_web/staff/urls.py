"""People and accounts."""

from django.urls import path

from kaohe_web.staff import account_views as accounts
from kaohe_web.staff import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/add/", views.add, name="person_add"),
    path("people/workbook/", views.workbook, name="people_workbook"),
    path("people/import/", views.bring_in, name="people_import"),
    path("people/import/upload/", views.upload, name="people_upload"),
    path("people/import/<str:digest>/", views.preview, name="people_preview"),
    path("people/import/<str:digest>/apply/", views.apply, name="people_apply"),
    path("people/<int:person_id>/", views.person, name="person"),
    path("people/<int:person_id>/change/", views.change, name="person_change"),
    path("people/<int:person_id>/post/", views.post, name="person_post"),
    path("people/<int:person_id>/posts/<int:posting_id>/<str:what>/", views.posting, name="person_posting"),
    path("people/<int:person_id>/attribute/", views.attribute, name="person_attribute"),
    path("people/<int:person_id>/attributes/<int:attribute_id>/<str:what>/", views.attributed, name="person_attributed"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/open/", accounts.open_one, name="account_open"),
    path("accounts/open-all/", accounts.open_all, name="account_open_all"),
    path("accounts/<int:user_id>/", accounts.account, name="account"),
    path("accounts/<int:user_id>/password/", accounts.password, name="account_password"),
    path("accounts/<int:user_id>/enable/", accounts.enable, name="account_enable"),
    path("accounts/<int:user_id>/grant/", accounts.grant, name="account_grant"),
    path("accounts/<int:user_id>/grants/<int:grant_id>/end/", accounts.end_grant, name="account_end_grant"),
]
