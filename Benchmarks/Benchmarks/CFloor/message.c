#include "internal.h"

#include <stdlib.h>

struct text {
    const char *at, *end;
};

static inline bool take(struct text *t, char byte) {
    while (t->at < t->end && (*t->at == ' ' || *t->at == '\t' || *t->at == '\n' || *t->at == '\r')) t->at++;
    if (t->at == t->end || *t->at != byte) return false;
    t->at++;
    return true;
}

static inline bool string(struct text *t, const char **start, long *length) {
    if (!take(t, '"')) return false;
    const char *p = t->at;
    for (;;) {
        while (p < t->end && !floor_string_end[(uint8_t)*p]) p++;
        if (p == t->end || (uint8_t)*p < 0x20) return false;
        if (*p == '"') break;
        p += 2;  // an escape
    }
    *start = t->at;
    *length = p - t->at;
    t->at = p + 1;
    return true;
}

static inline int64_t number(const char *at, long length) {
    int64_t value = 0;
    for (long i = 0; i < length; i++) value = value * 10 + (at[i] - '0');
    return value;
}

#define IS(literal) (key_length == sizeof(literal) - 1 && memcmp(key, literal, sizeof(literal) - 1) == 0)

static bool body(struct text *t, struct floor_scan *out) {
    const char *key, *value;
    long key_length, length;
    if (!take(t, '{')) return false;
    do {
        if (!string(t, &key, &key_length) || !take(t, ':') || !string(t, &value, &length)) return false;
        if (IS("payload")) {
            out->payload = value;
            out->payload_length = length;
        } else if (IS("timestamp")) {
            out->timestamp = number(value, length);
        } else if (IS("track")) {
            out->inbound = length == 7 && memcmp(value, "inbound", 7) == 0;
        }
    } while (take(t, ','));
    return take(t, '}');
}

bool floor_scan_message(const char *text, long length, struct floor_scan *out) {
    struct text t = {text, text + length};
    const char *key, *value;
    long key_length, size;
    if (!take(&t, '{')) return false;
    do {
        if (!string(&t, &key, &key_length) || !take(&t, ':')) return false;
        if (IS("media")) {
            if (!body(&t, out)) return false;
            continue;
        }
        if (!string(&t, &value, &size)) return false;
        if (IS("event")) {
            out->event = size == 5 && memcmp(value, "media", 5) == 0;
        } else if (IS("streamSid")) {
            out->sid = value;
            out->sid_length = size;
        } else if (IS("sequenceNumber")) {
            out->sequence = number(value, size);
        }
    } while (take(&t, ','));
    return take(&t, '}') && t.at == t.end;
}

void floor_scan_messages(const char *text, long length, long n, struct floor_scan *out) {
    for (long i = 0; i < n; i++) {
        floor_scan_message(text, length, out);
        floor_keep(out);
    }
}

bool floor_receive_messages(const char *text, long length, long n, struct floor_packet *out) {
    static struct floor_packet slots[256];
    size_t position = 0;
    bool good = true;
    struct floor_scan scan;
    struct floor_packet packet = {0, FLOOR_SAMPLES, 0, -1, 0, {0}};
    for (long i = 0; i < n; i++) {
        good &= floor_scan_message(text, length, &scan) && scan.event && scan.payload_length == FLOOR_TEXT;
        good &= decode_base64(scan.payload, packet.bytes);
        packet.timestamp = scan.timestamp * 8;
        memcpy(&slots[position % 256], &packet, sizeof packet);
        floor_keep(slots);
        memcpy(out, &slots[position++ % 256], sizeof *out);
        floor_keep(out);
    }
    return good;
}

long floor_build_messages(
    const char *head, long head_length, const uint8_t *frames, long mask, long n, bool fresh, char *output) {
    long length = head_length + FLOOR_TEXT + 3;
    for (long i = 0; i < n; i++) {
        char *target = fresh ? malloc((size_t)length) : output;
        memcpy(target, head, (size_t)head_length);
        encode_base64(frames + (i & mask) * FLOOR_SAMPLES, target + head_length);
        memcpy(target + head_length + FLOOR_TEXT, "\"}}", 3);
        floor_keep(target);
        if (fresh) free(target);
    }
    return length;
}
