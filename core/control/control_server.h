// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "control/control.h"
#include "control/http_connection.h"
#include "control/local_listener.h"
#include "control/rule_previews.h"
#include "control/store_queries.h"
#include "control/token_bucket.h"

#include <QObject>
#include <QTcpServer>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace luthien::control {

/// The sockets of the control port and what answers them. Thread: control.
class ControlServer : public QObject
{
    Q_OBJECT
public:
    ControlServer(ControlConfig config, ControlSources sources);
    ~ControlServer() override;

    /// The port, 0 if there is none. Errors: Conflict if the port is taken, InvalidArgument for a host that is no
    /// address, Io.
    [[nodiscard]] Result<std::uint16_t> listen();

private:
    /// Takes what others answer, at whatever time and from whatever thread, for as long as the server is there.
    struct Inbox
    {
        void post(std::function<void()> deliver);

        std::mutex mutex;
        ControlServer* server; ///< null = gone
    };

    /// How a client comes to us.
    enum class Peer : std::uint8_t { Network, Local };

    [[nodiscard]] Result<void> listenLocally();
    void accept(QTcpServer& server);
    void take(QTcpSocket* socket, Peer peer);
    void answer(HttpConnection& connection, Peer peer);
    [[nodiscard]] std::optional<Problem> refusal(const protocol::RequestHead& head,
                                                 const std::variant<Route, Problem>& route, Peer peer);
    void answerRoute(HttpConnection& connection, const Route& route);
    void answerReady(HttpConnection& connection);
    void answerPolicies(HttpConnection& connection, const Route& route);
    void setPolicyMode(HttpConnection& connection, const Route& route);
    void applyPolicies(HttpConnection& connection);
    void answerApprovals(HttpConnection& connection, const Route& route);
    void answerApproval(HttpConnection& connection, const Route& route);
    void previewAnswer(HttpConnection& connection, const Route& route);
    void previewRule(HttpConnection& connection, const Route& route);
    void preview(HttpConnection& connection, const policy::ApprovalRule& rule, std::optional<TimePoint> since);
    template <typename T>
    [[nodiscard]] std::function<void(Result<T>)> answerLater(HttpConnection& connection);
    void changeSession(HttpConnection& connection, const Route& route);
    void answerFromStore(HttpConnection& connection, const Route& route);
    void beginStream(HttpConnection& connection, const Route& route);

    ControlConfig m_config;
    ControlSources m_sources;
    std::optional<AccessRules> m_access; ///< set once the port is known
    TokenBucket m_requests;
    QTcpServer m_server;
    QTcpServer m_serverV6; ///< the same port on ::1
    LocalListener m_local;
    StoreQueries m_queries;
    RulePreviews m_previews;
    std::shared_ptr<Inbox> m_inbox;
};

} // namespace luthien::control
