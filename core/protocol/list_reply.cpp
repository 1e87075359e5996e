// SPDX-License-Identifier: Apache-2.0
#include "protocol/list_reply.h"

#include <string>

namespace luthien::protocol {

void ListReply::keep(const ReplyEvent& event)
{
    const std::size_t first = event.bytes.find_first_not_of(" \t\r\n");
    const bool opens = first != std::string_view::npos && event.bytes[first] == '[';
    if (!event.hasData) {
        keepClosing(event, opens);
    } else if (opens != m_hasBegun) {
        m_hasBegun = true;
        m_out->keep(event);
    } else {
        m_out->lose(event.bytes.size());
        put(event.type, event.data, event.data);
    }
}

/// "]", or "[]" if there was no element, or blanks.
void ListReply::keepClosing(const ReplyEvent& event, bool opens)
{
    const bool closes = event.bytes.find(']') != std::string_view::npos;
    if (!closes || opens != m_hasBegun) {
        m_hasBegun = m_hasBegun || closes;
        m_out->keep(event);
        return;
    }
    m_out->lose(event.bytes.size());
    m_out->put({}, {}, m_hasBegun ? "]" : "[]");
}

void ListReply::put(std::string_view type, std::string_view data, std::string_view bytes)
{
    std::string framed = m_hasBegun ? ",\n" : "[";
    framed += bytes;
    m_hasBegun = true;
    m_out->put(type, data, framed);
}

} // namespace luthien::protocol
