#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int64_t clock_ns(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t parley_monotonic_ns(void) { return clock_ns(CLOCK_MONOTONIC); }

int64_t parley_thread_cpu_ns(void) { return clock_ns(CLOCK_THREAD_CPUTIME_ID); }

int parley_futex_wait(const void *word, uint32_t expected, int64_t deadline_ns) {
    // FUTEX_WAIT_BITSET takes an absolute deadline, so a late wake-up never accumulates into drift.
    struct timespec deadline = {deadline_ns / 1000000000, deadline_ns % 1000000000};
    for (;;) {
        long r = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, deadline_ns == INT64_MAX ? NULL : &deadline,
                         NULL, FUTEX_BITSET_MATCH_ANY);
        if (r == 0 || errno == EAGAIN) return 0;
        if (errno == ETIMEDOUT) return 1;
        if (errno != EINTR) return 0;
    }
}

void parley_futex_wake(const void *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX); }

int64_t parley_block_size(const void *block) { return (int64_t)malloc_usable_size((void *)block); }

struct start {
    void (*body)(void *);
    void *context;
    char name[16];
};

static void *run(void *argument) {
    struct start start = *(struct start *)argument;
    free(argument);
    pthread_setname_np(pthread_self(), start.name);
    start.body(start.context);
    return NULL;
}

int parley_thread_start(const char *name, void (*body)(void *), void *context) {
    struct start *start = malloc(sizeof *start);
    if (!start) return ENOMEM;
    start->body = body;
    start->context = context;
    snprintf(start->name, sizeof start->name, "%s", name);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 4 << 20);
    pthread_t thread;
    int error = pthread_create(&thread, &attributes, run, start);
    pthread_attr_destroy(&attributes);
    if (error) free(start);
    return error;
}

#if defined(__x86_64__)
#include <xmmintrin.h>
// Flush to zero (results) and denormals are zero (operands).
enum { FLUSH = 0x8040 };
int parley_flush_denormals(int flush) {
    unsigned before = _mm_getcsr();
    _mm_setcsr(flush ? before | FLUSH : before & ~(unsigned)FLUSH);
    return (before & FLUSH) == FLUSH;
}
#elif defined(__aarch64__)
int parley_flush_denormals(int flush) {
    uint64_t before, bit = (uint64_t)1 << 24;
    __asm__ volatile("mrs %0, fpcr" : "=r"(before));
    __asm__ volatile("msr fpcr, %0" : : "r"(flush ? before | bit : before & ~bit));
    return (before & bit) != 0;
}
#else
int parley_flush_denormals(int flush) {
    (void)flush;
    return 0;
}
#endif

int parley_thread_prepare(int realtime) {
    parley_flush_denormals(1);
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    if (!realtime) return 0;
    struct sched_param parameters = {.sched_priority = 10};
    return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0;
}

int parley_thread_pin(int index) {
    cpu_set_t allowed, one;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return errno;
    int seen = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &allowed)) continue;
        if (seen++ != index) continue;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        return pthread_setaffinity_np(pthread_self(), sizeof one, &one);
    }
    return EINVAL;
}

int parley_thread_witness(int processor) {
    if (processor < 0 || processor >= CPU_SETSIZE) return EINVAL;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    int failure = pthread_setaffinity_np(pthread_self(), sizeof one, &one);
    if (failure) return failure;
    prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    struct sched_param parameters = {.sched_priority = sched_get_priority_max(SCHED_FIFO)};
    return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
}

int64_t parley_process_cpu_ns(int process) {
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &t) != 0) return -1;
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// Plain loads and stores beside the arithmetic, because these are what a second thread of the same core takes away: work in
// registers alone takes as long as ever.
static float pace_work(float *kept, const float *added, int count, int passes) {
    for (int pass = 0; pass < passes; pass++) {
#pragma clang loop vectorize(disable) interleave(disable) unroll(disable)
        for (int i = 0; i < count; i += 2) {
            float a = kept[i], b = kept[i + 1], c = added[i], d = added[i + 1];
            kept[i] = a * 0.5f + c * 0.25f - d * 0.125f;
            kept[i + 1] = b * 0.5f + d * 0.25f + c * 0.125f;
        }
    }
    return kept[0];
}

int64_t parley_pace_ns(void) {
    enum { count = 2048 };
    float kept[count], added[count];
    for (int i = 0; i < count; i++) {
        kept[i] = 1;
        added[i] = (float)(i % 7 + 1);
    }
    // Once unmeasured, so that the memory is near.
    volatile float result = pace_work(kept, added, count, 1);
    int64_t began = clock_ns(CLOCK_MONOTONIC);
    result = pace_work(kept, added, count, 10);
    (void)result;
    return clock_ns(CLOCK_MONOTONIC) - began;
}

int parley_processor_count(void) {
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
    int count = CPU_COUNT(&allowed);
    return count > 0 ? count : 1;
}

uint64_t parley_thread_self(void) { return (uint64_t)pthread_self(); }

int64_t parley_resident_bytes(void) {
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    long long total = 0, resident = 0;
    int read = fscanf(file, "%lld %lld", &total, &resident);
    fclose(file);
    return read == 2 ? resident * sysconf(_SC_PAGESIZE) : 0;
}
