"""A release in Postgres: its readers see the old one or the new one, whatever happens to the publisher."""

import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from dagster_project.publishing.catalog import FeedName, Release
from dagster_project.publishing.dictionary import read_dictionary
from dagster_project.publishing.export import BI_FOLDER
from dagster_project.publishing.postgres import PublishError, Target, publish_to_postgres, target_at
from dagster_project.publishing.postgres_tables import postgres_type
from dagster_project.sources.files.connection import load_extension
from tests.support.postgres_server import running_postgres
from tests.support.small_release import GROWTH

Publish = Callable[..., Release]
SUM = "select sum(post_count)::bigint from hiring_pulse.monthly_growth"
PAIR = f"select (select release_id from hiring_pulse.published_release), ({SUM})"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_postgres() as running:
        with connected(running.address) as owner:
            execute(owner, "create role analyst login")
        yield running.address


@pytest.fixture
def target(server: str) -> Iterator[Target]:
    """The schema `hiring_pulse` of a server on which nothing was published."""
    yield target_at(server, "hiring_pulse")
    with connected(server) as owner:
        for (name,) in rows(owner, "select nspname::text from pg_namespace where nspname like 'hiring_pulse%'"):
            execute(owner, f'drop schema "{name}" cascade')
        execute(owner, "drop role if exists hiring_pulse_reader")


@contextmanager
def connected(address: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        load_extension(connection, "postgres_scanner")
        connection.execute(f"attach '{address}' as pg (type postgres)")
        yield connection


@contextmanager
def reading(target: Target) -> Iterator[duckdb.DuckDBPyConnection]:
    """A session of somebody who was let read."""
    with connected(target.address) as owner:
        execute(owner, f"grant {target.reader} to analyst")
    with connected(target.address.replace("owner:secret", "analyst")) as analyst:
        yield analyst


def execute(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    connection.execute("call postgres_execute('pg', ?)", [statement])


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return connection.execute("from postgres_query('pg', ?)", [query]).fetchall()


def change_as_owner(target: Target, statement: str) -> None:
    with connected(target.address) as owner:
        execute(owner, statement)


def test_a_member_of_the_reader_role_reads_the_rows_with_their_comments(publish: Publish, target: Target) -> None:
    release = publish(120)
    assert publish_to_postgres(release, target)
    with reading(target) as analyst:
        assert rows(analyst, PAIR) == [(release.id, 228)]
        assert rows(analyst, "select growth_pct from hiring_pulse.monthly_growth where series_id = 'legal'")[0] == (
            pytest.approx(-3.5),
        )
        ((comment, column),) = rows(
            analyst,
            "select obj_description('hiring_pulse.monthly_growth'::regclass),"
            " col_description('hiring_pulse.monthly_growth'::regclass, 2)",
        )
    assert (comment, column) == (GROWTH.description, GROWTH.columns[1].description)


def test_the_reader_role_can_change_nothing(publish: Publish, target: Target) -> None:
    publish_to_postgres(publish(), target)
    with reading(target) as analyst:
        for statement in (
            "delete from hiring_pulse.monthly_growth",
            "insert into hiring_pulse.pulse_shares values ('mine')",
            "create table hiring_pulse.mine (a int)",
            "drop table hiring_pulse.pulse_shares",
            "truncate hiring_pulse.pulse_shares",
        ):
            with pytest.raises(duckdb.Error, match=r"permission denied|must be owner"):
                execute(analyst, statement)


def test_a_user_who_may_make_no_role_is_told_both_ways_out_and_an_administrator_s_role_is_enough(
    publish: Publish, target: Target
) -> None:
    with connected(target.address) as owner:
        execute(owner, "create role plain login")
        (database,) = rows(owner, "select current_database()::text")[0]
        execute(owner, f"grant create on database {database} to plain")
    try:
        plain = target_at(target.address.replace("owner:secret", "plain"), "hiring_pulse")
        with pytest.raises(PublishError, match="CREATEROLE, or have an administrator `create role hiring_pulse_reader"):
            publish_to_postgres(publish(), plain)
        with connected(target.address) as owner:
            execute(owner, "create role hiring_pulse_reader nologin")
        assert publish_to_postgres(publish(), plain)
    finally:
        with connected(target.address) as owner:
            execute(owner, "drop owned by plain cascade")
            execute(owner, "drop role plain")


def test_the_same_release_a_second_time_changes_nothing(publish: Publish, target: Target) -> None:
    release = publish()
    state = (
        "select xmin::text, (select max(xmin::text::bigint) from hiring_pulse.monthly_growth)::text, published_at::text"
    )
    with connected(target.address) as owner:
        assert publish_to_postgres(release, target)
        before = rows(owner, f"{state} from hiring_pulse.published_release")
        assert not publish_to_postgres(release, target)
        assert rows(owner, f"{state} from hiring_pulse.published_release") == before


def test_readers_meet_whole_releases_and_no_error_while_others_replace_them(publish: Publish, target: Target) -> None:
    releases = [publish(count) for count in range(6)]
    whole = {(release.id, 108 + count) for count, release in enumerate(releases)}
    publish_to_postgres(releases[0], target)
    seen, failures, is_done = set(), [], threading.Event()

    def read_all_the_time() -> None:
        with reading_again() as analyst:
            while not is_done.is_set():
                try:
                    seen.update(rows(analyst, PAIR))
                except BaseException as error:
                    failures.append(error)

    @contextmanager
    def reading_again() -> Iterator[duckdb.DuckDBPyConnection]:
        with connected(target.address.replace("owner:secret", "analyst")) as analyst:
            yield analyst

    with reading(target):
        readers = [threading.Thread(target=read_all_the_time) for _ in range(3)]
        for reader in readers:
            reader.start()
        for number, release in enumerate(releases[1:]):
            if number in (1, 3):  # of a release with other columns
                change_as_owner(target, f"alter table hiring_pulse.monthly_growth add column former_{number} text")
                change_as_owner(target, f"alter table hiring_pulse.published_release add column former_{number} text")
            publish_to_postgres(release, target)
        is_done.set()
        for reader in readers:
            reader.join()
    assert failures == []
    assert seen <= whole and len(seen) > 2


def test_a_transaction_goes_on_seeing_the_release_that_it_began_with(publish: Publish, target: Target) -> None:
    first, second = publish(1), publish(2)
    publish_to_postgres(first, target)
    with reading(target) as analyst:
        analyst.execute("begin")  # repeatable read
        assert rows(analyst, PAIR) == [(first.id, 109)]
        publish_to_postgres(second, target)
        assert rows(analyst, PAIR) == [(first.id, 109)]
        analyst.execute("commit")
        assert rows(analyst, PAIR) == [(second.id, 110)]


def test_a_publish_that_fails_half_way_leaves_the_old_release_whole(publish: Publish, target: Target) -> None:
    first, second = publish(1), publish(2)
    publish_to_postgres(first, target)
    change_as_owner(target, "alter table hiring_pulse.monthly_growth add constraint shut check (false) not valid")
    with pytest.raises(PublishError, match=r"violates check constraint.*`hiring-pulse publish`"):
        publish_to_postgres(second, target)
    with reading(target) as analyst:
        assert rows(analyst, PAIR) == [(first.id, 109)]
    change_as_owner(target, "alter table hiring_pulse.monthly_growth drop constraint shut")
    assert publish_to_postgres(second, target)


KILLED = """
    import os, signal
    from pathlib import Path
    from dagster_project.publishing import postgres
    from dagster_project.publishing.catalog import read_release

    postgres._record = lambda *arguments: os.kill(os.getpid(), signal.SIGKILL)
    postgres.publish_to_postgres(read_release(Path({release!r})), postgres.target_at({address!r}, "hiring_pulse"))
"""


def test_a_killed_publish_leaves_the_old_release_and_the_next_one_succeeds(publish: Publish, target: Target) -> None:
    first, second = publish(1), publish(2)
    publish_to_postgres(first, target)
    script = textwrap.dedent(KILLED).format(release=str(second.path), address=target.address)
    killed = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[3], check=False)
    assert killed.returncode == -signal.SIGKILL
    with reading(target) as analyst:
        assert rows(analyst, PAIR) == [(first.id, 109)]
        assert publish_to_postgres(second, target)
        assert rows(analyst, PAIR) == [(second.id, 110)]


def test_columns_and_tables_that_came_or_went_do_so_in_place(publish: Publish, target: Target) -> None:
    publish_to_postgres(publish(1), target)
    change_as_owner(target, "create view public.mine as select month from hiring_pulse.published_release")
    change_as_owner(
        target,
        "alter table hiring_pulse.monthly_growth add column former text, drop column growth_pct,"
        " drop column post_count, add column post_count text;"
        "create table hiring_pulse.former (a int); drop table hiring_pulse.pulse_shares",
    )
    publish_to_postgres(second := publish(2), target)
    with reading(target) as analyst:
        assert rows(analyst, PAIR) == [(second.id, 110)]
        assert rows(analyst, "select count(growth_pct)::int from hiring_pulse.monthly_growth") == [(2,)]
        assert rows(analyst, "select count(*)::int from hiring_pulse.pulse_shares") == [(0,)]
        with pytest.raises(duckdb.Error, match="former"):
            rows(analyst, "select former from hiring_pulse.monthly_growth")
        with pytest.raises(duckdb.Error, match="former"):
            rows(analyst, "select * from hiring_pulse.former")
    with connected(target.address) as owner:
        assert rows(owner, "select month from public.mine") == [("2025-11",)]
        execute(owner, "drop view public.mine")


def test_a_view_on_a_column_that_went_is_named_and_stays(publish: Publish, target: Target) -> None:
    publish_to_postgres(publish(1), target)
    change_as_owner(target, "alter table hiring_pulse.monthly_growth add column former text")
    change_as_owner(target, "create view hiring_pulse.mine as select former from hiring_pulse.monthly_growth")
    with pytest.raises(PublishError, match=r"other objects depend on it; view hiring_pulse\.mine"):
        publish_to_postgres(publish(2), target)


def test_a_table_whose_key_changed_is_made_anew(publish: Publish, target: Target) -> None:
    publish_to_postgres(publish(1), target)
    change_as_owner(target, "alter table hiring_pulse.monthly_growth drop constraint monthly_growth_pkey")
    publish_to_postgres(publish(2), target)
    with pytest.raises(duckdb.Error, match="duplicate key"):
        change_as_owner(target, "insert into hiring_pulse.monthly_growth select * from hiring_pulse.monthly_growth")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgres://owner:pass%20word@127.0.0.1:1/postgres", "owner@127.0.0.1:1/postgres.*Connection refused"),
        ("postgres://owner:pass%20word@127.0.0.1/", "write postgres://"),
        ("mysql://owner:pass%20word@127.0.0.1/base", "write postgres://"),
    ],
)
def test_without_postgres_one_sentence_says_what_to_do_and_no_password(
    publish: Publish, address: str, said: str
) -> None:
    with pytest.raises(PublishError, match=said) as caught:
        publish_to_postgres(publish(), target_at(address, "hiring_pulse"))
    assert "word@" not in str(caught.value).replace("password@", "") and "pass%" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__context__ is None and caught.value.__cause__ is None


def test_a_schema_with_other_tables_or_of_another_feed_is_left_alone(publish: Publish, target: Target) -> None:
    mine = replace(publish(1), feed=FeedName("mine", is_simulated=True))
    change_as_owner(target, "create schema hiring_pulse; create table hiring_pulse.theirs (a int)")
    with pytest.raises(PublishError, match="holds other tables; name a schema of its own"):
        publish_to_postgres(mine, target)
    change_as_owner(target, "drop schema hiring_pulse cascade")
    publish_to_postgres(mine, target)
    with pytest.raises(PublishError, match="holds the feed mine"):
        publish_to_postgres(replace(publish(2), feed=FeedName("theirs", is_simulated=True)), target)


def test_a_second_publish_at_the_same_time_is_refused(publish: Publish, target: Target) -> None:
    with connected(target.address) as other:
        other.execute("begin")
        execute(other, "select pg_advisory_xact_lock(hashtext('hiring_pulse'))")
        with pytest.raises(PublishError, match="another publish to schema hiring_pulse is running"):
            publish_to_postgres(publish(), target)
        other.execute("rollback")


def test_every_type_of_a_released_column_arrives_as_it_was(publish: Publish, target: Target) -> None:
    release = publish()
    values = """
        select 1 as key, true as is_so, 1.5::double as ratio, 2::integer as few, 12.345678::decimal(18, 6) as exact,
        timestamp '2025-11-02 03:04:05.123456' as at_utc, timestamptz '2025-11-02 03:04:05+00' as at_zone,
        [1, 2]::bigint[] as many, ['a''b', 'é'] as words, date '2025-11-02' as day, null::varchar as nothing
    """
    release.database.chmod(0o644)
    with duckdb.connect(str(release.database)) as file:
        file.execute(f"create table every_type as {values}")
    publish_to_postgres(release, target)
    with reading(target) as analyst:
        assert analyst.sql("from pg.hiring_pulse.every_type").fetchall() == duckdb.sql(values).fetchall()
    assert postgres_type("DECIMAL(9,6)") == "numeric(9,6)"


def test_the_record_tells_which_release_is_read(publish: Publish, target: Target) -> None:
    release = publish()
    publish_to_postgres(release, target)
    with reading(target) as analyst:
        (record,) = rows(analyst, "select month, released_at, schema_version from hiring_pulse.published_release")
    assert record[0] == "2025-11" and record[2] == release.schema_version
    assert datetime.fromisoformat(str(record[1])).astimezone(UTC) == release.released_at


def test_every_measure_of_the_bi_tables_is_sql_of_postgres_too(server: str) -> None:
    with connected(server) as owner:
        for table in read_dictionary(BI_FOLDER).marts:
            columns = ", ".join(f"{column.name} {postgres_type(column.data_type.upper())}" for column in table.columns)
            execute(owner, f"create table {table.name} ({columns})")
            measures = ", ".join(f"{measure.sql} as {measure.name}" for measure in table.measures)
            assert set(rows(owner, f"select {measures} from {table.name}")[0]) == {None}
