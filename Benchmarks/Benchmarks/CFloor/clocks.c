#define _GNU_SOURCE
#include "CFloor.h"

#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static int64_t read_clock(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t floor_thread_cpu_ns(void) { return read_clock(CLOCK_THREAD_CPUTIME_ID); }
int64_t floor_process_cpu_ns(void) { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }
int64_t floor_monotonic_ns(void) { return read_clock(CLOCK_MONOTONIC); }

int64_t floor_resident_bytes(void) {
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    long long total = 0, resident = 0;
    int read = fscanf(file, "%lld %lld", &total, &resident);
    fclose(file);
    return read == 2 ? resident * sysconf(_SC_PAGESIZE) : 0;
}

int64_t floor_heap_bytes(void) {
    struct mallinfo2 info = mallinfo2();
    return (int64_t)(info.uordblks + info.hblkhd);
}

struct pair {
    void (*body[2])(void *);
    void *context;
    pthread_barrier_t barrier;
};
struct half {
    struct pair *pair;
    int index;
};

static void *run_half(void *argument) {
    struct half *half = argument;
    pthread_barrier_wait(&half->pair->barrier);
    half->pair->body[half->index](half->pair->context);
    return NULL;
}

int64_t floor_two_threads(void (*first)(void *), void (*second)(void *), void *context) {
    struct pair pair = {{first, second}, context, {{0}}};
    struct half halves[2] = {{&pair, 0}, {&pair, 1}};
    pthread_t threads[2];
    pthread_barrier_init(&pair.barrier, NULL, 3);
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, run_half, &halves[i]);
    pthread_barrier_wait(&pair.barrier);
    int64_t start = floor_monotonic_ns();
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    int64_t end = floor_monotonic_ns();
    pthread_barrier_destroy(&pair.barrier);
    return end - start;
}
