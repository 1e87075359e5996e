// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"

#include <algorithm>
#include <cstring>
#include <random>

namespace luthien {

namespace {
constexpr std::size_t kMaxLabelBytes = 128;
constexpr char kHex[] = "0123456789abcdef";
constexpr std::array<std::size_t, 4> kDashes = {8, 13, 18, 23};

bool isDash(std::size_t position)
{
    return std::ranges::find(kDashes, position) != kDashes.end();
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
} // namespace

CallId CallId::make(TimePoint now)
{
    // 74 random bits; the 12 below the clock count up within a millisecond (RFC 9562 method 1).
    thread_local std::mt19937_64 random{[] {
        std::random_device device;
        return (static_cast<std::uint64_t>(device()) << 32) | device();
    }()};
    thread_local std::uint64_t lastMs = 0;
    thread_local std::uint16_t counter = 0;

    const auto ms = static_cast<std::uint64_t>(toMicros(now) / 1000);
    if (ms > lastMs) {
        lastMs = ms;
        counter = static_cast<std::uint16_t>(random() & 0x7ff);
    } else if (++counter > 0xfff) {
        ++lastMs;
        counter = 0;
    }
    std::array<std::uint8_t, 16> bytes;
    for (std::size_t i = 0; i < 6; ++i)
        bytes[i] = static_cast<std::uint8_t>(lastMs >> (40 - 8 * i));
    bytes[6] = static_cast<std::uint8_t>(0x70 | (counter >> 8));
    bytes[7] = static_cast<std::uint8_t>(counter & 0xff);
    const std::uint64_t tail = random();
    std::memcpy(bytes.data() + 8, &tail, sizeof tail);
    bytes[8] = static_cast<std::uint8_t>(0x80 | (bytes[8] & 0x3f));
    return CallId(bytes);
}

std::optional<CallId> CallId::parse(std::string_view text)
{
    if (text.size() != 36)
        return std::nullopt;
    std::array<std::uint8_t, 16> bytes{};
    std::size_t nibble = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (isDash(i)) {
            if (text[i] != '-')
                return std::nullopt;
            continue;
        }
        const int value = hexValue(text[i]);
        if (value < 0)
            return std::nullopt;
        bytes[nibble / 2] = static_cast<std::uint8_t>(bytes[nibble / 2] << 4 | value);
        ++nibble;
    }
    return CallId(bytes);
}

std::string CallId::toString() const
{
    std::string text;
    text.reserve(36);
    for (const std::uint8_t byte : m_bytes) {
        if (isDash(text.size()))
            text += '-';
        text += kHex[byte >> 4];
        text += kHex[byte & 0xf];
    }
    return text;
}

bool isSafeLabel(std::string_view label) noexcept
{
    const auto safe = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == ':' || c == '-';
    };
    return !label.empty() && label.size() <= kMaxLabelBytes && std::ranges::all_of(label, safe);
}

} // namespace luthien

std::size_t std::hash<luthien::CallId>::operator()(const luthien::CallId& id) const noexcept
{
    std::size_t tail;
    std::memcpy(&tail, id.bytes().data() + 8, sizeof tail); // the random half
    return tail;
}
