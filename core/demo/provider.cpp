// SPDX-License-Identifier: Apache-2.0
#include "demo/provider.h"

#include "demo/api_format.h"
#include "demo/provider_connection.h"
#include "protocol/dialect.h"
#include "proxy/routes.h"

#include <QRandomGenerator>

namespace luthien::demo {

namespace {
constexpr int kMaxConnections = 16;

/// What an agent asks for.
struct Asked
{
    const ApiFormat* format = nullptr;
    std::vector<Message> conversation;
    ReplyForm form = ReplyForm::Whole;
};

Result<Asked> readRequest(const protocol::RequestHead& head, const std::string& body)
{
    const conversation::Api api = proxy::apiOfPath(head.method, head.target.substr(0, head.target.find('?')));
    Asked asked{.format = formatFor(api)};
    if (asked.format == nullptr)
        return Error{.code = ErrorCode::NotFound, .message = "This provider speaks Messages and Responses only."};
    const protocol::Dialect& dialect = protocol::dialectFor(api);
    const auto request = dialect.parseRequest(head.target, body);
    if (!request)
        return request.error();
    asked.form = request->stream ? ReplyForm::Streamed : ReplyForm::Whole;
    for (const conversation::Span& span : request->messages) {
        Message message;
        message.role = dialect.parseMessage(std::string_view(body).substr(span.offset, span.length), message.blocks);
        asked.conversation.push_back(std::move(message));
    }
    return asked;
}
} // namespace

Provider::Provider(std::chrono::milliseconds pace)
    : m_pace(pace)
    , m_server(this)
    , m_runMark(QByteArray::number(QRandomGenerator::system()->generate64(), 16).toStdString())
{
    connect(&m_server, &QTcpServer::newConnection, this, &Provider::accept);
}

Result<std::uint16_t> Provider::listen()
{
    if (!m_server.listen(QHostAddress::LocalHost))
        return Error{.code = ErrorCode::Io,
                     .message = "the demo's provider cannot listen: " + m_server.errorString().toStdString()};
    return m_server.serverPort();
}

void Provider::accept()
{
    while (QTcpSocket* socket = m_server.nextPendingConnection()) {
        if (findChildren<ProviderConnection*>(Qt::FindDirectChildrenOnly).size() >= kMaxConnections) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        auto* connection = new ProviderConnection(socket, m_pace, this);
        connect(connection, &ProviderConnection::requested, this, [this, connection] {
            const auto asked = readRequest(connection->head(), connection->body());
            if (!asked)
                return connection->answer(400, R"({"error":{"message":"the demo's provider cannot read this"}})");
            const ModelTurn turn = nextTurn(asked->conversation);
            const std::string mark = m_runMark + std::to_string(++m_replies);
            Q_EMIT answering(turn);
            if (asked->form == ReplyForm::Streamed)
                connection->answer(asked->format->replyEvents(turn, mark));
            else
                connection->answer(200, asked->format->replyBody(turn, mark));
        });
    }
}

} // namespace luthien::demo
