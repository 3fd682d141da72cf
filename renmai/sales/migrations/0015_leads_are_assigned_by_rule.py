"""Rules that give leads to somebody, whose turn it is, and how many open leads somebody has. Each process knows the rules."""

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
CREATE TRIGGER renmai_overlay AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION renmai_overlay_moved();
"""
TABLES = ("sales_assignmentrule", "sales_receiver")


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0008_pools'),
        ('kernel', '0050_working_calendars'),
        ('marketing', '0003_sorts_know_owner_and_team'),
        ('sales', '0014_leads_go_back'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AssignmentRule',
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
                ('position', models.IntegerField(default=10)),
                ('active', models.BooleanField(default=True)),
                ('criteria', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('way', models.TextField(default='in_turn')),
                ('capacity', models.IntegerField(null=True)),
                ('same_language', models.BooleanField(default=False)),
                ('working_hours', models.BooleanField(default=False)),
                ('sticky', models.BooleanField(default=False)),
                ('imports', models.BooleanField(default=False)),
                ('untouched_hours', models.IntegerField(null=True)),
                ('passes', models.IntegerField(default=2)),
            ],
            options={
                'verbose_name': 'assignment rule',
                'verbose_name_plural': 'assignment rules',
            },
        ),
        migrations.CreateModel(
            name='Receiver',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('position', models.IntegerField(default=0)),
                ('weight', models.IntegerField(default=1)),
            ],
            options={
                'verbose_name': 'receiver',
                'verbose_name_plural': 'receivers',
                'ordering': ['position', 'id'],
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='lead',
            index=models.Index(condition=models.Q(('deleted_at', None), ('status__in', ('new', 'working', 'mql', 'sql'))), fields=['owner'], name='lead_in_work'),
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('rule', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='sales.assignmentrule')),
                ('state', models.JSONField(default=dict)),
            ],
        ),
        migrations.AddField(
            model_name='assignmentrule',
            name='created_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assignmentrule',
            name='deleted_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assignmentrule',
            name='otherwise_pool',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.pool'),
        ),
        migrations.AddField(
            model_name='assignmentrule',
            name='otherwise_team',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team'),
        ),
        migrations.AddField(
            model_name='assignmentrule',
            name='otherwise_user',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assignmentrule',
            name='owner',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='assignmentrule',
            name='team',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team'),
        ),
        migrations.AddField(
            model_name='assignmentrule',
            name='updated_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='receiver',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='receivers', to='sales.assignmentrule'),
        ),
        migrations.AddField(
            model_name='receiver',
            name='team',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team'),
        ),
        migrations.AddField(
            model_name='receiver',
            name='user',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='assignmentrule',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id', 'owner', 'team'], name='assignmentrule_created_at_s'),
        ),
        migrations.AddIndex(
            model_name='assignmentrule',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id', 'owner', 'team'], name='assignmentrule_updated_at_s'),
        ),
        migrations.AddIndex(
            model_name='assignmentrule',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['position', 'id', 'owner', 'team'], name='assignmentrule_position_s'),
        ),
        migrations.AddIndex(
            model_name='assignmentrule',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id', 'owner', 'team'], name='assignmentrule_sort_key_s'),
        ),
        migrations.AddIndex(
            model_name='assignmentrule',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='assignmentrule_owner_d'),
        ),
        migrations.AddIndex(
            model_name='assignmentrule',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='assignmentrule_team_d'),
        ),
        migrations.AddIndex(
            model_name='assignmentrule',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='assignmentrule_search_g'),
        ),
        *(migrations.RunSQL(MOVED.format(table=table), f"DROP TRIGGER renmai_overlay ON {table}") for table in TABLES),
    ]
