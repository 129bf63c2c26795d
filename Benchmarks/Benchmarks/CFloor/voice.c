// The arithmetic of the engine's voice activity detector: for each sample eight Butterworth band-passes side by side, then
// the correlation of the newest 22 ms of the pitch band with every pitch period from 12 to 67 samples at 4 kHz.
// Its decisions (noise floors, percentiles, gates) are not repeated here.
#include "internal.h"

#include <math.h>
#include <stdlib.h>

enum { LANES = 8, LEVEL = 6, PITCH = 7, WINDOW = 160, NEWEST = 88, OLDEST = 72 };

struct floor_voice {
    float high_a1[LANES], high_a2[LANES], low_a1[LANES], low_a2[LANES], gain[LANES];
    float m1[LANES], m2[LANES], y1[LANES], y2[LANES];
    float x1, x2;
    float window[WINDOW];
};

struct floor_voice *floor_voice_make(void) {
    static const double low[LANES] = {200, 400, 700, 1100, 1700, 2500, 200, 200};
    static const double high[LANES] = {400, 700, 1100, 1700, 2500, 3600, 3600, 900};
    struct floor_voice *v = calloc(1, sizeof *v);
    for (int i = 0; i < LANES; i++) {
        double k = tan(M_PI * low[i] / 8000), scale = 1 / (1 + M_SQRT2 * k + k * k);
        v->high_a1[i] = (float)(2 * (k * k - 1) * scale);
        v->high_a2[i] = (float)((1 - M_SQRT2 * k + k * k) * scale);
        double gain = scale;
        k = tan(M_PI * high[i] / 8000), scale = 1 / (1 + M_SQRT2 * k + k * k);
        v->low_a1[i] = (float)(2 * (k * k - 1) * scale);
        v->low_a2[i] = (float)((1 - M_SQRT2 * k + k * k) * scale);
        gain *= k * k * scale / 32768;
        v->gain[i] = (float)(gain * gain) / FLOOR_SAMPLES;
    }
    return v;
}

static float correlate(const float *a, const float *b) {
    // Four sums side by side: strict floating point may not be reordered by the compiler.
    float sums[4] = {0};
    for (int i = 0; i < NEWEST; i += 4)
        for (int lane = 0; lane < 4; lane++) sums[lane] += a[i + lane] * b[i + lane];
    return (sums[0] + sums[2]) + (sums[1] + sums[3]);
}

static float periodicity_of(const float *window) {
    const float *newest = window + OLDEST;
    float energy = correlate(newest, newest);
    if (!(energy > 0)) return 0;
    float best = 0;
    float past = correlate(newest - 12, newest - 12);
    for (int period = 12; period <= 67; period++) {
        float product = correlate(newest, newest - period);
        if (product > 0 && past > energy * 0.01f) {
            float match = product * product / (energy * past);
            if (match > best) best = match;
        }
        float enters = newest[-period - 1], leaves = newest[NEWEST - 1 - period];
        past += enters * enters - leaves * leaves;
    }
    return sqrtf(best);
}

void voice_frame(struct floor_voice *v, const int16_t *samples, float *level, float *periodicity) {
    float sums[LANES] = {0};
    float m1[LANES], m2[LANES], y1[LANES], y2[LANES];
    memcpy(m1, v->m1, sizeof m1);
    memcpy(m2, v->m2, sizeof m2);
    memcpy(y1, v->y1, sizeof y1);
    memcpy(y2, v->y2, sizeof y2);
    float x1 = v->x1, x2 = v->x2;
    memmove(v->window, v->window + WINDOW / 2, WINDOW / 2 * sizeof(float));
    for (int i = 0; i < FLOOR_SAMPLES; i++) {
        float x = samples[i];
        float difference = x - 2 * x1 + x2 + 1e-8f;
        for (int lane = 0; lane < LANES; lane++) {
            float middle = difference - v->high_a1[lane] * m1[lane] - v->high_a2[lane] * m2[lane];
            float output = (middle + m1[lane]) + (m1[lane] + m2[lane]) - v->low_a1[lane] * y1[lane] - v->low_a2[lane] * y2[lane];
            sums[lane] += output * output;
            m2[lane] = m1[lane];
            m1[lane] = middle;
            y2[lane] = y1[lane];
            y1[lane] = output;
        }
        x2 = x1;
        x1 = x;
        if (i & 1) v->window[WINDOW / 2 + i / 2] = y1[PITCH];
    }
    memcpy(v->m1, m1, sizeof m1);
    memcpy(v->m2, m2, sizeof m2);
    memcpy(v->y1, y1, sizeof y1);
    memcpy(v->y2, y2, sizeof y2);
    v->x1 = x1;
    v->x2 = x2;
    *level = sums[LEVEL] * v->gain[LEVEL];
    *periodicity = periodicity_of(v->window);
}

void floor_voice_run(struct floor_voice *voice, const int16_t *frames, long mask, long n, float *level, float *periodicity) {
    for (long i = 0; i < n; i++) {
        voice_frame(voice, frames + (i & mask) * FLOOR_SAMPLES, level, periodicity);
        floor_keep(level);
    }
}
