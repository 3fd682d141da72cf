"""Leads wait in pools, and are held from there."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0008_pools'),
        ('kernel', '0049_drop_indexes_of_a_prefix'),
        ('marketing', '0003_sorts_know_owner_and_team'),
        ('sales', '0009_where_leads_come_from'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='lead',
            name='claimed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='lead',
            name='pool',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.pool'),
        ),
        migrations.AddField(
            model_name='lead',
            name='waiting_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('deleted_at', None), ('pool__isnull', False), ('owner__isnull', True)), fields=['pool', 'created_at', 'id'], name='lead_waits'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('deleted_at', None), ('pool__isnull', False), ('owner__isnull', False)), fields=['pool', 'owner'], name='lead_held'),
        ),
    ]
