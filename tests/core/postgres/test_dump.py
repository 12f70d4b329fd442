"""A database into a file and back, into the same version and an older one."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from neighbourly.core.postgres import Cluster, DumpFailed, RestoreFailed, TargetNotEmpty, dump, restore
from neighbourly.core.postgres.dump import understood

pytestmark = pytest.mark.embedded

# One of each kind of thing that the product's schema is made of.
SCHEMA = """
    CREATE EXTENSION btree_gist;
    CREATE EXTENSION unaccent;
    CREATE TYPE mood AS ENUM ('glad', 'sad');
    CREATE TABLE things (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        title text NOT NULL,
        mood mood,
        location point NOT NULL,
        during tstzrange,
        words tsvector GENERATED ALWAYS AS (to_tsvector('french', title)) STORED,
        EXCLUDE USING gist (title WITH =, during WITH &&)
    );
    COMMENT ON TABLE things IS 'what neighbours lend';
    CREATE INDEX ON things USING gist (location);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'for ever'; END $$;
    CREATE TRIGGER immutable BEFORE UPDATE ON things FOR EACH ROW EXECUTE FUNCTION refuse();
    INSERT INTO things (title, mood, location, during)
        SELECT 'SET perçeuse = ' || n, 'glad', point(n, n), tstzrange('2026-01-01Z', '2026-01-02Z')
        FROM generate_series(1, 5000) n;
"""
CONTENT = "SELECT id, title, mood::text, location::text, during::text, words::text FROM things ORDER BY id"


def database(cluster: Cluster, name: str) -> str:
    """A new, empty database beside the cluster's own."""
    with psycopg.connect(cluster.conninfo, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return make_conninfo(cluster.conninfo, dbname=name)


def rows(conninfo: str) -> list[tuple]:
    with psycopg.connect(conninfo) as connection:
        return connection.execute(CONTENT).fetchall()


@pytest.fixture(scope="module")
def filled(cluster) -> Cluster:
    with psycopg.connect(cluster.conninfo) as connection:
        connection.execute(SCHEMA)
    return cluster


@pytest.fixture(scope="module")
def file(filled, tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("été") / "a backup.dump"
    dump(filled.url, made)
    return made


def test_a_dump_comes_back_whole(filled, file):
    target = database(filled, "restored")
    restore(file, target)
    assert rows(target) == rows(filled.conninfo)
    with psycopg.connect(target) as connection, pytest.raises(psycopg.errors.RaiseException, match="for ever"):
        connection.execute("UPDATE things SET title = ''")


def test_a_dump_goes_into_an_older_server(filled, file, other_major, folder):
    with Cluster(folder, other_major).running() as older:
        restore(file, older.url)
        assert rows(older.conninfo) == rows(filled.conninfo)


def test_a_dump_of_an_older_server_goes_into_the_embedded_one(cluster, other_major, folder, tmp_path):
    with Cluster(folder, other_major).running() as older:
        with psycopg.connect(older.conninfo) as connection:
            connection.execute(SCHEMA)
        dump(older.url, tmp_path / "older.dump")
        target = database(cluster, "from_older")
        restore(tmp_path / "older.dump", target)
        assert rows(target) == rows(older.conninfo)


def test_a_dump_is_of_one_moment_while_others_write(cluster, tmp_path):
    source, target = database(cluster, "busy"), database(cluster, "snapshot")
    with psycopg.connect(source) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.commit()
        connection.execute("INSERT INTO kept VALUES (1)")
        dump(source, tmp_path / "file")
    restore(tmp_path / "file", target)
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_dump_may_be_of_the_moment_that_a_transaction_sees(cluster, tmp_path):
    source, target = database(cluster, "moving"), database(cluster, "still")
    with psycopg.connect(source) as reader, psycopg.connect(source, autocommit=True) as writer:
        writer.execute("CREATE TABLE kept (n int)")
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        (moment,) = reader.execute("SELECT pg_export_snapshot()").fetchone()
        writer.execute("INSERT INTO kept VALUES (1)")
        dump(source, tmp_path / "file", snapshot=moment)
    restore(tmp_path / "file", target)
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_only_its_owner_reads_a_dump(file):
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_target_with_tables_is_refused(filled, file):
    with pytest.raises(TargetNotEmpty, match="holds tables already"):
        restore(file, filled.url)


def test_an_extension_alone_leaves_a_target_empty(filled, file):
    target = database(filled, "with_extension")
    with psycopg.connect(target) as connection:
        connection.execute("CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gist")
    restore(file, target)
    assert len(rows(target)) == 5000


@pytest.mark.parametrize("kept", [0, 100, 0.5, 0.98])
def test_a_cut_file_restores_nothing(filled, file, tmp_path, kept):
    cut, whole = tmp_path / "cut", file.read_bytes()
    cut.write_bytes(whole[: int(kept * len(whole)) if isinstance(kept, float) else kept])
    target = database(filled, "cut")
    with pytest.raises(RestoreFailed, match=r"cut cannot be restored: .*\.$"):
        restore(cut, target)
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT to_regclass('things')").fetchone() == (None,)


def test_what_the_target_refuses_is_told_and_undone(filled, file):
    target = database(filled, "clash")
    with psycopg.connect(target) as connection:
        connection.execute("CREATE TYPE mood AS ENUM ('other')")
    with pytest.raises(RestoreFailed, match=r'type "mood" already exists\.$'):
        restore(file, target)
    with psycopg.connect(target) as connection:
        assert connection.execute("SELECT to_regclass('things')").fetchone() == (None,)


def test_a_dump_that_takes_too_long_is_given_up(filled, file):
    target = database(filled, "slow")
    with pytest.raises(RestoreFailed, match=r"took longer than 0 s\.$"):
        restore(file, target, seconds=0.01)


def test_a_missing_file_and_an_unwritable_place_are_one_sentence(filled, tmp_path):
    with pytest.raises(RestoreFailed, match=r"could not open input file .*No such file or directory\.$"):
        restore(tmp_path / "missing", database(filled, "none"))
    with pytest.raises(DumpFailed, match=r"cannot be written: No such file or directory\.$"):
        dump(filled.url, tmp_path / "no" / "where")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ana:s3cret@127.0.0.1:1/town",
        "postgresql://ana:s3cret@127.0.0.1:1/town",
        "host=127.0.0.1 port=1 user=ana password=s3cret",
        "postgresql+psycopg://ana:s3cret@127.0.0.1:port/town",
        "postgresql+nonsense",
        "nonsense",
    ],
)
def test_a_database_out_of_reach_is_one_sentence_without_its_password(url, tmp_path):
    with pytest.raises(DumpFailed, match=r"^The database cannot be reached: .*\.$") as refusal:
        dump(url, tmp_path / "file")
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("SET statement_timeout = 0;", True),
        ("SET transaction_timeout = 0;", False),
        ("ALTER TABLE ONLY public.things ALTER COLUMN id SET (pg_attver=29717760);", False),
        ("ALTER TABLE ONLY public.things ALTER COLUMN id SET (n_distinct=7);", True),
    ],
)
def test_a_target_is_told_only_what_it_knows(line, kept):
    script = [b"--\n", f"{line}\n".encode(), b"CREATE TABLE things (id int);\n"]
    assert (script[1] in list(understood(iter(script), {b"statement_timeout"}))) is kept


@pytest.mark.parametrize("line", [b"SET amount = 0;\n", b"SET transaction_timeout = 0;\n"])
def test_the_bodies_of_functions_and_the_rows_are_left_alone(line):
    script = iter(
        [b"CREATE FUNCTION f()\n", b"    AS $$ UPDATE t\n", line, b"$$;\n", b"COPY t FROM stdin;\n", b"row\n"]
    )
    assert line in list(understood(script, set()))
    assert list(script) == [b"row\n"]
