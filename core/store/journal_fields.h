// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "base/ids.h"
#include "conversation/call_event.h"
#include "store/varint.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

/// How the members of a journal record are written, one after another.
namespace luthien::store {

inline void appendNumber(std::string& out, std::optional<std::int64_t> number)
{
    out += number ? '\1' : '\0';
    if (number)
        appendVarint(out, zigzag(*number));
}

inline void appendTime(std::string& out, TimePoint time)
{
    appendVarint(out, zigzag(toMicros(time)));
}

inline void appendText(std::string& out, std::string_view text)
{
    appendVarint(out, text.size());
    out += text;
}

inline void appendCall(std::string& out, const CallId& call)
{
    out.append(reinterpret_cast<const char*>(call.bytes().data()), call.bytes().size());
}

inline void appendTotals(std::string& out, const conversation::BodyTotals& totals)
{
    appendVarint(out, totals.bytes);
    appendVarint(out, totals.changedBytes);
    out += asBytes(totals.sha256);
}

inline void appendScore(std::string& out, std::optional<double> score)
{
    appendVarint(out, score ? 1 : 0);
    appendVarint(out, std::bit_cast<std::uint64_t>(score.value_or(0)));
}

/// Takes members off the front of a record; after the first failure all others fail too.
class Fields
{
public:
    explicit Fields(std::string_view record)
        : m_rest(record)
    {
    }

    [[nodiscard]] bool ok() const noexcept { return m_ok; }
    [[nodiscard]] std::string_view rest() const noexcept { return m_rest; }

    std::uint64_t number()
    {
        std::uint64_t value = 0;
        m_ok = m_ok && readVarint(m_rest, value);
        return m_ok ? value : 0;
    }
    template <typename T>
    T enumerator(T last)
    {
        const std::uint64_t value = number();
        m_ok = m_ok && value <= static_cast<std::uint64_t>(last);
        return m_ok ? static_cast<T>(value) : T{};
    }
    TimePoint time() { return fromMicros(unzigzag(number())); }
    std::optional<std::int64_t> optionalNumber()
    {
        if (number() == 0)
            return std::nullopt;
        return unzigzag(number());
    }
    std::optional<double> score()
    {
        const bool isKnown = number() != 0;
        const auto value = std::bit_cast<double>(number());
        return isKnown ? std::optional(value) : std::nullopt;
    }
    std::optional<TimePoint> optionalTime()
    {
        const auto micros = optionalNumber();
        return micros ? std::optional(fromMicros(*micros)) : std::nullopt;
    }
    std::string_view bytes(std::uint64_t size)
    {
        m_ok = m_ok && size <= m_rest.size();
        if (!m_ok)
            return {};
        const std::string_view taken = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return taken;
    }
    std::string_view text() { return bytes(number()); }
    CallId call()
    {
        std::array<std::uint8_t, 16> id{};
        if (const std::string_view taken = bytes(id.size()); m_ok)
            std::memcpy(id.data(), taken.data(), id.size());
        return CallId(id);
    }
    conversation::BodyTotals totals()
    {
        conversation::BodyTotals totals;
        totals.bytes = number();
        totals.changedBytes = number();
        if (const std::string_view taken = bytes(totals.sha256.size()); m_ok)
            std::memcpy(totals.sha256.data(), taken.data(), totals.sha256.size());
        return totals;
    }

private:
    std::string_view m_rest;
    bool m_ok = true;
};

} // namespace luthien::store
