"""The table of sales."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Sale",
            fields=[
                ("number", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("cents", models.BigIntegerField()),
            ],
        ),
    ]
