// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "base/sha256.h"

#include <string>
#include <string_view>

namespace luthien::store {

/// What signs the links of a chain of evidence. It lies outside of the database, so that whoever can write that one
/// cannot sign. Thread: any.
class EvidenceKey
{
public:
    /// From what a secret store holds: 64 hexadecimal digits. Errors: InvalidInput; the text is not repeated.
    [[nodiscard]] static Result<EvidenceKey> parse(std::string_view text);

    /// HMAC-SHA-256 of a link's hash.
    [[nodiscard]] Digest sign(const Digest& link) const;
    /// Tells one key from another and nothing else of it: 32 hexadecimal digits.
    [[nodiscard]] const std::string& id() const noexcept { return m_id; }

private:
    explicit EvidenceKey(const Digest& secret);

    Digest m_secret;
    std::string m_id;
};

} // namespace luthien::store
