"""The service tables, gathered for Django."""

from renmai.service.ticket.model import Ticket

__all__ = ["Ticket"]
