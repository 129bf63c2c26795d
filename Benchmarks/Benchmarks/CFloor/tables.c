#include "internal.h"

int16_t floor_linear[256];
uint8_t floor_companded[16384];
uint8_t floor_values[256];
uint8_t floor_string_end[256];
const char floor_alphabet[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// G.711: a 14-bit magnitude plus 33 has its segment in the leading bit and its step in the four bits behind it.
static uint8_t compand(int sample) {
    int negative = sample < 0;
    int magnitude = (negative ? ~sample : sample) >> 2;
    if (magnitude > 8158) magnitude = 8158;
    magnitude += 33;
    int segment = 0;
    while (magnitude >> (segment + 6)) segment++;
    int code = segment << 4 | (magnitude >> (segment + 1) & 15);
    return (uint8_t)~(code | (negative ? 0x80 : 0));
}

static int16_t expand(uint8_t byte) {
    int code = ~byte & 0xFF;
    int magnitude = (((code & 15) << 3) + 132) << (code >> 4 & 7);
    return (int16_t)(code & 0x80 ? 132 - magnitude : magnitude - 132);
}

void floor_prepare(void) {
    for (int i = 0; i < 256; i++) floor_linear[i] = expand((uint8_t)i);
    for (int i = 0; i < 16384; i++) floor_companded[i] = compand((int16_t)(i << 2));
    memset(floor_values, 0x80, sizeof floor_values);
    for (int i = 0; i < 64; i++) floor_values[(uint8_t)floor_alphabet[i]] = (uint8_t)i;
    for (int i = 0; i < 256; i++) floor_string_end[i] = i < 0x20 || i == '"' || i == '\\';
}
