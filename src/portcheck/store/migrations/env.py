"""Alembic's environment: it runs on the connection and in the transaction it is given.

SQLite can roll back DDL; Alembic takes its word only when told so.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
