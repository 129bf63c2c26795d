// A webhook's form decoded in place, its pairs sorted, its signature checked: what any C program would do.
#include "internal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

struct pair {
    const char *name, *value;
    size_t name_length, value_length;
};

static int hex(char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; }

// Decodes one field up to one of two marks; returns its length.
static size_t decode(const char **at, const char *end, char mark, char *out) {
    char *start = out;
    const char *p = *at;
    while (p < end && *p != mark && *p != '&') {
        if (*p == '%' && end - p > 2) {
            *out++ = (char)(hex(p[1]) << 4 | hex(p[2]));
            p += 3;
        } else {
            *out++ = *p == '+' ? ' ' : *p;
            p++;
        }
    }
    *at = p;
    return (size_t)(out - start);
}

static int by_name(const void *left, const void *right) {
    const struct pair *a = left, *b = right;
    size_t shorter = a->name_length < b->name_length ? a->name_length : b->name_length;
    int order = memcmp(a->name, b->name, shorter);
    return order != 0 ? order : (a->name_length > b->name_length) - (a->name_length < b->name_length);
}

static bool matches(const char *url, const char *signed_part, size_t length, const char *token, const uint8_t *given) {
    char message[8192];
    size_t url_length = strlen(url);
    memcpy(message, url, url_length);
    memcpy(message + url_length, signed_part, length);
    uint8_t code[EVP_MAX_MD_SIZE];
    unsigned int count = 0;
    HMAC(EVP_sha1(), token, (int)strlen(token), (const uint8_t *)message, url_length + length, code, &count);
    return CRYPTO_memcmp(code, given, 20) == 0;
}

static bool check(const char *body, size_t length, const char *url, const char *token, const char *signature) {
    char text[4096], signed_part[4096];
    struct pair pairs[64];
    size_t count = 0;
    char *out = text;
    const char *at = body, *end = body + length;
    while (at < end && count < 64) {
        struct pair *pair = &pairs[count++];
        pair->name = out;
        pair->name_length = decode(&at, end, '=', out);
        out += pair->name_length;
        if (at < end && *at == '=') at++;
        pair->value = out;
        pair->value_length = decode(&at, end, '&', out);
        out += pair->value_length;
        if (at < end) at++;
    }
    qsort(pairs, count, sizeof(struct pair), by_name);
    char *to = signed_part;
    for (size_t i = 0; i < count; i++) {
        memcpy(to, pairs[i].name, pairs[i].name_length);
        to += pairs[i].name_length;
        memcpy(to, pairs[i].value, pairs[i].value_length);
        to += pairs[i].value_length;
    }
    uint8_t given[24];
    if (EVP_DecodeBlock(given, (const uint8_t *)signature, 28) < 20) return false;
    char with_port[512];
    const char *slash = strchr(strstr(url, "://") + 3, '/');
    size_t host = (size_t)(slash - url);
    memcpy(with_port, url, host);
    memcpy(with_port + host, ":443", 4);
    strcpy(with_port + host + 4, slash);
    size_t signed_length = (size_t)(to - signed_part);
    // Both, whatever the first says.
    bool plain = matches(url, signed_part, signed_length, token, given);
    bool ported = matches(with_port, signed_part, signed_length, token, given);
    return plain | ported;
}

long floor_webhook_check(
    const char *body, long length, const char *url, const char *token, const char *signature, long n
) {
    long valid = 0;
    for (long i = 0; i < n; i++) {
        bool is_valid = check(body, (size_t)length, url, token, signature);
        floor_keep(&is_valid);
        valid += is_valid;
    }
    return valid;
}
