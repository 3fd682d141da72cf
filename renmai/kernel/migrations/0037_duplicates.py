"""Rules by which duplicates are found, pairs to look at, and the keys of types that the company made itself."""

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
CREATE TRIGGER renmai_overlay AFTER INSERT OR UPDATE OR DELETE ON kernel_duplicaterule
FOR EACH STATEMENT EXECUTE FUNCTION renmai_overlay_moved();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0036_rate_limits'),
    ]

    operations = [
        migrations.CreateModel(
            name='DuplicateRule',
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
                ('traits', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('criteria', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('warn_from', models.IntegerField(default=50)),
                ('at_import', models.TextField(default='create')),
                ('tells_of_hidden', models.BooleanField(default=True)),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'verbose_name': 'duplicate rule',
                'verbose_name_plural': 'duplicate rules',
            },
        ),
        migrations.CreateModel(
            name='Pair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.TextField()),
                ('one', models.UUIDField()),
                ('other', models.UUIDField()),
                ('probability', models.FloatField()),
                ('levels', models.JSONField(default=dict)),
                ('verdict', models.TextField(choices=[('open', 'To be looked at'), ('different', 'Not the same')], default='open')),
                ('decided_at', models.DateTimeField(null=True)),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('run', models.UUIDField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='customrecord',
            name='match_keys',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), editable=False, null=True, size=None),
        ),
        migrations.AddIndex(
            model_name='customrecord',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None), ('match_keys__isnull', False)), fastupdate=False, fields=['match_keys'], name='customrecord_match_g'),
        ),
        migrations.AddField(
            model_name='duplicaterule',
            name='created_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='duplicaterule',
            name='deleted_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='duplicaterule',
            name='owner',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='duplicaterule',
            name='team',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team'),
        ),
        migrations.AddField(
            model_name='duplicaterule',
            name='updated_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='pair',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='duplicaterule',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id'], name='duplicaterule_created_at_s'),
        ),
        migrations.AddIndex(
            model_name='duplicaterule',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='duplicaterule_updated_at_s'),
        ),
        migrations.AddIndex(
            model_name='duplicaterule',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id'], name='duplicaterule_sort_key_s'),
        ),
        migrations.AddIndex(
            model_name='duplicaterule',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='duplicaterule_owner_d'),
        ),
        migrations.AddIndex(
            model_name='duplicaterule',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='duplicaterule_team_d'),
        ),
        migrations.AddIndex(
            model_name='duplicaterule',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='duplicaterule_search_g'),
        ),
        migrations.AddIndex(
            model_name='pair',
            index=models.Index(condition=models.Q(('verdict', 'open')), fields=['type', '-probability', 'id'], name='pair_open'),
        ),
        migrations.AddIndex(
            model_name='pair',
            index=models.Index(fields=['other'], name='pair_other'),
        ),
        migrations.AddConstraint(
            model_name='pair',
            constraint=models.UniqueConstraint(fields=('type', 'one', 'other'), name='pair_once'),
        ),
        migrations.RunSQL(MOVED, "DROP TRIGGER renmai_overlay ON kernel_duplicaterule"),
    ]
