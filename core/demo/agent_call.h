// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "conversation/api.h"
#include "conversation/response.h"
#include "protocol/dialect.h"
#include "protocol/http_message.h"
#include "protocol/sse_parser.h"
#include "proxy/config.h"

#include <QByteArray>
#include <QTcpSocket>
#include <QTimer>

#include <memory>
#include <string>

namespace luthien::demo {

/// Where the agent sends its calls.
struct AgentAddress
{
    std::string url;         ///< "http://127.0.0.1:4000/demo"
    std::string clientToken; ///< empty = none is required
};

/// One call of the agent: a POST and the reply to it, streamed or whole, over a connection of its own. Exactly one of
/// the signals comes, once. Thread: the one that made it, which runs an event loop.
class AgentCall : public QObject
{
    Q_OBJECT
public:
    AgentCall(conversation::Api api, QObject* parent);
    ~AgentCall() override;

    void send(const AgentAddress& address, const std::string& session, std::string_view path, const std::string& body);

Q_SIGNALS:
    void replied(const luthien::conversation::Response& response);
    /// Unavailable (nobody there, cut, an error reply), InvalidInput, TooLarge, Timeout.
    void failed(const luthien::Error& error);

private:
    [[nodiscard]] std::string requestHead(const AgentAddress& address, const proxy::BaseUrl& url,
                                          const std::string& session, std::string_view path) const;
    void read();
    void takeStep(const protocol::ReadStep& step);
    void takeBody(std::string_view body);
    void takeEvents(std::string_view input);
    void takeEvent(const protocol::SseEvent& event);
    void closed();
    void finish();
    void fail(ErrorCode code, std::string message);

    conversation::Api m_api;
    QTcpSocket m_socket;
    QTimer m_patience;
    std::string m_request;
    QByteArray m_unread;
    protocol::ResponseReader m_reader;
    protocol::SseParser m_sse;
    std::unique_ptr<protocol::StreamDecoder> m_decoder; ///< null = a whole reply
    conversation::ResponseAssembler m_assembler;
    std::string m_body;
    std::size_t m_size = 0;
    bool m_isOver = false;
};

} // namespace luthien::demo
