"""Leads have keys by which duplicates are found; those that are there already get theirs by and by."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0006_duplicates'),
        ('kernel', '0037_duplicates'),
        ('marketing', '0001_squashed'),
        ('sales', '0005_sums_by_pipeline'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='lead',
            name='match_keys',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), editable=False, null=True, size=None),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None), ('match_keys__isnull', False)), fastupdate=False, fields=['match_keys'], name='lead_match_g'),
        ),
        migrations.RunSQL("INSERT INTO kernel_unindexed (type, record_id) SELECT 'leads', id FROM sales_lead", migrations.RunSQL.noop),
    ]
