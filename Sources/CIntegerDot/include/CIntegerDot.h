// Dot products of int8 vectors, for one and for two filters, depthwise windows of four channels, and dot products of
// int16 and int8 vectors with the shift that scales them. Nothing but this header. On cores with the DSP extension (Cortex-M4, M7, M33) four products of a dot product take two SMLAD
// instructions; elsewhere plain C, which compilers turn into vectors. All sums wrap in 32 bits.
#ifndef C_INTEGER_DOT_H
#define C_INTEGER_DOT_H

#include <stdint.h>

#if defined(__ARM_FEATURE_DSP) && defined(__ARM_ARCH) && __ARM_ARCH < 8 || defined(__ARM_FEATURE_DSP) && defined(__ARM_ARCH_8M_MAIN__)
#define C_INTEGER_DOT_SMLAD 1
#include <arm_acle.h>
#endif

#ifdef C_INTEGER_DOT_SMLAD
static inline __attribute__((always_inline)) uint32_t c_integer_dot_load(const int8_t *_Nonnull p) {
    uint32_t value;
    __builtin_memcpy(&value, p, 4);
    return value;
}

/// Elements 1 and 3 of four bytes, widened; the rotation folds into SXTB16.
static inline __attribute__((always_inline)) int32_t c_integer_dot_odd(uint32_t v) {
    return (int32_t)__sxtb16((int8x4_t)((v >> 8) | (v << 24)));
}

static inline __attribute__((always_inline)) int32_t c_integer_dot_even(uint32_t v) {
    return (int32_t)__sxtb16((int8x4_t)v);
}
#endif

/// `(a · b + 2³⁰) >> 31`: one long multiplication, for which -Osize does not find its way from Swift's integers.
static inline __attribute__((always_inline)) int32_t c_integer_high_multiply(int32_t a, int32_t b) {
    return (int32_t)(((int64_t)a * b + (1 << 30)) >> 31);
}

/// `sum + Σ x[i] · w[i]` over `count` elements.
static inline __attribute__((always_inline)) int32_t c_integer_dot(
    const int8_t *_Nonnull x, const int8_t *_Nonnull w, int32_t count, int32_t sum) {
    uint32_t total = (uint32_t)sum;
    int32_t i = 0;
#ifdef C_INTEGER_DOT_SMLAD
    for (; i + 4 <= count; i += 4) {
        uint32_t a = c_integer_dot_load(x + i), b = c_integer_dot_load(w + i);
        total = (uint32_t)__smlad(c_integer_dot_even(a), c_integer_dot_even(b), (int32_t)total);
        total = (uint32_t)__smlad(c_integer_dot_odd(a), c_integer_dot_odd(b), (int32_t)total);
    }
#endif
    for (; i < count; i++) total += (uint32_t)((int32_t)x[i] * (int32_t)w[i]);
    return (int32_t)total;
}

/// Two dot products over the same `x`: the first in the low half, the second in the high half. Not inlined, so that all
/// pointers and sums of the loop find a register.
static __attribute__((noinline, unused)) uint64_t c_integer_dot_pair(
    const int8_t *_Nonnull x, const int8_t *_Nonnull w0, const int8_t *_Nonnull w1, int32_t count) {
    uint32_t first = 0, second = 0;
    const int8_t *end = x + count;
#ifdef C_INTEGER_DOT_SMLAD
    const int8_t *quads = x + (count & ~3);
#pragma clang loop unroll(disable)
    while (x != quads) {
        uint32_t a = c_integer_dot_load(x), b = c_integer_dot_load(w0), c = c_integer_dot_load(w1);
        int32_t even = c_integer_dot_even(a), odd = c_integer_dot_odd(a);
        first = (uint32_t)__smlad(even, c_integer_dot_even(b), (int32_t)first);
        second = (uint32_t)__smlad(even, c_integer_dot_even(c), (int32_t)second);
        first = (uint32_t)__smlad(odd, c_integer_dot_odd(b), (int32_t)first);
        second = (uint32_t)__smlad(odd, c_integer_dot_odd(c), (int32_t)second);
        x += 4;
        w0 += 4;
        w1 += 4;
    }
#endif
    while (x != end) {
        int32_t value = *x++;
        first += (uint32_t)(value * (int32_t)*w0++);
        second += (uint32_t)(value * (int32_t)*w1++);
    }
    return (uint64_t)second << 32 | first;
}

/// Where the taps of a depthwise window lie that are inside the input.
typedef struct {
    /// Rows of taps, at least 1.
    int32_t rows;
    /// Taps of a row, at least 1.
    int32_t columns;
    /// Elements from one tap to the next: the channels.
    int32_t step;
    /// Elements of the input to skip between two rows of taps.
    int32_t inputSkip;
    /// Weights to skip between two rows of taps.
    int32_t weightSkip;
    /// Zero point of the input.
    int32_t zeroPoint;
} CIntegerTaps;

/// Sums of four neighbouring channels.
typedef struct {
    int32_t first;
    int32_t second;
    int32_t third;
    int32_t fourth;
} CIntegerQuad;

/// `Σ (x − zeroPoint) · w` over the taps of a window, for four neighbouring channels. Not inlined, as above.
static __attribute__((noinline, unused)) CIntegerQuad c_integer_depthwise(
    const int8_t *_Nonnull x, const int8_t *_Nonnull w, const CIntegerTaps *_Nonnull taps) {
    const int32_t step = taps->step, inputSkip = taps->inputSkip, weightSkip = taps->weightSkip;
    const int32_t columns = taps->columns;
    int32_t first = 0, second = 0, third = 0, fourth = 0;
#ifdef C_INTEGER_DOT_SMLAD
    // Both halves hold −zeroPoint, to which SXTAB16 adds two inputs.
    const uint32_t half = (uint32_t)-taps->zeroPoint & 0xffff;
    const int16x2_t zero = (int16x2_t)(half << 16 | half);
#else
    const int32_t zero = taps->zeroPoint;
#endif
    int32_t row = taps->rows;
    do {
        int32_t column = columns;
        do {
#ifdef C_INTEGER_DOT_SMLAD
            const uint32_t a = c_integer_dot_load(x), b = c_integer_dot_load(w);
            const int32_t evenWeights = c_integer_dot_even(b), oddWeights = c_integer_dot_odd(b);
            const int32_t even = (int32_t)__sxtab16(zero, (int8x4_t)a);
            first = __smlabb(even, evenWeights, first);
            third = __smlatt(even, evenWeights, third);
            const int32_t odd = (int32_t)__sxtab16(zero, (int8x4_t)((a >> 8) | (a << 24)));
            second = __smlabb(odd, oddWeights, second);
            fourth = __smlatt(odd, oddWeights, fourth);
#else
            first = (int32_t)((uint32_t)first + (uint32_t)((x[0] - zero) * w[0]));
            second = (int32_t)((uint32_t)second + (uint32_t)((x[1] - zero) * w[1]));
            third = (int32_t)((uint32_t)third + (uint32_t)((x[2] - zero) * w[2]));
            fourth = (int32_t)((uint32_t)fourth + (uint32_t)((x[3] - zero) * w[3]));
#endif
            x += step;
            w += step;
#ifdef C_INTEGER_DOT_SMLAD
            // Keeps two pointers instead of pointers and an offset, for which there are not enough registers.
            __asm__("" : "+r"(x), "+r"(w));
#endif
        } while (--column);
        x += inputSkip;
        w += weightSkip;
    } while (--row);
    CIntegerQuad sums = {first, second, third, fourth};
    return sums;
}

/// `sum + Σ x[i] · w[i]` with int4 weights, two to a byte, the low nibble first.
static inline __attribute__((always_inline)) int32_t c_integer_dot_int4(
    const int8_t *_Nonnull x, const int8_t *_Nonnull w, int32_t count, int32_t sum) {
    uint32_t total = (uint32_t)sum;
    int32_t i = 0;
    for (; i + 2 <= count; i += 2) {
        int32_t byte = w[i >> 1];
        total += (uint32_t)((int32_t)x[i] * ((int32_t)((uint32_t)byte << 28) >> 28));
        total += (uint32_t)((int32_t)x[i + 1] * (byte >> 4));
    }
    if (i < count) total += (uint32_t)((int32_t)x[i] * ((int32_t)((uint32_t)(int32_t)w[i >> 1] << 28) >> 28));
    return (int32_t)total;
}

/// `value / 2^shift` with 1 ≤ `shift` ≤ 62, halves towards +∞. Cores of 32 bits shift both halves here: compilers would call
/// a library function that a device may not have.
static inline int64_t c_integer_rounding_shift(int64_t value, int32_t shift) {
    const int32_t bits = (shift - 1) & 63;
#if UINTPTR_MAX > 0xffffffff
    const int64_t doubled = value >> bits;
#else
    int32_t high = (int32_t)(value >> 32);
    uint32_t low = (uint32_t)value;
    if (bits >= 32) {
        low = (uint32_t)(high >> (bits - 32));
        high >>= 31;
    } else if (bits > 0) {
        low = low >> bits | (uint32_t)high << (32 - bits);
        high >>= bits;
    }
    const int64_t doubled = (int64_t)((uint64_t)(uint32_t)high << 32 | low);
#endif
    return (int64_t)((uint64_t)doubled + 1) >> 1;
}

/// `Σ x[i] · w[i]` with inputs of 16 bits. 256 products of at most 2²² fit 32 bits, in which the inner loop is fast.
static __attribute__((noinline, unused)) int64_t c_integer_dot_wide(
    const int16_t *_Nonnull x, const int8_t *_Nonnull w, int32_t count) {
    int64_t total = 0;
    while (count > 0) {
        const int32_t block = count < 256 ? count : 256;
        int32_t sum = 0;
        const int16_t *end = x + block;
#ifdef C_INTEGER_DOT_SMLAD
        const int16_t *quads = x + (block & ~3);
#pragma clang loop unroll(disable)
        while (x != quads) {
            uint32_t a, b, c = c_integer_dot_load(w);
            __builtin_memcpy(&a, x, 4);
            __builtin_memcpy(&b, x + 2, 4);
            sum = __smlabb((int32_t)a, c_integer_dot_even(c), sum);
            sum = __smlatb((int32_t)a, c_integer_dot_odd(c), sum);
            sum = __smlabt((int32_t)b, c_integer_dot_even(c), sum);
            sum = __smlatt((int32_t)b, c_integer_dot_odd(c), sum);
            x += 4;
            w += 4;
        }
#endif
        while (x != end) sum += (int32_t)*x++ * (int32_t)*w++;
        total += sum;
        count -= block;
    }
    return total;
}

#endif
