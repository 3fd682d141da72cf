"""Accounts and people have keys by which duplicates are found; those that are there already get theirs by and by."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0001_squashed'),
        ('kernel', '0037_duplicates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='account',
            name='match_keys',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), editable=False, null=True, size=None),
        ),
        migrations.AddField(
            model_name='person',
            name='match_keys',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), editable=False, null=True, size=None),
        ),
        migrations.AddIndex(
            model_name='account',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None), ('match_keys__isnull', False)), fastupdate=False, fields=['match_keys'], name='account_match_g'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None), ('match_keys__isnull', False)), fastupdate=False, fields=['match_keys'], name='person_match_g'),
        ),
        migrations.RunSQL("INSERT INTO kernel_unindexed (type, record_id) SELECT 'accounts', id FROM directory_account", migrations.RunSQL.noop),
        migrations.RunSQL("INSERT INTO kernel_unindexed (type, record_id) SELECT 'people', id FROM directory_person", migrations.RunSQL.noop),
    ]
