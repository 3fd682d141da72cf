"""Custom fields, how the database reads their values, and the number that moves with every change of them."""

import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
import renmai.kernel.search.field
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


DAY = r"(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
TIME = r"([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?"
FUNCTION = """
CREATE FUNCTION renmai_%(name)s(own jsonb, key text) RETURNS %(type)s LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE v text := own ->> key;
BEGIN
  %(body)s
  RETURN NULL;
END $$;
"""
# A value that is no date or number reads as NULL; an error would break the index, and with it the row's next change.
LAST_DAY = "substr(v, 9, 2)::int <= extract(day FROM make_date(substr(v, 1, 4)::int, substr(v, 6, 2)::int, 1) + interval '1 month - 1 day')"
BODIES = [
    ("text", "text", "IF jsonb_typeof(own -> key) = 'string' THEN RETURN v; END IF;"),
    ("number", "numeric", r"IF v ~ '^-?\d{1,30}(\.\d{1,30})?$' THEN RETURN v::numeric; END IF;"),
    ("day", "date", f"IF v ~ '^{DAY}$' AND {LAST_DAY} THEN RETURN v::date; END IF;"),
    ("moment", "timestamptz", f"IF v ~ '^{DAY}T{TIME}\\+00:00$' AND {LAST_DAY} THEN RETURN v::timestamptz; END IF;"),
    ("yes", "boolean", "IF jsonb_typeof(own -> key) = 'boolean' THEN RETURN v::boolean; END IF;"),
    ("id", "uuid", "IF v ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN RETURN v::uuid; END IF;"),
    (
        "words",
        "text[]",
        "IF jsonb_typeof(own -> key) = 'array' THEN RETURN ARRAY(SELECT jsonb_array_elements_text(own -> key)); END IF;",
    ),
    ("json", "jsonb", "RETURN own -> key;"),
]
FUNCTIONS = "".join(FUNCTION % {"name": name, "type": kind, "body": body} for name, kind, body in BODIES)
DROPPED = "".join(f"DROP FUNCTION renmai_{name}(jsonb, text);" for name, _kind, _body in BODIES)

MOVED = """
CREATE SEQUENCE renmai_overlay;
CREATE FUNCTION renmai_overlay_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO kernel_overlayversion (id, version) VALUES (1, nextval('renmai_overlay'))
  ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version;
  RETURN NULL;
END $$;
CREATE TRIGGER renmai_overlay AFTER INSERT OR UPDATE OR DELETE ON kernel_customfield
FOR EACH STATEMENT EXECUTE FUNCTION renmai_overlay_moved();
"""
NOT_MOVED = "DROP TRIGGER renmai_overlay ON kernel_customfield; DROP FUNCTION renmai_overlay_moved(); DROP SEQUENCE renmai_overlay"



class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0006_a_repeated_answer_keeps_its_etag'),
    ]

    operations = [
        migrations.CreateModel(
            name='OverlayVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='CustomField',
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
                ('label', models.TextField()),
                ('kind', models.TextField()),
                ('key', models.TextField(default='')),
                ('labels', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('choices', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('target', models.TextField(default='')),
                ('filterable', models.BooleanField(default=False)),
                ('required', models.BooleanField(default=False)),
                ('help', models.TextField(default='')),
                ('position', models.IntegerField(default=0)),
                ('index_state', models.TextField(default='')),
                ('created_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.team')),
                ('updated_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'custom field',
                'verbose_name_plural': 'custom fields',
                'constraints': [models.UniqueConstraint(fields=('type', 'key'), name='custom_field_key_once', violation_error_message='This type has a field of that key already; a deleted one keeps its key until it is purged.')],
            },
        ),
        migrations.AddIndex(
            model_name='customfield',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['created_at', 'id'], name='customfield_created_at_s'),
        ),
        migrations.AddIndex(
            model_name='customfield',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['updated_at', 'id'], name='customfield_updated_at_s'),
        ),
        migrations.AddIndex(
            model_name='customfield',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['sort_key', 'id'], name='customfield_sort_key_s'),
        ),
        migrations.AddIndex(
            model_name='customfield',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['owner', 'created_at', 'id'], name='customfield_owner_d'),
        ),
        migrations.AddIndex(
            model_name='customfield',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['team', 'created_at', 'id'], include=('owner',), name='customfield_team_d'),
        ),
        migrations.AddIndex(
            model_name='customfield',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('deleted_at', None)), fields=['search'], name='customfield_search_g'),
        ),
        migrations.RunSQL(FUNCTIONS, DROPPED),
        migrations.RunSQL(MOVED, NOT_MOVED),
    ]
