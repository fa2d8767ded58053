# Installs what the tests need and the machine lacks. Sourced by tests/run.

apt_updated=no

# apt_install PACKAGE…: as root, or by sudo.
apt_install() {
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo > /dev/null; then
            printf 'These packages are missing, and there is no sudo to install them: %s\n' "$*" >&2
            exit 2
        fi
        as_root=(sudo -n)
    fi
    printf '== installing %s\n' "$*"
    if [ "$apt_updated" = no ]; then
        "${as_root[@]}" apt-get update -qq < /dev/null
        apt_updated=yes
    fi
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" \
        < /dev/null > "$work/apt.log" 2>&1 || { cat "$work/apt.log" >&2; exit 2; }
}

# need COMMAND PACKAGE…: the packages, unless the command is there.
need() {
    local command="$1"
    shift
    command -v "$command" > /dev/null || apt_install "$@"
}

install_rust_parts() {
    if ! command -v cargo > /dev/null && [ -e "$HOME/.cargo/env" ]; then
        source "$HOME/.cargo/env"
    fi
    if ! command -v cargo > /dev/null; then
        printf 'Rust is missing: see https://rustup.rs\n' >&2
        exit 2
    fi
    need cc build-essential
    if ! cargo fmt --version > /dev/null 2>&1 || ! cargo clippy --version > /dev/null 2>&1; then
        rustup component add rustfmt clippy
    fi
}

install_postgres() {
    compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null || apt_install postgresql
}

# A clock that can be set wrong, certificates, a view of system calls, and the client of PostgreSQL.
install_faults() {
    need python3 python3
    need psql postgresql-client
    need openssl openssl
    need strace strace
    need ps procps
    [ -e /usr/lib/python3/dist-packages/fusepy.py ] || apt_install python3-fusepy
    compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' > /dev/null || apt_install libfaketime
}

# Independent readers of what the program makes: codes and sheets.
install_readers() {
    need zbarimg zbar-tools
    need pdftotext poppler-utils
    # The bill of materials is written by it.
    need python3 python3
}

# libFuzzer is C++, compiled with the targets.
install_fuzz() {
    need c++ g++
}

# Schemathesis comes from PyPI into an environment of its own.
install_api() {
    need python3 python3 python3-venv
    python3 -c 'import ensurepip, venv' 2> /dev/null || apt_install python3-venv
}

install_browser() {
    need chromium chromium
    need node nodejs
    need npm npm
    need fc-list fontconfig
    compgen -G '/usr/lib/*/faketime/libfaketime.so.1' > /dev/null || apt_install libfaketime
    # Without a Chinese font the screens are full of boxes, and so are the measured widths.
    [ -n "$(fc-list :lang=zh-cn 2> /dev/null)" ] || apt_install fonts-noto-cjk
}
