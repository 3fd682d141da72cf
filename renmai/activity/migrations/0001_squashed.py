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

    replaces = [('activity', '0001_initial'), ('activity', '0002_index_every_noun'), ('activity', '0003_every_activity_has_the_same_times')]

    initial = True

    dependencies = [
        ('kernel', '0001_initial'),
        ('kernel', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='FollowUp',
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
                ('subject', models.TextField(default='')),
                ('happened_at', models.DateTimeField(null=True)),
                ('body', models.TextField()),
                ('method', models.TextField(default='call')),
                ('due_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('assignee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team')),
                ('updated_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'follow-up',
                'verbose_name_plural': 'follow-ups',
                'indexes': [models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id'], name='followup_created_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='followup_updated_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['happened_at', 'id'], name='followup_happened_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['due_at', 'id'], name='followup_due_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['done_at', 'id'], name='followup_done_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id'], name='followup_sort_key_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='followup_owner_d'), models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='followup_team_d'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='followup_search_g')],
            },
        ),
        migrations.CreateModel(
            name='Note',
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
                ('subject', models.TextField(default='')),
                ('method', models.TextField(default='')),
                ('due_at', models.DateTimeField(null=True)),
                ('happened_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('body', models.TextField()),
                ('assignee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team')),
                ('updated_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes',
                'indexes': [models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id'], name='note_created_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='note_updated_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['due_at', 'id'], name='note_due_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['happened_at', 'id'], name='note_happened_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['done_at', 'id'], name='note_done_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id'], name='note_sort_key_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='note_owner_d'), models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='note_team_d'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='note_search_g')],
            },
        ),
        migrations.CreateModel(
            name='Task',
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
                ('body', models.TextField(default='')),
                ('method', models.TextField(default='')),
                ('due_at', models.DateTimeField(null=True)),
                ('happened_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('subject', models.TextField()),
                ('priority', models.TextField(default='normal')),
                ('assignee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team')),
                ('updated_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'task',
                'verbose_name_plural': 'tasks',
                'indexes': [models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id'], name='task_created_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='task_updated_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['due_at', 'id'], name='task_due_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['happened_at', 'id'], name='task_happened_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['done_at', 'id'], name='task_done_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id'], name='task_sort_key_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='task_owner_d'), models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='task_team_d'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='task_search_g')],
            },
        ),
    ]
