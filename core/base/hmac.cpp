// SPDX-License-Identifier: Apache-2.0
#include "base/hmac.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <new>

namespace luthien {

Digest hmacSha256(std::string_view key, std::string_view bytes)
{
    Digest digest{};
    unsigned int size = 0;
    const unsigned char* const made =
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data(), &size);
    if (made == nullptr)
        throw std::bad_alloc(); // HMAC of bytes in memory fails for no other reason
    return digest;
}

bool isEqualInConstantTime(const Digest& left, const Digest& right) noexcept
{
    return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

} // namespace luthien
