"""Makes the tables that the service needs; once for each version."""

import os

import psycopg


def main() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS orders (number integer PRIMARY KEY)")
        connection.execute("INSERT INTO orders VALUES (1) ON CONFLICT DO NOTHING")
    print("migrated", flush=True)


if __name__ == "__main__":
    main()
