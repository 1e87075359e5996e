// SPDX-License-Identifier: Apache-2.0
#include "demo/agent_call.h"

#include <chrono>

namespace luthien::demo {

namespace {
constexpr std::size_t kMaxReplyBytes = 4 * 1024 * 1024;
constexpr std::size_t kMaxErrorBytes = 300;
constexpr std::chrono::seconds kPatience(30); ///< for a reply to come to its end
} // namespace

AgentCall::AgentCall(conversation::Api api, QObject* parent)
    : QObject(parent)
    , m_api(api)
    , m_socket(this)
    , m_reader({})
{
    m_reader.start("POST");
    m_patience.setSingleShot(true);
    m_patience.setInterval(kPatience);
    connect(&m_patience, &QTimer::timeout, this, [this] { fail(ErrorCode::Timeout, "the reply takes too long"); });
    connect(&m_socket, &QTcpSocket::connected, this,
            [this] { m_socket.write(m_request.data(), static_cast<qint64>(m_request.size())); });
    connect(&m_socket, &QTcpSocket::readyRead, this, &AgentCall::read);
    connect(&m_socket, &QTcpSocket::disconnected, this, &AgentCall::closed);
    connect(&m_socket, &QTcpSocket::errorOccurred, this, [this](QAbstractSocket::SocketError error) {
        if (error != QAbstractSocket::RemoteHostClosedError) // closed() sees that one
            fail(ErrorCode::Unavailable, m_socket.errorString().toStdString());
    });
}

AgentCall::~AgentCall()
{
    m_socket.disconnect(this); // it closes after the other members are gone
}

void AgentCall::send(const AgentAddress& address, const std::string& session, std::string_view path,
                     const std::string& body)
{
    const auto url = proxy::parseBaseUrl(address.url);
    if (!url)
        return fail(ErrorCode::InvalidInput, url.error().message);
    m_request = requestHead(address, *url, session, path) + "Content-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body;
    m_patience.start();
    m_socket.connectToHost(QString::fromStdString(url->origin.host), url->origin.port);
}

std::string AgentCall::requestHead(const AgentAddress& address, const proxy::BaseUrl& url, const std::string& session,
                                   std::string_view path) const
{
    std::string head = "POST " + url.path + std::string(path) + " HTTP/1.1\r\nHost: " + url.origin.authority() +
                       "\r\nUser-Agent: luthien-demo/" LUTHIEN_VERSION "\r\nContent-Type: application/json\r\n"
                       "Connection: close\r\nx-session-id: " +
                       session + "\r\n";
    head += m_api == conversation::Api::AnthropicMessages ? "anthropic-version: 2023-06-01\r\nx-api-key: demo\r\n"
                                                          : "Authorization: Bearer demo\r\n";
    if (!address.clientToken.empty())
        head += "x-luthien-token: " + address.clientToken + "\r\n";
    return head;
}

void AgentCall::read()
{
    m_unread += m_socket.readAll();
    while (!m_isOver) {
        const protocol::ReadStep step =
            m_reader.read({m_unread.constData(), static_cast<std::size_t>(m_unread.size())});
        if (step.state == protocol::ReadState::NeedMore) {
            m_unread.remove(0, static_cast<qsizetype>(step.consumed));
            return;
        }
        takeStep(step); // its body may point into what is not read yet
        m_unread.remove(0, static_cast<qsizetype>(step.consumed));
    }
}

void AgentCall::takeStep(const protocol::ReadStep& step)
{
    switch (step.state) {
    case protocol::ReadState::NeedMore:
        return; // read() waits
    case protocol::ReadState::Head:
        if (m_reader.head().status == 200 &&
            m_reader.head().fields.value("content-type").starts_with("text/event-stream"))
            m_decoder = protocol::dialectFor(m_api).makeDecoder();
        return;
    case protocol::ReadState::Body:
        return takeBody(step.body);
    case protocol::ReadState::Done:
        return finish();
    case protocol::ReadState::Failed:
        return fail(ErrorCode::InvalidInput, m_reader.error().message);
    }
}

void AgentCall::takeBody(std::string_view body)
{
    m_size += body.size();
    if (m_size > kMaxReplyBytes)
        return fail(ErrorCode::TooLarge, "the reply is too large");
    if (m_decoder)
        takeEvents(body);
    else
        m_body += body;
}

void AgentCall::takeEvents(std::string_view input)
{
    for (;;) {
        const auto step = m_sse.parse(input);
        input.remove_prefix(step.consumed);
        if (step.state == protocol::SseParser::State::NeedMore)
            return;
        if (step.state == protocol::SseParser::State::TooLarge)
            return fail(ErrorCode::TooLarge, "an event of the reply is too large");
        takeEvent(step.event);
    }
}

void AgentCall::takeEvent(const protocol::SseEvent& event)
{
    if (!event.hasData)
        return;
    for (const conversation::StreamEvent& part : m_decoder->decode(event.type, event.data))
        m_assembler.apply(part);
}

void AgentCall::closed()
{
    if (m_isOver)
        return;
    read();
    if (!m_isOver)
        takeStep(m_reader.finish());
    if (!m_isOver)
        fail(ErrorCode::Unavailable, "the connection was cut");
}

void AgentCall::finish()
{
    const unsigned status = m_reader.head().status;
    if (status != 200)
        return fail(ErrorCode::Unavailable, "the call was answered with status " + std::to_string(status) + ": " +
                                                m_body.substr(0, kMaxErrorBytes));
    if (const auto last = m_sse.finish(); m_decoder && last.state == protocol::SseParser::State::Event)
        takeEvent(last.event);
    if (m_decoder && !m_decoder->isComplete())
        return fail(ErrorCode::InvalidInput, "the reply's stream ended too early");
    if (!m_decoder) {
        std::vector<conversation::StreamEvent> events;
        const auto decoder = protocol::dialectFor(m_api).decodeBody(m_body, events);
        for (const conversation::StreamEvent& event : events)
            m_assembler.apply(event);
    }
    if (!m_assembler.response().error.empty())
        return fail(ErrorCode::Unavailable, m_assembler.response().error);
    m_isOver = true;
    m_patience.stop();
    m_socket.abort();
    Q_EMIT replied(m_assembler.response());
}

void AgentCall::fail(ErrorCode code, std::string message)
{
    if (m_isOver)
        return;
    m_isOver = true;
    m_patience.stop();
    m_socket.abort();
    Q_EMIT failed({.code = code, .message = std::move(message), .context = "the demo's agent"});
}

} // namespace luthien::demo
