from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

pytest.register_assert_rewrite("daogou.stores.checks")


def _binary(name: str) -> str | None:
    """From PATH, or from where Debian puts it."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a throw-away PostgreSQL server on its own socket. Skips where none is installed; fails in CI."""
    initdb, pg_ctl = _binary("initdb"), _binary("pg_ctl")
    if initdb is None or pg_ctl is None:
        reason = "PostgreSQL is not installed (apt-get install postgresql)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # A socket's path may be 107 bytes at most, and the server's user must be able to reach it.
    home = Path(tempfile.gettempdir()) / f"daogou-pg-{uuid.uuid4().hex[:8]}"
    home.mkdir(mode=0o755)
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(home, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data = home / "data"

    def run(*command: str) -> None:
        done = subprocess.run([*as_user, *command], cwd=home, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"

    try:
        run(initdb, "-D", str(data), "-U", "daogou", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
        options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off -c max_connections=50"
        run(pg_ctl, "-D", str(data), "-w", "-t", "60", "-l", str(home / "log"), "-o", options, "start")
        try:
            yield f"postgresql+psycopg://daogou@/postgres?host={home}"
        finally:
            run(pg_ctl, "-D", str(data), "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def postgres_address(postgres_server: str) -> Iterator[str]:
    """The address of a fresh, empty database."""
    name = f"d{uuid.uuid4().hex[:12]}"
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()
