// SPDX-License-Identifier: Apache-2.0
#include "protocol/json_splitter.h"

namespace luthien::protocol {

namespace {
constexpr std::string_view kBlanks = " \t\r\n";

bool isBlank(char byte)
{
    return kBlanks.find(byte) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

SseParser::Step eventStep(std::size_t consumed, std::string_view data)
{
    SseParser::Step step{SseParser::State::Event, consumed, {}};
    step.event.data = data;
    step.event.hasData = !data.empty();
    return step;
}
} // namespace

LineSplitter::LineSplitter(std::size_t maxEventBytes)
    : m_maxEventBytes(maxEventBytes)
{
}

SseParser::Step LineSplitter::parse(std::string_view input)
{
    if (m_isDispatched) {
        m_pending.clear();
        m_isDispatched = false;
    }
    std::size_t used = 0;
    while (used < input.size()) {
        const std::size_t begin = used;
        const std::size_t end = input.find('\n', begin);
        used = end == std::string_view::npos ? input.size() : end + 1;
        if (m_pending.size() + used > m_maxEventBytes)
            return {SseParser::State::TooLarge, used, {}};
        m_hasContent =
            m_hasContent || input.substr(begin, used - begin).find_first_not_of(kBlanks) != std::string_view::npos;
        if (end == std::string_view::npos || !m_hasContent)
            continue;
        m_isDispatched = true;
        m_hasContent = false;
        if (m_pending.empty())
            return eventStep(used, trimmed(input.substr(0, used)));
        m_pending.append(input.substr(0, used));
        return eventStep(used, trimmed(m_pending));
    }
    if (m_hasContent)
        m_pending.append(input);
    return {SseParser::State::NeedMore, used, {}};
}

SseParser::Step LineSplitter::finish()
{
    if (!m_hasContent)
        return {};
    m_hasContent = false;
    m_isDispatched = true;
    return eventStep(0, trimmed(m_pending));
}

ListSplitter::ListSplitter(std::size_t maxEventBytes)
    : m_maxEventBytes(maxEventBytes)
{
}

SseParser::Step ListSplitter::parse(std::string_view input)
{
    if (m_isDispatched) {
        m_pending.clear();
        m_isDispatched = false;
    }
    for (std::size_t at = 0; at < input.size(); ++at) {
        const Found found = take(input[at]);
        if (found == Found::Begin)
            m_elementAt = m_pending.size() + at;
        else if (found != Found::Nothing)
            return stepTo(at + 1, input, found);
    }
    if (m_pending.size() + input.size() > m_maxEventBytes)
        return {SseParser::State::TooLarge, input.size(), {}};
    m_pending.append(input);
    return {SseParser::State::NeedMore, input.size(), {}};
}

SseParser::Step ListSplitter::stepTo(std::size_t consumed, std::string_view input, Found found)
{
    if (found == Found::Breach || m_pending.size() + consumed > m_maxEventBytes)
        return {SseParser::State::TooLarge, consumed, {}};
    m_isDispatched = true;
    std::string_view event = input.substr(0, consumed);
    if (!m_pending.empty())
        event = m_pending.append(event);
    return eventStep(consumed, found == Found::Close ? std::string_view() : event.substr(m_elementAt));
}

/// Moves on by one byte; tells what begins or is complete with it.
ListSplitter::Found ListSplitter::take(char byte)
{
    if (m_place != Place::Element)
        return isBlank(byte) ? Found::Nothing : takeBetween(byte);
    if (m_isInString) {
        if (m_isEscaped)
            m_isEscaped = false;
        else if (byte == '\\')
            m_isEscaped = true;
        else
            m_isInString = byte != '"';
    } else if (byte == '"') {
        m_isInString = true;
    } else if (byte == '{' || byte == '[') {
        ++m_depth;
    } else if ((byte == '}' || byte == ']') && --m_depth == 0) {
        m_place = m_isLone ? Place::Closed : Place::AfterElement;
        return Found::Element;
    }
    return Found::Nothing;
}

ListSplitter::Found ListSplitter::takeBetween(char byte)
{
    const Place was = m_place;
    const bool mayBegin = was == Place::Before || was == Place::Opened || was == Place::AfterComma;
    if (byte == '{' && mayBegin) {
        m_isLone = was == Place::Before;
        m_place = Place::Element;
        m_depth = 1;
        return Found::Begin;
    }
    if (byte == '[' && was == Place::Before) {
        m_place = Place::Opened;
        return Found::Nothing;
    }
    if (byte == ',' && was == Place::AfterElement) {
        m_place = Place::AfterComma;
        return Found::Nothing;
    }
    if (byte == ']' && (was == Place::Opened || was == Place::AfterElement)) {
        m_place = Place::Closed;
        return Found::Close;
    }
    return Found::Breach;
}

} // namespace luthien::protocol
