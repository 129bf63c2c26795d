// A whole call as a C author would write it: rings, mu-law, the echo canceller with its far end, the voice detector's
// arithmetic and the noise reducer, with the same libraries and the same data as the engine. No repair, no turns, no ledger,
// no counters.
#include "chain.h"

#include <stdlib.h>

struct floor_chain *floor_chain_make(void) {
    struct floor_chain *chain = calloc(1, sizeof *chain);
    memset(chain->played, 0xFF, sizeof chain->played);
    chain->library = floor_library_make();
    chain->voice = floor_voice_make();
    return chain;
}

void floor_chain_free(struct floor_chain *chain) {
    floor_library_free(chain->library);
    free(chain->voice);
    free(chain);
}

long floor_chain_bytes(void) { return (long)sizeof(struct floor_chain); }

void floor_chains_run(
    struct floor_chain *const *chains, long calls, const struct floor_packet *packets, const struct floor_chunk *chunks,
    long mask, const long *starts, long passes) {
    struct floor_frame heard;
    struct floor_message sent;
    for (long pass = 0; pass < passes; pass++)
        for (long call = 0; call < calls; call++) {
            struct floor_chain *chain = chains[call];
            size_t at = chain->position++;
            // The socket and the voice write.
            memcpy(&chain->packets[at % CHAIN_PACKETS], &packets[(starts[call] + (long)at) & mask], sizeof *packets);
            memcpy(
                &chain->chunks[at % CHAIN_CHUNKS], &chunks[(starts[call] + (long)at + FLOOR_LEAD) & mask], sizeof *chunks);
            chain_frame(chain, at);
            // The recogniser and the socket read.
            memcpy(&heard, &chain->frames[at % CHAIN_FRAMES], sizeof heard);
            floor_keep(&heard);
            memcpy(&sent, &chain->messages[at % CHAIN_MESSAGES], sizeof sent);
            floor_keep(&sent);
        }
}
