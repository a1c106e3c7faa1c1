"""Published rows are frozen by the database itself."""

from django.db import migrations

from kaohe_web.results.guards import GUARDS
from kaohe_web.site.guards import steps


class Migration(migrations.Migration):
    dependencies = [("results", "0002_initial")]
    operations = [migrations.RunPython(*steps(GUARDS))]
