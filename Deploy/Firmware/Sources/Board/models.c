// The models in flash: files that Deploy/Firmware/run.sh has swiftlet-exactness write.
#include "Board.h"

static const uint8_t sequence[] __attribute__((aligned(16))) = {
#embed "models/sequence.image"
};
static const uint8_t sequence_golden[] = {
#embed "models/sequence.golden"
};
static const uint8_t picture[] __attribute__((aligned(16))) = {
#embed "models/picture.image"
};
static const uint8_t picture_golden[] = {
#embed "models/picture.golden"
};
static const uint8_t separable[] __attribute__((aligned(16))) = {
#embed "models/separable.image"
};
static const uint8_t separable_golden[] = {
#embed "models/separable.golden"
};

static const BoardModel models[] = {
    {"cnn1d-gestures", sequence, sizeof sequence, sequence_golden, sizeof sequence_golden},
    {"cnn-28x28", picture, sizeof picture, picture_golden, sizeof picture_golden},
    {"dscnn", separable, sizeof separable, separable_golden, sizeof separable_golden},
};

uint32_t board_model_count(void) { return sizeof models / sizeof models[0]; }
BoardModel board_model(uint32_t index) { return models[index]; }
