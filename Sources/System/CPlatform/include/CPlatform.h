// The few Linux calls that Swift cannot make as they are: futex, thread attributes, the monotonic clock, sockets asked together.
#ifndef PARLEY_CPLATFORM_H
#define PARLEY_CPLATFORM_H

#include <stdint.h>

// Nanoseconds of CLOCK_MONOTONIC.
int64_t parley_monotonic_ns(void);

// Nanoseconds of CPU time of the calling thread (CLOCK_THREAD_CPUTIME_ID).
int64_t parley_thread_cpu_ns(void);

// Sleeps while `*word == expected`, until `deadline_ns` (absolute CLOCK_MONOTONIC; INT64_MAX: none) or a wake.
// Returns 0 when woken or when the word already differed, 1 at the deadline.
int parley_futex_wait(const void *word, uint32_t expected, int64_t deadline_ns);
void parley_futex_wake(const void *word);

// Starts a detached thread that runs `body(context)`. Returns 0 or an errno value.
int parley_thread_start(const char *name, void (*body)(void *), void *context);

// Asks for 1 ns of timer slack, and for `SCHED_FIFO` when `realtime` is not 0 and the process may. Returns 1 when
// real-time scheduling was granted. Also flushes denormal numbers.
int parley_thread_prepare(int realtime);

// Makes the calling thread take numbers too small to be normal as zero, or not. Filters that decay in silence fill with
// them, and each costs a hundred cycles: a fifth of an echo canceller's time. Returns what was set before.
int parley_flush_denormals(int flush);

// Asks the processor to bring the lines of `count` bytes from `start` on into its caches. A hint: it touches nothing.
static inline void parley_prefetch(const void *start, int64_t count) {
    const char *line = (const char *)((uintptr_t)start & ~(uintptr_t)63), *end = (const char *)start + count;
    for (; line < end; line += 64) __builtin_prefetch(line, 0, 3);
}

// Reads a byte of each line of `count` bytes from `start` on, so that all are in the caches or on their way: processors drop
// hints when many are open, and wait for no reading whose value nobody uses.
static inline void parley_touch(const void *start, int64_t count) {
    const char *line = (const char *)((uintptr_t)start & ~(uintptr_t)63), *end = (const char *)start + count;
    for (; line < end; line += 64) __asm__ volatile("" ::"r"(*(const volatile char *)line));
}

// Bytes of a block that the C library's allocator gave out.
int64_t parley_block_size(const void *block);

// Pins the calling thread to one processor, counted within those the process may use. Returns 0 or an errno value.
int parley_thread_pin(int index);

// Puts the calling thread on one processor, by the machine's own number, before everything else there (`SCHED_FIFO` at its
// highest). Returns 0 or an errno value.
int parley_thread_witness(int processor);

// Nanoseconds of CPU time of all threads of a process on this machine; -1 if it cannot be read.
int64_t parley_process_cpu_ns(int process);

// Nanoseconds that a piece of work takes which is always the same: loads, arithmetic and stores on 16 kB, some 7 us of them.
int64_t parley_pace_ns(void);

// Processors this process may use: fewer than the machine has when it is pinned or in a container.
int parley_processor_count(void);

// Identifies the calling thread within this process; never 0.
uint64_t parley_thread_self(void);

// A set of sockets that are asked together which of them have something to read (epoll). Returns a descriptor or -1.
int parley_sockets_open(void);
void parley_sockets_close(int set);

// Adds a socket. Returns 0 or an errno value. One that is closed leaves by itself.
int parley_sockets_add(int set, int socket);
void parley_sockets_remove(int set, int socket);

// The sockets that have something to read or whose peer is gone; waits for none. Returns how many of `count` were written.
int parley_sockets_ready(int set, int *sockets, int count);

// Reads what has come, at most `count` bytes; waits for nothing. Returns the bytes read, 0 when the peer is gone, -1 when
// there is nothing now.
int64_t parley_socket_read(int socket, void *bytes, int64_t count);

// Returns how many bytes the socket took, 0 when it takes none now or no more.
int64_t parley_socket_write(int socket, const void *bytes, int64_t count);

// Resident set of this process in bytes, 0 if it cannot be read.
int64_t parley_resident_bytes(void);

#endif
