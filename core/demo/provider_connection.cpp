// SPDX-License-Identifier: Apache-2.0
#include "demo/provider_connection.h"

#include <array>
#include <cstdio>

namespace luthien::demo {

namespace {
constexpr std::size_t kMaxBodyBytes = 1024 * 1024;
constexpr qint64 kReadBufferBytes = 64 * 1024;

std::string chunk(std::string_view data)
{
    std::array<char, 20> size{};
    const int length = std::snprintf(size.data(), size.size(), "%zx\r\n", data.size());
    return std::string(size.data(), static_cast<std::size_t>(length)) + std::string(data) + "\r\n";
}
} // namespace

ProviderConnection::ProviderConnection(QTcpSocket* socket, std::chrono::milliseconds pace, QObject* parent)
    : QObject(parent)
    , m_socket(socket)
    , m_reader({})
{
    m_socket->setParent(this);
    m_socket->setReadBufferSize(kReadBufferBytes);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_next.setInterval(pace);
    connect(&m_next, &QTimer::timeout, this, &ProviderConnection::sendNext);
    connect(m_socket, &QTcpSocket::readyRead, this, &ProviderConnection::read);
    connect(m_socket, &QTcpSocket::disconnected, this, &QObject::deleteLater);
    // What arrived before the signal was connected is announced by nobody.
    QMetaObject::invokeMethod(this, &ProviderConnection::read, Qt::QueuedConnection);
}

void ProviderConnection::read()
{
    if (m_state == State::Reading) // else it waits in the socket's bounded buffer
        m_unread += m_socket->readAll();
    while (m_state == State::Reading) {
        const protocol::ReadStep step =
            m_reader.read({m_unread.constData(), static_cast<std::size_t>(m_unread.size())});
        if (step.state == protocol::ReadState::Body)
            m_body += step.body;
        m_unread.remove(0, static_cast<qsizetype>(step.consumed));
        if (step.state == protocol::ReadState::NeedMore)
            return;
        takeStep(step);
    }
}

void ProviderConnection::takeStep(const protocol::ReadStep& step)
{
    if (step.state == protocol::ReadState::Failed || m_body.size() > kMaxBodyBytes) {
        m_state = State::Answering;
        m_socket->abort();
    } else if (step.state == protocol::ReadState::Done) {
        m_state = State::Answering;
        Q_EMIT requested();
    }
}

void ProviderConnection::answer(unsigned status, std::string_view json)
{
    send("HTTP/1.1 " + std::to_string(status) + (status == 200 ? " OK" : " Bad Request") +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) + "\r\n\r\n" +
         std::string(json));
    endAnswer();
}

void ProviderConnection::answer(std::vector<std::string> events)
{
    send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\n"
         "Transfer-Encoding: chunked\r\n\r\n");
    m_events = std::move(events);
    m_sent = 0;
    m_state = State::Streaming;
    m_next.start();
}

void ProviderConnection::sendNext()
{
    if (m_sent < m_events.size()) {
        send(chunk(m_events[m_sent++]));
        return;
    }
    m_next.stop();
    send("0\r\n\r\n");
    endAnswer();
}

void ProviderConnection::endAnswer()
{
    if (!head().keepAlive) {
        m_socket->disconnectFromHost();
        return;
    }
    m_body.clear();
    m_reader.reset();
    m_state = State::Reading;
    QMetaObject::invokeMethod(this, &ProviderConnection::read, Qt::QueuedConnection);
}

void ProviderConnection::send(std::string_view bytes)
{
    m_socket->write(bytes.data(), static_cast<qint64>(bytes.size()));
}

} // namespace luthien::demo
