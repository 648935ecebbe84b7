#!/bin/bash
# A long run of one fuzz target under AFL++.
#   tests/WebRtcCore.Fuzz/fuzz.sh TARGET [SECONDS]
# Needs: apt install afl++; dotnet tool install --global SharpFuzz.CommandLine. Findings stay in artifacts/fuzz/TARGET.
set -euo pipefail
target=${1:?usage: fuzz.sh TARGET [SECONDS]}
seconds=${2:-3600}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
# The published program looks for the seeds' data above itself: it stays inside the checkout.
out="$root/artifacts/fuzz"
export DOTNET_ROLL_FORWARD=Major PATH="$PATH:$HOME/.dotnet/tools"

rm -rf "$out/bin"
dotnet publish "$here" -c Release -o "$out/bin" --nologo -v q
# Instrumented assemblies run under AFL only: the seeds come first.
rm -rf "$out/$target/seeds"
dotnet "$out/bin/WebRtcCore.Fuzz.dll" "$target" --seeds "$out/$target/seeds"
if [ -d "$root/tests/corpus/fuzz/$target" ]; then
    cp "$root/tests/corpus/fuzz/$target/"* "$out/$target/seeds/"
fi

for assembly in WebRtcCore WebRtcCore.{Primitives,Stun,Ice,Dtls,Rtp,Srtp,Sctp,Sdp}; do
    sharpfuzz "$out/bin/$assembly.dll"
done

AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
    afl-fuzz -V "$seconds" -i "$out/$target/seeds" -o "$out/$target/findings" -t 5000 -m none dotnet "$out/bin/WebRtcCore.Fuzz.dll" "$target" --afl
