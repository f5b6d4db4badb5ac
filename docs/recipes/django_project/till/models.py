"""What the till keeps."""

from django.db import models


class Sale(models.Model):
    """A sale: its number in the till, its day, and its amount in cents."""

    number = models.CharField(max_length=40, primary_key=True)
    day = models.DateField()
    cents = models.BigIntegerField()
