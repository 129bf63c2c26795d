// Keypad tones (ITU-T Q.23) the plain way: one Goertzel filter per tone over a whole frame, and the strongest of each group.
#include "CFloor.h"

#include <math.h>

static const double rows[4] = {697, 770, 852, 941}, columns[4] = {1209, 1336, 1477, 1633};
enum { TONES = 8 };

static int strongest(const float *power) {
    int best = 0;
    for (int i = 1; i < 4; i++)
        if (power[i] > power[best]) best = i;
    return best;
}

void floor_tones_hear(const int16_t *frames, long mask, long n, struct floor_tones *output) {
    float factor[TONES];
    for (int i = 0; i < TONES; i++) factor[i] = (float)(2 * cos(2 * M_PI * (i < 4 ? rows[i] : columns[i - 4]) / 8000));
    for (long i = 0; i < n; i++) {
        const int16_t *frame = frames + (i & mask) * FLOOR_SAMPLES;
        float older[TONES] = {0}, old[TONES] = {0}, energy = 0;
        for (int at = 0; at < FLOOR_SAMPLES; at++) {
            float x = frame[at];
            energy += x * x;
            for (int tone = 0; tone < TONES; tone++) {
                float next = x + factor[tone] * old[tone] - older[tone];
                older[tone] = old[tone];
                old[tone] = next;
            }
        }
        for (int tone = 0; tone < TONES; tone++) {
            float power = old[tone] * old[tone] + older[tone] * older[tone] - factor[tone] * old[tone] * older[tone];
            if (tone < 4) output->rows[tone] = power;
            else output->columns[tone - 4] = power;
        }
        output->energy = energy;
        output->row = strongest(output->rows);
        output->column = strongest(output->columns);
        floor_keep(output);
    }
}

void floor_tone_write(int row, int column, long position, long n, int16_t *output) {
    for (long i = 0; i < n; i++) {
        for (int at = 0; at < FLOOR_SAMPLES; at++) {
            double step = 2 * M_PI * (double)(position + at) / 8000;
            output[at] = (int16_t)lrint(4000 * sin(step * rows[row]) + 5000 * sin(step * columns[column]));
        }
        position += FLOOR_SAMPLES;
        floor_keep(output);
    }
}
