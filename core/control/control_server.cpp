// SPDX-License-Identifier: Apache-2.0
#include "control/control_server.h"

#include "base/logging.h"
#include "control/event_stream.h"
#include "control/session_marks_json.h"
#include "policy/approval_json.h"
#include "store/store.h"

#include <QFile>
#include <QHostAddress>
#include <QPointer>
#include <QTcpSocket>
#include <QTimer>

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

namespace luthien::control {

namespace {
constexpr std::chrono::milliseconds kAcceptRest{100};
const Problem kNotJson{.status = 415, .code = "unsupported_media_type", .detail = "The body must be application/json."};

Result<std::optional<std::uint64_t>> lastEventId(const protocol::RequestHead& head)
{
    const std::string_view text = head.fields.value("last-event-id");
    if (text.empty())
        return std::optional<std::uint64_t>();
    std::uint64_t number = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || rest != text.data() + text.size())
        return Error{.code = ErrorCode::InvalidInput, .message = "Last-Event-ID is a number this stream has sent."};
    return std::optional(number);
}

/// Parameters of the media type, such as a charset, do not matter: JSON is UTF-8.
bool isJson(const protocol::RequestHead& head)
{
    std::string_view type = head.fields.value("content-type");
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' '))
        type.remove_suffix(1);
    return protocol::equalsIgnoringCase(type, "application/json");
}

Error listenError(const QTcpServer& server, const ControlConfig& config)
{
    const bool isTaken = server.serverError() == QAbstractSocket::AddressInUseError;
    return {.code = isTaken ? ErrorCode::Conflict : ErrorCode::Io,
            .message = server.errorString().toStdString(),
            .context = config.host + ':' + std::to_string(config.port)};
}
} // namespace

ControlServer::ControlServer(ControlConfig config, ControlSources sources)
    : m_config(std::move(config))
    , m_sources(std::move(sources))
    , m_requests(m_config.requests, m_sources.clock.steady())
    , m_server(this)
    , m_serverV6(this)
    , m_local(this)
    , m_queries(m_sources.openReader)
    , m_previews(m_sources.database)
    , m_inbox(std::make_shared<Inbox>())
{
    m_inbox->server = this;
    connect(&m_local, &LocalListener::accepted, this, [this](QTcpSocket* socket) { take(socket, Peer::Local); });
    for (QTcpServer* server : {&m_server, &m_serverV6}) {
        connect(server, &QTcpServer::newConnection, this, [this, server] { accept(*server); });
        // Out of descriptors, Qt accepts nothing more until it is told to.
        connect(server, &QTcpServer::acceptError, this, [server] {
            qCWarning(lcControl) << "accepting rests:" << server->errorString();
            QTimer::singleShot(kAcceptRest, server, [server] { server->resumeAccepting(); });
        });
    }
}

void ControlServer::Inbox::post(std::function<void()> deliver)
{
    const std::lock_guard lock(mutex);
    if (server != nullptr)
        QMetaObject::invokeMethod(server, std::move(deliver), Qt::QueuedConnection);
}

ControlServer::~ControlServer()
{
    {
        const std::lock_guard lock(m_inbox->mutex);
        m_inbox->server = nullptr;
    }
    // Connections go first: their streams use the hub, and queries that are delivered late find nobody.
    qDeleteAll(findChildren<HttpConnection*>(Qt::FindDirectChildrenOnly));
}

Result<std::uint16_t> ControlServer::listen()
{
    if (auto local = listenLocally(); !local)
        return local.error();
    if (m_config.host.empty())
        return std::uint16_t{0};
    const bool isBoth = m_config.host == "localhost" || m_config.host == "127.0.0.1";
    const QHostAddress address(isBoth ? QStringLiteral("127.0.0.1") : QString::fromStdString(m_config.host));
    if (!address.isLoopback())
        return Error{.code = ErrorCode::InvalidArgument,
                     .message = "the control port listens on loopback addresses only",
                     .context = m_config.host};
    if (!m_server.listen(address, m_config.port))
        return listenError(m_server, m_config);
    const std::uint16_t port = m_server.serverPort();
    if (isBoth && !m_serverV6.listen(QHostAddress(QHostAddress::LocalHostIPv6), port))
        qCInfo(lcControl) << "not listening on ::1:" << m_serverV6.errorString();
    m_access.emplace(port, m_config.token);
    return port;
}

Result<void> ControlServer::listenLocally()
{
    if (m_config.socketPath.empty())
        return {};
    const QString path = QString::fromStdString(m_config.socketPath);
    QLocalServer::removeServer(path); // of a process that was killed: the caller holds the directory's lock
    if (!m_local.listen(path))
        return Error{.code = ErrorCode::Io,
                     .message = "cannot listen for sub-commands: " + m_local.errorString().toStdString(),
                     .context = m_config.socketPath};
    QFile::setPermissions(path, QFileDevice::ReadOwner | QFileDevice::WriteOwner); // Qt gives us x besides
    return {};
}

void ControlServer::accept(QTcpServer& server)
{
    while (QTcpSocket* socket = server.nextPendingConnection())
        take(socket, Peer::Network);
}

void ControlServer::take(QTcpSocket* socket, Peer peer)
{
    if (findChildren<HttpConnection*>(Qt::FindDirectChildrenOnly).size() >= m_config.connections) {
        qCWarning(lcControl) << "connection refused: there are" << m_config.connections << "already";
        socket->abort();
        socket->deleteLater();
        return;
    }
    auto* connection = new HttpConnection(socket, m_config.patience, this);
    connect(connection, &HttpConnection::requested, this, [this, connection, peer] { answer(*connection, peer); });
}

void ControlServer::answer(HttpConnection& connection, Peer peer)
{
    const auto route = parseRoute(connection.head().method, connection.head().target);
    if (const auto problem = refusal(connection.head(), route, peer))
        connection.answer(*problem);
    else
        answerRoute(connection, std::get<Route>(route));
}

std::optional<Problem> ControlServer::refusal(const protocol::RequestHead& head,
                                              const std::variant<Route, Problem>& route, Peer peer)
{
    // Whether a path exists is told to those only who may use it.
    const auto* known = std::get_if<Route>(&route);
    // The file system lets only us open the local socket, and no browser can.
    if (peer == Peer::Network) {
        if (auto problem = m_access->check(head, known != nullptr ? known->protection() : Protection::Token))
            return problem;
    }
    if (!m_requests.take(m_sources.clock.steady()))
        return Problem{.status = 429, .code = "rate_limited", .detail = "Too many requests; wait a second."};
    return known != nullptr ? std::nullopt : std::optional(std::get<Problem>(route));
}

void ControlServer::answerRoute(HttpConnection& connection, const Route& route)
{
    switch (route.resource) {
    case Resource::Health:
        return connection.answerJson(200, R"({"status":"ok"})");
    case Resource::Ready:
        return answerReady(connection);
    case Resource::EventStream:
        return beginStream(connection, route);
    case Resource::Policies:
    case Resource::Policy:
        return answerPolicies(connection, route);
    case Resource::Approvals:
    case Resource::Approval:
    case Resource::ApprovalPreview:
    case Resource::ApprovalRules:
    case Resource::ApprovalRule:
    case Resource::ApprovalRulePreview:
        return answerApprovals(connection, route);
    case Resource::Session:
        return route.changes ? changeSession(connection, route) : answerFromStore(connection, route);
    case Resource::PolicyVersions:
    case Resource::Sessions:
    case Resource::SessionCalls:
    case Resource::Call:
    case Resource::CallEvents:
    case Resource::Decisions:
    case Resource::Evidence:
    case Resource::Search:
        return answerFromStore(connection, route);
    }
}

void ControlServer::answerReady(HttpConnection& connection)
{
    const Readiness readiness = m_sources.readiness();
    if (!readiness.isReady)
        connection.answer(Problem{.status = 503, .code = readiness.state, .detail = readiness.detail});
    else if (readiness.detail.empty())
        connection.answerJson(200, R"({"status":"ready"})");
    else
        connection.answerJson(200,
                              boost::json::serialize(boost::json::object{
                                  {"status", "degraded"}, {"state", readiness.state}, {"detail", readiness.detail}}));
}

void ControlServer::answerPolicies(HttpConnection& connection, const Route& route)
{
    if (m_sources.policies == nullptr)
        return connection.answer({.status = 404, .code = "not_found", .detail = "There are no policies here."});
    if (!route.changes)
        return connection.answerJson(200, toJson(m_sources.policies->list()));
    if (!isJson(connection.head()))
        return connection.answer(kNotJson);
    if (route.resource == Resource::Policy)
        setPolicyMode(connection, route);
    else
        applyPolicies(connection);
}

void ControlServer::answerApprovals(HttpConnection& connection, const Route& route)
{
    if (m_sources.approvals == nullptr)
        return connection.answer({.status = 404, .code = "not_found", .detail = "Nothing is approved here."});
    if (route.resource == Resource::Approval)
        return answerApproval(connection, route);
    if (route.resource == Resource::ApprovalPreview)
        return previewAnswer(connection, route);
    if (route.resource == Resource::ApprovalRulePreview)
        return previewRule(connection, route);
    if (route.resource == Resource::ApprovalRule) {
        const auto revoked = m_sources.approvals->revokeRule(route.approval);
        return revoked ? connection.answerJson(200, "{}") : connection.answer(problemFrom(revoked.error()));
    }
    std::string items;
    const auto add = [&items](const auto& each) { items += (items.empty() ? "" : ",") + toJson(each); };
    if (route.resource == Resource::Approvals)
        std::ranges::for_each(m_sources.approvals->pending(), add);
    else
        std::ranges::for_each(m_sources.approvals->rules(), add);
    connection.answerJson(200, "{\"items\":[" + items + "],\"next\":null}");
}

void ControlServer::answerApproval(HttpConnection& connection, const Route& route)
{
    if (!isJson(connection.head()))
        return connection.answer(kNotJson);
    const auto answer = policy::approvalAnswerFromJson(connection.body());
    if (!answer)
        return connection.answer({.status = 400, .code = "invalid_answer", .detail = answer.error().toString()});
    const auto answered = m_sources.approvals->answer(route.approval, *answer);
    if (answered)
        connection.answerJson(200, toJson(*answered));
    else
        connection.answer(problemFrom(answered.error()));
}

void ControlServer::previewAnswer(HttpConnection& connection, const Route& route)
{
    if (!isJson(connection.head()))
        return connection.answer(kNotJson);
    const auto question = policy::previewQuestionFromJson(connection.body());
    if (!question)
        return connection.answer({.status = 400, .code = "invalid_preview", .detail = question.error().toString()});
    const auto rule = m_sources.approvals->draftRule(route.approval, question->answer);
    if (!rule)
        return connection.answer(problemFrom(rule.error()));
    preview(connection, *rule, question->since);
}

void ControlServer::previewRule(HttpConnection& connection, const Route& route)
{
    const auto rules = m_sources.approvals->rules();
    const auto rule = std::ranges::find(rules, route.approval, &policy::ApprovalRule::id);
    if (rule == rules.end())
        return connection.answer({.status = 404, .code = "not_found", .detail = "There is no rule with this id."});
    preview(connection, *rule, std::nullopt);
}

void ControlServer::preview(HttpConnection& connection, const policy::ApprovalRule& rule,
                            std::optional<TimePoint> since)
{
    const TimePoint from = since.value_or(m_sources.clock.now() - archive::kPreviewedPast);
    auto asked = m_previews.ask(rule, from, answerLater<archive::RulePreview>(connection));
    if (!asked)
        return connection.answer({.status = 503, .code = "unavailable", .detail = "Too many previews are waiting."});
    connect(&connection, &QObject::destroyed, this, [source = *std::move(asked)]() mutable { source.request_stop(); });
}

/// Answers with what another thread finds out.
template <typename T>
std::function<void(Result<T>)> ControlServer::answerLater(HttpConnection& connection)
{
    return [inbox = m_inbox, asker = QPointer<HttpConnection>(&connection)](Result<T> result) {
        inbox->post([asker, result = std::move(result)] {
            if (!asker)
                return; // gone meanwhile
            if (result)
                asker->answerJson(200, toJson(*result));
            else
                asker->answer(problemFrom(result.error()));
        });
    };
}

void ControlServer::setPolicyMode(HttpConnection& connection, const Route& route)
{
    const auto mode = modeFromJson(connection.body());
    if (!mode)
        return connection.answer({.status = 400, .code = "invalid_mode", .detail = mode.error().message});
    if (*mode)
        m_sources.policies->setMode(route.policy, **mode, answerLater<PolicyEntry>(connection));
    else
        m_sources.policies->setModeOfFile(route.policy, answerLater<PolicyEntry>(connection));
}

void ControlServer::applyPolicies(HttpConnection& connection)
{
    auto change = changeFromJson(connection.body());
    if (!change)
        return connection.answer({.status = 400, .code = "invalid_policies", .detail = change.error().toString()});
    m_sources.policies->apply(*std::move(change), answerLater<PolicySet>(connection));
}

void ControlServer::changeSession(HttpConnection& connection, const Route& route)
{
    if (m_sources.store == nullptr)
        return connection.answer({.status = 404, .code = "not_found", .detail = "Sessions cannot be changed here."});
    const auto answer = [inbox = m_inbox, asker = QPointer<HttpConnection>(&connection), route](Result<void> done) {
        inbox->post([inbox, asker, route, done = std::move(done)] {
            if (!asker)
                return; // gone meanwhile
            if (!done)
                asker->answer(problemFrom(done.error()));
            else if (route.removes)
                asker->answerJson(200, "{}");
            else
                inbox->server->answerFromStore(*asker, {.resource = Resource::Session, .session = route.session});
        });
    };
    if (route.removes)
        return m_sources.store->removeSession(route.session, answer);
    if (!isJson(connection.head()))
        return connection.answer(kNotJson);
    auto marks = sessionMarksFromJson(connection.body());
    if (!marks)
        return connection.answer({.status = 400, .code = "invalid_marks", .detail = marks.error().toString()});
    m_sources.store->markSession(route.session, *std::move(marks), answer);
}

void ControlServer::answerFromStore(HttpConnection& connection, const Route& route)
{
    const auto deliver = [this, asker = QPointer<HttpConnection>(&connection)](Answer answer) {
        const auto reply = [asker, answer = std::move(answer)] {
            if (!asker)
                return; // gone meanwhile
            if (const auto* json = std::get_if<std::string>(&answer))
                asker->answerJson(200, *json);
            else
                asker->answer(std::get<Problem>(answer));
        };
        QMetaObject::invokeMethod(this, reply, Qt::QueuedConnection);
    };
    if (!m_queries.ask(route, deliver))
        connection.answer(Problem{.status = 503, .code = "unavailable", .detail = "Too many queries are waiting."});
}

void ControlServer::beginStream(HttpConnection& connection, const Route& route)
{
    const auto seen = lastEventId(connection.head());
    if (!seen)
        return connection.answer(problemFrom(seen.error()));
    std::optional<LiveFilter> filter;
    if (!route.filter.isAll())
        filter.emplace(route.filter, m_sources.clock);
    new EventStream(connection, m_sources.hub, m_sources.commits, *seen, m_config.heartbeat, std::move(filter));
}

} // namespace luthien::control
