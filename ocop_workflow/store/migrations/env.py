"""Alembic's way in: runs the migrations on the connection that `schema.upgrade` hands over."""

from alembic import context

from ocop_workflow.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=True, transaction_per_migration=False
)
context.run_migrations()
