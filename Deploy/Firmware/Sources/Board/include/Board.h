// What the firmware needs from the board, and the models that are in its flash.
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/// A model image with golden vectors: `count` times an input and the output that it must give.
typedef struct {
    const char *_Nonnull name;
    const uint8_t *_Nonnull image;
    uint32_t imageByteCount;
    const uint8_t *_Nonnull golden;
    uint32_t goldenByteCount;
} BoardModel;

/// Number of models.
uint32_t board_model_count(void);
/// A model; `index` below the count.
BoardModel board_model(uint32_t index);
/// Working memory, aligned to 16 bytes.
uint8_t *_Nonnull board_arena(void);
/// Bytes of working memory.
uint32_t board_arena_byte_count(void);
/// Instructions since start-up, in steps of 40; wraps.
uint32_t board_instructions(void);
/// Prints text that ends with a zero byte.
void board_print(const char *_Nonnull text);
/// Ends the emulator with an exit status.
void board_exit(uint32_t status) __attribute__((noreturn));

#endif
