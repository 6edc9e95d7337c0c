"""A release as the tables of a Postgres schema, so that many people query while runs go on.

One transaction replaces the rows of tables that stay: Postgres shows every statement, and every transaction in
repeatable read, the old release or the new one, and no reader waits. New tables in the place of the old ones would be
empty to a reader whose snapshot is older. Columns that came or went are added and dropped in place; readers of those
tables wait until the transaction ends.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import duckdb

from dagster_project.publishing.catalog import Release
from dagster_project.publishing.postgres_tables import (
    RECORD,
    Table,
    alterations,
    definition,
    key_of,
    record_table,
    released_tables,
)
from dagster_project.sources.files.connection import is_away, load_extension
from dagster_project.storage.sql import identifier, identifier_list, literal

CONNECT_SECONDS = 10
LOCK_TRIES = 200
LOCKS_WITHIN_MS = 900
"""Less than Postgres's deadlock_timeout: where readers and a publish wait for each other, the publish gives way."""


class PublishError(Exception):
    """A release cannot be published; the message says why and what to do, and holds no password."""


class PostgresAwayError(PublishError):
    """The server does not answer now."""


@dataclass(frozen=True)
class Target:
    """The Postgres database to publish to; `address` holds the password, `told` is what people may read."""

    address: str = field(repr=False)
    schema: str

    @property
    def reader(self) -> str:
        """The role that may read the tables and nothing else."""
        return f"{self.schema}_reader"

    @property
    def told(self) -> str:
        """user@host:port/database."""
        parts = urlsplit(self.address)
        place = (parts.netloc.rpartition("@")[2] or "localhost") + parts.path
        return f"{unquote(parts.username)}@{place}" if parts.username else place

    def without_secrets(self, message: str) -> str:
        """What Postgres says in `message`, or its first line, without the address and its password."""
        password = urlsplit(self.address).password or ""
        said = re.findall(r"(?:ERROR|FATAL|DETAIL):\s+(.+)", message) or message.splitlines()[:1]
        line = "; ".join(said).rstrip(".").replace(self.address, self.told)
        for secret in {password, unquote(password)} - {""}:
            line = line.replace(secret, "***")
        return line


def target_at(address: str, schema: str) -> Target:
    """Raises PublishError for an address that is not `postgres://user@host/database`, and for an odd schema name."""
    if not re.match(r"postgres(ql)?://[^/]*/\w", address):
        raise PublishError("HIRING_PULSE_PUBLISH_URL: write postgres://user:password@host:5432/database")
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,30}", schema):
        raise PublishError(f"HIRING_PULSE_PUBLISH_SCHEMA: {schema!r} is no name; small letters, digits and _ make one")
    return Target(address, schema)


def publish_to_postgres(release: Release, target: Target) -> bool:
    """Make the target's schema hold the tables of `release`; False where it holds them already and nothing changed.

    The role `<schema>_reader` is made where it is absent and may read them. Raises PublishError; the release that was
    there stays whole then.
    """
    if release.is_pruned:
        raise PublishError(f"{release.database}: no such file; publish a release that was not pruned")
    with _session(release, target) as connection:
        tables = released_tables(connection)
        with _transaction(connection, target):
            former = _require_own_schema(connection, target, release)
            if former == release.id:
                return False
            if former is None:
                _run(connection, f"create schema {target.schema}")
            _bring_into_shape(connection, target, tables)
            _fill(connection, target, tables)
            _record(connection, target, release)
            _describe(connection, target, tables)
            _let_read(connection, target)
        return True


@contextmanager
def _session(release: Release, target: Target) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB with the release as `released` and the target as `pg`; its errors become PublishErrors without secrets."""
    try:
        with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
            load_extension(connection, "postgres_scanner")
            connection.execute(f"attach {literal(str(release.database))} as released (read_only)")
            limit = "&" if "?" in target.address else "?"
            connection.execute(
                f"attach {literal(f'{target.address}{limit}connect_timeout={CONNECT_SECONDS}')} as pg (type postgres)"
            )
            yield connection
    except duckdb.Error as error:
        told, kind = target.without_secrets(str(error)), PostgresAwayError if is_away(error) else PublishError
    else:
        return
    if "permission denied to create role" in told:
        told += f"; give its user CREATEROLE, or have an administrator `create role {target.reader} nologin` once"
    # Outside the handler: the error of DuckDB, which holds the address, must not hang on this one as its context.
    raise kind(
        f"Postgres at {target.told}: {told}. Mend that and run `hiring-pulse publish`; until then readers keep the "
        "release that was there"
    )


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection, target: Target) -> Iterator[None]:
    """One transaction of Postgres; a second publish at the same time is refused."""
    connection.execute("begin")
    try:
        _run(
            connection,
            f"""do $$ begin
                if not pg_try_advisory_xact_lock(hashtext({literal(target.schema)})) then
                    raise exception 'another publish to schema {target.schema} is running';
                end if;
            end $$""",
        )
        yield
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def _run(connection: duckdb.DuckDBPyConnection, statements: str) -> None:
    connection.execute(f"call postgres_execute('pg', {literal(statements)})")


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[str, ...]]:
    return connection.execute(f"from postgres_query('pg', {literal(query)})").fetchall()


def _require_own_schema(connection: duckdb.DuckDBPyConnection, target: Target, release: Release) -> str | None:
    """Id of the release in the schema, None where there is no schema; PublishError where it is somebody else's."""
    place = f"schema {target.schema} of {target.told}"
    if not _rows(connection, f"select 1 from pg_namespace where nspname = {literal(target.schema)}"):
        return None
    if not _rows(connection, f"select 1 where to_regclass({literal(f'{target.schema}.{RECORD}')}) is not null"):
        raise PublishError(f"{place} holds other tables; name a schema of its own in HIRING_PULSE_PUBLISH_SCHEMA")
    ((former, sources),) = _rows(connection, f"select release_id, sources from {target.schema}.{RECORD}")
    if release.feed and sources != release.feed.sources:
        raise PublishError(f"{place} holds the feed {sources}; name another one in HIRING_PULSE_PUBLISH_SCHEMA")
    return former


def _bring_into_shape(connection: duckdb.DuckDBPyConnection, target: Target, tables: list[Table]) -> None:
    """Create, drop and alter what differs; a table whose key differs is made anew."""
    present, wanted = (
        _present_tables(connection, target),
        {table.name: table for table in tables} | {RECORD: record_table()},
    )
    remade = {name for name, table in present.items() if name in wanted and key_of(table) != key_of(wanted[name])}
    dropped = sorted(remade | (present.keys() - wanted.keys()))
    altered = {
        name: alterations(present[name], wanted[name]) for name in sorted(present.keys() & wanted.keys() - remade)
    }
    altered = {name: parts for name, parts in altered.items() if parts}
    _lock(connection, target, [*dropped, *altered])
    statements = [f"drop table {_place(target, name)}" for name in dropped]
    statements += [f"alter table {_place(target, name)} {', '.join(parts)}" for name, parts in altered.items()]
    created = sorted(wanted.keys() - (present.keys() - remade))
    statements += [f"create table {_place(target, name)} ({definition(wanted[name])})" for name in created]
    if statements:
        _run(connection, ";\n".join(statements))
        connection.execute("call pg_clear_cache()")


def _present_tables(connection: duckdb.DuckDBPyConnection, target: Target) -> dict[str, Table]:
    """Table -> columns and key as the schema has them; comments are left out."""
    rows = _rows(
        connection,
        "select c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), k.attnum is not null"
        " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
        " left join (select indrelid, unnest(indkey) as attnum from pg_index where indisprimary) k"
        " on k.indrelid = c.oid and k.attnum = a.attnum"
        f" where c.relkind = 'r' and c.relnamespace = {literal(target.schema)}::regnamespace order by c.oid, a.attnum",
    )
    tables: dict[str, Table] = {}
    for name, column, kind, is_key in rows:
        table = tables.setdefault(name, Table(name, [], [], "", {}))
        table.columns.append((column, kind))
        table.key.extend([column] * bool(is_key))
    return tables


def _lock(connection: duckdb.DuckDBPyConnection, target: Target, names: list[str]) -> None:
    """All tables or none, so that this transaction holds nothing while it waits for a reader."""
    if not names:
        return
    places = ", ".join(_place(target, name) for name in names)
    _run(
        connection,
        f"""do $$ begin
            perform set_config('lock_timeout', '{max(LOCKS_WITHIN_MS // len(names), 20)}ms', true);
            for attempt in 1..{LOCK_TRIES} loop
                begin
                    lock table {places} in access exclusive mode;
                    perform set_config('lock_timeout', '0', true);
                    return;
                exception when lock_not_available then
                    perform pg_sleep(0.1);
                end;
            end loop;
            raise exception 'readers do not let go of %', {literal(places)};
        end $$""",
    )


def _place(target: Target, name: str) -> str:
    return f"{target.schema}.{identifier(name)}"


def _fill(connection: duckdb.DuckDBPyConnection, target: Target, tables: list[Table]) -> None:
    for table in tables:
        place, columns = _place(target, table.name), identifier_list(column for column, _ in table.columns)
        _run(connection, f"delete from {place}")
        connection.execute(
            f"insert into pg.{place} ({columns}) select {columns} from released.{identifier(table.name)}"
        )


def _record(connection: duckdb.DuckDBPyConnection, target: Target, release: Release) -> None:
    sources = release.feed.sources if release.feed else ""
    told = [release.id, release.month, release.released_at.isoformat(), release.schema_version, sources]
    values = ", ".join(literal(value) for value in told)
    place = f"{target.schema}.{RECORD}"
    _run(connection, f"delete from {place}; insert into {place} values ({values}, now())")


def _describe(connection: duckdb.DuckDBPyConnection, target: Target, tables: list[Table]) -> None:
    statements = []
    for table in [*tables, record_table()]:
        place = _place(target, table.name)
        statements.append(f"comment on table {place} is {literal(table.comment)}")
        statements += [
            f"comment on column {place}.{identifier(column)} is {literal(said)}"
            for column, said in table.comments.items()
        ]
    _run(connection, ";\n".join(statements))


def _let_read(connection: duckdb.DuckDBPyConnection, target: Target) -> None:
    """Make the role where it is absent, and let it read each table that it cannot read yet."""
    reader, schema = literal(target.reader), literal(target.schema)
    _run(
        connection,
        f"""do $$ declare place regclass; begin
            if not exists (select from pg_roles where rolname = {reader}) then
                create role {target.reader} nologin;
            end if;
            if not has_schema_privilege({reader}, {schema}, 'usage') then
                grant usage on schema {target.schema} to {target.reader};
            end if;
            for place in select oid::regclass from pg_class
                where relkind = 'r' and relnamespace = {schema}::regnamespace
                and not has_table_privilege({reader}, oid, 'select')
            loop
                execute format('grant select on %s to {target.reader}', place);
            end loop;
        end $$""",
    )
