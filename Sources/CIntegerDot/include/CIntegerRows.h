// Rows of a convolution or dense layer on servers, over packed weights: AVX2 where the processor has it, else plain C that
// gives the same integers.
//
// Packed weights: for each block of 16 output channels, each kernel row, each pair of neighbouring inputs: 16 times the two
// weights of one channel, as int16. A pair takes one multiply-add of 16-bit lanes.
#ifndef C_INTEGER_ROWS_H
#define C_INTEGER_ROWS_H

#include <stdbool.h>
#include <stdint.h>

/// One row of outputs.
typedef struct {
    /// First input of the first window, widened to int16, padding included. One element behind the last is readable.
    const int16_t *_Nonnull input;
    /// Elements from one input row to the next.
    int32_t rowStride;
    /// Elements from one window to the next.
    int32_t columnStep;
    /// Rows of a window.
    int32_t kernelHeight;
    /// Pairs of inputs in a window row, rounded up.
    int32_t pairs;
    /// Windows in this row.
    int32_t positions;
    /// Output channels.
    int32_t channels;
    /// Packed weights.
    const int16_t *_Nonnull weights;
    /// One per channel, blocks filled up with zeros.
    const int32_t *_Nonnull bias;
    /// Q0.31 multipliers or bits of floats, one per channel, blocks filled up.
    const int32_t *_Nonnull multipliers;
    /// Exponents of the multipliers, one per channel, blocks filled up.
    const int32_t *_Nonnull shifts;
    /// `[positions, channels]`.
    int8_t *_Nonnull output;
    /// Zero point of the output.
    int32_t zeroPoint;
    /// Lowest output.
    int32_t minimum;
    /// Highest output.
    int32_t maximum;
    /// Whether multipliers are floats (profile xnnpack) or fixed point.
    bool isFloat;
} CIntegerRow;

/// Scales one sum; the same as the rules in IntegerRuntime/Rounding.
static inline int8_t c_integer_scale(const CIntegerRow *_Nonnull row, int32_t sum, int32_t channel) {
    int32_t value;
    if (row->isFloat) {
        float factor;
        __builtin_memcpy(&factor, row->multipliers + channel, 4);
        float product = (float)sum * factor;
        product = product > 1048576.0f ? 1048576.0f : product < -1048576.0f ? -1048576.0f : product;
        value = (int32_t)__builtin_rintf(product);
    } else {
        int32_t shift = row->shifts[channel], left = shift > 0 ? shift : 0, right = shift > 0 ? 0 : -shift;
        int64_t product = (int64_t)(int32_t)((uint32_t)sum << left) * row->multipliers[channel] + (1 << 30);
        int32_t high = (int32_t)(product >> 31), mask = (int32_t)((1u << right) - 1);
        value = (high >> right) + ((high & mask) > (mask >> 1) + (high < 0));
    }
    value = (int32_t)((uint32_t)value + (uint32_t)row->zeroPoint);
    value = value < row->minimum ? row->minimum : value;
    return (int8_t)(value > row->maximum ? row->maximum : value);
}

/// One row in plain C.
static inline void c_integer_row_plain(const CIntegerRow *_Nonnull row) {
    int32_t blockSize = row->kernelHeight * row->pairs * 32;
    for (int32_t position = 0; position < row->positions; position++) {
        const int16_t *window = row->input + position * row->columnStep;
        for (int32_t block = 0; block * 16 < row->channels; block++) {
            uint32_t sums[16];
            __builtin_memcpy(sums, row->bias + block * 16, sizeof sums);
            const int16_t *weights = row->weights + block * blockSize;
            for (int32_t y = 0; y < row->kernelHeight; y++) {
                const int16_t *line = window + y * row->rowStride;
                for (int32_t pair = 0; pair < row->pairs; pair++, weights += 32) {
                    int32_t a = line[2 * pair], b = line[2 * pair + 1];
                    for (int c = 0; c < 16; c++) sums[c] += (uint32_t)(a * weights[2 * c] + b * weights[2 * c + 1]);
                }
            }
            int32_t end = row->channels - block * 16 < 16 ? row->channels - block * 16 : 16;
            for (int32_t c = 0; c < end; c++) {
                int8_t value = c_integer_scale(row, (int32_t)sums[c], block * 16 + c);
                row->output[position * row->channels + block * 16 + c] = value;
            }
        }
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

#define C_INTEGER_AVX2 __attribute__((target("avx2,fma")))

static inline C_INTEGER_AVX2 __m256i c_integer_scale_avx2(__m256i sum, __m256i multiplier, __m256i shift, bool isFloat) {
    if (isFloat) {
        __m256 product = _mm256_mul_ps(_mm256_cvtepi32_ps(sum), _mm256_castsi256_ps(multiplier));
        return _mm256_cvtps_epi32(_mm256_min_ps(product, _mm256_set1_ps(1048576.0f)));
    }
    const __m256i zero = _mm256_setzero_si256();
    __m256i left = _mm256_max_epi32(shift, zero), right = _mm256_sub_epi32(left, shift);
    __m256i a = _mm256_sllv_epi32(sum, left);
    const __m256i half = _mm256_set1_epi64x(1 << 30);
    __m256i even = _mm256_add_epi64(_mm256_mul_epi32(a, multiplier), half);
    __m256i odd = _mm256_add_epi64(
        _mm256_mul_epi32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(multiplier, 32)), half);
    // The wanted 32 bits begin at bit 31 of each product.
    __m256i high = _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_slli_epi64(odd, 1), 0xaa);
    __m256i mask = _mm256_sub_epi32(_mm256_sllv_epi32(_mm256_set1_epi32(1), right), _mm256_set1_epi32(1));
    __m256i threshold = _mm256_sub_epi32(_mm256_srli_epi32(mask, 1), _mm256_srai_epi32(high, 31));
    __m256i up = _mm256_cmpgt_epi32(_mm256_and_si256(high, mask), threshold);
    return _mm256_sub_epi32(_mm256_srav_epi32(high, right), up);
}

static inline C_INTEGER_AVX2 void c_integer_finish_avx2(
    const CIntegerRow *_Nonnull row, __m256i low, __m256i high, int32_t channel, int8_t *_Nonnull output) {
    const __m256i *multipliers = (const __m256i *)(row->multipliers + channel);
    const __m256i *shifts = (const __m256i *)(row->shifts + channel);
    low = c_integer_scale_avx2(low, _mm256_loadu_si256(multipliers), _mm256_loadu_si256(shifts), row->isFloat);
    high = c_integer_scale_avx2(
        high, _mm256_loadu_si256(multipliers + 1), _mm256_loadu_si256(shifts + 1), row->isFloat);
    // Saturating steps keep the order of values, so the clamp at the end decides as it would on exact ones.
    __m256i both = _mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), 0xd8);
    both = _mm256_adds_epi16(both, _mm256_set1_epi16((int16_t)row->zeroPoint));
    __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
    bytes = _mm_max_epi8(bytes, _mm_set1_epi8((int8_t)row->minimum));
    bytes = _mm_min_epi8(bytes, _mm_set1_epi8((int8_t)row->maximum));
    int32_t count = row->channels - channel;
    if (count >= 16) {
        _mm_storeu_si128((__m128i *)output, bytes);
    } else {
        int8_t rest[16];
        _mm_storeu_si128((__m128i *)rest, bytes);
        for (int32_t i = 0; i < count; i++) output[i] = rest[i];
    }
}

static inline C_INTEGER_AVX2 __m256i c_integer_pair_avx2(const int16_t *_Nonnull pair) {
    int32_t both;
    __builtin_memcpy(&both, pair, 4);
    return _mm256_set1_epi32(both);
}

/// Four windows by 16 channels at a time.
static inline C_INTEGER_AVX2 void c_integer_four_avx2(
    const CIntegerRow *_Nonnull row, const int16_t *_Nonnull window, int32_t channel, int8_t *_Nonnull output) {
    const __m256i *bias = (const __m256i *)(row->bias + channel);
    __m256i a0 = _mm256_loadu_si256(bias), a1 = _mm256_loadu_si256(bias + 1);
    __m256i b0 = a0, b1 = a1, c0 = a0, c1 = a1, d0 = a0, d1 = a1;
    const int16_t *weights = row->weights + (int64_t)(channel / 16) * row->kernelHeight * row->pairs * 32;
    const int64_t step = row->columnStep;
    for (int32_t y = 0; y < row->kernelHeight; y++) {
        const int16_t *x = window + (int64_t)y * row->rowStride;
        for (int32_t pair = 0; pair < row->pairs; pair++, x += 2, weights += 32) {
            __m256i w0 = _mm256_loadu_si256((const __m256i *)weights);
            __m256i w1 = _mm256_loadu_si256((const __m256i *)(weights + 16));
            __m256i v = c_integer_pair_avx2(x);
            a0 = _mm256_add_epi32(a0, _mm256_madd_epi16(v, w0));
            a1 = _mm256_add_epi32(a1, _mm256_madd_epi16(v, w1));
            v = c_integer_pair_avx2(x + step);
            b0 = _mm256_add_epi32(b0, _mm256_madd_epi16(v, w0));
            b1 = _mm256_add_epi32(b1, _mm256_madd_epi16(v, w1));
            v = c_integer_pair_avx2(x + 2 * step);
            c0 = _mm256_add_epi32(c0, _mm256_madd_epi16(v, w0));
            c1 = _mm256_add_epi32(c1, _mm256_madd_epi16(v, w1));
            v = c_integer_pair_avx2(x + 3 * step);
            d0 = _mm256_add_epi32(d0, _mm256_madd_epi16(v, w0));
            d1 = _mm256_add_epi32(d1, _mm256_madd_epi16(v, w1));
        }
    }
    c_integer_finish_avx2(row, a0, a1, channel, output);
    c_integer_finish_avx2(row, b0, b1, channel, output + row->channels);
    c_integer_finish_avx2(row, c0, c1, channel, output + 2 * row->channels);
    c_integer_finish_avx2(row, d0, d1, channel, output + 3 * row->channels);
}

static inline C_INTEGER_AVX2 void c_integer_one_avx2(
    const CIntegerRow *_Nonnull row, const int16_t *_Nonnull window, int32_t channel, int8_t *_Nonnull output) {
    const __m256i *bias = (const __m256i *)(row->bias + channel);
    __m256i a0 = _mm256_loadu_si256(bias), a1 = _mm256_loadu_si256(bias + 1);
    const int16_t *weights = row->weights + (int64_t)(channel / 16) * row->kernelHeight * row->pairs * 32;
    for (int32_t y = 0; y < row->kernelHeight; y++) {
        const int16_t *x = window + (int64_t)y * row->rowStride;
        for (int32_t pair = 0; pair < row->pairs; pair++, x += 2, weights += 32) {
            __m256i v = c_integer_pair_avx2(x);
            a0 = _mm256_add_epi32(a0, _mm256_madd_epi16(v, _mm256_loadu_si256((const __m256i *)weights)));
            a1 = _mm256_add_epi32(a1, _mm256_madd_epi16(v, _mm256_loadu_si256((const __m256i *)(weights + 16))));
        }
    }
    c_integer_finish_avx2(row, a0, a1, channel, output);
}

static inline C_INTEGER_AVX2 void c_integer_row_avx2(const CIntegerRow *_Nonnull row) {
    for (int32_t channel = 0; channel < row->channels; channel += 16) {
        int32_t position = 0;
        for (; position + 4 <= row->positions; position += 4) {
            c_integer_four_avx2(
                row, row->input + (int64_t)position * row->columnStep, channel,
                row->output + (int64_t)position * row->channels + channel);
        }
        for (; position < row->positions; position++) {
            c_integer_one_avx2(
                row, row->input + (int64_t)position * row->columnStep, channel,
                row->output + (int64_t)position * row->channels + channel);
        }
    }
}

static inline C_INTEGER_AVX2 void c_integer_widen_avx2(
    const int8_t *_Nonnull source, int16_t *_Nonnull target, int32_t count) {
    int32_t i = 0;
    for (; i + 16 <= count; i += 16) {
        __m256i wide = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(source + i)));
        _mm256_storeu_si256((__m256i *)(target + i), wide);
    }
    for (; i < count; i++) target[i] = source[i];
}

static inline C_INTEGER_AVX2 void c_integer_maximum_avx2(
    const int8_t *_Nonnull source, int8_t *_Nonnull target, int32_t count) {
    int32_t i = 0;
    for (; i + 16 <= count; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(source + i)), b = _mm_loadu_si128((const __m128i *)(target + i));
        _mm_storeu_si128((__m128i *)(target + i), _mm_max_epi8(a, b));
    }
    for (; i < count; i++) target[i] = source[i] > target[i] ? source[i] : target[i];
}

static inline bool c_integer_has_avx2(void) { return __builtin_cpu_supports("avx2"); }
#else
static inline bool c_integer_has_avx2(void) { return false; }
#endif

/// Computes one row of outputs.
static inline void c_integer_row(const CIntegerRow *_Nonnull row, bool hasAVX2) {
#if defined(__x86_64__)
    if (hasAVX2) {
        c_integer_row_avx2(row);
        return;
    }
#endif
    c_integer_row_plain(row);
}

/// Copies int8 to int16.
static inline void c_integer_widen(
    const int8_t *_Nonnull source, int16_t *_Nonnull target, int32_t count, bool hasAVX2) {
#if defined(__x86_64__)
    if (hasAVX2) {
        c_integer_widen_avx2(source, target, count);
        return;
    }
#endif
    for (int32_t i = 0; i < count; i++) target[i] = source[i];
}

/// Takes the larger of both elements, into `target`.
static inline void c_integer_maximum(
    const int8_t *_Nonnull source, int8_t *_Nonnull target, int32_t count, bool hasAVX2) {
#if defined(__x86_64__)
    if (hasAVX2) {
        c_integer_maximum_avx2(source, target, count);
        return;
    }
#endif
    for (int32_t i = 0; i < count; i++) target[i] = source[i] > target[i] ? source[i] : target[i];
}

#endif
