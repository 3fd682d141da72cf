from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0012_field_changes")]

    operations = [
        migrations.AlterField(
            model_name="factabout",
            name="fact",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name="about", to="kernel.fact"
            ),
        ),
    ]
