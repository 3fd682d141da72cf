"""Renmai (人脈): the customer relationship system a company runs itself."""

__version__ = "0.1.0"
