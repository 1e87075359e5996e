// SPDX-License-Identifier: Apache-2.0
#include "protocol/edited_event.h"

#include "protocol/json_read.h"
#include "protocol/sse_parser.h"

#include <algorithm>

namespace luthien::protocol {

namespace {

/// Takes the line that begins at a place and ends in LF or CR LF; moves the place behind it. Nothing if there is none,
/// or if it holds what some readers take for a line's or a text's end.
std::optional<std::string_view> takePlainLine(std::string_view bytes, std::size_t& at)
{
    const std::size_t end = bytes.find('\n', at);
    if (end == std::string_view::npos)
        return std::nullopt;
    std::string_view line = bytes.substr(at, end - at);
    at = end + 1;
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    if (line.find_first_of(std::string_view("\r\0", 2)) != std::string_view::npos)
        return std::nullopt;
    return line;
}

bool isPlainComment(std::string_view bytes)
{
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto line = takePlainLine(bytes, at);
        if (!line || !(line->empty() || line->starts_with(':')))
            return false;
    }
    return true;
}

/// The value of a field's line, where it lies in the line.
std::optional<std::size_t> valueAt(std::string_view line, std::string_view name)
{
    if (!line.starts_with(name))
        return std::nullopt;
    return name.size() + (line.substr(name.size()).starts_with(' ') ? 1 : 0);
}

} // namespace

std::optional<EditedEvent::PlainForm> EditedEvent::plainForm(std::string_view bytes)
{
    PlainForm form;
    std::size_t at = 0;
    std::size_t begin = 0;
    auto line = takePlainLine(bytes, at);
    for (; line && line->empty(); line = takePlainLine(bytes, at)) // left over from the event before
        begin = at;
    bool hasType = false;
    bool hasData = false;
    for (; line && !line->empty(); begin = at, line = takePlainLine(bytes, at)) {
        const auto type = hasType ? std::nullopt : valueAt(*line, "event:");
        const auto data = hasData || type ? std::nullopt : valueAt(*line, "data:");
        if (!type && !data)
            return std::nullopt;
        (type ? form.type : form.data) = {begin + (type ? *type : *data), line->size() - (type ? *type : *data)};
        (type ? hasType : hasData) = true;
    }
    return line && hasData && at == bytes.size() ? std::optional(form) : std::nullopt;
}

/// A line or an element: only a line without its end does not leave as it came.
EditedEvent EditedEvent::receivedJson(const ReplyEvent& event, Form form)
{
    EditedEvent edited;
    edited.m_form = form;
    edited.m_received = event.bytes.size();
    edited.m_hasData = event.hasData;
    const bool isCut = form == Form::Lines && !event.data.empty() && !event.bytes.ends_with('\n');
    edited.m_isAsItCame = !isCut;
    edited.m_wire = event.bytes;
    if (isCut)
        edited.m_wire += '\n';
    edited.m_data = {event.data.empty() ? 0 : edited.m_wire.find(event.data), event.data.size()};
    return edited;
}

EditedEvent EditedEvent::received(const ReplyEvent& event, Form form)
{
    if (form != Form::EventStream)
        return receivedJson(event, form);
    EditedEvent edited;
    edited.m_received = event.bytes.size();
    edited.m_hasData = event.hasData;
    if (!event.hasData || event.data.empty()) {
        edited.m_isAsItCame = isPlainComment(event.bytes) || (event.hasData && plainForm(event.bytes));
        if (edited.m_isAsItCame)
            edited.m_wire = event.bytes;
        return edited;
    }
    if (const auto plain = plainForm(event.bytes)) {
        edited.m_wire = event.bytes;
        edited.m_type = plain->type;
        edited.m_data = plain->data;
        edited.m_isAsItCame = edited.type() == event.type && edited.data() == event.data;
    }
    if (!edited.m_isAsItCame) {
        std::string data(event.data);
        std::ranges::replace(data, '\n', ' '); // JSON has line breaks only where it may have blanks
        edited.change(event.type, data);
    }
    return edited;
}

EditedEvent EditedEvent::made(std::string_view type, std::string_view data, Form form)
{
    EditedEvent edited;
    edited.m_form = form;
    edited.change(type, data);
    return edited;
}

void EditedEvent::change(std::string_view type, std::string_view data)
{
    // Both may be views into the old bytes.
    constexpr std::size_t typeAt = std::string_view("event: ").size();
    const bool isEvent = m_form == Form::EventStream;
    std::string wire = isEvent ? sseEvent(type, data) : std::string(data);
    if (m_form == Form::Lines)
        wire += '\n';
    const std::size_t end = isEvent ? 2 : m_form == Form::Lines ? 1 : 0;
    m_type = {type.empty() || !isEvent ? 0 : typeAt, isEvent ? type.size() : 0};
    m_data = {wire.size() - end - data.size(), data.size()};
    m_wire = std::move(wire);
    m_isAsItCame = false;
    m_hasData = true;
}

void EditedEvent::drop()
{
    m_wire.clear();
    m_type = {};
    m_data = {};
    m_isAsItCame = false;
}

void EditedEvent::write(EditedReply& out) const
{
    if (m_isAsItCame) {
        out.keep({.type = type(), .data = data(), .bytes = m_wire, .hasData = m_hasData});
        return;
    }
    if (m_received > 0)
        out.lose(m_received);
    if (!m_wire.empty())
        out.put(type(), data(), m_wire);
}

std::optional<std::string> withMember(std::string_view text, std::initializer_list<std::string_view> path,
                                      std::string_view value)
{
    JsonReader reader;
    auto object = reader.object(text);
    simdjson::ondemand::value member;
    for (const std::string_view* name = path.begin(); name != path.end(); ++name) {
        if (!object || object->find_field_unordered(*name).get(member))
            return std::nullopt;
        simdjson::ondemand::object inner;
        if (name + 1 != path.end())
            object = member.get_object().get(inner) ? std::nullopt : std::optional(inner);
    }
    const std::string_view raw = rawJsonOf(member);
    if (raw.empty())
        return std::nullopt;
    std::string changed(text);
    return changed.replace(reader.offsetOf(raw), raw.size(), value);
}

} // namespace luthien::protocol
