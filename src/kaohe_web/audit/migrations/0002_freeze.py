"""The chain is frozen by the database itself."""

from django.db import migrations

from kaohe_web.audit.guards import GUARDS
from kaohe_web.site.guards import steps


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(*steps(GUARDS))]
