# A throw-away PostgreSQL server on a free port of this machine. Sourced by tests/run.

postgres_data=
postgres_bin=

# as_postgres COMMAND…: PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

# A port below those that the system hands out, that nothing listens on.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 10000))
        if ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
            printf '%s' "$port"
            return
        fi
    done
}

# postgres_start FOLDER: makes and starts a server there, and sets POSTGRES_URL.
postgres_start() {
    local folder="$1" port try
    postgres_bin="$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)"
    mkdir -p "$folder"
    if [ "$(id -u)" -eq 0 ]; then chown postgres "$folder"; fi
    as_postgres "$postgres_bin/initdb" -D "$folder/data" -U mashang -A trust -E UTF8 --locale=C.UTF-8 --no-sync > "$work/initdb.log" 2>&1 \
        || { cat "$work/initdb.log" >&2; exit 2; }
    for try in 1 2 3 4 5; do
        port="$(free_port)"
        # What is in it is thrown away: no need to wait for the disk.
        if as_postgres "$postgres_bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -t 60 -o \
            "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=400" \
            start > /dev/null 2>&1 < /dev/null; then
            postgres_data="$folder/data"
            POSTGRES_URL="postgres://mashang@127.0.0.1:$port/postgres"
            printf '\n== PostgreSQL %s on port %s\n' "$("$postgres_bin/postgres" --version | awk '{ print $3 }')" "$port"
            return
        fi
    done
    printf 'PostgreSQL did not start:\n' >&2
    cat "$folder/server.log" >&2
    exit 2
}

postgres_stop() {
    if [ -n "$postgres_data" ]; then
        as_postgres "$postgres_bin/pg_ctl" -D "$postgres_data" -m immediate -w stop > /dev/null 2>&1 || true
        postgres_data=
    fi
}
