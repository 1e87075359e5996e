// SPDX-License-Identifier: Apache-2.0
#include "desktop/proxy_sender.h"

#include "protocol/http_message.h"

#include <QElapsedTimer>
#include <QTcpSocket>
#include <QThread>
#include <QUrl>

namespace luthien::desktop {

namespace {

// How often a request that was given up is heard, and how long a silent proxy is waited for: a person may hold a call.
constexpr int kLookMillis = 50;
constexpr qint64 kPatienceMillis = 10LL * 60 * 1000;

/// Reads the reply to its end; only its head is kept.
class ReplyEnd
{
public:
    explicit ReplyEnd(std::string_view method)
        : m_reader({})
    {
        m_reader.start(std::string(method));
    }

    /// False = the reply is over, or broken.
    bool take(const QByteArray& bytes)
    {
        m_unread += bytes;
        while (true) {
            const protocol::ReadStep step =
                m_reader.read({m_unread.constData(), static_cast<std::size_t>(m_unread.size())});
            if (step.state == protocol::ReadState::Head) {
                m_status = static_cast<int>(m_reader.head().status);
                m_call = CallId::parse(m_reader.head().fields.value("x-luthien-call-id")).value_or(CallId());
            }
            m_unread.remove(0, static_cast<qsizetype>(step.consumed));
            if (step.state == protocol::ReadState::Done || step.state == protocol::ReadState::Failed)
                return false;
            if (step.state == protocol::ReadState::NeedMore)
                return true;
        }
    }

    [[nodiscard]] CallId call() const noexcept { return m_call; }
    [[nodiscard]] int status() const noexcept { return m_status; }

private:
    protocol::ResponseReader m_reader;
    QByteArray m_unread;
    CallId m_call;
    int m_status = 0;
};
} // namespace

ProxySender::ProxySender(const QString& address, std::string clientToken, QObject* parent)
    : RequestSender(parent)
    , m_clientToken(std::move(clientToken))
{
    const QUrl url(address);
    m_host = url.host();
    m_port = static_cast<quint16>(url.port(80));
    m_authority = url.authority().toStdString();
}

ProxySender::~ProxySender()
{
    cancel();
}

void ProxySender::cancel()
{
    if (m_cancelled)
        *m_cancelled = true;
    if (m_thread)
        m_thread->wait(); // it looks every few milliseconds
    m_thread.reset();
}

void ProxySender::send(quint64 token, std::string wire)
{
    cancel();
    m_cancelled = std::make_shared<std::atomic<bool>>(false);
    m_thread.reset(QThread::create(
        [this, token, wire = std::move(wire), cancelled = m_cancelled] { run(token, wire, *cancelled); }));
    m_thread->setObjectName(QStringLiteral("resend"));
    m_thread->start();
}

void ProxySender::tellFailure(quint64 token, const QString& problem)
{
    QMetaObject::invokeMethod(this, [this, token, problem] { Q_EMIT failed(token, problem); }, Qt::QueuedConnection);
}

void ProxySender::run(quint64 token, const std::string& wire, const std::atomic<bool>& cancelled)
{
    QTcpSocket socket;
    socket.connectToHost(m_host, m_port);
    if (!socket.waitForConnected())
        return tellFailure(token, socket.errorString());
    socket.write(wire.data(), static_cast<qint64>(wire.size()));
    ReplyEnd reply(std::string_view(wire).substr(0, wire.find(' ')));
    QElapsedTimer silence;
    silence.start();
    for (bool isOver = false; !isOver && !cancelled;) {
        if (socket.bytesToWrite() > 0 && socket.waitForBytesWritten(kLookMillis))
            silence.restart();
        if (socket.bytesAvailable() > 0 || socket.waitForReadyRead(kLookMillis)) {
            silence.restart();
            isOver = !reply.take(socket.readAll());
        } else if (socket.state() == QAbstractSocket::UnconnectedState) {
            isOver = true;
        } else if (silence.elapsed() > kPatienceMillis) {
            return tellFailure(token, tr("The proxy did not answer."));
        }
    }
    if (cancelled)
        return;
    if (reply.call().isNil())
        return tellFailure(token, reply.status() == 0 ? tr("The proxy closed the connection without an answer.")
                                                      : tr("The proxy refused it with HTTP %1.").arg(reply.status()));
    QMetaObject::invokeMethod(
        this, [this, token, call = reply.call(), status = reply.status()] { Q_EMIT answered(token, call, status); },
        Qt::QueuedConnection);
}

} // namespace luthien::desktop
