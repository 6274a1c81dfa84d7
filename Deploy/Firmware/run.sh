#!/usr/bin/env bash
# Builds the firmware for a Cortex-M4, runs it on golden vectors in QEMU, and builds the runtime for riscv32.
# Fails where an output integer differs or the runtime's code is too large. Needs qemu-system-arm, no data set.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v qemu-system-arm >/dev/null || Deploy/setup.sh qemu-system-arm
swift build --configuration release --explicit-target-dependency-import-check error --product swiftlet-exactness
.build/release/swiftlet-exactness --firmware Deploy/Firmware/Sources/Board/models
cd Deploy/Firmware
names=$(command -v llvm-nm || command -v nm || true)

# Builds and runs a product: its name, the bytes of runtime code that it may have.
check() {
    swift build -c release --triple armv7em-none-none-eabi --toolset cortex-m4.json --product "$1"
    local firmware=.build/armv7em-none-none-eabi/release/$1
    # shellcheck disable=SC2016 # A module's symbols begin with a dollar sign.
    [ -z "$names" ] || "$names" -t d -S "$firmware" | awk -v allowed="$2" '
        $3 ~ /^[tT]$/ && $4 ~ /^(\$e14IntegerRuntime|c_integer_)/ { sum += $2 }
        END { print sum + 0 " bytes of runtime code, " allowed " allowed"; exit sum == 0 || sum > allowed }'
    timeout 300 qemu-system-arm -M mps2-an386 -nographic -monitor none -serial null -icount shift=0 \
        -chardev stdio,id=sh -semihosting-config enable=on,target=native,chardev=sh -kernel "$firmware"
}

check firmware 8000
check firmware-wide 12000 # with the kernels for activations of 16 bits
swift build -c release --triple riscv32-none-none-eabi --toolset riscv32.json --scratch-path .build-riscv32 \
    --target IntegerRuntime
echo "firmware: all golden vectors match; the runtime builds for riscv32"
