"""An object store and an SSH server on this machine alone, for as long as tests need them."""

import atexit
import getpass
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from databases import Cluster, programs

HOST = "lane-share"
"""What the SSH server is called in the settings of ssh."""

_PATIENCE = 60.0
_CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {home}/host_key
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
AuthorizedKeysFile {home}/key.pub
Subsystem sftp internal-sftp {options}
ForceCommand internal-sftp {options}
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def program(name: str) -> str:
    """Where a program is.  Skips the test where it is not here, and fails it in CI."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{name} is not installed")
    return found


def _started(words: list[str], port: int, user: str | None = None) -> subprocess.Popen[bytes]:
    running = subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )
    atexit.register(_ended, running)
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert running.poll() is None, f"{words[0]} ended at once"
            assert time.monotonic() < until, f"{words[0]} does not answer"
            time.sleep(0.05)
        else:
            return running


def _ended(running: subprocess.Popen[bytes]) -> None:
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


@cache
def share_descriptions() -> None:
    """Have botocore read what it knows of a service once, and not for every target."""
    from botocore import loaders, session  # type: ignore[import-untyped]  # noqa: PLC0415

    session.create_loader = cache(loaders.create_loader)


@cache
def s3() -> Mapping[str, str]:
    """The environment in which the store on this machine is S3."""
    port = free_port()
    _started([sys.executable, "-m", "moto.server", "-p", str(port)], port)
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "portcheck",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_DEFAULT_REGION": "eu-west-2",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@cache
def client(service: str) -> Any:
    """Amazon's own program for a service, to look at it by another way than portcheck's."""
    import boto3  # type: ignore[import-untyped]  # noqa: PLC0415 - it takes half a second

    return boto3.client(service)


@cache
def ssh(options: str = "") -> tuple[Path, int]:
    """The home folder from which the server `HOST` is reached, and its port.

    It runs as an ordinary user, and gives access to whatever that user may read and write.
    """
    sshd, keygen = program("sshd"), program("ssh-keygen")
    home = Path(tempfile.mkdtemp(prefix="portcheck-ssh-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    home.chmod(0o755)
    port = free_port()
    for name in ("host_key", "key"):
        words = [keygen, "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(home / name)]
        subprocess.run(words, check=True)
    config = home / "sshd_config"
    config.write_text(_CONFIG.format(port=port, home=home, options=options))
    (home / ".ssh").mkdir(mode=0o700)
    (home / ".ssh/config").write_text(
        f"Host {HOST}\n  HostName 127.0.0.1\n  Port {port}\n  User {_user()}\n"
        f"  IdentityFile {home}/key\n"
    )
    trusted = " ".join((home / "host_key.pub").read_text().split()[:2])
    (home / ".ssh/known_hosts").write_text(f"[127.0.0.1]:{port} {trusted}\n")
    own(home / "host_key", home / "key.pub", config)
    words = [sshd, "-D", "-e", "-f", str(config)]
    _started(words, port, _user() if os.geteuid() == 0 else None)
    return home, port


def own(*paths: Path) -> None:
    """Give files to the user whom the SSH server runs as."""
    if os.geteuid() == 0:
        for path in paths:
            shutil.chown(path, _user(), None)


def _user() -> str:
    return "daemon" if os.geteuid() == 0 else getpass.getuser()


@cache
def database() -> Cluster:
    """A PostgreSQL server with an exchange in its database `exchange`, to be copied, where role
    `lane` was granted everything.
    """
    from portcheck.services.exchange import keeping  # noqa: PLC0415 - it takes half a second

    if programs() is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("PostgreSQL is not installed")
    made = Cluster()
    atexit.register(made.remove)
    made.start()
    made.sql("postgres", "CREATE DATABASE exchange TEMPLATE template0")
    keeping.make(made.url("exchange"), None)
    keeping.grant(made.url("exchange"), None, None, "lane", [])
    return made


@contextmanager
def wary() -> Iterator[None]:
    """Meanwhile the store asks who is there, and what they may, as a real one does."""
    _told("reset-auth", "0")
    try:
        yield
    finally:
        _told("reset-auth", "inf")


def keys_for(name: str, actions: list[str]) -> Mapping[str, str]:
    """The environment of somebody who may do so much at the store, and nothing else."""
    people = client("iam")
    people.create_user(UserName=name)
    rights = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [rights]})
    people.put_user_policy(UserName=name, PolicyName="rights", PolicyDocument=document)
    made = people.create_access_key(UserName=name)["AccessKey"]
    return {
        "AWS_ACCESS_KEY_ID": made["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": made["SecretAccessKey"],
    }


def _told(what: str, content: str) -> None:
    address = f"{s3()['AWS_ENDPOINT_URL']}/moto-api/{what}"
    said = urllib.request.Request(address, content.encode(), {"Content-Type": "text/plain"})
    urllib.request.urlopen(said).close()
