"""Where everything is: each app's pages under its own word."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import include, path

handler404 = "kaohe_web.site.views.not_found"
handler500 = "kaohe_web.site.views.failed"

urlpatterns = [
    path("", include("kaohe_web.site.urls")),
    path("", include("kaohe_web.rounds.urls")),
    path("", include("kaohe_web.results.urls")),
    path("", include("kaohe_web.rating.urls")),
    path("rounds/<int:round_id>/raters/", include("kaohe_web.collect.raters_urls")),
    path("", include("kaohe_web.appeals.urls")),
    path("", include("kaohe_web.corrections.urls")),
    path("", include("kaohe_web.team.urls")),
    path("", include("kaohe_web.intake.urls")),
    path("", include("kaohe_web.pay.urls")),
    path("", include("kaohe_web.records.urls")),
    path("", include("kaohe_web.staff.urls")),
    path("", include("kaohe_web.measuring.urls")),
    path("", include("kaohe_web.audit.urls")),
    path("", include("kaohe_web.schemes.urls")),
    path("", include("kaohe_web.inbox.urls")),
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/closed/", account.account_inactive, name="account_inactive"),
    path("sign-out/", account.logout, name="account_logout"),
    path("account/", mfa.index, name="mfa_index"),
    path("account/", include("allauth.mfa.totp.urls")),
    path("account/codes/", include("allauth.mfa.recovery_codes.urls")),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/sure/", account.reauthenticate, name="account_reauthenticate"),
    path("account/sure/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/code/", mfa.authenticate, name="mfa_authenticate"),
]
