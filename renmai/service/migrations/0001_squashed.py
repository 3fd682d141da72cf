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

    replaces = [('service', '0001_initial'), ('service', '0002_index_every_noun'), ('service', '0003_territories')]

    initial = True

    dependencies = [
        ('directory', '0001_initial'),
        ('kernel', '0001_initial'),
        ('kernel', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ticket',
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
                ('subject', models.TextField()),
                ('body', models.TextField(default='')),
                ('status', models.TextField(default='new')),
                ('priority', models.TextField(default='normal')),
                ('due_at', models.DateTimeField(null=True)),
                ('resolved_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.account')),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team')),
                ('territory', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.territory')),
                ('updated_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'ticket',
                'verbose_name_plural': 'tickets',
                'indexes': [models.Index(condition=models.Q(('deleted_at', None)), fields=['status', 'due_at', 'id'], name='ticket_status'), models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id'], name='ticket_created_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='ticket_updated_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['number', 'id'], name='ticket_number_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['due_at', 'id'], name='ticket_due_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['resolved_at', 'id'], name='ticket_resolved_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id'], name='ticket_sort_key_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='ticket_owner_d'), models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='ticket_team_d'), models.Index(condition=models.Q(('deleted_at', None), ('territory__isnull', False)), fields=['territory', 'created_at', 'id'], include=('owner', 'team'), name='ticket_territory_d'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='ticket_search_g')],
            },
        ),
    ]
