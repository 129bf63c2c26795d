#!/usr/bin/env bash
# Installs the system packages a build or the tests need, and nothing when they are there.
#   packages.sh build    what `make build` and `make run` need
#   packages.sh test     what `make test` needs besides
#   packages.sh bench    what `make bench` needs besides
set -euo pipefail

build=(
    pkg-config              # finds the libraries below
    libopus-dev             # Opus codec
    libspeexdsp-dev         # resampling, echo cancelling, noise suppression
    libssl-dev              # libcrypto: webhook signatures
    libpocketsphinx-dev     # embedded recogniser
    pocketsphinx-en-us      # its English model
    flite1-dev              # embedded voices
)
tests=(
    curl                    # asks the running engine as an operator would
    procps                  # ends tests that hang
    openssl                 # makes certificates for the TLS tests
    prometheus              # promtool checks the metrics page
)
bench=(
    binutils                # strip
    valgrind                # counts instructions
)

case "${1:-build}" in
    build) wanted=("${build[@]}") ;;
    test) wanted=("${build[@]}" "${tests[@]}") ;;
    bench) wanted=("${build[@]}" "${bench[@]}") ;;
    *) echo "usage: packages.sh build|test|bench" >&2; exit 2 ;;
esac

missing=()
for package in "${wanted[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
    echo "These packages are needed and this system has no apt-get: ${missing[*]}" >&2
    echo "Install their equivalents by hand; scripts/packages.sh says what each is for." >&2
    exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "Run as root, or install sudo: packages are needed: ${missing[*]}" >&2; exit 1; }
    as_root=(sudo)
fi
echo "Installing system packages: ${missing[*]}"
echo "(why each is needed: scripts/packages.sh)"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
