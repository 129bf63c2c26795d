// A whole call between its two sockets' buffers: the chain with the provider's text around it and the recogniser's rate.
#include "chain.h"

#include <stdlib.h>

#include <speex/speex_resampler.h>

struct floor_duplex {
    struct floor_chain *chain;
    SpeexResamplerState *resampler;
    uint8_t received[512];
    char built[512];
};

struct floor_duplex *floor_duplex_make(void) {
    struct floor_duplex *duplex = calloc(1, sizeof *duplex);
    int error;
    duplex->chain = floor_chain_make();
    duplex->resampler = speex_resampler_init(1, 8000, 16000, 3, &error);
    return duplex;
}

void floor_duplex_free(struct floor_duplex *duplex) {
    speex_resampler_destroy(duplex->resampler);
    floor_chain_free(duplex->chain);
    free(duplex);
}

void floor_unmask(uint8_t *bytes, long length, const uint8_t *key) {
    uint64_t wide;
    uint32_t half;
    memcpy(&half, key, 4);
    wide = (uint64_t)half << 32 | half;
    long i = 0;
    for (; i + 8 <= length; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        word ^= wide;
        memcpy(bytes + i, &word, 8);
    }
    for (; i < length; i++) bytes[i] ^= key[i & 3];
}

bool floor_duplexes_run(
    struct floor_duplex *const *duplexes, long calls, const struct floor_text *texts, const struct floor_chunk *chunks,
    const char *head, long head_length, long mask, const long *starts, long passes) {
    bool good = true;
    int16_t wide[2 * FLOOR_SAMPLES];
    for (long pass = 0; pass < passes; pass++)
        for (long call = 0; call < calls; call++) {
            struct floor_duplex *duplex = duplexes[call];
            struct floor_chain *chain = duplex->chain;
            size_t at = chain->position++;

            const struct floor_text *text = &texts[(starts[call] + (long)at) & mask];
            memcpy(duplex->received, text->bytes, (size_t)text->length);
            floor_unmask(duplex->received, text->length, text->key);
            struct floor_scan scan;
            struct floor_packet *packet = &chain->packets[at % CHAIN_PACKETS];
            good &= floor_scan_message((const char *)duplex->received, text->length, &scan);
            good &= scan.event && scan.payload_length == FLOOR_TEXT && decode_base64(scan.payload, packet->bytes);
            packet->kind = 0;
            packet->count = FLOOR_SAMPLES;
            packet->timestamp = scan.timestamp * 8;
            memcpy(
                &chain->chunks[at % CHAIN_CHUNKS], &chunks[(starts[call] + (long)at + FLOOR_LEAD) & mask], sizeof *chunks);

            chain_frame(chain, at);

            uint32_t taken = FLOOR_SAMPLES, given = 2 * FLOOR_SAMPLES;
            const int16_t *heard = chain->frames[at % CHAIN_FRAMES].samples;
            speex_resampler_process_int(duplex->resampler, 0, heard, &taken, wide, &given);
            floor_keep(wide);
            memcpy(duplex->built, head, (size_t)head_length);
            encode_base64(chain->messages[at % CHAIN_MESSAGES].bytes, duplex->built + head_length);
            memcpy(duplex->built + head_length + FLOOR_TEXT, "\"}}", 3);
            floor_keep(duplex->built);
        }
    return good;
}
