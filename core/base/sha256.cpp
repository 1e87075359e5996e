// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"

#include <openssl/evp.h>

#include <new>

namespace luthien {

namespace {
void mustSucceed(int opensslResult)
{
    if (opensslResult != 1)
        throw std::bad_alloc(); // SHA-256 of bytes in memory fails for no other reason
}
} // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const noexcept
{
    EVP_MD_CTX_free(context);
}

Sha256::Sha256()
    : m_context(EVP_MD_CTX_new())
{
    mustSucceed(m_context ? 1 : 0);
    mustSucceed(EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr));
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes)
{
    mustSucceed(EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size()));
}

Digest Sha256::finish()
{
    Digest digest{};
    mustSucceed(EVP_DigestFinal_ex(m_context.get(), digest.data(), nullptr));
    mustSucceed(EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr));
    return digest;
}

Digest Sha256::of(std::string_view bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return hash.finish();
}

std::string toHex(const Digest& digest)
{
    constexpr char hex[] = "0123456789abcdef";
    std::string text;
    text.reserve(digest.size() * 2);
    for (const std::uint8_t byte : digest) {
        text += hex[byte >> 4];
        text += hex[byte & 0xf];
    }
    return text;
}

} // namespace luthien
