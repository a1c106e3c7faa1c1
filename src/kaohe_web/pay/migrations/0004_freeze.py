"""Paid sheets are frozen by the database itself."""

from django.db import migrations

from kaohe_web.pay.guards import GUARDS
from kaohe_web.site.guards import steps


class Migration(migrations.Migration):
    dependencies = [("pay", "0003_payformat")]
    operations = [migrations.RunPython(*steps(GUARDS))]
