"""How types stand on pages and in forms for the holders of a role."""

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
CREATE TRIGGER renmai_overlay AFTER INSERT OR UPDATE OR DELETE ON kernel_layout
FOR EACH STATEMENT EXECUTE FUNCTION renmai_overlay_moved();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0025_formulas_and_roll_ups'),
    ]

    operations = [
        migrations.CreateModel(
            name='Layout',
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
                ('type', models.TextField()),
                ('position', models.IntegerField(default=0)),
                ('sections', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('rules', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('role', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='kernel.role')),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team')),
                ('updated_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'layout',
                'verbose_name_plural': 'layouts',
                'indexes': [models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id'], name='layout_created_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='layout_updated_at_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id'], name='layout_sort_key_s'), models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='layout_owner_d'), models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='layout_team_d'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='layout_search_g')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('type', 'role'), name='layout_once', nulls_distinct=False, violation_error_message='This role has a layout of this type already: change that.')],
            },
        ),
        migrations.RunSQL(MOVED, "DROP TRIGGER renmai_overlay ON kernel_layout"),
    ]
