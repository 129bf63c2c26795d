// The floors: the plainest C that does the work of one benchmark, on the same inputs. Each `floor_…` function repeats the
// work `n` times and shows every result to `floor_keep`, which the compiler cannot see into, so nothing is optimised away.
#ifndef PARLEY_CFLOOR_H
#define PARLEY_CFLOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FLOOR_SAMPLES = 160, FLOOR_TEXT = 216 };

// Takes the address of a result and does nothing with it. Both sides call it once per repetition.
void floor_keep(const void *result);

// Fills the tables. Once, before anything else.
void floor_prepare(void);

// --- clocks

int64_t floor_thread_cpu_ns(void);
int64_t floor_process_cpu_ns(void);
int64_t floor_monotonic_ns(void);
// Resident set of this process in bytes.
int64_t floor_resident_bytes(void);
// What the allocator has given out, in bytes.
int64_t floor_heap_bytes(void);

// --- G.711 by table: 256 and 16 384 entries

void floor_mulaw_decode(const uint8_t *frames, long mask, long n, int16_t *output);
void floor_mulaw_encode(const int16_t *frames, long mask, long n, uint8_t *output);

// --- Base64 by table, 160 bytes and 216 characters

void floor_base64_encode(const uint8_t *frames, long mask, long n, char *output);
// Returns false when a text held a character outside the alphabet.
bool floor_base64_decode(const char *texts, long mask, long n, uint8_t *output);

// --- Ring of slots with plain head and tail

// The same fields and sizes as the engine's `MediaPacket`, `OutboundMessage`, `SpeechChunk` and `CallerFrame`.
struct floor_packet {
    uint8_t kind, count;
    int64_t value, timestamp, arrival;
    uint8_t bytes[FLOOR_SAMPLES];
};
struct floor_message {
    uint8_t kind;
    int64_t value;
    uint8_t bytes[FLOOR_SAMPLES];
};
struct floor_chunk {
    int32_t reply, piece, offset;
    uint8_t count, ends;
    int16_t samples[FLOOR_SAMPLES];
};
struct floor_frame {
    uint8_t kind;
    int32_t turn;
    int64_t at;
    int16_t samples[FLOOR_SAMPLES];
};

// One thread: memcpy into a slot of a ring of 256 and out again.
void floor_ring(const struct floor_packet *packet, long n, struct floor_packet *output);
// The same with each element made in its slot and read there.
void floor_ring_in_place(const struct floor_packet *packet, long n, int64_t *output);
// Two threads, `n` packets through a ring of 256 with acquire and release positions. Returns the sum of the values seen.
struct floor_ring;
struct floor_ring *floor_ring_make(void);
void floor_ring_free(struct floor_ring *ring);
void floor_ring_write(struct floor_ring *ring, long n);
int64_t floor_ring_read(struct floor_ring *ring, long n);
// Waits a few cycles: what both sides do while a ring is full or empty.
void floor_pause(void);
// Runs two bodies on two new threads at once. Returns nanoseconds from both started to both ended.
int64_t floor_two_threads(void (*first)(void *), void (*second)(void *), void *context);

// --- Tick dispatch: function pointers in a loop

struct floor_target {
    void (*tick)(void *context, int64_t now);
    void *context;
};
struct floor_target *floor_targets_make(int count);
void floor_dispatch(const struct floor_target *targets, int count, int64_t now);

// --- One media message of the provider

struct floor_scan {
    int event;  // 1 for media, 0 for anything else
    const char *sid, *payload;
    long sid_length, payload_length;
    int64_t sequence, timestamp;
    bool inbound;
};
// One pass over the text, no allocation. Returns false when it is no JSON object.
bool floor_scan_message(const char *text, long length, struct floor_scan *out);
void floor_scan_messages(const char *text, long length, long n, struct floor_scan *out);
// Scan, base64, and memcpy through a ring slot.
bool floor_receive_messages(const char *text, long length, long n, struct floor_packet *out);
// memcpy of the head, base64, memcpy of the tail. `fresh`: each message into memory of its own, freed afterwards.
long floor_build_messages(
    const char *head, long head_length, const uint8_t *frames, long mask, long n, bool fresh, char *output);

// --- Voice activity: eight two-stage filters and the pitch correlation

struct floor_voice;
struct floor_voice *floor_voice_make(void);
// Leaves the level band's mean square (1 is the square of full scale) and the highest correlation, 0 to 1.
void floor_voice_run(struct floor_voice *voice, const int16_t *frames, long mask, long n, float *level, float *periodicity);

// --- The library calls of a frame: echo canceller, and noise reducer with gain control and residual suppression

// Samples of the canceller's tail (128 ms); frames by which the chunk of a tick runs ahead of its packet in the recording;
// frames from a chunk's sending to the arrival of the packet that was spoken while it played.
enum { FLOOR_TAIL = 1024, FLOOR_LEAD = 6, FLOOR_PLAYED = 6 };
enum { FLOOR_ECHO = 1, FLOOR_REDUCE = 2 };
struct floor_library;
struct floor_library *floor_library_make(void);
void floor_library_free(struct floor_library *library);
// Call `c` begins with frame `starts[c] & mask`; the calls are served in turn, `passes` times. `output` gets each frame.
void floor_libraries_run(
    struct floor_library *const *libraries, long calls, const int16_t *near, const int16_t *far, long mask,
    const long *starts, long passes, int stages, int16_t *output);

// --- A whole call's frame: rings, mu-law, the libraries' work, the detector's arithmetic

// Slots of the rings: the engine's `RingCapacity`.
enum { CHAIN_PACKETS = 128, CHAIN_MESSAGES = 32, CHAIN_CHUNKS = 64, CHAIN_FRAMES = 64 };
struct floor_chain;
struct floor_chain *floor_chain_make(void);
void floor_chain_free(struct floor_chain *chain);
long floor_chain_bytes(void);
void floor_chains_run(
    struct floor_chain *const *chains, long calls, const struct floor_packet *packets, const struct floor_chunk *chunks,
    long mask, const long *starts, long passes);

// --- The same between two sockets: unmasking, the message's text, base64 both ways, 8 to 16 kHz for the recogniser

// A message as it stands in the socket's buffer, masked.
struct floor_text {
    int32_t length;
    uint8_t key[4];
    uint8_t bytes[504];
};
void floor_unmask(uint8_t *bytes, long length, const uint8_t *key);
struct floor_duplex;
struct floor_duplex *floor_duplex_make(void);
void floor_duplex_free(struct floor_duplex *duplex);
// Returns false when a message could not be read.
bool floor_duplexes_run(
    struct floor_duplex *const *duplexes, long calls, const struct floor_text *texts, const struct floor_chunk *chunks,
    const char *head, long head_length, long mask, const long *starts, long passes);

// --- Keypad tones: eight Goertzel filters over a frame; two sines per sample

struct floor_tones {
    float rows[4], columns[4], energy;
    int row, column;
};
void floor_tones_hear(const int16_t *frames, long mask, long n, struct floor_tones *output);
// Writes the tone of the key at this row and column, from sample `position` on.
void floor_tone_write(int row, int column, long position, long n, int16_t *output);

// --- Resampling and Opus, one state

struct floor_resampler;
struct floor_resampler *floor_resampler_make(int from, int to, int quality);
void floor_resampler_free(struct floor_resampler *resampler);
void floor_resampler_run(struct floor_resampler *resampler, const int16_t *frames, long mask, long n, int16_t *output);
struct floor_opus;
// 16 kHz, mono, 20 ms, the settings of the engine's encoder.
struct floor_opus *floor_opus_make(int bitrate, int complexity);
// Encodes the frames of 320 samples; leaves the last packet in `output` (of 1 275) and returns its bytes.
long floor_opus_encode(struct floor_opus *opus, const int16_t *frames, long mask, long n, uint8_t *output);
// Decodes packets that stand 256 bytes apart, each behind its length as two bytes.
void floor_opus_decode(struct floor_opus *opus, const uint8_t *packets, long mask, long n, int16_t *output);

// --- A webhook

// Reads a form, checks its signature (28 characters of base64) over `url` with and without its port.
// Returns how often it was valid.
long floor_webhook_check(
    const char *body, long length, const char *url, const char *token, const char *signature, long n);

#endif
