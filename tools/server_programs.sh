#!/bin/sh
# Prints the folder that holds a program for tests; installs it where that may be done, else says what to type and fails.
# tools/server_programs.sh postgresql|mariadb|java|chromium
set -eu

say() { echo "kaohe: $*" >&2; }

folder_of() { # the folder of the newest program of that name
    for program in /usr/lib/postgresql/*/bin/"$1" /usr/local/pgsql/bin/"$1" /opt/homebrew/opt/*/bin/"$1" /usr/sbin/"$1" /usr/local/sbin/"$1" \
        "$(command -v "$1" 2>/dev/null || true)"; do
        if [ -x "$program" ]; then found=$(dirname "$program"); fi
        case ${found:-} in /usr/lib/postgresql/*) newest=$found ;; esac
    done
    echo "${newest:-${found:-}}"
}

install() { # install PACKAGE...: as root on Debian and its kin; anywhere else it is for the person at the keyboard
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        say "$what is needed for these tests and is not installed."
        say "On Debian or Ubuntu: sudo apt-get update && sudo apt-get install -y $*"
        exit 1
    fi
    say "installing $*, once"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >&2
    if [ "$what" = PostgreSQL ]; then # no server of the system's own: tests start theirs
        apt-get install -y -qq --no-install-recommends postgresql-common >/dev/null 2>&1
        sed -i "s/^#\?create_main_cluster.*/create_main_cluster = false/" /etc/postgresql-common/createcluster.conf
    fi
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

case ${1:?usage: tools/server_programs.sh postgresql|mariadb|java|chromium} in
    postgresql) what=PostgreSQL program=initdb packages=postgresql ;;
    mariadb) what=MariaDB program=mariadbd packages=mariadb-server ;;
    chromium)
        what=Chromium program=chromium packages="chromium fonts-noto-cjk"
        if ! command -v chromium >/dev/null 2>&1; then
            for name in chromium-browser google-chrome google-chrome-stable; do command -v "$name" >/dev/null 2>&1 && program=$name; done
        fi ;;
    java) what=Java program=java packages=default-jre-headless ;;
    *) say "no such server: $1"; exit 2 ;;
esac

folder=$(folder_of "$program")
if [ -z "$folder" ]; then
    install $packages
    folder=$(folder_of "$program")
fi
if [ -z "$folder" ]; then say "$program is still not there after installing $packages"; exit 1; fi
echo "$folder"
