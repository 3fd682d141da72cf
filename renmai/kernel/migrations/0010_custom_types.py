"""Custom types: one table for the records of all of them."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
import renmai.kernel.search.field
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

MOVED = """
CREATE TRIGGER renmai_overlay AFTER INSERT OR UPDATE OR DELETE ON kernel_customtype
FOR EACH STATEMENT EXECUTE FUNCTION renmai_overlay_moved();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0009_days_in_the_recycle_bin'),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomRecord',
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
                ('of', models.TextField(editable=False)),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team')),
                ('updated_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'own record',
                'verbose_name_plural': 'own records',
                'indexes': [models.Index(condition=models.Q(('deleted_at', None)), fields=['of', 'created_at', 'id'], name='customrecord_of'), models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id'], name='customrecord_created_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='customrecord_updated_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id'], name='customrecord_sort_key_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='customrecord_owner_d'), models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='customrecord_team_d'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='customrecord_search_g')],
            },
        ),
        migrations.CreateModel(
            name='CustomType',
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
                ('label_plural', models.TextField()),
                ('label', models.TextField()),
                ('key', models.TextField(default='')),
                ('icon', models.TextField(default='folder')),
                ('labels', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('labels_plural', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team')),
                ('updated_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'custom type',
                'verbose_name_plural': 'custom types',
                'indexes': [models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id'], name='customtype_created_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='customtype_updated_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id'], name='customtype_sort_key_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='customtype_owner_d'), models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='customtype_team_d'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='customtype_search_g')],
                'constraints': [models.UniqueConstraint(fields=('key',), name='custom_type_key_once', violation_error_message='There is a type of that key already; a deleted one keeps its key.')],
            },
        ),
        migrations.RunSQL(MOVED, "DROP TRIGGER renmai_overlay ON kernel_customtype"),
    ]
