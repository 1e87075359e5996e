// SPDX-License-Identifier: Apache-2.0
#include "proxy/reply_relay.h"

#include <array>
#include <charconv>

namespace luthien::proxy {

using protocol::BodyFraming;

ReplyRelay::ReplyRelay(CallActions& actions, const PreparedCall& call)
    : m_actions(actions)
    , m_call(call)
    , m_keepClient(call.keepClient)
{
}

void ReplyRelay::head(const protocol::ResponseHead& head, ReplyForm form)
{
    m_framing = head.framing;
    m_length = head.contentLength;
    if (m_framing == BodyFraming::UntilClose || (form == ReplyForm::Events && m_framing != BodyFraming::None))
        m_framing = BodyFraming::Chunked;
    if (m_framing == BodyFraming::Chunked && m_call.clientMinorVersion == 0)
        m_framing = BodyFraming::UntilClose;
    makeHead(head, form);
    if (form != ReplyForm::Whole)
        sendHead();
}

void ReplyRelay::makeHead(const protocol::ResponseHead& head, ReplyForm form)
{
    protocol::Fields fields = head.fields;
    // A reply to HEAD and a 304 name the length of a body they do not have.
    const std::string length(head.framing == BodyFraming::None ? fields.value("content-length") : std::string_view());
    protocol::removeHopByHop(fields);
    fields.remove("alt-svc");
    fields.remove("x-luthien-call-id");
    if (form != ReplyForm::AsItCame)
        fields.remove("content-encoding");
    m_head = "HTTP/1.1 " + std::to_string(head.status) + ' ' + head.reason + "\r\n";
    for (const protocol::Field& field : fields.all()) {
        m_head += field.name;
        m_head += ": ";
        m_head += field.value;
        m_head += "\r\n";
    }
    if (!length.empty() && head.status != 204)
        m_head += "Content-Length: " + length + "\r\n";
    m_head += "x-luthien-call-id: " + m_call.id.toString() + "\r\n";
}

void ReplyRelay::sendHead()
{
    m_headSent = true;
    if (m_framing == BodyFraming::Length)
        m_head += "Content-Length: " + std::to_string(m_length) + "\r\n";
    else if (m_framing == BodyFraming::Chunked)
        m_head += "Transfer-Encoding: chunked\r\n";
    else if (m_framing == BodyFraming::UntilClose)
        m_keepClient = false;
    m_head += m_keepClient ? "\r\n" : "Connection: close\r\n\r\n";
    m_actions.writeToClient(m_head);
    m_head = {};
}

void ReplyRelay::body(std::string_view bytes)
{
    if (bytes.empty())
        return;
    if (m_framing != BodyFraming::Chunked) {
        m_actions.writeToClient(bytes);
        return;
    }
    std::array<char, 18> size{};
    const auto end = std::to_chars(size.data(), size.data() + 16, bytes.size(), 16).ptr;
    end[0] = '\r';
    end[1] = '\n';
    m_actions.writeToClient({size.data(), static_cast<std::size_t>(end - size.data()) + 2});
    m_actions.writeToClient(bytes);
    m_actions.writeToClient("\r\n");
}

void ReplyRelay::whole(std::string_view bytes)
{
    m_framing = BodyFraming::Length;
    m_length = bytes.size();
    sendHead();
    m_actions.writeToClient(bytes);
}

void ReplyRelay::finish()
{
    if (m_framing == BodyFraming::Chunked)
        m_actions.writeToClient("0\r\n\r\n");
    m_finished = true;
}

bool ReplyRelay::cutOff()
{
    m_finished = true;
    m_keepClient = false;
    return m_framing == BodyFraming::Chunked || m_framing == BodyFraming::UntilClose;
}

} // namespace luthien::proxy
