// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/sha256.h"

#include <string_view>

namespace luthien {

/// HMAC-SHA-256 (RFC 2104) of bytes under a key of any length.
[[nodiscard]] Digest hmacSha256(std::string_view key, std::string_view bytes);

/// Whether two digests are the same, in a time that does not depend on where they differ.
[[nodiscard]] bool isEqualInConstantTime(const Digest& left, const Digest& right) noexcept;

} // namespace luthien
