"""Approval flows, and what is asked by them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
import renmai.kernel.search.field
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

# A flow rules from the next request on, in every process.
MOVED = """
CREATE TRIGGER renmai_overlay AFTER INSERT OR UPDATE OR DELETE ON kernel_approvalflow
FOR EACH STATEMENT EXECUTE FUNCTION renmai_overlay_moved();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0014_charts'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApprovalFlow',
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
                ('record_type', models.TextField()),
                ('criteria', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('before', models.TextField(default='')),
                ('missing', models.TextField(default='admins')),
                ('remind_days', models.IntegerField(default=2)),
                ('active', models.BooleanField(default=True)),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team')),
                ('updated_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'approval flow',
                'verbose_name_plural': 'approval flows',
            },
        ),
        migrations.CreateModel(
            name='Approval',
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
                ('flow_version', models.IntegerField()),
                ('status', models.TextField(default='waiting')),
                ('step', models.IntegerField(default=0)),
                ('waiting_for', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('note', models.TextField(default='')),
                ('levels', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('target_type', models.TextField(default='')),
                ('target_id', models.UUIDField(editable=False)),
                ('target_version', models.IntegerField()),
                ('reminded_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team')),
                ('updated_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('flow', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.approvalflow')),
            ],
            options={
                'verbose_name': 'approval',
                'verbose_name_plural': 'approvals',
            },
        ),
        migrations.CreateModel(
            name='FlowLevel',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.IntegerField(default=0)),
                ('step', models.IntegerField(default=1)),
                ('users', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('within', models.BooleanField(default=False)),
                ('need', models.TextField(default='any')),
                ('criteria', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('flow', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='levels', to='kernel.approvalflow')),
            ],
            options={
                'verbose_name': 'level',
                'verbose_name_plural': 'levels',
                'ordering': ['position', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.IntegerField(default=0)),
                ('step', models.IntegerField()),
                ('level', models.IntegerField(default=0)),
                ('state', models.TextField(default='waiting')),
                ('comment', models.TextField(default='')),
                ('decided_at', models.DateTimeField(null=True)),
                ('approval', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='kernel.approval')),
                ('instead_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'answer',
                'verbose_name_plural': 'answers',
                'ordering': ['position', 'id'],
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='approvalflow',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id'], name='approvalflow_created_at_s'),
        ),
        migrations.AddIndex(
            model_name='approvalflow',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='approvalflow_updated_at_s'),
        ),
        migrations.AddIndex(
            model_name='approvalflow',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id'], name='approvalflow_sort_key_s'),
        ),
        migrations.AddIndex(
            model_name='approvalflow',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='approvalflow_owner_d'),
        ),
        migrations.AddIndex(
            model_name='approvalflow',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='approvalflow_team_d'),
        ),
        migrations.AddIndex(
            model_name='approvalflow',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='approvalflow_search_g'),
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(fields=['target_id', 'status'], name='approval_target'),
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id'], name='approval_created_at_s'),
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='approval_updated_at_s'),
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['decided_at', 'id'], name='approval_decided_at_s'),
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id'], name='approval_sort_key_s'),
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='approval_owner_d'),
        ),
        migrations.AddIndex(
            model_name='approval',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='approval_team_d'),
        ),
        migrations.AddIndex(
            model_name='approval',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='approval_search_g'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(condition=models.Q(('deleted_at', None), ('status', 'waiting')), fields=('target_id',), name='approval_waiting_once', violation_error_message='An approval of this record is waiting already.'),
        ),
        migrations.RunSQL(MOVED, "DROP TRIGGER renmai_overlay ON kernel_approvalflow"),
    ]
