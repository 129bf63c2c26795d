#include "CFloor.h"

#include <stdlib.h>

#include <speex/speex_resampler.h>

struct floor_resampler {
    SpeexResamplerState *state;
    uint32_t given;
};

struct floor_resampler *floor_resampler_make(int from, int to, int quality) {
    struct floor_resampler *resampler = malloc(sizeof *resampler);
    int error;
    resampler->state = speex_resampler_init(1, (uint32_t)from, (uint32_t)to, quality, &error);
    resampler->given = (uint32_t)(FLOOR_SAMPLES * to / from);
    return resampler;
}

void floor_resampler_free(struct floor_resampler *resampler) {
    speex_resampler_destroy(resampler->state);
    free(resampler);
}

void floor_resampler_run(struct floor_resampler *resampler, const int16_t *frames, long mask, long n, int16_t *output) {
    for (long i = 0; i < n; i++) {
        uint32_t taken = FLOOR_SAMPLES, given = resampler->given;
        speex_resampler_process_int(resampler->state, 0, frames + (i & mask) * FLOOR_SAMPLES, &taken, output, &given);
        floor_keep(output);
    }
}
