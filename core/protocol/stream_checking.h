// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/json_read.h"
#include "protocol/stream_checker.h"

#include <cstdint>
#include <string_view>

// What the checkers of the APIs share.
namespace luthien::protocol {

[[nodiscard]] Error breach(std::string_view rule);

/// Texts that are equal have equal fingerprints, in however many pieces they came; others have different ones, but for
/// accidents: it finds mistakes, not forgeries. FNV-1a, 64 bits, and the length.
class Fingerprint
{
public:
    void add(std::string_view text) noexcept
    {
        for (const char c : text)
            m_hash = (m_hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
        m_bytes += text.size();
    }
    /// A JSON value by what it means: blanks and escapes do not count.
    void addJson(simdjson::ondemand::value& value, int depth = 0);
    void addJson(simdjson::ondemand::object object, int depth = 0);
    [[nodiscard]] bool isEmpty() const noexcept { return m_bytes == 0; }
    bool operator==(const Fingerprint&) const = default;

private:
    std::uint64_t m_hash = 0xcbf29ce484222325;
    std::uint64_t m_bytes = 0;
};
[[nodiscard]] Fingerprint fingerprintOf(std::string_view text) noexcept;

[[nodiscard]] bool isObject(simdjson::ondemand::value& value);
[[nodiscard]] bool isNull(simdjson::ondemand::value& value);

// One for each API.
[[nodiscard]] std::unique_ptr<StreamChecker> makeAnthropicChecker();
[[nodiscard]] std::unique_ptr<StreamChecker> makeOpenAiChatChecker();
[[nodiscard]] std::unique_ptr<StreamChecker> makeOpenAiResponsesChecker();
[[nodiscard]] std::unique_ptr<StreamChecker> makeGeminiChecker();
[[nodiscard]] std::unique_ptr<StreamChecker> makeOllamaChecker();

} // namespace luthien::protocol
