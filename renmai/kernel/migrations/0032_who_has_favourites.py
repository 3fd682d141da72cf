"""Whether a person has favourites is kept with the person, so that no page asks for those of who has none."""

from django.db import migrations

NOTED = """
UPDATE kernel_user SET preferences = jsonb_set(preferences, '{starred}', 'true')
WHERE id IN (SELECT user_id FROM kernel_favourite)
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0031_tags_move_the_overlay")]
    operations = [migrations.RunSQL(NOTED, migrations.RunSQL.noop)]
