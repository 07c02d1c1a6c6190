"""The database, and nobody else's business: tables, every query by name, migrations."""

from sqlalchemy import Connection

from ocop_workflow.store.database import Database

__all__ = ["Connection", "Database"]
