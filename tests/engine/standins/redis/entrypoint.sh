#!/bin/sh
# As the original: options alone are the server's. Debian's configuration would bind to loopback, the original has none.
set -eu
if [ "${1#-}" != "$1" ]; then
    set -- redis-server "$@"
fi
if [ "$1" = redis-server ]; then
    set -- "$@" --protected-mode no --dir /data
fi
exec "$@"
