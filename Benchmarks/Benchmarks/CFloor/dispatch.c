#include "CFloor.h"

#include <stdlib.h>

static void count(void *context, int64_t now) { *(int64_t *)context += now & 1; }

struct floor_target *floor_targets_make(int number) {
    struct floor_target *targets = calloc((size_t)number, sizeof *targets);
    // One allocation per target, as one object per call.
    for (int i = 0; i < number; i++) targets[i] = (struct floor_target){count, calloc(1, 64)};
    return targets;
}

void floor_dispatch(const struct floor_target *targets, int number, int64_t now) {
    for (int i = 0; i < number; i++) targets[i].tick(targets[i].context, now);
}
