// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "protocol/http_message.h"

#include <QByteArray>
#include <QTcpSocket>
#include <QTimer>

#include <chrono>
#include <string>
#include <vector>

namespace luthien::demo {

/// One client of the provider: a request at a time, each answered in pieces. Deletes itself when the socket closes.
/// Thread: the provider's.
class ProviderConnection : public QObject
{
    Q_OBJECT
public:
    /// Takes the socket over.
    ProviderConnection(QTcpSocket* socket, std::chrono::milliseconds pace, QObject* parent);

    /// The request to be answered; valid from requested() until the answer.
    [[nodiscard]] const protocol::RequestHead& head() const noexcept { return m_reader.head(); }
    [[nodiscard]] const std::string& body() const noexcept { return m_body; }

    void answer(unsigned status, std::string_view json);
    /// Sends the events one by one.
    void answer(std::vector<std::string> events);

Q_SIGNALS:
    void requested();

private:
    enum class State : std::uint8_t { Reading, Answering, Streaming };

    void read();
    void takeStep(const protocol::ReadStep& step);
    void sendNext();
    void endAnswer();
    void send(std::string_view bytes);

    QTcpSocket* m_socket; ///< a child of this object
    QTimer m_next;
    protocol::RequestReader m_reader;
    QByteArray m_unread;
    std::string m_body;
    std::vector<std::string> m_events;
    std::size_t m_sent = 0; ///< of m_events
    State m_state = State::Reading;
};

} // namespace luthien::demo
