// Bodies shared by the floors; static so that each floor may inline them, as a C program would.
#ifndef PARLEY_CFLOOR_INTERNAL_H
#define PARLEY_CFLOOR_INTERNAL_H

#include "CFloor.h"

#include <string.h>

extern int16_t floor_linear[256];
extern uint8_t floor_companded[16384];
extern uint8_t floor_values[256];
extern uint8_t floor_string_end[256];
extern const char floor_alphabet[65];

static inline void decode_mulaw(const uint8_t *in, int16_t *out) {
    for (int i = 0; i < FLOOR_SAMPLES; i++) out[i] = floor_linear[in[i]];
}

static inline void encode_mulaw(const int16_t *in, uint8_t *out) {
    for (int i = 0; i < FLOOR_SAMPLES; i++) out[i] = floor_companded[(uint16_t)in[i] >> 2];
}

static inline void encode_base64(const uint8_t *in, char *out) {
    for (int i = 0; i < 159; i += 3) {
        uint32_t v = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | in[i + 2];
        *out++ = floor_alphabet[v >> 18];
        *out++ = floor_alphabet[v >> 12 & 63];
        *out++ = floor_alphabet[v >> 6 & 63];
        *out++ = floor_alphabet[v & 63];
    }
    uint32_t v = (uint32_t)in[159] << 16;
    *out++ = floor_alphabet[v >> 18];
    *out++ = floor_alphabet[v >> 12 & 63];
    *out++ = '=';
    *out++ = '=';
}

static inline bool decode_base64(const char *text, uint8_t *out) {
    const uint8_t *in = (const uint8_t *)text;
    uint8_t bad = 0;
    for (int i = 0; i < 212; i += 4) {
        uint8_t a = floor_values[in[i]], b = floor_values[in[i + 1]], c = floor_values[in[i + 2]],
                d = floor_values[in[i + 3]];
        bad |= a | b | c | d;
        *out++ = (uint8_t)(a << 2 | b >> 4);
        *out++ = (uint8_t)(b << 4 | c >> 2);
        *out++ = (uint8_t)(c << 6 | d);
    }
    uint8_t a = floor_values[in[212]], b = floor_values[in[213]];
    *out = (uint8_t)(a << 2 | b >> 4);
    return !((bad | a | b) & 0x80);
}

void library_echo(struct floor_library *library, const int16_t *near, const int16_t *far, int16_t *output);
void library_reduce(struct floor_library *library, int16_t *samples);
void voice_frame(struct floor_voice *voice, const int16_t *samples, float *level, float *periodicity);

#endif
