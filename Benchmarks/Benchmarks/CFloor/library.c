// The very library calls that a call's frame cannot do without, and nothing else. What an engine's frame takes beyond these
// is the engine's own work.
#include "internal.h"

#include <stdlib.h>

#include <speex/speex_echo.h>
#include <speex/speex_preprocess.h>

struct floor_library {
    SpeexEchoState *echo;
    SpeexPreprocessState *preprocess;
    size_t position;
};

static void set(SpeexPreprocessState *state, int request, int value) { speex_preprocess_ctl(state, request, &value); }

// The settings of the engine's EchoStage and NoiseReducer.
struct floor_library *floor_library_make(void) {
    struct floor_library *library = malloc(sizeof *library);
    int rate = 8000;
    library->position = 0;
    library->echo = speex_echo_state_init(FLOOR_SAMPLES, FLOOR_TAIL);
    speex_echo_ctl(library->echo, SPEEX_ECHO_SET_SAMPLING_RATE, &rate);
    library->preprocess = speex_preprocess_state_init(FLOOR_SAMPLES, rate);
    set(library->preprocess, SPEEX_PREPROCESS_SET_DENOISE, 1);
    set(library->preprocess, SPEEX_PREPROCESS_SET_NOISE_SUPPRESS, -15);
    set(library->preprocess, SPEEX_PREPROCESS_SET_ECHO_SUPPRESS, -20);
    set(library->preprocess, SPEEX_PREPROCESS_SET_ECHO_SUPPRESS_ACTIVE, -6);
    set(library->preprocess, SPEEX_PREPROCESS_SET_AGC, 1);
    set(library->preprocess, SPEEX_PREPROCESS_SET_AGC_TARGET, 8000);
    set(library->preprocess, SPEEX_PREPROCESS_SET_AGC_MAX_GAIN, 12);
    set(library->preprocess, SPEEX_PREPROCESS_SET_AGC_INCREMENT, 6);
    set(library->preprocess, SPEEX_PREPROCESS_SET_AGC_DECREMENT, -20);
    speex_preprocess_ctl(library->preprocess, SPEEX_PREPROCESS_SET_ECHO_STATE, library->echo);
    return library;
}

void floor_library_free(struct floor_library *library) {
    speex_preprocess_state_destroy(library->preprocess);
    speex_echo_state_destroy(library->echo);
    free(library);
}

void library_echo(struct floor_library *library, const int16_t *near, const int16_t *far, int16_t *output) {
    speex_echo_cancellation(library->echo, near, far, output);
}

void library_reduce(struct floor_library *library, int16_t *samples) {
    speex_preprocess_run(library->preprocess, samples);
}

void floor_libraries_run(
    struct floor_library *const *libraries, long calls, const int16_t *near, const int16_t *far, long mask,
    const long *starts, long passes, int stages, int16_t *output) {
    for (long pass = 0; pass < passes; pass++)
        for (long call = 0; call < calls; call++) {
            struct floor_library *library = libraries[call];
            long at = starts[call] + (long)library->position++;
            const int16_t *input = near + (at & mask) * FLOOR_SAMPLES;
            if (stages & FLOOR_ECHO) {
                library_echo(library, input, far + ((at + FLOOR_LEAD - FLOOR_PLAYED) & mask) * FLOOR_SAMPLES, output);
            } else {
                memcpy(output, input, FLOOR_SAMPLES * sizeof *output);
            }
            if (stages & FLOOR_REDUCE) library_reduce(library, output);
            floor_keep(output);
        }
}
