// What a tick of a talking call cannot do without: the caller's packet and the agent's chunk through their rings, mu-law
// both ways, the recogniser's frame and the provider's message through theirs.
#include "internal.h"

#include <stdlib.h>

struct floor_call {
    struct floor_packet packets[256];
    struct floor_message messages[64];
    struct floor_chunk chunks[512];
    struct floor_frame frames[128];
    size_t position;
    struct floor_voice *voice;
};

struct floor_call *floor_call_make(void) {
    struct floor_call *call = calloc(1, sizeof *call);
    call->voice = floor_voice_make();
    return call;
}

void floor_call_tick(
    struct floor_call *call, const struct floor_packet *packets, const struct floor_chunk *chunks, long mask, long n,
    bool with_voice) {
    struct floor_packet packet;
    struct floor_message message = {0};
    struct floor_chunk chunk;
    struct floor_frame frame = {0};
    float level, periodicity;
    for (long i = 0; i < n; i++) {
        size_t at = call->position++;
        memcpy(&call->packets[at % 256], &packets[i & mask], sizeof packet);
        memcpy(&call->chunks[at % 512], &chunks[i & mask], sizeof chunk);
        floor_keep(call);

        memcpy(&packet, &call->packets[at % 256], sizeof packet);
        frame.at = (int64_t)at;
        decode_mulaw(packet.bytes, frame.samples);
        if (with_voice) {
            voice_frame(call->voice, frame.samples, &level, &periodicity);
            floor_keep(&level);
        }
        memcpy(&call->frames[at % 128], &frame, sizeof frame);
        memcpy(&chunk, &call->chunks[at % 512], sizeof chunk);
        encode_mulaw(chunk.samples, message.bytes);
        memcpy(&call->messages[at % 64], &message, sizeof message);
        floor_keep(call);

        memcpy(&frame, &call->frames[at % 128], sizeof frame);
        floor_keep(&frame);
        memcpy(&message, &call->messages[at % 64], sizeof message);
        floor_keep(&message);
    }
}
