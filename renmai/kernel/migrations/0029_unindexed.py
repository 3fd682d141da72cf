from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0028_files_of_fields'),
    ]

    operations = [
        migrations.CreateModel(
            name='Unindexed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('type', models.TextField()),
                ('record_id', models.UUIDField()),
            ],
        ),
    ]
