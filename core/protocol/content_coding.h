// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace luthien::protocol {

enum class ContentCoding : std::uint8_t { Identity, Gzip, Deflate, Zstd };

/// Reads a Content-Encoding value; nothing for codings we cannot decode (br, several at once).
[[nodiscard]] std::optional<ContentCoding> contentCodingFromName(std::string_view value) noexcept;

/// Decodes a body that comes in pieces. Bounded in output. Thread: one at a time.
class ContentDecoder
{
public:
    /// maxBytes bounds the whole decoded body.
    ContentDecoder(ContentCoding coding, std::uint64_t maxBytes);
    ~ContentDecoder();
    ContentDecoder(ContentDecoder&&) noexcept;
    ContentDecoder& operator=(ContentDecoder&&) noexcept;

    /// Appends what input decodes to. Errors: InvalidInput (corrupt, or bytes after the end), TooLarge.
    [[nodiscard]] Result<void> decode(std::string_view input, std::string& output);
    /// The body is over. Errors: InvalidInput if it stops in the middle.
    [[nodiscard]] Result<void> finish() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace luthien::protocol
