"""The catalogue's tables, gathered for Django."""

from renmai.catalogue.product.model import Product

__all__ = ["Product"]
