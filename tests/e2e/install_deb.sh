#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the package in a Debian 12 that has nothing else, uses both programs as an ordinary user, takes the walk through
# the window, and removes it.
# usage: install_deb.sh FOLDER_WITH_THE_DEB WORK_FOLDER; needs root and a Debian mirror
set -euo pipefail

mirror="${LUTHIEN_DEBIAN_MIRROR:-http://deb.debian.org/debian}"

fail() {
  printf 'install_deb: %s\n' "$*" >&2
  exit 1
}

step() { printf 'install_deb: %s\n' "$*"; }

[[ $# -eq 2 ]] || fail "which folder has the package, and which may be written to?"
[[ $EUID -eq 0 ]] || fail "a clean system can only be made by root"
# What is mounted and started here is gone with this process.
[[ -n ${LUTHIEN_IN_NAMESPACE:-} ]] ||
  LUTHIEN_IN_NAMESPACE=1 exec unshare --mount --pid --fork --kill-child --propagation private "${BASH_SOURCE[0]}" "$@"

mapfile -t packages < <(find "$1" -maxdepth 1 -name 'luthien_*.deb')
[[ ${#packages[@]} -eq 1 ]] || fail "one package is expected in $1, there are ${#packages[@]}"
package="${packages[0]}"
mkdir -p "$2"
work="$(cd "$2" && pwd)"
root="$work/root"
version="$(dpkg-deb -f "$package" Version)"

in_root() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 "$@"; }
user=(chroot --userspec=tester:tester "$root" /usr/bin/env -i PATH=/usr/bin HOME=/home/tester XDG_RUNTIME_DIR=/run/tester
  LANG=C.UTF-8 QT_QPA_PLATFORM=offscreen)

make_root() {
  local base="$work/debian-12.tar"
  if [[ ! -f $base ]]; then
    step "making a Debian 12 from $mirror"
    rm -rf "$root"
    debootstrap --variant=minbase bookworm "$root" "$mirror" >"$work/debootstrap.log" 2>&1 ||
      fail "debootstrap failed; its log is $work/debootstrap.log"
    tar -C "$root" --numeric-owner -cf "$base.part" .
    mv "$base.part" "$base"
  fi
  rm -rf "$root"
  mkdir "$root"
  tar -C "$root" --numeric-owner -xf "$base"
  mount -t proc proc "$root/proc"
  cp /etc/resolv.conf /etc/hosts "$root/etc/"
  in_root useradd --create-home tester
  in_root install --directory --owner tester --mode 700 /run/tester
}

# Recommended packages are left out: what the package cannot do without, it has to name.
install_package() {
  step "installing $(basename "$package")"
  cp "$package" "$root/tmp/"
  in_root apt-get update -qq >"$work/apt.log" 2>&1 || fail "apt-get update failed; its log is $work/apt.log"
  in_root apt-get install -y -qq --no-install-recommends "/tmp/$(basename "$package")" >>"$work/apt.log" 2>&1 ||
    fail "the package cannot be installed; the log is $work/apt.log"
  rm "$root/tmp/$(basename "$package")"
}

check_programs() {
  local name status
  for name in luthien luthiend; do
    [[ "$("${user[@]}" "$name" --version)" == "$name ${version%-*}" ]] || fail "$name --version is not that of the package"
  done
  # By hand it only says what it is for; missing libraries would show here.
  status=0
  "${user[@]}" /usr/libexec/luthien/luthien-script-host 2>"$work/script-host.log" </dev/null || status=$?
  [[ $status -eq 2 ]] || fail "luthien-script-host ended with $status: $(<"$work/script-host.log")"
  step "both programs start"
  # There is no keychain here, which would be warned of.
  "${user[@]}" env LUTHIEN_SECRETS=file luthien --self-test >"$work/self-test.log" 2>&1 || fail "luthien --self-test failed: $(<"$work/self-test.log")"
  ! grep -qv ' info luthien\.' "$work/self-test.log" || fail "luthien --self-test warns: $(<"$work/self-test.log")"
  step "every page of the window loads"
}

# check_serve: the ready line, an answer, 0 after SIGTERM.
check_serve() {
  local ready proxy status=0
  coproc daemon { exec "${user[@]}" luthiend serve --listen 127.0.0.1:0 --control 127.0.0.1:0 2>"$work/serve.log"; }
  local process=$!
  read -r -t 30 ready <&"${daemon[0]}" || fail "luthiend serve says nothing: $(<"$work/serve.log")"
  [[ $ready == '{"event":"ready","proxy":"http://127.0.0.1:'* ]] || fail "luthiend serve says: $ready"
  [[ $ready == *'"data_dir":"/home/tester/.local/share/luthien"'* ]] || fail "the data directory is elsewhere: $ready"
  proxy="$("${user[@]}" luthiend health)" || fail "luthiend health failed"
  [[ $proxy == "ready: http://127.0.0.1:"* ]] || fail "luthiend health says: $proxy"
  kill -TERM "$process"
  wait "$process" || status=$?
  [[ $status -eq 0 ]] || fail "luthiend serve ended with $status: $(<"$work/serve.log")"
  step "luthiend serve takes calls and ends with 0"
}

check_demo() {
  "${user[@]}" luthiend demo db-drop >"$work/demo.log" 2>&1 || fail "the demo went wrong: $(<"$work/demo.log")"
  "${user[@]}" luthiend demo db-drop --unprotected >"$work/unprotected.log" 2>&1 ||
    fail "the unprotected demo went wrong: $(<"$work/unprotected.log")"
  step "the demo's table is lost without the policy, and stands with it"
}

check_pages() {
  local name page
  for name in luthien luthiend; do
    page="$root/usr/share/man/man1/$name.1.gz"
    [[ -z "$(man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)" ]] || fail "man warns about $name.1"
    zcat "$page" | mandoc -T lint -W warning || fail "mandoc warns about $name.1"
    man -l "$page" | col -b | grep -q '^EXIT STATUS' || fail "$name.1 is not readable"
  done
  rm -rf "$work/files"
  dpkg-deb -x "$package" "$work/files"
  appstreamcli validate-tree --no-net "$work/files" >"$work/appstream.log" 2>&1 || fail "appstreamcli: $(<"$work/appstream.log")"
  desktop-file-validate "$root/usr/share/applications/luthien.desktop" || fail "the desktop file is not valid"
  lintian --allow-root --fail-on error,warning "$package" >"$work/lintian.log" 2>&1 || fail "lintian: $(<"$work/lintian.log")"
  step "manual pages, desktop file, AppStream data and the package itself are well-formed"
}

# The screen, the mouse and the eyes are outside; the window is the installed one.
check_window() {
  local shared
  # The sockets of the screen have the same names inside, and short ones.
  shared="$(mktemp -d /tmp/luthien-walk.XXXXXX)"
  mkdir "$root$shared"
  mount --bind "$shared" "$root$shared"
  TMPDIR="$shared" PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$(dirname "${BASH_SOURCE[0]}")/walk.py" /usr/bin "$shared/walk" \
    --inside "chroot $root" >"$work/walk.log" 2>&1 || { cp -r "$shared/walk" "$work/"; fail "the walk ended early: $(<"$work/walk.log")"; }
  umount "$root$shared"
  rm -rf "$shared" "$root$shared"
  step "the table falls, the policy is enforced with the mouse, the rows stand, the session is exported"
}

# What a user recorded is the user's; everything else goes.
check_removal() {
  local files left=()
  mapfile -t files < <(in_root dpkg -L luthien)
  in_root apt-get purge -y -qq luthien >>"$work/apt.log" 2>&1 || fail "the package cannot be removed"
  for file in "${files[@]}"; do
    if [[ -f "$root$file" || -L "$root$file" ]]; then left+=("$file"); fi
  done
  mapfile -t -O "${#left[@]}" left < <(find "$root" -xdev -path "$root/home" -prune -o -iname '*luthien*' -print)
  [[ ${#left[@]} -eq 0 ]] || fail "left behind: ${left[*]}"
  [[ -d $root/home/tester/.local/share/luthien ]] || fail "the user's data went with the package"
  step "nothing is left but the user's data"
}

make_root
install_package
check_programs
check_serve
check_demo
check_pages
check_window
check_removal
umount "$root/proc"
rm -rf "$root"
