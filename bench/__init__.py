"""How fast Renmai is: ``make bench SCALE=small|large|million``."""
