#include "internal.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { CAPACITY = 256 };

void floor_ring(const struct floor_packet *packet, long n, struct floor_packet *output) {
    static struct floor_packet slots[CAPACITY];
    size_t head = 0, tail = 0;
    for (long i = 0; i < n; i++) {
        if (tail - head < CAPACITY) memcpy(&slots[tail++ % CAPACITY], packet, sizeof *packet);
        floor_keep(slots);
        if (tail != head) memcpy(output, &slots[head++ % CAPACITY], sizeof *output);
        floor_keep(output);
    }
}

void floor_ring_in_place(const struct floor_packet *packet, long n, int64_t *output) {
    static struct floor_packet slots[CAPACITY];
    size_t head = 0, tail = 0;
    for (long i = 0; i < n; i++) {
        if (tail - head < CAPACITY) memcpy(&slots[tail++ % CAPACITY], packet, sizeof *packet);
        floor_keep(slots);
        if (tail != head) *output = slots[head++ % CAPACITY].value;
        floor_keep(output);
    }
}

struct floor_ring {
    struct floor_packet slots[CAPACITY];
    char pad0[128];
    _Atomic size_t tail;
    char pad1[128];
    _Atomic size_t head;
    char pad2[128];
};

struct floor_ring *floor_ring_make(void) { return calloc(1, sizeof(struct floor_ring)); }
void floor_ring_free(struct floor_ring *ring) { free(ring); }

void floor_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

void floor_ring_write(struct floor_ring *ring, long n) {
    struct floor_packet packet = {0, FLOOR_SAMPLES, 0, -1, 0, {0}};
    for (long i = 0; i < n; i++) {
        packet.value = i;
        size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
        while (tail - atomic_load_explicit(&ring->head, memory_order_acquire) >= CAPACITY) floor_pause();
        memcpy(&ring->slots[tail % CAPACITY], &packet, sizeof packet);
        atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
    }
}

int64_t floor_ring_read(struct floor_ring *ring, long n) {
    struct floor_packet packet;
    int64_t sum = 0;
    for (long i = 0; i < n; i++) {
        size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
        while (atomic_load_explicit(&ring->tail, memory_order_acquire) == head) floor_pause();
        memcpy(&packet, &ring->slots[head % CAPACITY], sizeof packet);
        atomic_store_explicit(&ring->head, head + 1, memory_order_release);
        floor_keep(&packet);
        sum += packet.value;
    }
    return sum;
}
