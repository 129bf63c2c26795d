#include "CFloor.h"

#include <stdlib.h>
#include <string.h>

#include <opus/opus.h>

enum { WIDE = 320 };

struct floor_opus {
    OpusEncoder *encoder;
    OpusDecoder *decoder;
};

struct floor_opus *floor_opus_make(int bitrate, int complexity) {
    struct floor_opus *opus = malloc(sizeof *opus);
    int error;
    opus->encoder = opus_encoder_create(16000, 1, OPUS_APPLICATION_VOIP, &error);
    opus_encoder_ctl(opus->encoder, OPUS_SET_BITRATE(bitrate));
    opus_encoder_ctl(opus->encoder, OPUS_SET_COMPLEXITY(complexity));
    opus->decoder = opus_decoder_create(16000, 1, &error);
    return opus;
}

long floor_opus_encode(struct floor_opus *opus, const int16_t *frames, long mask, long n, uint8_t *output) {
    long length = 0;
    for (long i = 0; i < n; i++) {
        length = opus_encode(opus->encoder, frames + (i & mask) * WIDE, WIDE, output, 1275);
        floor_keep(output);
    }
    return length;
}

void floor_opus_decode(struct floor_opus *opus, const uint8_t *packets, long mask, long n, int16_t *output) {
    for (long i = 0; i < n; i++) {
        const uint8_t *packet = packets + (i & mask) * 256;
        int samples = opus_decode(opus->decoder, packet + 2, packet[0] | packet[1] << 8, output, WIDE, 0);
        floor_keep(&samples);
        floor_keep(output);
    }
}
