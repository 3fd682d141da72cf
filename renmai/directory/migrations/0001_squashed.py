"""All steps so far at once, for a new database: Django takes long to walk them one by one. One that exists walks those it lacks."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
import renmai.kernel.search.field
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('directory', '0001_initial'), ('directory', '0002_index_every_noun'), ('directory', '0003_a_person_has_an_address'), ('directory', '0004_territories'), ('directory', '0005_accounts_by_country')]

    initial = True

    dependencies = [
        ('kernel', '0001_initial'),
        ('kernel', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
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
                ('name', models.TextField()),
                ('legal_name', models.TextField(default='')),
                ('domain', models.TextField(default='')),
                ('phone', models.TextField(default='')),
                ('email', models.TextField(default='')),
                ('industry', models.TextField(default='')),
                ('employees', models.IntegerField(null=True)),
                ('annual_revenue', models.DecimalField(decimal_places=4, max_digits=20, null=True)),
                ('currency', models.TextField(default='')),
                ('country', models.TextField(default='')),
                ('region', models.TextField(default='')),
                ('city', models.TextField(default='')),
                ('address', models.TextField(default='')),
                ('registration_number', models.TextField(default='')),
                ('lifecycle', models.TextField(default='prospect')),
                ('level', models.TextField(default='')),
                ('emails', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('phones', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('addresses', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('last_touch_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.account')),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team')),
                ('territory', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.territory')),
                ('updated_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'account',
                'verbose_name_plural': 'accounts',
                'indexes': [models.Index(condition=models.Q(('deleted_at', None)), fields=['country', 'created_at', 'id'], name='account_country'), models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id'], name='account_created_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='account_updated_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['employees', 'id'], name='account_employees_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['annual_revenue', 'id'], name='account_annual_revenue_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['last_touch_at', 'id'], name='account_last_touch_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id'], name='account_sort_key_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='account_owner_d'), models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='account_team_d'), models.Index(condition=models.Q(('deleted_at', None), ('territory__isnull', False)), fields=['territory', 'created_at', 'id'], include=('owner', 'team'), name='account_territory_d'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='account_search_g')],
                'constraints': [models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='account_not_own_parent', violation_error_message='An account cannot belong to itself.')],
            },
        ),
        migrations.CreateModel(
            name='Person',
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
                ('name', models.TextField()),
                ('family_name', models.TextField(default='')),
                ('given_name', models.TextField(default='')),
                ('job_title', models.TextField(default='')),
                ('email', models.TextField(default='')),
                ('phone', models.TextField(default='')),
                ('mobile', models.TextField(default='')),
                ('country', models.TextField(default='')),
                ('region', models.TextField(default='')),
                ('city', models.TextField(default='')),
                ('other_name', models.TextField(default='')),
                ('honorific', models.TextField(default='')),
                ('nickname', models.TextField(default='')),
                ('gender', models.TextField(default='')),
                ('birthday', models.DateField(null=True)),
                ('language', models.TextField(default='')),
                ('source', models.TextField(default='')),
                ('address', models.TextField(default='')),
                ('emails', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('phones', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('addresses', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('last_touch_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.account')),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team')),
                ('territory', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.territory')),
                ('updated_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'indexes': [models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id'], name='person_created_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='person_updated_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['birthday', 'id'], name='person_birthday_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['last_touch_at', 'id'], name='person_last_touch_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id'], name='person_sort_key_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='person_owner_d'), models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='person_team_d'), models.Index(condition=models.Q(('deleted_at', None), ('territory__isnull', False)), fields=['territory', 'created_at', 'id'], include=('owner', 'team'), name='person_territory_d'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='person_search_g')],
            },
        ),
        migrations.CreateModel(
            name='Affiliation',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.IntegerField(default=0)),
                ('role', models.TextField(default='')),
                ('starts_on', models.DateField(null=True)),
                ('ends_on', models.DateField(null=True)),
                ('primary', models.BooleanField(default=False)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.account')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='affiliations', to='directory.person')),
            ],
            options={
                'verbose_name': 'affiliation',
                'verbose_name_plural': 'affiliations',
                'ordering': ['position', 'id'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on', None), ('starts_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='affiliation_ends_after_it_starts', violation_error_message='It ends before it starts.')],
            },
        ),
    ]
