"""Public pools, what moves through them, and the accounts that wait there. Each process knows the pools, and asks again when one changes."""

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
CREATE TRIGGER renmai_overlay AFTER INSERT OR UPDATE OR DELETE ON directory_pool
FOR EACH STATEMENT EXECUTE FUNCTION renmai_overlay_moved();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0007_sorts_know_owner_and_team'),
        ('kernel', '0049_drop_indexes_of_a_prefix'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PoolMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.TextField()),
                ('record_id', models.UUIDField()),
                ('how', models.TextField(choices=[('entered', 'Came in'), ('claimed', 'Claimed'), ('given-back', 'Given back'), ('assigned', 'Assigned'), ('transferred', 'Passed on'), ('recycled', 'Went back by a rule'), ('invalid', 'Taken out of circulation')])),
                ('reason', models.TextField(default='')),
                ('rule', models.UUIDField(null=True)),
                ('rule_name', models.TextField(default='')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name='account',
            name='claimed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='account',
            name='waiting_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name='Pool',
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
                ('active', models.BooleanField(default=True)),
                ('description', models.TextField(default='')),
                ('teams', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('users', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('criteria', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('admins', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None)),
                ('daily_limit', models.IntegerField(null=True)),
                ('holding_limit', models.IntegerField(null=True)),
                ('count_won', models.BooleanField(default=False)),
                ('cooldown_days', models.IntegerField(null=True)),
                ('cooldown_team', models.BooleanField(default=False)),
                ('protect_days', models.IntegerField(null=True)),
                ('hidden_fields', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team')),
                ('updated_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'pool',
                'verbose_name_plural': 'pools',
            },
        ),
        migrations.AddField(
            model_name='account',
            name='pool',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.pool'),
        ),
        migrations.AddIndex(
            model_name='account',
            index=models.Index(condition=models.Q(('deleted_at', None), ('pool__isnull', False), ('owner__isnull', True)), fields=['pool', 'created_at', 'id'], name='account_waits'),
        ),
        migrations.AddIndex(
            model_name='account',
            index=models.Index(condition=models.Q(('deleted_at', None), ('pool__isnull', False), ('owner__isnull', False)), fields=['pool', 'owner'], name='account_held'),
        ),
        migrations.AddField(
            model_name='poolmove',
            name='by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='poolmove',
            name='from_owner',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='poolmove',
            name='from_pool',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='directory.pool'),
        ),
        migrations.AddField(
            model_name='poolmove',
            name='from_team',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='kernel.team'),
        ),
        migrations.AddField(
            model_name='poolmove',
            name='pool',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.pool'),
        ),
        migrations.AddField(
            model_name='poolmove',
            name='to_owner',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='pool',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id', 'owner', 'team'], name='pool_created_at_s'),
        ),
        migrations.AddIndex(
            model_name='pool',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id', 'owner', 'team'], name='pool_updated_at_s'),
        ),
        migrations.AddIndex(
            model_name='pool',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id', 'owner', 'team'], name='pool_sort_key_s'),
        ),
        migrations.AddIndex(
            model_name='pool',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='pool_owner_d'),
        ),
        migrations.AddIndex(
            model_name='pool',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='pool_team_d'),
        ),
        migrations.AddIndex(
            model_name='pool',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='pool_search_g'),
        ),
        migrations.AddIndex(
            model_name='poolmove',
            index=models.Index(fields=['record_id', 'at'], name='poolmove_record'),
        ),
        migrations.AddIndex(
            model_name='poolmove',
            index=models.Index(condition=models.Q(('how', 'claimed')), fields=['pool', 'to_owner', 'at'], name='poolmove_claims'),
        ),
        migrations.AddIndex(
            model_name='poolmove',
            index=models.Index(fields=['pool', 'at'], name='poolmove_pool'),
        ),
        migrations.RunSQL(MOVED, "DROP TRIGGER renmai_overlay ON directory_pool"),
    ]
