#!/bin/bash
# Sends a file of 4 GB (or MEGABYTES=n) from one process of samples/FileTransfer to another over loopback, and prints the peak memory of both and the rate.
# The file is sparse, what is received is not: as much disk as the file is long is needed.
set -eu
cd "$(dirname "$0")/.."
megabytes=${MEGABYTES:-4096}
port=${PORT:-18080}
program=(dotnet "${FILETRANSFER:-samples/FileTransfer/bin/Release/net10.0/FileTransfer.dll}")
[ -n "${FILETRANSFER:-}" ] || dotnet build samples/FileTransfer -c Release --nologo -v q
folder=$(mktemp -d)
trap 'kill $sender $receiver 2>/dev/null || true; rm -rf "$folder"' EXIT
truncate -s "${megabytes}M" "$folder/disk.img"
"${program[@]}" --send "$folder/disk.img" --urls "http://127.0.0.1:$port" --address 127.0.0.1 > "$folder/sender.log" 2>&1 < /dev/null &
sender=$!
receiver=
until grep -qs "127.0.0.1:$port" "$folder/sender.log" || ! kill -0 $sender; do sleep 0.2; done
begun=$(date +%s.%N)
"${program[@]}" --connect "http://127.0.0.1:$port" --receive "$folder/in" --address 127.0.0.1 > "$folder/receiver.log" 2>&1 < /dev/null &
receiver=$!
most=0
while kill -0 $receiver 2>/dev/null; do
  now=$(awk '/VmHWM/ {print $2}' /proc/$receiver/status 2>/dev/null || echo 0)
  [ -n "$now" ] && [ "$now" -gt "$most" ] && most=$now
  sleep 0.5
done
wait $receiver && result=0 || result=$?
ended=$(date +%s.%N)
sent=$(awk '/VmHWM/ {print $2}' /proc/$sender/status)
cmp "$folder/disk.img" "$folder/in/disk.img" && equal=yes || equal=no
awk -v r=$result -v e=$equal -v m=$megabytes -v t="$(echo "$ended - $begun" | bc)" -v s=$sent -v q=$most \
  'BEGIN { printf "exit %d, equal %s, %d MiB in %.1f s, %.0f MB/s; peak memory: sender %.0f MB, receiver %.0f MB\n", r, e, m, t, m * 1.048576 / t, s / 1000, q / 1000 }'
[ $result = 0 ] && [ $equal = yes ]
