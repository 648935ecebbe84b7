#!/usr/bin/env bash
# Installs the programs that the interop tests talk to, on Debian or Ubuntu. Quick when they are all there already.
set -euo pipefail

# package:program that the package brings
peers=(
  chromium:chromium
  firefox-esr:firefox-esr
  coturn:turnserver
  openssl:openssl
  gnutls-bin:gnutls-cli
  libnss3-tools:tstclnt
  ffmpeg:ffprobe
  iproute2:ip
  nftables:nft
)

# Libraries that packages under test load.
libraries=(
  libopus0:libopus.so.0
)

missing=()
for peer in "${peers[@]}"; do
  command -v "${peer#*:}" >/dev/null || missing+=("${peer%%:*}")
done

for library in "${libraries[@]}"; do
  /sbin/ldconfig --print-cache | grep --quiet --fixed-strings "${library#*:}" || missing+=("${library%%:*}")
done

if ((${#missing[@]})); then
  echo "installing: ${missing[*]}"
  root=()
  if ((EUID != 0)); then root=(sudo --non-interactive); fi
  export DEBIAN_FRONTEND=noninteractive
  "${root[@]}" apt-get -qq update
  "${root[@]}" apt-get -qq install --yes --no-install-recommends "${missing[@]}" </dev/null
fi

for peer in "${peers[@]}" "${libraries[@]}"; do
  package=${peer%%:*}
  version=$(dpkg-query --show --showformat='${Version}' "$package" 2>/dev/null || echo unknown)
  printf '%-14s %s\n' "$package" "$version"
done
