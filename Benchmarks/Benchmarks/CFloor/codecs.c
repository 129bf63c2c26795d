#include "internal.h"

void floor_mulaw_decode(const uint8_t *frames, long mask, long n, int16_t *output) {
    for (long i = 0; i < n; i++) {
        decode_mulaw(frames + (i & mask) * FLOOR_SAMPLES, output);
        floor_keep(output);
    }
}

void floor_mulaw_encode(const int16_t *frames, long mask, long n, uint8_t *output) {
    for (long i = 0; i < n; i++) {
        encode_mulaw(frames + (i & mask) * FLOOR_SAMPLES, output);
        floor_keep(output);
    }
}

void floor_base64_encode(const uint8_t *frames, long mask, long n, char *output) {
    for (long i = 0; i < n; i++) {
        encode_base64(frames + (i & mask) * FLOOR_SAMPLES, output);
        floor_keep(output);
    }
}

bool floor_base64_decode(const char *texts, long mask, long n, uint8_t *output) {
    bool good = true;
    for (long i = 0; i < n; i++) {
        good &= decode_base64(texts + (i & mask) * FLOOR_TEXT, output);
        floor_keep(output);
    }
    return good;
}
