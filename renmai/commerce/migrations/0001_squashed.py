"""All steps so far at once, for a new database: Django takes long to walk them one by one. One that exists walks those it lacks."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
import renmai.kernel.search.field
import uuid_utils.compat
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('commerce', '0001_initial'), ('commerce', '0002_initial'), ('commerce', '0003_initial'), ('commerce', '0004_index_every_noun'), ('commerce', '0005_territories')]

    initial = True

    dependencies = [
        ('catalogue', '0001_initial'),
        ('directory', '0001_initial'),
        ('kernel', '0001_initial'),
        ('kernel', '__first__'),
        ('sales', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Quote',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.TextField(default='')),
                ('sort_key', models.BinaryField(default=b'')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('version', models.IntegerField(default=1)),
                ('external_ids', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None, verbose_name='Tags')),
                ('custom', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('deleted_at', models.DateTimeField(null=True)),
                ('search', renmai.kernel.search.field.SearchField(default=list, editable=False, null=True)),
                ('number', models.TextField(default='')),
                ('currency', models.TextField(default='')),
                ('tax_included', models.BooleanField(default=False)),
                ('valid_until', models.DateField(null=True)),
                ('status', models.TextField(default='draft')),
                ('revision', models.IntegerField(default=1)),
                ('terms', models.TextField(default='')),
                ('net_total', models.DecimalField(decimal_places=4, default=Decimal('0'), max_digits=20)),
                ('tax_total', models.DecimalField(decimal_places=4, default=Decimal('0'), max_digits=20)),
                ('total', models.DecimalField(decimal_places=4, default=Decimal('0'), max_digits=20)),
                ('sent_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('refused_reason', models.TextField(default='')),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.account')),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opportunity', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sales.opportunity')),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('revises', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commerce.quote')),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team')),
                ('territory', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.territory')),
                ('updated_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'quote',
                'verbose_name_plural': 'quotes',
                'indexes': [models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id'], name='quote_created_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='quote_updated_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['number', 'id'], name='quote_number_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['valid_until', 'id'], name='quote_valid_until_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['net_total', 'id'], name='quote_net_total_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['total', 'id'], name='quote_total_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id'], name='quote_sort_key_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='quote_owner_d'), models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='quote_team_d'), models.Index(condition=models.Q(('deleted_at', None), ('territory__isnull', False)), fields=['territory', 'created_at', 'id'], include=('owner', 'team'), name='quote_territory_d'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='quote_search_g')],
            },
        ),
        migrations.CreateModel(
            name='QuoteLine',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.IntegerField(default=0)),
                ('description', models.TextField(default='')),
                ('quantity', models.DecimalField(decimal_places=4, default=Decimal('1'), max_digits=20)),
                ('unit_price', models.DecimalField(decimal_places=4, max_digits=20, null=True)),
                ('discount_percent', models.DecimalField(decimal_places=4, default=Decimal('0'), max_digits=20)),
                ('tax_rate', models.DecimalField(decimal_places=4, max_digits=20, null=True)),
                ('net', models.DecimalField(decimal_places=4, default=Decimal('0'), max_digits=20)),
                ('product', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.product')),
                ('quote', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='commerce.quote')),
            ],
            options={
                'verbose_name': 'line',
                'verbose_name_plural': 'lines',
                'ordering': ['position', 'id'],
                'abstract': False,
            },
        ),
    ]
