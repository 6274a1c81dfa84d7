// Start-up of a Cortex-M4, and the few C functions that compilers expect.
#include "Board.h"
#include <stddef.h>

extern uint32_t data_start, data_end, data_load, bss_start, bss_end, stack_top;
int main(int argc, char **argv);

void *memcpy(void *restrict to, const void *restrict from, size_t count) {
    uint8_t *target = to;
    const uint8_t *source = from;
    while (count >= 4) {
        uint32_t word;
        __builtin_memcpy_inline(&word, source, 4);
        __builtin_memcpy_inline(target, &word, 4);
        source += 4;
        target += 4;
        count -= 4;
    }
    while (count--) *target++ = *source++;
    return to;
}

void *memmove(void *to, const void *from, size_t count) {
    if ((uintptr_t)to - (uintptr_t)from >= count) return memcpy(to, from, count);
    uint8_t *target = to;
    const uint8_t *source = from;
    while (count--) target[count] = source[count];
    return to;
}

void *memset(void *to, int value, size_t count) {
    uint8_t *target = to;
    while (count--) *target++ = (uint8_t)value;
    return to;
}

void __aeabi_memcpy(void *to, const void *from, size_t count) { memcpy(to, from, count); }
void __aeabi_memcpy4(void *to, const void *from, size_t count) { memcpy(to, from, count); }
void __aeabi_memcpy8(void *to, const void *from, size_t count) { memcpy(to, from, count); }
void __aeabi_memmove(void *to, const void *from, size_t count) { memmove(to, from, count); }
void __aeabi_memmove4(void *to, const void *from, size_t count) { memmove(to, from, count); }
void __aeabi_memmove8(void *to, const void *from, size_t count) { memmove(to, from, count); }
void __aeabi_memset(void *to, size_t count, int value) { memset(to, value, count); }
void __aeabi_memset4(void *to, size_t count, int value) { memset(to, value, count); }
void __aeabi_memset8(void *to, size_t count, int value) { memset(to, value, count); }
void __aeabi_memclr(void *to, size_t count) { memset(to, 0, count); }
void __aeabi_memclr4(void *to, size_t count) { memset(to, 0, count); }
void __aeabi_memclr8(void *to, size_t count) { memset(to, 0, count); }

static int32_t semihosting(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return (int32_t)r0;
}

void board_exit(uint32_t status) {
    // SYS_EXIT_EXTENDED with ADP_Stopped_ApplicationExit.
    const uint32_t block[2] = {0x20026, status};
    semihosting(0x20, block);
    for (;;) {
    }
}

void board_print(const char *text) { semihosting(0x04, text); }

int putchar(int character) {
    const char value = (char)character;
    semihosting(0x03, &value);
    return character;
}

// The CMSDK timer counts down at 25 MHz; the emulator runs one instruction a nanosecond.
#define TIMER ((volatile uint32_t *)0x40000000)

uint32_t board_instructions(void) { return (0u - TIMER[1]) * 40u; }

static void fault(void) {
    board_print("fault\n");
    board_exit(3);
}

__attribute__((noreturn)) void reset(void) {
    for (uint32_t *to = &data_start, *from = &data_load; to < &data_end;) *to++ = *from++;
    for (uint32_t *to = &bss_start; to < &bss_end;) *to++ = 0;
    TIMER[2] = 0xffffffffu;
    TIMER[1] = 0xffffffffu;
    TIMER[0] = 1;
    board_exit((uint32_t)main(0, NULL));
}

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    &stack_top, (void *)reset, (void *)fault, (void *)fault, (void *)fault, (void *)fault, (void *)fault,
};

static uint8_t arena[512 * 1024] __attribute__((aligned(16)));

uint8_t *board_arena(void) { return arena; }
uint32_t board_arena_byte_count(void) { return sizeof arena; }
