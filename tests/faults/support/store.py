"""The database, read (and its clock moved) from outside: SQLite by its module, PostgreSQL by psql. Rows are tuples of text."""

import os
import sqlite3
import subprocess
import uuid
from urllib.parse import urlsplit


class Sqlite:
    name = "SQLite"

    def __init__(self, folder):
        self.path = os.path.join(folder, "data", "mashang.db")
        self.url = None

    @staticmethod
    def hex(column):
        return f"lower(hex({column}))"

    @staticmethod
    def each(column, item):
        """The elements of a JSON list as a table with this name, and the text of a member of one."""
        return f"json_each({column}) AS {item}", lambda member: f"json_extract({item}.value, '$.{member}')"

    def rows(self, sql):
        conn = sqlite3.connect(self.path, timeout=20)
        try:
            found = conn.execute(sql).fetchall()
            conn.commit()
        finally:
            conn.close()
        return [tuple("" if value is None else str(value) for value in row) for row in found]

    def sound(self):
        return self.rows("PRAGMA integrity_check") == [("ok",)]

    @staticmethod
    def days_back(column, days):
        """An instant some days earlier."""
        return f"strftime('%Y-%m-%d', substr({column}, 1, 10), '-{days} days') || substr({column}, 11)"

    def copy(self):
        """A copy of the database, to be harmed; the server must be stopped."""
        other = Sqlite(os.path.dirname(os.path.dirname(self.path)))
        other.path = f"{self.path}.{uuid.uuid4().hex[:8]}"
        with sqlite3.connect(self.path) as source, sqlite3.connect(other.path) as target:
            source.backup(target)
        return other

    def harm(self, sql):
        """Changes rows without heed of foreign keys."""
        self.rows(sql)

    def drop(self):
        pass


class Postgres:
    name = "PostgreSQL"

    def __init__(self, server_url, template="template1"):
        self.server = server_url
        self.database = f"faults_{uuid.uuid4().hex[:12]}"
        self.url = urlsplit(server_url)._replace(path=f"/{self.database}").geturl()
        self.psql(server_url, f"CREATE DATABASE {self.database} TEMPLATE {template}")

    @staticmethod
    def hex(column):
        return f"replace(CAST({column} AS TEXT), '-', '')"

    @staticmethod
    def each(column, item):
        return f"jsonb_array_elements({column}) AS {item}", lambda member: f"{item}->>'{member}'"

    def rows(self, sql):
        out = self.psql(self.url, sql)
        return [tuple(line.split("\x1f")) for line in out.split("\n") if line]

    def sound(self):
        return True

    @staticmethod
    def days_back(column, days):
        return f"{column} - INTERVAL '{days} days'"

    def copy(self):
        return Postgres(self.server, template=self.database)

    def harm(self, sql):
        self.rows(f"SET session_replication_role = replica; {sql}")

    def drop(self):
        self.psql(self.server, f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")

    @staticmethod
    def psql(url, sql):
        command = ["psql", url, "-X", "-q", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1"]
        done = subprocess.run(command, input=sql, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise RuntimeError(f"psql: {done.stderr}")
        return done.stdout


def number(store, sql):
    """The only number of a query."""
    return int(store.rows(sql)[0][0])
