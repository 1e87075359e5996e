// SPDX-License-Identifier: Apache-2.0
#include "protocol/sse_parser.h"

#include <algorithm>
#include <cstring>

namespace luthien::protocol {

namespace {
constexpr std::size_t kNotFound = std::string_view::npos;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
// Both line ends are looked for within one window at a time, so that a stream that uses only CR does not make every
// search for LF run to the end of the input.
constexpr std::size_t kWindow = 512;

/// Position of the first CR or LF at or after from.
std::size_t findLineEnd(std::string_view text, std::size_t from)
{
    while (from < text.size()) {
        const std::size_t size = std::min(kWindow, text.size() - from);
        const char* begin = text.data() + from;
        const auto* lf = static_cast<const char*>(std::memchr(begin, '\n', size));
        const std::size_t untilLf = lf ? static_cast<std::size_t>(lf - begin) : size;
        if (const auto* cr = static_cast<const char*>(std::memchr(begin, '\r', untilLf)))
            return static_cast<std::size_t>(cr - text.data());
        if (lf)
            return from + untilLf;
        from += size;
    }
    return kNotFound;
}

/// The line at from without its end; from moves past the end.
std::string_view takeLine(std::string_view text, std::size_t& from)
{
    const std::size_t end = std::min(findLineEnd(text, from), text.size());
    const std::string_view line = text.substr(from, end - from);
    from = end + 1;
    if (end < text.size() && text[end] == '\r' && from < text.size() && text[from] == '\n')
        ++from;
    return line;
}

/// The field's value if the line is that field. Source: a single space after the colon is dropped.
bool isField(std::string_view line, std::string_view name, std::string_view& value)
{
    if (!line.starts_with(name))
        return false;
    if (line.size() == name.size()) {
        value = {};
        return true;
    }
    if (line[name.size()] != ':')
        return false;
    value = line.substr(name.size() + 1);
    if (value.starts_with(' '))
        value.remove_prefix(1);
    return true;
}

void putField(std::string& wire, std::string_view name, std::string_view value)
{
    wire += name;
    wire += value;
    wire += '\n';
}
} // namespace

SseParser::SseParser(std::size_t maxEventBytes)
    : m_maxEventBytes(maxEventBytes)
{
}

SseParser::Step SseParser::parse(std::string_view input)
{
    if (m_isDispatched) {
        m_pending.clear();
        m_isDispatched = false;
    }
    const std::size_t end = findEnd(input);
    const std::size_t used = end == kNotFound ? input.size() : end;
    if (m_pending.size() + used > m_maxEventBytes)
        return {State::TooLarge, used, {}};
    if (end == kNotFound) {
        if (m_hasContent)
            m_pending.append(input);
        return {State::NeedMore, used, {}};
    }
    m_isDispatched = true;
    if (m_pending.empty())
        return {State::Event, used, read(input.substr(0, used))};
    m_pending.append(input.substr(0, used));
    return {State::Event, used, read(m_pending)};
}

SseParser::Step SseParser::finish()
{
    if (!m_isEndCut)
        return {};
    m_isEndCut = m_hasContent = false;
    m_isDispatched = true;
    return {State::Event, 0, read(m_pending)};
}

/// How far the input belongs to the current event; npos = to its end, and more is to come.
std::size_t SseParser::findEnd(std::string_view input)
{
    std::size_t at = 0;
    if (m_isEndCut && !input.empty()) {
        m_isEndCut = m_hasContent = m_afterCr = false;
        return input.front() == '\n' ? 1 : 0;
    }
    while (at < input.size()) {
        if (m_afterCr && input[at] == '\n') {
            m_afterCr = false;
            ++at;
            continue;
        }
        m_afterCr = false;
        if (m_atLineStart && (input[at] == '\n' || input[at] == '\r')) {
            m_afterCr = input[at++] == '\r';
            if (!m_hasContent) {
                m_isStarted = true;
                continue;
            }
            m_isEndCut = m_afterCr && at == input.size();
            if (m_isEndCut)
                return kNotFound;
            if (m_afterCr && input[at] == '\n')
                ++at;
            m_hasContent = m_afterCr = false;
            return at;
        }
        m_hasContent = true;
        at = findLineEnd(input, at);
        m_atLineStart = at != kNotFound;
        if (!m_atLineStart)
            return kNotFound;
        m_afterCr = input[at++] == '\r';
    }
    return kNotFound;
}

SseEvent SseParser::read(std::string_view raw)
{
    if (!m_isStarted) {
        m_isStarted = true;
        if (raw.starts_with(kByteOrderMark))
            raw.remove_prefix(kByteOrderMark.size());
    }
    SseEvent event;
    bool hasFields = false;
    for (std::size_t at = 0; at < raw.size();) {
        const std::string_view line = takeLine(raw, at);
        if (line.empty())
            continue;
        std::string_view value;
        if (line.front() == ':') {
            event.isComment = true;
            continue;
        }
        hasFields = true;
        if (isField(line, "data", value))
            addData(event, value);
        else if (isField(line, "event", value))
            event.type = value;
    }
    event.isComment = event.isComment && !hasFields;
    return event;
}

void SseParser::addData(SseEvent& event, std::string_view value)
{
    if (!event.hasData) {
        event.hasData = true;
        event.data = value;
        return;
    }
    // Only now is a copy needed: the first line is moved over before the second is joined to it.
    if (event.data.data() != m_joined.data())
        m_joined.assign(event.data);
    m_joined += '\n';
    m_joined += value;
    event.data = m_joined;
}

std::string sseEvent(std::string_view type, std::string_view data)
{
    std::string wire;
    wire.reserve(type.size() + data.size() + 20);
    if (!type.empty())
        putField(wire, "event: ", type);
    for (std::size_t at = 0; at <= data.size();)
        putField(wire, "data: ", takeLine(data, at));
    wire += '\n';
    return wire;
}

} // namespace luthien::protocol
