// libcrypto of OpenSSL 3 (Apache-2.0): keyed hashes of webhook signatures and comparison in constant time.
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/rand.h>
