// SPDX-License-Identifier: Apache-2.0
#include "store/evidence_key.h"

#include "base/hmac.h"

#include <charconv>

namespace luthien::store {

namespace {
constexpr std::size_t kIdDigits = 32;
}

Result<EvidenceKey> EvidenceKey::parse(std::string_view text)
{
    const Error unreadable{ErrorCode::InvalidInput, "a key of the chain of evidence is 64 hexadecimal digits",
                           "secret store"};
    Digest secret{};
    if (text.size() != secret.size() * 2)
        return unreadable;
    for (std::size_t at = 0; at < secret.size(); ++at) {
        const char* const end = text.data() + 2 * at + 2;
        const auto [rest, failure] = std::from_chars(end - 2, end, secret[at], 16);
        if (failure != std::errc() || rest != end)
            return unreadable;
    }
    return EvidenceKey(secret);
}

EvidenceKey::EvidenceKey(const Digest& secret)
    : m_secret(secret)
    , m_id(toHex(hmacSha256(asBytes(secret), "luthien evidence key id")).substr(0, kIdDigits))
{
}

Digest EvidenceKey::sign(const Digest& link) const
{
    return hmacSha256(asBytes(m_secret), asBytes(link));
}

} // namespace luthien::store
