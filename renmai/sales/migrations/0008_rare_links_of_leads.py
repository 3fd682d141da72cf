"""Leads of no campaign, and those not converted, cost the indexes of these links nothing."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0007_sorts_know_owner_and_team'),
        ('kernel', '0045_survivorship'),
        ('marketing', '0003_sorts_know_owner_and_team'),
        ('sales', '0007_sorts_know_owner_and_team'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='lead',
            name='campaign',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketing.campaign'),
        ),
        migrations.AlterField(
            model_name='lead',
            name='converted_account',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.account'),
        ),
        migrations.AlterField(
            model_name='lead',
            name='converted_opportunity',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sales.opportunity'),
        ),
        migrations.AlterField(
            model_name='lead',
            name='converted_person',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('campaign__isnull', False)), fields=['campaign'], name='lead_campaign_r'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('converted_account__isnull', False)), fields=['converted_account'], name='lead_converted_account_r'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('converted_person__isnull', False)), fields=['converted_person'], name='lead_converted_person_r'),
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('converted_opportunity__isnull', False)), fields=['converted_opportunity'], name='lead_converted_opportunity_r'),
        ),
    ]
