// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/dialect.h"
#include "protocol/json_read.h"

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace luthien::protocol {

/// Gives each block of a reply its canonical number: 0, 1, 2 in order of first appearance.
class BlockNumbers
{
public:
    struct Number
    {
        std::uint32_t value = 0;
        bool isNew = false;
    };
    /// key = whatever names the block on the wire.
    Number of(std::uint64_t key)
    {
        if (key == m_lastKey && !m_numbers.empty())
            return {m_lastNumber, false};
        const auto [found, isNew] = m_numbers.try_emplace(key, static_cast<std::uint32_t>(m_numbers.size()));
        m_lastKey = key;
        m_lastNumber = found->second;
        return {m_lastNumber, isNew};
    }
    [[nodiscard]] bool has(std::uint64_t key) const { return m_numbers.contains(key); }

private:
    std::unordered_map<std::uint64_t, std::uint32_t> m_numbers;
    std::uint64_t m_lastKey = 0; // deltas of one block follow each other
    std::uint32_t m_lastNumber = 0;
};

/// What the decoders share: the events of the step, and how far the reply has come.
class JsonStreamDecoder : public StreamDecoder
{
public:
    [[nodiscard]] bool isComplete() const noexcept override { return m_isComplete; }
    [[nodiscard]] bool sawGarbage() const noexcept override { return m_sawGarbage; }

protected:
    conversation::StreamEvent& add(conversation::EventKind kind)
    {
        conversation::StreamEvent& event = m_events.emplace_back();
        event.kind = kind;
        return event;
    }
    /// The step's events; an event that meant nothing is Framing.
    std::span<const conversation::StreamEvent> events()
    {
        if (m_events.empty())
            add(conversation::EventKind::Framing);
        return m_events;
    }
    std::span<const conversation::StreamEvent> garbage()
    {
        m_sawGarbage = true;
        m_events.clear();
        return events();
    }
    /// A Start as the step's first event, whatever order the members came in.
    void addStart(std::string_view id, std::string_view model)
    {
        conversation::StreamEvent start;
        start.kind = conversation::EventKind::Start;
        start.id = id;
        start.name = model;
        m_events.insert(m_events.begin(), start);
    }
    void addError(std::string_view code, std::string_view message)
    {
        conversation::StreamEvent& event = add(conversation::EventKind::Error);
        event.name = code;
        event.text = message;
        m_isComplete = true;
    }

    JsonReader m_json;
    BlockNumbers m_blocks;
    std::vector<conversation::StreamEvent> m_events;
    bool m_isComplete = false;
    bool m_sawGarbage = false;
};

/// A whole body read by a decoder of its own; the events' views are valid as long as it is there.
template <typename Decoder>
[[nodiscard]] std::unique_ptr<StreamDecoder> decodeWhole(std::string_view body,
                                                         std::vector<conversation::StreamEvent>& events)
{
    auto decoder = std::make_unique<Decoder>();
    const auto decoded = decoder->decodeBody(body);
    events.assign(decoded.begin(), decoded.end());
    return decoder;
}

/// What an error member says, in any of the forms seen: an object, a text, or a list of objects with "msg".
struct WireError
{
    std::string_view code;
    std::string_view type;
    std::string_view message;
};
void readError(simdjson::ondemand::value& value, WireError& error);

} // namespace luthien::protocol
