// One frame of a call, shared by the floors of the call and of the call with its socket's text.
#ifndef PARLEY_CFLOOR_CHAIN_H
#define PARLEY_CFLOOR_CHAIN_H

#include "internal.h"

struct floor_chain {
    size_t position;
    struct floor_library *library;
    struct floor_voice *voice;
    // What the provider plays, newest last: the far end.
    uint8_t played[8][FLOOR_SAMPLES];
    struct floor_packet packets[CHAIN_PACKETS];
    struct floor_message messages[CHAIN_MESSAGES];
    struct floor_chunk chunks[CHAIN_CHUNKS];
    struct floor_frame frames[CHAIN_FRAMES];
};

// The packet and the chunk at `at` become a frame and a message there.
static inline void chain_frame(struct floor_chain *chain, size_t at) {
    const struct floor_packet *packet = &chain->packets[at % CHAIN_PACKETS];
    struct floor_frame *frame = &chain->frames[at % CHAIN_FRAMES];
    int16_t near[FLOOR_SAMPLES], far[FLOOR_SAMPLES], clean[FLOOR_SAMPLES];
    float level, periodicity;
    decode_mulaw(packet->bytes, near);
    decode_mulaw(chain->played[(at - FLOOR_PLAYED) % 8], far);
    library_echo(chain->library, near, far, clean);
    voice_frame(chain->voice, clean, &level, &periodicity);
    floor_keep(&level);
    library_reduce(chain->library, clean);
    frame->kind = 0;
    frame->turn = 0;
    frame->at = (int64_t)at;
    memcpy(frame->samples, clean, sizeof clean);

    const struct floor_chunk *chunk = &chain->chunks[at % CHAIN_CHUNKS];
    struct floor_message *message = &chain->messages[at % CHAIN_MESSAGES];
    message->kind = 0;
    encode_mulaw(chunk->samples, message->bytes);
    memcpy(chain->played[at % 8], message->bytes, FLOOR_SAMPLES);
    floor_keep(chain);
}

#endif
