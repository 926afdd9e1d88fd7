"""Tells what it sees: of whom it runs as, of what it may do, and of the services that it needs."""

import os
from contextlib import asynccontextmanager

import psycopg
import redis
from fastapi import FastAPI, Response

GREETING = "hello"


@asynccontextmanager
async def lifespan(app: FastAPI):
    print(f"starts pid={os.getpid()}", flush=True)
    yield
    print(f"ends pid={os.getpid()}", flush=True)


app = FastAPI(lifespan=lifespan)


@app.get("/healthz")
def healthz() -> dict:
    return {"status": "ok"}


@app.get("/readyz")
def readyz(response: Response) -> dict:
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=3) as connection:
            orders = connection.execute("SELECT count(*) FROM orders").fetchone()[0]
        redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=3).ping()
    except (psycopg.Error, redis.RedisError) as error:
        response.status_code = 503
        return {"status": str(error)}
    return {"status": "ready", "orders": orders}


@app.get("/greeting")
def greeting() -> str:
    return GREETING


@app.get("/self")
def self() -> dict:
    with open("/proc/self/status") as file:
        status = dict(line.strip().split(":\t", 1) for line in file if ":\t" in line)
    return {
        "uid": os.getuid(),
        "gid": os.getgid(),
        "worker": os.getpid(),
        "parent": os.getppid(),
        "capabilities": status["CapEff"] + status["CapBnd"],
        "no_new_privileges": status["NoNewPrivs"],
        "seccomp": status["Seccomp"],
        "writable": [path for path in ("/", "/app", "/tmp") if is_writable(path)],
    }


def is_writable(path: str) -> bool:
    probe = os.path.join(path, "probe")
    try:
        with open(probe, "w"):
            pass
        os.unlink(probe)
    except OSError:
        return False
    return True
