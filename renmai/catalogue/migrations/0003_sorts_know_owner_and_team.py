"""Whoever sees a part of a million records reads a page in any order without fetching the others."""

from django.db import migrations

from renmai.kernel.records.steps import SortsKnowTheirDoors


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_squashed")]
    operations = [SortsKnowTheirDoors()]
