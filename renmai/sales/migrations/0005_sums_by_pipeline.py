"""The sums of a board are of one pipeline: what the index holds besides tells which."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sales', '0004_leads_by_country'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='opportunity',
            name='opportunity_stage',
        ),
        migrations.AddIndex(
            model_name='opportunity',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['stage', 'created_at', 'id'], include=('amount', 'currency', 'pipeline'), name='opportunity_stage'),
        ),
    ]
