// SPDX-License-Identifier: Apache-2.0
#include "control/http_connection.h"

#include <QThread>

namespace luthien::control {

namespace {
constexpr protocol::HttpLimits kLimits{.headBytes = 8 * 1024, .fieldCount = 64};
constexpr qint64 kReadBufferBytes = 16 * 1024;
constexpr std::size_t kMaxBodyBytes = 1024 * 1024;
/// What every answer carries: nothing here is a page, to be guessed at, kept, or shown inside another one.
constexpr std::string_view kCommonFields = "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
                                           "X-Content-Type-Options: nosniff\r\n"
                                           "Cross-Origin-Resource-Policy: same-origin\r\n"
                                           "Referrer-Policy: no-referrer\r\n"
                                           "Cache-Control: no-store\r\n";
} // namespace

HttpConnection::HttpConnection(QTcpSocket* socket, std::chrono::milliseconds patience, QObject* parent)
    : QObject(parent)
    , m_socket(socket)
    , m_reader(kLimits)
{
    m_socket->setParent(this);
    m_socket->setReadBufferSize(kReadBufferBytes);
    m_patience.setSingleShot(true);
    m_patience.setInterval(patience);
    connect(&m_patience, &QTimer::timeout, this, [this] { m_socket->abort(); });
    connect(m_socket, &QTcpSocket::readyRead, this, &HttpConnection::read);
    connect(m_socket, &QTcpSocket::bytesWritten, this, &HttpConnection::sent);
    connect(m_socket, &QTcpSocket::disconnected, this, &QObject::deleteLater);
    m_patience.start();
    // What arrived before the signal was connected is announced by nobody.
    QMetaObject::invokeMethod(this, &HttpConnection::read, Qt::QueuedConnection);
}

void HttpConnection::read()
{
    Q_ASSERT(thread() == QThread::currentThread());
    if (m_state == State::Streaming || m_state == State::Closing) {
        m_socket->readAll(); // nothing more is expected; a client that ends is seen by disconnected()
        return;
    }
    if (m_state == State::Reading) // else it waits in the socket's bounded buffer
        m_unread += m_socket->readAll();
    while (m_state == State::Reading) {
        const protocol::ReadStep step =
            m_reader.read({m_unread.constData(), static_cast<std::size_t>(m_unread.size())});
        takeStep(step); // before the bytes it points into go
        m_unread.remove(0, static_cast<qsizetype>(step.consumed));
        if (step.state == protocol::ReadState::NeedMore)
            return;
    }
}

void HttpConnection::takeStep(const protocol::ReadStep& step)
{
    switch (step.state) {
    case protocol::ReadState::NeedMore:
        return; // read() waits
    case protocol::ReadState::Head:
        return takeHead();
    case protocol::ReadState::Body:
        return takeBody(step.body);
    case protocol::ReadState::Done:
        m_patience.stop();
        m_state = State::Answering;
        Q_EMIT requested();
        return;
    case protocol::ReadState::Failed:
        refuse({.status = m_reader.error().status, .code = m_reader.error().code, .detail = m_reader.error().message});
        return;
    }
}

void HttpConnection::takeHead()
{
    const bool hasBody = head().framing == protocol::BodyFraming::Chunked || head().contentLength != 0;
    if (!hasBody)
        return;
    if (head().method == "GET" || head().method == "HEAD")
        refuse({.status = 413, .code = "too_large", .detail = "This request has no body."});
    else if (head().contentLength > kMaxBodyBytes)
        refuse({.status = 413, .code = "too_large", .detail = "A body here has at most 1 MiB."});
    else if (head().expectsContinue)
        write("HTTP/1.1 100 Continue\r\n\r\n");
}

void HttpConnection::takeBody(std::string_view bytes)
{
    if (m_body.size() + bytes.size() > kMaxBodyBytes)
        refuse({.status = 413, .code = "too_large", .detail = "A body here has at most 1 MiB."});
    else
        m_body += bytes;
}

void HttpConnection::refuse(const Problem& problem)
{
    m_state = State::Closing;
    answer(problem);
}

void HttpConnection::answerJson(unsigned status, std::string_view json)
{
    answer(status, "application/json", {}, json);
}

void HttpConnection::answer(const Problem& problem)
{
    std::string fields;
    if (!problem.allow.empty())
        fields += "Allow: " + problem.allow + "\r\n";
    if (problem.status == 401)
        fields += "WWW-Authenticate: Bearer\r\n";
    if (problem.status == 429 || problem.status == 503)
        fields += "Retry-After: 1\r\n";
    answer(problem.status, "application/problem+json", fields, toJson(problem));
}

void HttpConnection::answer(unsigned status, std::string_view contentType, std::string_view extraFields,
                            std::string_view body)
{
    const bool closes = m_state == State::Closing || !head().keepAlive;
    std::string message = "HTTP/1.1 " + std::to_string(status) + ' ' + std::string(reasonPhrase(status)) +
                          "\r\nContent-Type: " + std::string(contentType) +
                          "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(kCommonFields) +
                          std::string(extraFields) + (closes ? "Connection: close\r\n\r\n" : "\r\n");
    message += body;
    write(message);
    if (closes) {
        m_state = State::Closing;
        m_socket->disconnectFromHost();
        m_patience.start(); // a client that never takes the rest is cut off
        return;
    }
    m_reader.reset();
    m_body.clear();
    m_state = State::Reading;
    m_patience.start();
    QMetaObject::invokeMethod(this, &HttpConnection::read, Qt::QueuedConnection);
}

void HttpConnection::beginEventStream()
{
    m_state = State::Streaming;
    write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Accel-Buffering: no\r\nConnection: close\r\n" +
          std::string(kCommonFields) + "\r\n");
}

void HttpConnection::write(std::string_view bytes)
{
    m_socket->write(bytes.data(), static_cast<qint64>(bytes.size()));
}

} // namespace luthien::control
