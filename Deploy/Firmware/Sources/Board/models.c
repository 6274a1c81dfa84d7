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
static const uint8_t residual[] __attribute__((aligned(16))) = {
#embed "models/residual.image"
};
static const uint8_t residual_golden[] = {
#embed "models/residual.golden"
};
static const uint8_t packed[] __attribute__((aligned(16))) = {
#embed "models/packed.image"
};
static const uint8_t packed_golden[] = {
#embed "models/packed.golden"
};
static const uint8_t mixed_sequence[] __attribute__((aligned(16))) = {
#embed "models/mixed-sequence.image"
};
static const uint8_t mixed_sequence_golden[] = {
#embed "models/mixed-sequence.golden"
};
static const uint8_t wide_picture[] __attribute__((aligned(16))) = {
#embed "models/wide-picture.image"
};
static const uint8_t wide_picture_golden[] = {
#embed "models/wide-picture.golden"
};
static const uint8_t wide_separable[] __attribute__((aligned(16))) = {
#embed "models/wide-separable.image"
};
static const uint8_t wide_separable_golden[] = {
#embed "models/wide-separable.golden"
};
static const uint8_t wide_residual[] __attribute__((aligned(16))) = {
#embed "models/wide-residual.image"
};
static const uint8_t wide_residual_golden[] = {
#embed "models/wide-residual.golden"
};

static const BoardModel models[] = {
    {"cnn1d-gestures", sequence, sizeof sequence, sequence_golden, sizeof sequence_golden},
    {"cnn-28x28", picture, sizeof picture, picture_golden, sizeof picture_golden},
    {"dscnn", separable, sizeof separable, separable_golden, sizeof separable_golden},
    {"resnet8", residual, sizeof residual, residual_golden, sizeof residual_golden},
    {"dscnn, int4 weights", packed, sizeof packed, packed_golden, sizeof packed_golden},
    {"cnn1d-gestures, some activations of 16 bits", mixed_sequence, sizeof mixed_sequence, mixed_sequence_golden, sizeof mixed_sequence_golden},
    {"cnn-28x28, activations of 16 bits", wide_picture, sizeof wide_picture, wide_picture_golden, sizeof wide_picture_golden},
    {"dscnn, activations of 16 bits", wide_separable, sizeof wide_separable, wide_separable_golden, sizeof wide_separable_golden},
    {"resnet8, activations of 16 bits", wide_residual, sizeof wide_residual, wide_residual_golden, sizeof wide_residual_golden},
};

uint32_t board_model_count(void) { return sizeof models / sizeof models[0]; }
BoardModel board_model(uint32_t index) { return models[index]; }
