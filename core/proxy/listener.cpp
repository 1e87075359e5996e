// SPDX-License-Identifier: Apache-2.0
#include "proxy/listener.h"

#include "base/logging.h"
#include "proxy/local_reply.h"
#include "proxy/worker.h"

#include <QNetworkProxy>
#include <QTcpServer>
#include <QTimer>

#include <sys/socket.h>
#include <unistd.h>

namespace luthien::proxy {

namespace {
constexpr int kBacklog = 4096;
constexpr int kPortTries = 16;
/// How long accepting rests when the process has no descriptor left.
constexpr int kRestMs = 100;
} // namespace

/// QTcpServer without its queue: a descriptor goes straight on.
class Listener::Server final : public QTcpServer
{
public:
    explicit Server(Listener& listener)
        : m_listener(listener)
    {
        setListenBacklogSize(kBacklog);
        setProxy(QNetworkProxy::NoProxy); // or it asks the desktop how to get out, to find that it need not
        // Out of descriptors, accept() would fail again at once and for ever.
        connect(this, &QTcpServer::acceptError, this, [this] {
            qCWarning(lcProxy) << "accepting rests:" << errorString();
            pauseAccepting();
            QTimer::singleShot(kRestMs, this, [this] { resumeAccepting(); });
        });
    }

    [[nodiscard]] Result<void> open(const QHostAddress& address, std::uint16_t port)
    {
        if (listen(address, port))
            return {};
        const std::string where = address.toString().toStdString() + ':' + std::to_string(port);
        if (serverError() == QAbstractSocket::AddressInUseError)
            return Error{ErrorCode::Conflict, "The port is already in use; choose another one.", where};
        return Error{ErrorCode::Io, "Cannot listen: " + errorString().toStdString(), where};
    }

protected:
    void incomingConnection(qintptr descriptor) override { m_listener.accepted(descriptor); }

private:
    Listener& m_listener;
};

namespace {
/// Says that we are full, in the form most clients read: which API this one speaks it has not told yet.
void refuse(int descriptor)
{
    LocalReply reply = errorReply(conversation::Api::OpenAiChat,
                                  {503, "too_many_connections", "The proxy has too many open connections."}, {});
    reply.after = AfterReply::Close;
    const std::string wire = toWire(reply);
    [[maybe_unused]] const auto sent = ::send(descriptor, wire.data(), wire.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::shutdown(descriptor, SHUT_WR);
    ::close(descriptor);
}

bool isAddressMissing(const Error& error)
{
    return error.code != ErrorCode::Conflict;
}
} // namespace

Listener::Listener(Parts parts)
    : m_parts(std::move(parts))
{
    setObjectName(QStringLiteral("proxy-listener"));
}

Listener::~Listener()
{
    stop();
}

Result<Listening> Listener::listen()
{
    auto started = m_started.get_future();
    start();
    return started.get();
}

void Listener::stop()
{
    quit();
    join();
}

void Listener::work()
{
    const bool loopback = m_parts.host == "127.0.0.1" || m_parts.host == "localhost";
    const QHostAddress address(loopback ? QStringLiteral("127.0.0.1") : QString::fromStdString(m_parts.host));
    if (address.isNull()) {
        m_started.set_value(Error{ErrorCode::InvalidArgument, "Not an address to listen on.", m_parts.host});
        return;
    }
    Server first(*this);
    Server second(*this);
    for (int attempt = 1;; ++attempt) {
        auto opened = first.open(address, m_parts.port);
        std::vector<std::string> addresses{address.toString().toStdString()};
        if (opened && loopback) {
            // "localhost" may mean ::1 to a client: whoever else held that port there would get its requests.
            auto v6 = second.open(QHostAddress(QHostAddress::LocalHostIPv6), first.serverPort());
            if (v6)
                addresses.emplace_back("::1");
            else if (!isAddressMissing(v6.error()))
                opened = v6;
        }
        if (opened) {
            m_started.set_value(Listening{first.serverPort(), std::move(addresses)});
            break;
        }
        first.close();
        if (m_parts.port != 0 || attempt == kPortTries) {
            m_started.set_value(opened.error());
            return;
        }
    }
    exec();
}

void Listener::accepted(qintptr descriptor)
{
    if (m_parts.connections.value() >= m_maxConnections.load(std::memory_order_acquire)) {
        m_parts.metrics.add(Metric::ConnectionsRefused);
        refuse(static_cast<int>(descriptor));
        return;
    }
    m_parts.metrics.add(Metric::ConnectionsAccepted);
    m_parts.connections.add();
    m_parts.onConnection(descriptor);
}

} // namespace luthien::proxy
